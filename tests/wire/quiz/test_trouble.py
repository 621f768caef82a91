"""What goes wrong at each kind of message of a round: the channel is free afterwards."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.app import TriviaBot
from bot.storage.notices import waiting
from playground import Channel, Driver
from tests.wire.quiz.game import ANSWER, GRACE, Game

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
KINDS = ("question", "count", "answer", "podium")


async def new_round_starts(game: Game, channel: str | Channel = "trivia") -> None:
    """Fail unless the channel is free: somebody else starts a round and gets its first question."""
    await game.until_finished()
    reply = await game.discord.member("Ben").run("quiz start", channel=channel, questions=1)
    assert not reply.ephemeral, reply.text
    await game.next(1, channel)


async def play_up_to(game: Game, kind: str, channel: str | Channel = "trivia") -> Callable[[], None]:
    """Play until just before a message of this kind; return what lets it be sent or edited."""
    dev = game.discord.member("Dev")
    last = kind == "podium"
    await game.start("Ada", channel, questions=1 if last else 3, seconds=30)
    first = await game.question(1, channel)
    if kind == "count":
        button = await game.right_button(1)
        game.discord.advance(3)

        def answer() -> None:
            dev.begin_click(first, button)

        return answer
    await dev.click(first, await game.right_button(1))
    if kind == "answer":
        return lambda: game.discord.advance(30 + GRACE)
    await game.discord.until(lambda: "1 answer so far" in first.text)
    await game.close(first, 30)
    return lambda: None


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


async def test_a_click_on_a_database_that_is_held_hears_in_time_that_it_may_try_again(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await game.start("Ada", questions=1, seconds=30)
    shown, right = await game.question(1), await game.right_button(1)
    with closing(sqlite3.connect(bot.tools.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        replies = await asyncio.gather(dev.click(shown, right), eli.click(shown, right), dev.run("fact"))
        for reply in replies:
            assert reply.ephemeral
            assert "nothing has changed. Please try again" in reply.text
        other.execute("ROLLBACK")
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
        await game.jump_until(lambda: "Discord refused a message: 400" in caplog.text)
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


async def finish(game: Game) -> None:
    """Let time pass until the round is over."""
    for _ in range(60):
        if [state for state, _ in await game.rounds()][-1] == "finished":
            return
        game.discord.advance(1)
        await pause(game)
    raise AssertionError(await game.rounds())


async def pause(game: Game) -> None:
    """Give the bot a moment of real time."""
    with pytest.raises(TimeoutError):
        await game.discord.until(lambda: False, patience=0.1)


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
    for _ in range(20):
        discord.advance(1)
        await pause(game)
    [shown] = [one for one in game.messages() if "Question 2 of" in one.text]
    assert ((await game.asked(2)).state, (await game.asked(2)).message_id) == ("open", shown.id)


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
    for _ in range(40):
        discord.advance(20)
        await pause(game)
    [(_, reason)] = await game.rounds()
    assert reason == "outage"
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


async def test_two_starts_at_once_make_one_round(discord: Driver, game: Game) -> None:
    replies = await asyncio.gather(
        *(discord.member(name).run("quiz start", questions=10) for name in ("Ada", "Ben", "Dev"))
    )
    private = [reply for reply in replies if reply.ephemeral]
    assert len(private) == 2
    assert all("going on in this channel already" in reply.text for reply in private)
    assert len(await game.rounds()) == 1


async def test_one_start_a_minute(discord: Driver, game: Game) -> None:
    await game.start("Ada")
    reply = await discord.member("Ada").run("quiz start", channel="welcome", questions=10)
    assert reply.ephemeral
    assert "less than a minute ago" in reply.text
    discord.advance(60)
    reply = await discord.member("Ada").run("quiz start", channel="welcome", questions=10)
    assert not reply.ephemeral


async def test_whoever_stopped_a_round_that_nobody_had_answered_may_start_anew_at_once(
    discord: Driver, game: Game
) -> None:
    for number in (1, 2):
        await game.start("Ada", questions=1, seconds=60)
        await game.stop()
        await game.until_finished(number)
    await game.start("Ada", questions=1, seconds=60)
    shown = await game.question(1)
    await discord.member("Dev").click(shown, await game.right_button(1))
    await game.stop()
    await game.until_finished(3)
    reply = await discord.member("Ada").run("quiz start", questions=1)
    assert "less than a minute ago" in reply.text


async def test_stop_racing_start(discord: Driver, game: Game) -> None:
    started, asked = await asyncio.gather(
        discord.member("Ada").run("quiz start", questions=1), discord.member("Ada").run("quiz stop")
    )
    assert started.state == asked.state == "done"
    if "No round" in asked.text:
        await game.stop()
    else:
        await discord.member("Ada").click(asked.message, "Stop the round")
    await game.until_finished()
    await new_round_starts(game)


async def test_stop_before_the_first_question(discord: Driver, game: Game) -> None:
    await discord.member("Ada").run("quiz start", questions=10)
    await game.stop()
    podium = await game.podium()
    assert "No question was asked" in podium.text
    assert await game.query("SELECT 1 FROM asked_questions", ()) == []


async def test_skip_racing_the_deadline_never_skips_the_next_question(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=3, seconds=10)
    first = await game.question(1)
    await discord.member("Dev").click(first, await game.right_button(1))
    discord.advance(10 + GRACE - 0.05)
    reply = await discord.member("Ada").run("quiz skip")
    assert reply.ephemeral
    await game.next(2)
    assert (await game.asked(2)).state == "open"
    asked = await game.asked(1)
    assert asked.close_reason in ("deadline", "skipped")
    points = (await game.answers())[1, discord.member("Dev").id][2]
    assert (points > 0) == (asked.close_reason == "deadline")


async def test_the_gateway_drops_over_a_deadline(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    button = await game.right_button(1)
    discord.advance(15)
    discord.controls.drop_gateway(None)
    await pause(game)
    in_time = discord.member("Dev").begin_click(shown, button)
    discord.advance(5)
    too_late = discord.member("Carmen").begin_click(shown, button)
    discord.advance(5)
    await pause(game)
    assert (await game.asked(1)).state == "open"
    discord.controls.restore_gateway()
    await discord.connected()
    await game.stored("SELECT 1 FROM answers WHERE user_id = ?", (in_time.user_id,))
    await game.jump_until(lambda: ANSWER in shown.text)
    assert {user for _, user in await game.answers()} == {in_time.user_id}
    assert too_late.user_id != in_time.user_id


async def test_clicks_outlast_a_gateway_that_refuses_to_resume(discord: Driver, game: Game) -> None:
    people = discord.add_members(30)
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    button = await game.right_button(1)
    discord.advance(15)
    discord.controls.drop_gateway(None, refuse=True)
    await pause(game)
    clicks = [player.begin_click(shown, button) for player in people]
    await pause(game)
    discord.controls.restore_gateway()
    await discord.connected()
    for click in clicks:
        await game.stored("SELECT 1 FROM answers WHERE user_id = ?", (click.user_id,))
    assert (await game.asked(1)).reopened == 0


async def test_a_question_that_ran_out_in_a_lost_session_is_reopened_once(
    discord: Driver, game: Game
) -> None:
    dev, eli, ben = discord.member("Dev"), discord.member("Eli"), discord.member("Ben")
    await game.start("Ada", questions=2, seconds=20)
    shown, right = await game.question(1), await game.right_button(1)
    await dev.click(shown, right)
    full = (await game.answers())[1, dev.id]
    await lose_session(game, lambda: eli.begin_click(shown, right))
    await game.shows(shown, "open again for everyone who had not answered, for half the points.")
    assert (await game.asked(1)).reopened == 1
    assert "answered already" in (await dev.click(shown, right)).text
    assert "Your answer is in" in (await eli.click(shown, right)).text
    answers = await game.answers()
    assert answers[1, dev.id] == full
    assert answers[1, eli.id][2] == (await game.asked(1)).base // 2
    await lose_session(game, lambda: ben.begin_click(shown, right))
    await game.jump_until(lambda: ANSWER in shown.text)
    assert set(await game.answers()) == {(1, dev.id), (1, eli.id)}


async def test_a_session_that_is_lost_within_the_time_reopens_nothing(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", questions=1, seconds=60)
    shown, right = await game.question(1), await game.right_button(1)
    await lose_session(game, lambda: dev.begin_click(shown, right))
    assert "Your answer is in" in (await dev.click(shown, right)).text
    assert (await game.asked(1)).reopened == 0
    assert (await game.answers())[1, dev.id][2] > (await game.asked(1)).base // 2


async def test_an_answer_says_that_others_may_be_missing(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    discord.controls.drop_gateway(None)
    await pause(game)
    discord.advance(90)
    await game.shows(shown, "answers may be missing")
    discord.controls.restore_gateway()
    await discord.connected()


async def lose_session(game: Game, meanwhile: Callable[[], object]) -> None:
    """Have the gateway forget the bot's session for 25 seconds, in which something happens."""
    game.discord.controls.drop_gateway(None, resumable=False)
    await pause(game)
    meanwhile()
    game.discord.advance(25)
    await pause(game)
    game.discord.controls.restore_gateway()
    await game.discord.connected()


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


