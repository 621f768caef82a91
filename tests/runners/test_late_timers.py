"""Clicks that were made in time count, also where the process was stopped past the end of the question."""

from bot.core.quiz_moves import GRACE_MS
from bot.core.round_events import Accept
from bot.core.rounds import Phase
from bot.runners.live_round import LONGEST_EXTRA_S, QUIET_MS
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
    await stage.pass_ms(QUIET_MS)
    assert phase_of(live) is Phase.SHOWN


async def test_a_question_closes_with_its_grace_where_nothing_was_late(stage: Stage) -> None:
    live = await stage.play()
    await stage.close()
    assert phase_of(live) is Phase.SHOWN


async def test_a_question_stays_open_while_answers_given_in_time_keep_coming(stage: Stage) -> None:
    """As they do where more come in a moment than can be read in one."""
    live = await stage.play()
    await stage.pass_ms(20_000 + GRACE_MS - QUIET_MS // 2)
    for user in range(10):
        assert phase_of(live) is Phase.OPEN
        assert isinstance(await live.answer(stage.click(live, user, after=19_500)), Accept)
        await stage.pass_ms(QUIET_MS - 1)
    await stage.pass_ms(2 * QUIET_MS)
    assert phase_of(live) is Phase.SHOWN


async def test_no_stream_of_answers_keeps_a_question_open_for_good(stage: Stage) -> None:
    live = await stage.play()
    await stage.pass_ms(20_000 + GRACE_MS - 1)
    user = 0
    while phase_of(live) is Phase.OPEN:
        user += 1
        await live.answer(stage.click(live, user, after=19_500))
        await stage.pass_ms(QUIET_MS // 3)
    assert LONGEST_EXTRA_S * 1_000 <= user * QUIET_MS // 3 <= LONGEST_EXTRA_S * 1_000 + QUIET_MS + 100


async def test_answers_that_come_late_keep_no_question_open(stage: Stage) -> None:
    live = await stage.play()
    await stage.pass_ms(20_000 + GRACE_MS - 1)
    await live.answer(stage.click(live, 1, after=20_001))
    await stage.pass_ms(1)
    assert phase_of(live) is Phase.SHOWN
