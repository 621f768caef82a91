"""What Discord's client would not let a person do, before anything reaches the bot."""

from playground.refused import Reason, Refused
from playground.schema.forms import invalid_form


def not_offered(sentence: str) -> Refused:
    """Return the refusal of a command, an option or a form that the client would not send."""
    return Refused(Reason.NOT_OFFERED, sentence)


def not_on_message(sentence: str) -> Refused:
    """Return the refusal of a click or a choice that does not exist on the message."""
    refused = invalid_form(("data",), "COMPONENT_VALIDATION_FAILED", sentence)
    return Refused(refused.reason, sentence, refused.errors)
