"""Rounds and practice of a server's own questions: in buttons, typed, both, and changed in between."""

import json
from typing import Any

import pytest

from bot.app import TriviaBot
from bot.core.content import Origin
from bot.core.own import Change, Row, change, without
from bot.storage.database import StorageFailure
from bot.storage.outcome import outcome as read_outcome
from bot.storage.own_packs import as_written
from bot.storage.reports import all_reports
from bot.ui.question_parts import GONE
from playground import Driver
from tests.own_pack import no_questions
from tests.wire.quiz.game import ANSWER, Game, reader_of
from tests.wire.quiz.test_missed import number_of

FOUR = ("Ben", "Cleo", "Dev")
HERE = "from this server"


@pytest.fixture
def game(discord: Driver, trivia: TriviaBot) -> Game:
    return Game(discord, reader_of(trivia))


async def write(trivia: TriviaBot, discord: Driver, *rows: dict[str, Any]) -> None:
    """Put these questions among the server's own."""
    before = as_written(await trivia.tools.own.get(discord.guild.id))
    done = change(before, [Row(values) for values in rows])
    assert isinstance(done, Change), done
    await trivia.tools.own.replace(discord.guild.id, before, done.pack)


def question(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": f"q{number}",
        "prompt": f"Who won cup {number}?",
        "answer": "Ada",
        "distractors": list(FOUR),
        **values,
    }


async def remove(trivia: TriviaBot, discord: Driver, number: int) -> None:
    """Take the question with this number away from the server's own."""
    pack = await trivia.tools.own.get(discord.guild.id)
    before = as_written(pack)
    await trivia.tools.own.replace(discord.guild.id, before, without(before, pack.questions[number].id))


@pytest.mark.both_engines
async def test_a_round_of_ours_in_buttons(discord: Driver, trivia: TriviaBot, game: Game) -> None:
    await write(trivia, discord, question(1, afterwards="It was <@1> close."), question(2))
    started = await game.start(questions=5, source="ours")
    assert "A quiz on this server's own questions" in started.text
    assert "You asked for 5" in started.text
    first = await game.question(1)
    assert HERE in first.text
    await discord.member("Ben").click(first, await game.right_button(1))
    discord.advance(22)
    await game.shows(first, "✅ **")
    assert HERE in first.text
    second = await game.next(2)
    discord.advance(22)
    await game.shows(second, "Nobody answered this one.")
    for shown in (first, second):
        assert ANSWER not in shown.text
    assert "It was \\<\\@1\\> close." in first.text + second.text
    podium = await game.podium()
    again = await discord.member("Eli").click(podium, "Play again")
    assert "this server's own questions" in again.text


