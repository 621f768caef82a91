"""The table of `python -m bot questions`: how each question was answered, and what contradicts it."""

from collections.abc import Iterator, Sequence

from bot.core.measured import Record, remarks


def review(records: Sequence[Record]) -> Iterator[str]:
    """Yield a line for each question: first those that something contradicts, then the most answered."""
    marked = [(list(remarks(record)), record) for record in records]
    marked.sort(key=lambda one: (not one[0], -one[1].answered - one[1].typed))
    width = max([len("question"), *(len(record.question) for record in records)])
    yield f"{'question':{width}}  label   asked  answers  right  typed  right  median  tells  reports"
    for found, record in marked:
        yield f"{record.question:{width}}  {_figures(record)}".rstrip()
        yield from (f"    ! {remark}" for remark in found)


def _figures(record: Record) -> str:
    median = "" if record.median_ms is None else f"{record.median_ms / 1000:.1f} s"
    tells = "" if record.tells is None else f"{record.tells:+.2f}"
    by_button, typed = _percent(record.correct, record.answered), _percent(record.typed_correct, record.typed)
    return (
        f"{record.label:6}  {record.asked:5}  {record.answered:7}  {by_button:>5}"
        f"  {record.typed or '':>5}  {typed:>5}  {median:>6}  {tells:>5}  {record.reports or '':>7}"
    )


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else ""
