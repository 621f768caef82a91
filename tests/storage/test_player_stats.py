from datetime import UTC, datetime, timedelta

import pytest

from bot.storage import moderation
from bot.storage.connection import Connection
from bot.storage.player_stats import ROUNDS_IN_FORM, Accuracy, TopicAccuracy, player_stats
from tests.storage.played import MODERATOR, PACK, Asked, Given, add_questions, begin, play

GUILD = 5_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
WRONG = Given(0, correct=False, streak=0)


def test_a_player_without_a_round_has_nothing(connection: Connection) -> None:
    stats = player_stats(connection, GUILD, 1)
    assert (stats.rounds, stats.overall, stats.best_streak, stats.average_ms) == (0, Accuracy(0, 0), 0, None)
    assert (stats.topics, stats.form, stats.overall.percent) == ((), (), 0)


def test_everything_is_counted_also_a_round_alone(connection: Connection) -> None:
    play(
        connection,
        GUILD,
        NOW - timedelta(days=400),
        [
            Asked("ramp", {1: Given(took_ms=1_000, streak=1)}, topics='["cast", "music"]'),
            Asked("pier", {1: Given(took_ms=4_000, streak=2)}, topics='["music"]'),
            Asked("club", {1: WRONG}, topics='["cast"]'),
        ],
    )
    play(connection, GUILD, NOW, [Asked("bench", {1: WRONG, 2: Given()}, topics='["music"]')])
    stats = player_stats(connection, GUILD, 1)
    assert stats.rounds == 2
    assert stats.overall == Accuracy(2, 4)
    assert stats.best_streak == 2
    assert stats.average_ms == 2_500
    assert stats.topics == (
        TopicAccuracy(PACK, "music", Accuracy(2, 3)),
        TopicAccuracy(PACK, "cast", Accuracy(1, 2)),
    )
    assert stats.form == (Accuracy(2, 3), Accuracy(0, 1))


def test_only_what_counts_is_counted(connection: Connection) -> None:
    numbers = add_questions(connection, "ramp", "pier")
    play(connection, GUILD + 1, NOW, [Asked("bench", {1: Given()})])  # another server
    begin(connection, GUILD, [Asked("bench", {1: Given()})])  # still going on
    play(connection, GUILD, NOW, [Asked("bench", {1: Given()}, void=True)])
    play(connection, GUILD, NOW, [Asked("ramp", {1: Given(streak=9)}), Asked("pier", {1: WRONG})])
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    stats = player_stats(connection, GUILD, 1)
    assert (stats.rounds, stats.overall, stats.best_streak) == (1, Accuracy(0, 1), 0)


def test_speed_is_that_of_right_answers_with_a_time_limit(connection: Connection) -> None:
    play(connection, GUILD, NOW, [Asked("ramp", {1: Given(took_ms=90_000_000)})], seconds=None)
    play(connection, GUILD, NOW, [Asked("pier", {1: Given(took_ms=80_000_000)}, reopened=True)])
    play(connection, GUILD, NOW, [Asked("club", {1: Given(0, correct=False, took_ms=100)})])
    assert player_stats(connection, GUILD, 1).average_ms is None
    play(connection, GUILD, NOW, [Asked("bench", {1: Given(took_ms=3_333)})])
    assert player_stats(connection, GUILD, 1).average_ms == 3_333


def test_form_holds_the_latest_rounds_oldest_first(connection: Connection) -> None:
    for day in range(ROUNDS_IN_FORM + 3):
        answers = [Asked(f"q{index}", {1: WRONG}) for index in range(day + 1)]
        play(connection, GUILD, NOW + timedelta(days=day), answers)
    form = player_stats(connection, GUILD, 1).form
    assert [accuracy.answered for accuracy in form] == list(range(4, ROUNDS_IN_FORM + 4))


@pytest.mark.parametrize(
    ("correct", "answered", "percent"),
    [(0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 2, 50), (1, 200, 1), (7, 7, 100)],
)
def test_percent_is_rounded_half_up(correct: int, answered: int, percent: int) -> None:
    assert Accuracy(correct, answered).percent == percent
