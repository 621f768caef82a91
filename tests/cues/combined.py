"""A cheat who combines all marks, weighed on some of the questions and tried on the others."""

from collections import defaultdict
from collections.abc import Sequence
from math import log
from random import Random

from tests.cues.marks import Seen, World
from tests.cues.rules import Rule

FOLDS = 10


def combined(world: World, rules: Sequence[Rule], seed: int = 1) -> float:
    """Return the share that is right when each rule's word counts by its record on the other questions."""
    picks = {seen.question.id: [rule.picks(world, seen) for rule in rules] for seen in world.seen}
    order = list(world.seen)
    Random(seed).shuffle(order)
    right = 0.0
    for fold in range(FOLDS):
        tried = order[fold::FOLDS]
        held = {seen.question.id for seen in tried}
        weights = _weights([picks[seen.question.id] for seen in order if seen.question.id not in held], rules)
        right += sum(_chance(seen, picks[seen.question.id], weights) for seen in tried)
    return right / len(order)


def _weights(known: Sequence[Sequence[frozenset[int]]], rules: Sequence[Rule]) -> Sequence[float]:
    """Return how much each rule says for an option that it leaves, as the logarithm of its odds."""
    hits: defaultdict[int, float] = defaultdict(float)
    misses: defaultdict[int, float] = defaultdict(float)
    for picks in known:
        for place, picked in enumerate(picks):
            if picked:
                hits[place] += 0 in picked
                misses[place] += len(picked - {0}) / 3
    spoken = [sum(bool(picks[place]) for picks in known) for place in range(len(rules))]
    return [
        log(((hits[place] + 1) / (number + 4)) / ((misses[place] + 1) / (number + 4)))
        for place, number in enumerate(spoken)
    ]


def _chance(seen: Seen, picks: Sequence[frozenset[int]], weights: Sequence[float]) -> float:
    sums = [
        sum(weight for picked, weight in zip(picks, weights, strict=True) if option in picked)
        for option in range(len(seen.options))
    ]
    best = [option for option, value in enumerate(sums) if value == max(sums)]
    return (0 in best) / len(best)
