"""The topics that are offered as somebody types, with how much there is of each."""

from discord import app_commands

from bot.storage.reports import Kind
from bot.ui.audience import Audience

MOST_CHOICES = 25
"""That Discord lists below an option while somebody types."""
Choices = list[app_commands.Choice[str]]


def topic_choices(audience: Audience, typed: str, kind: Kind) -> Choices:
    """Return the topics that match what was typed, with how many facts or questions each has."""
    pack, wanted = audience.pack, typed.strip().casefold()
    counts = (pack.topic_counts if kind == "fact" else pack.question_topic_counts)(audience.spoilers)
    return [
        app_commands.Choice(name=f"{topic.emoji} {topic.name} ({counts[topic.id]})", value=topic.id)
        for topic in pack.topics
        if counts[topic.id] and (wanted in topic.name.casefold() or wanted in topic.id)
    ][:MOST_CHOICES]
