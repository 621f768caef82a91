"""What makes a question unfair, as far as a program can see it."""

from collections.abc import Iterator

from bot.core.content import Pack


def question_faults(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield (question id or empty for the whole pack, a sentence) for each rule that a question breaks."""
    known = {fact.id for fact in pack.facts}
    for question in pack.questions:
        if question.fact not in known:
            yield question.id, f"fact '{question.fact}' does not exist"
