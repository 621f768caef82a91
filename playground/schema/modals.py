"""Modals: the form of one that the bot opens, and the checks of what a person fills in.

Source: Discord's documentation, Components / Reference and Interactions / Receiving and Responding (Modal).
"""

from typing import Any

from playground.refused import Json
from playground.schema import limits
from playground.schema.components import (
    CHANNEL_SELECT,
    CUSTOM_ID,
    ENTITY_SELECT,
    IDENTITY,
    KIND,
    SELECTS,
    STRING_SELECT,
    TEXT_DISPLAY,
    ComponentKind,
    check_unique_ids,
    walk,
)
from playground.schema.forms import Check, Form, Path, boolean, both, listing, record, text, union, whole


def _input_rules(form: Form, path: Path, value: Any) -> None:
    if not isinstance(value, dict):
        return
    low, high, filled = value.get("min_length"), value.get("max_length"), value.get("value")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        form.fault((*path, "min_length"), "BASE_TYPE_BAD_LENGTH", "min_length is above max_length")
    if isinstance(filled, str) and isinstance(high, int) and len(filled) > high:
        form.fault((*path, "value"), "BASE_TYPE_BAD_LENGTH", "The value is longer than max_length")


TEXT_INPUT = both(
    record(
        KIND | CUSTOM_ID | {"style": whole(1, 2)},
        IDENTITY
        | {
            "label": text(1, limits.LABEL_LENGTH),
            "value": text(0, limits.TEXT_INPUT_LENGTH),
            "placeholder": text(0, limits.TEXT_INPUT_PLACEHOLDER_LENGTH),
            "required": boolean,
            "min_length": whole(0, limits.TEXT_INPUT_LENGTH),
            "max_length": whole(1, limits.TEXT_INPUT_LENGTH),
        },
    ),
    _input_rules,
)
GROUP_OPTION = record(
    {"label": text(1, limits.SELECT_PART_LENGTH), "value": text(1, limits.SELECT_PART_LENGTH)},
    {"description": text(0, limits.SELECT_PART_LENGTH), "default": boolean},
)
REQUIRED: dict[str, Check] = IDENTITY | {"required": boolean}
FILE_UPLOAD = record(
    KIND | CUSTOM_ID,
    REQUIRED
    | {"min_values": whole(0, limits.UPLOADS_IN_MODAL), "max_values": whole(1, limits.UPLOADS_IN_MODAL)},
)
RADIO_GROUP = record(
    KIND | CUSTOM_ID | {"options": listing(GROUP_OPTION, 2, limits.CHOICE_GROUP_OPTIONS)}, REQUIRED
)
CHECKBOX_GROUP = record(
    KIND | CUSTOM_ID | {"options": listing(GROUP_OPTION, 1, limits.CHOICE_GROUP_OPTIONS)},
    REQUIRED
    | {
        "min_values": whole(0, limits.CHOICE_GROUP_OPTIONS),
        "max_values": whole(1, limits.CHOICE_GROUP_OPTIONS),
    },
)
CHECKBOX = record(KIND | CUSTOM_ID, IDENTITY | {"default": boolean})


def _input_in_label(form: Form, path: Path, value: Any) -> None:
    TEXT_INPUT(form, path, value)
    if isinstance(value, dict) and value.get("label") is not None:
        form.fault(
            (*path, "label"),
            "TEXT_INPUT_LABEL_NOT_ALLOWED",
            "A text input in a label has no label of its own",
        )


def _input_in_row(form: Form, path: Path, value: Any) -> None:
    TEXT_INPUT(form, path, value)
    if isinstance(value, dict) and value.get("label") is None:
        form.fault((*path, "label"), "BASE_TYPE_REQUIRED", "This field is required")


