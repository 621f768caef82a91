"""The composition root: opens what the bot stands on, wires it together, closes it in order."""

import asyncio
import contextlib
import gc
import hashlib
import json
import logging
import signal
from collections.abc import AsyncIterator
from functools import partial
from random import Random
from typing import Any

import aiohttp
import discord
from aiohttp import web
from discord import app_commands
from discord.ext import commands

from bot.background import Background, Work
from bot.config import CannotStart, Config
from bot.connection_errors import explaining_refusals
from bot.core.shards import EVERY, Shards
from bot.errors import TriviaTree, answer_error, answer_slow
from bot.metrics import Metrics, serve_metrics
from bot.runners.daily_poster import DailyPoster
from bot.runners.guild_purger import GuildPurger
from bot.runners.round_runner import RoundRunner
from bot.runners.time import SystemTime, Time
from bot.runners.tools import Tools
from bot.storage.app_state import get_state, set_state
from bot.storage.database import Database
from bot.storage.notices import waiting
from bot.storage.own_packs import OwnPacks
from bot.storage.packs import load_packs
from bot.storage.settings import Settings
from bot.ui.confirmation import Confirmations
from bot.ui.daily_messenger import DailyDiscord
from bot.ui.discord_py import work_around_faults
from bot.ui.names import Names
from bot.ui.notice_cards import send_notices
from bot.ui.old_errors import OldErrors
from bot.ui.quiz_messenger import QuizMessenger
from bot.ui.reply import TakeAway, remind
from bot.ui.router import Router
from bot.ui.text import count
from cogs.challenge import Challenge
from cogs.daily import Daily
from cogs.facts import Facts
from cogs.help import Help
from cogs.leaderboard import Leaderboard
from cogs.moderation import Moderation
from cogs.own_questions import OwnQuestions
from cogs.practice import Practice
from cogs.privacy import Privacy
from cogs.quiz import Quiz
from cogs.quiz_start import QuizStart
from cogs.settings import ServerSettings

log = logging.getLogger(__name__)

LONGEST_SILENCE_S = 2.5
"""Discord gives up after three seconds. Two writes that each wait for another process in vain take 2.4."""
UNANSWERED = "unanswered"
"""The event that an interaction has been waiting for an answer for that long."""
COMMANDS_HASH = "commands_hash"

# Or discord.py would warn that voice needs more packages; this bot has no voice.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


