"""Offsets typed as a zone: IANA's `Etc/GMT+1` lies an hour behind UTC, and who types GMT+1 means ahead."""

import pytest

from bot.core.refusal import Refusal
from bot.core.zones import find_zone


@pytest.mark.parametrize("typed", ["GMT+1", "gmt-5", "GMT + 2", "UTC+2", "utc -11", "+02:00", "-5"])
def test_an_offset_is_never_taken_for_a_zone(typed: str) -> None:
    with pytest.raises(Refusal, match="nearest large city"):
        find_zone(typed)


@pytest.mark.parametrize("typed", ["Etc/GMT+1", "etc/gmt-14", "UTC", "GMT", "GMT+0"])
def test_a_zone_by_its_full_name_still_counts(typed: str) -> None:
    assert find_zone(typed).key.casefold() == typed.casefold()
