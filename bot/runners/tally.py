"""What the runners count as they go, for the operator's instruments."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """How often something has happened since the start.

    A late post is one that came a minute or more after it was due; a missed one never came.
    """

    answers: int = 0
    posts_sent: int = 0
    posts_late: int = 0
    posts_missed: int = 0
    posts_paused: int = 0
