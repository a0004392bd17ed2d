"""A round's settings on one page, with the bank beside the blueprint; it works without JavaScript."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from contest.papers.forms import MOST_CELLS, RoundForm, values_of
from contest.papers.page_parts import cell_rows
from contest.papers.pool import parts_of, supply
from contest.papers.views import blueprint
from contest.rounds.links import round_tabs
from contest.rounds.models import Round
from contest.rounds.reach import round_or_404
from contest.rounds.service import RoundFrozen, change_round, round_rules, rules_of
from contest.rules.checking import check, check_round
from contest.rules.document import ContestRules, RoundRules
from core.access import Action, authorise, permits
from core.database import unit_of_work


@blueprint.route("/vong-thi/<public_id>/noi-dung", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def settings(public_id: str) -> ResponseReturnValue:
    """What a round asks, how long, what counts, what is shown: every fault at its field, what was typed stays."""
    round_ = round_or_404(public_id)
    authorise(Action.CONTEST_EDIT, round_.contest.unit.path)
    if round_.state != "draft":
        flash(_("Vòng thi đã mở nên nội dung và thể lệ không sửa được nữa."), "info")
        return redirect(url_for("rounds.show", public_id=public_id))
    before, contest = round_rules(round_), rules_of(round_.contest)
    if request.method == "GET":
        return _page(round_, RoundForm(formdata=None, data=values_of(before, contest)))
    form = RoundForm(formdata=_sent())
    doing = request.form.get("lam", "")
    if doing == "them":
        if len(form.cells.entries) < MOST_CELLS:
            form.cells.append_entry({"count": 5})
    elif doing != "xem" and "bo" not in request.form:
        sound = form.validate()
        rules, whole = form.round_rules(before), form.contest_rules(contest)
        faulty = _mark_faults(form, rules, whole)
        if sound and not faulty:
            try:
                with unit_of_work():
                    change_round(round_, rules, whole)
            except RoundFrozen:
                flash(_("Vòng thi vừa được mở nên không sửa được nữa."), "warn")
            else:
                flash(_("Đã lưu nội dung và thể lệ của vòng thi."), "success")
            return redirect(url_for("rounds.show", public_id=public_id), 303)
        return _page(round_, form, 422)
    return _page(round_, form)


@blueprint.post("/vong-thi/<public_id>/noi-dung/kho")
@permits(Action.CONTEST_EDIT)
def bank_beside(public_id: str) -> ResponseReturnValue:
    """What the bank has for the rows on the screen, as a fragment; nothing is saved."""
    round_ = round_or_404(public_id)
    authorise(Action.CONTEST_EDIT, round_.contest.unit.path)
    form = RoundForm(formdata=_sent())
    return render_template("papers/_supply.html", **_supply(round_, form))


def _sent() -> MultiDict[str, str]:
    """What was sent, without the row of the blueprint that a button takes away."""
    which = request.form.get("bo", "")
    prefix = f"cells-{which}-" if which.isdigit() else ""
    return MultiDict([(n, v) for n, v in request.form.items(multi=True) if not (prefix and n.startswith(prefix))])


def _mark_faults(form: RoundForm, rules: RoundRules, whole: ContestRules) -> bool:
    """Put every fault of the rules at its field (one that could not be read has said so already); True when there is
    one."""
    faults = check_round(rules) + [f for f in check(whole) if not f.path.startswith("rounds")]
    for fault in faults:
        field = form.field_at(fault.path)
        if field is None or not field.errors:
            form.put(fault)
    return bool(faults)


def _supply(round_: Round, form: RoundForm) -> dict[str, object]:
    cells = [cell for cell in form.typed_cells() if 0 < cell.count <= 500][:MOST_CELLS]
    return {"cells": cell_rows(supply(round_, cells)), "parts": parts_of(round_), "total": sum(c.count for c in cells)}


def _page(round_: Round, form: RoundForm, status: int = 200) -> ResponseReturnValue:
    others = [r for r in round_.contest.rounds if r.id != round_.id]
    rows = [(entry.form, entry.name.rpartition("-")[2]) for entry in form.cells.entries]
    return (
        render_template(
            "papers/settings.html",
            round=round_,
            contest=round_.contest,
            form=form,
            rows=rows,
            others=others,
            tabs=round_tabs(round_),
            uses_moment=any(field.data == "submitted_at" for field in form.ranks),
            **_supply(round_, form),
        ),
        status,
    )