async def test_the_host_leaves_and_a_moderator_takes_over(discord: Driver, game: Game) -> None:
    await game.start("Carmen", questions=3, seconds=60)
    carmen = discord.member("Carmen")
    discord.controls.remove_member(discord.guild, discord.guild.members[carmen.id])
    shown = await game.question(1)
    await discord.member("Ben").click(shown, "Reveal now")
    await game.shows(shown, ANSWER)
    await game.stop("Ben")
    await game.podium()


@pytest.mark.parametrize("permission", ["view_channel", "send_messages"])
async def test_a_start_names_what_the_bot_is_missing(discord: Driver, game: Game, permission: str) -> None:
    discord.deny("trivia", permission)
    reply = await discord.member("Ada").run("quiz start", questions=10)
    assert reply.ephemeral
    assert permission.replace("_", " ").title() in reply.text
    assert await game.rounds() == []


async def test_the_host_of_a_round_that_dies_hears_privately_at_once_what_to_do(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    started = await game.start("Dev", questions=3, seconds=30)
    discord.deny("trivia", "view_channel")
    discord.advance(30 + GRACE)
    await discord.until(lambda: bool(started.follow_ups))
    [told] = started.follow_ups
    assert told.ephemeral
    assert f"Your round in <#{discord.channel('trivia').id}> ended early: I may not write there" in told.text
    assert "Ask whoever manages the channel to give me View Channel and Send Messages" in told.text
    assert "What was answered is kept." in told.text
    await game.until_finished()
    await game.stored("SELECT 1 FROM rounds WHERE tell_host = 0", ())
    assert bot.tools.to_tell == set()
    assert (await discord.member("Dev").run("topics", channel="welcome")).follow_ups == []


async def test_a_host_whose_first_command_is_too_long_ago_hears_it_with_the_next(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    started = await game.start("Dev", questions=3, seconds=0)
    discord.advance(14 * 60)
    discord.deny("trivia", "send_messages")
    discord.deny("trivia", "view_channel")
    discord.advance(2 * 60)
    await game.until_finished()
    await discord.until(lambda: bool(bot.tools.to_tell))
    assert started.follow_ups == []
    # A new process begins with these.
    assert await bot.tools.database.read(waiting) == bot.tools.to_tell
    other = await discord.member("Eli").run("topics", channel="welcome")
    reply = await dev.run("topics", channel="welcome")
    await discord.until(lambda: bool(reply.follow_ups))
    [told] = reply.follow_ups
    assert told.ephemeral
    assert "ended early: I may not write there any more" in told.text
    assert "It ended <t:" in told.text
    assert other.follow_ups == []
    await game.stored("SELECT 1 FROM rounds WHERE tell_host = 0", ())
    assert (await dev.run("topics", channel="welcome")).follow_ups == []


async def test_a_host_whose_channel_is_gone_hears_of_it_elsewhere(discord: Driver, game: Game) -> None:
    started = await game.start("Dev", questions=3, seconds=30)
    discord.controls.delete_channel(discord.channel("trivia"))
    discord.advance(30 + GRACE)
    await game.until_finished()
    said: list[str] = [one.text for one in started.follow_ups]
    if not said:
        reply = await discord.member("Dev").run("topics", channel="welcome")
        await discord.until(lambda: bool(reply.follow_ups))
        said = [one.text for one in reply.follow_ups]
    assert "its channel is gone. Start a new one in another channel" in said[0]


async def test_a_podium_that_nobody_sees_is_told_to_the_host_and_a_good_end_is_not(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    started = await game.start("Dev", questions=1, seconds=30)
    await game.close(await game.question(1), 30)
    discord.deny("trivia", "send_messages")
    await game.jump_until(lambda: bool(started.follow_ups))
    assert "is over, and I could not show there how it ended" in started.follow_ups[0].text
    await game.until_finished()
    discord.allow("trivia", "send_messages")
    fine = await game.start("Ben", questions=1, seconds=30)
    await game.close(await game.question(1), 30)
    await game.podium()
    await game.until_finished(2)
    assert fine.follow_ups == []
    assert bot.tools.to_tell == set()
