"""What a pack is made of: topics, facts and questions about one film."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

TRUE_OR_FALSE = ("true", "false")
DISTRACTORS = 3
"""How many wrong choices go with the right one."""


class Spoiler(IntEnum):
    """How much of the film's story a text gives away; a higher level includes the lower ones."""

    NONE = 0
    PLOT = 1
    ENDING = 2


class Origin(StrEnum):
    """Whose questions are asked: the film's, a server's own, or a mix of both."""

    FILM = "film"
    OURS = "ours"
    BOTH = "both"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject within a pack."""

    id: str
    name: str
    emoji: str
    about: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be looked up; `url` is an https address, if there is one."""

    title: str
    year: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing worth knowing, in our own words.

    `paragraphs` count from 1 in the pack's source; `as_of` is the year in which a claim that can age held.
    """

    id: str
    text: str
    topics: tuple[str, ...]
    people: tuple[str, ...] = ()
    films: tuple[str, ...] = ()
    spoiler: Spoiler = Spoiler.NONE
    paragraphs: tuple[int, ...] = ()
    as_of: int | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is proved by `fact`; true/false ones have no distractors.

    In a pack all others have three; a server's own question may have fewer, and is then typed. One that is
    `buttons_only` could not be typed fairly. `never_with` are the ids of questions that it should not share a
    round with, named in the pack or found by its words; each of them has its id in turn.
    """

    id: str
    fact: str
    prompt: str
    answer: str
    distractors: tuple[str, ...]
    difficulty: Difficulty
    aliases: tuple[str, ...] = ()
    buttons_only: bool = False
    never_with: tuple[str, ...] = ()

    @property
    def can_be_typed(self) -> bool:
        """Whether rounds with typed answers may ask it."""
        return not (self.buttons_only or self.is_true_or_false)

    @property
    def is_true_or_false(self) -> bool:
        """Whether the only choices are true and false."""
        return not self.distractors and self.answer in TRUE_OR_FALSE

    @property
    def can_be_pressed(self) -> bool:
        """Whether it has enough choices for buttons."""
        return self.is_true_or_false or len(self.distractors) == DISTRACTORS


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything about one film, valid as a whole."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...] = ()
