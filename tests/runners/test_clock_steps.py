"""The machine's clock is set in the middle of a round, and Discord's is not: nobody notices."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.core.quiz_moves import GRACE_MS, LEAD_IN_MS, PAUSE_MS
from bot.core.round_events import Accept, Decline, Why
from bot.core.rounds import Failure, Phase
from bot.runners.live_round import LiveRound
from bot.runners.time import SystemTime
from tests.runners.stage import AHEAD_MS, Stage, announced, phase_of

HOUR = timedelta(hours=1)
STEPS = (timedelta(seconds=5), -timedelta(seconds=5), HOUR, -HOUR, timedelta(days=400), -timedelta(days=400))


def position_of(live: LiveRound) -> int:
    return live.state.position


@pytest.mark.parametrize("by", STEPS)
async def test_a_question_closes_on_time(stage: Stage, by: timedelta) -> None:
    live = await stage.play()
    await stage.pass_ms(10_000)
    stage.time.step(by)
    await stage.pass_ms(10_000)
    assert isinstance(await live.answer(stage.click(live, 1, after=19_999)), Accept)
    await stage.pass_ms(GRACE_MS - 1)
    assert phase_of(live) is Phase.OPEN
    late = await live.answer(stage.click(live, 2, after=20_001))
    assert late == Decline(Why.LATE)
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.SHOWN
    await stage.pass_ms(PAUSE_MS - 1)
    assert position_of(live) == 1
    await stage.pass_ms(1)
    assert (position_of(live), phase_of(live)) == (2, Phase.OPEN)


@pytest.mark.parametrize("by", STEPS)
async def test_pauses_and_waits_for_another_try_are_as_long_as_ever(stage: Stage, by: timedelta) -> None:
    await stage.runner.start(stage.plan(), announced)
    live = stage.live()
    await stage.time.rest()
    stage.time.step(by)
    stage.wall.fails["ask"] = [Failure.OUTAGE]
    await stage.pass_ms(LEAD_IN_MS)
    assert phase_of(live) is Phase.SENDING
    stage.time.step(by)
    await stage.pass_ms(4_999)
    assert phase_of(live) is Phase.SENDING
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.OPEN


@pytest.mark.parametrize("by", STEPS)
async def test_the_countdown_of_a_question_after_the_first_is_right(stage: Stage, by: timedelta) -> None:
    live = await stage.play()
    stage.time.step(by)
    await stage.close()
    await stage.pass_ms(PAUSE_MS)
    current = live.state.current
    assert current is not None
    assert [view.closes_ms for view in stage.wall.kinds("ask")][1] == current.deadline_ms


@pytest.mark.parametrize("by", STEPS)
async def test_a_restart_after_a_step_goes_on_with_the_question(stage: Stage, by: timedelta) -> None:
    live = await stage.play()
    stage.time.step(by)
    await stage.close()
    await stage.pass_ms(PAUSE_MS)
    stage.wall.ahead_ms -= by // timedelta(milliseconds=1)
    await stage.restart(away=timedelta(seconds=5))
    live = stage.live()
    current = live.state.current
    assert current is not None
    assert (position_of(live), phase_of(live), current.reopened) == (2, Phase.OPEN, False)
    stage.time.step(by)
    await stage.pass_ms(15_000 + GRACE_MS - 1)
    assert phase_of(live) is Phase.OPEN
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.SHOWN
    await stage.restart(away=timedelta(minutes=9))
    assert (await stage.state())[0] == "running"


def test_setting_the_machines_clock_sets_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    class SetForward(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + HOUR

    clocks = SystemTime()
    monkeypatch.setattr("bot.runners.time.datetime", SetForward)
    assert clocks.now() - datetime.now(UTC) > HOUR / 2
    assert clocks.steady() - datetime.now(UTC) < HOUR / 2


async def test_a_question_does_not_outlast_the_sleep_of_the_machine(stage: Stage) -> None:
    """A steady clock stands still meanwhile; the first id that comes afterwards tells how long that was."""
    live = await stage.play()
    stage.time.step(HOUR)
    stage.wall.ahead_ms += HOUR // timedelta(milliseconds=1)
    assert await live.answer(stage.click(live, 1, after=3_600_000)) == Decline(Why.LATE)
    await stage.time.rest()
    assert phase_of(live) is Phase.SHOWN


async def test_an_id_that_took_long_to_come_tells_nothing_of_the_clocks(stage: Stage) -> None:
    live = await stage.play()
    await stage.pass_ms(10_000)
    await live.answer(stage.click(live, 1, after=1))
    current = live.state.current
    assert current is not None
    assert current.offset_ms == AHEAD_MS
    await stage.pass_ms(10_000 + GRACE_MS)
    assert phase_of(live) is Phase.SHOWN
