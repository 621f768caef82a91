"""What goes wrong at each kind of message of a round: the channel is free afterwards."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import TriviaBot
from bot.storage.database import Location
from playground import Driver
from tests.engines import connection_to
from tests.wire.daily.acts import eventually
from tests.wire.quiz.game import ANSWER, COUNT_EVERY, GRACE, Game
from tests.wire.quiz.troubled import EDIT, KINDS, SEND, finish, new_round_starts, play_up_to


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(403, 50013, "no access"), (403, 50001, "no access"), (404, 10003, "channel gone")],
)
async def test_a_refusal_at_any_message_ends_the_round(
    discord: Driver, game: Game, kind: str, status: int, code: int, reason: str
) -> None:
    go = await play_up_to(game, kind)
    discord.faults.fail_next(status, 1, EDIT if kind in ("count", "answer") else SEND, code=code)
    if kind == "podium":
        # The picture is left out after the first refusal.
        discord.faults.fail_next(status, 1, SEND, code=code)
    go()
    await finish(game)
    [(state, end_reason)] = await game.rounds()
    assert (state, end_reason) == ("finished", "completed" if kind == "podium" else reason)
    discord.faults.clear()
    await new_round_starts(game)
    assert (await game.query("SELECT points > 0 FROM answers", ()))[0][0] == 1


@contextmanager
def held(location: Location) -> Iterator[None]:
    """Keep everybody else from writing answers and decks, as another program on the database would."""
    with connection_to(location) as other:
        other.begin()
        if not isinstance(location, Path):
            other.execute("LOCK TABLE answers, decks IN EXCLUSIVE MODE")
        yield


@pytest.mark.both_engines
async def test_a_click_on_a_database_that_is_held_hears_in_time_that_it_may_try_again(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await game.start("Ada", questions=1, seconds=30)
    shown, right = await game.question(1), await game.right_button(1)
    with held(bot.tools.database.location):
        replies = await asyncio.gather(dev.click(shown, right), eli.click(shown, right), dev.run("fact"))
        for reply in replies:
            assert reply.ephemeral
            assert "nothing has changed. Please try again" in reply.text
    assert "Your answer is in" in (await dev.click(shown, right)).text
    assert set(await game.answers()) == {(1, dev.id)}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_card_that_discord_calls_wrong_ends_the_round_and_is_logged(
    discord: Driver, game: Game, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A live count is the exception: the answer shows the same message anew."""
    go = await play_up_to(game, kind)
    discord.faults.fail_next(400, 1, EDIT if kind in ("count", "answer") else SEND)
    go()
    if kind == "count":
        await game.stored("SELECT 1 FROM answers", ())
        discord.advance(COUNT_EVERY)
        await eventually(lambda: "Discord refused a message: 400" in caplog.text)
        await game.next(2)
        await game.stop()
    await finish(game)
    assert caplog.text.count("Discord refused a message: 400") == 1
    reason = {"count": "stopped", "podium": "completed"}.get(kind, "fault")
    assert await game.rounds() == [("finished", reason)]
    if kind in ("question", "answer"):
        assert "a fault on my side" in (await game.podium()).text
    await new_round_starts(game)
    assert (await game.query("SELECT points > 0 FROM answers", ()))[0][0] == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_revoked_permission_ends_the_round(discord: Driver, game: Game, kind: str) -> None:
    go = await play_up_to(game, kind)
    discord.deny("trivia", "view_channel")
    go()
    await finish(game)
    discord.allow("trivia", "view_channel")
    await new_round_starts(game)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_deleted_channel_ends_the_round(discord: Driver, game: Game, kind: str) -> None:
    go = await play_up_to(game, kind)
    channel = discord.channel("trivia")
    discord.controls.delete_channel(channel)
    if kind != "count":
        go()
    else:
        discord.advance(30 + GRACE)
    await finish(game)
    await new_round_starts(game, "welcome")


@pytest.mark.parametrize("kind", ["count", "answer"])
async def test_a_deleted_question_is_void_and_a_new_message_says_so(
    discord: Driver, game: Game, kind: str
) -> None:
    go = await play_up_to(game, kind)
    first = await game.question(1)
    if kind == "count":
        go()
        await game.stored("SELECT 1 FROM answers", ())
    discord.controls.delete_message(first.raw)
    if kind == "answer":
        go()
    second = await game.next(2)
    assert "was deleted" in second.text
    assert (await game.asked(1)).close_reason == "deleted"
    assert [row[2] for row in (await game.answers()).values()] == [0]
    discord.controls.delete_message(second.raw)
    discord.advance(30 + GRACE)
    podium = await game.podium()
    assert "two questions in a row were deleted" in podium.text
    await new_round_starts(game)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locked", [False, True])
