"""Discord's ids, which contain the moment at which they were made."""

DISCORD_EPOCH_MS = 1_420_070_400_000
TIME_SHIFT = 22


def snowflake_ms(snowflake: int) -> int:
    """Return the moment of an id in unix milliseconds, by Discord's clock."""
    return (snowflake >> TIME_SHIFT) + DISCORD_EPOCH_MS
