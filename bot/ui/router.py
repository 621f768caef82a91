"""Every button, select and modal of ours, by its custom_id: `<kind><version>:<arguments>`."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import discord

from bot.core.refusal import Refusal

Handler = Callable[[discord.Interaction, tuple[str, ...]], Awaitable[None]]
Method = TypeVar("Method", bound=Callable[..., Awaitable[None]])
Fail = Callable[[discord.Interaction, Exception], Awaitable[None]]

LONGEST_CUSTOM_ID = 100
LARGEST_NUMBER = 2**63 - 1  # that the database can hold
CUSTOM_ID = re.compile(r"([a-z]+)(\d{1,4}):(.*)", re.DOTALL)
_ROUTE = "_route"
OUTDATED = "That control is from another version of me. Please use the command again."


def control_id(kind: str, version: int, *arguments: object) -> str:
    """Return the custom_id that reaches the handler of this kind and version with these arguments."""
    custom_id = f"{kind}{version}:{':'.join(map(str, arguments))}"
    if len(custom_id) > LONGEST_CUSTOM_ID:
        raise ValueError(f"{custom_id!r} is longer than Discord allows")
    return custom_id


def route(kind: str, version: int) -> Callable[[Method], Method]:
    """Mark a method as the one handler of a kind and version; older versions may keep theirs."""

    def mark(method: Method) -> Method:
        setattr(method, _ROUTE, (kind, version))
        return method

    return mark


class Router:
    """Hands each component and modal interaction to its handler, and what the handler raises to `fail`."""

    def __init__(self, fail: Fail) -> None:
        self._fail = fail
        self._handlers: dict[tuple[str, int], Handler] = {}

    def add_routes(self, owner: object) -> None:
        """Take up each method of `owner` that is marked with `route`."""
        for name, function in vars(type(owner)).items():
            key = getattr(function, _ROUTE, None)
            if key is None:
                continue
            if key in self._handlers:
                raise ValueError(f"{key[0]}{key[1]} has a handler")
            self._handlers[key] = getattr(owner, name)

    async def dispatch(self, interaction: discord.Interaction) -> None:
        """Answer the interaction: through its handler, or with a private sentence."""
        try:
            handler, arguments = self._find(custom_id_of(interaction))
            await handler(interaction, arguments)
        except Exception as error:  # noqa: BLE001 (the one error path of buttons and modals)
            await self._fail(interaction, error)

    def _find(self, custom_id: str) -> tuple[Handler, tuple[str, ...]]:
        match = CUSTOM_ID.fullmatch(custom_id)
        handler = self._handlers.get((match[1], int(match[2]))) if match else None
        if match is None or handler is None:
            raise Refusal(OUTDATED)
        return handler, tuple(match[3].split(":"))


def custom_id_of(interaction: discord.Interaction) -> str:
    """Return the custom_id that was pressed or submitted, empty if there is none."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = data.get("custom_id")
    return custom_id if isinstance(custom_id, str) else ""


def chosen_values(interaction: discord.Interaction) -> tuple[str, ...]:
    """Return what was chosen in a select."""
    data: Mapping[str, Any] = interaction.data or {}
    return tuple(value for value in data.get("values") or () if isinstance(value, str))


def modal_fields(interaction: discord.Interaction) -> dict[str, Any]:
    """Return what was entered in a modal by custom_id: text, or a list of values for a select."""
    data: Mapping[str, Any] = interaction.data or {}
    fields: dict[str, Any] = {}
    for part in data.get("components") or ():
        # A label holds one component, an old-style row a list of them.
        for component in [part["component"]] if "component" in part else part.get("components", ()):
            fields[component["custom_id"]] = component.get("value", component.get("values"))
    return fields


def exactly(count: int, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return a custom_id's arguments, to be unpacked. Raises Refusal where a forged one has more or fewer."""
    if len(arguments) != count:
        raise Refusal(OUTDATED)
    return arguments


def exactly_numbers(count: int, arguments: tuple[str, ...]) -> tuple[int, ...]:
    """Return a custom_id's arguments as that many numbers. Raises Refusal for a forged one."""
    return tuple(map(int_argument, exactly(count, arguments)))


def int_argument(text: str) -> int:
    """Return a custom_id's argument as a number. Raises Refusal for a forged one."""
    if not text.isdecimal() or not text.isascii() or len(text) > 20 or int(text) > LARGEST_NUMBER:
        raise Refusal(OUTDATED)
    return int(text)