async def test_an_archived_thread_is_reopened_once_where_that_may_be(
    discord: Driver,
    game: Game,
    kind: str,
    locked: bool,
) -> None:
    thread = discord.controls.create_thread(
        discord.channel("trivia"), "Round table", discord.member("Ada").id
    )
    go = await play_up_to(game, kind, thread)
    discord.controls.change_thread(thread, archived=True, locked=locked)
    go()
    if locked:
        await finish(game)
        if kind != "podium":
            assert (await game.rounds())[-1][1] == "thread closed"
        discord.controls.change_thread(thread, archived=False, locked=False)
        await new_round_starts(game, thread)
        return
    if kind == "podium":
        await game.podium(thread)
    elif kind in ("count", "answer"):
        discord.advance(30 + GRACE)
        await game.discord.until(lambda: any(ANSWER in shown.text for shown in game.messages(thread)))
    else:
        await game.next(2, thread)
    assert thread.thread is not None
    assert not thread.thread.archived


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_error_is_tried_again(discord: Driver, game: Game, kind: str) -> None:
    go = await play_up_to(game, kind)
    discord.faults.fail_next(503, 1, EDIT if kind in ("count", "answer") else SEND)
    go()
    await finish(game) if kind == "podium" else await game.next(2)
    rows = await game.query("SELECT position, count(*) FROM asked_questions GROUP BY position", ())
    assert all(row[1] == 1 for row in rows)
    questions = [shown for shown in game.messages() if "Question 2 of" in shown.text]
    assert len(questions) == (0 if kind == "podium" else 1)


async def test_a_send_that_went_through_but_failed_is_not_sent_twice(discord: Driver, game: Game) -> None:
    await play_up_to(game, "question")
    discord.faults.fail_next(503, 2, SEND, when="after")
    await game.jump_until(lambda: any("Question 2 of" in one.text for one in game.messages()))
    await game.jump_until_stored("SELECT 1 FROM asked_questions WHERE position = 2 AND state <> 'asking'")
    [shown] = [one for one in game.messages() if "Question 2 of" in one.text]
    assert (await game.asked(2)).message_id == shown.id


async def test_a_click_on_a_question_whose_send_is_not_answered_tells_of_it(
    discord: Driver, game: Game
) -> None:
    await play_up_to(game, "question")
    with discord.faults.hold(SEND, when="after") as held:
        await game.jump_until(held.arrived.is_set)
        shown = next(one for one in game.messages() if "Question 2 of" in one.text)
        reply = await discord.member("Dev").click(shown, await game.right_button(2))
        assert "Your answer is in" in reply.text
        assert (await game.asked(2)).message_id == shown.id
        held.release()
    await game.close(shown, 30)
    assert (await game.asked(2)).close_reason == "deadline"


async def test_a_typed_question_whose_send_is_not_answered_can_be_answered(
    discord: Driver, game: Game
) -> None:
    await game.start("Ada", answers="typed", seconds=30)
    await game.close(await game.question(1), 30)
    with discord.faults.hold(SEND, when="after") as held:
        await game.jump_until(held.arrived.is_set)
        shown = next(one for one in game.messages() if "Question 2 of" in one.text)
        reply = await game.type(discord.member("Dev"), shown, (await game.asked(2)).right)
        assert "Your answer is in" in reply.text
        assert (await game.asked(2)).message_id == shown.id
        held.release()


async def test_ten_minutes_of_server_errors_end_the_round(discord: Driver, game: Game) -> None:
    await play_up_to(game, "question")
    discord.faults.fail_next(503, 1_000, SEND)
    await game.jump_until_stored("SELECT 1 FROM rounds WHERE end_reason = 'outage'")
    discord.faults.clear()
    discord.advance(60)
    podium = await game.podium()
    assert "could not be reached" in podium.text
    await new_round_starts(game)


async def test_a_live_count_never_holds_up_the_answer(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=10)
    shown = await game.question(1)
    with discord.faults.hold(EDIT) as held:
        await discord.member("Dev").click(shown, await game.right_button(1))
        await game.jump_until(held.arrived.is_set)
        discord.advance(10)
        await game.jump_until(lambda: held.waiting == 2)
    await game.shows(shown, ANSWER)
    await game.next(2)
    assert ANSWER in shown.text


async def test_the_bot_is_kicked_in_mid_round_and_invited_back(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=3, seconds=20)
    shown = await game.question(1)
    await discord.member("Dev").click(shown, await game.right_button(1))
    permissions = discord.guild.roles[discord.guild.id + 1].permissions
    discord.controls.kick(discord.guild)
    await game.until_finished()
    assert await game.rounds() == [("finished", "removed")]
    discord.controls.invite(discord.guild, permissions)
    await new_round_starts(game)
