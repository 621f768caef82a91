"""Commands of context menus, as a person uses them on somebody and on a message."""

from typing import Any

import discord as discord_py
import pytest
from discord import app_commands

from playground.refused import Refused
from playground.testing.driver import Driver
from tests.playground.raw import Raw
from tests.wire.conftest import StartClient
from tests.wire.openapi import load_validator


async def wave(interaction: discord_py.Interaction, member: discord_py.Member) -> None:
    """Greet somebody."""
    await interaction.response.send_message(f"{interaction.user.display_name} waves at {member.display_name}")


async def quote(interaction: discord_py.Interaction, message: discord_py.Message) -> None:
    """Say again what somebody said."""
    await interaction.response.send_message(f"{message.author.display_name}: {message.content}")


class MenuBot(discord_py.Client):
    """A bot with a command for people, one for messages, and one of the same name that is typed."""

    def __init__(self) -> None:
        super().__init__(intents=discord_py.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        menus: tuple[tuple[str, Any], ...] = (("Wave", wave), ("Quote", quote))
        for name, callback in menus:
            self.tree.add_command(app_commands.ContextMenu(name=name, callback=callback))
        await self.tree.sync()


async def test_somebody_is_waved_at(discord: Driver, start_client: StartClient) -> None:
    await start_client(MenuBot())
    ada, ben = discord.member("Ada"), discord.member("Ben")
    reply = await ada.use_on(ben, "Wave")
    assert reply.text == "Ada waves at Ben"
    assert reply.message.raw.kind == 23
    assert reply.interaction.command == "Wave"


async def test_a_message_is_quoted_with_its_words(discord: Driver, start_client: StartClient) -> None:
    await start_client(MenuBot())
    said = discord.member("Ben").say("Here's to the fools who dream")
    reply = await discord.member("Ada").use_on(said, "Quote")
    assert reply.text == "Ben: Here's to the fools who dream"


@pytest.mark.parametrize(
    ("menu", "target", "fields"),
    [(2, "ada", {"target_user"}), (3, "own", {"target_message_id"})],
)
async def test_what_the_answer_says_of_its_command(
    raw: Raw, menu: int, target: str, fields: set[str]
) -> None:
    raw.command("Do it", type=menu, description="")
    people, place = raw.discord.server.people, raw.ids["trivia"]
    use = people.use_on_user if menu == 2 else people.use_on_message
    asked = use(raw.ids["ada"], place, "Do it", raw.ids[target])
    assert asked.data["target_id"] == str(raw.ids[target])
    await raw.respond(asked, 4, {"content": "done"})
    got = await raw.call("GET", raw.webhook(asked, "/messages/@original"))
    assert got.body["interaction_metadata"]["command_type"] == menu
    assert fields <= got.body["interaction_metadata"].keys()
    if (validator := load_validator()) is not None:
        template = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        assert list(validator.answer_faults("GET", template, got.status, got.body)) == []


async def test_each_kind_has_its_own_names(raw: Raw) -> None:
    raw.command("Do it", type=3, description="")
    people, ada, place = raw.discord.server.people, raw.ids["ada"], raw.ids["trivia"]
    with pytest.raises(Refused, match="There is no command Do it"):
        people.use_on_user(ada, place, "Do it", ada)
    with pytest.raises(Refused, match="There is no command /Do"):
        people.run(ada, place, "Do it", {})
    with pytest.raises(Refused):
        people.use_on_message(ada, place, "Do it", 5)
    with pytest.raises(Refused, match="timed out"):
        people.use_on_message(raw.discord.member("Fay").id, place, "Do it", raw.ids["own"])


async def test_sixteen_of_a_kind_are_too_many(raw: Raw) -> None:
    menus = [{"name": f"Menu {number}", "type": 2} for number in range(16)]
    got = await raw.call("PUT", "/applications/{app}/commands", menus)
    assert (got.status, got.code) == (400, 30032)
    assert (await raw.call("PUT", "/applications/{app}/commands", menus[1:])).status == 200
