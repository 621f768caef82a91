"""What a server's moderators do about questions, players and the board."""

from collections.abc import Sequence

import pytest

from bot.app import TriviaBot
from playground import Actor, Driver, Reply, Shown
from tests.storage.played import Asked, Given, play
from tests.wire.quiz.game import Game
from tests.wire.quiz.test_practice import number_of as practised_number

PACK = "orchestra"
RARE = ("question-1", "question-2", "question-3")


async def number_of(bot: TriviaBot, question: str) -> int:
    pack = bot.tools.catalogue.get(PACK)
    return next(number for number, one in pack.questions.items() if one.id == question)


async def all_answer_right(game: Game, players: Sequence[Actor], position: int) -> Shown:
    shown = await game.next(position)
    for player in players:
        await player.click(shown, await game.right_button(position))
    return shown


async def whole_round(game: Game, players: Sequence[Actor], questions: int) -> Shown:
    """Play a round on the rare questions, which everybody answers rightly, and return its podium."""
    await game.start(topic="rare", questions=questions)
    for position in range(1, questions + 1):
        await game.close(await all_answer_right(game, players, position))
    return await game.podium()


async def from_settings(moderator: Actor, button: str) -> Reply:
    return await moderator.click((await moderator.run("settings")).message, button)


async def board_of(actor: Actor) -> str:
    return (await actor.run("leaderboard")).text


async def points_of(game: Game, user_id: int) -> int:
    rows = await game.query("SELECT points FROM totals WHERE user_id = ?", (user_id,))
    return int(rows[0][0]) if rows else 0


