"""Whose a server is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.shards import EVERY, Shards
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
