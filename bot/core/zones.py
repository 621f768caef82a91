"""Time zones by name: all of IANA's, found as people type them."""

import re
import zoneinfo
from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import fuzz, process, utils

from bot.core.refusal import Refusal

_NOT_ZONES = {"Factory", "localtime", "posixrules", "leapseconds"}
_NEAR_ENOUGH = 75
_OFFSET = re.compile(r"(gmt|utc)?_?[+-]_?\d")
_OFFERED_FIRST = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Jakarta",
    "Asia/Manila",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
_EASTERN = ("America/New_York", "America/Toronto")
_CENTRAL = ("America/Chicago", "America/Winnipeg")
_MOUNTAIN = ("America/Denver", "America/Edmonton")
_PACIFIC = ("America/Los_Angeles", "America/Vancouver")
_CENTRAL_EUROPE = ("Europe/Berlin", "Europe/Paris", "Europe/Warsaw")
_EASTERN_EUROPE = ("Europe/Athens", "Europe/Helsinki", "Europe/Bucharest")
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("et", "edt", "est5edt"), _EASTERN),
    "est": (*_EASTERN, "America/Panama"),
    **dict.fromkeys(("ct", "cdt", "cst6cdt"), _CENTRAL),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    **dict.fromkeys(("mt", "mdt", "mst7mdt"), _MOUNTAIN),
    "mst": (*_MOUNTAIN, "America/Phoenix"),
    **dict.fromkeys(("pt", "pdt", "pst8pdt"), _PACIFIC),
    "pst": (*_PACIFIC, "Asia/Manila"),
    **dict.fromkeys(("akst", "akdt"), ("America/Anchorage",)),
    **dict.fromkeys(("hst", "hdt"), ("Pacific/Honolulu",)),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "adt": ("America/Halifax",),
    **dict.fromkeys(("nst", "ndt"), ("America/St_Johns",)),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    **dict.fromkeys(("wet", "west"), ("Europe/Lisbon",)),
    **dict.fromkeys(("cet", "cest", "met", "mest", "mez", "mesz"), _CENTRAL_EUROPE),
    **dict.fromkeys(("eet", "eest"), _EASTERN_EUROPE),
    "msk": ("Europe/Moscow",),
    "trt": ("Europe/Istanbul",),
    "wat": ("Africa/Lagos",),
    "cat": ("Africa/Maputo", "Africa/Harare"),
    "eat": ("Africa/Nairobi",),
    "sast": ("Africa/Johannesburg",),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "gst": ("Asia/Dubai",),
    "pkt": ("Asia/Karachi",),
    "npt": ("Asia/Kathmandu",),
    "ict": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    "wib": ("Asia/Jakarta",),
    "sgt": ("Asia/Singapore",),
    "myt": ("Asia/Kuala_Lumpur",),
    "hkt": ("Asia/Hong_Kong",),
    "pht": ("Asia/Manila",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "awst": ("Australia/Perth",),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "acdt": ("Australia/Adelaide",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    **dict.fromkeys(("nzst", "nzdt"), ("Pacific/Auckland",)),
}
"""The abbreviations that people type, with the places they may mean, the likeliest first.

Some of these are also IANA's names, but for a fixed offset where people have summer time.
"""


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the names in this machine's zone data that can be chosen, sorted; read from disk once."""
    names = zoneinfo.available_timezones() - _NOT_ZONES
    return tuple(sorted(name for name in names if _plain(name) not in ABBREVIATIONS))


def known_zone(name: str) -> ZoneInfo | None:
    """Return the zone of exactly this name, or None if this machine's zone data lacks it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_zone(text: str) -> ZoneInfo:
    """Return the zone that `text` names, in any case, with spaces for underscores, or by its city alone.

    Raises `Refusal`, with what was probably meant if anything is similar.
    """
    wanted = _plain(text)
    named = {_plain(name): name for name in zone_names()}
    if (name := named.get(wanted)) is not None:
        return ZoneInfo(name)
    if (places := ABBREVIATIONS.get(wanted)) is not None:
        raise Refusal(
            "I need a place rather than an abbreviation, because clocks change. "
            f"Did you mean {_one_of(places)}?"
        )
    # Etc/GMT+1 is an hour behind UTC; people who type GMT+1 mean an hour ahead.
    if _OFFSET.match(wanted):
        raise Refusal(
            "I need a place rather than an offset. Type the nearest large city, like London, or write UTC."
        )
    cities = [name for name in zone_names() if _plain(_city(name)) == wanted]
    # Some cities have two names (Asia/Istanbul, Europe/Istanbul): the one offered first is meant.
    cities.sort(key=lambda name: name not in _OFFERED_FIRST)
    if len(cities) == 1 or set(cities) & set(_OFFERED_FIRST):
        return ZoneInfo(cities[0])
    near = cities or (complete_zone(text, limit=1) if wanted else [])
    if near:
        raise Refusal(f"I do not know that time zone. Did you mean {near[0]}?")
    raise Refusal("I do not know that time zone. Type the nearest large city, like London, or write UTC.")


def complete_zone(text: str, limit: int = 25) -> list[str]:
    """Return at most `limit` names that begin with, contain or nearly spell `text`, the likeliest first.

    Those of an abbreviation's places come before all others.
    """
    wanted = _plain(text)
    if not wanted:
        return list(_OFFERED_FIRST[:limit])
    places = ABBREVIATIONS.get(wanted, ())
    ranked = sorted(
        (rank, len(name), name)
        for name in zone_names()
        if name not in places and (rank := _rank(wanted, _plain(name))) is not None
    )
    found = [*places, *(name for _, _, name in ranked)][:limit]
    if not found:
        cities = {name: _city(name) for name in zone_names()}
        near = process.extract(
            text[:64],
            cities,
            scorer=fuzz.ratio,
            processor=utils.default_process,
            score_cutoff=_NEAR_ENOUGH,
            limit=limit,
        )
        found = [name for _, _, name in near]
    return found


def _one_of(places: Sequence[str]) -> str:
    """Return 'A', 'A or B' or 'A, B or C'."""
    *others, last = places
    return f"{', '.join(others)} or {last}" if others else last


def _rank(wanted: str, name: str) -> int | None:
    """Return how well the typed text fits a name, 0 being best; None if the name does not contain it."""
    if name == wanted:
        return 0
    if _city(name).startswith(wanted):
        return 1
    if name.startswith(wanted):
        return 2
    return 3 if wanted in name else None


def _plain(text: str) -> str:
    return "_".join(text.casefold().split())


def _city(name: str) -> str:
    return name.rpartition("/")[2]
