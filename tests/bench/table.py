"""One row of the table: our figures beside the null bot's, their ratio round by round."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of alternating rounds, in `unit`; `null` is empty where there is nothing to compare with."""

    name: str
    unit: str
    ours: Sequence[float]
    null: Sequence[float] = ()
    goal: float | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the row as text: name, ours, null, the ratio's median with its range, the goal."""
        ratios = sorted(ours / null for ours, null in zip(self.ours, self.null, strict=False))
        ratio = f"{median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})" if ratios else ""
        null = f"{median(self.null):,.1f} {self.unit}" if self.null else ""
        return (
            self.name,
            f"{median(self.ours):,.1f} {self.unit}",
            null,
            ratio,
            f"{self.goal:g}" if self.goal is not None else "",
        )


HEAD = ("what", "ours", "null bot", "ratio, median (range)", "goal")


def markdown(rows: Sequence[Row]) -> str:
    """Return the table in markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
