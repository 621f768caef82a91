"""Rounds on virtual time, with somebody in Discord's place who shows what it is told to show, or cannot."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.core.content import Origin, Spoiler
from bot.core.quiz_moves import (
    AWAY_MS,
    GRACE_MS,
    LEAD_IN_MS,
    LONGEST_HOLD_MS,
    MOST_UNANSWERED,
    PAUSE_MS,
)
from bot.core.refusal import Refusal
from bot.core.round_events import Accept, Decline
from bot.core.rounds import Action, Failure, Phase, RoundPlan
from bot.storage import rounds
from bot.storage.database import StorageFailure
from bot.storage.moments import to_ms
from tests.runners.stage import AHEAD_MS, CHANNEL, GUILD, Stage, announced, phase_of, snowflake


async def test_a_round_to_its_podium(stage: Stage) -> None:
    live = await stage.play(questions=2)
    for _ in range(2):
        assert isinstance(await live.answer(stage.click(live, 7)), Accept)
        await stage.close()
        await stage.pass_ms(PAUSE_MS)
    [podium] = stage.wall.kinds("podium")
    assert [standing.user_id for standing in podium.standings] == [7]
    assert await stage.state() == ("finished", "completed")
    with pytest.raises(Refusal, match="over"):
        stage.runner.get(live.state.id, CHANNEL)
    with pytest.raises(Refusal, match="No round"):
        stage.runner.in_channel(CHANNEL)


async def test_no_other_film_takes_the_place_of_one_that_is_gone(stage: Stage) -> None:
    assert await stage.tools.packs_of(stage.plan(pack="gone")) == []
    assert len(await stage.tools.packs_of(stage.plan(pack="gone", source=Origin.BOTH))) == 1


async def test_the_timer_follows_discords_clock(stage: Stage) -> None:
    live = await stage.play()
    await stage.pass_ms(20_000 + GRACE_MS - 1)
    assert phase_of(live) is Phase.OPEN
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.SHOWN
    [view] = stage.wall.kinds("ask")
    assert live.state.current is not None
    assert abs(view.closes_ms - live.state.current.deadline_ms) <= AHEAD_MS


async def test_the_hosts_buttons_leave_an_answer_when_the_next_question_is_there(stage: Stage) -> None:
    await stage.play(questions=2)
    await stage.close()
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True]
    await stage.pass_ms(PAUSE_MS)
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, False]
    await stage.close()
    await stage.pass_ms(PAUSE_MS)
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, False, True, False]


async def test_an_answer_that_ends_the_round_promises_nothing_more(stage: Stage) -> None:
    await stage.play(questions=5)
    for _ in range(MOST_UNANSWERED):
        await stage.close()
        await stage.pass_ms(PAUSE_MS)
    last = [view.next_ms for view in stage.wall.kinds("answer") if view.current.position == MOST_UNANSWERED]
    assert last == [None, None]
    assert await stage.state() == ("finished", "unanswered")


async def test_a_live_count_that_hangs_does_not_hold_up_the_answer(stage: Stage) -> None:
    live = await stage.play()
    stage.wall.hangs["count"] = asyncio.Event()
    await live.answer(stage.click(live, 7))
    await stage.close()
    assert len(stage.wall.kinds("answer")) == 1
    stage.wall.hangs["count"].set()
    await stage.time.rest()
    assert "count" not in stage.wall.answered


async def test_an_answer_is_lost_only_with_its_player_told(stage: Stage) -> None:
    live = await stage.play()
    stage.database.full = True
    with pytest.raises(StorageFailure):
        await live.answer(stage.click(live, 7))
    stage.database.full = False
    assert isinstance(await live.answer(stage.click(live, 7)), Accept)
    assert isinstance(await live.answer(stage.click(live, 7)), Decline)


async def test_a_full_disk_pauses_a_round_until_it_is_not(stage: Stage) -> None:
    live = await stage.play(questions=1)
    await live.answer(stage.click(live, 7))
    stage.database.full = True
    await stage.close()
    await stage.pass_ms(120_000)
    assert stage.wall.kinds("answer") == []
    stage.database.full = False
    await stage.pass_ms(60_000)
    assert await stage.state() == ("finished", "completed")


async def test_a_failed_read_is_waited_for_and_ends_no_round(stage: Stage) -> None:
    live = await stage.play(questions=1)
    await live.answer(stage.click(live, 7))
    stage.database.failing_reads = 3
    await stage.close()
    assert stage.wall.kinds("answer") == []
    await stage.pass_ms(10_000)
    [view] = stage.wall.kinds("answer")
    assert [answer.user_id for answer in view.answers] == [7]
    stage.database.failing_reads = 3
    await stage.pass_ms(PAUSE_MS)
    [podium] = stage.wall.kinds("podium")
    assert [standing.user_id for standing in podium.standings] == [7]
    assert await stage.state() == ("finished", "completed")


async def test_a_round_that_cannot_even_be_given_up_ends_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    live = await stage.play()
    await stage.runner.start(stage.plan(channel_id=CHANNEL + 1, host_user_id=2), announced)
    other = stage.live()
    await stage.pass_ms(LEAD_IN_MS)

    def broken(*_: object) -> None:
        raise TypeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(rounds, "close_question", broken)
        patched.setattr(rounds, "end_round", broken)
        live.control(Action.REVEAL, 1)
        await stage.time.rest()
    assert f"Round {live.state.id} could not be ended" in caplog.text
    with pytest.raises(Refusal, match="over"):
        stage.runner.get(live.state.id, CHANNEL)
    assert isinstance(await other.answer(stage.click(other, 7)), Accept)
    await stage.close()
    assert phase_of(other) is Phase.SHOWN


async def test_a_fault_of_ours_frees_the_channel(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    await stage.play()
    stage.wall.broken = RuntimeError("a bug")
    await stage.close()
    assert "a bug" in caplog.text
    assert await stage.state() == ("finished", "fault")
    [podium] = stage.wall.kinds("podium")
    assert (podium.reason, podium.asked_count, podium.outcome.answered) == ("fault", 1, False)
    stage.wall.broken = None
    await stage.runner.start(stage.plan(host_user_id=2), announced)


async def test_a_podium_knows_of_answers_that_do_not_count(stage: Stage) -> None:
    live = await stage.play()
    await live.answer(stage.click(live, 7))
    live.control(Action.SKIP, 1)
    await stage.time.rest()
    live.control(Action.STOP, 2)
    await stage.time.rest()
    [podium] = stage.wall.kinds("podium")
    assert (podium.standings, podium.asked_count, podium.outcome.answered) == ([], 2, True)


async def test_after_two_minutes_a_question_is_looked_for_before_it_is_sent_again(stage: Stage) -> None:
    live = await stage.play()
    await stage.close()
    stage.wall.fails = {"ask": [Failure.OUTAGE] * 5}
    await stage.pass_ms(PAUSE_MS + 5_000 + 10_000 + 20_000 + 40_000)
    assert (len(stage.wall.kinds("ask")), stage.wall.kinds("find")) == (6, [])
    stage.wall.found = snowflake(to_ms(stage.time.now()))
    await stage.pass_ms(60_000)
    assert live.state.current is not None
    assert (live.state.current.position, live.state.current.message_id) == (2, stage.wall.found)
    assert len(stage.wall.kinds("ask")) == 6


async def test_a_podium_that_may_be_there_is_looked_for_before_it_is_sent_again(stage: Stage) -> None:
    await stage.play(questions=1)
    await stage.close()
    stage.wall.fails = {"podium": [Failure.OUTAGE]}
    stage.wall.found = 123
    await stage.pass_ms(PAUSE_MS + 10_000)
    assert len(stage.wall.kinds("podium")) == 1
    assert await stage.state() == ("finished", "completed")
    query = "SELECT podium_message_id FROM rounds"
    assert await stage.database.read(lambda c: c.execute(query).fetchone()) == (123,)


async def test_no_question_closes_while_the_shard_is_away(stage: Stage) -> None:
    live = await stage.play()
    stage.runner.set_connected(lambda guild_id: guild_id == GUILD, connected=False)
    await stage.pass_ms(20_000 + GRACE_MS + LONGEST_HOLD_MS - 1)
    assert phase_of(live) is Phase.OPEN
    stage.runner.set_connected(lambda guild_id: guild_id == GUILD + 1, connected=True)
    assert not live.state.connected
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.SHOWN


async def test_a_round_started_without_a_connection_knows_it(stage: Stage) -> None:
    stage.wall.connected = False
    live = await stage.play()
    assert not live.state.connected


async def test_a_server_that_removed_the_bot_frees_its_channels(stage: Stage) -> None:
    live = await stage.play()
    await live.answer(stage.click(live, 7))
    stage.runner.leave_guild(GUILD + 1)
    await stage.time.rest()
    assert phase_of(live) is Phase.OPEN
    stage.runner.leave_guild(GUILD)
    await stage.time.rest()
    assert await stage.state() == ("finished", "removed")
    assert stage.wall.kinds("podium") == []


async def test_answers_are_taken_between_the_start_and_the_connection(stage: Stage) -> None:
    live = await stage.play()
    click = stage.click(live, 7)
    await stage.stop()
    stage.start()
    await stage.runner.load()
    assert isinstance(await stage.live().answer(click), Accept)
    stage.runner.resume(lambda _: True)
    await stage.time.rest()
    assert stage.wall.kinds("count")[-1].current.answers.keys() == {7}


async def test_a_restart_resumes_each_round_once(stage: Stage) -> None:
    await stage.play()
    await stage.restart(timedelta(seconds=1))
    before = len(stage.wall.shown)
    stage.runner.resume(lambda _: True)
    await stage.time.rest()
    assert len(stage.wall.shown) == before
    await stage.close()
    assert len(stage.wall.kinds("answer")) == 1


async def test_a_new_connection_leaves_a_round_alone_that_is_being_announced(stage: Stage) -> None:
    async def announce(plan: RoundPlan) -> None:
        assert plan.channel_id == CHANNEL
        stage.runner.resume(lambda _: True)
        await stage.time.rest()
        assert phase_of(stage.live()) is Phase.DRAWING

    await stage.runner.start(stage.plan(), announce)
    await stage.pass_ms(LEAD_IN_MS)
    assert phase_of(stage.live()) is Phase.OPEN
    assert len(stage.wall.kinds("ask")) == 1


async def test_a_long_absence_ends_a_round(stage: Stage) -> None:
    live = await stage.play()
    await live.answer(stage.click(live, 7))
    await stage.restart(timedelta(milliseconds=20_000 + GRACE_MS + AWAY_MS + 1))
    [podium] = stage.wall.kinds("podium")
    assert podium.reason == "away"
    assert podium.standings[0].points > 0
    assert await stage.state() == ("finished", "away")


async def test_a_question_that_ran_out_just_now_is_reopened(stage: Stage) -> None:
    live = await stage.play()
    await live.answer(stage.click(live, 7))
    await stage.restart(timedelta(milliseconds=20_000 + GRACE_MS))
    live = stage.live()
    assert live.state.current is not None
    assert live.state.current.reopened
    assert isinstance(await live.answer(stage.click(live, 8, after=20_000 + GRACE_MS)), Accept)
    await stage.pass_ms(20_000 + GRACE_MS - 1)
    assert phase_of(live) is Phase.OPEN


async def test_a_stop_between_restart_and_connection_is_heard(stage: Stage) -> None:
    await stage.play()
    await stage.stop()
    stage.start()
    await stage.runner.load()
    stage.live().control(Action.STOP, 1)
    stage.runner.resume(lambda _: True)
    await stage.time.rest()
    assert await stage.state() == ("finished", "stopped")


@pytest.mark.parametrize(
    "forged",
    [
        {"message_id": 12345},
        {"choice": 4},
        {"choice": None},
        {"choice": None, "text": "an answer"},
    ],
)
async def test_a_click_that_does_not_belong_here_is_refused(stage: Stage, forged: dict[str, Any]) -> None:
    live = await stage.play()
    before = live.state
    with pytest.raises(Refusal):
        await live.answer(stage.click(live, 7)._replace(**forged))
    assert live.state == before


async def test_a_click_in_another_channel_reaches_no_round(stage: Stage) -> None:
    live = await stage.play()
    with pytest.raises(Refusal, match="does not belong here"):
        stage.runner.get(live.state.id, CHANNEL + 1)


@pytest.mark.parametrize(
    ("action", "phase"),
    [
        (Action.NEXT, Phase.OPEN),
        (Action.REVEAL, Phase.SHOWN),
        (Action.NEXT, Phase.SHOWN),
        (Action.SKIP, Phase.SHOWN),
    ],
)
async def test_a_control_that_comes_too_late_is_refused(stage: Stage, action: Action, phase: Phase) -> None:
    live = await stage.play()
    if phase is Phase.SHOWN:
        await stage.close()
    assert phase_of(live) is phase
    position = live.state.position if phase is Phase.OPEN or action is Action.REVEAL else 0
    with pytest.raises(Refusal):
        live.control(action, position)


async def test_no_question_of_that_kind_is_a_refusal_and_no_round(stage: Stage) -> None:
    with pytest.raises(Refusal, match="no questions of that kind"):
        await stage.runner.start(
            stage.plan(
                topic="rare", spoilers=Spoiler.NONE, answer_form="typed", pack="none", difficulty="impossible"
            ),
            announced,
        )
    assert await stage.database.read(lambda c: c.execute("SELECT COUNT(*) FROM rounds").fetchone()) == (0,)


async def test_a_closed_thread_is_reopened_once(stage: Stage) -> None:
    await stage.play()
    stage.wall.fails = {"answer": [Failure.ARCHIVED]}
    await stage.close()
    assert stage.wall.reopened == [CHANNEL]
    stage.wall.fails = {"ask": [Failure.ARCHIVED]}
    await stage.pass_ms(PAUSE_MS)
    assert await stage.state() == ("finished", "thread closed")


async def test_a_question_goes_by_the_spoilers_of_the_moment_at_which_it_is_drawn(stage: Stage) -> None:
    """They were allowed when the round began, and no longer are."""
    await stage.tools.settings.change(GUILD, spoilers=Spoiler.ENDING)
    live = await stage.play(spoilers=Spoiler.ENDING, questions=25)
    await stage.tools.settings.change(GUILD, spoilers=Spoiler.NONE)
    levels = [live.state.current.asked.spoiler] if live.state.current else []
    while phase_of(live) is not Phase.FINISHED:
        await live.answer(stage.click(live, 7))
        await stage.close()
        await stage.pass_ms(PAUSE_MS)
        if live.state.current and live.state.current.position > len(levels):
            levels.append(live.state.current.asked.spoiler)
    assert len(levels) == 25
    assert set(levels[1:]) == {Spoiler.NONE}
