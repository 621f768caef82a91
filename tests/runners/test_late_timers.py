"""Clicks that were made in time count, also where the process was stopped past the end of the question."""

from bot.core.round_events import Accept
from bot.core.rounds import Phase
from bot.runners.live_round import LONGEST_EXTRA_S
from tests.runners.stage import Stage, phase_of
from tests.runners.virtual_time import lose_patience

PLAYERS = range(1, 31)


async def test_clicks_in_time_count_after_the_process_stood_still(stage: Stage) -> None:
    live = await stage.play()
    await lose_patience(30)
    await stage.close()
    assert phase_of(live) is Phase.OPEN
    verdicts = [await live.answer(stage.click(live, user, after=19_000)) for user in PLAYERS]
    assert all(isinstance(verdict, Accept) for verdict in verdicts)
    await lose_patience(LONGEST_EXTRA_S)
    await stage.time.rest()
    assert phase_of(live) is Phase.SHOWN


async def test_a_question_closes_with_its_grace_where_nothing_was_late(stage: Stage) -> None:
    live = await stage.play()
    await stage.close()
    assert phase_of(live) is Phase.SHOWN
