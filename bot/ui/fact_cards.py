"""Cards that show facts and topics."""

from collections.abc import Sequence
from functools import lru_cache

import discord
from discord import ui

from bot.core.content import Fact, Source, Spoiler, Topic
from bot.storage.catalogue import LoadedPack
from bot.ui import colours
from bot.ui.reply import card
from bot.ui.router import control_id
from bot.ui.text import count, cover, plain, shorten

SPOILER_LINES = {
    Spoiler.PLOT: "-# Gives away a turn of the plot. Press the cover to read it.",
    Spoiler.ENDING: "-# Gives away the ending. Press the cover to read it.",
}
MOST_TEXT = 3_900
"""Characters in a card, below Discord's 4,000 for all of its texts."""
CARDS_KEPT = 1_000
"""How many facts' cards are kept ready in memory, about ten kilobytes each."""


def fact_text(pack: LoadedPack, fact: Fact) -> str:
    """Return the fact as markdown: its topics, its words (behind a cover if they spoil), where it is from.

    Where somebody can read it up, that is the last line.
    """
    topics = " · ".join(f"{topic.emoji} {plain(topic.name)}" for topic in _topics(pack, fact))
    as_of = f" · as of {fact.as_of}" if fact.as_of else ""
    lines = [f"-# {topics}", covered(fact), f"-# {plain(pack.title)}{as_of}"]
    if fact.source:
        lines.append(_source_line(fact.source))
    return "\n".join(lines)


def _source_line(source: Source) -> str:
    title = plain(source.title)
    # An address has nothing in it that ends a link; the checks of packs see to that.
    return f"-# Source: {f'[{title}]({source.url})' if source.url else title}, {source.year}"


def covered(fact: Fact) -> str:
    """Return the fact's words as markdown, behind Discord's cover if they give something away."""
    words = cover(plain(fact.text), fact.spoiler)
    warning = SPOILER_LINES.get(fact.spoiler)
    return f"{warning}\n{words}" if warning else words


def fact_card(pack: LoadedPack, number: int) -> ui.LayoutView:
    """Return the card of one fact, with its buttons: the same object each time, not to be changed."""
    fact = pack.facts[number]
    topic = _topics(pack, fact)[0]
    return _fact_card(fact_text(pack, fact), accent_of(pack, fact), number, topic, bool(pack.questions))


@lru_cache(CARDS_KEPT)
def _fact_card(text: str, accent: int, number: int, topic: Topic, quizzed: bool) -> ui.LayoutView:
    # Kept, because making discord.py's objects costs more than all the rest that is ours in a busy /fact.
    return card(
        ui.Container(ui.TextDisplay(text), accent_colour=accent), _buttons(number, topic, quizzed=quizzed)
    )


def found_card(pack: LoadedPack, numbers: Sequence[int], *, exact: bool) -> ui.LayoutView:
    """Return what a search found: the best fact whole, the others to choose from."""
    best, *others = numbers
    fact = pack.facts[best]
    head = [] if exact else [ui.TextDisplay[ui.LayoutView]("Nothing has all of those words. This came near:")]
    more: list[ui.Item[ui.LayoutView]] = []
    if others:
        choice: ui.Select[ui.LayoutView] = ui.Select(
            custom_id=control_id("found", 1),
            placeholder=f"{count(len(others), 'more fact')} found",
            options=[
                discord.SelectOption(label=_label(pack.facts[number]), value=str(number)) for number in others
            ],
        )
        more = [ui.ActionRow(choice)]
    return card(
        *head,
        ui.Container(ui.TextDisplay(fact_text(pack, fact)), accent_colour=accent_of(pack, fact)),
        *more,
        _buttons(best, _topics(pack, fact)[0], quizzed=bool(pack.questions)),
    )


def topics_card(pack: LoadedPack, spoilers: Spoiler) -> ui.LayoutView:
    """Return the list of topics with what they are about and how many facts each has."""
    counts = pack.topic_counts(spoilers)
    shown = [topic for topic in pack.topics if counts[topic.id]]
    lines = [
        f"{topic.emoji} **{plain(topic.name)}** · {counts[topic.id]}\n-# {plain(topic.about)}"
        for topic in shown
    ]
    text = "\n".join(lines)
    if len(text) > MOST_TEXT:
        text = "\n".join(line.partition("\n")[0] for line in lines)
    choice: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=control_id("another", 1, ""),
        placeholder="A fact about…",
        options=[
            discord.SelectOption(
                label=topic.name,
                value=topic.id,
                emoji=topic.emoji,
                description=count(counts[topic.id], "fact"),
            )
            for topic in shown
        ],
    )
    heading = f"### {plain(pack.title)}: {count(len(pack.fact_numbers(spoilers)), 'fact')}"
    return card(
        ui.Container(ui.TextDisplay(heading), ui.TextDisplay(text), accent_colour=colours.GOLD),
        ui.ActionRow(choice),
    )


def quiz_and_report(number: int, *, quizzed: bool) -> list[ui.Button[ui.LayoutView]]:
    """Return the buttons that stand under a fact wherever it is shown; `quizzed`: its pack has questions."""
    grey = discord.ButtonStyle.secondary
    report: ui.Button[ui.LayoutView] = ui.Button(
        label="Report", style=grey, custom_id=control_id("report", 1, "fact", number)
    )
    if not quizzed:
        return [report]
    return [ui.Button(label="Quiz me", style=grey, custom_id=control_id("quizme", 1, number)), report]


def accent_of(pack: LoadedPack, fact: Fact) -> int:
    """Return the colour of the fact's first topic."""
    return colours.EVERY[list(pack.topics_by_id).index(fact.topics[0]) % len(colours.EVERY)]


def _buttons(number: int, topic: Topic, *, quizzed: bool) -> ui.ActionRow[ui.LayoutView]:
    return ui.ActionRow(
        ui.Button(label="Another", style=discord.ButtonStyle.primary, custom_id=control_id("another", 1, "")),
        ui.Button(
            label=f"More: {topic.name}",
            style=discord.ButtonStyle.secondary,
            custom_id=control_id("another", 1, topic.id),
        ),
        *quiz_and_report(number, quizzed=quizzed),
    )


def _topics(pack: LoadedPack, fact: Fact) -> list[Topic]:
    return [pack.topics_by_id[topic] for topic in fact.topics]


def _label(fact: Fact) -> str:
    """Return the fact in one line for a select, where Discord has no cover to put over it."""
    if fact.spoiler is Spoiler.NONE:
        return shorten(fact.text, 100)
    return f"A spoiler for the {fact.spoiler.name.lower()}"
