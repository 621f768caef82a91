"""One's own data over the wire: exported whole, deleted once, with boards that are right afterwards."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import TriviaBot
from bot.core.shards import EVERY
from bot.storage import privacy
from bot.storage.connection import Connection
from playground import Actor, Driver, Reply
from tests.engines import query
from tests.storage.played import Asked, Given, play
from tests.storage.schema import columns
from tests.wire.daily.acts import Daily, eventually

OTHERS = ("Ben", "Carmen", "Dev", "Eli")


async def leave_traces(discord: Driver, trivia: TriviaBot, actor: Actor) -> None:
    """Play, ask, report and moderate, as somebody who has been around for a while."""
    await actor.run("fact", channel="DM")
    shown = await actor.run("fact")
    await actor.submit(await actor.click(shown.message, "Report"), {"reason": "It was a Tuesday."})
    now = discord.clock.now()

    def rounds(connection: Connection) -> None:
        for number in range(3):
            answers = {discord.member(name).id: Given(points=50 + number) for name in OTHERS}
            answers[actor.id] = Given(points=90)
            round_id = play(
                connection, discord.guild.id, now - timedelta(minutes=number), [Asked("q", answers)]
            )
            connection.execute("UPDATE rounds SET host_user_id = ? WHERE round_id = ?", (actor.id, round_id))

    await trivia.tools.database.write(rounds)


def exported(reply: Reply) -> Any:
    [content] = reply.message.files.values()
    return json.loads(content)


def places(reply: Reply, actor: Actor) -> list[str]:
    """Return the lines of a board on somebody, without the rank that all below a player gain."""
    return [line.partition("<@")[2] for line in reply.text.splitlines() if f"<@{actor.id}>" in line]


async def holding(trivia: TriviaBot, user_id: int) -> set[str]:
    """Return the tables of the database that have somebody's id in any column."""

    def find(connection: Connection) -> set[str]:
        tables = {column.table for column in columns(connection)}
        return {
            table
            for table in tables
            if any(user_id in row for row in connection.execute(f"SELECT * FROM {table}").fetchall())
        }

    return await trivia.tools.database.read(find)


def files_with(trivia: TriviaBot, user_id: int) -> list[str]:
    """Return the database's files in which the bytes of somebody's id stand, where it has files of ours."""
    path, stored = trivia.tools.database.location, user_id.to_bytes(8)
    if not isinstance(path, Path):
        return []
    return [file.name for file in path.parent.glob(f"{path.name}*") if stored in file.read_bytes()]


