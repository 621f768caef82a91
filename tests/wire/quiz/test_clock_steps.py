"""The machine's clock is set in the middle of a question; the local Discord's goes on as it did."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import TriviaBot
from bot.storage.database import Location
from playground import Driver, SharedTime
from tests.wire.quiz.conftest import serving_bot
from tests.wire.quiz.game import ANSWER, Game, reader_of

HOUR = timedelta(hours=1)


class WrongTime(SharedTime):
    """The playground's time on a machine whose wall clock is wrong by `error`."""

    error = timedelta()

    def now(self) -> datetime:
        return super().now() + self.error


@pytest.fixture
def time(discord: Driver) -> WrongTime:
    return WrongTime(discord.clock)


@pytest.fixture
async def bot(
    discord: Driver, time: WrongTime, location: Location, packs_path: Path
) -> AsyncIterator[TriviaBot]:
    """The bot on that machine."""
    async with serving_bot(discord, time, location, packs_path) as bot:
        yield bot


@pytest.fixture
def game(discord: Driver, bot: TriviaBot) -> Game:
    return Game(discord, reader_of(bot))


@pytest.mark.parametrize("error", [timedelta(seconds=5), HOUR, -timedelta(seconds=5), -HOUR])
async def test_a_question_is_open_as_long_as_it_says(
    discord: Driver, time: WrongTime, game: Game, error: timedelta
) -> None:
    dev, eli, carmen = (discord.member(name) for name in ("Dev", "Eli", "Carmen"))
    await game.start("Ada", questions=2, seconds=20)
    shown, right = await game.question(1), await game.right_button(1)
    time.error = error
    discord.advance(19)
    # Were it closed too early, it would be so by the second click.
    for actor in (dev, eli):
        assert "Your answer is in" in (await actor.click(shown, right)).text
    discord.advance(2)
    assert "Your answer is in" not in (await carmen.click(shown, right)).text
    discord.advance(1)
    await game.shows(shown, ANSWER)
    assert set(await game.answers()) == {(1, dev.id), (1, eli.id)}
    second = await game.next(2)
    discord.advance(22)
    await game.shows(second, ANSWER)
