"""Buttons that other rooms put on the pages of units and people: import, export, printing slips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, url_for

from core.access import Action, current_actor


@dataclass(frozen=True)
class _PageLink:
    place: str
    label: Any
    endpoint: str
    action: Action
    order: int


@dataclass(frozen=True)
class ShownLink:
    """A button as shown."""

    label: str
    url: str


def add_page_link(app: Flask, place: str, label: Any, endpoint: str, action: Action, order: int = 50) -> None:
    """Show ``label`` at ``place`` to those who may do ``action`` there.

    Places: "units.index", "people.index" (no values), "units.unit", "people.unit" (``unit``), "people.person"
    (``person``): the endpoint gets the public id under that name.
    """
    app.extensions.setdefault("page_links", []).append(_PageLink(place, label, endpoint, action, order))


def page_links(place: str, path: str | None = None, **values: str) -> list[ShownLink]:
    """The buttons at ``place`` for who asks; ``path`` is where the shown thing lies."""
    links: list[_PageLink] = sorted(current_app.extensions.get("page_links", []), key=lambda link: link.order)
    actor = current_actor()
    return [
        ShownLink(str(link.label), url_for(link.endpoint, **cast(Any, values)))
        for link in links
        if link.place == place and actor.may(link.action, path)
    ]
