"""A question as people get it: everything that is shown and judged, fixed when it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.core.answers import accept
from bot.core.content import TRUE_OR_FALSE, Difficulty, Fact, Question, Spoiler
from bot.core.scoring import BASE_POINTS


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is asked once; `answer` is an index into `options`, in the order of the buttons.

    `question` and `fact` are ids within `pack`. `other_names` are names that a typed answer must not be
    mistaken for.
    """

    question: str
    fact: str
    topics: tuple[str, ...]
    prompt: str
    options: tuple[str, ...]
    answer: int
    aliases: tuple[str, ...]
    other_names: tuple[str, ...]
    fact_text: str
    spoiler: Spoiler
    difficulty: Difficulty
    base: int
    pack: str = ""

    @property
    def right_option(self) -> str:
        """The right answer as it is shown."""
        return self.options[self.answer]


def put_question(
    question: Question, fact: Fact, other_names: Sequence[str], rng: Random, pack: str = ""
) -> AskedQuestion:
    """Fix how a question is asked this time, with its options in random order; true comes before false."""
    if question.is_true_or_false:
        options = [option.capitalize() for option in TRUE_OR_FALSE]
        answer = TRUE_OR_FALSE.index(question.answer)
    else:
        options = [question.answer, *question.distractors]
        rng.shuffle(options)
        answer = options.index(question.answer)
    return AskedQuestion(
        question=question.id,
        fact=fact.id,
        topics=fact.topics,
        prompt=question.prompt,
        options=tuple(options),
        answer=answer,
        aliases=question.aliases,
        other_names=tuple(other_names),
        fact_text=fact.text,
        spoiler=fact.spoiler,
        difficulty=question.difficulty,
        base=BASE_POINTS[question.difficulty],
        pack=pack,
    )


def is_right(asked: AskedQuestion, choice: int | None, text: str | None) -> bool:
    """Return whether an answer is right: a typed `text` if there is one, else the `choice` of an option."""
    return choice == asked.answer if text is None else is_right_text(asked, text)


def is_right_text(asked: AskedQuestion, text: str) -> bool:
    """Return whether a typed answer is right."""
    others = [option for index, option in enumerate(asked.options) if index != asked.answer]
    return accept(text, asked.right_option, asked.aliases, [*others, *asked.other_names], asked.prompt)
