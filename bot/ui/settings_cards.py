"""The one private panel of a server's settings."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import discord
from discord import ui

from bot.core.content import Origin, Spoiler
from bot.core.refusal import Refusal
from bot.core.zones import known_zone
from bot.storage.catalogue import Catalogue
from bot.storage.settings import GuildSettings
from bot.ui.colours import GOLD
from bot.ui.parts import DANGER, MAIN, MOST_OPTIONS, Row, box, button, card, field, form, row, select
from bot.ui.router import OUTDATED, control_id
from bot.ui.text import plain

MOST_DAILY_TEXT = 2_500


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with a fixed choice: each value with its label."""

    title: str
    choices: Mapping[object, str]

    def value_of(self, text: str) -> object:
        """Return the value that a select sent as this text. Raises Refusal if there is none."""
        for value in self.choices:
            if _text_of(value) == text:
                return value
        raise Refusal(OUTDATED)


FIXED = {
    "spoilers": Setting(
        "What facts and questions may give away",
        {
            Spoiler.NONE: "No spoilers",
            Spoiler.PLOT: "Turns of the plot, but not the ending",
            Spoiler.ENDING: "Everything, including the ending",
        },
    ),
    "scoring": Setting(
        "How rounds are scored",
        {"speed": "Points for right, fast and in a row", "plain": "One point for each right answer"},
    ),
    "board_minimum_players": Setting(
        "Which rounds count on the board",
        {
            1: "All rounds count on the board",
            **{least: f"Rounds of {least} or more players count on the board" for least in (2, 3, 4, 5, 10)},
        },
    ),
    "source": Setting(
        "Which questions rounds ask",
        {
            Origin.FILM: "Rounds ask about the film",
            Origin.OURS: "Rounds ask this server's own questions",
            Origin.BOTH: "Rounds ask about both",
        },
    ),
    "round_questions": Setting(
        "How long a round is", {number: f"{number} questions a round" for number in (3, 5, 10, 15, 20, 25)}
    ),
    "round_seconds": Setting(
        "How long a question is open",
        {
            **{seconds: f"{seconds} seconds a question" for seconds in (10, 15, 20, 30, 45, 60, 90, 120)},
            0: "No time limit",
        },
    ),
    "early_answers": Setting(
        "When a question ends",
        {True: "Once everybody who plays has answered", False: "When its time is up"},
    ),
    "challenge": Setting(
        "Whether there is a challenge a day",
        {True: "Five questions a day with /challenge", False: "No daily challenge"},
    ),
}
"""The settings that are the same in every server, by the name of their field."""


def all_settings(catalogue: Catalogue) -> dict[str, Setting]:
    """Return every setting with a fixed choice, including the pack if there are several."""
    if len(catalogue.packs) < 2:
        return FIXED
    packs: dict[object, str] = {pack.id: pack.title[:100] for pack in catalogue.packs[:MOST_OPTIONS]}
    return {"pack": Setting("Which film it is about", packs), **FIXED}


def settings_card(
    settings: GuildSettings, catalogue: Catalogue, daily: Sequence[str], now: datetime
) -> ui.LayoutView:
    """Return the panel; `daily` is a line for each daily schedule."""
    posts = "\n".join(f"- {line}" for line in daily) or "- None yet. Begin with `/daily set`."
    head = (
        "### Settings of this server\n"
        f"**Film** {plain(catalogue.get(settings.pack).title)}\n"
        f"**Time zone** {_zone_text(settings.time_zone, now)}\n"
        f"**Daily facts**\n{posts[:MOST_DAILY_TEXT]}"
    )
    current = {**asdict(settings), "pack": catalogue.get(settings.pack).id}
    rows = [_select(name, setting, current[name]) for name, setting in all_settings(catalogue).items()]
    return card(
        box(GOLD, head),
        *rows,
        row(
            button("Time zone", control_id("settings", 1, "time_zone"), MAIN),
            button("Reports", control_id("mod", 1, "reports")),
            button("Blocked players", control_id("mod", 1, "blocked")),
            button("Reset the board", control_id("mod", 1, "reset"), DANGER),
        ),
        "-# Which roles and channels may use which command is up to Discord: Server Settings, "
        "Integrations, then my name.",
    )


def zone_modal(current: str) -> ui.Modal:
    """Return the form that asks for the server's time zone."""
    examples = "For example London, Europe/Berlin or America/New_York"
    zone = field("Nearest large city, or UTC", "zone", 64, examples, current)
    return form("Time zone of this server", control_id("zone", 1), zone)


def _zone_text(name: str, now: datetime) -> str:
    zone = known_zone(name)
    if zone is None:
        return f"{plain(name)}, which I no longer know. Please choose another; until then it is UTC"
    there = now.astimezone(zone)
    return f"{plain(name)}, where it is {there:%H:%M}, which the board's days and weeks follow"


def _text_of(value: object) -> str:
    return str(int(value)) if isinstance(value, int) else str(value)


def _select(name: str, setting: Setting, current: object) -> Row:
    options = (
        discord.SelectOption(label=label, value=_text_of(value), default=value == current)
        for value, label in setting.choices.items()
    )
    return select(control_id("settings", 1, name), setting.title, options)
