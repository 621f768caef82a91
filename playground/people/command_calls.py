"""A command call as Discord's client would build it: values checked, nested by sub-command."""

from typing import Any

from playground.payloads.interactions import IN_BOT_DM, IN_GUILD, IN_PRIVATE
from playground.people.client import not_offered
from playground.refused import Json
from playground.schema import limits
from playground.schema.commands import NESTING, OptionKind
from playground.world.permissions import ALL, Permission


def contexts_of(command: Json) -> list[int]:
    """Return where a command is offered: in servers, in direct messages with its bot, in others."""
    if "guild_id" in command:
        return [IN_GUILD]
    if command["contexts"] is not None:
        return list(command["contexts"])
    return [IN_GUILD, IN_BOT_DM, IN_PRIVATE] if command["dm_permission"] else [IN_GUILD]


def is_permitted(command: Json, permissions: Permission) -> bool:
    """Tell whether somebody with these permissions may use a command in a server."""
    needed = command["default_member_permissions"]
    if needed is None or permissions == ALL:
        return True
    return int(needed) != 0 and not int(needed) & ~permissions


def option_value(option: Json, value: Any) -> Any:
    """Return a value as Discord's client would send it for this option.

    Raises Refused with a sentence when it would not.
    """
    name = option["name"]
    choices = option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise not_offered(f"{name} takes one of its choices.")
    match option["type"]:
        case OptionKind.STRING:
            low, high = (
                option.get("min_length") or 0,
                option.get("max_length") or limits.COMMAND_STRING_LENGTH,
            )
            if not isinstance(value, str) or not value or not low <= len(value) <= high:
                raise not_offered(f"{name} takes {max(low, 1)} to {high} characters.")
        case OptionKind.INTEGER | OptionKind.NUMBER:
            wanted = int if option["type"] == OptionKind.INTEGER else (int, float)
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise not_offered(f"{name} takes a number.")
            if not option.get("min_value", value) <= value <= option.get("max_value", value):
                raise not_offered(f"{name} is out of its bounds.")
        case OptionKind.BOOLEAN:
            if not isinstance(value, bool):
                raise not_offered(f"{name} takes true or false.")
        case _:
            return str(value)
    return value


def file_of(option: Json, value: Any) -> tuple[str, bytes]:
    """Return the name and the content of a file that was given. Raises Refused with a sentence."""
    match value:
        case (str(name), bytes(content)) if name:
            if len(content) > limits.FILE_BYTES:
                raise not_offered("This file is too large.")
            return name, content
        case _:
            raise not_offered(f"{option['name']} takes a file.")


def find_leaf(command: Json, nested: list[str]) -> Json:
    """Return the command or sub-command that a path names. Raises Refused with a sentence."""
    leaf = command
    for name in nested:
        leaf = next((option for option in leaf.get("options") or () if option["name"] == name), {})
        if not leaf or leaf["type"] not in NESTING:
            raise not_offered(f"There is no command /{command['name']} {' '.join(nested)}.")
    if any(option["type"] in NESTING for option in leaf.get("options") or ()):
        raise not_offered(f"/{command['name']} needs one of its sub-commands.")
    return leaf


def command_data(command: Json, names: list[str], options: list[Json]) -> Json:
    """Return an interaction's data for a command called by its names with options of the innermost one."""
    nested = options
    for depth, name in zip(range(len(names) - 1, 0, -1), reversed(names[1:]), strict=True):
        group = depth == 1 and len(names) == 3
        kind = OptionKind.SUB_COMMAND_GROUP if group else OptionKind.SUB_COMMAND
        nested = [{"name": name, "type": int(kind), "options": nested}]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": nested}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data


def command_line(names: list[str], options: Json, found: Json) -> str:
    """Return a command as it stands above its answer, with what is in `found` by its name."""
    shown = [f"{name}:{_shown(str(value), found)}" for name, value in options.items()]
    return " ".join([f"/{' '.join(names)}", *shown])


def _shown(value: str, found: Json) -> str:
    if channel := found.get("channels", {}).get(value):
        return f"#{channel['name']}"
    if user := found.get("users", {}).get(value):
        return f"@{user['global_name'] or user['username']}"
    if upload := found.get("attachments", {}).get(value):
        return str(upload["filename"])
    if role := found.get("roles", {}).get(value):
        return f"@{role['name']}"
    return value
