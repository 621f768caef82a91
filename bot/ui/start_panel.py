"""The private panel in which somebody chooses what their round will be like.

Nothing of it is stored: the custom_id of each control holds all wishes so far.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import discord
from discord import ui

from bot.core.content import Difficulty, Origin
from bot.core.rounds import RoundPlan
from bot.storage.catalogue import LoadedPack
from bot.ui.colours import VIOLET
from bot.ui.parts import MAIN, MOST_OPTIONS, Row, box, button, card, row, select
from bot.ui.quiz_texts import available_text, plan_text
from bot.ui.router import control_id
from bot.ui.text import count, sentence

ANY = "*"
"""The value of "every topic" and "every difficulty" in a select; no topic has such an id."""
ALL_TOPICS = "All topics"
LENGTHS = (3, 5, 10, 15, 20, 25)
SOURCES: Mapping[str, str] = {
    Origin.FILM: "About the film",
    Origin.OURS: "This server's own questions",
    Origin.BOTH: "Both",
}
LEVELS: Mapping[str, str] = {
    ANY: "From easy to hard",
    Difficulty.EASY: "Easy questions",
    Difficulty.MEDIUM: "Medium questions",
    Difficulty.HARD: "Hard questions",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants a round to be like.

    None leaves `questions`, `seconds` and `source` to the server's settings; it stands for every topic, for
    every difficulty and for buttons.
    """

    questions: int | None = None
    seconds: int | None = None
    topic: str | None = None
    difficulty: Difficulty | None = None
    answer_form: Literal["buttons", "typed"] | None = None
    source: Origin | None = None


def wishes_of(plan: RoundPlan) -> Wishes:
    """Return the wishes that lead to a round like this one."""
    return Wishes(
        plan.questions, plan.seconds or 0, plan.topic, plan.difficulty, plan.answer_form, plan.source
    )


class Field(StrEnum):
    """What can be chosen in the panel."""

    TOPIC = "topic"
    LENGTH = "length"
    DIFFICULTY = "difficulty"
    ANSWERS = "answers"
    SOURCE = "source"


def start_panel(
    plan: RoundPlan, pack: LoadedPack, available: int, other: int = 0, *, has_own: bool = False
) -> ui.LayoutView:
    """Return the panel set to `plan`, for which so many questions are `available`; `pack` is the film.

    Where there are none, `other` is how many there are with the other form of answers.

    Whose questions are asked can be chosen only where the server has some of its own.
    """
    lengths = {str(number): count(number, "question") for number in sorted({*LENGTHS, plan.questions})}
    all_void = has_own and plan.source is Origin.OURS and plan.difficulty is None and not available + other
    there_are = "all of them are void just now" if all_void else _available(plan, pack, available, other)
    other_form = "Buttons instead" if plan.typed else "Typed answers instead"
    return card(
        box(
            VIOLET,
            f"### Your round\n{plan_text(plan, pack)}\n-# {sentence(there_are)}",
            _select(plan, Field.SOURCE, _options(SOURCES, plan.source))
            if has_own or plan.source is not Origin.FILM
            else None,
            None if plan.source is Origin.OURS else _topic_select(plan, pack),
            _select(plan, Field.LENGTH, _options(lengths, str(plan.questions))),
            _select(plan, Field.DIFFICULTY, _options(LEVELS, plan.difficulty or ANY)),
        ),
        row(
            button("Start", _id("start", plan), MAIN, disabled=not available),
            button(other_form, _id(Field.ANSWERS, plan)),
        ),
    )


def _available(plan: RoundPlan, pack: LoadedPack, available: int, other: int) -> str:
    """Return how many questions there are, and where there are none, what else there is."""
    if other:
        if plan.typed:
            return f"there are none to type; {other:,} {'has' if other == 1 else 'have'} buttons"
        return f"there are none with buttons; {other:,} can be typed"
    return available_text(available, plan, pack)


def _id(word: str, plan: RoundPlan) -> str:
    return control_id("panel", 1, word, wishes_of(plan))


def _select(
    plan: RoundPlan, field: Field, options: Iterable[discord.SelectOption], placeholder: str = ""
) -> Row:
    # Mostly something is chosen, so that only a screen reader says the placeholder.
    return select(_id(field, plan), placeholder or field.capitalize(), options)


def _topic_select(plan: RoundPlan, pack: LoadedPack) -> Row:
    """Return the choice of a topic, as many as Discord lists at once.

    Where every topic takes a place, "All topics" has one only if a topic is chosen, in the place of another.
    """
    every, *topics = _topics(plan, pack)
    if len(topics) < MOST_OPTIONS:
        return _select(plan, Field.TOPIC, [every, *topics])
    if plan.topic is None:
        return _select(plan, Field.TOPIC, topics, ALL_TOPICS)
    left_out = next(topic for topic in reversed(topics) if not topic.default)
    return _select(plan, Field.TOPIC, [every, *(topic for topic in topics if topic is not left_out)])


def _topics(plan: RoundPlan, pack: LoadedPack) -> Iterator[discord.SelectOption]:
    counts = pack.question_topic_counts(plan.spoilers)
    yield discord.SelectOption(label=ALL_TOPICS, value=ANY, default=plan.topic is None)
    for topic in pack.topics:
        if counts[topic.id]:
            yield discord.SelectOption(
                label=topic.name,
                value=topic.id,
                emoji=topic.emoji,
                description=count(counts[topic.id], "question"),
                default=plan.topic == topic.id,
            )


def _options(labels: Mapping[str, str], chosen: str) -> Iterator[discord.SelectOption]:
    for value, label in labels.items():
        yield discord.SelectOption(label=label, value=value, default=value == chosen)
