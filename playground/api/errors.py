"""Refusals in Discord's shape.

An HTTP status, a code from its list, a message and, for forms, nested errors.
"""

from typing import Any

Json = dict[str, Any]


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


def unauthorized() -> ApiError:
    """Return the answer to a missing or wrong token."""
    return ApiError(401, 0, "401: Unauthorized")


def no_route() -> ApiError:
    """Return the answer to a path that Discord does not know."""
    return ApiError(404, 0, "404: Not Found")


def wrong_method() -> ApiError:
    """Return the answer to a method that the path does not take."""
    return ApiError(405, 0, "405: Method Not Allowed")


def unknown_channel() -> ApiError:
    """Say that the channel does not exist (any more)."""
    return ApiError(404, 10003, "Unknown Channel")


def out_of_service() -> ApiError:
    """Return the answer of a server that has an outage, which must not look like a removal."""
    return ApiError(503, 0, "503: Service Unavailable")


def unknown_guild() -> ApiError:
    """Say that the server does not exist, or that the bot is not in it."""
    return ApiError(404, 10004, "Unknown Guild")


def unknown_message() -> ApiError:
    """Say that the message does not exist (any more), or is ephemeral."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_webhook() -> ApiError:
    """Follow-ups before the first response."""
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    """Say that the first response came after three seconds, or to no interaction at all."""
    return ApiError(404, 10062, "Unknown interaction")


def already_acknowledged() -> ApiError:
    """Return the answer to a second first response."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def dead_token() -> ApiError:
    """Return the answer to an interaction's token after fifteen minutes."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def missing_access() -> ApiError:
    """Return the bot may not see this."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return the bot may see this but not do it."""
    return ApiError(403, 50013, "Missing Permissions")


def invalid_form(errors: Json) -> ApiError:
    """Return the answer to a body that does not fit; `errors` nests by field, as Discord's does."""
    return ApiError(400, 50035, "Invalid Form Body", errors)
