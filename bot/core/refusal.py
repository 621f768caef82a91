"""A no that a person can act on."""


class Refusal(Exception):  # noqa: N818 (a refusal is no fault of the program)
    """What was asked cannot be done, and nothing was changed.

    The text is one friendly sentence that says what to do; the person who asked reads it, and nobody else.
    Whoever pressed something and typed nothing reads `pressed` instead, if there is such a sentence.
    """

    def __init__(self, text: str, pressed: str = "") -> None:
        super().__init__(text)
        self.pressed = pressed or text
