"""Time zones by name."""

import zoneinfo

import pytest

from bot.core.refusal import Refusal
from bot.core.zones import ABBREVIATIONS, complete_zone, find_zone, known_zone, zone_names


def test_every_name_is_found_in_any_case() -> None:
    assert len(zone_names()) > 400
    assert "UTC" in zone_names()
    for name in zone_names():
        assert find_zone(f" {name.lower()} ").key == name


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("istanbul", "Europe/Istanbul"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("reykjavik", "Atlantic/Reykjavik"),
    ],
)
def test_a_city_alone_is_enough(typed: str, zone: str) -> None:
    assert find_zone(typed).key == zone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Londn", "Europe/London"),
        ("europe/lon", "Europe/London"),
        ("berln", "Europe/Berlin"),
        ("Tokio", "Asia/Tokyo"),
        ("Louisville", "America/Kentucky/Louisville"),  # there are two
    ],
)
def test_a_slip_is_answered_with_what_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(Refusal, match=rf"Did you mean {meant}\?"):
        find_zone(typed)


@pytest.mark.parametrize(
    "typed", ["", "   ", "qqqq", "x" * 6000, "localtime", "../../etc/passwd", "Factory", "/", "🕰"]
)
def test_what_is_no_zone_gets_a_sentence(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_zone(typed)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize("typed", ["", "   ", "qqqq"])
def test_where_nothing_is_near_an_example_is_given(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_zone(typed)
    assert str(refused.value) == (
        "I do not know that time zone. Type the nearest large city, like London, or write UTC."
    )


@pytest.mark.parametrize("typed", ["GMT+3", "utc -5", "+2", "UTC + 10"])
def test_an_offset_is_told_to_be_none(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_zone(typed)
    assert str(refused.value) == (
        "I need a place rather than an offset. Type the nearest large city, like London, or write UTC."
    )


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("EST", "America/New_York, America/Toronto or America/Panama"),
        ("edt", "America/New_York or America/Toronto"),
        (" Pst ", "America/Los_Angeles, America/Vancouver or Asia/Manila"),
        ("IST", "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin"),
        ("BST", "Europe/London or Asia/Dhaka"),
        ("CET", "Europe/Berlin, Europe/Paris or Europe/Warsaw"),
        ("EST5EDT", "America/New_York or America/Toronto"),
        ("WET", "Europe/Lisbon"),
    ],
)
def test_an_abbreviation_is_answered_with_its_places(typed: str, asked: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_zone(typed)
    assert str(refused.value) == (
        f"I need a place rather than an abbreviation, because clocks change. Did you mean {asked}?"
    )
    assert len(str(refused.value)) < 150


def test_an_abbreviation_completes_to_its_places_and_then_to_what_has_it_in_its_name() -> None:
    assert complete_zone("est")[:3] == ["America/New_York", "America/Toronto", "America/Panama"]
    assert complete_zone("ist")[:4] == ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin", "Asia/Istanbul"]
    assert complete_zone("pst", limit=1) == ["America/Los_Angeles"]
    for typed in ABBREVIATIONS:
        offered = complete_zone(typed)
        assert len(offered) == len(set(offered)) <= 25
        assert set(offered) <= set(zone_names())


def test_every_place_of_an_abbreviation_is_a_zone_and_no_zone_goes_but_those_without_a_place() -> None:
    for places in ABBREVIATIONS.values():
        assert set(places) <= set(zone_names())
    gone = zoneinfo.available_timezones() - set(zone_names())
    assert {name for name in gone if name.isupper()} == {
        *("EST", "MST", "HST", "CET", "MET", "EET", "WET"),
        *("EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"),
    }
    for stays in ("UTC", "GMT", "Etc/GMT+5", "GB", "NZ", "PRC"):
        assert find_zone(stays.lower()).key == stays


@pytest.mark.parametrize("stored", ["EST", "CET", "Europe/London"])
def test_a_zone_that_is_stored_goes_on_working(stored: str) -> None:
    zone = known_zone(stored)
    assert zone is not None
    assert zone.key == stored


@pytest.mark.parametrize("stored", ["Mars/Base", "", "../../etc/passwd", "America", "\0", "x" * 6000])
def test_a_stored_zone_that_the_machine_has_lost_is_none(stored: str) -> None:
    assert known_zone(stored) is None


def test_completion_puts_cities_before_regions_before_what_only_contains_the_text() -> None:
    names = complete_zone("us", limit=100)
    city, region, inside = (
        names.index(name) for name in ("America/Argentina/Ushuaia", "US/East-Indiana", "Asia/Damascus")
    )
    assert city < names.index("US/Samoa") < region < inside
    assert complete_zone("york") == ["America/New_York"]


def test_completion_offers_near_spellings_of_a_whole_city_and_no_others() -> None:
    assert complete_zone("qqqq") == []
    assert complete_zone("berln germany") == []
    assert complete_zone("Santa Isabell", limit=1) == ["America/Santa_Isabel"]
    assert complete_zone("Indianappolis") == ["America/Indiana/Indianapolis", "America/Indianapolis"]
    assert complete_zone("Indianappolis", limit=1) == ["America/Indiana/Indianapolis"]


def test_completion_offers_at_most_25_and_the_likeliest_first() -> None:
    assert complete_zone("")[0] == "UTC"
    assert set(complete_zone("")) <= set(zone_names())
    assert complete_zone("lond")[0] == "Europe/London"
    assert complete_zone("utc")[0] == "UTC"
    assert complete_zone("Londn")[0] == "Europe/London"
    for typed in ("", "a", "america", "x" * 6000):
        assert len(complete_zone(typed)) <= 25


def test_every_name_can_be_completed_from_itself() -> None:
    for name in zone_names():
        assert complete_zone(name)[0] == name
