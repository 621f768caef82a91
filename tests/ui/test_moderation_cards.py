from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.content import Spoiler
from bot.storage.moderation import Blocked, Case
from bot.ui.moderation_cards import (
    BLOCKED_PER_PAGE,
    CASES_PER_PAGE,
    REASONS_PER_PAGE,
    blocked_card,
    confirm_reset_card,
    report_card,
    reports_card,
)
from tests.ui.cards import THREE_BYTES, assert_sendable, texts

NOW = datetime(2026, 8, 5, tzinfo=UTC)
LARGEST = 2**63 - 1
CASE = Case("question", 7, "Where was the opening shot?", "A ramp", Spoiler.NONE, 1, ("A bridge.",), None)


@pytest.mark.parametrize("filler", [THREE_BYTES, "**|`_~[<@>", "M", "M "])
def test_the_longest_reports_can_be_sent(filler: str) -> None:
    def fill(length: int) -> str:
        return (filler * length)[:length]

    question = Case("question", LARGEST, fill(200), fill(60), Spoiler.ENDING, 10**9, (fill(500),) * 3, NOW)
    question = replace(question, report=LARGEST, proof=fill(600))
    fact = replace(question, kind="fact", text=fill(600), answer=None, voided=None, proof=None)
    for case in (question, fact):
        assert_sendable(report_card(replace(case, reasons=(fill(500),) * REASONS_PER_PAGE), 10**6, 10**6))
    for cases in ([question] * CASES_PER_PAGE, [fact] * CASES_PER_PAGE):
        numbered = [
            replace(case, number=LARGEST - index, report=LARGEST - index) for index, case in enumerate(cases)
        ]
        assert_sendable(reports_card(numbered, 10**6, 12_345))


def test_the_longest_list_of_blocked_players_can_be_sent() -> None:
    blocked = [Blocked(LARGEST - number, NOW) for number in range(BLOCKED_PER_PAGE)]
    assert_sendable(blocked_card(blocked, 10**6, 12_345))


def test_the_other_cards_can_be_sent() -> None:
    for view in (
        reports_card([], 0, 0),
        blocked_card([], 0, 0),
        confirm_reset_card(LARGEST),
    ):
        assert_sendable(view)


def test_a_question_can_be_voided_and_a_fact_cannot() -> None:
    cases = [
        replace(CASE, report=1),
        replace(CASE, kind="fact", answer=None, report=2),
        replace(CASE, number=None, report=3),
        replace(CASE, number=8, voided=NOW, reports=0, reasons=()),
    ]
    components = assert_sendable(reports_card(cases, 4, 0))
    rows = [part["components"] for part in components[0]["components"] if part["type"] == 1]
    assert [(button["label"], button["custom_id"]) for row in rows for button in row] == [
        ("Read", "mod1:report:1:0:0"),
        ("Void", "mod1:void:7:0"),
        ("Read", "mod1:report:2:0:0"),
        ("Read", "mod1:report:3:0:0"),
        ("Undo void", "mod1:undo:8:0"),
    ]


def test_a_spoiler_is_covered_whole() -> None:
    spoiling = replace(CASE, spoiler=Spoiler.ENDING, text="They || part", reasons=())
    text = "\n".join(texts(assert_sendable(reports_card([spoiling], 1, 0))))
    assert "||**They \\|\\| part**\nAnswer: A ramp||" in text
    whole = replace(spoiling, report=1, proof="It was a ramp.")
    text = "\n".join(texts(assert_sendable(report_card(whole, 0, 0))))
    assert "||**They \\|\\| part**\nAnswer: A ramp\n-# The fact behind it\nIt was a ramp.||" in text
