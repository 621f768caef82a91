"""Rounds played up to a kind of message, to have it fail, and whether the channel is free afterwards."""

from collections.abc import Callable

from playground import Channel
from tests.wire.quiz.game import GRACE, Game

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
    await game.shows_count(first, "1 answer so far")
    await game.close(first, 30)
    return lambda: None


async def finish(game: Game) -> None:
    """Let time pass until every round is over."""
    await game.jump_until_stored("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM rounds WHERE state <> 'finished')")
