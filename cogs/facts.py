"""`/fact` and `/topics`, and the buttons under a fact, also under that of the day."""

from collections.abc import Mapping

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.content import Fact, Question
from bot.core.own import is_own
from bot.core.pace import Pace
from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.decks import DeckKey, deal
from bot.storage.reports import Kind, Report, add_report
from bot.storage.search import Found, search_words
from bot.ui.audience import Audience, audience_of, server_of
from bot.ui.choices import Choices, topic_choices
from bot.ui.fact_cards import LONGEST_REASON, elsewhere_card, fact_card, found_card, report_form, topics_card
from bot.ui.pacing import paced
from bot.ui.question_parts import GONE
from bot.ui.reply import replace, reply, say_privately, show_form, turn
from bot.ui.router import route
from bot.ui.text import count

FACT_PACE = 5, 20
"""How many facts a user may ask for, in how many seconds."""
PLEASE = "One fact at a time, please. The next is yours"

THANKS = "Thank you. Your report has gone to whoever maintains these facts."
THANKS_OURS = (
    "Thank you. Your report is on the list of this server's moderators, and you will hear once it is settled."
)
THANKS_HERE = (
    f"{THANKS} The moderators of this server can read it too; you will hear from me once it is settled."
)


class Facts(commands.Cog):
    """Facts, dealt without repeats, found by their words, and reported when they are wrong."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._pace = Pace(*FACT_PACE)

    @app_commands.command(description="A fact about the making of the film")
    @app_commands.describe(topic="Only facts about this topic", search="Words to look for")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def fact(
        self, interaction: discord.Interaction, topic: str | None = None, search: str | None = None
    ) -> None:
        """Answer with the deck's next fact, of one topic or of all, or with what `search` finds."""
        audience = audience_of(interaction, self._tools)
        with paced(self._pace, interaction, PLEASE):
            if search is None:
                view, private = fact_card(audience.pack, await self._deal(audience, topic)), False
            else:
                view, private = self._search(audience, search, topic)
        await reply(interaction, view, private=private)

    @fact.autocomplete("topic")
    async def complete_topic(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the topics that match what was typed."""
        return topic_choices(audience_of(interaction, self._tools), typed, "fact")

    @app_commands.command(description="What I know facts about")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def topics(self, interaction: discord.Interaction) -> None:
        """Answer with the list of topics."""
        await reply(interaction, _topics(audience_of(interaction, self._tools)), private=True)

    @route("topic", 1)
    async def show_of_topic(self, interaction: discord.Interaction, *, chosen: str) -> None:
        """Deal a fact of a topic in the list, below the list, which can then be used again."""
        audience = audience_of(interaction, self._tools)
        with paced(self._pace, interaction, PLEASE):
            number = await self._deal(audience, chosen)
        # Sent again, the list has nothing chosen, so that the same topic can be chosen once more.
        await replace(interaction, _topics(audience))
        await reply(interaction, fact_card(audience.pack, number), private=True)

    @route("another", 1, public=True)
    async def more(self, interaction: discord.Interaction, topic: str = "", *, chosen: str = "") -> None:
        """Deal the next fact, of the topic that was chosen or that the button has."""
        await self._deal_another(interaction, chosen or topic or None)

    @route("daily", 1, public=True)
    async def more_than_daily(self, interaction: discord.Interaction, schedule_id: int, day: int) -> None:  # noqa: ARG002 (they only tell posts apart)
        """Deal another fact to whoever presses the button under a daily post."""
        await self._deal_another(interaction)

    async def _deal_another(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """Deal the next fact, in place for whoever asked for the last one and privately for others."""
        audience = audience_of(interaction, self._tools)
        with paced(self._pace, interaction, PLEASE):
            number = await self._deal(audience, topic)
        await turn(interaction, fact_card(audience.pack, number))

    @route("found", 1, public=True)
    async def show_found(self, interaction: discord.Interaction, *, chosen: int) -> None:
        """Show another fact that a search found, privately."""
        audience = audience_of(interaction, self._tools)
        if chosen not in audience.pack.fact_numbers(audience.spoilers):
            raise Refusal(GONE)
        await reply(interaction, fact_card(audience.pack, chosen), private=True)

    @route("search", 1)
    async def search_everywhere(self, interaction: discord.Interaction, query: str) -> None:
        """Search all topics for what one did not have."""
        view, _ = self._search(audience_of(interaction, self._tools), query, None)
        await replace(interaction, view)

    @route("report", 1, public=True)
    async def ask_reason(self, interaction: discord.Interaction, kind: Kind, number: int) -> None:
        """Open the form for a report."""
        _, item = await self._item(interaction, kind, number)
        await show_form(interaction, report_form(kind, number, item))

    @route("reported", 1, public=True)
    async def store_report(
        self, interaction: discord.Interaction, kind: Kind, number: int, *, reason: str
    ) -> None:
        """Store a report for whoever maintains the pack."""
        words = reason.strip()[:LONGEST_REASON]
        if not words:
            raise Refusal("Please say in a word what is wrong, then send it again.")
        pack, item = await self._item(interaction, kind, number)
        user_id, guild_id, now = interaction.user.id, server_of(interaction), self._tools.time.now()
        report = Report(pack.id, kind, item.id, words, user_id, guild_id, now)
        await self._tools.database.write(add_report, report)
        thanks = THANKS if guild_id is None else THANKS_HERE
        await say_privately(interaction, THANKS_OURS if is_own(pack.id) else thanks)

    async def _item(
        self, interaction: discord.Interaction, kind: Kind, number: int
    ) -> tuple[LoadedPack, Fact | Question]:
        """Return a fact or question and its pack. Raises Refusal if it is gone."""
        packs = list(self._tools.catalogue.packs)
        if (guild_id := server_of(interaction)) is not None:
            packs.append(await self._tools.own.get(guild_id))
        for pack in packs:
            items: Mapping[int, Fact | Question] = pack.facts if kind == "fact" else pack.questions
            item = items.get(number)
            if item is not None:
                return pack, item
        raise Refusal(GONE)

    async def _deal(self, audience: Audience, topic: str | None) -> int:
        """Return the next fact's number, dealt and committed. Raises Refusal if none fits."""
        wanted = None if topic is None else audience.pack.topic(topic).id
        allowed = audience.pack.fact_numbers(audience.spoilers)
        numbers = audience.pack.fact_numbers(audience.spoilers, wanted) if wanted else allowed
        if not numbers:
            raise Refusal(
                "Everything I have there would spoil the film. A moderator can allow it in `/settings`."
            )
        key = DeckKey(audience.pack.id, guild_id=audience.guild_id, user_id=audience.user_id)
        return await self._tools.database.write(deal, key, numbers, allowed, self._tools.rng.choice)

    def _search(self, audience: Audience, query: str, topic: str | None) -> tuple[ui.LayoutView, bool]:
        """Return the card with what was found, and whether it is private. Raises Refusal if nothing was."""
        pack = audience.pack
        wanted = None if topic is None else pack.topic(topic)
        found = _find(audience, query, wanted.id if wanted else None)
        if wanted and not found.exact and (elsewhere := _find(audience, query, None)).exact:
            return elsewhere_card(wanted, search_words(query), len(elsewhere.numbers)), True
        if found.numbers:
            return found_card(pack, found.numbers, exact=found.exact), False
        hidden = len(pack.facts) - len(pack.fact_numbers(audience.spoilers))
        raise Refusal(
            "I found nothing with those words. Try a name or a song, or look at `/topics`."
            # The same for every search, as it must not reveal what a hidden fact is about.
            + (f" {count(hidden, 'fact')} that could spoil the film were left out." if hidden else "")
        )


def _find(audience: Audience, query: str, topic: str | None) -> Found:
    return audience.pack.words.find(query, audience.pack.fact_numbers(audience.spoilers, topic))


def _topics(audience: Audience) -> ui.LayoutView:
    return topics_card(audience.pack, audience.spoilers, in_server=bool(audience.guild_id))
