"""The one private panel of a server's settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
from discord import ui

from bot.core.content import Origin, Spoiler
from bot.core.zones import known_zone
from bot.storage.catalogue import Catalogue
from bot.storage.settings import GuildSettings
from bot.ui.colours import GOLD
from bot.ui.parts import DANGER, MAIN, Row, box, button, card, form, row, select
from bot.ui.router import control_id
from bot.ui.text import plain

MOST_OPTIONS = 25
MOST_DAILY_TEXT = 2_500


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with a fixed choice: the label and the value of each option, by its text in the select."""

    title: str
    choices: Mapping[str, tuple[str, object]]


FIXED = {
    "spoilers": Setting(
        "What facts and questions may give away",
        {
            "0": ("No spoilers", Spoiler.NONE),
            "1": ("Turns of the plot, but not the ending", Spoiler.PLOT),
            "2": ("Everything, the ending too", Spoiler.ENDING),
        },
    ),
    "scoring": Setting(
        "How rounds are scored",
        {
            "speed": ("Points for right, fast and in a row", "speed"),
            "plain": ("One point for each right answer", "plain"),
        },
    ),
    "board_minimum_players": Setting(
        "Which rounds count on the board",
        {
            "1": ("All rounds count on the board", 1),
            **{
                str(least): (f"Rounds of {least} or more players count on the board", least)
                for least in (2, 3, 4, 5, 10)
            },
        },
    ),
    "source": Setting(
        "Which questions rounds ask",
        {
            "film": ("Rounds ask about the film", Origin.FILM),
            "ours": ("Rounds ask this server's own questions", Origin.OURS),
            "both": ("Rounds ask about both", Origin.BOTH),
        },
    ),
    "round_questions": Setting(
        "How long a round is",
        {str(number): (f"{number} questions a round", number) for number in (3, 5, 10, 15, 20, 25)},
    ),
    "round_seconds": Setting(
        "How long a question is open",
        {
            **{
                str(seconds): (f"{seconds} seconds a question", seconds)
                for seconds in (10, 15, 20, 30, 45, 60, 90, 120)
            },
            "0": ("No time limit", 0),
        },
    ),
    "early_answers": Setting(
        "When a question ends",
        {
            "1": ("Once everybody who plays has answered", True),
            "0": ("When its time is up", False),
        },
    ),
    "challenge": Setting(
        "Whether there is a challenge a day",
        {
            "1": ("Five questions a day with /challenge", True),
            "0": ("No daily challenge", False),
        },
    ),
}
"""The settings that are the same in every server, by the name of their field."""


def all_settings(catalogue: Catalogue) -> dict[str, Setting]:
    """Return every setting with a fixed choice, including the pack if there are several."""
    if len(catalogue.packs) < 2:
        return FIXED
    packs = {pack.id: (pack.title[:100], pack.id) for pack in catalogue.packs[:MOST_OPTIONS]}
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
    rows = [
        _choice(name, setting, _current(settings, catalogue, name))
        for name, setting in all_settings(catalogue).items()
    ]
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
    return form(
        "Time zone of this server",
        control_id("zone", 1),
        "Nearest large city, or UTC",
        ui.TextInput(custom_id="zone", default=current, max_length=64),
        "For example London, Europe/Berlin or America/New_York",
    )


def _zone_text(name: str, now: datetime) -> str:
    zone = known_zone(name)
    if zone is None:
        return f"{plain(name)}, which I no longer know. Please choose another; until then it is UTC"
    there = now.astimezone(zone)
    return f"{plain(name)}, where it is {there:%H:%M}, which the board's days and weeks follow"


def _current(settings: GuildSettings, catalogue: Catalogue, name: str) -> str:
    if name == "pack":
        return catalogue.get(settings.pack).id
    value = getattr(settings, name)
    return str(int(value)) if isinstance(value, int) else str(value)


def _choice(name: str, setting: Setting, current: str) -> Row:
    options = (
        discord.SelectOption(label=label, value=value, default=value == current)
        for value, (label, _) in setting.choices.items()
    )
    return select(control_id("settings", 1, name), setting.title, options)
