"""The topics that are offered as somebody types, with how much there is of each."""

from collections.abc import Mapping

from discord import app_commands

from bot.ui.audience import Audience

MOST_CHOICES = 25
Choices = list[app_commands.Choice[str]]


def fact_topic_choices(audience: Audience, typed: str) -> Choices:
    """Return the topics that match what was typed, with how many facts each has."""
    return _choices(audience, typed, audience.pack.topic_counts(audience.spoilers))


def question_topic_choices(audience: Audience, typed: str) -> Choices:
    """Return the topics that match what was typed, with how many questions each has."""
    return _choices(audience, typed, audience.pack.question_topic_counts(audience.spoilers))


def _choices(audience: Audience, typed: str, counts: Mapping[str, int]) -> Choices:
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=f"{topic.emoji} {topic.name} ({counts[topic.id]})", value=topic.id)
        for topic in audience.pack.topics
        if counts[topic.id] and (wanted in topic.name.casefold() or wanted in topic.id)
    ][:MOST_CHOICES]
