"""Whether Discord would take a card: checked with the rules of the local Discord."""

from collections.abc import Iterator
from typing import Any

from discord import ui

from playground import refuse_components, refuse_modal

THREE_BYTES = "\u6620"
"""A character of three bytes in UTF-8, as in most of the world's scripts."""


def assert_sendable(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Fail unless every limit of Discord holds for the card; return its components."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    refuse_components(components)
    return components


def assert_form_sendable(form: ui.Modal) -> list[dict[str, Any]]:
    """Fail unless every limit of Discord holds for the form; return its components."""
    modal = form.to_dict()
    refuse_modal(modal)
    components: list[dict[str, Any]] = modal["components"]
    return components


def texts(components: Any) -> Iterator[str]:
    """Yield every text of a card, in order."""
    if isinstance(components, list):
        for component in components:
            yield from texts(component)
    elif isinstance(components, dict):
        if components.get("type") == 10:
            yield components["content"]
        for value in components.values():
            yield from texts(value)
