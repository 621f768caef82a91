"""Which handler a control reaches, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.refusal import Refusal
from bot.ui.router import OUTDATED, Router, control_id, route


class Mood(StrEnum):
    BLUE = "blue"
    RED = "red"


@dataclass(frozen=True)
class Look:
    mood: Mood | None
    page: int
    day: str | None = None


class Panel:
    """Handlers of every sort; they return what they were called with."""

    @route("plain", 1)
    async def plain(self, interaction: Any) -> None: ...

    @route("typed", 1)
    async def typed(self, interaction: Any, number: int, mood: Mood, text: str) -> None: ...

    @route("typed", 2)
    async def newer(
        self, interaction: Any, month: date | Literal["newest"], page: int | None = None
    ) -> None: ...

    @route("whole", 1)
    async def whole(self, interaction: Any, number: int, look: Look, last: str) -> None: ...

    @route("entered", 1)
    async def entered(self, interaction: Any, number: int, *, chosen: int, reason: str = "") -> None: ...

    @route("word", 1, "open")
    async def open(self, interaction: Any) -> None: ...

    @route("word", 1, "show")
    async def show(self, interaction: Any, page: int) -> None: ...

    @route("word", 1)
    async def other(self, interaction: Any, name: Literal["day", "night"]) -> None: ...


async def never(_: Any, __: Exception) -> None:
    raise AssertionError


@pytest.fixture(scope="module")
def router() -> Router:
    router = Router(never)
    router.add_routes(Panel())
    return router


def found(router: Router, custom_id: str, **entered: str) -> tuple[str, Mapping[str, object]]:
    route, taken = router._find(custom_id, entered)
    return route.handler.__name__, taken


@pytest.mark.parametrize(
    ("custom_id", "expected"),
    [
        ("plain1:", ("plain", {})),
        ("typed1:7:blue:", ("typed", {"number": 7, "mood": Mood.BLUE, "text": ""})),
        ("typed2:2026-07-01", ("newer", {"month": date(2026, 7, 1)})),
        ("typed2:newest:3", ("newer", {"month": "newest", "page": 3})),
        ("typed2:newest:", ("newer", {"month": "newest", "page": None})),
        ("whole1:1:red:2:mon:x", ("whole", {"number": 1, "look": Look(Mood.RED, 2, "mon"), "last": "x"})),
        ("whole1:1::2::", ("whole", {"number": 1, "look": Look(None, 2), "last": ""})),
        ("word1:open", ("open", {})),
        ("word1:show:4", ("show", {"page": 4})),
        ("word1:night", ("other", {"name": "night"})),
    ],
)
def test_a_control_reaches_its_handler(router: Router, custom_id: str, expected: object) -> None:
    assert found(router, custom_id) == expected


def test_what_was_entered_comes_by_its_name(router: Router) -> None:
    taken = {"number": 1, "chosen": 22, "reason": "It was a Prius."}
    assert found(router, "entered1:1", chosen="22", reason="It was a Prius.", more="x")[1] == taken
    assert found(router, "entered1:1", chosen="22")[1] == {"number": 1, "chosen": 22}


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "plain",
        "plain1",
        "plain2:",
        "plain1:1",
        "PLAIN1:",
        "typed1:7:blue",
        "typed1:7:blue:x:y",
        "typed1:7:green:x",
        "typed1:-7:blue:x",
        "typed1: 7:blue:x",
        "typed1:٣:blue:x",
        f"typed1:{2**63}:blue:x",
        "typed2:2026-13-01",
        "typed2:oldest",
        "whole1:1:red:2",
        "whole1:1:red:2:mon",
        "whole1:1:red::mon:x",
        "whole1:1:red:2:mon:x:y",
        "entered1:1",
        "word1:",
        "word1:show",
        "word1:open:1",
        "word1:noon",
    ],
)
def test_what_does_not_fit_is_refused(router: Router, custom_id: str) -> None:
    with pytest.raises(Refusal, match="another version"):
        found(router, custom_id)


def test_what_was_entered_takes_no_arguments_place(router: Router) -> None:
    for entered in ({"chosen": "x"}, {"number": "1", "chosen": "1"}):
        with pytest.raises(Refusal):
            found(router, "entered1:", **entered)


@given(number=st.integers(0, 2**63 - 1), mood=st.sampled_from(Mood), text=st.text("abc-_", max_size=20))
def test_what_control_id_writes_is_read_back(number: int, mood: Mood, text: str) -> None:
    router = Router(never)
    router.add_routes(Panel())
    taken = found(router, control_id("typed", 1, number, mood, text))[1]
    assert taken == {"number": number, "mood": mood, "text": text}


@given(st.builds(Look, st.none() | st.sampled_from(Mood), st.integers(0, 99), st.none() | st.just("mon")))
def test_a_dataclass_is_written_and_read_by_its_fields(router: Router, look: Look) -> None:
    taken = found(router, control_id("whole", 1, 1, look, "x"))[1]
    assert taken == {"number": 1, "look": look, "last": "x"}


def test_a_type_that_no_text_becomes_is_found_at_once() -> None:
    class Wrong:
        @route("wrong", 1)
        async def wrong(self, interaction: Any, amount: float) -> None: ...

    with pytest.raises(KeyError):
        Router(never).add_routes(Wrong())


def test_a_custom_id_that_is_too_long_is_an_error() -> None:
    assert len(OUTDATED) < 100
    with pytest.raises(ValueError, match="longer"):
        control_id("typed", 1, "x" * 100)
