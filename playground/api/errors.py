"""Refusals in Discord's shape: an HTTP status, a code, a message and, for forms, nested errors."""

from playground.refused import Json, Reason, Refused
from playground.schema import limits


class ApiError(Exception):
    """A request that Discord would refuse. `status` is HTTP's, `code` is Discord's JSON error code."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """Return the JSON that Discord answers with."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


ANSWERS: dict[Reason, tuple[int, int, str]] = {
    Reason.UNKNOWN_CHANNEL: (404, 10003, "Unknown Channel"),
    Reason.UNKNOWN_GUILD: (404, 10004, "Unknown Guild"),
    Reason.UNKNOWN_MESSAGE: (404, 10008, "Unknown Message"),
    Reason.UNKNOWN_EMOJI: (400, 10014, "Unknown Emoji"),
    Reason.UNKNOWN_WEBHOOK: (404, 10015, "Unknown Webhook"),
    Reason.UNKNOWN_INTERACTION: (404, 10062, "Unknown interaction"),
    # Not a 404: an outage must not look like a removal.
    Reason.OUTAGE: (503, 0, "503: Service Unavailable"),
    Reason.NO_ACCESS: (403, 50001, "Missing Access"),
    Reason.NOT_PERMITTED: (403, 50013, "Missing Permissions"),
    Reason.ANSWERED_ALREADY: (400, 40060, "Interaction has already been acknowledged."),
    Reason.TOKEN_EXPIRED: (401, 50027, "Invalid Webhook Token"),
    Reason.THREAD_ARCHIVED: (400, 50083, "Thread is archived"),
    Reason.THREAD_LOCKED: (400, 160005, "This thread is locked"),
    Reason.OLD_MESSAGE_EDITS: (429, 30046, "Maximum number of edits to messages older than 1 hour reached"),
    Reason.FOLLOW_UPS: (
        400,
        40094,
        "The maximum number of follow-up messages for this interaction has been reached",
    ),
    Reason.EMPTY_MESSAGE: (400, 50006, "Cannot send an empty message"),
    Reason.TOO_MANY_FILES: (
        400,
        30015,
        f"Maximum number of attachments in a message reached ({limits.ATTACHMENTS})",
    ),
    Reason.FILE_TOO_LARGE: (413, 40005, "Request entity too large"),
    Reason.TOO_MANY_REACTIONS: (
        403,
        30010,
        f"Maximum number of reactions reached ({limits.REACTIONS})",
    ),
    Reason.SYSTEM_MESSAGE: (403, 50021, "Cannot execute action on a system message"),
    Reason.TOO_MANY_PINS: (400, 30003, f"Maximum number of pins reached for the channel ({limits.PINS})"),
    Reason.TOO_MANY_COMMANDS: (
        400,
        30032,
        f"Maximum number of application commands reached ({limits.GLOBAL_COMMANDS})",
    ),
    Reason.BANNED: (403, 40007, "The user is banned from this guild."),
    Reason.INVALID_FORM: (400, 50035, "Invalid Form Body"),
    Reason.NOT_OFFERED: (400, 50035, "Invalid Form Body"),
}


def answer_to(refused: Refused) -> ApiError:
    """Return Discord's answer to what was refused."""
    return ApiError(*ANSWERS[refused.reason], refused.errors)


def unauthorized() -> ApiError:
    """Return the answer to a missing or wrong token."""
    return ApiError(401, 0, "401: Unauthorized")


def no_route() -> ApiError:
    """Return the answer to a path that Discord does not know."""
    return ApiError(404, 0, "404: Not Found")


def not_built(route: str) -> ApiError:
    """Return the answer to a route that Discord has but the playground does not."""
    return ApiError(501, 0, f"501: The playground does not have {route}")


def wrong_method() -> ApiError:
    """Return the answer to a method that the path does not support."""
    return ApiError(405, 0, "405: Method Not Allowed")


def bad_body() -> ApiError:
    """Return the answer to a body that is no form at all."""
    return answer_to(Refused(Reason.INVALID_FORM))


def unknown_member() -> ApiError:
    """Return the answer to somebody who is not in the server."""
    return ApiError(404, 10007, "Unknown Member")


def unknown_user() -> ApiError:
    """Return the answer to somebody who does not exist."""
    return ApiError(404, 10013, "Unknown User")


def unknown_role() -> ApiError:
    """Return the answer to a role that the server does not have."""
    return ApiError(404, 10011, "Unknown Role")


def wrong_channel() -> ApiError:
    """Return the answer to what this kind of channel does not have."""
    return ApiError(400, 50024, "Cannot execute action on this channel type")


def missing_access() -> ApiError:
    """Return the answer for a bot that may not see what it asks for."""
    return answer_to(Refused(Reason.NO_ACCESS))


def missing_permissions() -> ApiError:
    """Return the answer for a bot that may not do what it asks for."""
    return answer_to(Refused(Reason.NOT_PERMITTED))