@pytest.mark.both_engines
async def test_the_export_is_private_and_whole(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await leave_traces(discord, trivia, ada)
    reply = await ada.run("privacy export")
    assert reply.ephemeral
    document = exported(reply)
    rows = {part["table"]: len(part["rows"]) for part in document["parts"] if part["rows"]}
    assert rows == {"decks": 1, "reports": 1, "rounds": 3, "answers": 3, "scores": 3, "totals": 1}
    assert rows.keys() == await holding(trivia, ada.id)
    assert all(part["what"].endswith(".") and part["on_delete"] for part in document["parts"])
    assert not any(str(discord.member(name).id) in json.dumps(document) for name in OTHERS)
    nothing = exported(await discord.member("Eli").run("privacy export", channel="DM"))
    assert {part["table"] for part in nothing["parts"] if part["rows"]} == {"answers", "scores", "totals"}


@pytest.mark.both_engines
async def test_after_one_confirmation_nothing_is_left_and_the_board_lacks_that_player_alone(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    await leave_traces(discord, trivia, ada)
    before = await dev.run("leaderboard")
    assert places(before, ada)
    question = await ada.run("privacy delete", channel="DM")
    kept = await ada.click(question.message, "Keep it")
    assert "Nothing was changed" in kept.text
    assert await holding(trivia, ada.id)
    assert files_with(trivia, ada.id) or not isinstance(trivia.tools.database.location, Path)

    question = await ada.run("privacy delete")
    assert question.ephemeral
    custom_id = str(question.buttons["Delete my data"]["custom_id"])
    done = await ada.click(question.message, "Delete my data")
    assert "deleted" in done.text
    assert not done.buttons
    pressed_again = await ada.forge(question.message, custom_id)
    assert pressed_again.text == "Nothing is stored about you any more."
    assert not await holding(trivia, ada.id)
    assert files_with(trivia, ada.id) == []
    after = await dev.run("leaderboard")
    assert f"<@{ada.id}>" not in after.text
    for name in OTHERS:
        assert places(after, discord.member(name))[0] == places(before, discord.member(name))[0]
    assert not any(part["rows"] for part in exported(await ada.run("privacy export"))["parts"])


async def test_years_of_answers_are_deleted_in_parts_and_the_card_still_comes(
    discord: Driver, trivia: TriviaBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_OF_A_PLAYER", 1)
    ada = discord.member("Ada")
    await leave_traces(discord, trivia, ada)
    question = await ada.run("privacy delete")
    done = await ada.click(question.message, "Delete my data")
    await eventually(lambda: "Done" in question.message.text)
    assert done.message.id == question.message.id
    assert "Done: 8 records about you deleted." in question.message.text
    assert not question.message.buttons
    assert not await holding(trivia, ada.id)


async def test_nobody_decides_for_somebody_else(discord: Driver, trivia: TriviaBot) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    await leave_traces(discord, trivia, ada)
    shown = (await dev.run("topics")).message
    for custom_id in (
        f"privacy1:{ada.id}",
        "privacy1:x",
        f"privacy1:delete:{dev.id}",
        "privacy1:",
    ):
        reply = await dev.forge(shown, custom_id)
        assert reply.ephemeral
        assert "wrong on my side" not in reply.text, custom_id
    assert await holding(trivia, ada.id) == {"decks", "reports", "rounds", "answers", "scores", "totals"}


@pytest.mark.both_engines
async def test_a_server_that_removes_the_bot_is_forgotten_after_thirty_days(
    discord: Driver, trivia: TriviaBot
) -> None:
    other = discord.add_guild("La La Land fans")
    await eventually(lambda: trivia.get_guild(other.id) is not None)
    await leave_traces(discord, trivia, discord.member("Ada"))
    await Daily(discord).set()
    discord.controls.kick(discord.guild)
    await eventually(lambda: trivia.tools.settings.get(discord.guild.id).removed_ms is not None)
    discord.advance(29 * 86_400)
    assert discord.guild.id in await trivia.tools.database.read(privacy.stored_guilds, EVERY)
    discord.advance(2 * 86_400)
    await eventually(lambda: query(trivia.tools.database.location, "SELECT * FROM daily_schedules") == [])
    assert discord.guild.id not in await trivia.tools.database.read(privacy.stored_guilds, EVERY)


async def test_an_outage_is_no_removal_and_an_invitation_cancels(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await leave_traces(discord, trivia, ada)
    discord.controls.outage(discord.guild)
    guild = trivia.guilds[0]
    await eventually(lambda: guild.unavailable)
    discord.advance(40 * 86_400)
    discord.controls.end_outage(discord.guild)
    await eventually(lambda: not trivia.guilds[0].unavailable)
    assert trivia.tools.settings.get(discord.guild.id).removed_ms is None

    permissions = discord.guild.roles[discord.guild.id + 1].permissions
    discord.controls.kick(discord.guild)
    await eventually(lambda: trivia.tools.settings.get(discord.guild.id).removed_ms is not None)
    discord.advance(29 * 86_400)
    discord.controls.invite(discord.guild, permissions)
    await eventually(lambda: trivia.tools.settings.get(discord.guild.id).removed_ms is None)
    discord.advance(40 * 86_400)
    assert "answers" in await holding(trivia, ada.id)
