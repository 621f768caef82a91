"""What takes almost as long as Discord waits: whoever acted hears so in time, and then what came of it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot import app
from bot.app import UNANSWERED, TriviaBot, open_bot
from bot.errors import SLOW
from bot.ui.reply import TOO_LATE_FOR_A_FORM
from playground import Driver, Reply, RunningClient
from tests.wire.challenge import begin, finish
from tests.wire.conftest import config_at
from tests.wire.quiz.game import ANSWER, Game, reader_of
from tests.wire.test_own_questions import FORM, add

PATIENCE_S = 20
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have people told of what takes long after a moment."""
    monkeypatch.setattr(app, "LONGEST_SILENCE_S", 0.2)


@asynccontextmanager
async def hanging(trivia: TriviaBot) -> AsyncIterator[None]:
    """Have the database stand still."""
    go_on = threading.Event()
    held = [
        asyncio.create_task(hold(lambda _: go_on.wait(PATIENCE_S)))
        for hold in (trivia.tools.database.write, trivia.tools.database.read)
    ]
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(*held)


def told(reply: Reply) -> list[tuple[str, bool, bool]]:
    """Return the follow-ups: their texts, and whether they are private and still there."""
    return [(one.text, one.ephemeral, not one.deleted) for one in reply.follow_ups]


async def test_a_card_is_replaced_and_the_word_before_it_is_taken_away(
    discord: Driver, trivia: TriviaBot
) -> None:
    dev = discord.member("Dev")
    opened = (await dev.run("challenge")).message
    async with hanging(trivia):
        pressed = await dev.click(opened, "Begin")
        await discord.until(lambda: bool(pressed.follow_ups))
        assert told(pressed) == [(SLOW, True, True)]
        assert "Begin" in opened.buttons
    await discord.until(lambda: "question 1 of 5" in opened.text)
    await discord.until(lambda: told(pressed) == [(SLOW, True, False)])
    assert not opened.deleted


async def test_a_result_is_shared_once(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    result = await finish(dev, await begin(dev), trivia.tools.database.location, [True] * 5)
    async with hanging(trivia):
        shared = await dev.click(result.message, "Share")
    await discord.until(lambda: len(shared.follow_ups) == 2)
    assert [one.ephemeral for one in shared.follow_ups] == [True, False]
    assert "5 of 5" in shared.follow_ups[1].text


async def test_an_answer_waits_for_the_word_that_is_on_its_way(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    result = await finish(dev, await begin(dev), trivia.tools.database.location, [True] * 5)
    with discord.faults.hold(CALLBACK) as held:
        async with hanging(trivia):
            pressing = asyncio.create_task(dev.click(result.message, "Share"))
            await held.arrived.wait()
        await trivia.tools.database.write(lambda _: None)
    shared = await pressing
    await discord.until(lambda: [one.ephemeral for one in shared.follow_ups] == [True, False])


async def test_an_error_takes_the_place_of_the_word(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    result = await finish(dev, await begin(dev), trivia.tools.database.location, [True] * 5)
    await dev.click(result.message, "Share")
    async with hanging(trivia):
        pressed = await dev.click(result.message, "Share")
    await discord.until(lambda: [is_there for _, _, is_there in told(pressed)] == [False, True])
    assert "shared that already" in pressed.follow_ups[1].text
    await dev.run("fact")
    await discord.until(lambda: not any(is_there for _, _, is_there in told(pressed)))
    assert not result.message.deleted


async def test_nothing_is_said_once_an_answer_is_on_its_way(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    with discord.faults.hold(CALLBACK) as held:
        arriving = asyncio.create_task(trivia.wait_for("interaction", timeout=PATIENCE_S))
        running = asyncio.create_task(dev.run("fact"))
        await held.arrived.wait()
        # As where the time is up just when the handler begins to answer.
        trivia.dispatch(UNANSWERED, await arriving)
    assert not (await running).ephemeral
    assert not (await running).follow_ups


async def test_a_form_that_comes_too_late_is_to_be_asked_for_again(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    added = await add(ada)
    trivia.tools.own.forget(discord.guild.id)
    async with hanging(trivia):
        pressed = await ada.click(added.message, "Edit")
    await discord.until(lambda: [text for text, _, _ in told(pressed)] == [SLOW, TOO_LATE_FOR_A_FORM])
    assert (await ada.click(added.message, "Edit")).modal is not None


async def test_what_comes_of_a_form_follows_and_leaves_the_card(discord: Driver, trivia: TriviaBot) -> None:
    dev, ada = discord.member("Dev"), discord.member("Ada")
    shown = await dev.run("fact")
    before = shown.text
    opened, new = await dev.click(shown.message, "Report"), await ada.run("questions add")
    async with hanging(trivia):
        sent, written = await asyncio.gather(dev.submit(opened, {"reason": "No."}), ada.submit(new, FORM))
        assert (written.text, written.ephemeral) == (SLOW, True)
    await discord.until(lambda: len(sent.follow_ups) == 2 and len(written.follow_ups) == 1)
    assert "Thank you" in sent.follow_ups[1].text
    assert "Added." in written.follow_ups[0].text
    assert shown.text == before


async def test_a_host_who_hears_nothing_but_the_word_has_steered(
    discord: Driver, trivia: TriviaBot, caplog: pytest.LogCaptureFixture
) -> None:
    game = Game(discord, reader_of(trivia))
    await game.start("Ada", questions=1, seconds=60)
    shown = await game.question(1)
    async with hanging(trivia):
        pressed = await discord.member("Ada").click(shown, "Reveal now")
    await game.shows(shown, ANSWER)
    await discord.until(lambda: told(pressed) == [(SLOW, True, False)])
    assert not shown.deleted
    assert "Unexpected" not in caplog.text


async def test_a_word_that_cannot_be_sent_any_more_is_no_fault(
    discord: Driver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bot(config_at(discord, tmp_path / "trivia.db"), discord.time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        discord.faults.fail_next(429, 1, CALLBACK, retry_after=0.2)
        dev, place = discord.member("Dev"), discord.channel("trivia")
        async with hanging(bot):
            discord.server.people.run(dev.id, place.id, "fact", {})
            await discord.until(lambda: any(record.status == 429 for record in discord.log))
            telling = [task for task in asyncio.all_tasks() if "on_unanswered" in task.get_name()]
            await running.stop()
            await asyncio.gather(*telling)
    assert telling
    assert "Ignoring exception" not in caplog.text
