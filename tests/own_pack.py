"""What tests of a server's own questions begin with."""

from bot.core.content import Pack
from bot.core.own import TITLE, pack_id


def no_questions(guild_id: int) -> Pack:
    """Return the pack of a server that has no questions."""
    return Pack(pack_id(guild_id), TITLE, (), ())
