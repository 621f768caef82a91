"""The background of every picture: a violet evening that turns amber over a city full of lights."""

import math
import random
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw

_SKY = (
    (0.0, (22, 14, 56)),
    (0.45, (58, 28, 98)),
    (0.75, (122, 48, 104)),
    (0.92, (214, 110, 84)),
    (1.0, (255, 178, 92)),
)
_FAR_HILLS = (52, 22, 72)
_NEAR_HILLS = (20, 10, 40)
_LAMP = (255, 205, 130)
_LAND = 110  # pixels from the highest hill to the bottom
_FINE = 3  # the land is drawn this much larger and then reduced, which makes its edges smooth


@lru_cache(maxsize=4)
def dusk(width: int, height: int) -> Image.Image:
    """Return the evening. It is shared between pictures: copy it before drawing on it."""
    horizon = height - 40
    column = Image.new("RGB", (1, height))
    column.putdata([_sky(y / horizon) for y in range(height)])
    image = column.resize((width, height))
    top = height - _LAND
    land = image.crop((0, top, width, height)).resize((width * _FINE, _LAND * _FINE))
    _hills(land, horizon - 20 - top, 14, 0.9, _FAR_HILLS)
    _hills(land, horizon - top, 10, 2.1, _NEAR_HILLS)
    _lights(land, horizon - top)
    image.paste(land.reduce(_FINE), (0, top))
    return image


def _sky(depth: float) -> tuple[int, int, int]:
    for (above, high), (below, low) in pairwise(_SKY):
        if depth <= below:
            part = (depth - above) / (below - above)
            red, green, blue = (round(a + (b - a) * part) for a, b in zip(high, low, strict=True))
            return red, green, blue
    return _SKY[-1][1]


def _hills(image: Image.Image, top: int, swing: int, phase: float, colour: tuple[int, int, int]) -> None:
    ridge: list[tuple[float, float]] = [
        (
            x,
            _FINE
            * (top + swing * (math.sin(x / 83 / _FINE + phase) + 0.6 * math.sin(x / 37 / _FINE + 2 * phase))),
        )
        for x in range(0, image.width + 6, 6)
    ]
    ImageDraw.Draw(image).polygon([*ridge, (image.width + 6, image.height), (0, image.height)], colour)


def _lights(image: Image.Image, horizon: int) -> None:
    chance = random.Random(1952)
    draw = ImageDraw.Draw(image, "RGBA")
    depth = image.height // _FINE - horizon
    for _ in range(image.width // _FINE // 4):
        nearness = chance.random() ** 2
        x, y = chance.randrange(image.width), _FINE * (horizon + 8 + nearness * (depth - 10))
        radius = _FINE * (0.6 + 1.3 * nearness)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), (*_LAMP, chance.randrange(70, 230)))
