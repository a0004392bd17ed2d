"""Pages: rounds whose papers one may make, how a round's papers are made, asking for a set of forms."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from contest.papers.forms import MOST_CELLS
from contest.papers.making.asking import ask_for_forms
from contest.papers.making.blueprint import blueprint
from contest.papers.making.forms import AskForm, first_values, tell_shortages, values_again
from contest.papers.making.page_parts import SET_STATES, crumbs_of, state_of
from contest.papers.making.service import Unfit, choose, set_in_use, set_or_404, sets_of, unfit_for
from contest.papers.page_parts import cell_rows
from contest.papers.pool import cells_of, supply
from contest.rounds.forms import EmptyForm
from contest.rounds.links import round_tabs
from contest.rounds.models import Contest, Round
from contest.rounds.reach import round_or_404
from contest.rounds.service import RoundFrozen, round_rules
from contest.rounds.states import state_of_round
from core.access import Action, authorise, current_actor, permits, scopes_for
from core.database import unit_of_work
from core.database.server_time import now
from core.jobs import follow
from core.organisation.models import Unit
from core.organisation.tree import within
from core.web.tables import Listing

_KINDS = ("fixed", "parallel")


@blueprint.get("/de-thi")
@permits(Action.PAPERS_MAKE)
def index() -> ResponseReturnValue:
    """The rounds whose papers the person may make, newest contest first."""
    listing = Listing.from_request({"moi": (Contest.id, Round.position)}, "-moi", 25)
    scopes = scopes_for(current_actor().grants, Action.PAPERS_MAKE)
    statement = (
        select(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .join(Unit, Unit.id == Contest.unit_id)
        .where(within(scopes))
        .options(selectinload(Round.contest))
    )
    page, moment = listing.page(statement), now()
    rows = [(round_, state_of_round(round_, moment), set_in_use(round_), len(sets_of(round_))) for round_ in page.items]
    return render_template("making/index.html", listing=listing, page=page, rows=rows)


@blueprint.get("/vong-thi/<public_id>/de")
@permits(Action.PAPERS_MAKE)
def papers(public_id: str) -> ResponseReturnValue:
    """How the round's papers are made, and its sets of forms."""
    return _papers(_round(public_id), [])


@blueprint.post("/vong-thi/<public_id>/de")
@permits(Action.PAPERS_MAKE)
def choose_way(public_id: str) -> ResponseReturnValue:
    """Draw for each contestant, or take the forms of a confirmed set."""
    round_ = _round(public_id)
    wanted = request.form.get("cach", "")
    found = next((one for one in sets_of(round_) if one.public_id == wanted), None)
    if not EmptyForm().validate_on_submit() or (found is None and wanted != "boc"):
        return _papers(round_, [_("Xin chọn một cách ra đề.")], 422)
    try:
        with unit_of_work():
            choose(round_, found)
    except Unfit as error:
        return _papers(round_, error.reasons, 409)
    except RoundFrozen:
        flash(_("Vòng thi đã mở nên cách ra đề không đổi được nữa."), "warn")
    else:
        said = _("Mỗi thí sinh sẽ được bốc một đề riêng từ ngân hàng.")
        if found is not None:
            said = _("Thí sinh sẽ làm đề của bộ số %(number)s.", number=found.number)
        flash(said, "success")
    return redirect(url_for("making.papers", public_id=public_id), 303)


@blueprint.route("/vong-thi/<public_id>/de/moi", methods=["GET", "POST"])
@permits(Action.PAPERS_MAKE)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask for a fixed paper (``loai=fixed``) or parallel forms; ``tu`` names a set to ask for again."""
    round_ = _round(public_id)
    kind = request.values.get("loai", "parallel")
    kind = kind if kind in _KINDS else "parallel"
    if request.method == "GET":
        again = set_or_404(request.args["tu"]) if "tu" in request.args else None
        if again is not None and again.round_id == round_.id:
            form = AskForm(formdata=None, data=values_again(again), kind=again.kind)
            tell_shortages(form, again)
            return _ask_page(round_, form)
        return _ask_page(round_, AskForm(formdata=None, data=first_values(cells_of(round_rules(round_))), kind=kind))
    form = AskForm(formdata=_sent(), kind=kind)
    doing = request.form.get("lam", "")
    if doing == "them":
        if len(form.cells.entries) < MOST_CELLS:
            form.cells.append_entry({"count": 5})
        return _ask_page(round_, form)
    if doing == "xem" or "bo" in request.form:
        return _ask_page(round_, form)
    if not form.validate():
        return _ask_page(round_, form, 422)
    with unit_of_work():
        _set, job = ask_for_forms(round_, form.typed_cells(), form.wish(), kind=kind)
    return follow(job.public_id)


def _round(public_id: str) -> Round:
    round_ = round_or_404(public_id)
    authorise(Action.PAPERS_MAKE, round_.contest.unit.path)
    return round_


def _sent() -> MultiDict[str, str]:
    """What was sent, without the row that a button takes away."""
    which = request.form.get("bo", "")
    prefix = f"cells-{which}-" if which.isdigit() else ""
    return MultiDict([(n, v) for n, v in request.form.items(multi=True) if not (prefix and n.startswith(prefix))])


def _papers(round_: Round, faults: list[str], status: int = 200) -> ResponseReturnValue:
    sets = sets_of(round_)
    chosen = next((one for one in sets if one.in_use), None)
    return (
        render_template(
            "making/papers.html",
            round=round_,
            contest=round_.contest,
            crumbs=crumbs_of(round_),
            tabs=round_tabs(round_),
            sets=[(one, state_of(one)) for one in sets if one.state != "discarded"],
            discarded=[(one, SET_STATES["discarded"]) for one in sets if one.state == "discarded"],
            choices=[one for one in sets if one.state == "confirmed"],
            chosen=chosen,
            unfit=unfit_for(chosen) if chosen is not None and round_.state == "draft" else [],
            faults=faults,
            draft=round_.state == "draft",
            form=EmptyForm(),
        ),
        status,
    )


def _ask_page(round_: Round, form: AskForm, status: int = 200) -> ResponseReturnValue:
    cells = [cell for cell in form.typed_cells() if 0 < cell.count <= 500][:MOST_CELLS]
    return (
        render_template(
            "making/ask.html",
            round=round_,
            contest=round_.contest,
            crumbs=crumbs_of(round_),
            form=form,
            rows=[(entry.form, entry.name.rpartition("-")[2]) for entry in form.cells.entries],
            total=sum(cell.count for cell in cells),
            cells=cell_rows(supply(round_, cells)),
        ),
        status,
    )
