"""PostgreSQL in trouble in the middle of a round: what was acknowledged is there, once, and nobody waits."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.app import TriviaBot
from bot.errors import BUSY, SLOW
from playground import Actor, Driver, Shown
from tests import postgres
from tests.wire.quiz.game import ANSWER, GRACE, Game

pytestmark = pytest.mark.only_postgres

AT_ONCE_S = 2.0
"""Discord gives three seconds, and a busy machine needs one of them for itself."""
IS_IN = "Your answer is in"
PLAYERS = 40
BETWEEN_PLAYERS_S = 0.03
BEFORE_TRYING_AGAIN_S = 0.1

Trouble = Callable[[TriviaBot], Awaitable[None]]


async def end_sessions(bot: TriviaBot) -> None:
    """Terminate the bot's sessions again and again."""
    for _ in range(10):
        await asyncio.to_thread(postgres.end_sessions, str(bot.tools.database.location))


async def restart_server(_: TriviaBot) -> None:
    """Stop the server as a crash would, and start it again."""
    await asyncio.to_thread(postgres.shared_server().stop)
    await asyncio.to_thread(postgres.shared_server().start)


async def answer(actor: Actor, shown: Shown, button: str, wait: float) -> None:
    """Click after a while, and do so again until the answer is in, as people do who are told to."""
    unheard = False
    await asyncio.sleep(wait)
    while True:
        reply = await actor.click(shown, button)
        if reply.state == "failed":
            unheard = True
        elif IS_IN in reply.text or (unheard and "answered already" in reply.text):
            return
        else:
            assert reply.text == BUSY
        await asyncio.sleep(BEFORE_TRYING_AGAIN_S)


@contextmanager
def frozen(bot: TriviaBot) -> Iterator[None]:
    """Stop the processes of the server that serve the bot, which no connection tells of."""
    place = str(bot.tools.database.location)
    name = place.rsplit("/", 1)[1]
    found = postgres.shared_server().run_sql(f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'")
    pids = [int(str(pid)) for (pid,) in found]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_whoever_waits_for_a_frozen_database_hears_in_time_and_then_what_became_of_it(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await game.start("Ada", questions=1, seconds=120)
    shown, right, wrong = await game.question(1), await game.right_button(1), await game.wrong_button(1)
    assert IS_IN in (await dev.click(shown, right)).text
    with frozen(bot):
        pressed, fact = await asyncio.gather(eli.click(shown, right), dev.run("fact"))
        await discord.until(lambda: bool(pressed.follow_ups))
        word = pressed.follow_ups[0]
        assert [(told.text, told.ephemeral) for told in (word, fact)] == [(SLOW, True)] * 2
    await discord.until(lambda: any(IS_IN in told.text for told in pressed.follow_ups))
    await discord.until(lambda: any("Another" in told.buttons for told in fact.follow_ups))
    assert "answered already" in (await eli.click(shown, wrong)).text
    discord.advance(120 + GRACE)
    await game.shows(shown, "2 of 2 answers right")
    assert set(await game.answers()) == {(1, dev.id), (1, eli.id)}


@pytest.mark.parametrize("trouble", [end_sessions, restart_server])
async def test_answers_are_there_once_whatever_becomes_of_the_sessions(
    discord: Driver, bot: TriviaBot, game: Game, trouble: Trouble
) -> None:
    players = discord.add_members(PLAYERS)
    await game.start("Ada", questions=2, seconds=120)
    for position in (1, 2):
        shown, right = await game.next(position), await game.right_button(position)
        await asyncio.gather(
            trouble(bot),
            *(
                answer(player, shown, right, number * BETWEEN_PLAYERS_S)
                for number, player in enumerate(players)
            ),
        )
        discord.advance(120 + GRACE)
        await game.jump_until(lambda shown=shown: ANSWER in shown.text)  # type: ignore[misc]
        assert f"{PLAYERS} of {PLAYERS} answers right" in shown.text
    await game.podium()
    await game.until_finished()
    stored = await game.query("SELECT position, user_id FROM answers ORDER BY position, user_id", ())
    assert stored == [(position, player.id) for position in (1, 2) for player in players]
    given = await game.query("SELECT user_id, SUM(points) FROM answers GROUP BY user_id", ())
    assert dict(given) == dict(await game.query("SELECT user_id, points FROM totals", ()))
    assert await game.rounds() == [("finished", "completed")]


async def test_a_database_that_is_gone_over_a_deadline_is_told_at_once_and_waited_for(
    discord: Driver, game: Game
) -> None:
    dev, eli, carmen = (discord.member(name) for name in ("Dev", "Eli", "Carmen"))
    await game.start("Ada", questions=2, seconds=20)
    shown, right = await game.question(1), await game.right_button(1)
    assert IS_IN in (await dev.click(shown, right)).text
    server = postgres.shared_server()
    await asyncio.to_thread(server.stop)
    try:
        for _ in range(2):
            began = time.monotonic()
            replies = await asyncio.gather(
                eli.click(shown, right), carmen.click(shown, right), dev.run("fact"), dev.run("leaderboard")
            )
            assert time.monotonic() - began < AT_ONCE_S
            assert [(reply.text, reply.ephemeral) for reply in replies] == [(BUSY, True)] * 4
            discord.advance(9)
        discord.advance(12)
        assert "This question is over." in (await carmen.click(shown, right)).text
        assert (await dev.run("fact")).text == BUSY
        assert ANSWER not in shown.text
    finally:
        await asyncio.to_thread(server.start)
    await game.jump_until(lambda: ANSWER in shown.text)
    assert "1 of 1 answer right" in shown.text
    asked = await game.asked(1)
    assert asked.close_reason == "deadline"
    assert set(await game.answers()) == {(1, dev.id)}
    shown, right = await game.next(2), await game.right_button(2)
    for player in (dev, eli):
        assert IS_IN in (await player.click(shown, right)).text
    await game.close(shown)
    await game.podium()
