"""What the log says with LOG_LEVEL=DEBUG: nothing of what people chose or typed, and no packs."""

import asyncio
from pathlib import Path

from bot.errors import NOT_OFFERED
from bot.playground import bot_process
from playground import PATIENCE, Driver, Shown
from tests.quiz_pack import write_pack
from tests.wire.quiz.game import Game, reader_at

TYPED = "xylophone of mine"
FORGED = {"difficulty": "impossibly-hard", "questions": 987_654, "seconds": 456_789, "answers": "whispered"}


async def test_a_debug_log_of_rounds_gives_nobody_away(discord: Driver, tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "orchestra")
    told = {"LOG_LEVEL": "DEBUG", "PACKS_PATH": str(tmp_path / "packs")}
    process = bot_process(discord.server, tmp_path / "trivia.db", told)
    with (tmp_path / "log").open("wb") as out:
        await process._spawn(stderr=out)
        await discord.connected()
        game = Game(discord, reader_at(tmp_path / "trivia.db"))
        await play(game)
        await forge(discord)
        await process.stop()
    log = (tmp_path / "log").read_text("utf-8")
    assert "is over" in log, "the round was logged"
    texts = "SELECT text FROM facts UNION SELECT prompt FROM questions"
    words = [text for (text,) in await game.query(texts, ())]
    people = [str(discord.member(name).id) for name in ("Ada", "Dev", "Eli")]
    secrets = ("custom_id", "quiz1:", "typed1:", TYPED, *words, *people, *map(str, FORGED.values()))
    assert [secret for secret in secrets if secret in log] == []
    assert "Traceback" not in log


async def play(game: Game) -> None:
    """Play a round with buttons and one with typed answers."""
    dev, eli = game.discord.member("Dev"), game.discord.member("Eli")
    await game.start(questions=1, seconds=20)
    shown = await game.question(1)
    await dev.click(shown, await game.right_button(1))
    await eli.click(shown, await game.wrong_button(1))
    await game.close(shown)
    await game.podium()
    game.discord.advance(60)
    await game.start(questions=1, seconds=20, answers="typed")
    shown = await game.question(1)
    await game.type(dev, shown, TYPED)
    await game.close(shown)
    await game.podium(number=2)


async def forge(discord: Driver) -> None:
    """Start rounds with values that Discord would never let through."""
    for name, value in FORGED.items():
        discord.advance(60)
        interaction = discord.server.people.run(
            discord.member("Ada").id, discord.channel("trivia").id, "quiz start", {name: value}, force=True
        )
        async with asyncio.timeout(PATIENCE):
            await interaction.settled.wait()
        assert interaction.message is not None
        assert NOT_OFFERED in Shown(interaction.message).text
