"""What every REST route has in common.

Its token, its body, its faults, its record, and errors in Discord's shape.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from playground.api.errors import ApiError, answer_to, bad_body, no_route, unauthorized, wrong_method
from playground.api.log import RequestLog, RequestRecord
from playground.api.rates import Rates
from playground.faults import Faults, RequestFault
from playground.redirect import API_PATH, VERSION
from playground.refused import Json, Refused
from playground.schema.forms import check, invalid_form, is_snowflake, record, strict, whole
from playground.schema.message import Upload
from playground.world.events import Hub, StatusEvent
from playground.world.world import World

log = logging.getLogger(__name__)

PREFIX = API_PATH + VERSION
BODY_BYTES = 110 * 1024 * 1024
FILE_FIELD = re.compile(r"files\[(\d{1,2})\]")
RATE_HEADERS = {
    # Generous, so that discord.py sends in parallel; 429s come from Faults and, where it is on, from Rates.
    "X-RateLimit-Limit": "1000",
    "X-RateLimit-Remaining": "999",
    "X-RateLimit-Reset-After": "1",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read and checked. `path` holds the ids of the route by their names in its template.

    `reason` is what the server's log is to say of it.
    """

    path: dict[str, str]
    query: dict[str, str]
    body: Any
    uploads: Sequence[Upload] = ()
    reason: str | None = None

    def id(self, name: str) -> int:
        """Return an id of the path."""
        return int(self.path[name])

    def query_id(self, name: str) -> int | None:
        """Return an id of the address, if it is there. Raises Refused."""
        if name not in self.query:
            return None
        _check_id(name, self.query[name])
        return int(self.query[name])

    def query_moment(self, name: str) -> datetime | None:
        """Return a moment of the address, if it is there, with its offset. Raises Refused."""
        if name not in self.query:
            return None
        try:
            found = datetime.fromisoformat(self.query[name])
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            sentence = f"Could not parse {self.query[name]}. Should be ISO8601."
            raise invalid_form((name,), "DATE_TIME_TYPE_PARSE", sentence)
        return found

    def limit(self, default: int, most: int, *, least: int = 1) -> int:
        """Return how long a page is to be. Raises Refused."""
        given = self.query.get("limit", str(default))
        limit = int(given) if given.isdecimal() else given
        check(record({"limit": whole(least, most)}, {}), {"limit": limit})
        return int(limit)

    def flag(self, name: str) -> bool:
        """Whether the address asks for something."""
        return self.query.get(name, "").lower() in ("1", "true")


Answer = tuple[int, Any]
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """A route of Discord's API; `open` ones carry their authority in the path."""

    method: str
    template: str
    handler: Handler
    open: bool = False


