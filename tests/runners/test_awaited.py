"""For whom a question waits: those who played the last one, without whoever was blocked or left no answer."""

import pytest

from bot.core.quiz_moves import (
    EARLY_GRACE_MS,
    PAUSE_MS,
)
from bot.core.refusal import Refusal
from bot.core.round_events import Accept, Decline, Why
from bot.core.rounds import Phase
from bot.runners.live_round import LiveRound
from bot.storage import moderation
from bot.storage.database import StorageFailure
from bot.storage.privacy import delete_user
from tests.runners.stage import GUILD, Stage, phase_of


async def at_second_question(stage: Stage, *players: int) -> LiveRound:
    """Play a round to its second question, the first of which these players have answered."""
    live = await stage.play()
    for user in players:
        await live.answer(stage.click(live, user))
    await stage.close()
    await stage.pass_ms(PAUSE_MS)
    assert (phase_of(live), live.state.position) == (Phase.OPEN, 2)
    return live


async def answer_and_wait(stage: Stage, live: LiveRound, *players: int) -> None:
    """Have these players answer the open question, and the grace for others pass."""
    for user in players:
        await live.answer(stage.click(live, user))
    await stage.pass_ms(EARLY_GRACE_MS)


@pytest.mark.parametrize("early", [True, False])
async def test_an_answer_comes_once_everybody_is_in_unless_the_server_wants_the_whole_time(
    stage: Stage, early: bool
) -> None:
    await stage.tools.settings.change(GUILD, early_answers=early)
    live = await at_second_question(stage, 7, 8)
    assert [view.may_close_early for view in stage.wall.kinds("ask")] == [False, early]
    await live.answer(stage.click(live, 7))
    await stage.pass_ms(5_000)
    assert phase_of(live) is Phase.OPEN
    await live.answer(stage.click(live, 8, after=6_000))
    await stage.pass_ms(EARLY_GRACE_MS - 1)
    assert phase_of(live) is Phase.OPEN
    await stage.pass_ms(1)
    assert phase_of(live) is (Phase.SHOWN if early else Phase.OPEN)


async def test_a_setting_that_changes_in_mid_round_holds_from_the_next_question(stage: Stage) -> None:
    live = await at_second_question(stage, 7, 8)
    await stage.tools.settings.change(GUILD, early_answers=False)
    await answer_and_wait(stage, live, 7, 8)
    assert phase_of(live) is Phase.SHOWN
    await stage.pass_ms(PAUSE_MS)
    await answer_and_wait(stage, live, 7, 8)
    assert phase_of(live) is Phase.OPEN


async def test_a_restart_in_the_grace_keeps_every_answer_and_ends_the_question_then(stage: Stage) -> None:
    live = await at_second_question(stage, 7, 8)
    for user in (7, 8):
        await live.answer(stage.click(live, user))
    await stage.pass_ms(EARLY_GRACE_MS // 2)
    await stage.restart()
    live = stage.live()
    assert isinstance(await live.answer(stage.click(live, 9, right=False)), Accept)
    await stage.pass_ms(EARLY_GRACE_MS)
    assert phase_of(live) is Phase.SHOWN
    assert [answer.user_id for answer in stage.wall.kinds("answer")[-1].answers] == [7, 8, 9]


@pytest.mark.parametrize("restarts", [False, True])
async def test_nobody_waits_for_who_was_blocked(stage: Stage, restarts: bool) -> None:
    live = await at_second_question(stage, 7, 8, 9)
    for user in (7, 8):
        await live.answer(stage.click(live, user))
    await stage.database.write(moderation.block_player, GUILD, 9, 1, stage.time.now())
    if restarts:
        await stage.restart()
        live = stage.live()
    else:
        stage.runner.block(GUILD, 9)
    await stage.pass_ms(EARLY_GRACE_MS)
    assert phase_of(live) is Phase.SHOWN


@pytest.mark.parametrize("restarts", [False, True])
async def test_who_answered_and_was_then_blocked_is_neither_told_nor_waited_for(
    stage: Stage, restarts: bool
) -> None:
    live = await at_second_question(stage, 7, 8, 9)
    for user in (9, 7, 8):
        await live.answer(stage.click(live, user))
    await stage.database.write(moderation.block_player, GUILD, 9, 1, stage.time.now())
    if restarts:
        await stage.restart()
        live = stage.live()
    else:
        stage.runner.block(GUILD, 9)
        await stage.pass_ms(0)
    with pytest.raises(Refusal, match="taken you out"):
        await live.answer(stage.click(live, 9))
    await stage.pass_ms(EARLY_GRACE_MS * 2)
    [*_, view] = stage.wall.kinds("answer")
    assert {answer.user_id for answer in view.answers} == {7, 8}
    assert {streak.user_id for streak in view.streaks} == {7, 8}
    await stage.pass_ms(PAUSE_MS)
    await answer_and_wait(stage, live, 7, 8)
    assert phase_of(live) is Phase.SHOWN


async def test_a_block_that_is_lifted_before_the_question_is_over_costs_nothing(stage: Stage) -> None:
    live = await at_second_question(stage, 7, 8, 9)
    given = await live.answer(stage.click(live, 9))
    assert isinstance(given, Accept)
    await stage.database.write(moderation.block_player, GUILD, 9, 1, stage.time.now())
    stage.runner.block(GUILD, 9)
    await stage.pass_ms(0)
    await stage.database.write(moderation.unblock_player, GUILD, 9)
    assert await live.answer(stage.click(live, 9, right=False)) == Decline(Why.ALREADY, given.answer)
    await stage.close()
    [*_, view] = stage.wall.kinds("answer")
    assert view.answers == [given.answer]
    assert [streak.user_id for streak in view.streaks] == [9]
    await stage.pass_ms(PAUSE_MS)
    following = await live.answer(stage.click(live, 9))
    assert isinstance(following, Accept)
    assert following.answer.streak == 3


async def test_of_whoever_deletes_their_data_a_round_keeps_neither_streak_nor_points(stage: Stage) -> None:
    live = await at_second_question(stage, 7, 8)
    while (await stage.database.write(delete_user, 7))[1]:
        pass
    stage.runner.forget(7)
    await stage.pass_ms(0)
    following = await live.answer(stage.click(live, 7))
    assert isinstance(following, Accept)
    assert (following.before, following.bonus, following.answer.streak) == (0, 0, 1)
    assert live.recaps.keys() == {8}


async def test_an_answer_that_a_full_disk_lost_is_waited_for(stage: Stage) -> None:
    live = await at_second_question(stage, 7, 8)
    await live.answer(stage.click(live, 7))
    stage.database.full = True
    with pytest.raises(StorageFailure):
        await live.answer(stage.click(live, 8))
    stage.database.full = False
    await stage.pass_ms(EARLY_GRACE_MS * 2)
    assert phase_of(live) is Phase.OPEN
