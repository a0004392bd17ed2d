"""A contestant's own place: a page, and the fragment that a published board fetches for who is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from contest.rounds.entries import entry_of
from contest.rounds.models import Round
from contest.standings.places import own_place, round_with
from contest.standings.service import published
from core.access import public
from core.accounts.contestants import contestant_only, current_person

blueprint = Blueprint("places", __name__, url_prefix="/thi/hang")


@blueprint.get("/<public_id>")
@contestant_only
def own(public_id: str) -> ResponseReturnValue:
    """The own rank, overall and in the own units."""
    round_ = _round_or_404(public_id)
    person = current_person()
    if person is None:
        abort(401)
    return render_template(
        "standings/own_place.html",
        round=round_,
        person=person,
        standing=published(round_),
        place=own_place(person, round_),
        entry=entry_of(round_.contest_id, person.id),
    )


@blueprint.get("/<public_id>/dong")
@public
def fragment(public_id: str) -> ResponseReturnValue:
    """The same as a piece of the public board, for who is signed in; nothing at all (204) for anybody else."""
    round_ = _round_or_404(public_id)
    person = current_person()
    place = own_place(person, round_) if person is not None else None
    response = make_response(render_template("standings/_own_place.html", place=place)) if place else make_response("", 204)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _round_or_404(public_id: str) -> Round:
    found = round_with(public_id)
    if found is None:
        abort(404)
    return found
