"""The rules of a mechanical cheat, and how often each of them is right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from tests.cues import marks
from tests.cues.marks import Mark, Seen, World

LIMIT = 0.35
"""No rule may be right more often than this; by chance it is right in a quarter."""
FEWEST = 20
"""A rule that speaks on fewer questions than this says more about chance than about the pack."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Take the options with the most of a mark, or if `least` with the least.

    If `yes_no`, it only matters whether they have it at all.
    """

    name: str
    mark: Mark
    least: bool = False
    yes_no: bool = False

    def picks(self, world: World, seen: Seen) -> frozenset[int]:
        """Return the options that the rule leaves; none where it cannot tell between them."""
        values = world.values(self.mark, seen)
        if values is None:
            return frozenset()
        if self.yes_no:
            values = [bool(value) for value in values]
        best = (min if self.least else max)(values)
        picked = frozenset(place for place, value in enumerate(values) if value == best)
        return picked if len(picked) < len(values) else frozenset()


def _both(name: str, opposite: str, mark: Mark, *, yes_no: bool = False) -> tuple[Rule, Rule]:
    return Rule(name, mark, yes_no=yes_no), Rule(opposite, mark, least=True, yes_no=yes_no)


OF_THE_QUESTION: tuple[Rule, ...] = (
    *_both("longest", "shortest", marks.length),
    *_both("most words", "fewest words", marks.word_count),
    *_both("oddest form", "most usual form", marks.oddness),
    *_both("most words of the prompt", "fewest words of the prompt", marks.shared_with_prompt),
    *_both("most like the other options", "least like the other options", marks.shared_with_options),
    *_both("largest number", "smallest number", marks.number),
    *_both("number in the middle", "number at an end", marks.middle_number),
    *_both("round number", "no round number", marks.round_number),
)
"""These need nothing but the question itself."""

OF_ALL_QUESTIONS: tuple[Rule, ...] = (
    *_both("an option elsewhere", "no option elsewhere", marks.options_elsewhere, yes_no=True),
    *_both("most often an option elsewhere", "least often an option elsewhere", marks.options_elsewhere),
    *_both("an answer elsewhere", "no answer elsewhere", marks.answers_elsewhere, yes_no=True),
    *_both("a distractor elsewhere", "no distractor elsewhere", marks.distractors_elsewhere, yes_no=True),
    *_both("named in another prompt", "named in no other prompt", marks.other_prompts, yes_no=True),
    *_both("named in most other prompts", "named in fewest other prompts", marks.other_prompts),
)
"""These need the other questions."""

OF_ALL_FACTS: tuple[Rule, ...] = (
    *_both("stands in another fact", "stands in no other fact", marks.other_facts, yes_no=True),
    *_both("stands in most other facts", "stands in fewest other facts", marks.other_facts),
    *_both("in another fact's names", "in no other fact's names", marks.names_of_facts, yes_no=True),
    *_both("stands in the other fact most like the prompt", "farthest from the prompt", marks.nearest_fact),
    *_both("known from anywhere else", "known from nowhere else", marks.anywhere, yes_no=True),
)
"""These need the other facts."""

RULES = OF_THE_QUESTION + OF_ALL_QUESTIONS + OF_ALL_FACTS


@dataclass(frozen=True, slots=True)
class Score:
    """How a rule fares; `right` is what it would expect when it draws among the options that it leaves."""

    rule: Rule
    spoken: int
    right: float
    alone: int
    right_alone: int

    @property
    def share(self) -> float:
        """The share of questions in which it is right, of those on which it speaks."""
        return self.right / self.spoken if self.spoken else 0.0

    @property
    def share_alone(self) -> float:
        """The same where it leaves a single option."""
        return self.right_alone / self.alone if self.alone else 0.0

    @property
    def too_many(self) -> int:
        """On how many of the questions that it is right about it would have to be wrong."""
        return max(0, ceil(self.right - LIMIT * self.spoken), ceil(self.right_alone - LIMIT * self.alone))

    @property
    def is_over(self) -> bool:
        """Whether it is right too often, on enough questions to say so."""
        pairs = ((self.spoken, self.share), (self.alone, self.share_alone))
        return any(number >= FEWEST and share > LIMIT for number, share in pairs)


def score(world: World, rule: Rule, among: Iterable[Seen] | None = None) -> Score:
    """Return how the rule fares on all questions with choices, or on some."""
    picked = [
        picks for seen in (world.seen if among is None else among) if (picks := rule.picks(world, seen))
    ]
    alone = [picks for picks in picked if len(picks) == 1]
    return Score(
        rule,
        len(picked),
        sum((0 in picks) / len(picks) for picks in picked),
        len(alone),
        sum(0 in picks for picks in alone),
    )


def explain(world: World, scores: Sequence[Score]) -> Iterator[str]:
    """Yield a line for each question that lets such rules be right, those that help most of them first."""
    found = []
    for seen in world.seen:
        named = [
            f"{score.rule.name}{'' if len(picks) == 1 else f' (with {len(picks) - 1} more)'}"
            for score in scores
            if 0 in (picks := score.rule.picks(world, seen))
        ]
        if named:
            found.append((-len(named), seen, named))
    for _, seen, named in sorted(found, key=lambda one: one[0]):
        facts = marks.other_facts(world, seen)
        options = " | ".join(
            f"{option} ({int(number)})" for option, number in zip(seen.options, facts, strict=True)
        )
        yield f"{seen.question.id}: {options}\n    {', '.join(named)}"
