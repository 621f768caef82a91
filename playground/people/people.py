"""People: whoever is not the bot, and all that they can do.

What Discord's client would not let them do is refused with a sentence; `force=True` skips those checks, for
tests that forge.
"""

from playground.people.commands import Commands
from playground.people.components import Components
from playground.people.writing import Writing


class People(Writing, Commands, Components):
    """Everything that a person can do: each kind of act has a class of its own."""
