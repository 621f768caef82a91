"""The daily challenge as its players see it: a private card that changes, and a result to share."""

from collections.abc import Sequence
from datetime import date, datetime

from discord import ui

from bot.core.challenge import Days, Item, Play
from bot.storage.challenge_results import BEST, Finisher, Recap
from bot.ui.colours import GOLD
from bot.ui.parts import MAIN, Button, Part, box, button, card, row
from bot.ui.question_parts import COLOURS, fact_behind, option_lines, option_row, report_button, verdict_line
from bot.ui.quiz_texts import place_text
from bot.ui.router import control_id
from bot.ui.text import count, day_text, plain, stamp

NAME = "Today's five"


def start_card(day: date, *, in_server: bool) -> ui.LayoutView:
    """Return what somebody sees before they begin."""
    whose = "in this server" if in_server else "who plays outside of servers"
    return card(
        box(
            GOLD,
            f"### {_heading(day)}",
            f"Five questions, the same for everybody {whose}, and one try. There is no time limit, but ties "
            "go to the quicker player.",
        ),
        row(button("Begin", control_id("challenge", 1, "begin", day), MAIN)),
    )


def play_card(play: Play, number: int | None) -> ui.LayoutView:
    """Return the question that a player is at, or its answer; `number` is the question's, if there is one."""
    item = play.current
    if play.is_open:
        return _question_card(play, item)
    return _answer_card(play, item, number)


def result_card(
    play: Play, days: Days, best: Sequence[Finisher], reader_id: int, following: datetime, *, in_server: bool
) -> ui.LayoutView:
    """Return how it went; `best` are all who have finished here, `following` is when the next five come."""
    others: list[Part] = [ui.Separator(), "\n".join(_best_lines(best, reader_id))]
    return card(
        box(
            GOLD,
            f"### {_heading(play.day)}",
            result_row(play, days),
            *(others if in_server and best else []),
            f"-# The next five come {stamp(following, 'R')}.",
        ),
        row(button("Share", control_id("challenge", 1, "share", play.challenge_id), MAIN)),
    )


def shared_card(user_id: int, play: Play, days: Days) -> ui.LayoutView:
    """Return what everybody may see of a result, which gives no answer away."""
    return card(f"<@{user_id}> · {_heading(play.day)}\n{result_row(play, days)}", row(open_button()))


def open_button() -> Button:
    """Return the button that opens the challenge of the day on which it is pressed."""
    return button(NAME, control_id("challenge", 1, "open"))


def yesterday_line(recap: Recap) -> str:
    """Return a line about yesterday's challenge, which gives no answer away."""
    names = ", ".join(f"<@{user_id}>" for user_id in recap.perfect[:BEST])
    more = len(recap.perfect) - BEST
    others = f" and {more:,} more" if more > 0 else ""
    perfect = f"Everything right: {names}{others}." if names else "Nobody got everything right."
    line, hardest = f"-# Yesterday's five: {count(recap.players, 'player')}. {perfect}", recap.hardest
    if hardest.correct == hardest.answered:
        return line
    result = f"{hardest.correct:,} of {hardest.answered:,} got it right"
    return f"{line} Question {hardest.position} was the hardest: {result}."


def result_row(play: Play, days: Days) -> str:
    """Return a result as squares, figures and words."""
    squares, words = zip(*map(_square_and_word, play.items), strict=True)
    figures = [f"{play.correct} of {len(play.counted)}", span_text(play.took_ms)]
    if days.streak > 1:
        figures.append(f"{count(days.streak, 'day')} in a row")
    return f"{''.join(squares)} {' · '.join(figures)}\n-# {', '.join(words).capitalize()}."


def days_lines(days: Days) -> list[str]:
    """Return a player's challenges in figures, for their statistics."""
    return [
        f"{count(days.played, 'day')} · {count(days.perfect, 'day')} with everything right",
        f"{days.streak:,} in a row now, {days.longest:,} at best",
    ]


def span_text(took_ms: int) -> str:
    """Return how long it took: '41 s', '3 min 7 s', '5 h 12 min'."""
    seconds = round(took_ms / 1000)
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours:,} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _question_card(play: Play, item: Item) -> ui.LayoutView:
    asked = item.asked
    lines = [f"### {plain(asked.prompt)}", *option_lines(asked.options)]
    here = (play.challenge_id, item.position)
    return card(
        box(
            COLOURS[asked.difficulty],
            f"-# {NAME} · question {item.position} of {len(play.items)} · {asked.difficulty}",
            "\n".join(lines),
            option_row(asked.options, lambda choice: control_id("challenge", 1, *here, choice)),
        )
    )


def _answer_card(play: Play, item: Item, number: int | None) -> ui.LayoutView:
    asked = item.asked
    label = "See how it went" if play.is_done else "Next question"
    return card(
        box(
            COLOURS[asked.difficulty],
            f"-# {NAME} · question {item.position} of {len(play.items)}",
            f"### {plain(asked.prompt)}\n{_verdict(item)}",
            fact_behind(asked.fact_text, asked.spoiler, asked.pack),
        ),
        row(
            button(label, control_id("challenge", 1, "next", play.challenge_id), MAIN),
            None if number is None else report_button(number),
        ),
    )


def _verdict(item: Item) -> str:
    if item.is_void:
        return "Moderators have taken this question out of play, so it counts for nobody."
    right = item.asked.right_option
    return verdict_line(right if item.choice is None else item.asked.options[item.choice], right)


def _best_lines(best: Sequence[Finisher], reader_id: int) -> list[str]:
    lines = ["**The best here today**", *map(_line, best[:BEST])]
    own = next((one for one in best[BEST:] if one.user_id == reader_id), None)
    if own is not None:
        lines.append(f"…\n{_line(own)}")
    return [*lines, f"-# {count(len(best), 'player')} so far"]


def _line(one: Finisher) -> str:
    rank = place_text(one.rank, one.correct, f"**{one.rank:,}.**")
    return f"{rank} <@{one.user_id}> · {one.correct} right · {span_text(one.took_ms)}"


def _square_and_word(item: Item) -> tuple[str, str]:
    if item.is_void:
        return "⬜", "taken out"
    return ("🟩", "right") if item.is_right else ("🟥", "wrong")


def _heading(day: date) -> str:
    return f"{NAME} · {day_text(day)}"
