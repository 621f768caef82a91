"""The yardstick: a bot of discord.py that answers the same cards from memory, and does nothing else."""

import asyncio
import os

import discord
from discord import app_commands, ui

import bot.app  # noqa: F401 (starts and memory compare what the bots do, not what they have imported)
from bot.core.content import Difficulty, Fact, Question, Spoiler, Topic
from bot.storage.catalogue import LoadedPack
from bot.ui.fact_cards import fact_card
from bot.ui.parts import card

PACK = LoadedPack(
    id="la-la-land",
    title="La La Land",
    topics=(Topic("music", "Music and songs", "🎹", "Who wrote it, played it and sang it."),),
    facts={
        1: Fact(
            id="piano",
            text="Every note of the piano in the film was recorded by one and the same pianist before the"
            " cameras ran, so that whoever sits at the keys on the screen had months to learn it.",
            topics=("music",),
            people=(),
            films=(),
            spoiler=Spoiler.NONE,
            paragraphs=(1,),
        )
    },
    questions={1: Question("who", "piano", "Who plays?", "A pianist", (), Difficulty.EASY)},
)
"""As much as one of our cards shows; a fact of the real pack has 162 characters on average."""


class NullBot(discord.AutoShardedClient):
    """Holds one fact card, one question card and one private answer, and sends them."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.fact = fact_card(PACK, 1)
        self.question = question_card()
        self.answer = card(
            ui.TextDisplay(
                "**B** · Randy Kerber\n-# Your answer counts. It stays between us until the reveal."
            )
        )
        self.choices = [app_commands.Choice(name="🎹 Music and songs (22)", value="music")]
        self.tree = app_commands.CommandTree(self)
        self._add_commands()

    def _add_commands(self) -> None:
        @self.tree.command(description="A fact")
        async def fact(interaction: discord.Interaction, topic: str | None = None) -> None:
            await interaction.response.send_message(view=self.fact)

        @fact.autocomplete("topic")
        async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return self.choices

        @self.tree.command(description="A question")
        async def question(interaction: discord.Interaction) -> None:
            await interaction.response.send_message(view=self.question)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message(view=self.answer, ephemeral=True)


def question_card() -> ui.LayoutView:
    """Return a card like that of an open question."""
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(label=f"{letter} · Somebody", custom_id=f"choice1:1:1:{number}")
        for number, letter in enumerate("ABCD")
    ]
    return card(
        ui.Container(
            ui.TextDisplay("### Question 1 of 10\nWho recorded the piano first?"), accent_colour=0xF2B134
        ),
        ui.ActionRow(*buttons),
    )


async def main() -> None:
    async with NullBot() as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
