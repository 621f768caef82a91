"""The messages of a quiz round: a question, how it ended, and the podium."""

from collections.abc import Sequence
from functools import partial

from discord import ui

from bot.core.periods import Period
from bot.core.quiz_moves import UNTIMED_LIMIT_MS
from bot.core.rounds import Action, Answer, CloseReason, Current, RoundPlan
from bot.core.scoring import ranks
from bot.runners.messenger import AnswerView, PodiumView, QuestionView
from bot.storage.catalogue import LoadedPack
from bot.storage.outcome import Outcome
from bot.storage.rounds import Standing
from bot.storage.scores import Board
from bot.ui.board_cards import board_control
from bot.ui.colours import VIOLET
from bot.ui.confirmation import confirmation
from bot.ui.drawing import Drawn
from bot.ui.parts import DANGER, MAIN, QUIET, Row, box, button, card, field, form, row
from bot.ui.question_parts import COLOURS, fact_behind, from_here, option_lines, option_row, report_button
from bot.ui.quiz_texts import (
    ENDINGS,
    LETTERS,
    available_text,
    guess_texts,
    hint_text,
    nobody_text,
    place_text,
    plan_text,
    seconds_text,
    streak_text,
    title_of,
)
from bot.ui.router import control_id
from bot.ui.text import count, cover, plain, shorten

MOST_NAMED = 6
MOST_PLACES = 10
MOST_STREAKS = 3
LONGEST_HARDEST = 120
LONGEST_TYPED = 200


def question_card(view: QuestionView) -> ui.LayoutView:
    """Return the message of an open question."""
    asked = view.current.asked
    lines = [f"### {plain(asked.prompt)}"]
    if not view.plan.typed:
        lines += option_lines(asked.options)
    answers = len(view.current.answers)
    so_far = f"-# {count(answers, 'answer')} so far" if answers else "-# No answers yet"
    notes: list[str] = []
    if view.after_deleted:
        notes.append("-# The question before was deleted, so it counts for nobody.")
    if view.current.reopened:
        notes.append(
            "-# I was away, so this question is open again for everyone who had not answered,"
            " for half the points."
        )
    if view.current.cut_off:
        at_most = "" if view.plan.seconds is None else ", for up to a minute after its time"
        notes.append(
            "-# I have no connection to Discord just now, so a press may fail. This question stays open until"
            f" I am back{at_most}."
        )
    return card(
        box(
            COLOURS[asked.difficulty],
            "\n".join([*notes, f"-# {_heading(view)}"]),
            "\n".join(lines),
            "\n".join([_countdown(view), *_hint_lines(view), so_far]),
            _answer_row(view),
        ),
        _host_row(view.round_id, view.current.position, {Action.REVEAL: "Reveal now", Action.STOP: "Stop"}),
    )


def answer_control(view: QuestionView, choice: int = 0) -> str:
    """Return the custom_id of a button that answers an open question."""
    if view.plan.typed:
        return control_id("type", 1, view.round_id, view.current.position)
    return control_id("quiz", 1, view.round_id, view.current.position, choice)


def answer_card(view: AnswerView, question_number: int | None) -> ui.LayoutView:
    """Return the message of a closed question; `question_number` is for its report button."""
    asked, closed = view.current.asked, view.current.closed
    head = f"-# Question {view.current.position} of {view.plan.questions}{from_here(asked.pack)}"
    if closed is CloseReason.SKIPPED:
        head = f"{head} · skipped, so it counts for nobody"
    elif view.is_void:
        head = f"{head} · taken out of play, so it counts for nobody"
    elif closed is CloseReason.COMPLETE:
        head = f"{head} · everybody had answered"
    leaders = " · ".join(f"<@{s.user_id}> {s.points:,}" for s in view.leaders if s.points)
    what_next, controls = "", None
    if view.next_ms is not None:
        last = view.current.position >= view.plan.questions
        what_next = f"-# {'The podium' if last else 'The next question'} comes {_live_time(view.next_ms)}."
        controls = _host_row(view.round_id, view.current.position, {Action.NEXT: "Next", Action.STOP: "Stop"})
    elif question_number is not None:
        controls = row(report_button(question_number))
    return card(
        box(
            COLOURS[asked.difficulty],
            f"{head}\n### {plain(asked.prompt)}",
            _tally(view),
            _how_it_went(view),
            _streaks(view),
            "-# I was not connected to Discord when time ran out, so some answers may be missing."
            if view.current.unheard
            else "",
            fact_behind(asked.fact_text, asked.spoiler, asked.pack),
            f"-# In front: {leaders}" if leaders and not view.is_void else "",
            what_next,
        ),
        controls,
    )


