"""Questions that one person answers privately, as often as they like, for no points.

Nothing of them is stored: the buttons hold the question's number, the order of its options and the score so
far. The order is a permutation of the options in the order of the alphabet, which gives no answer away.
"""

from dataclasses import dataclass
from itertools import permutations
from random import Random

from discord import ui

from bot.core.content import TRUE_OR_FALSE, Question
from bot.core.refusal import Refusal
from bot.storage.catalogue import LoadedPack
from bot.ui.parts import MAIN, box, button, card, row
from bot.ui.question_parts import COLOURS, fact_behind, option_lines, option_row, report_button, verdict_line
from bot.ui.router import OUTDATED, control_id
from bot.ui.text import plain

MOST_COUNTED = 9_999
EVERY_ORDER = {size: tuple(permutations(range(size))) for size in (2, 4)}


@dataclass(frozen=True, slots=True)
class Drill:
    """A practice question as it stands in its buttons; `right` of `answered` before it were right.

    `question` is its number, `order` a number of a permutation, `topic` empty for all topics.
    """

    question: int
    order: int
    right: int = 0
    answered: int = 0
    topic: str = ""


def draw_order(question: Question, rng: Random) -> int:
    """Return the number of an order for the options; true comes before false."""
    if question.is_true_or_false:
        return EVERY_ORDER[2].index((1, 0))
    return rng.randrange(len(EVERY_ORDER[4]))


def options_of(question: Question, order: int) -> tuple[str, ...]:
    """Return the options in this order. Raises Refusal for an order that does not exist."""
    options = sorted(TRUE_OR_FALSE if question.is_true_or_false else (question.answer, *question.distractors))
    orders = EVERY_ORDER[len(options)]
    if not 0 <= order < len(orders):
        raise Refusal(OUTDATED)
    return tuple(options[index] for index in orders[order])


def drill_card(pack: LoadedPack, drill: Drill) -> ui.LayoutView:
    """Return a question to answer."""
    question = pack.questions[drill.question]
    options = [_shown(question, option) for option in options_of(question, drill.order)]
    lines = [f"### {plain(question.prompt)}", *option_lines(options)]
    asked, score = (drill.question, drill.order), (drill.right, drill.answered)
    return card(
        box(
            COLOURS[question.difficulty],
            f"-# Practice · {question.difficulty}",
            "\n".join(lines),
            option_row(
                options, lambda choice: control_id("practice", 1, *asked, choice, *score, drill.topic)
            ),
        )
    )


def drilled_card(pack: LoadedPack, drill: Drill, choice: int) -> ui.LayoutView:
    """Return how a practice question was answered; `drill` counts it already."""
    question = pack.questions[drill.question]
    fact = pack.facts[pack.fact_numbers_by_id[question.fact]]
    chosen = _shown(question, options_of(question, drill.order)[choice])
    verdict = verdict_line(chosen, _shown(question, question.answer))
    return card(
        box(
            COLOURS[question.difficulty],
            f"### {plain(question.prompt)}\n{verdict}",
            fact_behind(fact.text, fact.spoiler),
            f"-# {drill.right} of {drill.answered} right",
        ),
        row(
            button("Next question", control_id("drill", 1, drill.right, drill.answered, drill.topic), MAIN),
            report_button(drill.question),
        ),
    )


def _shown(question: Question, option: str) -> str:
    return option.capitalize() if question.is_true_or_false else option
