"""The settings panel as those use it who manage a server, and as those try who do not."""

import re
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.app import TriviaBot
from bot.core.content import Spoiler
from bot.core.shards import EVERY
from bot.errors import MESSAGE_GONE
from bot.storage.connection import Connection
from bot.storage.settings import DEFAULTS, Settings
from playground import Driver, Reply
from tests.engines import query
from tests.storage.played import Asked, Given, play
from tests.wire.daily.acts import Daily
from tests.wire.test_documentation import paths

FIELDS: dict[str, tuple[str, dict[str, object]]] = {
    "settings1:spoilers": ("spoilers", {"0": Spoiler.NONE, "1": Spoiler.PLOT, "2": Spoiler.ENDING}),
    "settings1:scoring": ("scoring", {"speed": "speed", "plain": "plain"}),
    "settings1:board_minimum_players": ("board_minimum_players", {"1": 1, "2": 2, "3": 3, "10": 10}),
    "settings1:round_questions": ("round_questions", {"5": 5, "10": 10, "25": 25}),
    "settings1:early_answers": ("early_answers", {"0": False, "1": True}),
    "settings1:challenge": ("challenge", {"0": False, "1": True}),
    "settings1:round_seconds": ("round_seconds", {"0": 0, "20": 20, "120": 120}),
}


def chosen(panel: Reply) -> dict[str, str]:
    """Return what each select of the panel shows as chosen."""
    return {
        select["custom_id"]: option["value"]
        for select in panel.message.selects
        for option in select["options"]
        if option.get("default")
    }


@pytest.mark.both_engines
async def test_many_changes_in_a_row(discord: Driver, trivia: TriviaBot) -> None:
    rng = Random(5)
    panel = await discord.member("Ben").run("settings")
    assert panel.ephemeral
    expected = {"settings1:spoilers": "0", "settings1:scoring": "speed", "settings1:round_seconds": "20"}
    assert chosen(panel).items() >= expected.items()
    latest = chosen(panel)
    for _ in range(80):
        custom_id, (name, values) = rng.choice(list(FIELDS.items()))
        value = rng.choice(list(values))
        changed = await discord.member("Ben").choose(panel.message, value, select=custom_id)
        latest[custom_id] = value
        assert changed.state == "done"
        assert chosen(changed) == latest
        assert getattr(trivia.tools.settings.get(discord.guild.id), name) == values[value]
    again = await Settings.load(trivia.tools.database, EVERY)
    assert again.get(discord.guild.id) == trivia.tools.settings.get(discord.guild.id)
    assert len(discord.messages("trivia", discord.member("Ben"))) == 1


