from bot.core.content import Difficulty
from bot.core.measured import Record
from bot.review import review


def test_what_is_contradicted_stands_first_and_the_most_answered_next() -> None:
    lines = list(
        review(
            [
                Record("silent", Difficulty.EASY, False),
                Record("asked", Difficulty.MEDIUM, False, 9, 60, 36, 10, 4, 6_250, 0.31, 2),
                Record("mislabelled", Difficulty.HARD, False, 9, 50, 50),
            ]
        )
    )
    assert lines == [
        "question     label   asked  answers  right  typed  right  median  tells  reports",
        "mislabelled  hard        9       50   100%",
        "    ! labelled hard, but it is easy",
        "asked        medium      9       60    60%     10    40%   6.2 s  +0.31        2",
        "silent       easy        0        0",
    ]
