"""A question's texts, read word by word once for all comparisons."""

from dataclasses import dataclass

from bot.core.content import Question
from bot.core.words import name_words, phrase, words_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and the phrases (see `bot.core.words`) of its texts; `fact` is that of its fact's text."""

    question: Question
    fact: str
    prompt: str
    answer: str
    distractors: tuple[str, ...]
    aliases: tuple[str, ...]


def read_question(question: Question, fact: str) -> Reading:
    """Read a question whose fact has this phrase."""
    return Reading(
        question,
        fact,
        phrase(words_of(question.prompt)),
        _read_name(question.answer),
        tuple(map(_read_name, question.distractors)),
        tuple(map(_read_name, question.aliases)),
    )


def _read_name(text: str) -> str:
    """Return a choice's phrase; one made of signs alone, such as an emoji, is its own."""
    return phrase(name_words(text) or (text.strip(),))