class TriviaBot(commands.AutoShardedBot):
    """The Discord client, which is handed everything that it uses."""

    def __init__(self, config: Config, tools: Tools) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=discord.Intents(guilds=True),
            help_command=None,
            tree_cls=TriviaTree,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            **_sharding(config.shards),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        work_around_faults(self.http)
        self.router = Router(answer_error)
        self.metrics: Metrics | None = None
        self._serving_metrics: web.AppRunner | None = None
        if config.metrics_port is not None:
            self.metrics = Metrics(self.router.kind_of)
            self.http.http_trace = self.metrics.trace()
        self.config = config
        self.tools = tools
        self.old_errors = OldErrors()
        self.command_ids: dict[str, int] = {}
        self.background = Background()

    async def setup_hook(self) -> None:
        """Load the cogs and bring Discord's list of our commands up to date."""
        tools = self.tools
        names = Names(self, tools.time)
        messenger = QuizMessenger(self, tools.catalogue, tools.own, names)
        rounds = RoundRunner(tools, messenger)
        poster = DailyPoster(tools, DailyDiscord(self))
        purger = GuildPurger(tools, self._is_member)
        starts = QuizStart(tools, rounds)
        for cog in (
            Facts(tools),
            starts,
            Quiz(tools, rounds, messenger, names, starts),
            Practice(tools),
            Challenge(tools),
            Leaderboard(tools, names),
            Daily(tools, poster),
            ServerSettings(tools),
            OwnQuestions(tools),
            Moderation(tools, rounds),
            Privacy(tools, self, rounds, purger),
            Help(tools, self, self.config.support_url),
        ):
            await self.add_cog(cog)
            self.router.add_routes(cog)
        self.router.add_routes(Confirmations())
        # Rounds from before the start take answers at once; they go on when their shards are ready.
        await rounds.load()
        self.background.add("shards", tools.database.stay_alone)
        self.background.add("index", partial(asyncio.to_thread, tools.catalogue.index_words))
        self.background.add("rounds", rounds.run)
        self.background.add("daily-poster", partial(self._when_ready, poster.run))
        self.background.add("guild-purger", partial(self._when_ready, purger.run))
        if self.metrics is not None and self.config.metrics_port is not None:
            address = (self.config.metrics_host, self.config.metrics_port)
            self._serving_metrics = await serve_metrics(self.metrics, tools, self, rounds, address)
        await self.sync_commands()

    async def _when_ready(self, work: Work) -> None:
        """Do work that needs to know which servers the bot is in."""
        await self.wait_until_ready()
        await work()

    def _is_member(self, guild_id: int) -> bool:
        """Return whether the bot is in the server; True while nobody can tell."""
        return not self.is_ready() or self.get_guild(guild_id) is not None

    async def sync_commands(self, *, force: bool = False) -> int:
        """Register the commands with Discord if they changed; return how many there are."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(
            json.dumps([self.application_id, payload], sort_keys=True).encode()
        ).hexdigest()
        known = await self.tools.database.read(get_state, COMMANDS_HASH)
        registered = await self.tree.fetch_commands()
        if (
            force
            or known != digest
            or {command.name for command in registered} != {c["name"] for c in payload}
        ):
            registered = await self.tree.sync()
            await self.tools.database.write(set_state, COMMANDS_HASH, digest)
            log.info("Registered %d commands with Discord", len(registered))
        self.command_ids.update({command.name: command.id for command in registered})
        return len(registered)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until closed, while the background works."""
        await self.background.serve(super().connect(reconnect=reconnect))

    async def close(self) -> None:
        """End the background's work while Discord can still be reached, then everything else."""
        await self.background.stop()
        await super().close()
        if self._serving_metrics is not None:
            await self._serving_metrics.cleanup()

    async def log_in(self, token: str) -> None:
        """Log in and set up. Raises CannotStart if Discord refuses the token or gives no answer."""
        with explaining_refusals():
            await self.login(token)

    async def serve(self, token: str) -> None:
        """Log in and serve until closed. Raises CannotStart as `log_in` does."""
        await self.log_in(token)
        with explaining_refusals():
            await self.connect()

    async def on_ready(self) -> None:
        """Log that the bot is there; this may happen many times."""
        log.info("Ready in %s", count(len(self.guilds), "server"))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand buttons, selects and modals to the router; discord.py sees to the commands."""
        if self.metrics is not None:
            self.metrics.begin(interaction)
        # A completion may just come late.
        if interaction.type is not discord.InteractionType.autocomplete:
            remind(interaction, LONGEST_SILENCE_S, partial(self.dispatch, UNANSWERED, interaction))
        by_hand = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if interaction.type in by_hand and await self.router.dispatch(interaction):
            await self.old_errors.clear(interaction)

    async def on_unanswered(self, interaction: discord.Interaction) -> None:
        """Tell whoever waits for something that hangs, as on a database that stands still."""
        await answer_slow(interaction)

    async def on_error_told(self, interaction: discord.Interaction, take_away: TakeAway) -> None:
        """Remember what somebody was told, so that it can be taken away."""
        await self.old_errors.replace(interaction, take_away)

    async def on_app_command_completion(
        self, interaction: discord.Interaction, _: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Tell whoever used a command what waited for them, and take away the error before it."""
        await send_notices(interaction, self.tools)
        await self.old_errors.clear(interaction)


def _sharding(shards: Shards) -> dict[str, Any]:
    """Return what to tell discord.py about shards; told nothing, it asks Discord how many there should be."""
    return {} if shards == EVERY else {"shard_count": shards.count, "shard_ids": list(shards.ids)}


@contextlib.asynccontextmanager
async def open_bot(
    config: Config, time: Time, rng: Random, *, to_serve: bool = False
) -> AsyncIterator[TriviaBot]:
    """Open the database, load the packs and yield a bot on them; close everything at the end.

    With `to_serve` no other bot can take its shards. Raises DatabaseUnusable, and CannotStart if there is no
    pack.
    """
    shards = config.shards
    async with Database.opened(config.database, shards=shards if to_serve else None) as database:
        catalogue = await load_packs(database, config.packs_path)
        if not catalogue.packs:
            raise CannotStart(f"There is no sound pack in {config.packs_path}. Run: python -m bot check")
        settings = await Settings.load(database, shards)
        to_tell = await database.read(waiting, shards)
        own = OwnPacks(database)
        tools = Tools(database, catalogue, settings, own, time, rng, to_tell, shards)
        async with TriviaBot(config, tools) as bot:
            yield bot


async def run_bot(config: Config, time: Time | None = None, rng: Random | None = None) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotStart or DatabaseUnusable if it cannot."""
    if not config.token:
        raise CannotStart(
            "There is no DISCORD_TOKEN. Put it into .env as .env.example shows, or run: python -m bot"
        )
    async with open_bot(config, time or SystemTime(), rng or Random(), to_serve=True) as bot:
        # What is here now stays; each collection is far cheaper without it.
        gc.collect()
        gc.freeze()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there Ctrl+C ends asyncio.run itself.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(signal_number, stop.set)
        serving = asyncio.create_task(bot.serve(config.token), name="serve")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if serving.done():
            await serving
            return
        log.info("Stopping")
        await bot.close()
        # If it was closed while still connecting, discord.py would go on trying for ever.
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError, discord.ConnectionClosed):
            await serving
