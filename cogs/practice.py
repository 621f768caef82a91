"""`/practice`, Quiz me under a fact, What we missed under a podium: questions for oneself, for no points."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.asked import is_right_text, put_question
from bot.core.content import Origin
from bot.core.missed import due_at
from bot.core.own import is_own
from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.decks import DeckKey, deal
from bot.storage.in_play import voided_questions
from bot.storage.missed import Learner, memories, missed_in_round, practise
from bot.storage.open_rounds import load_plan
from bot.storage.round_starts import ALL_VOID, NO_OWN
from bot.ui.audience import Audience, audience_of, origin_of
from bot.ui.choices import Choices, topic_choices
from bot.ui.practice_cards import (
    LATELY,
    LONGEST_TYPED,
    Drill,
    drill_card,
    drill_form,
    drilled_card,
    gone_card,
    mark_of,
    nothing_due_card,
    options_of,
    round_done_card,
)
from bot.ui.question_parts import GONE
from bot.ui.reply import replace as put_in_place
from bot.ui.reply import reply, show_form
from bot.ui.router import OUTDATED, route

CHANGED = "This question was changed since I showed it to you. Here it is as it is now."
OWN_ELSEWHERE = "A server's own questions can be practised in that server only."
MISSED_OF_FILM = "Only questions about the film come back when you miss them. Leave out source or missed."
NONE_LEFT = "I have no question about that here. Try `/practice` with another topic."


class Practice(commands.Cog):
    """Questions in private, dealt from each person's own deck, or those that they missed."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @app_commands.command(description="Questions for yourself alone, for no points")
    @app_commands.describe(
        topic="Only questions about this topic",
        missed="What you got wrong here lately, until you get it right twice",
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
        if missed:
            if source in ("ours", "both"):
                raise Refusal(MISSED_OF_FILM)
            drill = Drill(topic=wanted, missed=LATELY)
        else:
            settings = self._tools.settings.get(audience.guild_id)
            drill = Drill(topic=wanted, source=origin_of(Origin(source) if source else None, settings, topic))
        await reply(interaction, await self._next_card(interaction, drill), private=True)

    @practice.autocomplete("topic")
    async def complete_topic(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the topics that match what was typed."""
        return topic_choices(audience_of(interaction, self._tools), typed, "question")

    @route("quizme", 1, public=True)
    async def quiz_me(self, interaction: discord.Interaction, number: int) -> None:
        """Ask privately about another fact of a fact's first topic."""
        fact = audience_of(interaction, self._tools).pack.facts.get(number)
        if fact is None:
            raise Refusal(GONE)
        drill = Drill(topic=fact.topics[0])
        await reply(interaction, await self._next_card(interaction, drill, but_fact=fact.id), private=True)

    @route("missed", 1, public=True)
    async def open_round(self, interaction: discord.Interaction, round_id: int) -> None:
        """Ask privately the first question that somebody missed in a round."""
        drill = Drill(missed=round_id)
        await reply(interaction, await self._next_card(interaction, drill), private=True)

    @route("practice", 1)
    async def choose(self, interaction: discord.Interaction, choice: int, drill: Drill) -> None:
        """Show whether an answer is right, and remember it if the question had been missed."""
        if (checked := await self._checked(interaction, drill)) is None:
            return
        pack, drill = checked
        question = pack.questions[drill.question]
        options = options_of(question, drill.order)
        if choice >= len(options):
            raise Refusal(OUTDATED)
        is_right = options[choice] == question.answer
        if drill.missed is not None and not is_own(pack.id):
            learner, moment = self._learner(interaction), interaction.created_at
            await self._tools.database.write(practise, learner, question.id, moment, right=is_right)
        drill = drill.scored(drill.right + is_right, drill.answered + 1)
        await put_in_place(interaction, drilled_card(pack, drill, options[choice]))

    @route("practice", 1, "type")
    async def open_form(self, interaction: discord.Interaction, drill: Drill) -> None:
        """Open the form for a typed answer."""
        if (checked := await self._checked(interaction, drill)) is not None:
            await show_form(interaction, drill_form(*checked))

    @route("practice", 1, "typed")
    async def submit_form(self, interaction: discord.Interaction, drill: Drill, *, answer: str) -> None:
        """Show whether a typed answer is right."""
        if (checked := await self._checked(interaction, drill)) is None:
            return
        pack, drill = checked
        text = answer.strip()[:LONGEST_TYPED]
        if not text:
            raise Refusal("That was an empty answer. Type something and send it again.")
        question = pack.questions[drill.question]
        fact = pack.fact_of(question)
        is_right = is_right_text(put_question(question, fact, pack.names, self._tools.rng), text)
        drill = drill.scored(drill.right + is_right, drill.answered + 1)
        await put_in_place(interaction, drilled_card(pack, drill, question.answer if is_right else text))

    @route("practice", 1, "next")
    async def go_on(self, interaction: discord.Interaction, drill: Drill) -> None:
        """Put the next question in the place of the last."""
        await put_in_place(interaction, await self._next_card(interaction, drill))

    async def _checked(
        self, interaction: discord.Interaction, drill: Drill
    ) -> tuple[LoadedPack, Drill] | None:
        """Return a question's pack, and the drill as it can be.

        A question that was changed since it was shown is asked anew, and one that is gone makes way for the
        offer of another: both leave nothing to do.
        """
        audience = audience_of(interaction, self._tools)
        drill = _valid(audience, drill)
        source = Origin.FILM if drill.missed == LATELY else Origin.BOTH
        for pack in await self._packs(audience, source):
            if drill.question in pack.question_numbers(audience.spoilers):
                question = pack.questions[drill.question]
                if drill.shown == mark_of(question):
                    return pack, drill
                anew = drill.asking(drill.question, question, self._tools.rng)
                await put_in_place(interaction, drill_card(pack, anew, CHANGED))
                return None
        await put_in_place(interaction, gone_card(drill))
        return None

    def _learner(self, interaction: discord.Interaction) -> Learner:
        """Return whose memory it is. Raises Refusal outside of servers."""
        audience = audience_of(interaction, self._tools)
        if not audience.guild_id:
            raise Refusal("I remember what you missed in each server. Use that in one of its channels.")
        return Learner(audience.guild_id, interaction.user.id, audience.pack.id)

    async def _packs(self, audience: Audience, source: Origin) -> Sequence[LoadedPack]:
        packs = [] if source is Origin.OURS else [audience.pack]
        if source is not Origin.FILM and audience.guild_id:
            packs.append(await self._tools.own.get(audience.guild_id))
        return packs

    async def _out(self, audience: Audience, pack: LoadedPack) -> set[str]:
        """Return the ids of the questions that the server has taken out of play, none elsewhere."""
        if not audience.guild_id:
            return set()
        return await self._tools.database.read(voided_questions, audience.guild_id, pack.id)

    async def _next_card(
        self, interaction: discord.Interaction, before: Drill, *, but_fact: str | None = None
    ) -> ui.LayoutView:
        """Return the card that comes next. Raises Refusal if no question fits."""
        audience = audience_of(interaction, self._tools)
        before = _valid(audience, before)
        if before.missed is not None:
            return await self._missed_card(interaction, audience, before)
        return drill_card(*await self._deal(interaction, audience, before, but_fact=but_fact))

    async def _missed_card(
        self, interaction: discord.Interaction, audience: Audience, before: Drill
    ) -> ui.LayoutView:
        """Return the next question that was missed, or that there is none. Raises Refusal."""
        if before.missed == LATELY:
            moment = interaction.created_at
            known = await self._tools.database.read(memories, self._learner(interaction), moment)
            allowed = _allowed([audience.pack], audience, before)
            known = {id_: memory for id_, memory in known.items() if (audience.pack.id, id_) in allowed}
            coming = [(0, (audience.pack.id, id_)) for id_ in due_at(known, moment)]
            nothing = nothing_due_card(before, known.values())
        else:
            allowed = _allowed(await self._packs(audience, Origin.BOTH), audience, before)
            missed = await self._missed_in(interaction, audience, before.missed or 0)
            coming = [
                (place, one) for place, one in missed.items() if place > before.place and one in allowed
            ]
            nothing = round_done_card(before)
        if not coming:
            return nothing
        place, one = coming[0]
        pack, number = allowed[one]
        before = replace(before, place=place)
        return drill_card(pack, before.asking(number, pack.questions[number], self._tools.rng))

    async def _missed_in(
        self, interaction: discord.Interaction, audience: Audience, round_id: int
    ) -> Mapping[int, tuple[str, str]]:
        """Return what somebody missed in a round of this channel, by its places. Raises Refusal."""
        plan = await self._tools.database.read(load_plan, round_id)
        if plan is None or plan.channel_id != interaction.channel_id:
            raise Refusal(OUTDATED)
        if plan.pack != audience.pack.id and not is_own(plan.pack):
            raise Refusal("That round was about a different film from the one that is played here now.")
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
        choices = []
        packs = await self._packs(audience, before.source)
        for pack in packs:
            out = await self._out(audience, pack)
            allowed = pack.without(pack.question_numbers(audience.spoilers), out)
            fits = pack.without(pack.question_numbers(audience.spoilers, before.topic or None), out)
            wanted = [number for number in fits if pack.questions[number].fact != but_fact]
            if wanted:
                choices.append((pack, wanted, allowed))
        if not choices and before.source is Origin.OURS:
            none_here = ALL_VOID if any(pack.questions for pack in packs) else NO_OWN
            raise Refusal(none_here if audience.guild_id else OWN_ELSEWHERE)
        if not choices:
            raise Refusal(NONE_LEFT)
        pack, wanted, allowed = choices[0] if len(choices) == 1 else self._tools.rng.choice(choices)
        guild_id = audience.guild_id if is_own(pack.id) else 0
        key = DeckKey(pack.id, kind="question", guild_id=guild_id, user_id=interaction.user.id)
        number = await self._tools.database.write(deal, key, wanted, allowed, self._tools.rng.choice)
        return pack, before.asking(number, pack.questions[number], self._tools.rng)


def _allowed(
    packs: Sequence[LoadedPack], audience: Audience, drill: Drill
) -> Mapping[tuple[str, str], tuple[LoadedPack, int]]:
    """Return the questions that may be asked, by their packs' ids and their own."""
    return {
        (pack.id, pack.questions[number].id): (pack, number)
        for pack in packs
        for number in pack.question_numbers(audience.spoilers, drill.topic or None)
    }


def _valid(audience: Audience, drill: Drill) -> Drill:
    """Return a drill with a score that fits, of all topics where the film here does not have its own."""
    topic = drill.topic if drill.topic in audience.pack.topics_by_id else ""
    return replace(drill, topic=topic).scored(drill.right, drill.answered)
