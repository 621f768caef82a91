"""`/challenge`: the same five questions a day for a whole server, played privately and once."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.challenge import Days, Play, add_up
from bot.core.pace import Pace
from bot.core.periods import Stretch
from bot.core.refusal import Refusal
from bot.core.snowflakes import snowflake_ms
from bot.runners.tools import Tools
from bot.storage import challenge
from bot.storage.challenge import NOT_YET, OVER, Today
from bot.storage.challenge_results import Finisher, days_of, finishers
from bot.ui.audience import audience_of
from bot.ui.challenge_cards import play_card, result_card, shared_card, start_card
from bot.ui.pacing import paced
from bot.ui.reply import replace, reply
from bot.ui.rights import check_may_share
from bot.ui.router import route

LOOK_PACE = 10, 20
"""How often a user may open the challenge, in how many seconds."""
OFF = "This server has no daily challenge: its moderators have turned it off."
ALREADY_ANSWERED = 40060
"""Discord's code for a second answer to an interaction; it already has the first."""


class Challenge(commands.Cog):
    """The daily challenge. How far a player is stands in the database alone, so nothing can lose it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._pace = Pace(*LOOK_PACE)

    @app_commands.command(description="Today's five questions, the same for everybody here")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def challenge(self, interaction: discord.Interaction) -> None:
        """Show a player privately how far they are in today's challenge."""
        await self.show(interaction)

    @route("challenge", 1, "open", public=True)
    async def show(self, interaction: discord.Interaction) -> None:
        """Show a player privately how far they are; the button is under daily posts and shared results."""
        today, user_id = self._today(interaction), interaction.user.id
        with paced(self._pace, interaction):
            play = await self._tools.database.read(challenge.find, today, user_id)
        if play is None:
            view = start_card(today.day, in_server=bool(today.guild_id))
        else:
            view = await self._card(interaction, today, play)
        await reply(interaction, view, private=True)

    @route("challenge", 1, "begin")
    async def begin(self, interaction: discord.Interaction, day: date) -> None:
        """Show the first question, or the current one of a player who has begun elsewhere."""
        today, audience = self._today(interaction), audience_of(interaction, self._tools)
        if day != today.day:
            raise Refusal(OVER if day < today.day else NOT_YET)
        play = await self._tools.database.write(
            challenge.begin, today, audience.pack, audience.spoilers, *_press(interaction)
        )
        await replace(interaction, await self._card(interaction, today, play))

    @route("challenge", 1, "next")
    async def go_on(self, interaction: discord.Interaction, challenge_id: int) -> None:
        """Show the next question, or the result after the last."""
        today = self._today(interaction)
        play = await self._tools.database.write(challenge.go_on, today, challenge_id, *_press(interaction))
        await replace(interaction, await self._card(interaction, today, play))

    @route("challenge", 1)
    async def answer(
        self, interaction: discord.Interaction, challenge_id: int, position: int, choice: int
    ) -> None:
        """Store an answer, then show whether it is right."""
        today = self._today(interaction)
        play = await self._tools.database.write(
            challenge.answer, today, challenge_id, position, choice, *_press(interaction)
        )
        await replace(interaction, play_card(play, self._number(play)))

    @route("challenge", 1, "share")
    async def share(self, interaction: discord.Interaction, challenge_id: int) -> None:
        """Show the result to everybody in the channel, once."""
        today, user_id = self._today(interaction), interaction.user.id
        check_may_share(interaction)
        play = await self._tools.database.write(challenge.share, today, challenge_id, *_press(interaction))
        days, _ = await self._result(today, play, user_id)
        try:
            await reply(interaction, shared_card(user_id, play, days))
        except discord.HTTPException as error:
            if error.status < 500 and error.code != ALREADY_ANSWERED:
                await self._tools.database.write(challenge.take_share_back, challenge_id, user_id)
            raise

    async def _card(self, interaction: discord.Interaction, today: Today, play: Play) -> ui.LayoutView:
        """Return a player's question, its answer, or their result."""
        if not play.is_done:
            return play_card(play, self._number(play))
        user_id = interaction.user.id
        days, best = await self._result(today, play, user_id)
        following = Stretch(today.day, today.day).ends(self._tools.settings.get(today.guild_id).zone)
        return result_card(play, days, best, user_id, following, in_server=bool(today.guild_id))

    async def _result(self, today: Today, play: Play, user_id: int) -> tuple[Days, Sequence[Finisher]]:
        days, best = await self._tools.database.read(
            lambda connection: (
                days_of(connection, today.guild_id, user_id),
                finishers(connection, play.challenge_id),
            )
        )
        return add_up(days, today.day, today.zone), best

    def _today(self, interaction: discord.Interaction) -> Today:
        """Return the server's date of an interaction. Raises Refusal if there is no challenge."""
        guild_id = audience_of(interaction, self._tools).guild_id
        settings = self._tools.settings.get(guild_id)
        if not settings.challenge:
            raise Refusal(OFF)
        day = interaction.created_at.astimezone(settings.zone).date()
        return Today(guild_id, day, settings.time_zone)

    def _number(self, play: Play) -> int | None:
        """Return the number of the question that a player saw last, or None if its pack no longer has it."""
        pack = self._tools.catalogue.find(play.pack)
        return pack.question_numbers_by_id.get(play.current.asked.question) if pack else None


def _press(interaction: discord.Interaction) -> tuple[int, int]:
    """Return who pressed a button, and when by Discord's clock, in unix milliseconds."""
    return interaction.user.id, snowflake_ms(interaction.id)
