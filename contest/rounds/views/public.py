"""Pages for everybody: what is open, what comes next, what was published; and a contest's rules in plain words."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from contest.rounds.links import url_if
from contest.rounds.reach import contest_or_404, reach_in
from contest.rounds.service import contest_rules_for, round_rules
from contest.rounds.timetable import published_rounds, slots_of, timetable
from contest.rules.reading_back import WindowTold, read_back_round
from core.access import Action, current_actor, public
from core.database.server_time import now

blueprint = Blueprint("public", __name__)

#: Windows told among the sentences; more than that stand in a table.
MOST_TOLD = 8


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The first page, without signing in."""
    moment = now()
    running, coming = timetable(moment)
    published = [(r, url_if("boards.board", public_id=r.public_id) or f"/ket-qua/{r.public_id}") for r in published_rounds()]
    return render_template(
        "public_home/home.html",
        running=running,
        coming=coming,
        published=published,
        moment=moment,
        enter_url="/thi",
        staff_url=url_if("accounts.sign_in") or "/dang-nhap",
    )


@blueprint.get("/the-le/<public_id>")
@public
def rules(public_id: str) -> ResponseReturnValue:
    """The rules of a contest's opened rounds; organisers see those of rounds in preparation too, marked as a draft."""
    contest = contest_or_404(public_id)
    reach = reach_in(current_actor(), contest, Action.CONTEST_VIEW)
    preview = reach is not None and reach.whole
    rounds = [r for r in contest.rounds if r.state != "draft" or preview]
    if not rounds:
        abort(404)
    told = []
    for round_ in sorted(rounds, key=lambda r: (r.state != "open", -r.position)):
        single = len(round_.windows) == 1 and round_.windows[0].unit_id == contest.unit_id
        windows = [WindowTold(w.opens_at, w.closes_at, "" if single else w.unit.name) for w in round_.windows]
        few = windows if len(windows) <= MOST_TOLD else []
        sections = read_back_round(contest_rules_for(round_), round_rules(round_), few)
        told.append((round_, sections, [] if few else slots_of(round_.windows)))
    return render_template("public_home/rules.html", contest=contest, told=told)
