"""The operator's instruments: `/metrics` in Prometheus' text form, and `/healthz` for a container's check."""

import asyncio
import contextlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace

import aiohttp
import discord
from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bot.config import CannotStart
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage.app_state import get_state
from bot.storage.daily_posts import count_due
from bot.storage.database import StorageFailure

# Or each counter would have a second series, of when it began.
disable_created_metrics()  # type: ignore[no-untyped-call]

CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback$")
ANSWERED_WITHIN_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
GROUP_SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500)
FORGOTTEN_AFTER_S = 15
"""An interaction that is unanswered by then is counted so; Discord gives it up after three seconds."""
HEALTHY_WITHIN_S = 1
OUTCOME = "outcome"
"""The key in an interaction's `extras` under which the error path says what became of it."""


class Outcome(StrEnum):
    """How an interaction was answered first: slow is the word that it takes long, whatever followed.

    Refused is a sentence on what to do, failed an apology.
    """

    DONE = "done"
    SLOW = "slow"
    REFUSED = "refused"
    FAILED = "failed"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class _UnderWay:
    interaction: discord.Interaction
    name: str
    began_s: float


class Metrics:
    """Counts what comes in from Discord and how it is answered, by listening to the HTTP session.

    `kind_of` says what a button's or form's kind is called.
    """

    def __init__(self, kind_of: Callable[[discord.Interaction], str]) -> None:
        self.registry = CollectorRegistry()
        self._kind_of = kind_of
        self._under_way: OrderedDict[int, _UnderWay] = OrderedDict()
        self._interactions = Counter(
            "trivia_interactions",
            "Commands, buttons and forms, by what became of them",
            ["command", "outcome"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "trivia_first_answer_seconds",
            "From an interaction's arrival until Discord has the first answer to it",
            ["command"],
            buckets=ANSWERED_WITHIN_S,
            registry=self.registry,
        )
        self._responses = Counter(
            "trivia_discord_responses",
            "Discord's answers to our requests, by status",
            ["status"],
            registry=self.registry,
        )

    def trace(self) -> aiohttp.TraceConfig:
        """Return what listens to the requests of the client's HTTP session."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._on_request_end)
        return config

    def begin(self, interaction: discord.Interaction) -> None:
        """Note that an interaction has come in."""
        now_s = time.monotonic()
        self._forget(now_s)
        self._under_way[interaction.id] = _UnderWay(interaction, self._name_of(interaction), now_s)

    def _name_of(self, interaction: discord.Interaction) -> str:
        match interaction.type:
            case discord.InteractionType.application_command:
                return f"/{interaction.command.qualified_name}" if interaction.command else "unknown"
            case discord.InteractionType.autocomplete:
                return "completion"
            case _:
                return self._kind_of(interaction)

    def _forget(self, now_s: float) -> None:
        while self._under_way:
            number, oldest = next(iter(self._under_way.items()))
            if now_s - oldest.began_s < FORGOTTEN_AFTER_S:
                return
            del self._under_way[number]
            self._interactions.labels(oldest.name, Outcome.UNANSWERED).inc()

    async def _on_request_end(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        self._responses.labels(str(request.response.status)).inc()
        callback = CALLBACK.search(request.url.path)
        if callback is None or request.response.status >= 300:
            return
        answered = self._under_way.pop(int(callback[1]), None)
        if answered is not None:
            outcome = answered.interaction.extras.get(OUTCOME, Outcome.DONE)
            self._interactions.labels(answered.name, outcome).inc()
            self._seconds.labels(answered.name).observe(time.monotonic() - answered.began_s)


class _State(Collector):
    """What is read off the bot whenever somebody asks."""

    def __init__(self, tools: Tools, client: discord.AutoShardedClient, rounds: RoundRunner) -> None:
        self._tools = tools
        self._client = client
        self._rounds = rounds
        self.posts_due: int | None = None

    def collect(self) -> Iterator[Metric]:
        tally, database = self._tools.tally, self._tools.database
        for name, about, total in (
            ("trivia_answers", "Answers in rounds that were accepted", tally.answers),
            ("trivia_posts_sent", "Daily facts that reached their channel", tally.posts_sent),
            ("trivia_posts_late", "Of those, the ones a minute or more late", tally.posts_late),
            ("trivia_posts_missed", "Daily facts that never came", tally.posts_missed),
            ("trivia_posts_paused", "Schedules paused because something is missing", tally.posts_paused),
            ("trivia_database_failures", "Reads and writes that the database failed", database.failures),
        ):
            yield CounterMetricFamily(name, about, total)
        for name, about, number in (
            ("trivia_rounds_open", "Rounds in progress", self._rounds.open_rounds),
            ("trivia_writes_waiting", "Writes in the queue for the next commit", database.waiting),
            ("trivia_servers", "Servers that the bot is in", len(self._client.guilds)),
        ):
            yield GaugeMetricFamily(name, about, number)
        if self.posts_due is not None:
            yield GaugeMetricFamily("trivia_posts_due", "Daily facts that are not posted yet", self.posts_due)
        latency = GaugeMetricFamily(
            "trivia_gateway_latency_seconds", "Of the last heartbeat, by shard", labels=["shard"]
        )
        for shard, seconds in self._client.latencies:
            latency.add_metric([str(shard)], seconds)
        yield latency
        yield _commits(database.group_sizes)


def _commits(group_sizes: Mapping[int, int]) -> Metric:
    """Return how many writes went into one commit, as a histogram; its count is the number of commits."""
    buckets = [
        (str(limit), sum(times for size, times in group_sizes.items() if size <= limit))
        for limit in GROUP_SIZES
    ]
    return HistogramMetricFamily(
        "trivia_commit_writes",
        "Writes committed together",
        buckets=[*buckets, ("+Inf", sum(group_sizes.values()))],
        sum_value=sum(size * times for size, times in group_sizes.items()),
    )


async def serve_metrics(
    metrics: Metrics,
    tools: Tools,
    client: discord.AutoShardedClient,
    rounds: RoundRunner,
    address: tuple[str, int],
) -> web.AppRunner:
    """Answer `/metrics` and `/healthz` at this host and port until what is returned is cleaned up.

    Raises CannotStart if that cannot be done.
    """
    state = _State(tools, client, rounds)
    metrics.registry.register(state)

    async def show_metrics(_: web.Request) -> web.Response:
        with contextlib.suppress(StorageFailure):
            state.posts_due = await tools.database.read(count_due, tools.shards, tools.time.now())
        body = generate_latest(metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def show_health(_: web.Request) -> web.Response:
        ailing = await _what_ails(tools, client)
        return web.Response(text=f"{ailing or 'well'}\n", status=503 if ailing else 200)

    application = web.Application()
    application.router.add_get("/metrics", show_metrics)
    application.router.add_get("/healthz", show_health)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, *address).start()
    except OSError as error:
        await runner.cleanup()
        raise CannotStart(
            f"METRICS_PORT {address[1]} cannot be used on METRICS_HOST {address[0]} ({error.strerror}). Set "
            "another one."
        ) from error
    return runner


async def _what_ails(tools: Tools, client: discord.AutoShardedClient) -> str | None:
    if not client.is_ready() or any(shard.is_closed() for shard in client.shards.values()):
        return "not connected to Discord"
    try:
        async with asyncio.timeout(HEALTHY_WITHIN_S):
            await tools.database.read(get_state, "health")
    except (StorageFailure, TimeoutError):
        return f"the database does not answer within {HEALTHY_WITHIN_S} s"
    return None
