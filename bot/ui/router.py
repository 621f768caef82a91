"""Every button, select and modal of ours, by its custom_id: `<kind><version>:<arguments>`."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from inspect import signature
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import discord

from bot.core.refusal import Refusal

Handler = Callable[..., Awaitable[None]]
Method = TypeVar("Method", bound=Handler)
Read = Callable[[str], object]
Fail = Callable[[discord.Interaction, Exception], Awaitable[None]]

LONGEST_CUSTOM_ID = 100
LARGEST_NUMBER = 2**63 - 1  # that the database can hold
CUSTOM_ID = re.compile(r"([a-z]+)(\d{1,4}):(.*)", re.DOTALL)
_ROUTE = "_route"
OUTDATED = "That control is from another version of me. Please use the command again."


def control_id(kind: str, version: int, *arguments: object) -> str:
    """Return the custom_id that reaches the handler of this kind and version with these arguments.

    None is written as an empty text, and a dataclass as its fields.
    """
    custom_id = f"{kind}{version}:{':'.join(text for one in arguments for text in _texts(one))}"
    if len(custom_id) > LONGEST_CUSTOM_ID:
        raise ValueError(f"{custom_id!r} is longer than Discord allows")
    return custom_id


def route(kind: str, version: int, *words: str, public: bool = False) -> Callable[[Method], Method]:
    """Mark a method as the handler of the controls of a kind and version whose arguments begin with `words`.

    They are on private cards alone, unless they are `public`. Anywhere else a private control was forged and
    is refused, as its answer could take the place of everybody's question. A form is where it was opened; one
    that a command opens is public.

    Its annotations say what it takes after the interaction: by position the other arguments, by keyword only
    what was entered, which is `chosen` in a select and the fields of a form by their custom_ids. Each is an
    int, a str, a date, a StrEnum, a Literal, one of several of these, or None, which is an empty text. A
    dataclass takes an argument for each of its fields. What does not fit is refused.
    """

    def mark(method: Method) -> Method:
        setattr(method, _ROUTE, (kind, version, words, public))
        return method

    return mark


class _Route:
    """A handler, where its controls are, and how to turn texts into what it takes."""

    def __init__(self, handler: Handler, words: tuple[str, ...], *, public: bool) -> None:
        _, *takes = signature(handler, eval_str=True).parameters.values()
        self.handler = handler
        self.public = public
        self._words = list(words)
        self._entered = {one.name: _reader(one.annotation) for one in takes if one.kind is one.KEYWORD_ONLY}
        self._placed = [
            (one.name, _taker(one.annotation)) for one in takes if one.kind is not one.KEYWORD_ONLY
        ]
        self._needed = {one.name for one in takes if one.default is one.empty}

    def read(self, texts: list[str], entered: Mapping[str, str]) -> dict[str, object] | None:
        """Return what the handler takes by its names, or None if the texts are not for it."""
        count = len(self._words)
        if texts[:count] != self._words:
            return None
        rest = texts[count:]
        try:
            taken = {name: take(rest) for name, take in self._placed if rest}
            for name, read in self._entered.items():
                if name in entered:
                    taken[name] = read(entered[name])
        except (ValueError, IndexError):
            return None
        return taken if not rest and taken.keys() >= self._needed else None


class Router:
    """Hands each component and modal interaction to its handler, and what the handler raises to `fail`."""

    def __init__(self, fail: Fail) -> None:
        self._fail = fail
        self._routes: dict[tuple[str, int], list[_Route]] = {}

    def add_routes(self, owner: object) -> None:
        """Add the methods of `owner` that are marked with `route`; a control goes to the first that fits."""
        for name, function in vars(type(owner)).items():
            if (mark := getattr(function, _ROUTE, None)) is not None:
                kind, version, words, public = mark
                handler = getattr(owner, name)
                self._routes.setdefault((kind, version), []).append(_Route(handler, words, public=public))

    def kind_of(self, interaction: discord.Interaction) -> str:
        """Return the kind of a control, "unknown" for one that is not ours."""
        match = CUSTOM_ID.fullmatch(custom_id_of(interaction))
        return match[1] if match and (match[1], int(match[2])) in self._routes else "unknown"

    async def dispatch(self, interaction: discord.Interaction) -> bool:
        """Have the interaction answered by its handler, or by `fail`; return whether the handler worked."""
        try:
            route, taken = self._find(custom_id_of(interaction), _entered(interaction))
            if not route.public:
                _check_private(interaction)
            await route.handler(interaction, **taken)
        except Exception as error:  # noqa: BLE001 (the one error path of buttons and modals)
            await self._fail(interaction, error)
            return False
        return True

    def _find(self, custom_id: str, entered: Mapping[str, str]) -> tuple[_Route, dict[str, object]]:
        if match := CUSTOM_ID.fullmatch(custom_id):
            texts = match[3].split(":") if match[3] else []
            for route in self._routes.get((match[1], int(match[2])), ()):
                if (taken := route.read(texts, entered)) is not None:
                    return route, taken
        raise Refusal(OUTDATED)


def custom_id_of(interaction: discord.Interaction) -> str:
    """Return the custom_id that was pressed or submitted, empty if there is none."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = data.get("custom_id")
    return custom_id if isinstance(custom_id, str) else ""


