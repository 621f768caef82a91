"""`python -m tests.cues [PACK_DIR]`: the table of cheats, and with `--explain` what to mend."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.config import PROJECT
from bot.storage.packs import read_pack
from tests.cues.combined import combined
from tests.cues.marks import World
from tests.cues.reading import read_leniently
from tests.cues.rounds import tally
from tests.cues.rules import (
    FEWEST,
    LIMIT,
    OF_ALL_FACTS,
    OF_ALL_QUESTIONS,
    OF_THE_QUESTION,
    RULES,
    Rule,
    Score,
    explain,
    score,
)


def table(scores: Sequence[Score]) -> Iterator[str]:
    """Yield the lines of a table in markdown."""
    yield "| rule | speaks on | right | leaves one option on | right then | chance |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for one in scores:
        mark = f" (over {LIMIT:.0%}: mend {one.too_many})" if one.is_over else ""
        yield (
            f"| {one.rule.name}{mark} | {one.spoken} | {one.share:.1%}"
            f" | {one.alone} | {f'{one.share_alone:.1%}' if one.alone else ''} | 25% |"
        )


def rounds(folder: Path, count: int, *, composed: bool) -> int:
    """Print what so many rounds of a sound pack have; 1 if earlier questions answer later ones too often."""
    pack, faults = read_pack(folder.resolve())
    if pack is None:
        print(*faults, sep="\n")
        return 1
    found = tally(pack, count, composed=composed)
    print(*found.lines(), sep="\n")
    return int(found.answered_by_memory * 100 > found.rounds)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cues", description="How far a cheat gets.")
    parser.add_argument("pack", nargs="?", type=Path, default=PROJECT / "data" / "la-la-land")
    parser.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="RULE",
        help="list the questions that let a rule be right; without its name, for all rules over the limit",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        metavar="NUMBER",
        help="play so many rounds of ten instead, and count what they give away and which rules gave way",
    )
    parser.add_argument("--drawn", action="store_true", help="with --rounds: draw the questions as they come")
    options = parser.parse_args(arguments)
    if options.rounds:
        return rounds(options.pack, options.rounds, composed=not options.drawn)
    pack = read_leniently(options.pack)
    world = World(pack)
    scores = [score(world, rule) for rule in RULES]
    over = [one for one in scores if one.is_over]
    if options.explain is not None:
        wanted = [one for one in scores if one.rule.name == options.explain] if options.explain else over
        print(*explain(world, wanted), sep="\n")
        return 0
    print(*table(scores), sep="\n")
    statements = [question.answer == "true" for question in pack.questions if question.is_true_or_false]
    print(
        f"\n{len(world.seen)} questions with choices. The limit holds from {FEWEST} on that a rule speaks on."
    )
    print(f"{len(statements)} statements, {sum(statements)} of them true.")
    known: tuple[Rule, ...] = ()
    for name, more in (
        ("the question alone", OF_THE_QUESTION),
        ("all questions", OF_ALL_QUESTIONS),
        ("all facts as well", OF_ALL_FACTS),
    ):
        known += more
        print(f"All rules together, held out, from {name}: {combined(world, known):.1%}")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
