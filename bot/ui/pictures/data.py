"""What the pictures show. A name is as people wrote it, in any script, or None where nobody knows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PodiumPlayer:
    """One of a round's best. `place` counts from 1, and equal points share a place."""

    name: str | None
    place: int
    points: int
    right: int


@dataclass(frozen=True, slots=True)
class Podium:
    """The end of a round: the best players from the first place on; three are drawn and the others counted.

    `players` is how many took part, `title` the pack's.
    """

    title: str
    questions: int
    players: int
    best: tuple[PodiumPlayer, ...]


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How a player did in one topic."""

    name: str
    right: int
    answered: int


@dataclass(frozen=True, slots=True)
class PlayerCard:
    """A player's figures in one server: `rank` among `players` is None for who is not on the board.

    `right` of `answered` is over all questions; the topics add up to more, as a question may have several.
    `average_ms` is the mean time of an answer in milliseconds, None without one. `form` is the share of right
    answers (0 to 1) in each of the last rounds, oldest first.
    """

    title: str
    name: str | None
    rank: int | None
    players: int
    points: int
    rounds: int
    right: int
    answered: int
    best_streak: int
    average_ms: int | None
    topics: tuple[TopicScore, ...]
    form: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A player's place on the board. Equal points share a rank."""

    name: str | None
    rank: int
    points: int


@dataclass(frozen=True, slots=True)
class TopTen:
    """The top of a leaderboard, best first, of which ten rows are drawn. `period` reads like "This week"."""

    title: str
    period: str
    rows: tuple[BoardRow, ...]
