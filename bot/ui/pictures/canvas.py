"""A picture in the making: a dusk over a city, with soft shapes and words on it."""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from bot.ui.pictures.fonts import FEATURES, Face, drawable, font, graphemes
from bot.ui.pictures.scene import dusk

WIDTH = 900
MARGIN = 40
SKYLINE = 64  # pixels at the bottom that belong to the city

WHITE = "#ffffff"
SOFT = "#ddd3f0"
GOLD = "#ffcf5c"
SILVER = "#d9dce8"
BRONZE = "#f0a878"
NIGHT = "#150c30"

_FINE = 3  # shapes are drawn this much larger and then reduced, which makes their edges smooth
_CORNER = 28

Box = tuple[int, int, int, int]


class Canvas:
    """Draws on a dusk of 900 × `height` pixels. All positions and sizes are in pixels."""

    def __init__(self, height: int) -> None:
        self.height = height
        self._image = dusk(WIDTH, height).copy()
        self._draw = ImageDraw.Draw(self._image)
        self._taken: list[Box] = []

    def panel(self, box: Box, colour: str = NIGHT, *, opacity: float = 0.72, radius: int = 18) -> None:
        """Lay a rounded plate over `box`: left, top, right, bottom."""
        left, top, right, bottom = box
        mask = _plate(right - left, bottom - top, radius, round(255 * opacity))
        self._image.paste(colour, (left, top), mask)
        self._taken.append(box)

    def bar(self, box: Box, share: float, colour: str) -> None:
        """Draw a track over `box` and fill `share` of it, from nothing at 0 to all at 1."""
        left, top, right, bottom = box
        radius = (bottom - top) // 2
        self.panel(box, WHITE, opacity=0.16, radius=radius)
        filled = round((right - left) * min(max(share, 0.0), 1.0))
        if filled:
            self.panel((left, top, left + max(filled, 2 * radius), bottom), colour, opacity=1, radius=radius)

    def shape(self, points: Sequence[tuple[float, float]], colour: str, *, line: int = 0) -> None:
        """Fill the polygon of `points`, or draw a path through them that is `line` pixels wide."""
        left, top = (int(min(values)) - line - 1 for values in zip(*points, strict=True))
        right, bottom = (int(max(values)) + line + 2 for values in zip(*points, strict=True))
        mask = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
        fine = [((x - left) * _FINE, (y - top) * _FINE) for x, y in points]
        if line:
            ImageDraw.Draw(mask).line(fine, 255, line * _FINE, joint="curve")
        else:
            ImageDraw.Draw(mask).polygon(fine, 255)
        self._image.paste(colour, (left, top), mask.reduce(_FINE))
        self._taken.append((left, top, right, bottom))

    def dot(self, x: float, y: float, radius: int, colour: str) -> None:
        """Draw a disc around (x, y)."""
        left, top = round(x) - radius, round(y) - radius
        box = (left, top, left + 2 * radius, top + 2 * radius)
        self.panel(box, colour, opacity=1, radius=radius)

    def text(
        self,
        position: tuple[int, int],
        text: str,
        size: int,
        *,
        width: int,
        colour: str = WHITE,
        bold: bool = False,
        anchor: str = "ls",
        least: int | None = None,
    ) -> None:
        """Write a line at `position` on its base line, at most `width` wide.

        A longer one is written smaller, down to the size `least` where given, then cut with an ellipsis.
        `anchor` is Pillow's: "ls" begins at the position, "ms" is centred on it, "rs" ends there.
        """
        shown = drawable(text)
        face = Face.BOLD if bold else Face.REGULAR
        while least is not None and size > least and _length(shown, face, size) > width:
            size -= 2
        shown = _cut(shown, face, size, width)
        self._draw.text(position, shown, colour, font(face, size), anchor, features=FEATURES)
        length = _length(shown, face, size)
        left = position[0] - round(length * {"l": 0, "m": 0.5, "r": 1}[anchor[0]])
        # A star right beside a word would look like a dot of its own.
        self._taken.append(
            (left - 16, position[1] - size, left + round(length) + 16, position[1] + size // 2)
        )

    def png(self) -> bytes:
        """Return the picture with rounded corners, and with stars that keep away from words and shapes."""
        self._stars()
        self._image.putalpha(_plate(WIDTH, self.height, _CORNER, 255))
        target = BytesIO()
        self._image.save(target, "PNG", compress_level=6)
        return target.getvalue()

    def _stars(self) -> None:
        chance = random.Random(2016)
        for _ in range(WIDTH * self.height // 3_200):
            x, y = (
                chance.randrange(8, WIDTH - 8),
                round(8 + chance.random() ** 1.3 * (self.height - 2 * SKYLINE)),
            )
            size, light = chance.choice([2, 3, 3, 4, 4, 5]), chance.uniform(0.35, 1) * (1 - y / self.height)
            free = not any(a - size < x + size and x < c + size and b - size < y + size and y < d + size
                           for a, b, c, d in self._taken)  # fmt: skip
            if free:
                self._image.paste(WHITE, (x, y), _plate(size, size, size / 2, round(255 * light / 16) * 16))


@lru_cache(maxsize=256)
def _plate(width: int, height: int, radius: float, light: int) -> Image.Image:
    """Return a mask with round corners and smooth edges."""
    fine = Image.new("L", (width * _FINE, height * _FINE))
    edge = (0, 0, width * _FINE - 1, height * _FINE - 1)
    ImageDraw.Draw(fine).rounded_rectangle(edge, min(radius, width / 2, height / 2) * _FINE, light)
    return fine.reduce(_FINE)


def _length(text: str, face: Face, size: int) -> float:
    return font(face, size).getlength(text, features=FEATURES)


def _cut(text: str, face: Face, size: int, width: int) -> str:
    """Return as much of `text` as `width` holds, cut at a grapheme."""
    if _length(text, face, size) <= width:
        return text
    shown = graphemes(text)

    def cut(kept: int) -> str:
        return "".join(shown[:kept]).rstrip() + "…"

    def length(kept: int) -> int:
        return math.ceil(_length(cut(kept), face, size))

    return cut(bisect_right(range(len(shown)), width, key=length) - 1)
