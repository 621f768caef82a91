"""Why Discord does not let the bot in, as sentences that tell whoever runs it what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.config import CannotStart, Unreachable
from bot.ui.discord_py import NotDiscord

CLOSED = (
    "Discord does not let this version of the bot connect (close code {code}). Update it and its packages as "
    "docs/operating.md says."
)
CLOSED_FOR_GOOD = {
    4004: "Discord does not take this DISCORD_TOKEN any more; it may have been reset. Copy it anew from your "
    "application's Bot page.",
    4010: "Discord does not accept how the servers are divided among shards (close code {code}). Start me "
    "again with another SHARD_COUNT; without one I ask Discord how many there should be.",
    4011: "Discord wants the servers divided among more shards (close code {code}). Start me again with a "
    "greater SHARD_COUNT; without one I ask Discord how many there should be.",
}
"""What to do when the gateway says that reconnecting is no use."""


@contextmanager
def explaining_refusals() -> Iterator[None]:
    """Turn a connection that Discord refuses, or does not answer, into a sentence. Raises CannotStart."""
    try:
        yield
    except NotDiscord as error:
        raise Unreachable(
            f"Something else answers in place of Discord ({error}). "
            "See whether this network wants you to log in, then start me again."
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unreachable(
            f"Discord cannot be reached ({str(error) or repr(error)}). Check the network, then start me "
            "again."
        ) from error
    except discord.LoginFailure as error:
        raise CannotStart(
            "Discord does not know this DISCORD_TOKEN. Copy it anew from your application's Bot page."
        ) from error
    except discord.ConnectionClosed as error:
        raise CannotStart(CLOSED_FOR_GOOD.get(error.code, CLOSED).format(code=error.code)) from error
    except discord.PrivilegedIntentsRequired as error:
        raise CannotStart(CLOSED.format(code=4014)) from error
    except discord.HTTPException as error:
        raise Unreachable(
            f"Discord answered with an error ({error.status}). Check the network, then start me again in a "
            "minute."
        ) from error
    except discord.GatewayNotFound as error:
        raise Unreachable(f"Discord answered with an error ({error}). Start me again in a minute.") from error
