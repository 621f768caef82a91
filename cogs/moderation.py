"""The controls of kind "mod", which the /settings panel leads to: reports, blocked players, the reset."""

import discord
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage import moderation
from bot.storage.reports import settle
from bot.ui.moderation_cards import (
    BLOCKED_PER_PAGE,
    CASES_PER_PAGE,
    REASONS_PER_PAGE,
    blocked_card,
    confirm_reset_card,
    report_card,
    reports_card,
)
from bot.ui.parts import card, nearest_page
from bot.ui.reply import replace, reply
from bot.ui.rights import check_may_manage
from bot.ui.router import OUTDATED, route


class Moderation(commands.Cog):
    """The moderators' buttons: those of the panel open a private card, the others change their own."""

    def __init__(self, tools: Tools, rounds: RoundRunner) -> None:
        self._tools = tools
        self._rounds = rounds

    @route("mod", 1, "reports")
    async def show_reports(self, interaction: discord.Interaction, page: int | None = None) -> None:
        """Show a page of the reports, the first in a card of its own."""
        await _show(interaction, await self._reports(check_may_manage(interaction), page or 0), page)

    @route("mod", 1, "report")
    async def show_report(self, interaction: discord.Interaction, number: int, page: int, part: int) -> None:
        """Show a report in full, with a part of its reasons."""
        guild_id, a_page = check_may_manage(interaction), REASONS_PER_PAGE
        case = await self._tools.database.read(moderation.case_of, guild_id, number, a_page)
        if part := nearest_page(part, case.reports, a_page):
            case = await self._tools.database.read(
                moderation.case_of, guild_id, number, a_page, part * a_page
            )
        await replace(interaction, report_card(case, page, part))

    @route("mod", 1, "settle")
    async def settle(self, interaction: discord.Interaction, number: int, page: int) -> None:
        """Take a report off the list, and have its senders told."""
        guild_id, now = check_may_manage(interaction), self._tools.time.now()
        senders = await self._tools.database.write(settle, guild_id, number, now)
        self._tools.to_tell.update((guild_id, sender) for sender in senders)
        await self.show_reports(interaction, page)

    @route("mod", 1, "void")
    async def void(self, interaction: discord.Interaction, number: int, page: int) -> None:
        """Take a question out of play."""
        guild_id, now = check_may_manage(interaction), self._tools.time.now()
        moderator_id = interaction.user.id
        await self._tools.database.write(moderation.void_question, guild_id, number, moderator_id, now)
        await self.show_reports(interaction, page)

    @route("mod", 1, "undo")
    async def undo(self, interaction: discord.Interaction, number: int, page: int) -> None:
        """Put a question back into play."""
        guild_id = check_may_manage(interaction)
        await self._tools.database.write(moderation.undo_void, guild_id, number)
        await self.show_reports(interaction, page)

    @route("mod", 1, "blocked")
    async def show_blocked(self, interaction: discord.Interaction, page: int | None = None) -> None:
        """Show a page of the blocked players, the first in a card of its own."""
        await _show(interaction, await self._blocked(check_may_manage(interaction), page or 0), page)

    @route("mod", 1, "block")
    async def block(self, interaction: discord.Interaction, *, chosen: int) -> None:
        """Block the player who was chosen."""
        guild_id, now = check_may_manage(interaction), self._tools.time.now()
        _check_may_be_blocked(interaction, chosen)
        moderator_id = interaction.user.id
        await self._tools.database.write(moderation.block_player, guild_id, chosen, moderator_id, now)
        self._rounds.block(guild_id, chosen)
        await self.show_blocked(interaction, 0)

    @route("mod", 1, "unblock")
    async def unblock(self, interaction: discord.Interaction, user_id: int, page: int) -> None:
        """Let a player play again."""
        guild_id = check_may_manage(interaction)
        await self._tools.database.write(moderation.unblock_player, guild_id, user_id)
        await self.show_blocked(interaction, page)

    @route("mod", 1, "reset")
    async def ask_reset(self, interaction: discord.Interaction) -> None:
        """Ask whether to reset the board."""
        check_may_manage(interaction)
        await reply(interaction, confirm_reset_card(self._tools.now_ms()), private=True)

    @route("mod", 1, "confirm")
    async def reset(self, interaction: discord.Interaction, asked_ms: int) -> None:
        """Reset the board."""
        guild_id, now = check_may_manage(interaction), self._tools.time.now()
        moderator_id = interaction.user.id
        await self._tools.database.write(moderation.reset_board, guild_id, moderator_id, asked_ms, now)
        await replace(interaction, card("The board has been reset. The next round begins a new one."))

    async def _reports(self, guild_id: int, page: int) -> discord.ui.LayoutView:
        total = await self._tools.database.read(moderation.count_cases, guild_id)
        page = nearest_page(page, total, CASES_PER_PAGE)
        cases = await self._tools.database.read(
            moderation.cases, guild_id, CASES_PER_PAGE, page * CASES_PER_PAGE
        )
        return reports_card(cases, total, page)

    async def _blocked(self, guild_id: int, page: int) -> discord.ui.LayoutView:
        total = await self._tools.database.read(moderation.count_blocked, guild_id)
        page = nearest_page(page, total, BLOCKED_PER_PAGE)
        start = page * BLOCKED_PER_PAGE
        blocked = await self._tools.database.read(
            moderation.blocked_players, guild_id, BLOCKED_PER_PAGE, start
        )
        return blocked_card(blocked, total, page)


async def _show(interaction: discord.Interaction, view: discord.ui.LayoutView, page: int | None) -> None:
    """Answer with a new card if there is no page number, else in place."""
    if page is None:
        await reply(interaction, view, private=True)
    else:
        await replace(interaction, view)


def _check_may_be_blocked(interaction: discord.Interaction, user_id: int) -> None:
    """Raise Refusal for bots, for the server's owner, for oneself, and for ids that are nobody's."""
    match interaction.data:
        case {"resolved": {"users": {**users}}} if isinstance(user := users.get(str(user_id)), dict):
            is_bot = bool(user.get("bot"))
        case _:
            raise Refusal(OUTDATED)
    if is_bot:
        raise Refusal("Bots, myself included, do not play, so there is nobody to block.")
    if user_id == interaction.user.id:
        raise Refusal("You cannot block yourself.")
    if interaction.guild is not None and user_id == interaction.guild.owner_id:
        raise Refusal("The owner of the server cannot be blocked.")
