"""A slash command with options, a view with buttons, a modal, and a view that outlives a restart."""

import os
from typing import Any

import discord
from discord import app_commands


class Feedback(discord.ui.Modal, title="Feedback"):
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Name", placeholder="Your name here…")
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="What do you think?", style=discord.TextStyle.long, required=False, max_length=300
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(
            f"Thanks, {self.name.value}: {self.words.value}", ephemeral=True
        )


class Confirm(discord.ui.View):
    def __init__(self) -> None:
        super().__init__()
        self.value: bool | None = None

    @discord.ui.button(label="Confirm", style=discord.ButtonStyle.green)
    async def confirm(self, interaction: discord.Interaction, _: discord.ui.Button["Confirm"]) -> None:
        await interaction.response.send_message("Confirming", ephemeral=True)
        self.value = True
        self.stop()


class Persistent(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Green", style=discord.ButtonStyle.green, custom_id="persistent:green")
    async def green(self, interaction: discord.Interaction, _: discord.ui.Button["Persistent"]) -> None:
        await interaction.response.send_message("This is green.", ephemeral=True)

    @discord.ui.select(custom_id="persistent:select", options=[discord.SelectOption(label="Red")])
    async def choose(self, interaction: discord.Interaction, select: discord.ui.Select["Persistent"]) -> None:
        await interaction.response.edit_message(content=f"You chose {select.values[0]}.")


class Client(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.add_view(Persistent())
        await self.tree.sync()


client = Client()


@client.tree.command()
@app_commands.describe(first="The first number", second="The second number")
async def add(interaction: discord.Interaction, first: int, second: app_commands.Range[int, 0, 10]) -> None:
    """Adds two numbers."""
    await interaction.response.send_message(f"{first} + {second} = {first + second}")


@client.tree.command()
async def joined(interaction: discord.Interaction, member: discord.Member) -> None:
    """Says when a member joined."""
    assert member.joined_at is not None
    await interaction.response.send_message(f"{member} joined {discord.utils.format_dt(member.joined_at)}")


@client.tree.command()
async def feedback(interaction: discord.Interaction) -> None:
    """Asks for feedback."""
    await interaction.response.send_modal(Feedback())


@client.tree.command()
async def ask(interaction: discord.Interaction) -> None:
    """Asks you a question, and waits for the answer."""
    view = Confirm()
    await interaction.response.send_message("Do you want to continue?", view=view)
    await view.wait()
    await interaction.followup.send(f"Confirmed: {view.value}")


@client.tree.command()
async def prepare(interaction: discord.Interaction) -> None:
    """Sends a view that works for ever."""
    await interaction.response.send_message("What is your favourite colour?", view=Persistent())


client.run(os.environ["DISCORD_TOKEN"])
