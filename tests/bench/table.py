"""One row of the table: our figures beside the null bot's, their ratio round by round."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of alternating rounds, in `unit`; `null` is empty where there is nothing to compare with.

    `goal` is what the ratio may be at most ('1.6 ×'), or the figure itself ('10 ms').
    """

    name: str
    unit: str
    ours: Sequence[float]
    null: Sequence[float] = ()
    goal: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as text: name, ours, null, the ratio's median with its range, the goal."""
        ratios = [ours / null for ours, null in zip(self.ours, self.null, strict=False)]
        return (
            self.name,
            f"{_spread(self.ours)} {self.unit}",
            f"{_spread(self.null)} {self.unit}" if self.null else "",
            _spread(ratios) if ratios else "",
            self.goal,
        )


HEAD = ("what", "ours: median (range)", "null bot", "ratio", "goal")


def markdown(rows: Sequence[Row]) -> str:
    """Return the table in markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _spread(figures: Sequence[float]) -> str:
    """Return the median, with the least and the largest where they differ from it."""
    middle, least, most = (_short(figure) for figure in (median(figures), min(figures), max(figures)))
    return middle if least == most else f"{middle} ({least}–{most})"


def _short(figure: float) -> str:
    """Return the figure with three digits or all before its point."""
    decimals = 0 if abs(figure) >= 100 else 1 if abs(figure) >= 10 else 2
    return f"{figure:,.{decimals}f}"
