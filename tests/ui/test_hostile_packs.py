"""A pack by a stranger breaks no card, no limit of Discord's, and nothing in it acts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.asked import AskedQuestion
from bot.core.content import TRUE_OR_FALSE, Difficulty, Question, Spoiler
from bot.core.rounds import Answer, CloseReason, Current, RoundPlan
from bot.core.schedule import Due
from bot.runners.messenger import AnswerView, QuestionView
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.daily import Schedule, Wish
from bot.storage.moderation import Case
from bot.storage.settings import DEFAULTS
from bot.ui.daily_cards import ScheduleState, post_card, preview_card, set_card, status_card
from bot.ui.fact_cards import fact_card, found_card, topics_card
from bot.ui.moderation_cards import report_card, reports_card
from bot.ui.practice_cards import LATELY, Drill, drill_card, drilled_card
from bot.ui.quiz_cards import answer_card, question_card, started_card
from bot.ui.settings_cards import settings_card
from tests.examples import examples
from tests.hostile import assert_harmless
from tests.hostile_packs import HostilePack, hostile_packs
from tests.ui.cards import assert_sendable, texts

NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
ID = 2**63 - 1


def loaded(hostile: HostilePack) -> LoadedPack:
    pack = hostile.pack
    return LoadedPack(
        pack.id, pack.title, pack.topics, dict(enumerate(pack.facts)), dict(enumerate(pack.questions))
    )


def check(view: ui.LayoutView) -> None:
    """Fail unless Discord takes the card as it is, and nothing in its text acts."""
    for text in texts(assert_sendable(view)):
        assert_harmless(text)


@settings(max_examples=examples(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile_packs(), st.booleans())
def test_every_card_of_a_hostile_pack(hostile: HostilePack, typed: bool) -> None:
    pack = loaded(hostile)
    for number in pack.facts:
        check(fact_card(pack, number))
    check(found_card(pack, list(pack.facts), exact=False))
    check(topics_card(pack, Spoiler.ENDING, in_server=True))
    for number, question in pack.questions.items():
        check_question(pack, number, question, typed=typed)
    check_daily(pack)
    check(settings_card(DEFAULTS, Catalogue((pack, pack)), [], NOW))


def check_question(pack: LoadedPack, number: int, question: Question, *, typed: bool) -> None:
    check(drill_card(pack, Drill(number, 0)))
    missed = Drill(number, 0, 9_999, 9_999, pack.topics[0].id, LATELY)
    check(drill_card(pack, missed))
    check(drilled_card(pack, missed, question.answer))
    for said in (question.answer, *question.distractors):
        check(drilled_card(pack, Drill(number, 0, 1, 1), said))
    asked = asked_of(pack, question)
    plan = RoundPlan(
        ID, ID, ID, pack.id, pack.topics[0].id, Difficulty.EASY, "typed" if typed else "buttons",
        "speed", Spoiler.ENDING, 25, 20, 0,
    )  # fmt: skip
    current = Current(1, asked, 0, ID, closed=CloseReason.DEADLINE)
    answers = [Answer(ID - n, n % 4, 0, 900, n == asked.answer, 90, 1) for n in range(4)]
    check(started_card(plan, pack, f"<@{ID}>", asked_for=30))
    for hinted in (False, True):
        view = QuestionView(1, plan, current._replace(hinted=hinted), 2**41, 150, hint_ms=2**40)
        check(question_card(view))
    check(answer_card(AnswerView(1, plan, current, answers, [], []), number))
    fact = pack.fact_of(question)
    case = Case("question", number, question.prompt, question.answer, fact.spoiler, 1, (fact.text,), NOW)
    check(reports_card([case], 1, 0))
    check(report_card(replace(case, report=ID, proof=fact.text), 0, 0))


def asked_of(pack: LoadedPack, question: Question) -> AskedQuestion:
    fact = pack.fact_of(question)
    options: Any = TRUE_OR_FALSE if question.is_true_or_false else (question.answer, *question.distractors)
    return AskedQuestion(
        question.id, fact.id, fact.topics, question.prompt, options, 0, question.aliases, (), fact.text,
        fact.spoiler, question.difficulty, 150,
    )  # fmt: skip


def check_daily(pack: LoadedPack) -> None:
    due = Due(date(2026, 8, 6), NOW)
    wish = Wish(ID, ID, "UTC", time(9), pack.topics[0].id, None)
    schedule = Schedule(1, wish, 1, due, None, None, None)
    name = pack.topics[0].name
    check(post_card(pack, 0, due, 1, None))
    check(preview_card(pack, 0, schedule))
    check(set_card(schedule, name, 1))
    check(status_card([ScheduleState(schedule, name, [], None)]))