def podium_card(view: PodiumView, picture: Drawn | None = None) -> ui.LayoutView:
    """Return the message at the end of a round."""
    players = len(view.standings)
    lines = ["### The round is over", ENDINGS[view.reason]]
    if not players:
        lines.append(nobody_text(view.asked_count, answered=view.outcome.answered))
    places = ranks([standing.points for standing in view.standings])
    lines += [
        _place(rank, standing, view.outcome.counted)
        for rank, standing in zip(places[:MOST_PLACES], view.standings, strict=False)
    ]
    if players > MOST_PLACES:
        lines.append(f"-# and {count(players - MOST_PLACES, 'more player')}")
    if players and not view.outcome.ranked:
        who = "A round played alone" if players == 1 else f"A round of {players:,} players"
        lines.append(f"-# {who} counts in `/stats`, but not on the board here.")
    return card(
        box(
            VIOLET,
            picture.gallery() if picture else None,
            "\n".join(line for line in lines if line),
            _stands_out(view.outcome),
        ),
        row(
            button("Play again", control_id("again", 1, view.round_id), MAIN),
            button("Another topic", control_id("again", 1, "topic", view.round_id)),
            button("Leaderboard", board_control(Board.ROUNDS, Period.ALL)),
            button("What we missed", control_id("missed", 1, view.round_id)) if view.asked_count else None,
        ),
    )


def started_card(plan: RoundPlan, pack: LoadedPack, host: str, *, asked_for: int | None) -> ui.LayoutView:
    """Announce a round; `asked_for` is how many questions somebody wanted, if they said so.

    `pack` is the film, even if only the server's own questions are asked.
    """
    short = ""
    if asked_for and plan.questions < asked_for:
        short = f"\n-# You asked for {asked_for}; {available_text(plan.questions, plan, pack)}."
    text = (
        f"### A quiz on {plain(title_of(plan.source, pack))}\n{plan_text(plan, pack)}{short}\n"
        f"Everyone here can play without joining, and the first answer counts. {host} is the host."
    )
    return card(box(VIOLET, text))


def confirm_stop_card(round_id: int) -> ui.LayoutView:
    """Ask whether to stop a round."""
    return confirmation(
        "### Stop this round?\nIt ends for everybody here, with the points so far.",
        button("Stop the round", control_id("stop", 1, round_id), DANGER),
        "Go on playing",
    )


def answer_form(round_id: int, question: Current) -> ui.Modal:
    """Return the form for a typed answer, with the question."""
    lines = [f"**{plain(question.asked.prompt)}**"]
    if question.hinted:
        lines.append(f"💡 {hint_text(question.asked.right_option)}")
    answer = field("The first one counts", "answer", LONGEST_TYPED)
    return form("Your answer", control_id("typed", 1, round_id, question.position), "\n".join(lines), answer)


def _heading(view: QuestionView) -> str:
    worth = "" if view.plan.scoring == "plain" else f" · up to {count(view.most_points, 'point')}"
    difficulty = view.current.asked.difficulty
    here = from_here(view.current.asked.pack)
    return f"Question {view.current.position} of {view.plan.questions} · {difficulty}{worth}{here}"


def _countdown(view: QuestionView) -> str:
    early = ", or once everybody has answered" if view.may_close_early else ""
    if view.plan.seconds is None:
        minutes = UNTIMED_LIMIT_MS // 60_000
        return f"No time limit: the host reveals the answer, or I do after {minutes} minutes{early}."
    return f"{count(view.plan.seconds, 'second')} to answer. Time is up {_live_time(view.closes_ms)}{early}."


def _live_time(moment_ms: int) -> str:
    """Return a moment that Discord shows as the time left, in whole seconds and never too early."""
    return f"<t:{-(-moment_ms // 1_000)}:R>"


