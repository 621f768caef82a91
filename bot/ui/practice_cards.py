"""Practice questions: one person answers them privately, as often as they like, for no points.

Nothing of it is stored: the custom_id of each button holds a whole Drill.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import permutations
from random import Random

from discord import ui

from bot.core.content import TRUE_OR_FALSE, Origin, Question
from bot.core.missed import Memory
from bot.core.refusal import Refusal
from bot.storage.catalogue import LoadedPack
from bot.ui.parts import MAIN, Button, box, button, card, field, form, row
from bot.ui.question_parts import (
    COLOURS,
    GONE,
    fact_behind,
    from_here,
    option_lines,
    option_row,
    report_button,
    verdict_line,
)
from bot.ui.router import OUTDATED, control_id
from bot.ui.text import count, plain, shorten, stamp

MOST_COUNTED = 9_999
LONGEST_TYPED = 200
LATELY = 0
"""In the place of a round's number, which is never 0."""
EVERY_ORDER = {size: tuple(permutations(range(size))) for size in (2, 4)}


@dataclass(frozen=True, slots=True)
class Drill:
    """A practice question, by its number (0 before the first), and the score so far: `right` of `answered`.

    `order` numbers the permutations of the options in alphabetical order, which gives no answer away. `topic`
    is empty for all topics. `missed` is the round whose missed questions are practised, LATELY for those of
    the last weeks, or None for any questions. `source` is whose questions come next. `shown` is the mark of
    the question as it was shown. `place` is its place in the round whose missed questions are practised.
    """

    question: int = 0
    order: int = 0
    right: int = 0
    answered: int = 0
    topic: str = ""
    missed: int | None = None
    source: Origin = Origin.FILM
    shown: str = ""
    place: int = 0

    def asking(self, number: int, question: Question, rng: Random) -> "Drill":
        """Return the drill with another question, its options in random order."""
        return replace(self, question=number, order=draw_order(question, rng), shown=mark_of(question))

    def scored(self, right: int, answered: int) -> "Drill":
        """Return the drill with another score, which starts again when it no longer fits into a button."""
        fits = right <= answered <= MOST_COUNTED
        return replace(self, right=right if fits else 0, answered=answered if fits else 0)


def draw_order(question: Question, rng: Random) -> int:
    """Return a random order for the options; true always comes before false."""
    if question.is_true_or_false:
        return EVERY_ORDER[2].index((1, 0))
    if not question.can_be_pressed:
        return 0
    return rng.randrange(len(EVERY_ORDER[4]))


def mark_of(question: Question) -> str:
    """Return three letters that nearly always differ where a question's words or options do.

    No more fit into a button. They are the same whichever option is right.
    """
    words = (question.prompt, *(_options(question) if question.can_be_pressed else ()))
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    return urlsafe_b64encode(digest)[:3].decode()


def options_of(question: Question, order: int) -> tuple[str, ...]:
    """Return the options in this order. Raises Refusal if there is no such order."""
    options = _options(question)
    orders = EVERY_ORDER.get(len(options), ())
    if not 0 <= order < len(orders):
        raise Refusal(OUTDATED)
    return tuple(options[index] for index in orders[order])


def _options(question: Question) -> list[str]:
    """Return the options in alphabetical order, which gives no answer away."""
    return sorted(TRUE_OR_FALSE if question.is_true_or_false else (question.answer, *question.distractors))


def drill_card(pack: LoadedPack, drill: Drill, note: str = "") -> ui.LayoutView:
    """Return the card that asks a question, below a note."""
    question = pack.questions[drill.question]
    heading = "Practice" if drill.missed is None else "What you missed"
    lines = [f"### {plain(question.prompt)}"]
    if question.can_be_pressed:
        options = [_shown(question, option) for option in options_of(question, drill.order)]
        lines += option_lines(options)
        answer = option_row(options, lambda choice: control_id("practice", 1, choice, drill))
    else:
        answer = row(button("Type your answer", control_id("practice", 1, "type", drill), MAIN))
    return card(
        note,
        box(
            COLOURS[question.difficulty],
            f"-# {heading} · {question.difficulty}{from_here(pack.id)}",
            "\n".join(lines),
            answer,
        ),
    )


def drill_form(pack: LoadedPack, drill: Drill) -> ui.Modal:
    """Return the form for a typed answer."""
    answer = field("As you would write it", "answer", LONGEST_TYPED)
    prompt = f"**{plain(pack.questions[drill.question].prompt)}**"
    return form("Your answer", control_id("practice", 1, "typed", drill), prompt, answer)


def drilled_card(pack: LoadedPack, drill: Drill, said: str) -> ui.LayoutView:
    """Return how a question was answered: rightly if `said` is its answer. `drill` has the score with it."""
    question = pack.questions[drill.question]
    fact = pack.fact_of(question)
    verdict = verdict_line(_shown(question, shorten(said, 100)), _shown(question, question.answer))
    return card(
        box(
            COLOURS[question.difficulty],
            f"### {plain(question.prompt)}\n{verdict}",
            fact_behind(fact.text, fact.spoiler, pack.id),
            _score(drill),
        ),
        row(_next_button(drill), report_button(drill.question)),
    )


def gone_card(drill: Drill) -> ui.LayoutView:
    """Say that a question is gone, and offer the next."""
    return card(GONE, _score(drill), row(_next_button(replace(drill, question=0, order=0, shown=""))))


def nothing_due_card(drill: Drill, memories: Collection[Memory]) -> ui.LayoutView:
    """Say why no question that was missed lately comes now; `memories` are those of all of them."""
    to_come = [memory.due for memory in memories if not memory.is_learned]
    if to_come:
        what = f"{count(len(to_come), 'question')} that you missed"
        again = "comes again" if len(to_come) == 1 else "come again, the next"
        text = f"Nothing is due just now. {what} {again} {stamp(min(to_come), 'R')}."
    elif memories:
        text = "Everything you missed here lately, you have since got right twice."
    else:
        text = (
            "You have missed nothing here lately. What you get wrong in this server's rounds and challenges "
            "can be practised here until you get it right twice in a row."
        )
    return card(text, _score(drill))


def round_done_card(drill: Drill) -> ui.LayoutView:
    """Say that no question that was missed in a round is left."""
    if not drill.answered:
        return card("You missed nothing in that round that I can ask you now.")
    return card("That was everything you missed in that round.", _score(drill))


def _next_button(drill: Drill) -> Button:
    return button("Next question", control_id("practice", 1, "next", drill), MAIN)


def _score(drill: Drill) -> str:
    return f"-# {drill.right} of {drill.answered} right" if drill.answered else ""


def _shown(question: Question, option: str) -> str:
    return option.capitalize() if question.is_true_or_false else option
