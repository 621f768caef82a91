"""Hold the bot's requests against Discord's OpenAPI file.

`DISCORD_OPENAPI` names the file; without it nothing is validated and the report says so. `OPENAPI_REPORT`
names a file
for the counts by route.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from playground import RequestRecord

FILE_VARIABLE = "DISCORD_OPENAPI"
REPORT_VARIABLE = "OPENAPI_REPORT"
METHODS = frozenset({"get", "put", "post", "patch", "delete"})
ORIGINAL = "@original"
BITS = ("allow", "deny", "permissions")
IN_THE_ADDRESS = {"PUT /guilds/{guild_id}/bans/{user_id}": {"delete_message_seconds"}}
"""Fields of a body that discord.py sends in the address, where Discord takes them as well."""

counts: Counter[str] = Counter()


def _kinds(schema: Any, components: dict[str, Any]) -> frozenset[int] | None:
    """Return which values of `type` a branch allows, or None when it does not say."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[-1]]
    listed = schema.get("properties", {}).get("type", {}).get("enum")
    return None if listed is None else frozenset(listed)


def _choose(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Apply `oneOf` and `anyOf`, but go straight to the branch that `type` names.

    Far faster, and clearer faults.
    """
    kind = instance.get("type") if isinstance(instance, dict) else None
    if isinstance(kind, int):
        components = validator.COMPONENTS
        fitting = [branch for branch in branches if kind in (_kinds(branch, components) or ())]
        if len(fitting) == 1:
            yield from validator.descend(instance, fitting[0])
            return
    yield from Draft202012Validator.VALIDATORS["anyOf"](validator, branches, instance, schema)


class Validator:
    """Discord's OpenAPI file, ready to judge requests."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._paths = document["paths"]
        self._components = document["components"]
        schemas = self._components["schemas"]
        snowflake = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
        # Discord's reference takes ids as numbers too, and discord.py sends some so; answers have texts only.
        self._lenient = self._components | {"schemas": schemas | {"SnowflakeType": snowflake}}
        self._by_shape = {_shape(path): path for path in self._paths}
        self._class = extend(Draft202012Validator, {"oneOf": _choose, "anyOf": _choose})
        self._class.COMPONENTS = self._components["schemas"]
        self._seen: dict[str, list[str]] = {}

    def faults(self, record: RequestRecord) -> Iterator[str]:
        """Yield what is wrong with one request, each as a line; counts the request."""
        template = self._by_shape.get(_shape(record.route))
        operation = None if template is None else self._paths[template].get(record.method.lower())
        if template is None or operation is None:
            yield f"{record.method} {record.route}: no such route"
            return
        counts[f"{record.method} {template}"] += 1
        name = f"{record.method} {template}"
        yield from self._query_faults(name, operation, record)
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            if record.body is not None:
                schema = content["application/json"]["schema"]
                yield from self._schema_faults(name, schema, record.body, self._lenient)
        elif record.body is not None:
            yield f"{name}: takes no body"

    def answer_faults(self, method: str, template: str, status: int, answer: Any) -> Iterator[str]:
        """Yield what is wrong with an answer of the local Discord."""
        responses = self._paths[template][method.lower()]["responses"]
        schema = responses[str(status)]["content"]["application/json"]["schema"]
        yield from self._schema_faults(f"answer of {method} {template}", schema, answer, self._components)

    def _schema_faults(
        self, name: str, schema: dict[str, Any], instance: Any, components: dict[str, Any]
    ) -> list[str]:
        """Return what is wrong with a value; the same value of the same route is judged once."""
        key = f"{name} {json.dumps(instance, sort_keys=True)}"
        if key not in self._seen:
            whole = schema | {"components": components}
            errors = self._class(whole).iter_errors(instance)
            self._seen[key] = [
                f"{name}: {error.json_path}: {error.message[:300]}"
                for error in errors
                if components is not self._lenient or not _is_of_bits(error)
            ]
        return self._seen[key]

    def _query_faults(self, name: str, operation: dict[str, Any], record: RequestRecord) -> Iterator[str]:
        known = {entry["name"] for entry in operation.get("parameters") or () if entry.get("in") == "query"}
        for parameter in record.query.keys() - known - IN_THE_ADDRESS.get(name, set()):
            yield f"{name}: no query parameter {parameter}"


def _is_of_bits(error: ValidationError) -> bool:
    """Tell whether an error is about permissions written as a text, as Discord's reference wants them."""
    of_bits = bool(error.path) and error.path[-1] in BITS
    return of_bits and isinstance(error.instance, str) and error.instance.isdecimal()


def _shape(path: str) -> str:
    """Return a path with every parameter alike, since names differ."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@lru_cache(maxsize=1)
def load_validator() -> Validator | None:
    """Return the validator, or None where `DISCORD_OPENAPI` names no file."""
    path = os.environ.get(FILE_VARIABLE)
    return Validator(json.loads(Path(path).read_text("utf-8"))) if path else None


def write_report(write_line: Callable[[str], None]) -> None:
    """Say how many requests were validated, by route, and write it to the report's file."""
    if load_validator() is None:
        write_line(f"Requests were not held against Discord's OpenAPI file: {FILE_VARIABLE} names none.")
        return
    total = counts.total()
    write_line(f"{total} requests held against Discord's OpenAPI file:")
    for route, number in sorted(counts.items()):
        write_line(f"  {number:6} {route}")
    if report := os.environ.get(REPORT_VARIABLE):
        Path(report).write_text(
            json.dumps({"total": total, "routes": counts}, indent=2, sort_keys=True), "utf-8"
        )
