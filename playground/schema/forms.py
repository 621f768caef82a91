"""Small checkers that compose into Discord's forms and collect every fault with its path.

A checker is a function of the form, the path and the value. Discord drops unknown fields in silence, and so
does a lenient check. A strict one refuses them (`UNKNOWN_FIELD`), as a test of one's bot wants it.
"""

from collections.abc import Callable, Container, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from playground.refused import Json, Reason, Refused

SNOWFLAKE_DIGITS = 20
MOMENT_LENGTH = 64
strict: ContextVar[bool] = ContextVar("strict", default=True)
"""Whether a field that Discord does not know is refused; the API sets it for each request."""

Path = tuple[str | int, ...]
Check = Callable[["Form", Path, Any], None]


class Form:
    """The faults of one request's body."""

    def __init__(self) -> None:
        self._errors: Json = {}
        self.count = 0

    def fault(self, path: Path, code: str, message: str) -> None:
        """Note one fault at `path`."""
        self.count += 1
        node = self._errors
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def refusal(self) -> Refused:
        """Return the refusal with all the faults that were found."""
        return Refused(Reason.INVALID_FORM, errors=self._errors)

    def raise_if_faulty(self) -> None:
        """Raise Refused with all the faults that were found, if any."""
        if self._errors:
            raise self.refusal()


def invalid_form(path: Path, code: str, message: str) -> Refused:
    """Return the refusal of a form with one fault."""
    form = Form()
    form.fault(path, code, message)
    return form.refusal()


def check(checker: Check, value: Any) -> None:
    """Run one checker over a whole body and raise its faults."""
    form = Form()
    checker(form, (), value)
    form.raise_if_faulty()


def anything(_form: Form, _path: Path, _value: Any) -> None:
    """Accept any value: Discord knows the field, but this playground does not check it."""


def text(low: int, high: int) -> Check:
    """Return a check for a text of `low` to `high` characters."""

    def checker(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str):
            form.fault(path, "STRING_TYPE_CONVERT", "Must be a string.")
        elif low and not low <= len(value) <= high:
            form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        elif len(value) > high:
            form.fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")

    return checker


def whole(low: int, high: int) -> Check:
    """Return a check for a whole number from `low` to `high`."""

    def checker(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < low:
            form.fault(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif value > high:
            form.fault(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")

    return checker


def number(form: Form, path: Path, value: Any) -> None:
    """Check a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def boolean(form: Form, path: Path, value: Any) -> None:
    """Check for true or false."""
    if not isinstance(value, bool):
        form.fault(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def address(low: int, high: int, *schemes: str) -> Check:
    """Return a check for a web address, or one with a further scheme; it may be empty if `low` is 0."""
    known = tuple(f"{scheme}://" for scheme in ("http", "https", *schemes))

    def checker(form: Form, path: Path, value: Any) -> None:
        text(low, high)(form, path, value)
        if isinstance(value, str) and value and not value.lower().startswith(known):
            form.fault(path, "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of {', '.join(known)}")

    return checker


def moment(form: Form, path: Path, value: Any) -> None:
    """Check a moment as ISO 8601 writes it."""
    text(0, MOMENT_LENGTH)(form, path, value)
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            form.fault(path, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def is_snowflake(value: object) -> bool:
    """Whether a value can be an id; both numbers and their decimal text are taken."""
    if isinstance(value, str):
        plain = value.isascii() and value.isdigit() and len(value) <= SNOWFLAKE_DIGITS
        return plain and int(value) < 1 << 64
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64


def snowflake(form: Form, path: Path, value: Any) -> None:
    """Check an id."""
    if not is_snowflake(value):
        form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def choice(allowed: Container[Any]) -> Check:
    """Return a check for one of a few values."""

    def checker(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool | list | dict) or value not in allowed:
            form.fault(path, "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")

    return checker


def listing(item: Check, low: int, high: int) -> Check:
    """Return a check for a list of `low` to `high` items."""

    def checker(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, list):
            form.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not low <= len(value) <= high:
            form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        for index, entry in enumerate(value):
            item(form, (*path, index), entry)

    return checker


def record(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """Return a check for an object of these fields; an optional one may also be null.

    Others are refused, or taken out of the object if the check is lenient.
    """

    def checker(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.fault(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for name in required:
            if value.get(name) is None:
                form.fault((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
        for name, entry in tuple(value.items()):
            field = required.get(name) or optional.get(name)
            if field is None and not strict.get():
                del value[name]
            elif field is None:
                form.fault((*path, name), "UNKNOWN_FIELD", "Discord knows no such field here")
            elif entry is not None:
                field(form, (*path, name), entry)

    return checker


def union(kinds: Mapping[int, Check]) -> Check:
    """Return a check for an object whose `type` chooses among several forms."""

    def checker(form: Form, path: Path, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, int) or kind not in kinds:
            allowed = ", ".join(map(str, kinds))
            form.fault(
                (*path, "type"), "UNION_TYPE_CHOICES", f"Value of field type must be one of ({allowed})."
            )
        else:
            kinds[kind](form, path, value)

    return checker


def both(*checks: Check) -> Check:
    """Return a check that runs several in order."""

    def checker(form: Form, path: Path, value: Any) -> None:
        for one in checks:
            one(form, path, value)

    return checker
