"""Questions that one person answers privately, as often as they like, for no points.

Where somebody is stands in the buttons: the question's number, the order of its options and the score so far.
The order is a permutation of the options in the order of the alphabet, which gives no answer away.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import permutations
from random import Random

from discord import ui

from bot.core.content import TRUE_OR_FALSE, Origin, Question
from bot.core.missed import Memory
from bot.core.refusal import Refusal
from bot.storage.catalogue import LoadedPack
from bot.ui.parts import MAIN, box, button, card, form, row
from bot.ui.question_parts import (
    COLOURS,
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
    """A practice question as it stands in its buttons; `right` of `answered` before it were right.

    `question` is its number, `order` a number of a permutation, `topic` empty for all topics. `missed` is the
    number of the round whose missed questions are gone through, LATELY for those of the last weeks, None for
    any questions. `source` is whose questions come next.
    """

    question: int
    order: int
    right: int = 0
    answered: int = 0
    topic: str = ""
    missed: int | None = None
    source: Origin = Origin.FILM

    def choose_id(self, choice: int) -> str:
        """Return the custom_id of the button that answers with an option."""
        rest = (self.question, self.order, choice, self.right, self.answered, *self._wanted)
        if self.missed is None:
            return control_id("practice", 1, *rest)
        return control_id("missed", 1, self.missed, *rest)

    def next_id(self) -> str:
        """Return the custom_id of the button that goes on."""
        rest = (self.right, self.answered, *self._wanted)
        if self.missed is None:
            return control_id("drill", 1, *rest)
        return control_id("missed", 1, "next", self.missed, *rest)

    @property
    def _wanted(self) -> tuple[str, ...]:
        """What its buttons say of what comes next; those of the film have no source, as in older messages."""
        return (self.topic,) if self.source is Origin.FILM else (self.topic, self.source)


def draw_order(question: Question, rng: Random) -> int:
    """Return the number of an order for the options; true comes before false."""
    if question.is_true_or_false:
        return EVERY_ORDER[2].index((1, 0))
    if not question.can_be_pressed:
        return 0
    return rng.randrange(len(EVERY_ORDER[4]))


def options_of(question: Question, order: int) -> tuple[str, ...]:
    """Return the options in this order. Raises Refusal for an order that does not exist."""
    options = sorted(TRUE_OR_FALSE if question.is_true_or_false else (question.answer, *question.distractors))
    orders = EVERY_ORDER.get(len(options), ())
    if not 0 <= order < len(orders):
        raise Refusal(OUTDATED)
    return tuple(options[index] for index in orders[order])


def drill_card(pack: LoadedPack, drill: Drill) -> ui.LayoutView:
    """Return a question to answer."""
    question = pack.questions[drill.question]
    if not question.can_be_pressed:
        press = control_id("drilltype", 1, drill.question, drill.right, drill.answered, drill.source)
        return card(
            box(
                COLOURS[question.difficulty],
                f"-# Practice · {question.difficulty}{from_here(pack.id)}",
                f"### {plain(question.prompt)}",
                row(button("Type your answer", press, MAIN)),
            )
        )
    options = [_shown(question, option) for option in options_of(question, drill.order)]
    lines = [f"### {plain(question.prompt)}", *option_lines(options)]
    heading = "Practice" if drill.missed is None else "What you missed"
    return card(
        box(
            COLOURS[question.difficulty],
            f"-# {heading} · {question.difficulty}{from_here(pack.id)}",
            "\n".join(lines),
            option_row(options, drill.choose_id),
        )
    )


def drilled_card(pack: LoadedPack, drill: Drill, choice: int) -> ui.LayoutView:
    """Return how a practice question was answered; `drill` counts it already."""
    question = pack.questions[drill.question]
    chosen = _shown(question, options_of(question, drill.order)[choice])
    return _verdict_card(pack, drill, verdict_line(chosen, _shown(question, question.answer)))


def typed_card(pack: LoadedPack, drill: Drill, text: str, *, is_right: bool) -> ui.LayoutView:
    """Return how a practice question was answered in words; `drill` counts it already."""
    answer = pack.questions[drill.question].answer
    return _verdict_card(pack, drill, verdict_line(answer if is_right else shorten(text, 100), answer))


def drill_form(pack: LoadedPack, drill: Drill) -> ui.Modal:
    """Return the form for an answer that is typed."""
    field: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="answer", max_length=LONGEST_TYPED)
    send = control_id("drilltyped", 1, drill.question, drill.right, drill.answered, drill.source)
    prompt = f"**{plain(pack.questions[drill.question].prompt)}**"
    return form("Your answer", send, "As you would write it", field, about=prompt)


def _verdict_card(pack: LoadedPack, drill: Drill, verdict: str) -> ui.LayoutView:
    question = pack.questions[drill.question]
    fact = pack.facts[pack.fact_numbers_by_id[question.fact]]
    return card(
        box(
            COLOURS[question.difficulty],
            f"### {plain(question.prompt)}\n{verdict}",
            fact_behind(fact.text, fact.spoiler, pack.id),
            _score(drill),
        ),
        row(
            button("Next question", drill.next_id(), MAIN),
            report_button(drill.question),
        ),
    )


def nothing_due_card(drill: Drill, memories: Collection[Memory]) -> ui.LayoutView:
    """Return that nothing of what was missed lately is to be asked now; `memories` are of all of it."""
    to_come = [memory.due for memory in memories if not memory.is_learned]
    if to_come:
        what = f"{count(len(to_come), 'question')} that you missed"
        again = "comes again" if len(to_come) == 1 else "come again, the next"
        text = f"Nothing is due just now. {what} {again} {stamp(min(to_come), 'R')}."
    elif memories:
        text = "Everything that you missed here lately you have got right twice since."
    else:
        text = (
            "You have missed nothing here lately. What you get wrong in this server's rounds and challenges "
            "can be practised here until you get it right twice in a row."
        )
    return card(text, _score(drill))


def round_done_card(drill: Drill) -> ui.LayoutView:
    """Return that a round has nothing more that was missed in it."""
    if not drill.answered:
        return card("You missed nothing about the film in that round that I could ask you now.")
    return card("That was all that you missed about the film in that round.", _score(drill))


def _score(drill: Drill) -> str:
    return f"-# {drill.right} of {drill.answered} right" if drill.answered else ""


def _shown(question: Question, option: str) -> str:
    return option.capitalize() if question.is_true_or_false else option
