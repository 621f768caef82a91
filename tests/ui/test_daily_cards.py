"""Cards of daily facts, settings, privacy and help with their longest content."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import discord
import pytest
from discord import app_commands, ui

from bot.core.content import Difficulty, Fact, Question, Source, Spoiler, Topic
from bot.core.schedule import Due
from bot.core.zones import zone_names
from bot.runners.daily_poster import Invitation
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.challenge_results import Recap, Share
from bot.storage.daily import MOST_A_SERVER, Missed, MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Post, PostState
from bot.storage.settings import GuildSettings
from bot.ui.daily_access import IN_SHORT, SENTENCES, Obstacle
from bot.ui.daily_cards import (
    ScheduleState,
    confirm_remove_card,
    paused_card,
    post_card,
    preview_card,
    set_card,
    status_card,
    summary_line,
)
from bot.ui.help_cards import Helped, help_card
from bot.ui.settings_cards import settings_card, zone_modal
from tests.ui.cards import THREE_BYTES, assert_sendable, texts

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
ID = 2**63 - 1
LONGEST_ZONE = max(zone_names(), key=len)
TOPICS = tuple(Topic(f"topic-{n}", THREE_BYTES * 25, "🎬", THREE_BYTES * 100) for n in range(3))
FACT = Fact(
    "fact",
    THREE_BYTES * 600,
    ("topic-0", "topic-1", "topic-2"),
    spoiler=Spoiler.ENDING,
    as_of=2017,
    source=Source(THREE_BYTES * 120, 2017, "https://example.org/".ljust(300, "x")),
)
PACK = LoadedPack("pack", THREE_BYTES * 60, TOPICS, {1: FACT}, {})
QUIZZED = replace(PACK, questions={1: Question("q", "fact", "?", "true", (), Difficulty.EASY)})
YESTERDAY = Recap(10**9, tuple(range(ID - 10**4, ID)), Share(5, 10**9, 10**9))
SCHEDULE = Schedule(
    10**12,
    Wish(ID, ID, LONGEST_ZONE, time(23, 59), "topic-0", ID, challenge=True),
    2**48,
    Due(date(2026, 9, 30), NOW),
    PauseReason.NO_FACTS,
    NOW,
    Missed(date(2026, 9, 28), PauseReason.ROLE_GONE),
)
POST = Post(10**12, ID, ID, ID, SCHEDULE.next, "pack", 1, NOW, PostState.CLAIMED, 99, NOW)
WORST = [Obstacle(reason, ID, ID, in_thread=True) for reason in list(PauseReason)[:6]]
STATE = ScheduleState(SCHEDULE, THREE_BYTES * 25, WORST, POST)
RUNNING = replace(STATE, schedule=replace(SCHEDULE, pause=None, paused=None))


def full_server(state: ScheduleState) -> list[ScheduleState]:
    """Return as many schedules as a server may have, each with this state."""
    return [replace(state, schedule=replace(state.schedule, id=ID - n)) for n in range(MOST_A_SERVER)]


SETTINGS = GuildSettings("pack", LONGEST_ZONE, Spoiler.ENDING, "plain", 10, 25, 120)


@app_commands.command()
async def practice(interaction: discord.Interaction) -> None:
    """Questions for yourself alone."""


LONG_URL = "https://e.org/" + "x" * 498


@pytest.mark.parametrize(
    "view",
    [
        post_card(PACK, 1, SCHEDULE.next, SCHEDULE.id, ID),
        post_card(QUIZZED, 1, SCHEDULE.next, SCHEDULE.id, ID, Invitation(YESTERDAY)),
        post_card(PACK, 1, SCHEDULE.next, SCHEDULE.id, ID, Invitation()),
        preview_card(PACK, 1, SCHEDULE),
        preview_card(PACK, 1, RUNNING.schedule),
        set_card(SCHEDULE, THREE_BYTES * 25, 9_999),
        confirm_remove_card(SCHEDULE),
        status_card(full_server(STATE)),
        status_card(full_server(RUNNING)),
        status_card(full_server(replace(RUNNING, obstacles=[]))),
        *(paused_card(sentence) for sentence in SENTENCES.values()),
        settings_card(SETTINGS, Catalogue((PACK,)), [summary_line(STATE)] * MOST_A_SERVER, NOW),
        settings_card(
            SETTINGS,
            Catalogue(tuple(replace(PACK, id=f"pack-{n}", title=THREE_BYTES * 100) for n in range(40))),
            [summary_line(RUNNING)] * MOST_A_SERVER,
            NOW,
        ),
        help_card(Helped([practice], None, [summary_line(STATE)] * MOST_A_SERVER, LONG_URL)),
    ],
)
def test_the_longest_cards_can_be_sent(view: ui.LayoutView) -> None:
    components = assert_sendable(view)
    assert sum(map(len, texts(components))) <= 4_000


def test_every_reason_has_its_own_sentence_without_a_gap() -> None:
    said = {reason: Obstacle(reason, ID, ID).sentence for reason in PauseReason}
    assert len(set(said.values())) == len(set(IN_SHORT.values())) == len(PauseReason)
    assert not [sentence for sentence in said.values() if "{" in sentence or "!" in sentence]
    assert not [sentence for sentence in said.values() if "pack" in sentence], "people know films alone"


def test_the_status_names_everything_that_is_wrong() -> None:
    [text] = texts(assert_sendable(status_card([STATE])))
    for obstacle in WORST:
        assert obstacle.sentence in text
    assert "not posted, and they were paused, because the role that they mention is gone." in text
    assert "Discord had not accepted the fact of Wed 30 Sep (99 attempts)." in text
    assert "I try again" not in text
    running = "".join(texts(assert_sendable(status_card([RUNNING]))))
    assert "has not accepted the fact of Wed 30 Sep yet (99 attempts). I try again <t:" in running
    assumed = replace(STATE, newest=replace(POST, state=PostState.ASSUMED))
    assert "Read Message History" in "".join(texts(assert_sendable(status_card([assumed]))))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (MissReason.AWAY, "was not posted: I was away when it was due, and came back too late."),
        (MissReason.NOT_TAKEN, "was not posted: Discord did not accept it within six hours."),
        (PauseReason.CANNOT_SEND, "was not posted, and they were paused, because I may not write there."),
        (None, "was not posted in time."),
    ],
)
def test_a_missed_post_is_told_with_its_reason(reason: MissReason | PauseReason | None, words: str) -> None:
    schedule = replace(SCHEDULE, missed=Missed(date(2026, 9, 28), reason))
    [text] = texts(assert_sendable(status_card([replace(STATE, schedule=schedule)])))
    assert f"The fact of Mon 28 Sep {words}" in text


def status_of(state: ScheduleState) -> list[str]:
    """Return the text of each schedule in a status of as many as a server may have."""
    return list(texts(assert_sendable(status_card(full_server(state)))))


def test_five_posts_are_shown_of_every_schedule_however_much_is_in_the_way() -> None:
    wish = replace(SCHEDULE.wish, zone="America/Argentina/Buenos_Aires")
    schedule = replace(RUNNING.schedule, wish=wish)
    wrong = [
        Obstacle(reason, ID, ID)
        for reason in (
            PauseReason.CANNOT_VIEW,
            PauseReason.CANNOT_SEND,
            PauseReason.THREAD_LOCKED,
            PauseReason.ROLE_SILENT,
        )
    ]
    for text in status_of(ScheduleState(schedule, "Songs and music", wrong, None)):
        assert text.count("\n- ") == 5
        assert "I may not see the channel." in text
        assert "I may not write there." in text
        assert "I may not mention their role." in text


def test_what_matters_is_shown_of_every_schedule_in_the_worst_case() -> None:
    for state in (STATE, RUNNING, replace(RUNNING, topic="*" * 25), replace(RUNNING, topic="t" * 48)):
        shown = status_of(state)
        assert len(shown) == MOST_A_SERVER
        for text in shown:
            assert text.startswith(f"### <#{ID}>\nEvery day at 23:59 (")
            for obstacle in WORST:
                assert obstacle.sentence in text or IN_SHORT[obstacle.reason][1:] in text
            assert ("**Paused** since <t:" if state is STATE else "**Next posts**\n- Wed 30 Sep, ") in text
            assert text.count("\n- ") == (0 if state is STATE else 5)


def test_a_zone_that_the_machine_has_lost_is_told_and_fails_nothing() -> None:
    lost = replace(RUNNING.schedule, wish=replace(SCHEDULE.wish, zone="Mars/Base_1"))
    gone = Obstacle(PauseReason.ZONE_GONE, ID)
    [text] = texts(assert_sendable(status_card([replace(RUNNING, schedule=lost, obstacles=[gone])])))
    assert "Every day at 23:59 (Mars/Base\\_1)" in text
    assert gone.sentence in text
    panel = settings_card(replace(SETTINGS, time_zone="Mars/Base_1"), Catalogue((PACK,)), [], NOW)
    head = next(texts(assert_sendable(panel)))
    assert "**Time zone** Mars/Base\\_1, which I no longer know. Please choose another; until then" in head


def test_a_pause_by_hand_needs_no_mending() -> None:
    schedule = replace(SCHEDULE, pause=PauseReason.BY_HAND)
    by_hand = Obstacle(PauseReason.BY_HAND, ID, ID)
    view = status_card([replace(STATE, schedule=schedule, obstacles=[by_hand])])
    shown = " ".join(texts(view.to_components()))  # type: ignore[no-untyped-call]
    assert "mended" not in shown
    assert "`/daily resume` starts them again." in shown


def test_the_zone_form_has_the_zone_of_now() -> None:
    modal = zone_modal("Europe/London")
    assert "Europe/London" in str(modal.to_dict())
    assert len(modal.title) <= 45


def test_a_post_names_ten_of_those_who_had_all_right_and_counts_the_others() -> None:
    view = post_card(
        PACK, 1, SCHEDULE.next, 1, None, Invitation(Recap(30, tuple(range(1, 13)), Share(4, 3, 28)))
    )
    assert (
        "-# Yesterday's five: 30 players. Everything right: <@1>, <@2>, <@3>, <@4>, <@5>, <@6>, <@7>, <@8>, "
        "<@9>, <@10> and 2 more. Question 4 was the hardest: 3 of 28 got it right."
    ) in texts(assert_sendable(view))
    alone = post_card(PACK, 1, SCHEDULE.next, 1, None, Invitation(Recap(1, (), Share(1, 0, 1))))
    assert (
        "-# Yesterday's five: 1 player. Nobody got everything right. "
        "Question 1 was the hardest: 0 of 1 got it right."
    ) in texts(assert_sendable(alone))
    easy = post_card(PACK, 1, SCHEDULE.next, 1, None, Invitation(Recap(1, (7,), Share(5, 1, 1))))
    assert "-# Yesterday's five: 1 player. Everything right: <@7>." in texts(assert_sendable(easy))