def _check_private(interaction: discord.Interaction) -> None:
    """Raise Refusal unless nobody else sees the message of a control, or the one that led to a form."""
    if interaction.message is None or not interaction.message.flags.ephemeral:
        raise Refusal(OUTDATED)


def _entered(interaction: discord.Interaction) -> dict[str, str]:
    """Return what was chosen in a select, as `chosen`, and the texts of a form by their custom_ids.

    Whoever forges an interaction can send any shape, so what is not as Discord sends it is left out.
    """
    data: Mapping[str, Any] = interaction.data or {}
    entered: dict[str, str] = {}
    match data.get("values"):
        case [str(chosen)]:
            entered["chosen"] = chosen
    match data.get("components"):
        case [*labels]:
            for label in labels:
                match label:
                    case {"component": {"custom_id": str(name), "value": str(text)}}:
                        entered[name] = text
    return entered


def _texts(argument: object) -> list[str]:
    if is_dataclass(argument):
        return [text for one in fields(argument) for text in _texts(getattr(argument, one.name))]
    return ["" if argument is None else str(argument)]


def _taker(kind: Any) -> Callable[[list[str]], object]:  # noqa: ANN401 (an annotation)
    """Return what takes a value of this type from the front of a list of texts."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = [_reader(hints[one.name]) for one in fields(kind)]
        return lambda texts: kind(*(read(texts.pop(0)) for read in readers))
    read = _reader(kind)
    return lambda texts: read(texts.pop(0))


def _reader(kind: Any) -> Read:  # noqa: ANN401 (an annotation)
    """Return what turns a text into a value of this type. It raises ValueError where that cannot be done."""
    if get_origin(kind) in (Union, UnionType):
        options = get_args(kind)
        readers = [_reader(option) for option in options if option is not NoneType]
        return partial(_first_of, [_nothing, *readers] if NoneType in options else readers)
    if get_origin(kind) is Literal:
        return partial(_one_of, get_args(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return READERS[kind]


def _first_of(readers: Sequence[Read], text: str) -> object:
    for read in readers[:-1]:
        with suppress(ValueError):
            return read(text)
    return readers[-1](text)


def _nothing(text: str) -> None:
    if text:
        raise ValueError(text)


def _one_of(allowed: Sequence[str], text: str) -> str:
    if text not in allowed:
        raise ValueError(text)
    return text


def _whole_number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 20 or int(text) > LARGEST_NUMBER:
        raise ValueError(text)
    return int(text)


READERS: Mapping[object, Read] = {
    str: str,
    int: _whole_number,
    date: date.fromisoformat,
}
