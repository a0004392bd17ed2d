"""Who sees what of a contest: all of it, or only the own units' part of a contest held by a unit above them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from sqlalchemy import ColumnElement, Select, false, or_, select

from contest.rounds.models import Contest, Round, Window
from core.access import Action, Actor, Forbidden, current_actor, scopes_for
from core.database import db
from core.organisation.models import Unit
from core.organisation.tree import ids_on, within


@dataclass(frozen=True)
class Reach:
    """The subtrees of a contest that somebody may see; ``whole`` is true when nothing of it is hidden from them."""

    paths: tuple[str, ...]
    whole: bool

    def covers(self, path: str) -> bool:
        """True when the unit at ``path`` is in sight."""
        return any(path.startswith(own) for own in self.paths)

    def touches(self, path: str) -> bool:
        """True when the subtree at ``path`` holds something in sight."""
        return any(path.startswith(own) or own.startswith(path) for own in self.paths)

    def units(self) -> ColumnElement[bool]:
        """The condition "the unit is in sight"."""
        return within(self.paths)


def reach_in(actor: Actor, contest: Contest, action: Action) -> Reach | None:
    """What ``actor`` may see of ``contest`` by ``action``; None: nothing."""
    top = contest.unit.path
    if actor.may(action, top):
        return Reach((top,), True)
    below = tuple(path for path in scopes_for(actor.grants, action) if path.startswith(top))
    return Reach(below, False) if below else None


def require_reach(contest: Contest, action: Action = Action.CONTEST_VIEW) -> Reach:
    """What who asks may see of ``contest``. Raises Forbidden where that is nothing."""
    found = reach_in(current_actor(), contest, action)
    if found is None:
        raise Forbidden(action)
    return found


def contests_in_sight(actor: Actor, action: Action = Action.CONTEST_VIEW) -> Select[Contest]:
    """The contests of the units in the actor's scopes and of those above them."""
    scopes = scopes_for(actor.grants, action)
    above = sorted({number for path in scopes for number in ids_on(path)})
    seen = or_(within(scopes), Unit.id.in_(above)) if scopes else false()
    return select(Contest).join(Unit, Unit.id == Contest.unit_id).where(seen)


def contest_or_404(public_id: str) -> Contest:
    """The contest with this public id; answers 404 for none."""
    return db.session.scalar(select(Contest).where(Contest.public_id == public_id)) or abort(404)


def round_or_404(public_id: str) -> Round:
    """The round with this public id; answers 404 for none."""
    return db.session.scalar(select(Round).where(Round.public_id == public_id)) or abort(404)


def window_or_404(public_id: str) -> Window:
    """The window with this public id; answers 404 for none."""
    return db.session.scalar(select(Window).where(Window.public_id == public_id)) or abort(404)