async def test_the_time_zone_is_typed_and_a_slip_changes_nothing(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("settings")
    opened = await ada.click(panel.message, "Time zone")
    wrong = await ada.submit(opened, {"zone": "Londn"})
    assert wrong.ephemeral
    assert "Did you mean Europe/London?" in wrong.text
    assert trivia.tools.settings.get(discord.guild.id) == DEFAULTS
    opened = await ada.click(panel.message, "Time zone")
    right = await ada.submit(opened, {"zone": "london"})
    assert "Europe/London" in right.text
    assert trivia.tools.settings.get(discord.guild.id).time_zone == "Europe/London"


async def test_a_form_whose_panel_is_gone_meanwhile_gets_a_sentence(
    discord: Driver, trivia: TriviaBot, caplog: pytest.LogCaptureFixture
) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("settings")
    opened = await ada.click(panel.message, "Time zone")
    discord.controls.delete_message(panel.message.raw)
    answer = await ada.submit(opened, {"zone": "London"})
    assert (answer.ephemeral, answer.text) == (True, MESSAGE_GONE)
    assert "ERROR" not in [record.levelname for record in caplog.records]


@pytest.mark.both_engines
async def test_the_board_follows_its_servers_zone_at_once(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    there = ZoneInfo("Pacific/Kiritimati")
    today = trivia.tools.time.now().astimezone(there).replace(hour=0, minute=0, second=0)

    def rounds(connection: Connection) -> None:
        for moment in (today - timedelta(hours=1), today + timedelta(minutes=1)):
            answers = {ada.id: Given(20), ben.id: Given(10)}
            play(connection, discord.guild.id, moment, [Asked("ramp", answers)])

    await trivia.tools.database.write(rounds)
    panel = await ada.run("settings")
    await ada.submit(await ada.click(panel.message, "Time zone"), {"zone": "Pacific/Kiritimati"})
    for period, points in (("day", 20), ("all", 40)):
        board = await ben.run("leaderboard", period=period)
        assert f"<@{ada.id}> · {points} points" in board.text
    asked = await ada.click(panel.message, "Reset the board")
    discord.advance(1)
    await ada.click(asked.message, "Reset the board")
    assert "Nobody has points yet." in (await ben.run("leaderboard")).text
    for table in ("totals", "scores"):
        assert query(trivia.tools.database.location, f"SELECT * FROM {table}") == []


async def test_a_forged_or_foreign_change_is_refused(discord: Driver, trivia: TriviaBot) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    refused = await dev.run("settings", force=True)
    assert "Manage Server" in refused.text
    panel = await ada.run("settings")
    shown = (await dev.run("topics")).message
    for custom_id, values in (
        ("settings1:scoring", ["plain"]),
        ("settings1:time_zone", []),
        ("zone1:", []),
        ("mod1:reset", []),
    ):
        reply = await dev.forge(shown, custom_id, values)
        assert reply.ephemeral
        assert "Manage Server" in reply.text
    for custom_id, values in (
        ("settings1:removed_ms", ["1"]),
        ("settings1:scoring", ["fast"]),
        ("settings1:scoring", []),
        ("settings1:pack", ["nothing"]),
        ("settings1:round_seconds", ["-5"]),
        ("settings1:", ["0"]),
        ("settings1:scoring:more", ["plain"]),
    ):
        reply = await ada.forge(panel.message, custom_id, values)
        assert reply.ephemeral
        assert "!" not in reply.text
        assert "wrong on my side" not in reply.text, custom_id
    assert trivia.tools.settings.get(discord.guild.id) == DEFAULTS


async def test_the_panel_and_help_tell_how_daily_facts_stand(discord: Driver, trivia: TriviaBot) -> None:
    daily, ada = Daily(discord), discord.member("Ada")
    assert "None yet" in (await ada.run("settings")).text
    await daily.set()
    where = f"<#{discord.channel('film-club').id}> at 09:00: next <t:"
    for command in ("settings", "help"):
        assert where in (await ada.run(command)).text
    await daily.run(ada, "daily pause")
    for command in ("settings", "help"):
        assert "paused. A moderator paused them." in (await ada.run(command)).text


async def test_help_shows_what_this_person_can_do_here(discord: Driver, trivia: TriviaBot) -> None:
    ids = {command["name"]: command["id"] for command in discord.world.commands[None]}
    ada, dev = discord.member("Ada"), discord.member("Dev")
    for_ada = await ada.run("help")
    assert for_ada.ephemeral
    assert list(for_ada.buttons) == ["Play", "Facts", "My scores", "Privacy", "Server"]
    lines = [line for line in for_ada.text.splitlines() if line.startswith("</")]
    assert lines[0].startswith(f"</quiz start:{ids['quiz']}>"), "first what people need first"
    assert f"</fact:{ids['fact']}>" in for_ada.text
    told = []
    for label in list(for_ada.buttons):
        page = await ada.click(for_ada.message, label)
        assert f"### {label}" in page.text
        told += re.findall(r"</([a-z ]+):\d+> \w", page.text)
    registered = [path for command in discord.world.commands[None] for path in paths(command)]
    assert sorted(told) == sorted(set(registered) - {"help"}), "each command is in one group"
    for_dev = await dev.run("help")
    assert list(for_dev.buttons) == ["Play", "Facts", "My scores", "Privacy"]
    refused = await dev.forge(for_dev.message, "help1:server")
    assert "nothing in that group for you here" in refused.text
    alone = await dev.run("help", channel="DM")
    assert f"</fact:{ids['fact']}>" in alone.text
    assert "</quiz" not in alone.text
    assert "In a server there is more" in alone.text
    assert "Daily facts of this server" not in alone.text
    assert "</quiz" not in (await dev.click(alone.message, "Play")).text


async def test_commands_in_sentences_can_be_clicked(discord: Driver, trivia: TriviaBot) -> None:
    ids = {command["name"]: command["id"] for command in discord.world.commands[None]}
    ada = discord.member("Ada")
    assert f"</daily set:{ids['daily']}>" in (await ada.run("daily status")).text
    assert f"</daily set:{ids['daily']}>" in (await ada.run("settings")).text
    assert f"</quiz start:{ids['quiz']}>" in (await ada.run("quiz stop")).text
    trivia.command_ids.clear()
    assert "`/daily set`" in (await ada.run("daily status")).text


@pytest.mark.parametrize("command", ["daily status", "settings"])
async def test_servers_only(discord: Driver, trivia: TriviaBot, command: str) -> None:
    reply = await discord.member("Ada").run(command, channel="DM", force=True)
    assert reply.ephemeral
    assert "in a server only" in reply.text
