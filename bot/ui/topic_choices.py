"""Topics to pick from as somebody types, with how much there is of each."""

from collections.abc import Mapping

from discord import app_commands

from bot.ui.place import Place

MOST_CHOICES = 25


def fact_topic_choices(place: Place, typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 topics whose name or id has what was typed, with how many facts each has."""
    return _choices(place, typed, place.pack.topic_counts(place.spoilers))


def question_topic_choices(place: Place, typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 topics whose name or id has what was typed, with how many questions each has."""
    return _choices(place, typed, place.pack.question_topic_counts(place.spoilers))


def _choices(place: Place, typed: str, counts: Mapping[str, int]) -> list[app_commands.Choice[str]]:
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=f"{topic.emoji} {topic.name} ({counts[topic.id]})", value=topic.id)
        for topic in place.pack.topics
        if counts[topic.id] and (wanted in topic.name.casefold() or wanted in topic.id)
    ][:MOST_CHOICES]
