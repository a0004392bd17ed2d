"""How routes state who may: ``@permits(Action.X)`` or ``@public`` on each view, ``authorise()`` for its objects."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import abort, g

from core.access.actions import Action
from core.access.policy import NOBODY, Actor, Forbidden

P = ParamSpec("P")
R = TypeVar("R")

_load_actor: Callable[[], Actor] = lambda: NOBODY  # noqa: E731


def set_actor_loader(loader: Callable[[], Actor]) -> None:
    """Told by ``accounts`` how to find out who asks."""
    global _load_actor
    _load_actor = loader


def current_actor() -> Actor:
    """Who asks in this request (or command)."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        actor = g.actor = _load_actor()
    return actor


def authorise(action: Action, path: str | None = None) -> None:
    """Raise Forbidden unless who asks may do ``action`` on a thing of the unit at ``path`` (None: anywhere)."""
    if not current_actor().may(action, path):
        raise Forbidden(action)


def permits(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view is for staff who may do ``action`` somewhere; the view itself authorises its objects.

    Somebody not signed in is sent to the staff sign-in page (401).
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_actor().account_id is None:
                abort(401)
            authorise(action)
            return view(*args, **kwargs)

        guarded.access = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """The view is for everybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def access_of(view: Any) -> str | None:
    """What a view states about who may: an action, "public", "contestant", or None when it says nothing."""
    return getattr(view, "access", None)
