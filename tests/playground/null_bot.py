"""The smallest discord.py bot that does everything once. It keeps nothing."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands

TOPICS = ("music", "making", "cast")


class Form(discord.ui.Modal, title="Say it"):
    """A form with one field, and one choice."""

    word: discord.ui.Label[Any] = discord.ui.Label(
        text="Word", component=discord.ui.TextInput(custom_id="word", max_length=20)
    )
    tone: discord.ui.Label[Any] = discord.ui.Label(
        text="Tone",
        component=discord.ui.Select(
            custom_id="tone", options=[discord.SelectOption(label="Soft"), discord.SelectOption(label="Loud")]
        ),
    )


class NullBot(discord.AutoShardedClient):
    """Answers from memory. `heard` collects what its events say."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self.resumed = asyncio.Event()
        own: list[app_commands.Command[Any, ..., Any]] = [ping, topic, slow, form, picture, mine, silent]
        for command in own:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_resumed(self) -> None:
        self.heard.append("resumed")
        self.resumed.set()

    async def on_guild_join(self, _: discord.Guild) -> None:
        self.heard.append("join")

    async def on_guild_remove(self, _: discord.Guild) -> None:
        self.heard.append("remove")

    async def on_guild_unavailable(self, _: discord.Guild) -> None:
        self.heard.append("unavailable")

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(f"message {message.content}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await self.clicked(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            said = ", ".join(f"{name}={value}" for name, value in values(interaction.data))
            await interaction.response.send_message(f"You said {said}", ephemeral=True)

    async def clicked(self, interaction: discord.Interaction) -> None:
        match interaction.data:
            case {"custom_id": "again"}:
                await interaction.response.edit_message(view=card("pong again"))
            case {"custom_id": "mine"}:
                await interaction.response.send_message("only you", ephemeral=True)
                await interaction.followup.send("and more", ephemeral=True)
            case {"custom_id": "pick", "values": [value]}:
                await interaction.response.send_message(f"picked {value}", ephemeral=True)


def values(data: Any) -> list[tuple[str, str]]:
    """What was filled into a form, by field."""
    parts = [component["component"] for component in data["components"]]
    return [(part["custom_id"], part.get("value") or ",".join(part.get("values", ()))) for part in parts]


def card(text: str) -> discord.ui.LayoutView:
    """A card with every kind of control; stopped, so that discord.py keeps nothing of it."""
    options = [discord.SelectOption(label=topic, value=topic) for topic in TOPICS]
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(
        discord.ui.Container(
            discord.ui.Section(
                discord.ui.TextDisplay(text), accessory=discord.ui.Button(label="Again", custom_id="again")
            ),
            discord.ui.Separator(),
            discord.ui.ActionRow(
                discord.ui.Button(label="Mine", custom_id="mine"),
                discord.ui.Button(emoji="🎬", custom_id="film", disabled=True),
                discord.ui.Button(label="Web", url="https://example.org"),
            ),
            discord.ui.ActionRow(discord.ui.Select(custom_id="pick", options=options)),
            accent_colour=discord.Colour(0x5865F2),
        )
    )
    view.stop()
    return view


@app_commands.command(description="Says pong")
async def ping(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=card("pong"))


@app_commands.command(description="Names a topic")
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.allowed_installs(guilds=True, users=True)
async def topic(interaction: discord.Interaction, name: str) -> None:
    installs = f"{interaction.is_guild_integration()} {interaction.is_user_integration()}"
    await interaction.response.send_message(f"{name} {installs}")


@topic.autocomplete("name")
async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=one.title(), value=one) for one in TOPICS if one.startswith(typed)]


@app_commands.command(description="Thinks, then answers")
async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="thought")


@app_commands.command(description="Opens a form")
async def form(interaction: discord.Interaction) -> None:
    opened = Form(custom_id="form")
    opened.stop()
    await interaction.response.send_modal(opened)


@app_commands.command(description="Sends a picture into the channel")
async def picture(interaction: discord.Interaction) -> None:
    file = discord.File(io.BytesIO(b"not really a picture"), "star.bin", description="A star")
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.File("attachment://star.bin"))
    view.stop()
    await interaction.response.defer(ephemeral=True, thinking=True)
    assert isinstance(interaction.channel, discord.TextChannel)
    sent = await interaction.channel.send(view=view, file=file, nonce="p1")
    again = await interaction.channel.send(view=discord.ui.LayoutView.from_message(sent), nonce="p1")
    await interaction.followup.send(f"{sent.id == again.id} {sent.jump_url}", ephemeral=True)


@app_commands.command(description="For the user's own install")
@app_commands.allowed_installs(guilds=False, users=True)
async def mine(interaction: discord.Interaction) -> None:
    assert interaction.guild is not None
    await interaction.response.send_message(f"{interaction.is_guild_integration()}", ephemeral=True)


@app_commands.command(description="Never answers")
async def silent(_: discord.Interaction) -> None:
    """Leave the person waiting."""
