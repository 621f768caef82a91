"""Cards of daily facts: the post, its preview, and what moderators see of the schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import discord
from discord import ui

from bot.core.schedule import Due, upcoming
from bot.core.zones import known_zone
from bot.runners.daily_poster import Invitation
from bot.storage.catalogue import LoadedPack
from bot.storage.daily import Missed, MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Post, PostState
from bot.ui.challenge_cards import open_button, yesterday_line
from bot.ui.colours import GOLD, GREEN, GREY, RED
from bot.ui.confirmation import confirmation
from bot.ui.daily_access import IN_SHORT, Obstacle
from bot.ui.fact_cards import MOST_TEXT, accent_of, fact_text, quiz_and_report
from bot.ui.parts import DANGER, MAIN, QUIET, Button, Row, box, button, card, row
from bot.ui.router import control_id
from bot.ui.text import count, day_text, plain, sentence, stamp

SHOWN_POSTS = 5
DAY_FORMAT = "%a %d %b"


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """A schedule with everything that its status shows; `topic` is its topic's name."""

    schedule: Schedule
    topic: str | None
    obstacles: Sequence[Obstacle]
    newest: Post | None

    @property
    def is_paused_on_purpose(self) -> bool:
        """Whether nothing but a moderator's pause stands in the way, if anything does."""
        return all(obstacle.reason is PauseReason.BY_HAND for obstacle in self.obstacles)


def post_id(schedule_id: int, day: date) -> str:
    """Return the custom_id of a post's first button, by which the post can be found again."""
    return control_id("daily", 1, schedule_id, f"{day:%Y%m%d}")


def post_card(
    pack: LoadedPack,
    number: int,
    due: Due,
    schedule_id: int,
    role_id: int | None,
    invitation: Invitation | None = None,
) -> ui.LayoutView:
    """Return the daily post of one date."""
    fact = pack.facts[number]
    heading = f"### The fact of {day_text(due.date)}"
    return card(
        None if role_id is None else f"<@&{role_id}>",
        box(accent_of(pack, fact), heading, fact_text(pack, fact)),
        yesterday_line(invitation.yesterday) if invitation and invitation.yesterday else None,
        row(
            button("Another", post_id(schedule_id, due.date), MAIN),
            *quiz_and_report(number, quizzed=bool(pack.questions)),
            open_button() if invitation else None,
        ),
    )


def preview_card(
    pack: LoadedPack, number: int, schedule: Schedule, invitation: Invitation | None = None
) -> ui.LayoutView:
    """Return a preview of the schedule's next post, for whoever asked."""
    wish = schedule.wish
    view = post_card(pack, number, schedule.next, schedule.id, wish.role_id, invitation)
    introduction = f"-# Only you see this. <#{wish.channel_id}> gets it {stamp(schedule.next.moment, 'F')}."
    if schedule.pause is not None:
        introduction = (
            f"-# Only you see this. The daily facts in <#{wish.channel_id}> are paused at the moment."
        )
    return card(introduction, *view.children)


def paused_card(sentence: str) -> ui.LayoutView:
    """Tell a channel that its daily facts had to be paused."""
    return card(
        f"**The daily facts here are paused.** {sentence}\n-# Once that is fixed, whoever manages "
        "this server can use `/daily resume`."
    )


def set_card(schedule: Schedule, topic: str | None, facts: int) -> ui.LayoutView:
    """Confirm a schedule that was set, with how many facts it has to post."""
    first = schedule.next.moment
    again = "the same every day" if facts == 1 else f"so they start over after {facts} days"
    return card(
        box(
            GOLD,
            f"**Daily facts in <#{schedule.wish.channel_id}>: {describe(schedule.wish, topic)}.**\n"
            f"The next one comes {stamp(first, 'F')} ({stamp(first, 'R')}).\n"
            f"-# It has {count(facts, 'fact')} to post, {again}.",
        )
    )


def confirm_remove_card(schedule: Schedule) -> ui.LayoutView:
    """Ask whether to remove a schedule."""
    return confirmation(
        f"### Remove the daily facts in <#{schedule.wish.channel_id}>?\n"
        "To stop them for a while, pause them instead.",
        button("Remove them", control_id("schedule", 1, "confirm", schedule.id), DANGER),
        "Keep them",
    )


def status_card(states: Sequence[ScheduleState]) -> ui.LayoutView:
    """Return the state of all schedules: the next posts of each, and every obstacle.

    If that is too long, the obstacles come without their remedies.
    """
    texts = [_status_text(state, is_short=False) for state in states]
    if sum(map(len, texts)) > MOST_TEXT:
        texts = [_status_text(state, is_short=True) for state in states]
    return card(
        *(
            box(_colour(state), text, _controls(state.schedule))
            for text, state in zip(texts, states, strict=True)
        )
    )


