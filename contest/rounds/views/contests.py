"""The list of contests, a new one, and what a contest says of itself."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contest.rounds.choosing import label_of_unit, units_to_choose
from contest.rounds.entries import count_entries
from contest.rounds.forms import ContestForm, NewRoundForm
from contest.rounds.models import Contest
from contest.rounds.reach import contest_or_404, contests_in_sight, reach_in
from contest.rounds.service import add_round, create_contest, update_contest
from contest.rounds.states import CONTEST_STATES, in_state, state_of_contest
from contest.rounds.views.blueprint import blueprint
from contest.rules.parts.quiz import BlueprintCell
from core.access import Action, authorise, current_actor, permits, scopes_for
from core.database import db, fold, unit_of_work
from core.organisation.models import Unit
from core.organisation.tree import ancestors, unit_by_public_id
from core.web.tables import Listing


@blueprint.get("/hoi-thi")
@permits(Action.CONTEST_VIEW)
def index() -> ResponseReturnValue:
    """The contests that the person may see, newest first."""
    actor = current_actor()
    listing = Listing.from_request(
        {"moi": Contest.id, "ten": (Contest.name, Contest.id), "don-vi": (Unit.sort_key, Contest.id)}, "-moi", 25
    )
    chosen = request.args.get("trang_thai", "")
    statement = contests_in_sight(actor).options(selectinload(Contest.rounds), selectinload(Contest.unit))
    if chosen in CONTEST_STATES:
        statement = statement.where(in_state(chosen))
    if listing.query:
        statement = statement.where(Contest.id.in_(_matching(listing.folded)))
    page = listing.page(statement)
    rows = []
    for contest in page.items:
        reach = reach_in(actor, contest, Action.CONTEST_VIEW)
        paths = None if reach is None or reach.whole else reach.paths
        rows.append((contest, CONTEST_STATES[state_of_contest(contest)], count_entries(contest, paths)))
    return render_template(
        "rounds/index.html",
        listing=listing,
        page=page,
        rows=rows,
        states=[(key, state.label) for key, state in CONTEST_STATES.items()],
        chosen=chosen,
        nothing_at_all=not listing.query and not chosen and not page.total,
        may_create=actor.may(Action.CONTEST_EDIT),
    )


def _matching(folded: str) -> list[int]:
    """The ids of contests in sight whose name or unit has every word searched for, without accents.

    Names of contests are few and not kept folded, so they are compared here.
    """
    words = folded.split()
    found = db.session.execute(contests_in_sight(current_actor()).with_only_columns(Contest.id, Contest.name, Unit.folded))
    return [number for number, name, unit in found if all(word in f"{fold(name)} {unit}" for word in words)]


@blueprint.route("/hoi-thi/moi", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def new() -> ResponseReturnValue:
    """A new contest of a unit in the person's scope."""
    form = ContestForm()
    query = request.values.get("tim_don_vi", "").strip()[:200]
    scopes = scopes_for(current_actor().grants, Action.CONTEST_EDIT)
    units = units_to_choose(scopes, query)
    form.unit.choices = [(u.public_id, label_of_unit(u)) for u in units]
    form.bank.choices = [("", _("Đơn vị tổ chức và các cấp trên (nên chọn)")), *_banks(scopes)]
    if request.form.get("lam") != "tim" and form.validate_on_submit():
        unit = unit_by_public_id(form.unit.data or "")
        if unit is None:
            form.unit.errors = [_("Xin chọn đơn vị tổ chức.")]
        else:
            authorise(Action.CONTEST_EDIT, unit.path)
            bank = unit_by_public_id(form.bank.data) if form.bank.data else unit
            if bank is None or not unit.path.startswith(bank.path):
                form.bank.errors = [_("Chỉ lấy được câu hỏi của đơn vị tổ chức và các cấp trên của đơn vị ấy.")]
            else:
                with unit_of_work():
                    contest = create_contest(
                        unit,
                        form.name.data or "",
                        bank_unit=bank,
                        hotline=(form.hotline.data or "").strip(),
                        introduction=(form.introduction.data or "").strip(),
                    )
                    public = contest.public_id
                flash(_("Đã lập hội thi. Việc tiếp theo: thêm vòng thi."), "success")
                return redirect(url_for("rounds.overview", public_id=public), 303)
    more = len(units_to_choose(scopes)) > 12 or bool(query)
    return render_template("rounds/contest_form.html", form=form, contest=None, query=query, may_search=more, found=len(units))


def _banks(scopes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The units whose banks contests of these scopes can draw from besides their own: the scopes' tops and those above."""
    tops = db.session.scalars(select(Unit).where(Unit.path.in_(scopes))).all()
    found = {unit.id: unit for top in tops for unit in [*ancestors(top), top]}
    return [(unit.public_id, unit.name) for unit in sorted(found.values(), key=lambda u: u.path)]


@blueprint.route("/hoi-thi/<public_id>/sua", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """What a contest says of itself; its unit stays."""
    contest = contest_or_404(public_id)
    authorise(Action.CONTEST_EDIT, contest.unit.path)
    form = ContestForm(
        name=contest.name, hotline=contest.hotline, introduction=contest.introduction, bank=contest.bank_unit.public_id
    )
    del form.unit
    banks = [contest.unit, *reversed(ancestors(contest.unit))]
    form.bank.choices = [(u.public_id, _("%(unit)s và các cấp trên", unit=u.name) if u.parent else u.name) for u in banks]
    if form.validate_on_submit():
        bank = next((u for u in banks if u.public_id == form.bank.data), None)
        if bank is None:
            form.bank.errors = [_("Xin chọn một mục trong danh sách.")]
        else:
            with unit_of_work():
                update_contest(
                    contest,
                    name=form.name.data or "",
                    hotline=form.hotline.data or "",
                    introduction=form.introduction.data or "",
                    bank_unit=bank,
                )
            flash(_("Đã lưu thông tin hội thi."), "success")
            return redirect(url_for("rounds.overview", public_id=public_id), 303)
    return render_template("rounds/contest_form.html", form=form, contest=contest, query="", may_search=False, found=0)


@blueprint.route("/hoi-thi/<public_id>/vong-moi", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def new_round(public_id: str) -> ResponseReturnValue:
    """A new round: its name and minutes; what it asks comes on the next page."""
    contest = contest_or_404(public_id)
    authorise(Action.CONTEST_EDIT, contest.unit.path)
    form = NewRoundForm(name=_("Vòng %(number)s", number=len(contest.rounds) + 1), minutes=25)
    if form.validate_on_submit():
        with unit_of_work():
            round_ = add_round(contest, form.name.data or "", minutes=form.minutes.data, cells=[BlueprintCell(count=30)])
            public = round_.public_id
        flash(_("Đã thêm vòng thi. Việc tiếp theo: chọn câu hỏi cho đề."), "success")
        return redirect(url_for("rounds.settings", public_id=public), 303)
    return render_template("rounds/new_round.html", form=form, contest=contest)