@pytest.mark.both_engines
@pytest.mark.timeout(180)
async def test_a_void_question_is_worth_nothing_and_not_asked_until_that_is_undone(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    podium = await whole_round(game, (carmen, dev), 3)
    await game.until_finished()
    before, points = await board_of(carmen), await points_of(game, carmen.id)
    number = await number_of(bot, "question-2")
    opened = await carmen.forge(podium, f"report1:question:{number}")
    await carmen.submit(opened, {"reason": "It was *a* bridge."})

    reports = await from_settings(ben, "Reports")
    assert reports.ephemeral
    assert "Question · 1 report" in reports.text
    assert "It was \\*a\\* bridge." in reports.text
    voided = await ben.click(reports.message, "Void")
    assert "void since" in voided.text
    assert voided.message.id == reports.message.id
    [(lost,)] = await game.query(
        "SELECT points FROM answers JOIN asked_questions USING (round_id, position)"
        " WHERE question = 'question-2' AND user_id = ?",
        (carmen.id,),
    )
    assert lost > 0
    assert await points_of(game, carmen.id) == points - lost
    assert f"<@{carmen.id}> · {points - lost:,} points · 2 right" in await board_of(carmen)

    ada = discord.member("Ada")
    discord.advance(60)
    await game.start(topic="rare", questions=3)
    await game.close(await game.next(1))
    await game.close(await game.next(2))
    await game.podium(number=2)
    await game.until_finished(2)
    asked = await game.query(
        "SELECT question FROM asked_questions ORDER BY round_id DESC, position LIMIT 2", ()
    )
    assert {row[0] for row in asked} == {"question-1", "question-3"}

    undone = await ben.click(voided.message, "Undo void")
    assert "void since" not in undone.text
    assert await board_of(carmen) == before
    assert f"<@{ada.id}> is not on this board yet" in await board_of(ada)


async def test_practice_asks_nothing_that_is_void_here(discord: Driver, bot: TriviaBot, game: Game) -> None:
    ben, dev = discord.member("Ben"), discord.member("Dev")
    number = await number_of(bot, "question-2")
    await ben.forge((await ben.run("settings")).message, f"mod1:void:{number}:0")
    fact = await ben.run("fact", topic="rare")
    asked = [await dev.run("practice", topic="rare") for _ in range(4)]
    asked += [await dev.click(fact.message, "Quiz me") for _ in range(3)]
    assert number not in map(practised_number, asked)
    elsewhere = [await dev.run("practice", topic="rare", channel="DM") for _ in range(3)]
    assert number in map(practised_number, elsewhere)


@pytest.mark.timeout(180)
async def test_a_question_voided_while_it_is_open_is_on_neither_podium_nor_board(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    await game.start(topic="rare", questions=2)
    first = await all_answer_right(game, (carmen, dev), 1)
    [(question,)] = await game.query("SELECT question FROM asked_questions", ())
    void = f"mod1:void:{await number_of(bot, question)}:0"
    await ben.forge((await ben.run("settings")).message, void)
    await game.close(first)
    await game.close(await all_answer_right(game, (carmen, dev), 2))
    podium = await game.podium()
    await game.until_finished()
    [(points,)] = await game.query(
        "SELECT points FROM answers WHERE position = 2 AND user_id = ?", (carmen.id,)
    )
    assert f"<@{carmen.id}> **{points:,} points**" in podium.text
    assert await points_of(game, carmen.id) == points


@pytest.mark.timeout(180)
async def test_an_answer_and_the_word_after_it_say_that_the_question_was_voided(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    await game.start(topic="rare", questions=3)
    await game.close(await all_answer_right(game, (carmen, dev), 1))
    second = await all_answer_right(game, (carmen, dev), 2)
    [(question,)] = await game.query("SELECT question FROM asked_questions WHERE position = 2", ())
    void = f"mod1:void:{await number_of(bot, question)}:0"
    await ben.forge((await ben.run("settings")).message, void)
    await game.close(second)
    assert "taken out of play, so it counts for nobody" in second.text
    for word in ("Fastest", "points", "in a row"):
        assert word not in second.text
    third = await game.next(3)
    told = await dev.click(third, await game.right_button(3))
    assert "Question 2 counts for nobody. So far: place " in told.text


@pytest.mark.both_engines
@pytest.mark.timeout(120)
async def test_a_blocked_player_is_refused_privately_until_unblocked(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    await game.start(topic="rare", questions=3)
    first = await game.next(1)
    panel = await from_settings(ben, "Blocked players")
    assert panel.ephemeral
    assert "Nobody is blocked." in panel.text
    blocked = await ben.choose(panel.message, str(carmen.id))
    assert f"<@{carmen.id}>\n-# since <t:" in blocked.text
    again = await ben.choose(blocked.message, str(carmen.id))
    assert again.ephemeral
    assert "That player is blocked already." in again.text

    refused = await carmen.click(first, await game.right_button(1))
    assert refused.ephemeral
    assert "have taken you out of its rounds" in refused.text
    await dev.click(first, await game.right_button(1))
    assert list(await game.answers()) == [(1, dev.id)]

    unblocked = await ben.click(blocked.message, "Unblock")
    assert "Nobody is blocked." in unblocked.text
    await carmen.click(first, await game.right_button(1))
    assert set(await game.answers()) == {(1, dev.id), (1, carmen.id)}


@pytest.mark.timeout(180)
async def test_a_player_who_is_blocked_in_mid_round_is_on_neither_podium_nor_picture(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    await game.start(topic="rare", questions=2)
    first = await all_answer_right(game, (carmen, dev), 1)
    panel = await from_settings(ben, "Blocked players")
    await ben.choose(panel.message, str(carmen.id))
    await game.close(first)
    second = await all_answer_right(game, (dev,), 2)
    await game.close(second)
    podium = await game.podium()
    assert f"<@{dev.id}>" in podium.text
    for said in (second.text, podium.text, *podium.alt_texts):
        assert f"<@{carmen.id}>" not in said
        assert "Carmen" not in said
    assert "Dev" in podium.alt_texts[0]


async def test_a_blocked_player_neither_starts_nor_steers_rounds(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ada, ben, carmen = (discord.member(name) for name in ("Ada", "Ben", "Carmen"))
    await game.start("Carmen", questions=3)
    shown = await game.question(1)
    panel = await from_settings(ada, "Blocked players")
    for player in (carmen, ben):
        await ada.choose(panel.message, str(player.id))
    round_id = (await game.asked(1)).round_id
    for player in (carmen, ben):
        for reply in (
            await player.run("quiz stop"),
            await player.run("quiz skip"),
            await player.forge(shown, f"host1:stop:{round_id}:1"),
            await player.forge(shown, f"host1:reveal:{round_id}:1"),
            await player.run("quiz start", channel="film-club", questions=1),
        ):
            assert reply.ephemeral
            assert "have taken you out of its rounds" in reply.text
    assert (await game.asked(1)).state == "open"
    assert await game.rounds() == [("running", None)]
    await game.stop()
    podium = await game.podium()
    assert "have taken you out" in (await ben.click(podium, "Play again")).text
    assert len(await game.rounds()) == 1


async def test_neither_oneself_nor_the_owner_can_be_blocked(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    assert discord.guild.owner_id == ada.id
    panel = await from_settings(ben, "Blocked players")
    for chosen, sentence in (
        (ben, "You cannot block yourself."),
        (ada, "The owner of the server cannot be blocked."),
    ):
        refused = await ben.choose(panel.message, str(chosen.id))
        assert refused.ephemeral
        assert refused.text == sentence
    assert await game.query("SELECT * FROM blocked_players", ()) == []


async def test_bots_cannot_be_blocked(discord: Driver, bot: TriviaBot, game: Game) -> None:
    ben = discord.member("Ben")
    other = discord.world.add_user("jukebox", "Jukebox", bot=True)
    discord.world.add_member(discord.guild, other)
    panel = await from_settings(ben, "Blocked players")
    for user_id in (discord.world.bot.id, other.id):
        refused = await ben.choose(panel.message, str(user_id))
        assert refused.ephemeral
        assert refused.follow_ups == []
        assert refused.text == "Bots, myself included, do not play, so there is nobody to block."
    assert "Nobody is blocked." in panel.text
    assert await game.query("SELECT * FROM blocked_players", ()) == []


@pytest.mark.both_engines
async def test_the_board_is_reset_after_one_confirmation_and_once(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    answers = {carmen.id: Given(100), dev.id: Given(50)}

    async def played() -> None:
        await bot.tools.database.write(
            play, discord.guild.id, bot.tools.time.now(), [Asked("question-1", answers)]
        )

    await played()
    kept = await ben.click((await from_settings(ben, "Reset the board")).message, "Keep it")
    assert "Nothing was changed." in kept.text
    assert await points_of(game, carmen.id) == 100

    discord.advance(1)
    asked = await from_settings(ben, "Reset the board")
    assert asked.ephemeral
    assert "This cannot be undone" in asked.text
    confirm = str(asked.buttons["Reset the board"]["custom_id"])
    discord.advance(1)
    done = await ben.click(asked.message, "Reset the board")
    assert "The board has been reset." in done.text
    assert done.buttons == {}
    assert await points_of(game, carmen.id) == 0
    assert "Nobody has points yet." in await board_of(carmen)
    assert "1 round · 1 of 1 right" in (await carmen.run("stats")).text

    discord.advance(1)
    await played()
    twice = await ben.forge(asked.message, confirm)
    assert twice.ephemeral
    assert "reset in the meantime" in twice.text
    assert await points_of(game, carmen.id) == 100


CONTROLS = (
    "reports", "reports:0", "report:1:0:0", "settle:1:0", "void:1:0", "undo:1:0", "blocked", "blocked:0",
    "block", "unblock:1:0", "reset", "confirm:0",
)  # fmt: skip


async def stored(bot: TriviaBot) -> list[object]:
    tables = ("reports", "scores", "totals", "voided_questions", "blocked_players", "board_resets")
    return [
        await bot.tools.database.read(lambda c, table=table: c.execute(f"SELECT * FROM {table}").fetchall())  # type: ignore[misc]
        for table in tables
    ]


async def test_only_who_may_manage_the_server_moderates(discord: Driver, bot: TriviaBot) -> None:
    carmen, dev = discord.member("Carmen"), discord.member("Dev")
    answers = {carmen.id: Given(100), dev.id: Given(50)}
    await bot.tools.database.write(
        play, discord.guild.id, bot.tools.time.now(), [Asked("question-1", answers)]
    )
    here, alone = await carmen.run("topics"), await carmen.run("topics", channel="DM")
    before = await stored(bot)
    for control in CONTROLS:
        values = [str(dev.id)] if control == "block" else None
        refused = await carmen.forge(here.message, f"mod1:{control}", values)
        assert refused.ephemeral
        assert "you need the permission Manage Server" in refused.text
        refused = await carmen.forge(alone.message, f"mod1:{control}", values)
        assert "That works in a server only." in refused.text
    assert await stored(bot) == before


FORGED = (
    "", "nothing", "reports:x", "reports:1:2", "report:1:0:0", "report:1", "settle:1:0",
    f"report:{2**63}:0:0", "settle:x:0", "void:1", "void:9999:0", "block", "confirm:", "undo:1:0",
    f"unblock:{2**64}:0", "unblock:1:0",
)  # fmt: skip


async def test_a_forged_control_changes_nothing(discord: Driver, bot: TriviaBot) -> None:
    ben = discord.member("Ben")
    panel = await ben.run("settings")
    before = await stored(bot)
    for control in FORGED:
        reply = await ben.forge(panel.message, f"mod1:{control}")
        assert reply.state == "done", control
        assert reply.ephemeral, control
        assert "Something went wrong" not in reply.text, control
        assert await stored(bot) == before, control


async def test_the_settings_panel_leads_to_everything(discord: Driver, bot: TriviaBot) -> None:
    ben = discord.member("Ben")
    panel = await ben.run("settings")
    for button, words in (
        ("Reports", "No reports are waiting."),
        ("Blocked players", "Nobody is blocked."),
        ("Reset the board", "Reset the board?"),
    ):
        opened = await ben.click(panel.message, button)
        assert opened.ephemeral
        assert words in opened.text
        assert opened.message.id != panel.message.id
