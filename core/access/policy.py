"""Grants and scopes: a role held for a unit counts in the unit's whole subtree. Pure.

A unit's place in the tree is its path: the ids from the root down, "/1/5/33/". One path lies in another's subtree when
it begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.access.actions import Action, Role, role_allows


class Forbidden(Exception):
    """The person who asks may not do this; pages answer 403."""


@dataclass(frozen=True)
class Grant:
    """``role`` in the subtree of the unit at ``path``."""

    role: Role
    path: str


@dataclass(frozen=True)
class Actor:
    """Who asks: an account with its grants, or nobody (no account, no grants)."""

    account_id: int | None
    label: str
    grants: tuple[Grant, ...] = ()

    def may(self, action: Action, path: str | None = None) -> bool:
        """True when some grant allows ``action`` at ``path`` (None: anywhere at all)."""
        return allowed(self.grants, action, path)


NOBODY = Actor(None, "")


def allowed(grants: Iterable[Grant], action: Action, path: str | None) -> bool:
    """True when one of ``grants`` allows ``action`` on a thing of the unit at ``path`` (None: on something)."""
    return any(
        role_allows(grant.role, action) and (path is None or path.startswith(grant.path)) for grant in grants
    )


def scopes_for(grants: Iterable[Grant], action: Action) -> tuple[str, ...]:
    """The paths whose subtrees ``grants`` open for ``action``, without those inside another."""
    paths = sorted({grant.path for grant in grants if role_allows(grant.role, action)})
    return tuple(p for p in paths if not any(p != q and p.startswith(q) for q in paths))
