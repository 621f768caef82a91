"""Every card of a round and of practice, with its longest content, stays inside Discord's limits."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asked import AskedQuestion
from bot.core.content import Difficulty, Fact, Origin, Question, Spoiler, Topic
from bot.core.hints import MOST_GUESSES
from bot.core.quiz_moves import AWAY_MS, MOST_DELETED, MOST_UNANSWERED
from bot.core.refusal import Refusal
from bot.core.round_events import Accept, Decline, Why
from bot.core.rounds import Answer, CloseReason, Current, EndReason, RoundPlan
from bot.core.worth import Streak
from bot.runners.messenger import AnswerView, PodiumView, QuestionView, Recap
from bot.storage.catalogue import LoadedPack
from bot.storage.outcome import Fastest, Hardest, Longest, Outcome
from bot.storage.rounds import Standing
from bot.ui.drawing import Drawn
from bot.ui.pictures import Picture
from bot.ui.practice_cards import (
    LATELY,
    MOST_COUNTED,
    Drill,
    draw_order,
    drill_card,
    drilled_card,
    mark_of,
    options_of,
)
from bot.ui.question_parts import LONGEST_IN_BUTTON
from bot.ui.quiz_cards import answer_card, answer_form, podium_card, question_card, started_card
from bot.ui.quiz_texts import ENDINGS, TO_HOST, guess_texts, hint_text, recap_text, verdict_text
from bot.ui.text import plain
from tests.hostile import assert_harmless, hostile_text
from tests.ui.cards import THREE_BYTES, assert_form_sendable, assert_sendable, texts

SNOWFLAKE = 2**63 - 1
ROUND = 10**12
STARS = "*"
"""Markup is written with a backslash before each character, which makes it twice as long."""
FILLERS = (THREE_BYTES, STARS, "|", "a")
MOST_ANSWERS = 500


def asked(filler: str, spoiler: Spoiler = Spoiler.ENDING) -> AskedQuestion:
    return AskedQuestion(
        question="q" * 48,
        fact="f" * 48,
        topics=("t" * 48,),
        prompt=filler * 200,
        options=tuple(f"{number}{filler * 59}" for number in range(4)),
        answer=2,
        aliases=(),
        other_names=(),
        fact_text=filler * 600,
        spoiler=spoiler,
        difficulty=Difficulty.MEDIUM,
        base=150,
    )


def plan(*, typed: bool = False, seconds: int | None = 120, topic: str | None = "topic") -> RoundPlan:
    return RoundPlan(
        guild_id=SNOWFLAKE,
        channel_id=SNOWFLAKE,
        host_user_id=SNOWFLAKE,
        pack="p" * 48,
        topic=topic,
        difficulty=Difficulty.MEDIUM,
        answer_form="typed" if typed else "buttons",
        scoring="speed",
        spoilers=Spoiler.ENDING,
        questions=25,
        seconds=seconds,
        started_ms=0,
    )


def answers(count: int) -> list[Answer]:
    return [
        Answer(SNOWFLAKE - number, number % 4, 0, 119_999 - number, number % 4 == 2, 225, 9)
        for number in range(count)
    ]


def longest_outcome(filler: str) -> Outcome:
    hardest = Hardest(filler * 200, Spoiler.ENDING, MOST_ANSWERS, 1)
    return Outcome(
        25, ranked=False, fastest=Fastest(SNOWFLAKE, 119_999), longest=Longest(SNOWFLAKE, 25), hardest=hardest
    )


def current(
    question: AskedQuestion, count: int = 0, closed: CloseReason | None = None, *, reopened: bool = False
) -> Current:
    given_ = {answer.user_id: answer for answer in answers(count)}
    return Current(25, question, 0, SNOWFLAKE, closed=closed, reopened=reopened, answers=given_)


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("seconds", [120, None])
def test_the_longest_question(filler: str, typed: bool, seconds: int | None) -> None:
    view = QuestionView(
        ROUND,
        plan(typed=typed, seconds=seconds),
        current(asked(filler), MOST_ANSWERS, reopened=True),
        2**42,
        225,
        may_close_early=True,
        after_deleted=True,
    )
    said = "\n".join(texts(assert_sendable(question_card(view))))
    assert "was deleted" in said
    assert "open again" in said
    assert ("120 seconds to answer" in said) == (seconds is not None)
    assert ", or once everybody has answered." in said
    assert "500 answers so far" in said
    assert "up to 225 points" in said


@pytest.mark.parametrize(
    ("seconds", "until"), [(20, "back, for up to a minute after its time."), (None, "back.")]
)
def test_a_lost_connection_speaks_of_the_time_only_where_there_is_one(
    seconds: int | None, until: str
) -> None:
    cut_off = current(asked("a"))._replace(cut_off=True)
    view = QuestionView(ROUND, plan(seconds=seconds), cut_off, 2**42, 75)
    assert f"until I am {until}\n" in "\n".join(texts(assert_sendable(question_card(view))))


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize("scoring", ["speed", "plain"])
def test_a_hint_says_what_it_costs_where_it_does(filler: str, reopened: bool, scoring: str) -> None:
    hinted = current(asked(filler), reopened=reopened)._replace(hinted=True)
    typed = replace(plan(typed=True), scoring=scoring)  # type: ignore[arg-type]
    view = QuestionView(ROUND, typed, hinted, 2**42, 75, hint_ms=2**41)
    said = "\n".join(texts(assert_sendable(question_card(view))))
    assert "💡" in said
    assert ("from now on an answer is worth half" in said) == (not reopened and scoring == "speed")


@pytest.mark.parametrize("filler", FILLERS)
def test_the_longest_guesses(filler: str) -> None:
    guesses = {
        number: f"{number}{filler if filler.isalnum() else 'a'}" * 60 for number in range(MOST_ANSWERS)
    }
    typed = current(asked(filler), MOST_ANSWERS, CloseReason.DEADLINE)._replace(guesses=guesses)
    view = AnswerView(ROUND, plan(typed=True), typed, answers(MOST_ANSWERS), [], [])
    said = "\n".join(texts(assert_sendable(answer_card(view, 10**9))))
    assert said.count("“") == MOST_GUESSES
    assert len(max(said.split("“"), key=len)) < 2_000


@given(st.lists(hostile_text(200), max_size=8))
def test_a_guess_does_nothing_but_stand_there(guesses: list[str]) -> None:
    assert_harmless("\n".join(guess_texts(guesses)))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Mia Dolan", "**M\\_\\_ D\\_\\_\\_\\_** (3, 5 letters)"),
        ("A", "**\\_** (1 letter)"),
        ("1952", "**1\\_\\_\\_** (4 characters)"),
        ("You & Me", "**Y\\_\\_ & M\\_** (3, 2 letters)"),
    ],
)
def test_a_hint_is_shown_as_it_stands(answer: str, said: str) -> None:
    assert hint_text(answer) == said


RIGHT = Answer(1, 2, 0, 900, True, 120, 3)


@pytest.mark.parametrize(
    ("recap", "went", "stand"),
    [
        (
            Recap(4, 2, 340, RIGHT, False),
            "Question 4: ✅ right, 120 points, 🔥 3 in a row. ",
            "place 2 with 340 points",
        ),
        (
            Recap(4, 1, 1, RIGHT._replace(points=1, streak=1), False),
            "Question 4: ✅ right, 1 point. ",
            "place 1 with 1 point",
        ),
        (Recap(4, 5, 0, RIGHT._replace(correct=False), False), "Question 4: ❌ wrong. ", "no points yet"),
        (Recap(4, 3, 90, None, False), "", "place 3 with 90 points"),
        (Recap(4, 3, 90, RIGHT, True), "Question 4 counts for nobody. ", "place 3 with 90 points"),
    ],
)
def test_how_the_last_question_went(recap: Recap, went: str, stand: str) -> None:
    assert recap_text(recap) == f"{went}So far: {stand}."


@pytest.mark.parametrize("filler", FILLERS)
def test_the_longest_form_for_an_answer_shows_its_question(filler: str) -> None:
    form = answer_form(ROUND, current(asked(filler)))
    assert plain(filler * 200) in next(texts(assert_form_sendable(form)))


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("closed", [reason for reason in CloseReason if reason is not CloseReason.DELETED])
@pytest.mark.parametrize("controls", [False, True])
def test_the_longest_answer(filler: str, typed: bool, closed: CloseReason, controls: bool) -> None:
    leaders = [Standing(SNOWFLAKE - number, 10**6, 25, 10**6) for number in range(3)]
    view = AnswerView(
        ROUND,
        plan(typed=typed),
        current(asked(filler), MOST_ANSWERS, closed),
        answers(MOST_ANSWERS),
        leaders,
        [Streak(SNOWFLAKE - number, 25, 100) for number in range(MOST_ANSWERS)],
        2**42 if controls else None,
        is_void=closed.is_void,
    )
    said = "\n".join(texts(assert_sendable(answer_card(view, 10**9))))
    assert said.count("||") >= 2
    counts = closed is not CloseReason.SKIPPED
    assert ("Fastest" in said) == counts
    assert (f"🔥 25 in a row +100\n-# and {MOST_ANSWERS - 3} more players with a streak" in said) == counts


def test_what_is_said_of_an_end_is_the_rule_for_it() -> None:
    words = {2: "two", 3: "three", 10: "ten"}
    assert f" {words[MOST_UNANSWERED]} questions" in ENDINGS[EndReason.UNANSWERED]
    assert f" {words[MOST_DELETED]} questions" in ENDINGS[EndReason.DELETED]
    minutes = f" {words[AWAY_MS // 60_000]} minutes"
    for said in (ENDINGS[EndReason.OUTAGE], ENDINGS[EndReason.AWAY], TO_HOST[EndReason.OUTAGE]):
        assert minutes in said


@pytest.mark.parametrize("reason", list(EndReason))
@pytest.mark.parametrize("players", [0, 1, MOST_ANSWERS])
@pytest.mark.parametrize("filler", FILLERS)
def test_the_longest_podium(reason: EndReason, players: int, filler: str) -> None:
    standings = [Standing(SNOWFLAKE - number, 10**6 - number // 2, 25, 10**6) for number in range(players)]
    view = PodiumView(ROUND, plan(), reason, standings, 25, longest_outcome(filler))
    picture = Drawn(Picture(b"", THREE_BYTES * 1_024))
    said = "\n".join(texts(assert_sendable(podium_card(view, picture))))
    assert ENDINGS[reason] in said
    assert ("Nobody answered" in said) == (players == 0)
    assert ("not on the board" in said) == (players > 0)
    assert ("played alone" in said) == (players == 1)
    assert "-# ⚡ Fastest answer" in said
    assert "-# 🔥 Longest streak" in said
    assert "(1 of 500 answers right)" in said
    if players > 1:
        assert said.count("🥇") == 2
        assert "🥈" not in said


@pytest.mark.parametrize(
    ("asked_count", "answered", "said"),
    [
        (0, False, "No question was asked."),
        (3, False, "Nobody answered this time."),
        (1, True, "The question that was answered does not count, so there are no points."),
        (3, True, "The questions that were answered do not count, so there are no points."),
    ],
)
def test_a_podium_without_players_says_why(asked_count: int, answered: bool, said: str) -> None:
    view = PodiumView(ROUND, plan(), EndReason.STOPPED, [], asked_count, Outcome(answered=answered))
    assert said in "\n".join(texts(assert_sendable(podium_card(view))))


def test_what_was_missed_is_offered_where_something_was_asked() -> None:
    view = PodiumView(ROUND, plan(), EndReason.COMPLETED, [], 3, Outcome(3))
    own = replace(view, plan=replace(plan(), source=Origin.OURS))
    assert "missed1" in str(assert_sendable(podium_card(view)))
    assert "missed1" in str(assert_sendable(podium_card(own)))
    assert "missed1" not in str(assert_sendable(podium_card(replace(view, asked_count=0))))


def test_no_points_are_no_medal() -> None:
    standings = [Standing(7, 120, 1, 2_000), Standing(8, 0, 0, 0), Standing(9, 0, 0, 0)]
    view = PodiumView(ROUND, plan(), EndReason.COMPLETED, standings, 2, Outcome(2))
    [said] = texts(assert_sendable(podium_card(view)))
    assert "🥇 <@7> **120 points**" in said
    assert "\n2\\. <@8> **0 points**" in said
    assert "\n2\\. <@9> **0 points**" in said
    [said] = texts(assert_sendable(podium_card(replace(view, standings=standings[1:]))))
    assert "\n1\\. <@8> **0 points**" in said


def test_only_who_has_points_is_in_front() -> None:
    leaders = [Standing(7, 120, 1, 2_000), Standing(8, 0, 0, 0)]
    view = AnswerView(1, plan(), current(asked("a"), 2, CloseReason.DEADLINE), answers(2), leaders, [])
    assert "-# In front: <@7> 120" in texts(assert_sendable(answer_card(view, 1)))
    view = replace(view, leaders=leaders[1:])
    assert "In front" not in "\n".join(texts(assert_sendable(answer_card(view, 1))))


@pytest.mark.parametrize("filler", FILLERS)
def test_the_longest_announcement(filler: str) -> None:
    pack = LoadedPack("p", filler * 60, (Topic("topic", filler * 30, "🎹", "about"),), {}, {})
    for typed in (False, True):
        card = started_card(plan(typed=typed), pack, f"<@{SNOWFLAKE}>", asked_for=26)
        assert "You asked for 26; there are 25 medium ones about" in "\n".join(texts(assert_sendable(card)))


def test_a_fact_without_a_spoiler_is_not_covered_and_one_with_is() -> None:
    for level, covered in ((Spoiler.NONE, False), (Spoiler.PLOT, True)):
        view = AnswerView(
            1,
            plan(),
            current(asked("a", level), 1, CloseReason.DEADLINE),
            answers(1),
            [],
            [],
        )
        said = "\n".join(texts(assert_sendable(answer_card(view, None))))
        assert (f"||{'a' * 600}||" in said) == covered


def test_short_answers_stand_in_their_buttons_and_long_ones_in_the_text() -> None:
    short = replace(
        asked("a"), options=("Ryan Gosling", "Emma Stone", "John Legend", "a" * LONGEST_IN_BUTTON)
    )
    for question, in_text in ((short, False), (replace(short, options=("x" * 35, *short.options[1:])), True)):
        view = QuestionView(1, plan(), current(question), 2**42, 225)
        components = assert_sendable(question_card(view))
        assert any("Emma Stone" in text for text in texts(components)) == in_text
        assert ("B  Emma Stone" in str(components)) == (not in_text)


def test_a_typed_question_gives_no_option_away() -> None:
    view = QuestionView(1, plan(typed=True), current(asked("a")), 2**42, 225)
    components = str(assert_sendable(question_card(view)))
    assert "a" * 59 not in components.replace("a" * 200, "")


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("choice", [None, 3])
def test_every_verdict_is_a_sentence_that_does_not_say_whether_it_is_right(
    why: Why, choice: int | None
) -> None:
    given_ = Answer(1, choice, 0, 1_234, True, 100, 1)
    for verdict in (
        Decline(why),
        Decline(why, given_),
        Accept(given_),
        Accept(given_._replace(correct=False)),
    ):
        said = verdict_text(verdict, "a *typed* answer" * 20 if choice is None else None)
        assert 10 < len(said) < 400
        assert "100" not in said
        assert "time is up" not in said, "an untimed question has no such moment"
    wrong = given_._replace(correct=False, points=0, streak=0)
    assert verdict_text(Accept(given_, 2, 30)) == verdict_text(Accept(wrong, 2, 30))
    assert verdict_text(Accept(given_, 2, 30)).endswith("If so: 🔥 3 in a row +30.")
    assert verdict_text(Accept(given_, 2)).endswith("If so: 🔥 3 in a row.")
    assert verdict_text(Accept(given_), "x") == verdict_text(Accept(given_._replace(correct=False)), "x")


# Practice


def practice_pack(filler: str) -> LoadedPack:
    fact = Fact("fact", filler * 600, ("t" * 48,), spoiler=Spoiler.ENDING)
    four = Question(
        "four",
        "fact",
        filler * 200,
        f"0{filler * 59}",
        tuple(f"{n}{filler * 59}" for n in "123"),
        Difficulty.HARD,
    )
    two = Question("two", "fact", filler * 200, "false", (), Difficulty.EASY)
    topic = Topic("t" * 48, filler * 30, "🎹", filler * 90)
    return LoadedPack("p", "P", (topic,), {1: fact}, {10**9: four, 10**9 + 1: two})


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("number", [10**9, 10**9 + 1])
def test_the_longest_practice(filler: str, number: int) -> None:
    pack = practice_pack(filler)
    question = pack.questions[number]
    drill = Drill(0, 0, MOST_COUNTED, MOST_COUNTED, "t" * 48, LATELY).asking(number, question, Random(1))
    assert_sendable(drill_card(pack, drill))
    for option in options_of(question, drill.order):
        said = "\n".join(texts(assert_sendable(drilled_card(pack, drill, option))))
        assert ("✅" in said) == (option == question.answer)


def test_the_mark_of_a_question_is_of_what_is_shown_and_does_not_tell_the_answer() -> None:
    four, two = practice_pack("a").questions.values()
    other, *others = four.distractors
    assert mark_of(replace(four, answer=other, distractors=(four.answer, *others))) == mark_of(four)
    assert mark_of(replace(two, answer="true")) == mark_of(two)
    typed = replace(four, distractors=())
    assert mark_of(replace(typed, answer="b")) == mark_of(typed)
    changed = (replace(four, prompt="b"), replace(four, answer="b"), typed, two)
    assert mark_of(four) not in map(mark_of, changed)


@given(st.integers(-5, 50))
def test_every_order_has_the_same_options_or_is_refused(order: int) -> None:
    pack = practice_pack("a")
    for question in pack.questions.values():
        wanted = {"true", "false"} if question.is_true_or_false else {question.answer, *question.distractors}
        try:
            options = options_of(question, order)
        except Refusal:
            assert not 0 <= order < (2 if question.is_true_or_false else 24)
        else:
            assert set(options) == wanted


def test_a_wrong_answer_is_told_in_a_sentence() -> None:
    card = drilled_card(practice_pack("a"), Drill(10**9 + 1, 1, 0, 1), "true")
    assert "❌ You said True. The answer is **False**." in "\n".join(texts(assert_sendable(card)))


def test_true_comes_before_false() -> None:
    question = practice_pack("a").questions[10**9 + 1]
    assert options_of(question, draw_order(question, Random(3))) == ("true", "false")
