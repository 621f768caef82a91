"""The components of a message: their forms, their sums, and the shape in which Discord hands them back.

Source of every rule: Discord's documentation, Components / Reference.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any

from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import (
    Check,
    Form,
    Path,
    address,
    boolean,
    both,
    choice,
    listing,
    record,
    snowflake,
    text,
    union,
    whole,
)

ATTACHMENT_SCHEME = "attachment://"
INT32 = 2**31 - 1


class ComponentKind(IntEnum):
    """Discord's component types."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(range(ComponentKind.STRING_SELECT, ComponentKind.CHANNEL_SELECT + 1)) - {
    ComponentKind.TEXT_INPUT
}
LINK_STYLE = 5
PREMIUM_STYLE = 6
IDENTITY: dict[str, Check] = {"id": whole(0, INT32)}
KIND: dict[str, Check] = {"type": whole(1, 99)}
CUSTOM_ID: dict[str, Check] = {"custom_id": text(1, limits.CUSTOM_ID_LENGTH)}


def is_emoji(name: str) -> bool:
    """Whether a text is an emoji of Unicode, as far as its characters' categories tell."""
    pictured = any(unicodedata.category(char) in {"So", "Sk", "Me"} for char in name)
    return pictured and len(name) <= limits.EMOJI_LENGTH and not any(char.isalpha() for char in name)