@dataclass(slots=True)
class Api:
    """Registers routes and answers requests to them.

    A `strict` one refuses fields that Discord does not know.
    """

    world: World
    hub: Hub
    faults: Faults
    rates: Rates
    strict: bool = False
    log: RequestLog = field(default_factory=RequestLog)
    _paths: list[re.Pattern[str]] = field(default_factory=list)

    def register(self, app: web.Application, routes: Sequence[Route]) -> None:
        """Add all routes at once: where a word and an id may stand, the word comes first."""
        for route in sorted(routes, key=lambda route: route.template.split("/")):
            path = PREFIX + re.sub(r"\{(\w+)\}", r"{\1:[^/]+}", route.template)
            app.router.add_route(route.method, path, self._entry(route))
            self._paths.append(re.compile(PREFIX + re.sub(r"\{\w+\}", "[^/]+", route.template)))

    def refuse_the_rest(self, app: web.Application) -> None:
        """Answer every other path of the API as Discord would; comes after all routes."""
        app.router.add_route("*", "/api/{rest:.*}", self._unknown)

    def _entry(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def entry(request: web.Request) -> web.Response:
            record = self._record(request, route.template)
            return await self._answer(request, route, record)

        return entry

    async def _unknown(self, request: web.Request) -> web.Response:
        record = self._record(request, request.path.removeprefix(PREFIX))
        log.warning("%s %s is not a route of the playground", request.method, request.path)
        known = any(pattern.fullmatch(request.path) for pattern in self._paths)
        return self._refuse(record, wrong_method() if known else no_route())

    def _record(self, request: web.Request, template: str) -> RequestRecord:
        record = RequestRecord(
            request.method,
            template,
            request.path.removeprefix(PREFIX),
            dict(request.match_info),
            dict(request.query),
            self.world.clock.now(),
        )
        self.log.add(record)
        return record

    async def _answer(self, request: web.Request, route: Route, record: RequestRecord) -> web.Response:
        strict.set(self.strict)
        try:
            return await self._serve(request, route, record)
        except ApiError as error:
            return self._refuse(record, error)
        except Refused as refused:
            return self._refuse(record, answer_to(refused))

    async def _serve(self, request: web.Request, route: Route, record: RequestRecord) -> web.Response:
        call = await _read(request, record)
        await self.faults.delay(record.method, route.template, "before")
        fault = self.faults.failure(record.method, route.template, "before")
        if fault is not None:
            return self._fail(record, fault)
        if not route.open and request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise unauthorized()
        _check_ids(call.path)
        fault = self.rates.refusal(record.method, route.template, call.path)
        if fault is not None:
            return self._fail(record, fault)
        status, answer = await route.handler(call)
        await self.faults.delay(record.method, route.template, "after")
        fault = self.faults.failure(record.method, route.template, "after")
        if fault is not None:
            return self._fail(record, fault)
        record.status, record.answer = status, answer
        self.hub.publish(StatusEvent("request"))
        rates = self.rates.headers(record.method, route.template, call.path)
        return _response(status, answer, RATE_HEADERS | rates)

    def _refuse(self, record: RequestRecord, error: ApiError) -> web.Response:
        record.status, record.code, record.answer = error.status, error.code, error.body()
        self.hub.publish(StatusEvent("request"))
        answer = error.body() | ({"retry_after": 1.0} if error.status == 429 else {})
        return _response(
            error.status, answer, RATE_HEADERS | ({"Via": "1.1 playground"} if error.status == 429 else {})
        )

    def _fail(self, record: RequestRecord, fault: RequestFault) -> web.Response:
        answer = ApiError(fault.status, fault.code, fault.message).body()
        headers: dict[str, str] = {}
        if fault.status == 429:
            answer = {
                "message": fault.message,
                "retry_after": fault.retry_after,
                "global": fault.everywhere,
            }
            headers = {"Via": "1.1 playground", "Retry-After": str(fault.retry_after)}
            headers |= {"X-RateLimit-Global": "true"} if fault.everywhere else {"X-RateLimit-Scope": "user"}
        record.status, record.code, record.answer = fault.status, fault.code, answer
        self.hub.publish(StatusEvent("faults"))
        return _response(fault.status, answer, headers)


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    if status == 204:
        return web.Response(status=status, headers=headers)
    # Set as a header, because aiohttp would add a charset, which discord.py does not accept.
    return web.Response(
        status=status, body=orjson.dumps(answer), headers=headers | {"Content-Type": "application/json"}
    )


def _check_ids(path: dict[str, str]) -> None:
    for name, value in path.items():
        if name.endswith("_id"):
            _check_id(name, value)


def _check_id(name: str, value: str) -> None:
    if not is_snowflake(value):
        raise invalid_form((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


async def _read(request: web.Request, record: RequestRecord) -> Call:
    body: Any = None
    uploads: list[Upload] = []
    if request.content_type == "multipart/form-data":
        body, uploads = await _read_multipart(request)
    elif request.can_read_body:
        raw = await request.read()
        if raw:
            if request.content_type != "application/json":
                raise bad_body()
            body = _decode(raw)
    record.body = body
    record.files = [upload.filename for upload in uploads]
    reason = unquote(request.headers.get("X-Audit-Log-Reason", ""))
    return Call(dict(request.match_info), dict(request.query), body, uploads, reason or None)


async def _read_multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    body: Any = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise bad_body()
        if part.name == "payload_json":
            body = _decode(await part.read())
        elif (named := FILE_FIELD.fullmatch(part.name or "")) is not None:
            content = bytes(await part.read())
            uploads.append(Upload(int(named[1]), part.filename or "unknown", content))
        else:
            raise invalid_form((str(part.name),), "UNKNOWN_FIELD", "Discord knows no such field here")
    return body, uploads


def _decode(raw: bytes | bytearray) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None


def as_object(body: Any) -> Json:
    """Return a body that has to be an object; raises ApiError."""
    if not isinstance(body, dict):
        raise bad_body()
    return body
