"""Components as Discord hands them back: numbered, and with the fields that a request may leave out."""

from collections.abc import Sequence

from playground.refused import Json
from playground.schema.components import SELECTS, ComponentKind, walk

LEFT_OUT: dict[int, Json] = {
    ComponentKind.SEPARATOR: {"divider": True, "spacing": 1},
    ComponentKind.CONTAINER: {"accent_color": None, "spoiler": False},
    ComponentKind.THUMBNAIL: {"description": None, "spoiler": False},
    ComponentKind.FILE: {"spoiler": False},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}
GALLERY_ITEM: Json = {"description": None, "spoiler": False}


def complete_components(components: Sequence[Json]) -> None:
    """Fill in what a message's components leave out, numbers included; works in place."""
    number_components(components)
    for _, part in walk(components):
        _fill_in(part, LEFT_OUT.get(part["type"], {}))
        for item in part.get("items") or ():
            _fill_in(item, GALLERY_ITEM)


def number_components(components: Sequence[Json]) -> None:
    """Give each component without an `id` the next free number, as Discord does; works in place."""
    every = [part for _, part in walk(components)]
    taken = {part["id"] for part in every if part.get("id")}
    following = 0
    for part in every:
        if not part.get("id"):
            following += 1
            while following in taken:
                following += 1
            taken.add(following)
            part["id"] = following


def _fill_in(part: Json, values: Json) -> None:
    for name, value in values.items():
        if part.get(name) is None:
            part[name] = value