def _emoji(form: Form, path: Path, value: Any) -> None:
    record({}, {"id": snowflake, "name": text(0, limits.EMOJI_LENGTH), "animated": boolean})(
        form, path, value
    )
    if isinstance(value, dict) and value.get("id") is None and not is_emoji(str(value.get("name") or "")):
        form.fault((*path, "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def _button_rules(form: Form, path: Path, value: Any) -> None:
    if not isinstance(value, dict):
        return
    style = value.get("style")
    wanted = "url" if style == LINK_STYLE else "sku_id" if style == PREMIUM_STYLE else "custom_id"
    for name in ("custom_id", "url", "sku_id"):
        present = value.get(name) is not None
        if present != (name == wanted):
            kind = "REQUIRED" if name == wanted else "NOT_ALLOWED"
            form.fault(
                (*path, name), f"BUTTON_COMPONENT_{name.upper()}_{kind}", f"{name} does not fit this style"
            )
    if style != PREMIUM_STYLE and not value.get("label") and not value.get("emoji"):
        form.fault(path, "BUTTON_COMPONENT_EMPTY", "A button needs a label or an emoji")


BUTTON = both(
    record(
        KIND | {"style": whole(1, 6)},
        IDENTITY
        | CUSTOM_ID
        | {
            "label": text(0, limits.BUTTON_LABEL_LENGTH),
            "emoji": _emoji,
            "url": address(1, limits.BUTTON_URL_LENGTH, "discord"),
            "sku_id": snowflake,
            "disabled": boolean,
        },
    ),
    _button_rules,
)

SELECT_COMMON: dict[str, Check] = IDENTITY | {
    "placeholder": text(0, limits.SELECT_PLACEHOLDER_LENGTH),
    "min_values": whole(0, limits.SELECT_OPTIONS),
    "max_values": whole(1, limits.SELECT_OPTIONS),
    "disabled": boolean,
    # discord.py sends it with every select; outside modals Discord ignores it.
    "required": boolean,
}
SELECT_OPTION = record(
    {"label": text(1, limits.SELECT_PART_LENGTH), "value": text(1, limits.SELECT_PART_LENGTH)},
    {"description": text(0, limits.SELECT_PART_LENGTH), "emoji": _emoji, "default": boolean},
)


def _select_rules(form: Form, path: Path, value: Any) -> None:
    if not isinstance(value, dict):
        return
    low, high = value.get("min_values"), value.get("max_values")
    low, high = 1 if low is None else low, 1 if high is None else high
    options = value.get("options")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        form.fault((*path, "min_values"), "BASE_TYPE_BAD_LENGTH", "min_values is above max_values")
    if not isinstance(options, list):
        return
    if isinstance(high, int) and high > len(options):
        form.fault((*path, "max_values"), "BASE_TYPE_BAD_LENGTH", "max_values is above the number of options")
    values = [option.get("value") for option in options if isinstance(option, dict)]
    for index, entry in enumerate(values):
        if entry in values[:index]:
            form.fault(
                (*path, "options", index, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )


DEFAULT_VALUES = listing(
    record({"id": snowflake, "type": choice(("user", "role", "channel"))}, {}), 0, limits.SELECT_OPTIONS
)
STRING_SELECT = both(
    record(KIND | CUSTOM_ID | {"options": listing(SELECT_OPTION, 1, limits.SELECT_OPTIONS)}, SELECT_COMMON),
    _select_rules,
)
ENTITY_SELECT = both(
    record(KIND | CUSTOM_ID, SELECT_COMMON | {"default_values": DEFAULT_VALUES}), _select_rules
)
CHANNEL_SELECT = both(
    record(
        KIND | CUSTOM_ID,
        SELECT_COMMON | {"default_values": DEFAULT_VALUES, "channel_types": listing(whole(0, 16), 0, 16)},
    ),
    _select_rules,
)


def _row_rules(form: Form, path: Path, value: Any) -> None:
    children = value.get("components") if isinstance(value, dict) else None
    if not isinstance(children, list):
        return
    kinds = [child.get("type") for child in children if isinstance(child, dict)]
    width = sum(limits.ROW_BUTTONS if kind in SELECTS else 1 for kind in kinds)
    if width > limits.ROW_BUTTONS:
        form.fault(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The action row is wider than five buttons",
        )


ROW = both(
    record(
        KIND
        | {
            "components": listing(
                union(
                    {
                        ComponentKind.BUTTON: BUTTON,
                        ComponentKind.STRING_SELECT: STRING_SELECT,
                        ComponentKind.USER_SELECT: ENTITY_SELECT,
                        ComponentKind.ROLE_SELECT: ENTITY_SELECT,
                        ComponentKind.MENTIONABLE_SELECT: ENTITY_SELECT,
                        ComponentKind.CHANNEL_SELECT: CHANNEL_SELECT,
                    }
                ),
                1,
                limits.ROW_BUTTONS,
            )
        },
        IDENTITY,
    ),
    _row_rules,
)


MEDIA = record({"url": address(1, limits.URL_LENGTH, "attachment")}, {})
TEXT_DISPLAY = record(KIND | {"content": text(1, limits.TEXT_IN_ALL)}, IDENTITY)
ALT: dict[str, Check] = {"description": text(0, limits.ALT_TEXT_LENGTH), "spoiler": boolean}
THUMBNAIL = record(KIND | {"media": MEDIA}, IDENTITY | ALT)
SECTION = record(
    KIND
    | {
        "components": listing(union({ComponentKind.TEXT_DISPLAY: TEXT_DISPLAY}), 1, limits.SECTION_TEXTS),
        "accessory": union({ComponentKind.BUTTON: BUTTON, ComponentKind.THUMBNAIL: THUMBNAIL}),
    },
    IDENTITY,
)
GALLERY = record(KIND | {"items": listing(record({"media": MEDIA}, ALT), 1, limits.GALLERY_ITEMS)}, IDENTITY)
FILE = record(KIND | {"file": MEDIA}, IDENTITY | {"spoiler": boolean})
SEPARATOR = record(KIND, IDENTITY | {"divider": boolean, "spacing": whole(1, 2)})
IN_CONTAINER: dict[int, Check] = {
    ComponentKind.ACTION_ROW: ROW,
    ComponentKind.TEXT_DISPLAY: TEXT_DISPLAY,
    ComponentKind.SECTION: SECTION,
    ComponentKind.MEDIA_GALLERY: GALLERY,
    ComponentKind.SEPARATOR: SEPARATOR,
    ComponentKind.FILE: FILE,
}
CONTAINER = record(
    KIND | {"components": listing(union(IN_CONTAINER), 1, limits.COMPONENTS_IN_ALL)},
    IDENTITY | {"accent_color": whole(0, limits.COLOR), "spoiler": boolean},
)
V2_COMPONENTS = listing(
    union(IN_CONTAINER | {ComponentKind.CONTAINER: CONTAINER}), 0, limits.COMPONENTS_IN_ALL
)
LEGACY_COMPONENTS = listing(union({ComponentKind.ACTION_ROW: ROW}), 0, limits.LEGACY_ROWS)


def walk(components: Sequence[Any], path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Yield every component with its path, parents first; what is not an object is passed over."""
    for index, component in enumerate(components):
        if isinstance(component, dict):
            here = (*path, index)
            yield here, component
            children = component.get("components")
            if isinstance(children, list):
                yield from walk(children, (*here, "components"))
            for name in ("accessory", "component"):
                if isinstance(component.get(name), dict):
                    inner = component[name]
                    yield (*here, name), inner


def media_of(component: Json) -> Iterator[tuple[Path, Json]]:
    """Return the media objects directly in a component, each with its path from there."""
    for index, item in enumerate(component.get("items") or ()):
        yield ("items", index, "media"), item["media"]
    for name in ("media", "file"):
        if component.get(name) is not None:
            yield (name,), component[name]


def check_components(form: Form, components: Any, *, v2: bool) -> None:
    """Check the forms of all components of a message and, once those hold, their sums and unique ids."""
    before = form.count
    (V2_COMPONENTS if v2 else LEGACY_COMPONENTS)(form, ("components",), components)
    if form.count > before:
        return
    every = list(walk(components))
    if len(every) > limits.COMPONENTS_IN_ALL:
        form.fault(
            ("components",),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The maximum number of components is {limits.COMPONENTS_IN_ALL} (got {len(every)})",
        )
    length = sum(len(part["content"]) for _, part in every if part["type"] == ComponentKind.TEXT_DISPLAY)
    if length > limits.TEXT_IN_ALL:
        form.fault(
            ("components",),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The text of all components is longer than {limits.TEXT_IN_ALL} (got {length})",
        )
    check_unique_ids(form, every)


def refuse_components(components: Any) -> None:
    """Raise Refused with every fault that Discord would find in the components of a card (Components V2)."""
    form = Form()
    check_components(form, components, v2=True)
    form.raise_if_faulty()


def check_unique_ids(form: Form, every: Sequence[tuple[Path, Json]]) -> None:
    """Check that no `custom_id` and no `id` comes twice."""
    for name, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        seen: set[Any] = set()
        for path, part in every:
            value = part.get(name)
            if value in seen and value:
                form.fault((*path, name), code, f"{name} is already used in this message")
            if value is not None:
                seen.add(value)
