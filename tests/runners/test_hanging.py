"""Requests of a round that Discord does not answer: what runs out of time, and what is cut short."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.quiz_moves import FIRST_RETRY_MS, GRACE_MS, PAUSE_MS
from bot.core.round_events import Accept
from bot.core.rounds import Action, CloseReason, Failure, Phase
from bot.runners.live_round import LiveRound
from bot.runners.patience import LONGEST_REQUEST_S
from bot.runners.round_orders import NONCE_KEPT_MS
from bot.storage.moments import to_ms
from tests.runners.stage import AHEAD_MS, GUILD, Stage, phase_of, snowflake
from tests.runners.virtual_time import lose_patience


async def run_out_of_time(stage: Stage) -> None:
    """Let as much time pass as a request has, by every clock."""
    await stage.pass_ms(LONGEST_REQUEST_S * 1_000)
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()


async def play_to_hanging_question(stage: Stage) -> LiveRound:
    """Start a round, and go on to its second question, whose send is not answered."""
    live = await stage.play()
    await stage.close()
    stage.wall.hangs["ask"] = asyncio.Event()
    await stage.pass_ms(PAUSE_MS)
    assert phase_of(live) is Phase.SENDING
    return live


async def test_a_question_that_runs_out_of_time_is_sent_again_with_its_nonce(stage: Stage) -> None:
    live = await play_to_hanging_question(stage)
    await stage.pass_ms(LONGEST_REQUEST_S * 1_000)
    assert len(stage.wall.kinds("ask")) == 2
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    del stage.wall.hangs["ask"]
    await stage.pass_ms(FIRST_RETRY_MS)
    # (the wall holds every nonce against the question's position)
    assert [view.current.position for view in stage.wall.kinds("ask")] == [1, 2, 2]
    assert phase_of(live) is Phase.OPEN


async def test_a_question_that_hangs_for_two_minutes_is_looked_for(stage: Stage) -> None:
    live = await play_to_hanging_question(stage)
    began = stage.time.now()
    while not stage.wall.kinds("find"):
        stage.wall.found = snowflake(to_ms(stage.time.now()))
        await run_out_of_time(stage)
    assert stage.time.now() - began > timedelta(milliseconds=NONCE_KEPT_MS)
    assert phase_of(live) is Phase.OPEN
    assert live.state.current is not None
    assert live.state.current.message_id == stage.wall.found


async def test_a_search_that_runs_out_of_time_sends_nothing(stage: Stage) -> None:
    live = await play_to_hanging_question(stage)
    stage.wall.hangs["find"] = asyncio.Event()
    while not stage.wall.kinds("find"):
        await run_out_of_time(stage)
    asked = len(stage.wall.kinds("ask"))
    for _ in range(8):
        await run_out_of_time(stage)
    assert len(stage.wall.kinds("find")) > 1
    assert len(stage.wall.kinds("ask")) == asked
    assert phase_of(live) is Phase.SENDING


async def test_a_live_count_that_runs_out_of_time_makes_room_for_the_next(stage: Stage) -> None:
    live = await stage.play(seconds=60)
    stage.wall.hangs["count"] = asyncio.Event()
    await live.answer(stage.click(live, 7))
    await stage.time.rest()
    await run_out_of_time(stage)
    del stage.wall.hangs["count"]
    await live.answer(stage.click(live, 8))
    await stage.pass_ms(3_000)
    assert stage.wall.answered.count("count") == 1
    assert phase_of(live) is Phase.OPEN


async def test_an_answer_that_runs_out_of_time_is_shown_again_and_the_round_goes_on(stage: Stage) -> None:
    live = await stage.play(questions=2)
    stage.wall.hangs["answer"] = asyncio.Event()
    await stage.close()
    assert phase_of(live) is Phase.CLOSING
    del stage.wall.hangs["answer"]
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    assert phase_of(live) is Phase.SHOWN
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, True]
    await stage.pass_ms(PAUSE_MS)
    assert phase_of(live) is Phase.OPEN
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, True, False]


async def test_answers_that_all_hang_neither_hold_up_the_round_nor_overtake_each_other(stage: Stage) -> None:
    live = await stage.play(questions=1)
    stage.wall.hangs["answer"] = asyncio.Event()
    await stage.close()
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    await stage.pass_ms(PAUSE_MS)
    assert len(stage.wall.kinds("podium")) == 1
    assert await stage.state() == ("finished", "completed")
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, True]
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    assert [view.next_ms is not None for view in stage.wall.kinds("answer")] == [True, True, False]
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    assert live.state.id not in stage.runner._rounds


async def test_a_podium_that_runs_out_of_time_is_looked_for(stage: Stage) -> None:
    await stage.play(questions=1)
    await stage.close()
    stage.wall.hangs["podium"] = asyncio.Event()
    await stage.pass_ms(PAUSE_MS)
    stage.wall.found = 123
    await lose_patience(LONGEST_REQUEST_S)
    await stage.time.rest()
    await stage.pass_ms(FIRST_RETRY_MS)
    assert len(stage.wall.kinds("podium")) == 1
    assert await stage.state() == ("finished", "completed")


@pytest.mark.parametrize("arrived", [True, False])
async def test_stop_does_not_wait_for_a_question_that_hangs(stage: Stage, *, arrived: bool) -> None:
    live = await play_to_hanging_question(stage)
    answers = len(stage.wall.kinds("answer"))
    message = stage.wall.found = snowflake(to_ms(stage.time.now())) if arrived else None
    live.control(Action.STOP, 2)
    await stage.time.rest()
    assert await stage.state() == ("finished", "stopped")
    assert len(stage.wall.kinds("ask")) == 2
    assert len(stage.wall.kinds("podium")) == 1
    # The buttons of a question that nobody heard of are taken away, if it is there.
    shown = [view for view in stage.wall.kinds("answer")[answers:] if view.current.position == 2]
    assert [(view.current.message_id, view.next_ms, view.current.closed) for view in shown] == (
        [(message, None, CloseReason.SKIPPED)] if arrived else []
    )
    query = "SELECT state FROM asked_questions ORDER BY position"
    rows = await stage.database.read(lambda c: c.execute(query).fetchall())
    assert rows == [("revealed",), ("void",)]


async def test_a_question_that_cannot_be_looked_for_at_the_end_is_left(stage: Stage) -> None:
    live = await play_to_hanging_question(stage)
    stage.wall.fails = {"find": [Failure.OUTAGE]}
    live.control(Action.STOP, 2)
    await stage.time.rest()
    assert await stage.state() == ("finished", "stopped")
    assert live.state.id not in stage.runner._rounds


async def test_stop_does_not_wait_for_an_answer_that_hangs(stage: Stage) -> None:
    live = await stage.play()
    await live.answer(stage.click(live, 7))
    stage.wall.hangs["answer"] = asyncio.Event()
    await stage.close()
    assert phase_of(live) is Phase.CLOSING
    del stage.wall.hangs["answer"]
    live.control(Action.STOP, 1)
    await stage.time.rest()
    assert await stage.state() == ("finished", "stopped")
    [podium] = stage.wall.kinds("podium")
    assert podium.standings[0].points > 0
    assert stage.wall.kinds("answer")[-1].next_ms is None
    assert stage.wall.kinds("find") == []


async def test_a_server_that_removed_the_bot_waits_for_no_request(stage: Stage) -> None:
    await play_to_hanging_question(stage)
    stage.runner.leave_guild(GUILD)
    await stage.time.rest()
    assert await stage.state() == ("finished", "removed")


async def test_a_question_that_a_click_told_of_closes_though_its_send_hangs(stage: Stage) -> None:
    live = await play_to_hanging_question(stage)
    now = to_ms(stage.time.now()) + AHEAD_MS
    click = stage.click(live, 7)._replace(message_id=snowflake(now), at_ms=now)
    assert isinstance(await live.answer(click), Accept)
    await stage.time.rest()
    # The card before loses its buttons as soon as the question is known to be there.
    assert stage.wall.kinds("answer")[-1].next_ms is None
    await stage.pass_ms(20_000 + GRACE_MS + AHEAD_MS)
    assert phase_of(live) is Phase.SHOWN
    assert [view.current.position for view in stage.wall.kinds("ask")] == [1, 2]


async def test_a_round_whose_first_question_hangs_can_be_stopped(stage: Stage) -> None:
    stage.wall.hangs["ask"] = asyncio.Event()
    live = await stage.play()
    live.control(Action.STOP, 1)
    await stage.time.rest()
    assert await stage.state() == ("finished", "stopped")
