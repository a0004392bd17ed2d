"""The staff menu: each room adds its items; a person sees those they may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from core.access import Action, current_actor


@dataclass(frozen=True)
class NavItem:
    """One entry of the menu as shown."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class _Entry:
    label: Any
    endpoint: str
    action: Action
    order: int
    also: tuple[str, ...] = ()


def add_item(app: Flask, label: Any, endpoint: str, action: Action, order: int, also: tuple[str, ...] = ()) -> None:
    """Put ``label`` (lazy text) into the menu for those who may do ``action``, at ``order``.

    ``also``: further blueprints whose pages belong to the item.
    """
    app.extensions.setdefault("nav", []).append(_Entry(label, endpoint, action, order, also))


def visible_items() -> list[NavItem]:
    """The menu of the person who asks, in order; the item whose blueprint shows the page is active."""
    actor = current_actor()
    entries: list[_Entry] = sorted(current_app.extensions.get("nav", []), key=lambda e: e.order)
    room = (request.endpoint or "").rpartition(".")[0]
    return [
        NavItem(str(e.label), url_for(e.endpoint), room in (e.endpoint.rpartition(".")[0], *e.also))
        for e in entries
        if actor.may(e.action)
    ]


def init_navigation(app: Flask) -> None:
    """Give ``nav_items`` to every template."""

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {"nav_items": visible_items}
