"""Playing the daily challenge in tests."""

from collections.abc import Iterable

from bot.storage.database import Location
from playground import Actor, Reply, Shown
from tests.engines import query


def ids(reply: Reply | Shown) -> list[str]:
    """Return the custom_ids of a card's buttons."""
    return [str(button["custom_id"]) for button in reply.buttons.values()]


def choices(reply: Reply | Shown) -> list[str]:
    """Return those of a question's answers."""
    return [one for one in ids(reply) if one.removeprefix("challenge1:").replace(":", "").isdigit()]


async def begin(member: Actor, channel: str | None = None) -> Reply:
    """Open the challenge and begin it."""
    return await member.click((await member.run("challenge", channel=channel)).message, "Begin")


def right_choices(location: Location) -> dict[tuple[int, int], int]:
    """Return the right choice by challenge and position."""
    stored = query(location, "SELECT challenge_id, position, answer FROM challenge_questions")
    return {(challenge_id, position): answer for challenge_id, position, answer in stored}


async def finish(member: Actor, reply: Reply, location: Location, right: Iterable[bool]) -> Reply:
    """Answer what is left, rightly or not, and return the result."""
    for is_right in right:
        challenge_id, position, _ = map(int, choices(reply)[0].removeprefix("challenge1:").split(":"))
        answer = right_choices(location)[challenge_id, position]
        options = choices(reply)
        reply = await member.click(
            reply.message, options[answer if is_right else (answer + 1) % len(options)]
        )
        assert ("✅" if is_right else "❌") in reply.text
        reply = await member.click(reply.message, f"challenge1:next:{challenge_id}")
    return reply
