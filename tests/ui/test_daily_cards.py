"""Cards of daily facts, settings, privacy and help with their longest content."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from discord import Permissions, ui

from bot.core.content import Fact, Spoiler, Topic
from bot.core.schedule import Due
from bot.core.zones import zone_names
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.daily import MOST_A_SERVER, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Post, PostState
from bot.storage.settings import GuildSettings
from bot.ui.daily_access import SENTENCES, Obstacle, explain
from bot.ui.daily_cards import (
    ScheduleState,
    paused_card,
    post_card,
    preview_card,
    set_card,
    status_card,
    summary_line,
)
from bot.ui.help_cards import help_card
from bot.ui.privacy_cards import confirm_card, deleted_card, export_card, kept_card
from bot.ui.settings_cards import settings_card, zone_modal
from tests.ui.cards import THREE_BYTES, assert_sendable, texts

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
ID = 2**63 - 1
LONGEST_ZONE = max(zone_names(), key=len)
TOPICS = tuple(Topic(f"topic-{n}", THREE_BYTES * 25, "🎬", THREE_BYTES * 100) for n in range(3))
FACT = Fact("fact", THREE_BYTES * 600, ("topic-0", "topic-1", "topic-2"), spoiler=Spoiler.ENDING, as_of=2017)
PACK = LoadedPack("pack", THREE_BYTES * 60, TOPICS, {1: FACT}, {})
SCHEDULE = Schedule(
    10**12,
    Wish(ID, ID, LONGEST_ZONE, time(23, 59), "topic-0", ID),
    2**48,
    Due(date(2026, 9, 30), NOW),
    PauseReason.NO_FACTS,
    NOW,
    date(2026, 9, 28),
)
POST = Post(10**12, ID, ID, ID, SCHEDULE.next, "pack", 1, NOW, PostState.CLAIMED, 99, NOW)
WORST = [Obstacle(reason, explain(reason, ID, ID, in_thread=True)) for reason in list(PauseReason)[:6]]
STATE = ScheduleState(SCHEDULE, THREE_BYTES * 25, WORST, POST)
RUNNING = replace(STATE, schedule=replace(SCHEDULE, pause=None, paused=None))
SETTINGS = GuildSettings("pack", LONGEST_ZONE, Spoiler.ENDING, "plain", 10, 25, 120)


@pytest.mark.parametrize(
    "view",
    [
        post_card(PACK, 1, SCHEDULE.next, SCHEDULE.id, ID),
        preview_card(PACK, 1, SCHEDULE),
        preview_card(PACK, 1, RUNNING.schedule),
        set_card(SCHEDULE, THREE_BYTES * 25),
        status_card([STATE] * MOST_A_SERVER),
        status_card([RUNNING] * MOST_A_SERVER),
        status_card([replace(RUNNING, obstacles=[])] * MOST_A_SERVER),
        *(paused_card(sentence) for sentence in SENTENCES.values()),
        settings_card(SETTINGS, Catalogue((PACK,)), [summary_line(STATE)] * MOST_A_SERVER, NOW),
        settings_card(
            SETTINGS,
            Catalogue(tuple(replace(PACK, id=f"pack-{n}", title=THREE_BYTES * 100) for n in range(40))),
            [summary_line(RUNNING)] * MOST_A_SERVER,
            NOW,
        ),
        export_card("my-data.json.zip"),
        confirm_card(ID),
        deleted_card(10**9),
        kept_card(),
        help_card([], {}, None, [summary_line(STATE)] * MOST_A_SERVER, "https://example.org/" + "x" * 490),
        help_card([], {}, Permissions.all(), None, ""),
    ],
)
def test_the_longest_cards_can_be_sent(view: ui.LayoutView) -> None:
    components = assert_sendable(view)
    assert sum(map(len, texts(components))) <= 4_000


def test_every_reason_has_its_own_sentence_without_a_gap() -> None:
    said = {reason: explain(reason, ID, ID) for reason in PauseReason}
    assert len(set(said.values())) == len(PauseReason)
    assert not [sentence for sentence in said.values() if "{" in sentence or "!" in sentence]


def test_the_status_names_everything_that_is_wrong() -> None:
    [text] = texts(assert_sendable(status_card([STATE])))
    for obstacle in WORST:
        assert obstacle.sentence in text
    assert "The fact of Mon 28 Sep was skipped" in text
    assert "(99 attempts)" in text
    assumed = replace(STATE, newest=replace(POST, state=PostState.ASSUMED))
    assert "Read Message History" in "".join(texts(assert_sendable(status_card([assumed]))))


def test_a_pause_by_hand_needs_no_mending() -> None:
    schedule = replace(SCHEDULE, pause=PauseReason.BY_HAND)
    by_hand = Obstacle(PauseReason.BY_HAND, explain(PauseReason.BY_HAND, ID, ID, in_thread=False))
    view = status_card([replace(STATE, schedule=schedule, obstacles=[by_hand])])
    shown = " ".join(texts(view.to_components()))  # type: ignore[no-untyped-call]
    assert "mended" not in shown
    assert "`/daily resume` lets them go on." in shown


def test_the_zone_form_has_the_zone_of_now() -> None:
    modal = zone_modal("Europe/London")
    assert "Europe/London" in str(modal.to_dict())
    assert len(modal.title) <= 45
