"""`/quiz`: rounds that a whole channel plays, and the buttons under their messages."""

from functools import partial
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.content import Difficulty, Origin
from bot.core.refusal import Refusal
from bot.core.round_events import Accept, Click, Decline
from bot.core.rounds import FEWEST_SECONDS, MOST_QUESTIONS, MOST_SECONDS, Action
from bot.core.snowflakes import snowflake_ms
from bot.runners.live_round import LiveRound
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage.in_play import check_not_blocked
from bot.ui.audience import audience_of
from bot.ui.choices import Choices, topic_choices
from bot.ui.names import Names
from bot.ui.parts import card
from bot.ui.quiz_cards import LONGEST_TYPED, answer_form, confirm_stop_card
from bot.ui.quiz_messenger import QuizMessenger
from bot.ui.quiz_texts import recap_text, verdict_text
from bot.ui.reply import acknowledge, replace, reply, say_privately, show_form
from bot.ui.rights import check_may_control, check_may_play
from bot.ui.router import route
from bot.ui.start_panel import Wishes
from cogs.quiz_start import QuizStart

STOPPING = "The round ends now."
SKIPPING = "Skipped."


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class Quiz(
    commands.GroupCog, group_name="quiz", group_description="Quiz rounds that the whole channel plays"
):
    """Rounds: started, played, steered by their host, ended."""

    def __init__(
        self, tools: Tools, runner: RoundRunner, messenger: QuizMessenger, names: Names, starts: QuizStart
    ) -> None:
        self._tools = tools
        self._starts = starts
        self._messenger = messenger
        self._names = names
        self._runner = runner

    @app_commands.command(description="Start a round in this channel; without options you choose in a panel")
    @app_commands.describe(
        questions=f"How many, 1 to {MOST_QUESTIONS}; if you leave it out, as many as usual in this server",
        seconds=f"For each, {FEWEST_SECONDS} to {MOST_SECONDS}, 0 for no limit; if left out, as usual here",
        topic="Only questions about this topic; all topics if you leave it out",
        difficulty="How hard the questions are; from easy to hard if you leave it out",
        answers="Buttons to press, or answers to type; buttons if you leave it out",
        source="The film, this server's own questions, or both; as usual here if left out",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        questions: app_commands.Range[int, 1, MOST_QUESTIONS] | None = None,
        seconds: app_commands.Range[int, 0, MOST_SECONDS] | None = None,
        topic: str | None = None,
        difficulty: Literal["easy", "medium", "hard"] | None = None,
        answers: Literal["buttons", "typed"] | None = None,
        source: Literal["film", "ours", "both"] | None = None,
    ) -> None:
        """Start a round as wished, or open the panel if nothing was wished for."""
        level = Difficulty(difficulty) if difficulty else None
        origin = Origin(source) if source else None
        wishes = Wishes(questions, seconds, topic, level, answers, origin)
        if wishes == Wishes():
            await self._starts.open_panel(interaction, wishes)
        else:
            await self._starts.start(interaction, wishes)

    @start.autocomplete("topic")
    async def complete_topic(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the topics that match what was typed."""
        return topic_choices(audience_of(interaction, self._tools), typed, "question")

    @app_commands.command(description="End the round in this channel, with the scores so far")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Ask whether to stop the channel's round."""
        state = self._runner.in_channel(interaction.channel_id)
        await self.ask_to_stop(interaction, state.id, state.position)

    @app_commands.command(description="Skip the open question, which then counts for nobody")
    async def skip(self, interaction: discord.Interaction) -> None:
        """Skip the open question of the channel's round, or the pause after it."""
        state = self._runner.in_channel(interaction.channel_id)
        await self._steer(interaction, Action.SKIP, state.id, state.position)
        await say_privately(interaction, SKIPPING)

    @route("quiz", 1, public=True)
    async def choose(
        self, interaction: discord.Interaction, round_id: int, position: int, choice: int
    ) -> None:
        """Take a button's answer."""
        check_may_play(interaction)
        await self._answer(interaction, round_id, _click(interaction, position, choice=choice))

    @route("type", 1, public=True)
    async def open_form(self, interaction: discord.Interaction, round_id: int, position: int) -> None:
        """Open the form for a typed answer, if one would count."""
        check_may_play(interaction)
        live = self._runner.get(round_id, interaction.channel_id)
        question = await live.to_type(_click(interaction, position))
        if isinstance(question, Decline):
            raise Refusal(verdict_text(question))
        await show_form(interaction, answer_form(round_id, question))

    @route("typed", 1, public=True)
    async def submit_form(
        self, interaction: discord.Interaction, round_id: int, position: int, *, answer: str
    ) -> None:
        """Take a typed answer."""
        check_may_play(interaction)
        text = answer.strip()[:LONGEST_TYPED]
        if not text:
            raise Refusal("That was an empty answer, so it does not count. Type something and send it again.")
        await self._answer(interaction, round_id, _click(interaction, position, text=text))

    @route("host", 1, Action.STOP, public=True)
    async def ask_to_stop(self, interaction: discord.Interaction, round_id: int, position: int) -> None:
        """Ask whether to stop the round."""
        live = await self._to_steer(interaction, round_id)
        live.check_in_time(Action.STOP, position)
        await reply(interaction, confirm_stop_card(round_id), private=True)

    @route("stop", 1)
    async def confirm_stop(self, interaction: discord.Interaction, round_id: int) -> None:
        """End the round, for a host or a moderator who was asked."""
        await self._steer(interaction, Action.STOP, round_id, 0)
        await replace(interaction, card(STOPPING))

    @route("host", 1, public=True)
    async def steer(
        self, interaction: discord.Interaction, action: Action, round_id: int, position: int
    ) -> None:
        """Reveal the answer or go on, for a host or a moderator."""
        await self._steer(interaction, action, round_id, position)
        # The card itself shows what happened.
        await acknowledge(interaction)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Open again what ran out in between: with a new session Discord replays nothing."""
        self._runner.set_connected(partial(self._is_on, shard_id), connected=True, anew=True)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Go on with the rounds of this shard after a start, or after a new connection."""
        self._runner.set_connected(partial(self._is_on, shard_id), connected=True)
        self._runner.resume(partial(self._is_on, shard_id))

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Let questions close again: Discord has replayed what was missed."""
        self._runner.set_connected(partial(self._is_on, shard_id), connected=True)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Let no question close: its players cannot reach us."""
        self._runner.set_connected(partial(self._is_on, shard_id), connected=False)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the rounds of a server that removed the bot."""
        self._runner.leave_guild(guild.id)

    def _is_on(self, shard_id: int, guild_id: int) -> bool:
        return self._messenger.shard_of(guild_id) == shard_id

    async def _steer(
        self, interaction: discord.Interaction, action: Action, round_id: int, position: int
    ) -> None:
        live = await self._to_steer(interaction, round_id)
        live.control(action, position)

    async def _to_steer(self, interaction: discord.Interaction, round_id: int) -> LiveRound:
        """Return a round that is going on here. Raises Refusal unless this is its host or a moderator."""
        live = self._runner.get(round_id, interaction.channel_id)
        check_may_control(interaction, live.state.plan)
        await self._tools.database.read(check_not_blocked, live.state.plan.guild_id, interaction.user.id)
        return live

    async def _answer(self, interaction: discord.Interaction, round_id: int, click: Click) -> None:
        if interaction.guild_id is not None:
            self._names.note(interaction.guild_id, interaction.user)
        live = self._runner.get(round_id, interaction.channel_id)
        verdict = await live.answer(click)
        recap = live.recaps.get(click.user_id) if isinstance(verdict, Accept) else None
        said = verdict_text(verdict, click.text)
        await say_privately(interaction, f"{said}\n-# {recap_text(recap)}" if recap else said)


def _click(
    interaction: discord.Interaction, position: int, *, choice: int | None = None, text: str | None = None
) -> Click:
    return Click(
        position=position,
        user_id=interaction.user.id,
        message_id=interaction.message.id if interaction.message else None,
        at_ms=snowflake_ms(interaction.id),
        choice=choice,
        text=text,
    )
