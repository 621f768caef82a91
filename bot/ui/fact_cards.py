"""Cards that show facts and topics."""

from collections.abc import Sequence
from functools import lru_cache

import discord
from discord import ui

from bot.core.content import Fact, Question, Source, Spoiler, Topic
from bot.storage.catalogue import LoadedPack
from bot.storage.reports import Kind
from bot.ui import colours
from bot.ui.parts import MAIN, Button, Row, box, button, card, field, form, row, select
from bot.ui.router import control_id
from bot.ui.text import count, cover, plain, shorten

SPOILER_LINES = {
    Spoiler.PLOT: "-# Gives away a turn of the plot. Press the cover to read it.",
    Spoiler.ENDING: "-# Gives away the ending. Press the cover to read it.",
}
MOST_TEXT = 3_700
"""Characters in a card, below Discord's 4,000 for all of its texts."""
LONGEST_REASON = 500
CARDS_KEPT = 1_000
"""How many facts' cards are kept in memory, at about ten kilobytes each."""


def fact_text(pack: LoadedPack, fact: Fact) -> str:
    """Return the fact as markdown: its topics, its words (covered if they spoil), where it is from.

    Its source, if it names one, is the last line.
    """
    topics = " · ".join(f"{topic.emoji} {plain(topic.name)}" for topic in _topics(pack, fact))
    as_of = f" · as of {fact.as_of}" if fact.as_of else ""
    lines = [f"-# {topics}", covered(fact), f"-# {plain(pack.title)}{as_of}"]
    if fact.source:
        lines.append(_source_line(fact.source))
    return "\n".join(lines)


def _source_line(source: Source) -> str:
    title = plain(source.title)
    # The checks of packs make sure that nothing in an address ends the link.
    return f"-# Source: {f'[{title}]({source.url})' if source.url else title}, {source.year}"


def covered(fact: Fact) -> str:
    """Return the fact's words as markdown, covered if they give something away."""
    words = cover(plain(fact.text), fact.spoiler)
    warning = SPOILER_LINES.get(fact.spoiler)
    return f"{warning}\n{words}" if warning else words


# Cached, as building discord.py's objects costs more than all our other work in a busy /fact.
@lru_cache(CARDS_KEPT)
def fact_card(pack: LoadedPack, number: int) -> ui.LayoutView:
    """Return the card of one fact. It is the same object each time, so it must not be changed."""
    fact = pack.facts[number]
    buttons = _buttons(number, _topics(pack, fact)[0], quizzed=bool(pack.questions))
    return card(box(accent_of(pack, fact), fact_text(pack, fact)), buttons)


def found_card(pack: LoadedPack, numbers: Sequence[int], *, exact: bool) -> ui.LayoutView:
    """Return what a search found: the best fact in full, the others to choose from."""
    best, *others = numbers
    fact = pack.facts[best]
    options = [discord.SelectOption(label=_label(pack.facts[number]), value=str(number)) for number in others]
    found = f"{count(len(others), 'more fact')} found"
    return card(
        None if exact else "Nothing has all of those words. This comes closest:",
        box(accent_of(pack, fact), fact_text(pack, fact)),
        select(control_id("found", 1), found, options) if others else None,
        _buttons(best, _topics(pack, fact)[0], quizzed=bool(pack.questions)),
    )


def elsewhere_card(topic: Topic, words: str, found: int) -> ui.LayoutView:
    """Say that a topic has nothing with the words of a search, and offer to search everywhere."""
    elsewhere = f"{count(found, 'fact')} elsewhere {'has' if found == 1 else 'have'}"
    return card(
        f"Nothing in {topic.emoji} **{plain(topic.name)}** has all of those words, but {elsewhere}.",
        row(button("Search everywhere", control_id("search", 1, words), MAIN)),
    )


def topics_card(pack: LoadedPack, spoilers: Spoiler, *, in_server: bool) -> ui.LayoutView:
    """Return the topics, with what each is about and how many facts it has.

    The last line counts the facts that are left out because they could spoil the film.
    """
    counts = pack.topic_counts(spoilers)
    shown = [topic for topic in pack.topics if counts[topic.id]]
    lines = [
        f"{topic.emoji} **{plain(topic.name)}** · {counts[topic.id]}\n-# {plain(topic.about)}"
        for topic in shown
    ]
    text = "\n".join(lines)
    if len(text) > MOST_TEXT:
        text = "\n".join(line.partition("\n")[0] for line in lines)
    options = (
        discord.SelectOption(
            label=topic.name, value=topic.id, emoji=topic.emoji, description=count(counts[topic.id], "fact")
        )
        for topic in shown
    )
    known = len(pack.fact_numbers(spoilers))
    heading = f"### {plain(pack.title)}: {count(known, 'fact')}"
    return card(
        box(colours.GOLD, heading, text, _waiting_line(len(pack.facts) - known, in_server=in_server)),
        select(control_id("topic", 1), "A fact about…", options),
    )


def _waiting_line(hidden: int, *, in_server: bool) -> str:
    if not hidden:
        return ""
    more = f"-# {count(hidden, 'more fact')} could spoil the film"
    if in_server:
        return (
            f"{more} and {'waits' if hidden == 1 else 'wait'} until a moderator allows that in `/settings`."
        )
    return f"{more}; they come in servers that allow it."


def report_form(kind: Kind, number: int, item: Fact | Question) -> ui.Modal:
    """Return the form that shows a fact or a question and asks what is wrong with it."""
    words = covered(item) if isinstance(item, Fact) else plain(item.prompt)
    reason = field("What is wrong with it?", "reason", LONGEST_REASON, "In a sentence", tall=True)
    return form(f"Report this {kind}", control_id("reported", 1, kind, number), words, reason)


def quiz_and_report(number: int, *, quizzed: bool) -> list[Button]:
    """Return the buttons under every fact; `quizzed` says that its pack has questions."""
    report = button("Report", control_id("report", 1, "fact", number))
    return [button("Quiz me", control_id("quizme", 1, number)), report] if quizzed else [report]


def accent_of(pack: LoadedPack, fact: Fact) -> int:
    """Return the colour of the fact's first topic."""
    return colours.EVERY[list(pack.topics_by_id).index(fact.topics[0]) % len(colours.EVERY)]


def _buttons(number: int, topic: Topic, *, quizzed: bool) -> Row:
    return row(
        button("Another", control_id("another", 1), MAIN),
        button(f"More: {topic.name}", control_id("another", 1, topic.id)),
        *quiz_and_report(number, quizzed=quizzed),
    )


def _topics(pack: LoadedPack, fact: Fact) -> list[Topic]:
    return [pack.topics_by_id[topic] for topic in fact.topics]


def _label(fact: Fact) -> str:
    """Return the fact in one line for a select, in which nothing can be covered."""
    if fact.spoiler is Spoiler.NONE:
        return shorten(fact.text, 100)
    return f"A spoiler for the {fact.spoiler.name.lower()}"
