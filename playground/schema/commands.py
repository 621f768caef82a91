"""The form of application commands. Source: Discord's documentation, Interactions / Application Commands."""

from collections import Counter
from enum import IntEnum
from typing import Any

from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.forms import (
    Check,
    Form,
    Path,
    anything,
    boolean,
    both,
    choice,
    invalid_form,
    listing,
    number,
    record,
    snowflake,
    text,
    union,
    whole,
)


class OptionKind(IntEnum):
    """Discord's types of command options."""

    SUB_COMMAND = 1
    SUB_COMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


class CommandKind(IntEnum):
    """Where a command is found: typed, or in the context menu of a person or a message."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


CONTEXT_MENUS = (CommandKind.USER, CommandKind.MESSAGE)
MOST = {
    CommandKind.CHAT_INPUT: limits.GLOBAL_COMMANDS,
    CommandKind.USER: limits.CONTEXT_MENU_COMMANDS,
    CommandKind.MESSAGE: limits.CONTEXT_MENU_COMMANDS,
}
NESTING = (OptionKind.SUB_COMMAND, OptionKind.SUB_COMMAND_GROUP)


def _name(form: Form, path: Path, value: Any) -> None:
    text(1, limits.COMMAND_NAME_LENGTH)(form, path, value)
    if isinstance(value, str) and (
        value != value.lower() or not all(char in "-_'" or char.isalnum() for char in value)
    ):
        form.fault(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _translated(item: Check) -> Check:
    def checker(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.fault(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for locale, entry in value.items():
            item(form, (*path, locale), entry)

    return checker


DESCRIPTION = text(1, limits.COMMAND_DESCRIPTION_LENGTH)
WORDS_REQUIRED: dict[str, Check] = {"name": _name, "description": DESCRIPTION}
WORDS_OPTIONAL: dict[str, Check] = {
    "name_localizations": _translated(_name),
    "description_localizations": _translated(DESCRIPTION),
}
OPTION_REQUIRED = WORDS_REQUIRED | {"type": whole(1, 11)}
VALUE_OPTIONAL = WORDS_OPTIONAL | {"required": boolean}


def _choices(value: Check) -> Check:
    return listing(
        record(
            {"name": text(1, limits.CHOICE_LENGTH), "value": value},
            {"name_localizations": _translated(text(1, limits.CHOICE_LENGTH))},
        ),
        0,
        limits.COMMAND_CHOICES,
    )


def _choice_rules(form: Form, path: Path, value: Any) -> None:
    if isinstance(value, dict) and value.get("autocomplete") and value.get("choices"):
        form.fault(
            path,
            "APPLICATION_COMMAND_OPTIONS_CHOICES_WITH_AUTOCOMPLETE",
            "Choices and autocomplete exclude each other",
        )
    choices = value.get("choices") if isinstance(value, dict) else None
    if isinstance(choices, list):
        names = [entry.get("name") for entry in choices if isinstance(entry, dict)]
        if len(set(names)) != len(names):
            form.fault(
                (*path, "choices"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED",
                "A choice's name comes twice",
            )


def _option(**fields: Check) -> Check:
    return both(record(OPTION_REQUIRED, VALUE_OPTIONAL | fields), _choice_rules)


WHOLE_VALUE = whole(-(2**53), 2**53)
VALUE_OPTIONS: dict[int, Check] = {
    OptionKind.STRING: _option(
        choices=_choices(text(0, limits.CHOICE_LENGTH)),
        autocomplete=boolean,
        min_length=whole(0, limits.COMMAND_STRING_LENGTH),
        max_length=whole(1, limits.COMMAND_STRING_LENGTH),
    ),
    OptionKind.INTEGER: _option(
        choices=_choices(WHOLE_VALUE), autocomplete=boolean, min_value=WHOLE_VALUE, max_value=WHOLE_VALUE
    ),
    OptionKind.NUMBER: _option(
        choices=_choices(number), autocomplete=boolean, min_value=number, max_value=number
    ),
    OptionKind.CHANNEL: _option(channel_types=listing(whole(0, 16), 0, 16)),
    OptionKind.BOOLEAN: _option(),
    OptionKind.USER: _option(),
    OptionKind.ROLE: _option(),
    OptionKind.MENTIONABLE: _option(),
    OptionKind.ATTACHMENT: _option(),
}


def _options(kinds: dict[int, Check]) -> dict[str, Check]:
    return {"options": both(listing(union(kinds), 0, limits.COMMAND_OPTIONS), _option_rules)}


def _option_rules(form: Form, path: Path, value: Any) -> None:
    options = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    seen_optional = False
    names: set[Any] = set()
    for index, option in enumerate(options):
        if option.get("name") in names:
            form.fault(
                (*path, index, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
                "Option name is used twice",
            )
        names.add(option.get("name"))
        if option.get("type") not in NESTING:
            if option.get("required") and seen_optional:
                form.fault(
                    (*path, index),
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "Required options must be placed before non-required options",
                )
            seen_optional = seen_optional or not option.get("required")
    if len({option.get("type") in NESTING for option in options}) > 1:
        form.fault(
            path,
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-commands cannot be mixed with other options",
        )


SUB_COMMAND = record(OPTION_REQUIRED, WORDS_OPTIONAL | _options(VALUE_OPTIONS))
SUB_COMMAND_GROUP = record(OPTION_REQUIRED, WORDS_OPTIONAL | _options({OptionKind.SUB_COMMAND: SUB_COMMAND}))
COMMON: dict[str, Check] = {
    "id": snowflake,
    "type": whole(1, 4),
    "default_member_permissions": anything,
    "dm_permission": boolean,
    "nsfw": boolean,
    "contexts": listing(whole(0, 2), 1, 3),
    "integration_types": listing(choice((0, 1)), 1, 2),
    "handler": anything,
}
SLASH_COMMAND = record(
    WORDS_REQUIRED,
    COMMON
    | WORDS_OPTIONAL
    | _options(
        VALUE_OPTIONS | {OptionKind.SUB_COMMAND: SUB_COMMAND, OptionKind.SUB_COMMAND_GROUP: SUB_COMMAND_GROUP}
    ),
)
CONTEXT_MENU = record(
    {"name": text(1, limits.COMMAND_NAME_LENGTH)},
    COMMON | {"name_localizations": anything, "description": text(0, 0), "options": listing(anything, 0, 0)},
)


def _command(form: Form, path: Path, value: Any) -> None:
    menu = isinstance(value, dict) and value.get("type") in CONTEXT_MENUS
    (CONTEXT_MENU if menu else SLASH_COMMAND)(form, path, value)
    if isinstance(value, dict) and text_length(value) > limits.COMMAND_TEXT_IN_ALL:
        form.fault(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({limits.COMMAND_TEXT_IN_ALL})",
        )


def text_length(part: Any) -> int:
    """Return the characters that count towards a command's 8,000.

    Names, descriptions and values, each in its longest language.
    """
    if not isinstance(part, dict):
        return 0
    length = len(part["value"]) if isinstance(part.get("value"), str) else 0
    for name in ("name", "description"):
        words = [part.get(name), *(part.get(f"{name}_localizations") or {}).values()]
        length += max((len(word) for word in words if isinstance(word, str)), default=0)
    for nested in ("options", "choices"):
        inner = part.get(nested)
        length += sum(map(text_length, inner)) if isinstance(inner, list) else 0
    return length


def check_command(body: Any) -> None:
    """Check one command; raises Refused."""
    form = Form()
    _command(form, (), body)
    form.raise_if_faulty()


def check_commands(body: Any) -> None:
    """Check a whole list of commands; raises Refused."""
    form = Form()
    if not isinstance(body, list):
        raise invalid_form((), "LIST_TYPE_CONVERT", "A list is needed")
    kinds = Counter(map(_kind, body))
    if any(kinds[kind] > most for kind, most in MOST.items()):
        raise Refused(Reason.TOO_MANY_COMMANDS)
    seen: set[tuple[int, Any]] = set()
    for index, command in enumerate(body):
        _command(form, (index,), command)
        key = (_kind(command), command.get("name") if isinstance(command, dict) else None)
        if key in seen:
            form.fault(
                (index, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)
    form.raise_if_faulty()


def _kind(command: Any) -> int:
    kind = command.get("type") if isinstance(command, dict) else None
    return kind if isinstance(kind, int) else CommandKind.CHAT_INPUT


def registered(body: Json, command_id: int, application_id: int, guild_id: int | None, version: int) -> Json:
    """Return the command as Discord hands it back."""
    menu = _kind(body) in CONTEXT_MENUS
    permissions = body.get("default_member_permissions")
    command: Json = {
        "id": str(command_id),
        "application_id": str(application_id),
        "version": str(version),
        "type": _kind(body),
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": "" if menu else body["description"],
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": body.get("dm_permission") is not False,
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw")),
    }
    if body.get("options"):
        command["options"] = body["options"]
    if guild_id is not None:
        command["guild_id"] = str(guild_id)
    return command