LABEL = record(
    KIND
    | {
        "label": text(1, limits.LABEL_LENGTH),
        "component": union(
            {
                ComponentKind.STRING_SELECT: STRING_SELECT,
                ComponentKind.TEXT_INPUT: _input_in_label,
                ComponentKind.USER_SELECT: ENTITY_SELECT,
                ComponentKind.ROLE_SELECT: ENTITY_SELECT,
                ComponentKind.MENTIONABLE_SELECT: ENTITY_SELECT,
                ComponentKind.CHANNEL_SELECT: CHANNEL_SELECT,
                ComponentKind.FILE_UPLOAD: FILE_UPLOAD,
                ComponentKind.RADIO_GROUP: RADIO_GROUP,
                ComponentKind.CHECKBOX_GROUP: CHECKBOX_GROUP,
                ComponentKind.CHECKBOX: CHECKBOX,
            }
        ),
    },
    IDENTITY | {"description": text(1, limits.LABEL_DESCRIPTION_LENGTH)},
)
INPUT_ROW = record(
    KIND | {"components": listing(union({ComponentKind.TEXT_INPUT: _input_in_row}), 1, 1)}, IDENTITY
)
MODAL = record(
    {
        "custom_id": text(1, limits.CUSTOM_ID_LENGTH),
        "title": text(1, limits.MODAL_TITLE_LENGTH),
        "components": listing(
            union(
                {
                    ComponentKind.LABEL: LABEL,
                    ComponentKind.TEXT_DISPLAY: TEXT_DISPLAY,
                    ComponentKind.ACTION_ROW: INPUT_ROW,
                }
            ),
            1,
            limits.MODAL_PARTS,
        ),
    },
    {},
)


def check_modal(form: Form, path: Path, modal: Any) -> None:
    """Check a modal's form and, once that holds, that no id comes twice."""
    before = form.count
    MODAL(form, path, modal)
    if form.count == before:
        check_unique_ids(form, [((*path, *where), part) for where, part in walk(modal["components"])])


def refuse_modal(modal: Any) -> None:
    """Raise Refused with every fault that Discord would find in a modal."""
    form = Form()
    check_modal(form, (), modal)
    form.raise_if_faulty()


def filled_in(modal: Json, fields: Json) -> list[Json]:
    """Return the submitted components of a modal.

    `fields` holds a text, a list of values or a flag by `custom_id`.

    Raises ValueError with a sentence where Discord's client would not let the person submit.
    """
    known = {part["custom_id"] for _, part in walk(modal["components"]) if "custom_id" in part}
    if unknown := fields.keys() - known:
        raise ValueError(f"This form has no field {min(unknown)}.")
    submitted = []
    for part in modal["components"]:
        shell = {"type": part["type"], "id": part["id"]}
        match part["type"]:
            case ComponentKind.LABEL:
                shell["component"] = _answer(part["component"], part["label"], fields)
            case ComponentKind.ACTION_ROW:
                shell["components"] = [_answer(child, child["label"], fields) for child in part["components"]]
        submitted.append(shell)
    return submitted


def _answer(part: Json, label: str, fields: Json) -> Json:
    answer: Json = {"type": part["type"], "id": part["id"], "custom_id": part["custom_id"]}
    given = fields.get(part["custom_id"])
    required = part.get("required", True)
    match part["type"]:
        case ComponentKind.TEXT_INPUT:
            answer["value"] = _typed(part, label, "" if given is None else given, required=required)
        case ComponentKind.CHECKBOX:
            answer["value"] = bool(given)
        case ComponentKind.RADIO_GROUP:
            values = _picked(part, label, [] if given is None else [given], required=required)
            answer["value"] = values[0] if values else None
        case _:
            values = [] if given is None else [given] if isinstance(given, str) else list(given)
            answer["values"] = _picked(part, label, values, required=required)
    return answer


def _typed(part: Json, label: str, value: object, *, required: bool) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{label} takes a text.")  # noqa: TRY004 (a sentence to the person)
    low = part.get("min_length") or 0
    high = part.get("max_length") or limits.TEXT_INPUT_LENGTH
    if required and not value:
        raise ValueError(f"{label} cannot be empty.")
    if value and not low <= len(value) <= high:
        raise ValueError(f"{label} takes {low} to {high} characters.")
    return value


def _picked(part: Json, label: str, values: list[Any], *, required: bool) -> list[str]:
    grouped = part["type"] == ComponentKind.CHECKBOX_GROUP
    least = part.get("min_values")
    low = 0 if not required else 1 if least is None else least
    high = part.get("max_values") or (len(part.get("options", [])) if grouped else 1)
    if not low <= len(values) <= high:
        raise ValueError(f"{label} takes {low} to {high} choices.")
    check_picks(part, values)
    return [str(value) for value in values]


def check_picks(part: Json, values: list[Any]) -> None:
    """Raise ValueError when a value is not among a component's options, or comes twice."""
    options = {option["value"] for option in part.get("options") or ()}
    if (
        part["type"] not in SELECTS - {ComponentKind.STRING_SELECT}
        and "options" in part
        and not options.issuperset(values)
    ):
        raise ValueError("This is not among the options.")
    if len(set(values)) != len(values):
        raise ValueError("An option can be chosen once.")
