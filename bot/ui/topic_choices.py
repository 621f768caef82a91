"""Topics to pick from as somebody types, where questions are meant."""

from collections import Counter

from discord import app_commands

from bot.ui.place import Place

MOST_CHOICES = 25


def question_topic_choices(place: Place, typed: str) -> list[app_commands.Choice[str]]:
    """Return the topics whose name or id has what was typed, with how many questions each has."""
    pack = place.pack
    counts: Counter[str] = Counter()
    for number in pack.question_numbers(place.spoilers):
        fact = pack.facts[pack.fact_numbers_by_id[pack.questions[number].fact]]
        counts.update(fact.topics)
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=f"{topic.emoji} {topic.name} ({counts[topic.id]})", value=topic.id)
        for topic in pack.topics
        if counts[topic.id] and (wanted in topic.name.casefold() or wanted in topic.id)
    ][:MOST_CHOICES]
