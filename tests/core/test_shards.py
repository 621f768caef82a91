"""Whose a server is, and what the two settings may say."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.shards import EVERY, MOST_SHARDS, Shards, read_shards
from tests.examples import examples

snowflakes = st.integers(0, 2**63 - 1)


@st.composite
def parted(draw: st.DrawFn) -> list[Shards]:
    """Processes that share all shards of a bot."""
    count = draw(st.integers(1, 40))
    owners = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    shares = [tuple(shard for shard in range(count) if owners[shard] == owner) for owner in range(4)]
    return [Shards(count, ids) for ids in shares if ids]


@settings(max_examples=examples(500))
@given(parted(), snowflakes)
def test_each_server_is_one_process_s(processes: list[Shards], guild_id: int) -> None:
    assert [shards.has(guild_id) for shards in processes].count(True) == 1
    assert sum(shards.share for shards in processes) == pytest.approx(1)


@settings(max_examples=examples(200))
@given(snowflakes)
def test_one_process_has_every_server(guild_id: int) -> None:
    assert EVERY.has(guild_id)


def test_direct_messages_are_the_first_shard_s() -> None:
    assert Shards(16, (0, 5)).has(0)
    assert not Shards(16, (5,)).has(0)


@pytest.mark.parametrize(
    ("count", "ids", "expected"),
    [
        ("4", "", Shards(4, (0, 1, 2, 3))),
        ("16", "0-3", Shards(16, (0, 1, 2, 3))),
        ("16", "0,2", Shards(16, (0, 2))),
        (" 16 ", " 8 - 9 , 0, 8", Shards(16, (0, 8, 9))),
        ("1", "0", EVERY),
        (str(MOST_SHARDS), "9999", Shards(MOST_SHARDS, (9999,))),
    ],
)
def test_shards_are_read(count: str, ids: str, expected: Shards) -> None:
    assert read_shards(count, ids) == expected


@pytest.mark.parametrize(
    ("count", "ids", "about"),
    [
        *((count, "", "SHARD_COUNT") for count in ("0", "-1", "many", "10001", "1.5", "９", "1" * 5_000)),
        *(
            ("4", ids, "SHARD_IDS")
            for ids in ("4", "0-4", "3-1", "-1", "0,", ",", "a", "0--1", "1-2-3", "0 1", "9" * 5_000)
        ),
    ],
)
def test_what_makes_no_sense_is_named(count: str, ids: str, about: str) -> None:
    with pytest.raises(ValueError, match=f"^{about} (is|has) ") as told:
        read_shards(count, ids)
    assert len(str(told.value)) < 120


@settings(max_examples=examples(500))
@given(st.text(max_size=12), st.text(max_size=12) | st.text("0123456789,- ", max_size=12))
def test_any_text_is_shards_in_order_or_refused(count: str, ids: str) -> None:
    with contextlib.suppress(ValueError):
        shards = read_shards(count, ids)
        assert shards.ids
        assert list(shards.ids) == sorted(set(shards.ids))
        assert 0 <= shards.ids[0] <= shards.ids[-1] < shards.count
