"""How rounds are started: from a command's options, from the private panel, or like the last one."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
from discord import ui
from discord.ext import commands

from bot.core.content import Difficulty, Origin
from bot.core.own import pack_id
from bot.core.refusal import Refusal
from bot.core.rounds import FEWEST_SECONDS, MOST_QUESTIONS, MOST_SECONDS, EndReason, RoundPlan
from bot.runners.messenger import MessageFailed
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage.asking import available
from bot.storage.open_rounds import load_plan
from bot.ui.audience import origin_of
from bot.ui.command_names import make_clickable
from bot.ui.failures import failing_as
from bot.ui.parts import card
from bot.ui.quiz_cards import started_card
from bot.ui.quiz_texts import host_text
from bot.ui.reply import replace as put_in_place
from bot.ui.reply import reply
from bot.ui.rights import check_may_start
from bot.ui.router import OUTDATED, route
from bot.ui.start_panel import ANY, Field, Wishes, start_panel, wishes_of

STARTING = "The round begins."

Show = Callable[[ui.LayoutView], Awaitable[object]]


class QuizStart(commands.Cog):
    """Starts rounds, and shows the panel in which somebody chooses what theirs will be like."""

    def __init__(self, tools: Tools, runner: RoundRunner) -> None:
        self._tools = tools
        self._runner = runner

    async def start(
        self, interaction: discord.Interaction, wishes: Wishes, announce: Show | None = None
    ) -> None:
        """Start a round as wished, and announce it in the answer, or as `announce` does."""
        check_may_start(interaction)
        show = announce or (lambda view: reply(interaction, view))

        async def show_plan(plan: RoundPlan) -> None:
            film = self._tools.film_of(plan.guild_id)
            await show(started_card(plan, film, interaction.user.mention, asked_for=wishes.questions))

        wanted = self._plan(interaction, wishes)

        async def tell_host(reason: EndReason) -> bool:
            if interaction.is_expired():
                return False
            with failing_as(MessageFailed):
                # Whatever discord.py thinks was answered: what Discord took may have looked lost.
                text = host_text(wanted.channel_id, reason)
                view = make_clickable(card(text), interaction.client)
                await interaction.followup.send(view=view, ephemeral=True)
            return True

        await self._runner.start(wanted, show_plan, tell_host)

    async def open_panel(self, interaction: discord.Interaction, wishes: Wishes) -> None:
        """Show the panel privately, set to these wishes."""
        check_may_start(interaction)
        self._runner.check_free(interaction.channel_id)
        await reply(interaction, await self._panel(interaction, wishes), private=True)

    @route("again", 1, public=True)
    async def play_again(self, interaction: discord.Interaction, round_id: int) -> None:
        """Start another round like the one that is over."""
        await self.start(interaction, await self._wishes_of(interaction, round_id))

    @route("again", 1, "topic", public=True)
    async def choose_another_topic(self, interaction: discord.Interaction, round_id: int) -> None:
        """Open the panel, set to another round like the one that is over, without a topic that is gone."""
        wishes = await self._wishes_of(interaction, round_id)
        if wishes.topic not in self._tools.film_of(interaction.guild_id).topics_by_id:
            wishes = replace(wishes, topic=None)
        await self.open_panel(interaction, wishes)

    @route("panel", 1, "start")
    async def start_from_panel(self, interaction: discord.Interaction, wishes: Wishes) -> None:
        """Start the round that the panel shows."""

        async def announce(view: ui.LayoutView) -> None:
            await put_in_place(interaction, card(STARTING))
            assert isinstance(interaction.channel, discord.abc.Messageable)  # noqa: S101 (checked before)
            # The round is played all the same; its first question shows whether messages get there.
            with contextlib.suppress(MessageFailed), failing_as(MessageFailed):
                await interaction.channel.send(view=view)

        await self.start(interaction, wishes, announce)

    @route("panel", 1)
    async def choose(
        self, interaction: discord.Interaction, field: Field, wishes: Wishes, *, chosen: str = ""
    ) -> None:
        """Show the panel with one more choice."""
        await put_in_place(interaction, await self._panel(interaction, _with_choice(wishes, field, chosen)))

    async def _panel(self, interaction: discord.Interaction, wishes: Wishes) -> ui.LayoutView:
        plan = self._plan(interaction, wishes)
        film = self._tools.film_of(plan.guild_id)
        has_own = bool((await self._tools.own.get(plan.guild_id)).questions)
        packs = await self._tools.packs_of(plan)
        fit = await self._tools.database.read(available, plan, packs)
        other = 0 if fit else await self._tools.database.read(available, plan.in_other_form(), packs)
        return start_panel(plan, film, fit, other, has_own=has_own)

    async def _wishes_of(self, interaction: discord.Interaction, round_id: int) -> Wishes:
        plan = await self._tools.database.read(load_plan, round_id)
        if plan is None or plan.channel_id != interaction.channel_id:
            raise Refusal(OUTDATED)
        return wishes_of(plan)

    def _plan(self, interaction: discord.Interaction, wishes: Wishes) -> RoundPlan:
        if interaction.guild_id is None or interaction.channel_id is None:
            raise Refusal(OUTDATED)
        settings = self._tools.settings.get(interaction.guild_id)
        pack = self._tools.film_of(interaction.guild_id)
        questions = settings.round_questions if wishes.questions is None else wishes.questions
        seconds = settings.round_seconds if wishes.seconds is None else wishes.seconds
        if not 1 <= questions <= MOST_QUESTIONS or seconds > MOST_SECONDS:
            raise Refusal(OUTDATED)
        if 0 < seconds < FEWEST_SECONDS:
            raise Refusal(f"A question needs {FEWEST_SECONDS} seconds or more, or 0 for no limit.")
        source = origin_of(wishes.source, settings, wishes.topic)
        return RoundPlan(
            guild_id=interaction.guild_id,
            channel_id=interaction.channel_id,
            host_user_id=interaction.user.id,
            pack=pack_id(interaction.guild_id) if source is Origin.OURS else pack.id,
            topic=pack.topic(wishes.topic).id if wishes.topic else None,
            difficulty=wishes.difficulty,
            answer_form=wishes.answer_form or "buttons",
            scoring=settings.scoring,
            spoilers=settings.spoilers,
            questions=questions,
            seconds=seconds or None,
            started_ms=self._tools.now_ms(),
            source=source,
        )


def _with_choice(wishes: Wishes, field: Field, chosen: str) -> Wishes:
    """Return the wishes after a choice. Raises Refusal if no panel offers it."""
    wanted = None if chosen == ANY else chosen
    try:
        match field:
            case Field.TOPIC:
                # Only the film has topics.
                return replace(wishes, topic=wanted, source=None if wanted else wishes.source)
            case Field.SOURCE:
                return replace(wishes, source=Origin(chosen), topic=None)
            case Field.DIFFICULTY:
                return replace(wishes, difficulty=Difficulty(wanted) if wanted else None)
            case Field.ANSWERS:
                return replace(wishes, answer_form="typed" if wishes.answer_form == "buttons" else "buttons")
            case Field.LENGTH:
                return replace(wishes, questions=int(chosen))
    except ValueError:
        raise Refusal(OUTDATED) from None
