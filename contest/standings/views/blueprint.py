"""The blueprint of staff pages about standings, and what they share."""

from __future__ import annotations

from flask import Blueprint, abort

from contest.rounds.reach import Reach, require_reach
from contest.standings.listing import Scope
from contest.standings.models import Standing
from contest.standings.service import standing_by_public_id
from core.access import Action, current_actor
from core.accounts.models import Account
from core.database import db

blueprint = Blueprint("standings", __name__, url_prefix="/quan-tri")


def standing_or_404(public_id: str) -> Standing:
    """The complete version with this id; answers 404 for none."""
    found = standing_by_public_id(public_id)
    if found is None:
        abort(404)
    return found


def reach_of(standing: Standing) -> Reach:
    """What who asks may see of ``standing``. Raises Forbidden where that is nothing."""
    return require_reach(standing.round.contest, Action.STANDING_VIEW)


def own_account() -> Account:
    """The account of who asks (the decorator has seen to it that there is one)."""
    number = current_actor().account_id
    if number is None:
        abort(401)
    return db.session.get_one(Account, number)


def may(action: Action, standing: Standing) -> bool:
    """True when who asks may do ``action`` on the whole of ``standing``."""
    return current_actor().may(action, standing.round.contest.unit.path)


def in_reach(every: list[Scope], reach: Reach) -> list[Scope]:
    """The units of a standing that may be looked at, from the top down."""
    return every if reach.whole else [scope for scope in every if reach.covers(scope.path)]
