"""Time zones by name: all of IANA's, found as people type them."""

import re
import zoneinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

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


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return all names that this machine's zone data knows, sorted; read from disk once."""
    return tuple(sorted(zoneinfo.available_timezones() - _NOT_ZONES))


def find_zone(text: str) -> ZoneInfo:
    """Return the zone that `text` names, in any case, with spaces for underscores, or by its city alone.

    Raises `Refusal`, with what was probably meant where something is near.
    """
    wanted = _plain(text)
    named = {_plain(name): name for name in zone_names()}
    if (name := named.get(wanted)) is not None:
        return ZoneInfo(name)
    # Etc/GMT+1 lies an hour behind UTC; who types GMT+1 means an hour ahead.
    if _OFFSET.match(wanted):
        raise Refusal(
            "I need a place rather than an offset. Type the nearest large city and pick it from the list, "
            "or write UTC."
        )
    cities = [name for name in zone_names() if _plain(_city(name)) == wanted]
    # Some cities stand under two names (Asia/Istanbul, Europe/Istanbul): the one offered first is meant.
    cities.sort(key=lambda name: name not in _OFFERED_FIRST)
    if len(cities) == 1 or set(cities) & set(_OFFERED_FIRST):
        return ZoneInfo(cities[0])
    near = cities or (complete_zone(text, limit=1) if wanted else [])
    if near:
        raise Refusal(f"I don't know that time zone. Did you mean {near[0]}?")
    raise Refusal(
        "I don't know that time zone. Type the nearest large city and pick it from the list, or write UTC."
    )


def complete_zone(text: str, limit: int = 25) -> list[str]:
    """Return at most `limit` names that begin with, contain or nearly spell `text`, the likeliest first."""
    wanted = _plain(text)
    if not wanted:
        return list(_OFFERED_FIRST[:limit])
    ranked = sorted(
        (rank, len(name), name) for name in zone_names() if (rank := _rank(wanted, _plain(name))) is not None
    )
    found = [name for _, _, name in ranked[:limit]]
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


def _rank(wanted: str, name: str) -> int | None:
    """Say how well the typed text fits a name, 0 best; None if it does not occur in it."""
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