async def test_typed_only_questions_are_asked_in_typed_rounds(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    ada = discord.member("Ada")
    none = await ada.run("quiz start", source="ours", questions=1)
    assert "no questions of its own. Whoever manages it can add some" in none.text
    await write(trivia, discord, question(1, distractors=["Ben"], aliases=["Adele"]))
    refused = await ada.run("quiz start", source="ours", questions=1)
    assert refused.ephemeral
    assert "the four choices that buttons need" in refused.text
    panel = await ada.run("quiz start")
    panel = await ada.choose(panel.message, "ours", select=0)
    assert "There are none with buttons; 1 can be typed." in panel.text
    panel = await ada.click(panel.message, "Typed answers instead")
    assert "There is 1 to type." in panel.text
    await game.start(source="ours", answers="typed", questions=1)
    shown = await game.question(1)
    await game.type(discord.member("Ben"), shown, "adele")
    await game.type(discord.member("Eli"), shown, "Ben")
    discord.advance(22)
    await game.shows(shown, "✅ **Ada**")
    answers = await game.answers()
    assert [answer[1] for answer in answers.values()] == [1, 0]


async def test_an_open_question_keeps_what_it_asked(discord: Driver, trivia: TriviaBot, game: Game) -> None:
    await write(trivia, discord, question(1), question(2))
    await game.start(source="ours", questions=2)
    shown = await game.question(1)
    asked = await game.asked(1)
    for number in (1, 2):
        await write(trivia, discord, question(number, prompt=f"New {number}?", answer="Eve"))
    await discord.member("Ben").click(shown, await game.right_button(1))
    discord.advance(22)
    await game.shows(shown, "✅ **")
    assert "Who won cup" in shown.text
    assert "Eve" not in shown.text
    assert (await game.answers())[1, discord.member("Ben").id][1] == 1
    second = await game.next(2)
    assert "New" in second.text
    assert (await game.asked(2)).options != asked.options


async def test_a_removed_question_is_revealed_without_its_report(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    await write(trivia, discord, question(1))
    await game.start(source="ours", questions=1)
    shown = await game.question(1)
    before = as_written(await trivia.tools.own.get(discord.guild.id))
    await trivia.tools.own.replace(discord.guild.id, before, no_questions(discord.guild.id))
    discord.advance(22)
    await game.shows(shown, "Nobody answered this one.")
    await game.podium()


async def test_both_ask_of_both(discord: Driver, trivia: TriviaBot, game: Game) -> None:
    await write(trivia, discord, *(question(number) for number in range(1, 13)))
    started = await game.start(source="both", questions=8, seconds=10)
    assert "La La Land and this server's own questions" in started.text
    for position in range(1, 9):
        shown = await game.next(position)
        await discord.member("Ben").click(shown, await game.right_button(position))
        discord.advance(12)
        await game.shows(shown, "✅ **")
    podium = await game.podium()
    rows = await game.query("SELECT pack, question FROM asked_questions", ())
    packs = {pack for pack, _ in rows}
    assert packs == {"la-la-land", f"server:{discord.guild.id}"}
    assert len(set(map(tuple, rows))) == 8
    # Whoever answered nothing missed all of them, and what is remembered for later is the film's alone.
    dev, ours = discord.member("Dev"), [pack for pack, _ in rows if pack.startswith("server:")]
    reply, practised = await dev.click(podium, "What we missed"), []
    for _ in range(8):
        practised.append(number_of(reply))
        told = await dev.click(reply.message, next(iter(reply.buttons)))
        reply = await dev.click(told.message, "Next question")
    assert "That was everything you missed in that round." in reply.text
    own = (await trivia.tools.own.get(discord.guild.id)).questions
    assert len(set(practised)) == 8
    assert sum(number in own for number in practised) == len(ours)
    assert await game.query("SELECT DISTINCT pack FROM missed_questions WHERE pack <> 'la-la-land'", ()) == []


async def test_what_was_missed_goes_on_where_it_was_though_a_question_is_gone(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    await write(trivia, discord, *(question(number) for number in range(3)))
    await game.start(source="ours", questions=3, seconds=10)
    for position in range(1, 4):
        shown = await game.next(position)
        await discord.member("Ben").click(shown, await game.wrong_button(position))
        discord.advance(12)
        await game.shows(shown, "✅ **")
    reply = await discord.member("Dev").click(await game.podium(), "What we missed")
    told = await discord.member("Dev").click(reply.message, next(iter(reply.buttons)))
    pack = await trivia.tools.own.get(discord.guild.id)
    await remove(trivia, discord, number_of(reply))
    reply = await discord.member("Dev").click(told.message, "Next question")
    [(second,)] = await game.query("SELECT question FROM asked_questions WHERE position = 2", ())
    assert pack.questions[number_of(reply)].id == second


async def test_a_practised_question_that_is_gone_makes_way_for_the_next(
    discord: Driver, trivia: TriviaBot
) -> None:
    dev = discord.member("Dev")
    await write(trivia, discord, question(1), question(2), question(3))
    shown = await dev.run("practice", source="ours")
    told = await dev.click(shown.message, next(iter(shown.buttons)))
    shown = await dev.click(told.message, "Next question")
    await remove(trivia, discord, number_of(shown))
    gone = await dev.click(shown.message, next(iter(shown.buttons)))
    assert gone.message.id == shown.message.id
    assert gone.text.startswith(GONE)
    assert "of 1 right" in gone.text
    assert [*gone.buttons] == ["Next question"]
    assert "Who won cup" in (await dev.click(gone.message, "Next question")).text


async def test_a_question_that_goes_while_it_is_typed_makes_way_too(
    discord: Driver, trivia: TriviaBot
) -> None:
    dev = discord.member("Dev")
    await write(trivia, discord, question(1, distractors=["Ben"]), question(2))
    shown = await dev.run("practice", source="ours")
    while "Type your answer" not in shown.buttons:
        shown = await dev.run("practice", source="ours")
    opened = await dev.click(shown.message, "Type your answer")
    await remove(trivia, discord, number_of(shown))
    gone = await dev.submit(opened, {"answer": "Ada"})
    assert (gone.message.id, gone.text) == (shown.message.id, GONE)
    assert "Who won cup 2?" in (await dev.click(gone.message, "Next question")).text


async def test_a_void_of_ours_counts_for_nobody_and_is_not_asked(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    await write(trivia, discord, question(1))
    await game.start(source="both", questions=25, seconds=10)
    # Chance has both come soon; the round ends when it was there.
    position = 1
    while True:
        shown = await game.next(position)
        await ben.click(shown, await game.right_button(position))
        discord.advance(12)
        await game.shows(shown, "✅ **")
        if HERE in shown.text:
            break
        position += 1
    asked = await ada.run("quiz stop")
    await ada.click(asked.message, "Stop the round")
    await game.podium()
    [(round_id,)] = await game.query("SELECT round_id FROM rounds", ())
    counted = (await trivia.tools.database.read(read_outcome, round_id)).counted
    pack = await trivia.tools.own.get(discord.guild.id)
    reported = await ben.forge(shown, f"report1:question:{next(iter(pack.questions))}")
    sent = await ben.submit(reported, {"reason": "It was me."})
    assert "moderators" in sent.text
    assert await trivia.tools.database.read(all_reports) == []
    panel = await ada.run("settings")
    reports = await ada.click(panel.message, "Reports")
    assert "Who won cup 1?" in reports.text
    assert "It was me." in reports.text
    await ada.click(reports.message, "Void")
    assert (await trivia.tools.database.read(read_outcome, round_id)).counted == counted - 1
    discord.advance(60)
    refused = await discord.member("Eli").run("quiz start", source="ours", questions=1)
    assert "this server's own questions are void" in refused.text
    practised = await ben.run("practice", source="ours")
    assert "this server's own questions are void" in practised.text
    opened = await ada.run("quiz start")
    panel = await ada.choose(opened.message, "ours", select=0)
    assert "All of them are void just now." in panel.text
    listed = await ada.run("questions list")
    assert "buttons and typed · void" in listed.text
    one = await ada.choose(listed.message, listed.message.selects[0]["options"][0]["value"])
    assert "buttons and typed · void" in one.text


async def test_the_setting_is_the_default_and_a_topic_is_the_films(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    await write(trivia, discord, question(1))
    quiz = discord.add_channel("quiz")
    await trivia.tools.settings.change(discord.guild.id, source="ours")
    started = await game.start(seconds=10)
    assert "this server's own questions" in started.text
    refused = await discord.member("Ben").run("quiz start", topic="music", source="ours", channel=quiz)
    assert "have no topics" in refused.text
    film = await discord.member("Ben").run("quiz start", topic="music", channel=quiz)
    assert "A quiz on La La Land" in film.text


async def test_the_panel_offers_ours_where_there_are_some(
    discord: Driver, trivia: TriviaBot, game: Game
) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    sources = [one for one in panel.message.selects if "source" in one["custom_id"]]
    assert not sources
    await write(trivia, discord, question(1))
    panel = await ada.run("quiz start")
    place = next(i for i, one in enumerate(panel.message.selects) if "source" in one["custom_id"])
    await ada.choose(panel.message, "ours", select=place)
    assert "this server's own" in panel.message.text
    await ada.click(panel.message, "Start")
    shown = await game.next(1)
    assert HERE in shown.text


async def test_practice_of_ours(discord: Driver, trivia: TriviaBot) -> None:
    ben = discord.member("Ben")
    none = await ben.run("practice", source="ours")
    assert "no questions of its own" in none.text
    await write(trivia, discord, question(1, afterwards="So it was."), question(2, distractors=[]))
    shown = await ben.run("practice", source="ours")
    for turn in range(2):
        assert HERE in shown.message.text
        if "Type your answer" in shown.message.buttons:
            opened = await ben.click(shown.message, "Type your answer")
            await ben.submit(opened, {"answer": "ada"})
        else:
            right = next(label for label in shown.message.buttons if label.endswith("Ada"))
            await ben.click(shown.message, right)
            assert "So it was." in shown.message.text
        assert "✅ **Ada** is right." in shown.message.text
        assert f"{turn + 1} of {turn + 1} right" in shown.message.text
        await ben.click(shown.message, "Next question")
    in_dm = await ben.run("practice", source="ours", channel="DM")
    assert "in that server only" in in_dm.text
    rows = await trivia.tools.database.read(
        lambda connection: connection.execute("SELECT guild_id, user_id FROM decks").fetchall()
    )
    assert rows == [(discord.guild.id, ben.id)]


async def test_a_question_that_was_changed_since_it_was_shown_is_asked_anew(
    discord: Driver, trivia: TriviaBot
) -> None:
    ben = discord.member("Ben")
    await write(trivia, discord, question(1))
    shown = await ben.run("practice", source="ours")
    was_right = next(label for label in shown.message.buttons if label.endswith("Ada"))
    # Each edit leaves the number of the question as it is, and would have another option judged.
    for edit in (
        {"answer": "Zoe"},
        {"answer": "Zoe", "prompt": "Who lost?"},
        {"prompt": "Who lost?", "distractors": []},
    ):
        await write(trivia, discord, question(1, **edit))
        await ben.click(shown.message, was_right)
        assert "changed" in shown.message.text
        assert str(edit.get("prompt", "Who won cup 1?")) in shown.message.text
        assert "right." not in shown.message.text
        was_right = next(iter(shown.message.buttons))
    opened = await ben.click(shown.message, "Type your answer")
    await write(trivia, discord, question(1, prompt="Who did not take part?", distractors=[]))
    await ben.submit(opened, {"answer": "Ada"})
    assert "Who did not take part?" in shown.message.text
    await write(trivia, discord, question(1))
    await ben.click(shown.message, "Type your answer")
    assert "changed" in shown.message.text
    await ben.click(shown.message, next(label for label in shown.message.buttons if label.endswith("Ada")))
    assert "1 of 1 right" in shown.message.text


async def test_of_500_a_round_is_played(discord: Driver, trivia: TriviaBot, game: Game) -> None:
    await write(trivia, discord, *(question(number) for number in range(500)))
    await game.start(source="ours", questions=3, answers="typed", seconds=10)
    for position in range(1, 4):
        shown = await game.next(position)
        await game.type(discord.member("Ben"), shown, "Ada")
        discord.advance(12)
        await game.shows(shown, "✅ **Ada**")
    await game.podium()
    rows = await game.query("SELECT options FROM asked_questions", ())
    assert all("Ada" in json.loads(options) for (options,) in rows)


async def test_a_reveal_that_cannot_read_the_question_goes_without_its_report(
    discord: Driver, trivia: TriviaBot, game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(trivia, discord, question(1), question(2))
    await game.start(questions=2, source="ours")
    first = await game.question(1)
    with monkeypatch.context() as broken:

        async def fail(_: int) -> None:
            raise StorageFailure("disk I/O error")

        broken.setattr(trivia.tools.own, "get", fail)
        discord.advance(22)
        await game.shows(first, "Nobody answered this one.")
        assert "Report" not in first.buttons
    assert (await game.next(2)).text


async def test_the_panel_has_a_way_out_where_ours_are_gone(discord: Driver, trivia: TriviaBot) -> None:
    await trivia.tools.settings.change(discord.guild.id, source=Origin.OURS)
    panel = await discord.member("Ada").run("quiz start")
    assert any(select["custom_id"].startswith("panel1:source") for select in panel.message.selects)


async def test_what_was_missed_comes_of_the_film_alone(discord: Driver, trivia: TriviaBot) -> None:
    refused = await discord.member("Ada").run("practice", source="ours", missed=True)
    assert "questions about the film" in refused.text
    of_film = await discord.member("Ada").run("practice", source="film", missed=True)
    assert "You have missed nothing here lately." in of_film.text
