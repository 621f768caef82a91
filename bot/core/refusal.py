"""A no that a person can act on."""


class Refusal(Exception):  # noqa: N818 (a refusal is no fault of the program)
    """What was asked cannot be done, and nothing was changed.

    The text is one friendly sentence that says what to do; the person who asked reads it, and nobody else.
    """
