"""All packs in memory, as the database holds them: what can be dealt, and what a number stands for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.core.compose import Card, card_of
from bot.core.content import Difficulty, Fact, Question, Spoiler, Topic
from bot.core.refusal import Refusal
from bot.storage.search import FactWords

DEFAULT_PACK = "la-la-land"


@dataclass(frozen=True, eq=False)
class LoadedPack:
    """One pack with the numbers that decks use; what was retired is not in it. It equals only itself."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    facts: Mapping[int, Fact]
    questions: Mapping[int, Question]
    _cards: dict[tuple[int, Difficulty | None], Card] = field(default_factory=dict, repr=False)
    _dealt: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict, repr=False)
    _counts: dict[tuple[str, Spoiler], Counter[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def topics_by_id(self) -> Mapping[str, Topic]:
        """The topics by their ids."""
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def fact_numbers_by_id(self) -> Mapping[str, int]:
        """The facts' numbers by their ids."""
        return {fact.id: number for number, fact in self.facts.items()}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every person and film that a fact names, in order."""
        return tuple(sorted({name for fact in self.facts.values() for name in (*fact.people, *fact.films)}))

    @cached_property
    def words(self) -> FactWords:
        """The words of its facts, to find them by."""
        return FactWords(self.facts, {topic.id: topic.name for topic in self.topics})

    def fact_of(self, question: Question) -> Fact:
        """Return the fact that proves a question's answer."""
        return self.facts[self.fact_numbers_by_id[question.fact]]

    def card(self, number: int, difficulty: Difficulty | None = None) -> Card:
        """Return what composing a round looks at of a question; `difficulty` outweighs its label."""
        key = (number, difficulty)
        if key not in self._cards:
            question = self.questions[number]
            card = card_of(question, self.fact_of(question))
            self._cards[key] = replace(card, difficulty=difficulty) if difficulty else card
        return self._cards[key]

    @cached_property
    def question_numbers_by_id(self) -> Mapping[str, int]:
        """The questions' numbers by their ids."""
        return {question.id: number for number, question in self.questions.items()}

    def topic(self, wanted: str) -> Topic:
        """Return the topic with this id, or with this name in any case. Raises Refusal."""
        for topic in self.topics:
            if wanted.strip().casefold() in (topic.id, topic.name.casefold()):
                return topic
        raise Refusal(
            "I do not know that topic. Pick one of those that come up as you type, or see `/topics`.",
            pressed="That topic is not in the film that is played here now.",
        )

    def fact_numbers(self, spoilers: Spoiler, topic: str | None = None) -> tuple[int, ...]:
        """Return the numbers of the facts that give away no more than `spoilers`, of one topic or of all."""
        key = ("facts", spoilers, topic)
        if key not in self._dealt:
            self._dealt[key] = tuple(
                number
                for number, fact in self.facts.items()
                if fact.spoiler <= spoilers and (topic is None or topic in fact.topics)
            )
        return self._dealt[key]

    def question_numbers(
        self,
        spoilers: Spoiler,
        topic: str | None = None,
        *,
        typed: bool | None = None,
    ) -> tuple[int, ...]:
        """Return the numbers of the questions that fit; a question has its fact's topics and spoiler level.

        With `typed` only those that can be typed fit, with False only those with enough choices for buttons.
        """
        key = ("questions", spoilers, topic, typed)
        if key not in self._dealt:
            self._dealt[key] = tuple(
                number
                for number, question in self.questions.items()
                for fact in (self.fact_of(question),)
                if fact.spoiler <= spoilers
                and (topic is None or topic in fact.topics)
                and (typed is None or (question.can_be_typed if typed else question.can_be_pressed))
            )
        return self._dealt[key]

    def without(self, numbers: Sequence[int], out: AbstractSet[str]) -> Sequence[int]:
        """Return those of the questions' numbers whose ids are not `out`."""
        if not out:
            return numbers
        return [number for number in numbers if self.questions[number].id not in out]

    def topic_counts(self, spoilers: Spoiler) -> Counter[str]:
        """Return how many facts each topic has at this spoiler level."""
        return self._count("facts", spoilers, (self.facts[number] for number in self.fact_numbers(spoilers)))

    def question_topic_counts(self, spoilers: Spoiler) -> Counter[str]:
        """Return how many questions each topic has at this spoiler level."""
        facts = (self.fact_of(self.questions[number]) for number in self.question_numbers(spoilers))
        return self._count("questions", spoilers, facts)

    def _count(self, what: str, spoilers: Spoiler, facts: Iterable[Fact]) -> Counter[str]:
        # Kept, because completion asks with every letter that somebody types.
        if (what, spoilers) not in self._counts:
            self._counts[what, spoilers] = Counter(topic for fact in facts for topic in fact.topics)
        return self._counts[what, spoilers]


@dataclass(frozen=True)
class Catalogue:
    """The packs that are in service."""

    packs: tuple[LoadedPack, ...]

    def get(self, pack: str | None = None) -> LoadedPack:
        """Return the pack with this id, else the default one. Raises Refusal if there is none at all."""
        if not self.packs:
            raise Refusal("I have no facts yet. Whoever runs me can find the reason in my log.")
        return self.find(pack) or self.find(DEFAULT_PACK) or self.packs[0]

    def find(self, pack: str | None) -> LoadedPack | None:
        """Return the pack with this id, None if it is not in service."""
        return next((loaded for loaded in self.packs if loaded.id == pack), None)

    def index_words(self) -> None:
        """Index the packs' words now, so that no search waits for it. It may be called in a thread."""
        for pack in self.packs:
            _ = pack.words
