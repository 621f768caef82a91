"""The controls of kind "mod", which the /settings panel leads to: reports, blocked players, the reset."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage import moderation
from bot.ui.moderation_cards import (
    BLOCKED_A_PAGE,
    CASES_A_PAGE,
    blocked_card,
    confirm_reset_card,
    done_card,
    reports_card,
)
from bot.ui.reply import replace, reply
from bot.ui.rights import check_may_manage
from bot.ui.router import OUTDATED, chosen_values, int_argument, route

Action = Callable[..., Awaitable[None]]


class Moderation(commands.Cog):
    """Answers the moderators' buttons, for those who may manage the server and nobody else.

    A control names an action and has whole numbers as its further arguments. Those that the panel shows have
    none and open a private card; the others change the card that they are on.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._actions: dict[tuple[str, int], Action] = {
            ("reports", 0): self._open_reports,
            ("reports", 1): self._show_reports,
            ("void", 2): self._void,
            ("undo", 2): self._undo,
            ("blocked", 0): self._open_blocked,
            ("blocked", 1): self._show_blocked,
            ("block", 0): self._block,
            ("unblock", 2): self._unblock,
            ("reset", 0): self._ask_reset,
            ("confirm", 1): self._reset,
            ("keep", 0): self._keep,
        }

    @route("mod", 1)
    async def handle(self, interaction: discord.Interaction, arguments: tuple[str, ...]) -> None:
        """Answer one control."""
        guild_id = check_may_manage(interaction)
        name, *rest = arguments
        action = self._actions.get((name, len(rest)))
        if action is None:
            raise Refusal(OUTDATED)
        await action(interaction, guild_id, *map(int_argument, rest))

    async def _open_reports(self, interaction: discord.Interaction, guild_id: int) -> None:
        await reply(interaction, await self._reports(guild_id, 0), private=True)

    async def _show_reports(self, interaction: discord.Interaction, guild_id: int, page: int) -> None:
        await replace(interaction, await self._reports(guild_id, page))

    async def _void(self, interaction: discord.Interaction, guild_id: int, number: int, page: int) -> None:
        moderator_id, now = interaction.user.id, self._tools.time.now()
        await self._tools.database.write(moderation.void_question, guild_id, number, moderator_id, now)
        await self._show_reports(interaction, guild_id, page)

    async def _undo(self, interaction: discord.Interaction, guild_id: int, number: int, page: int) -> None:
        await self._tools.database.write(moderation.undo_void, guild_id, number)
        await self._show_reports(interaction, guild_id, page)

    async def _open_blocked(self, interaction: discord.Interaction, guild_id: int) -> None:
        await reply(interaction, await self._blocked(guild_id, 0), private=True)

    async def _show_blocked(self, interaction: discord.Interaction, guild_id: int, page: int) -> None:
        await replace(interaction, await self._blocked(guild_id, page))

    async def _block(self, interaction: discord.Interaction, guild_id: int) -> None:
        chosen = chosen_values(interaction)
        if len(chosen) != 1:
            raise Refusal(OUTDATED)
        if _is_bot(interaction, chosen[0]):
            raise Refusal("Bots, myself included, do not play. There is nothing to block.")
        user_id, moderator_id, now = int_argument(chosen[0]), interaction.user.id, self._tools.time.now()
        await self._tools.database.write(moderation.block_player, guild_id, user_id, moderator_id, now)
        await self._show_blocked(interaction, guild_id, 0)

    async def _unblock(
        self, interaction: discord.Interaction, guild_id: int, user_id: int, page: int
    ) -> None:
        await self._tools.database.write(moderation.unblock_player, guild_id, user_id)
        await self._show_blocked(interaction, guild_id, page)

    async def _ask_reset(self, interaction: discord.Interaction, guild_id: int) -> None:  # noqa: ARG002 (an action)
        await reply(interaction, confirm_reset_card(self._tools.now_ms()), private=True)

    async def _reset(self, interaction: discord.Interaction, guild_id: int, asked_ms: int) -> None:
        moderator_id, now = interaction.user.id, self._tools.time.now()
        await self._tools.database.write(moderation.reset_board, guild_id, moderator_id, asked_ms, now)
        await replace(interaction, done_card("The board has been reset. The next round begins a new one."))

    async def _keep(self, interaction: discord.Interaction, guild_id: int) -> None:  # noqa: ARG002 (an action)
        await replace(interaction, done_card("The board stays as it is."))

    async def _reports(self, guild_id: int, page: int) -> discord.ui.LayoutView:
        total = await self._tools.database.read(moderation.count_cases, guild_id)
        page = _within(page, total, CASES_A_PAGE)
        cases = await self._tools.database.read(moderation.cases, guild_id, CASES_A_PAGE, page * CASES_A_PAGE)
        return reports_card(cases, total, page)

    async def _blocked(self, guild_id: int, page: int) -> discord.ui.LayoutView:
        total = await self._tools.database.read(moderation.count_blocked, guild_id)
        page = _within(page, total, BLOCKED_A_PAGE)
        blocked = await self._tools.database.read(
            lambda connection: moderation.blocked_players(
                connection, guild_id, BLOCKED_A_PAGE, page * BLOCKED_A_PAGE
            )
        )
        return blocked_card(blocked, total, page)


def _is_bot(interaction: discord.Interaction, user_id: str) -> bool:
    """Return whether a user who was chosen is a bot, by what Discord tells of them with the choice."""
    data: Mapping[str, Any] = interaction.data or {}
    users = data.get("resolved", {}).get("users", {})
    return bool(users.get(user_id, {}).get("bot")) or user_id == str(interaction.application_id)


def _within(page: int, total: int, a_page: int) -> int:
    """Return the nearest page that there is."""
    return min(page, max(0, -(-total // a_page) - 1))
