"""The condition by which a statement keeps to the servers that this process looks after."""

from bot.core.shards import Shards


def on_shards(shards: Shards) -> tuple[str, tuple[int, ...]]:
    """Return a condition on `guild_id`, and the values for its placeholders."""
    marks = ", ".join("?" * len(shards.ids))
    return f"(guild_id >> 22) % ? IN ({marks})", (shards.count, *shards.ids)
