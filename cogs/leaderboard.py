"""`/leaderboard` and `/stats`: who has the most points in this server, and how a player is doing."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.challenge import add_up
from bot.core.pace import Pace
from bot.core.periods import Period
from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.boards import TOP, BoardPage, Cursor, board_page
from bot.storage.challenge_results import days_of
from bot.storage.hall_of_fame import hall_page
from bot.storage.in_play import is_blocked
from bot.storage.player_stats import PlayerStats, player_stats
from bot.storage.scores import Board
from bot.ui import pictures
from bot.ui.audience import server_of
from bot.ui.board_cards import (
    BOARD_NAMES,
    HALL,
    NEWEST,
    VIEW_NAMES,
    board_card,
    hall_card,
    stats_card,
    topic_name,
)
from bot.ui.drawing import Drawn, draw
from bot.ui.names import Names
from bot.ui.pacing import paced
from bot.ui.reply import reply, turn
from bot.ui.router import route

PERIODS = [app_commands.Choice(name=name, value=str(view)) for view, name in VIEW_NAMES.items()]
BOARDS = [app_commands.Choice(name=name, value=board.value) for board, name in BOARD_NAMES.items()]
BOARD_PACE = 10, 20
"""How many pages and statistics a user may look at, in how many seconds."""
PICTURE_PATIENCE_S = 2.0
"""A command has to be answered within three seconds, whatever becomes of its picture."""
ELSEWHERE = "A leaderboard needs a server that I am a member of. Somebody who manages it can add me."


Show = Callable[..., Awaitable[None]]
"""`reply` or `turn`: a command shows a new card, and a button the next one."""


class Leaderboard(commands.Cog):
    """The board of a server, and the statistics of its players."""

    def __init__(self, tools: Tools, names: Names) -> None:
        self._tools = tools
        self._names = names
        self._pace = Pace(*BOARD_PACE)

    @app_commands.command(description="Who has the most points in this server")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(
        period="Which points to add up, or past winners; all time if you leave it out",
        board="Which board; that of rounds if you leave it out",
    )
    @app_commands.choices(period=PERIODS, board=BOARDS)
    async def leaderboard(
        self,
        interaction: discord.Interaction,
        period: app_commands.Choice[str] | None = None,
        board: app_commands.Choice[str] | None = None,
    ) -> None:
        """See who has the most points in this server."""
        which = Board(board.value) if board else Board.ROUNDS
        if period and period.value == HALL:
            await self._show_hall(interaction, reply, which, None)
        else:
            span = Period(period.value) if period else Period.ALL
            await self._show_board(interaction, reply, which, span, TOP)

    @app_commands.command(description="How you or somebody else does in this server's rounds")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(player="Whose statistics; yours if you leave it out")
    async def stats(self, interaction: discord.Interaction, player: discord.User | None = None) -> None:
        """See how you or somebody else does in this server's rounds."""
        member = player or interaction.user
        with paced(self._pace, interaction):
            guild_id = self._guild_id(interaction)
            if member.bot:
                raise Refusal("Bots do not play, so they have no statistics.")
            self._names.note(guild_id, member)
            stats, played = await self._tools.database.read(
                lambda connection: (
                    player_stats(connection, guild_id, member.id),
                    days_of(connection, guild_id, member.id),
                )
            )
            if not stats.rounds and not played:
                who = "You have" if member.id == interaction.user.id else f"<@{member.id}> has"
                raise Refusal(f"{who} not played in this server yet.")
            board, blocked = await self._read(guild_id, Board.ROUNDS, Period.ALL, member.id, TOP)
        picture = None
        if stats.rounds:
            picture = await self._draw(
                interaction,
                [member.id],
                lambda names: self._drawn_stats(self._title(interaction), names[0], stats, board),
            )
        settings = self._tools.settings.get(guild_id)
        today = self._tools.time.now().astimezone(settings.zone).date()
        days = add_up(played, today, settings.time_zone)
        view = stats_card(
            member.id, stats, board, self._tools.catalogue, picture, days=days, is_blocked=blocked
        )
        await reply(interaction, view, files=_files(picture))

    @route("board", 1, public=True)
    async def turn_board(
        self, interaction: discord.Interaction, board: Board, period: Period, cursor: Cursor
    ) -> None:
        """Show another page, period or board."""
        await self._show_board(interaction, turn, board, period, cursor)

    @route(HALL, 1, public=True)
    async def turn_hall(
        self, interaction: discord.Interaction, board: Board, month: date | Literal["newest"]
    ) -> None:
        """Show the hall of fame from this month back."""
        await self._show_hall(interaction, turn, board, None if month == NEWEST else month)

    async def _show_hall(
        self, interaction: discord.Interaction, show: Show, which: Board, latest: date | None
    ) -> None:
        with paced(self._pace, interaction):
            guild_id, now = self._guild_id(interaction), self._tools.time.now()
            hall = await self._tools.database.read(hall_page, guild_id, now, latest, which)
        await show(interaction, hall_card(hall))

    async def _show_board(
        self, interaction: discord.Interaction, show: Show, which: Board, period: Period, cursor: Cursor
    ) -> None:
        with paced(self._pace, interaction):
            guild_id = self._guild_id(interaction)
            board, blocked = await self._read(guild_id, which, period, interaction.user.id, cursor)
        picture = None
        if board.places and not board.has_previous:
            picture = await self._draw(
                interaction,
                [place.user_id for place in board.places],
                lambda names: pictures.TopTen(
                    title=self._title(interaction),
                    period=_drawn_period(which, period),
                    rows=tuple(
                        pictures.BoardRow(name, place.rank, place.points)
                        for name, place in zip(names, board.places, strict=True)
                    ),
                ),
            )
        view = board_card(board, interaction.user.id, picture, is_blocked=blocked)
        await show(interaction, view, files=_files(picture), private=blocked)

    async def _draw(
        self,
        interaction: discord.Interaction,
        user_ids: Sequence[int],
        data: Callable[[list[str | None]], pictures.Picturable],
    ) -> Drawn | None:
        if not interaction.app_permissions.attach_files:
            return None
        return await draw(self._names, interaction.guild_id or 0, user_ids, data, PICTURE_PATIENCE_S)

    async def _read(
        self, guild_id: int, which: Board, period: Period, reader_id: int, cursor: Cursor
    ) -> tuple[BoardPage, bool]:
        """Return a page of the board, and whether its reader is blocked."""
        now = self._tools.time.now()
        return await self._tools.database.read(
            lambda connection: (
                board_page(
                    connection, guild_id, period, now, reader_id=reader_id, cursor=cursor, board=which
                ),
                is_blocked(connection, guild_id, reader_id),
            )
        )

    def _drawn_stats(
        self, title: str, name: str | None, stats: PlayerStats, board: BoardPage
    ) -> pictures.PlayerCard:
        return pictures.PlayerCard(
            title=title,
            name=name,
            rank=board.own.rank if board.own else None,
            players=board.players,
            points=board.own.points if board.own else 0,
            rounds=stats.rounds,
            right=stats.overall.correct,
            answered=stats.overall.answered,
            best_streak=stats.best_streak,
            average_ms=stats.average_ms,
            topics=tuple(
                pictures.TopicScore(
                    topic_name(self._tools.catalogue, topic), topic.accuracy.correct, topic.accuracy.answered
                )
                for topic in stats.topics
            ),
            form=tuple(accuracy.correct / accuracy.answered for accuracy in stats.form),
        )

    def _title(self, interaction: discord.Interaction) -> str:
        """Return the pictures' title: the server's name, or the pack's if that is not known."""
        guild = interaction.guild
        return (guild.name if guild else "") or self._tools.film_of(interaction.guild_id).title

    def _guild_id(self, interaction: discord.Interaction) -> int:
        """Return an interaction's server, and note who acts. Raises Refusal where there is no board."""
        guild_id = server_of(interaction)
        if guild_id is None:
            raise Refusal(ELSEWHERE)
        self._names.note(guild_id, interaction.user)
        return guild_id


def _files(picture: Drawn | None) -> list[discord.File]:
    return [picture.file()] if picture else []


def _drawn_period(board: Board, period: Period) -> str:
    """Return what the picture of a board names as its period."""
    name = VIEW_NAMES[period]
    return name if board is Board.ROUNDS else f"{BOARD_NAMES[board]}, {name.lower()}"