def describe(wish: Wish, topic: str | None) -> str:
    """Return the wish in words: 'every day at 09:00 (Europe/London), about Songs, with today's five'."""
    about = f", about {plain(topic)}" if topic else ""
    role = f", for <@&{wish.role_id}>" if wish.role_id else ""
    challenge = ", with today's five" if wish.challenge else ""
    return f"every day at {wish.wall:%H:%M} ({plain(wish.zone)}){about}{role}{challenge}"


def summary_line(state: ScheduleState) -> str:
    """Return a schedule in one line, for /help and /settings."""
    where = f"<#{state.schedule.wish.channel_id}> at {state.schedule.wish.wall:%H:%M}"
    if state.schedule.pause is not None:
        return f"{where}: paused. {state.obstacles[0].sentence}"
    obstacle = f" {state.obstacles[0].sentence}" if state.obstacles else ""
    return f"{where}: next {stamp(state.schedule.next.moment, 'R')}.{obstacle}"


def _colour(state: ScheduleState) -> int:
    """Return green where all is well, grey where somebody paused it on purpose, else red."""
    if not state.obstacles:
        return GREEN
    return GREY if state.is_paused_on_purpose else RED


def _controls(schedule: Schedule) -> Row:
    def control(label: str, word: str, style: discord.ButtonStyle = QUIET) -> Button:
        return button(label, control_id("schedule", 1, word, schedule.id), style)

    return row(
        control("Preview", "preview"),
        control("Pause", "pause") if schedule.pause is None else control("Resume", "resume", MAIN),
        control("Remove", "remove", DANGER),
    )


def _status_text(state: ScheduleState, *, is_short: bool) -> str:
    schedule = state.schedule
    lines = [f"### <#{schedule.wish.channel_id}>", sentence(describe(schedule.wish, state.topic))]
    if schedule.paused is not None:
        lines.append(f"**Paused** since {stamp(schedule.paused, 'f')}.")
    lines += [
        f"⚠️ {sentence(IN_SHORT[obstacle.reason]) if is_short else obstacle.sentence}"
        for obstacle in state.obstacles
    ]
    if schedule.paused is not None:
        first = "" if state.is_paused_on_purpose else "Once that is fixed, "
        lines.append(f"-# {first}`/daily resume` starts them again.")
    lines += _notes(state)
    if schedule.pause is None:
        lines += _next_posts(schedule)
    return "\n".join(lines)


def _notes(state: ScheduleState) -> list[str]:
    """Return what went wrong with the latest posts."""
    notes = []
    if (missed := state.schedule.missed) is not None:
        notes.append(f"The fact of {missed.date:{DAY_FORMAT}} was not posted{_why(missed)}.")
    match state.newest:
        case Post(state=PostState.CLAIMED, due=due, tries=tries) if state.schedule.pause and tries:
            notes.append(
                f"Discord had not accepted the fact of {due.date:{DAY_FORMAT}} ({count(tries, 'attempt')})."
            )
        case Post(state=PostState.ASSUMED, due=due):
            notes.append(
                f"I cannot tell whether the fact of {due.date:{DAY_FORMAT}} arrived, so it counts as sent. "
                "To look for it I need the permission Read Message History, and a quieter channel."
            )
        case Post(state=PostState.CLAIMED, next_try=datetime() as again, due=due, tries=tries):
            notes.append(
                f"Discord has not accepted the fact of {due.date:{DAY_FORMAT}} yet "
                f"({count(tries, 'attempt')}). I try again {stamp(again, 'R')}."
            )
    return [f"-# {note}" for note in notes]


def _why(missed: Missed) -> str:
    match missed.reason:
        case MissReason.AWAY:
            return ": I was away when it was due, and came back too late"
        case MissReason.NOT_TAKEN:
            return ": Discord did not accept it within six hours"
        case PauseReason() as reason:
            return f", and they were paused, because {IN_SHORT[reason]}"
        case None:
            return " in time"


def _next_posts(schedule: Schedule) -> list[str]:
    """Return the next posts in the server's time, each also as the reader's own."""
    zone = known_zone(schedule.wish.zone)
    if zone is None:
        return []
    following = upcoming(zone, schedule.wish.wall, schedule.next.moment, beyond=schedule.next.date)
    posts = [schedule.next, *islice(following, SHOWN_POSTS - 1)]
    lines = (
        f"- {due.moment.astimezone(zone):{DAY_FORMAT}, %H:%M} · {stamp(due.moment, 'R')}" for due in posts
    )
    return ["**Next posts**", *lines]
