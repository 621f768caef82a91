"""`/practice`, and Quiz me under a fact: questions for oneself, anywhere, for no points."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.decks import DeckKey, deal
from bot.ui.audience import Audience, audience_of
from bot.ui.practice_cards import MOST_COUNTED, Drill, draw_order, drill_card, drilled_card, options_of
from bot.ui.reply import replace as put_in_place
from bot.ui.reply import reply
from bot.ui.router import OUTDATED, route
from bot.ui.topic_choices import question_topic_choices

GONE = "That one is no longer in my collection."
NONE_LEFT = "I have no question about that here. Try `/practice` with another topic."


class Practice(commands.Cog):
    """Questions in private, dealt from each person's own deck."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @app_commands.command(description="Questions for yourself alone, for no points")
    @app_commands.describe(topic="A subject to stay with")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def practice(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """Answer privately with a question."""
        audience = audience_of(interaction, self._tools)
        wanted = audience.pack.topic(topic).id if topic else ""
        drill = await self._deal(interaction, audience, Drill(0, 0, topic=wanted))
        await reply(interaction, drill_card(audience.pack, drill), private=True)

    @practice.autocomplete("topic")
    async def complete_topic(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Return the topics that have what was typed in their name, with their counts of questions."""
        return question_topic_choices(audience_of(interaction, self._tools), typed)

    @route("quizme", 1)
    async def quiz_me(self, interaction: discord.Interaction, number: int) -> None:
        """Answer privately with a question about another fact of a fact's first topic."""
        audience = audience_of(interaction, self._tools)
        fact = audience.pack.facts.get(number)
        if fact is None:
            raise Refusal(GONE)
        drill = await self._deal(interaction, audience, Drill(0, 0, topic=fact.topics[0]), but_fact=fact.id)
        await reply(interaction, drill_card(audience.pack, drill), private=True)

    @route("practice", 1)
    async def choose(
        self,
        interaction: discord.Interaction,
        number: int,
        order: int,
        choice: int,
        right: int,
        answered: int,
        topic: str,
    ) -> None:
        """Show whether an answer is right, in the question's place."""
        audience = audience_of(interaction, self._tools)
        question = audience.pack.questions.get(number)
        if question is None:
            raise Refusal(GONE)
        options = options_of(question, order)
        if choice >= len(options):
            raise Refusal(OUTDATED)
        is_right = options[choice] == question.answer
        drill = Drill(number, order, *_counted(right + is_right, answered + 1), topic)
        await put_in_place(interaction, drilled_card(audience.pack, drill, choice))

    @route("drill", 1)
    async def go_on(self, interaction: discord.Interaction, right: int, answered: int, topic: str) -> None:
        """Put the next question in the place of the last."""
        audience = audience_of(interaction, self._tools)
        wanted = audience.pack.topic(topic).id if topic else ""
        before = Drill(0, 0, *_counted(right, answered), wanted)
        drill = await self._deal(interaction, audience, before)
        await put_in_place(interaction, drill_card(audience.pack, drill))

    async def _deal(
        self,
        interaction: discord.Interaction,
        audience: Audience,
        before: Drill,
        *,
        but_fact: str | None = None,
    ) -> Drill:
        """Return the next question, dealt and committed. Raises Refusal if none fits."""
        pack = audience.pack
        allowed = pack.question_numbers(audience.spoilers)
        wanted = _but(pack, pack.question_numbers(audience.spoilers, before.topic or None), but_fact)
        if not wanted:
            raise Refusal(NONE_LEFT)
        key = DeckKey(pack.id, kind="question", user_id=interaction.user.id)
        number = await self._tools.database.write(deal, key, wanted, allowed, self._tools.rng.choice)
        return replace(before, question=number, order=draw_order(pack.questions[number], self._tools.rng))


def _but(pack: LoadedPack, numbers: Sequence[int], fact: str | None) -> Sequence[int]:
    if fact is None:
        return numbers
    return [number for number in numbers if pack.questions[number].fact != fact]


def _counted(right: int, answered: int) -> tuple[int, int]:
    """Return the score, which starts anew when it grows too long for a button."""
    return (right, answered) if right <= answered <= MOST_COUNTED else (0, 0)
