"""The panel in which a round is chosen."""

import pytest

from bot.core.content import Difficulty, Fact, Question, Spoiler, Topic
from bot.core.pack_check import MOST_TOPICS
from bot.core.rounds import RoundPlan
from bot.storage.catalogue import LoadedPack
from bot.ui.start_panel import ANY, start_panel
from tests.ui.cards import assert_sendable


def pack_of(topics: int) -> LoadedPack:
    ids = [f"topic-{number}" for number in range(topics)]
    return LoadedPack(
        id="many",
        title="Many",
        topics=tuple(Topic(id_, id_.title(), "🎹", "About it.") for id_ in ids),
        facts={number: Fact(id_, "It was so.", (id_,)) for number, id_ in enumerate(ids)},
        questions={
            number: Question(id_, id_, "Who?", "Ada", ("Ben", "Cleo", "Dev"), Difficulty.EASY)
            for number, id_ in enumerate(ids)
        },
    )


def offered(topics: int, chosen: str | None) -> tuple[list[str], list[str], str]:
    """Return the values of the choice of a topic, those that are chosen, and what stands there if none is."""
    plan = RoundPlan(
        guild_id=1,
        channel_id=1,
        host_user_id=1,
        pack="many",
        topic=chosen,
        difficulty=None,
        answer_form="buttons",
        scoring="speed",
        spoilers=Spoiler.NONE,
        questions=5,
        seconds=20,
        started_ms=0,
    )
    [box, _] = assert_sendable(start_panel(plan, pack_of(topics), topics))
    rows = (part["components"][0] for part in box["components"] if part["type"] == 1)
    select = next(one for one in rows if ":topic:" in one["custom_id"])
    options = select["options"]
    return (
        [one["value"] for one in options],
        [one["value"] for one in options if one.get("default")],
        select["placeholder"],
    )


@pytest.mark.parametrize("topics", [1, MOST_TOPICS - 1])
def test_every_topic_stands_beside_all_of_them(topics: int) -> None:
    values, chosen, _ = offered(topics, None)
    assert values == [ANY, *(f"topic-{number}" for number in range(topics))]
    assert chosen == [ANY]


def test_each_of_the_most_topics_can_be_chosen_and_all_of_them_again() -> None:
    every = [f"topic-{number}" for number in range(MOST_TOPICS)]
    values, chosen, placeholder = offered(MOST_TOPICS, None)
    assert (values, chosen, placeholder) == (every, [], "All topics")
    for topic in every:
        values, chosen, _ = offered(MOST_TOPICS, topic)
        assert chosen == [topic]
        assert ANY in values
