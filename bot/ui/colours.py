"""The colours of dusk, with which cards are edged."""

GOLD = 0xF2B134
VIOLET = 0x5B4FA2
ORANGE = 0xE4572E
BLUE = 0x2E86AB
RED = 0xC3423F
GREEN = 0x3AA17E
PINK = 0xB565A7
GREY = 0x6C7A89

EVERY = (GOLD, VIOLET, ORANGE, BLUE, RED, GREEN, PINK, GREY)
"""For things that have one each in turn."""
