"""`/practice`, Quiz me under a fact, What we missed under a podium: questions for oneself, for no points."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.asked import is_right_text, put_question
from bot.core.content import Origin, Question
from bot.core.missed import due_at
from bot.core.own import is_own
from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.decks import DeckKey, deal
from bot.storage.missed import Learner, memories, missed_in_round, practise
from bot.storage.open_rounds import load_plan
from bot.ui.audience import Audience, audience_of, origin_of
from bot.ui.practice_cards import (
    LATELY,
    LONGEST_TYPED,
    MOST_COUNTED,
    Drill,
    draw_order,
    drill_card,
    drill_form,
    drilled_card,
    nothing_due_card,
    options_of,
    round_done_card,
    typed_card,
)
from bot.ui.reply import replace as put_in_place
from bot.ui.reply import reply
from bot.ui.router import OUTDATED, route
from bot.ui.topic_choices import question_topic_choices

GONE = "That one is no longer in my collection."
NONE_OWN = "This server has no questions of its own. Whoever manages it adds them with `/questions add`."
OWN_ELSEWHERE = "A server's own questions can be practised in that server only."
MISSED_OF_FILM = "What you missed comes back of the film alone. Leave out source, or missed."
NONE_LEFT = "I have no question about that here. Try `/practice` with another topic."


class Practice(commands.Cog):
    """Questions in private, dealt from each person's own deck, or those that they missed."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @app_commands.command(description="Questions for yourself alone, for no points")
    @app_commands.describe(
        topic="A subject to stay with",
        missed="What you got wrong here lately, until you have it right twice",
        source="The film, this server's own questions, or both",
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def practice(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        *,
        missed: bool = False,
        source: Literal["film", "ours", "both"] | None = None,
    ) -> None:
        """Answer privately with a question."""
        audience = audience_of(interaction, self._tools)
        wanted = audience.pack.topic(topic).id if topic else ""
        if missed and source:
            raise Refusal(MISSED_OF_FILM)
        if missed:
            view = await self._missed_card(interaction, audience, Drill(0, 0, topic=wanted, missed=LATELY))
            await reply(interaction, view, private=True)
            return
        settings = self._tools.settings.get(audience.guild_id)
        origin = origin_of(Origin(source) if source else None, settings, topic)
        pack, drill = await self._deal(interaction, audience, Drill(0, 0, topic=wanted, source=origin))
        await reply(interaction, drill_card(pack, drill), private=True)

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
        before = Drill(0, 0, topic=fact.topics[0])
        pack, drill = await self._deal(interaction, audience, before, but_fact=fact.id)
        await reply(interaction, drill_card(pack, drill), private=True)

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
        source: Origin = Origin.FILM,
    ) -> None:
        """Show whether an answer is right, in the question's place."""
        pack, question = await self._question(interaction, number)
        is_right = _is_right(question, order, choice)
        drill = Drill(number, order, *_counted(right + is_right, answered + 1), topic, source=source)
        await put_in_place(interaction, drilled_card(pack, drill, choice))

    @route("drilltype", 1)
    async def open_form(
        self, interaction: discord.Interaction, number: int, right: int, answered: int, source: Origin
    ) -> None:
        """Open the form for an answer that is typed."""
        pack, _ = await self._question(interaction, number)
        await interaction.response.send_modal(
            drill_form(pack, Drill(number, 0, right, answered, source=source))
        )

    @route("drilltyped", 1)
    async def submit_form(
        self,
        interaction: discord.Interaction,
        number: int,
        right: int,
        answered: int,
        source: Origin,
        *,
        answer: str,
    ) -> None:
        """Show whether a typed answer is right, in the question's place."""
        pack, question = await self._question(interaction, number)
        text = answer.strip()[:LONGEST_TYPED]
        if not text:
            raise Refusal("That was an empty answer. Type something and send it again.")
        fact = pack.facts[pack.fact_numbers_by_id[question.fact]]
        is_right = is_right_text(put_question(question, fact, pack.names, self._tools.rng), text)
        drill = Drill(number, 0, *_counted(right + is_right, answered + 1), source=source)
        await put_in_place(interaction, typed_card(pack, drill, text, is_right=is_right))

    @route("drill", 1)
    async def go_on(
        self,
        interaction: discord.Interaction,
        right: int,
        answered: int,
        topic: str,
        source: Origin = Origin.FILM,
    ) -> None:
        """Put the next question in the place of the last."""
        audience = audience_of(interaction, self._tools)
        wanted = audience.pack.topic(topic).id if topic else ""
        before = Drill(0, 0, *_counted(right, answered), wanted, source=source)
        pack, drill = await self._deal(interaction, audience, before)
        await put_in_place(interaction, drill_card(pack, drill))

    async def _question(self, interaction: discord.Interaction, number: int) -> tuple[LoadedPack, Question]:
        """Return a question and its pack: the film's, or the server's own. Raises Refusal if it is gone."""
        for pack in await self._packs(audience_of(interaction, self._tools), Origin.BOTH):
            if question := pack.questions.get(number):
                return pack, question
        raise Refusal(GONE)

    async def _packs(self, audience: Audience, source: Origin) -> Sequence[LoadedPack]:
        packs = [] if source is Origin.OURS else [audience.pack]
        if source is not Origin.FILM and audience.guild_id:
            packs.append(await self._tools.own.get(audience.guild_id))
        return packs

    @route("missed", 1, "round")
    async def open_round(self, interaction: discord.Interaction, round_id: int) -> None:
        """Answer privately with the first question of a round that was missed in it."""
        audience = audience_of(interaction, self._tools)
        view = await self._missed_card(interaction, audience, Drill(0, 0, missed=round_id))
        await reply(interaction, view, private=True)

    @route("missed", 1, "next")
    async def go_on_missed(
        self, interaction: discord.Interaction, missed: int, right: int, answered: int, topic: str
    ) -> None:
        """Put the next question that was missed in the place of the last."""
        audience = audience_of(interaction, self._tools)
        wanted = audience.pack.topic(topic).id if topic else ""
        before = Drill(0, 0, *_counted(right, answered), wanted, missed)
        await put_in_place(interaction, await self._missed_card(interaction, audience, before))

    @route("missed", 1)
    async def choose_missed(
        self,
        interaction: discord.Interaction,
        missed: int,
        number: int,
        order: int,
        choice: int,
        right: int,
        answered: int,
        topic: str,
    ) -> None:
        """Store whether an answer is right, and show it in the question's place."""
        audience = audience_of(interaction, self._tools)
        question = audience.pack.questions.get(number)
        if question is None:
            raise Refusal(GONE)
        learner, is_right = _learner(interaction, audience), _is_right(question, order, choice)
        id_, moment = question.id, interaction.created_at
        await self._tools.database.write(practise, learner, id_, moment, right=is_right)
        drill = Drill(number, order, *_counted(right + is_right, answered + 1), topic, missed)
        await put_in_place(interaction, drilled_card(audience.pack, drill, choice))

    async def _missed_card(
        self, interaction: discord.Interaction, audience: Audience, before: Drill
    ) -> ui.LayoutView:
        """Return the next question that was missed, or that there is none. Raises Refusal."""
        learner, pack, moment = _learner(interaction, audience), audience.pack, interaction.created_at
        numbers = pack.question_numbers(audience.spoilers, before.topic or None)
        allowed = {pack.questions[number].id for number in numbers}
        if before.missed == LATELY:
            known = await self._tools.database.read(memories, learner, moment)
            known = {id_: memory for id_, memory in known.items() if id_ in allowed}
            coming = due_at(known, moment)
            nothing = nothing_due_card(before, known.values())
        else:
            ids = await self._missed_in(interaction, pack, before.missed or 0)
            coming = [id_ for id_ in ids if id_ in allowed][before.answered :]
            nothing = round_done_card(before)
        if not coming:
            return nothing
        number = pack.question_numbers_by_id[coming[0]]
        order = draw_order(pack.questions[number], self._tools.rng)
        return drill_card(pack, replace(before, question=number, order=order))

    async def _missed_in(
        self, interaction: discord.Interaction, pack: LoadedPack, round_id: int
    ) -> Sequence[str]:
        """Return what somebody missed in a round of this channel. Raises Refusal."""
        plan = await self._tools.database.read(load_plan, round_id)
        if plan is None or plan.channel_id != interaction.channel_id:
            raise Refusal(OUTDATED)
        if plan.source is Origin.OURS:
            raise Refusal("That round asked this server's own questions. Use `/practice` with source:ours.")
        if plan.pack != pack.id:
            raise Refusal("That round was about another film than the one that is played here now.")
        return await self._tools.database.read(missed_in_round, round_id, interaction.user.id)

    async def _deal(
        self,
        interaction: discord.Interaction,
        audience: Audience,
        before: Drill,
        *,
        but_fact: str | None = None,
    ) -> tuple[LoadedPack, Drill]:
        """Return the next question and its pack, dealt and committed. Raises Refusal if none fits."""
        choices = [
            (pack, wanted)
            for pack in await self._packs(audience, before.source)
            if (
                wanted := _but(pack, pack.question_numbers(audience.spoilers, before.topic or None), but_fact)
            )
        ]
        if not choices:
            raise Refusal(_none(audience, before.source))
        pack, wanted = choices[0] if len(choices) == 1 else self._tools.rng.choice(choices)
        guild_id = audience.guild_id if is_own(pack.id) else 0
        key = DeckKey(pack.id, kind="question", guild_id=guild_id, user_id=interaction.user.id)
        allowed = pack.question_numbers(audience.spoilers)
        number = await self._tools.database.write(deal, key, wanted, allowed, self._tools.rng.choice)
        order = draw_order(pack.questions[number], self._tools.rng)
        return pack, replace(before, question=number, order=order)


def _none(audience: Audience, source: Origin) -> str:
    """Return why there is no question to ask."""
    if source is not Origin.OURS:
        return NONE_LEFT
    return NONE_OWN if audience.guild_id else OWN_ELSEWHERE


def _learner(interaction: discord.Interaction, audience: Audience) -> Learner:
    """Return whose memory it is. Raises Refusal outside of servers."""
    if not audience.guild_id:
        raise Refusal("What you missed is kept by server. Use that in one of its channels.")
    return Learner(audience.guild_id, interaction.user.id, audience.pack.id)


def _is_right(question: Question, order: int, choice: int) -> bool:
    """Return whether an option is the right one. Raises Refusal for one that never was."""
    options = options_of(question, order)
    if choice >= len(options):
        raise Refusal(OUTDATED)
    return options[choice] == question.answer


def _but(pack: LoadedPack, numbers: Sequence[int], fact: str | None) -> Sequence[int]:
    if fact is None:
        return numbers
    return [number for number in numbers if pack.questions[number].fact != fact]


def _counted(right: int, answered: int) -> tuple[int, int]:
    """Return the score, which starts anew when it grows too long for a button."""
    return (right, answered) if right <= answered <= MOST_COUNTED else (0, 0)
