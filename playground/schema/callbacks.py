"""First responses to interactions: which kind may answer which, and what form each has.

Source: Discord's documentation, Interactions / Receiving and Responding.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import Check, Form, anything, check, listing, number, record, text, whole
from playground.schema.message import (
    EDIT,
    EDITABLE,
    RESPONDABLE,
    RESPONSE,
    Before,
    MessageFlag,
    Upload,
    check_message,
)
from playground.schema.modals import check_modal


class Kind(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Callback(IntEnum):
    """Types of a first response."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


ANSWERS: dict[Kind, frozenset[Callback]] = {
    Kind.COMMAND: frozenset({Callback.MESSAGE, Callback.DEFERRED_MESSAGE, Callback.MODAL}),
    Kind.COMPONENT: frozenset(
        {
            Callback.MESSAGE,
            Callback.DEFERRED_MESSAGE,
            Callback.DEFERRED_UPDATE,
            Callback.UPDATE,
            Callback.MODAL,
        }
    ),
    Kind.AUTOCOMPLETE: frozenset({Callback.AUTOCOMPLETE}),
    Kind.MODAL_SUBMIT: frozenset({Callback.MESSAGE, Callback.DEFERRED_MESSAGE}),
}
UPDATES = frozenset({Callback.DEFERRED_UPDATE, Callback.UPDATE})
FORM = record({"type": whole(1, 99)}, {"data": anything})
DEFERRAL = record({}, {"flags": whole(0, 2**53), "tts": anything})


def read_callback(kind: Kind, body: Any, *, from_message: bool) -> Callback:
    """Return what a first response is. Raises Refused when it does not fit the kind of interaction."""
    check(FORM, body)
    allowed = set(ANSWERS[kind])
    if kind is Kind.MODAL_SUBMIT and from_message:
        allowed |= UPDATES
    if body["type"] not in allowed:
        form = Form()
        choices = ", ".join(str(int(one)) for one in sorted(allowed))
        form.fault(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}}.")
        form.raise_if_faulty()
    return Callback(body["type"])


def check_callback(
    callback: Callback, data: Any, uploads: Sequence[Upload], asked: Json, source: Before | None
) -> None:
    """Check a first response's data; `asked` is the interaction's, `source` the message that it came from.

    Raises Refused.
    """
    form = Form()
    match callback:
        case Callback.MESSAGE:
            check_message(RESPONSE, data, uploads, RESPONDABLE, path=("data",))
        case Callback.UPDATE if source is not None:
            check_edit(source, data, uploads, ("data",))
        case Callback.DEFERRED_MESSAGE:
            DEFERRAL(form, ("data",), data)
            if isinstance(data, dict) and (data.get("flags") or 0) & ~MessageFlag.EPHEMERAL:
                form.fault(("data", "flags"), "MESSAGE_FLAGS_NOT_ALLOWED", "Only EPHEMERAL can be set here")
        case Callback.AUTOCOMPLETE:
            choice = record(
                {"name": text(1, limits.CHOICE_LENGTH), "value": _completion_value(asked)},
                {"name_localizations": anything},
            )
            record({}, {"choices": listing(choice, 0, limits.COMPLETIONS)})(form, ("data",), data)
        case Callback.MODAL:
            check_modal(form, ("data",), data)
    form.raise_if_faulty()


def check_edit(before: Before, data: Any, uploads: Sequence[Upload], path: tuple[str, ...] = ()) -> None:
    """Check an edit through an interaction. Raises Refused."""
    # An edit may repeat EPHEMERAL, which then changes nothing.
    check_message(EDIT, data, uploads, EDITABLE | MessageFlag.EPHEMERAL, before=before, path=path)


def _completion_value(data: Json) -> Check:
    """Return what the values of completions have to be: a text, or a number for a numeric option."""
    option = focused_option(data)
    return text(0, limits.CHOICE_LENGTH) if option is None or option["type"] == 3 else number


def focused_option(data: Json) -> Json | None:
    """Return the option that is being typed in an autocomplete interaction."""
    for option in data.get("options") or ():
        if option.get("focused"):
            return dict(option)
        if (nested := focused_option(option)) is not None:
            return nested
    return None
