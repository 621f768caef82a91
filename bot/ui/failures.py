"""What a failed request to Discord means for messages that do not answer an interaction."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.core.rounds import Failure

log = logging.getLogger(__name__)

DISCORD_FAILED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a request ends in that Discord refuses, or does not answer in time."""

# 50008 and 50024 are for a channel of a kind that takes no messages.
BY_CODE = {
    10008: Failure.MESSAGE_GONE,
    50001: Failure.CANNOT_VIEW,
    50008: Failure.CHANNEL_GONE,
    50024: Failure.CHANNEL_GONE,
    50083: Failure.ARCHIVED,
    160005: Failure.ARCHIVED,
}
BY_STATUS = {401: Failure.OUTAGE, 403: Failure.FORBIDDEN, 404: Failure.CHANNEL_GONE, 429: Failure.OUTAGE}


@contextmanager
def failing_as(
    failed: Callable[[Failure, Exception], Exception], but: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Turn discord.py's errors into what `failed` makes of them, except for those in `but`."""
    try:
        yield
    except but:
        raise
    except discord.HTTPException as error:
        raise failed(failure_of(error), error) from error
    except (aiohttp.ClientError, OSError) as error:
        raise failed(Failure.OUTAGE, error) from error


def failure_of(error: discord.HTTPException) -> Failure:
    """Return what an error means; one that can only be our own fault is logged."""
    if error.status >= 500:
        return Failure.OUTAGE
    failure = BY_CODE.get(error.code) or BY_STATUS.get(error.status)
    if failure is None:
        log.error("Discord refused a message: %s", error)
        return Failure.REJECTED
    return failure