def _hint_lines(view: QuestionView) -> list[str]:
    """Return a typed question's hint, or when it comes, and what an answer is then worth."""
    if view.hint_ms is None:
        return []
    lowers = view.plan.scoring == "speed" and not view.current.reopened
    if view.current.hinted:
        worth = "; from now on an answer is worth half" if lowers else ""
        return [f"💡 {hint_text(view.current.asked.right_option)}{worth}"]
    if view.current.reopened:
        return []
    worth = "; from then on an answer is worth half" if lowers else ""
    return [f"-# A hint comes {_live_time(view.hint_ms)}{worth}."]


def _answer_row(view: QuestionView) -> Row:
    if view.plan.typed:
        return row(button("Type your answer", answer_control(view), MAIN))
    return option_row(view.current.asked.options, partial(answer_control, view))


def _host_row(round_id: int, position: int, labels: dict[Action, str]) -> Row:
    return row(
        *(
            button(
                label,
                control_id("host", 1, action, round_id, position),
                DANGER if action is Action.STOP else QUIET,
            )
            for action, label in labels.items()
        )
    )


def _tally(view: AnswerView) -> str:
    asked = view.current.asked
    if view.plan.typed:
        right = [answer for answer in view.answers if answer.correct]
        others = count(len(view.answers) - len(right), "other answer")
        wrong = " · ".join([others, *guess_texts(view.current.guesses.values())])
        return f"✅ **{plain(asked.right_option)}** · {_chosen(right)}\n-# {wrong}"
    lines = []
    for choice, (letter, option) in enumerate(zip(LETTERS, asked.options, strict=False)):
        chosen = [answer for answer in view.answers if answer.choice == choice]
        is_right = choice == asked.answer
        text = f"✅ **{letter}  {plain(option)}** (right)" if is_right else f"▫️ {letter}  {plain(option)}"
        lines.append(f"{text} · {_chosen(chosen)}")
    return "\n".join(lines)


def _chosen(answers: Sequence[Answer]) -> str:
    named = " ".join(f"<@{answer.user_id}>" for answer in answers[:MOST_NAMED])
    more = f" and {len(answers) - MOST_NAMED:,} more" if len(answers) > MOST_NAMED else ""
    return f"{count(len(answers), 'player')}: {named}{more}" if answers else "nobody"


def _how_it_went(view: AnswerView) -> str:
    if view.is_void:
        return ""
    if not view.answers:
        return "Nobody answered this one."
    right = [answer for answer in view.answers if answer.correct]
    if not right:
        return "Nobody got this one."
    fastest = min(right, key=lambda answer: (answer.took_ms, answer.user_id))
    return (
        f"Fastest: <@{fastest.user_id}> in {seconds_text(fastest.took_ms)}, {count(fastest.points, 'point')}."
        f" {len(right):,} of {count(len(view.answers), 'answer')} right."
    )


def _streaks(view: AnswerView) -> str:
    if view.is_void:
        return ""
    shown = [
        f"<@{streak.user_id}> {streak_text(streak.length, streak.bonus)}"
        for streak in view.streaks[:MOST_STREAKS]
    ]
    more = len(view.streaks) - MOST_STREAKS
    return "\n".join([*shown, f"-# and {count(more, 'more player')} with a streak"] if more > 0 else shown)


def _place(rank: int, standing: Standing, counted: int) -> str:
    speed = f" · {standing.took_ms / standing.correct / 1000:.1f} s each" if standing.correct else ""
    place = place_text(rank, standing.points, f"{rank}\\.")
    return (
        f"{place} <@{standing.user_id}> **{count(standing.points, 'point')}**"
        f" · {standing.correct} of {counted} right{speed}"
    )


def _stands_out(outcome: Outcome) -> str:
    lines = []
    if fastest := outcome.fastest:
        lines.append(f"⚡ Fastest answer: <@{fastest.user_id}> in {seconds_text(fastest.took_ms)}")
    if longest := outcome.longest:
        lines.append(f"🔥 Longest streak: <@{longest.user_id}> with {longest.streak} in a row")
    if hardest := outcome.hardest:
        prompt = cover(plain(shorten(hardest.prompt, LONGEST_HARDEST)), hardest.spoiler)
        right = f"{hardest.correct:,} of {count(hardest.answered, 'answer')} right"
        lines.append(f"🧗 Hardest question: {prompt} ({right})")
    return "\n".join(f"-# {line}" for line in lines)
