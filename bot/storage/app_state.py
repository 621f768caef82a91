"""What the application remembers of itself between starts."""

from bot.storage.connection import Connection
from bot.storage.rows import upsert


def get_state(connection: Connection, name: str) -> str | None:
    """Return the value stored under `name`."""
    row = connection.execute("SELECT value FROM app_state WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def set_state(connection: Connection, name: str, value: str) -> None:
    """Store a value under `name`."""
    upsert(connection, "app_state", {"name": name}, {"value": value})
