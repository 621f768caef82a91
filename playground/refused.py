"""Refusals by the world, the forms and people's clients, without any HTTP: the API adds that."""

from enum import Enum
from typing import Any

Json = dict[str, Any]


class Reason(Enum):
    """Why something is refused, as a sentence for a person."""

    UNKNOWN_CHANNEL = "There is no such channel."
    UNKNOWN_GUILD = "There is no such server."
    UNKNOWN_MESSAGE = "There is no such message."
    UNKNOWN_EMOJI = "There is no such emoji."
    UNKNOWN_INTERACTION = "This interaction has ended, or never existed."
    UNKNOWN_WEBHOOK = "This interaction has no answer yet."
    OUTAGE = "The server has an outage."
    NO_ACCESS = "You cannot see this channel."
    NOT_PERMITTED = "A permission is missing."
    ANSWERED_ALREADY = "This interaction has been answered."
    TOKEN_EXPIRED = "The interaction's token has expired."  # noqa: S105 (a sentence)
    THREAD_ARCHIVED = "This thread is archived."
    THREAD_LOCKED = "This thread is locked."
    OLD_MESSAGE_EDITS = "This old message has been edited too often."
    FOLLOW_UPS = "This interaction can have no more follow-ups."
    EMPTY_MESSAGE = "A message cannot be empty."
    TOO_MANY_FILES = "There are too many files for one message."
    FILE_TOO_LARGE = "A file is too large."
    TOO_MANY_REACTIONS = "There are too many different reactions here."
    SYSTEM_MESSAGE = "That cannot be done with a message of Discord's own."
    TOO_MANY_PINS = "There are too many pinned messages here."
    TOO_MANY_COMMANDS = "There are too many commands."
    INVALID_FORM = "This does not fit."
    BANNED = "This person is banned here."
    NOT_OFFERED = "This is not available."


class Refused(Exception):  # noqa: N818 (a refusal, not an error)
    """A refusal. The text is a sentence; `errors` nests a form's faults by field."""

    def __init__(self, reason: Reason, sentence: str | None = None, errors: Json | None = None) -> None:
        super().__init__(sentence or reason.value)
        self.reason = reason
        self.errors = errors
