"""The table of windows by unit: who may sit when. Works without JavaScript: rows come and go by buttons."""

from __future__ import annotations

from datetime import time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from contest.rounds.choosing import label_of_unit, units_to_choose
from contest.rounds.entries import count_by_window
from contest.rounds.forms import MOST_WINDOWS, WindowForm, WindowsForm, window_values
from contest.rounds.links import round_tabs
from contest.rounds.models import Round
from contest.rounds.planning import RowFault, faults_of, remarks_on
from contest.rounds.reach import round_or_404
from contest.rounds.service import RoundFrozen, WindowPlan, round_rules, set_windows
from contest.rounds.views.blueprint import blueprint
from core.access import Action, authorise, permits
from core.database import unit_of_work
from core.database.server_time import now
from core.organisation.models import Unit
from core.organisation.tree import children, unit_by_public_id
from core.web.filters import HANOI


@blueprint.route("/vong-thi/<public_id>/ca-thi", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def windows(public_id: str) -> ResponseReturnValue:
    """Every window of a round that is being prepared."""
    round_ = round_or_404(public_id)
    authorise(Action.CONTEST_EDIT, round_.contest.unit.path)
    if round_.state != "draft":
        flash(_("Vòng thi đã mở nên các ca thi không sửa được nữa. Có thể lùi giờ kết thúc của từng ca."), "info")
        return redirect(url_for("rounds.show", public_id=public_id))
    if request.method == "GET":
        stored = [{"unit": w.unit.public_id, **window_values(w.opens_at, w.closes_at)} for w in round_.windows]
        return _page(round_, WindowsForm(windows=stored))
    form = WindowsForm(_without_row(request.form.get("bo", "")))
    doing = request.form.get("lam", "")
    if doing == "them":
        _add(round_, form, [form.chosen.data or ""])
    elif doing == "moi-don-vi":
        taken = {row.unit.data for row in _rows(form)}
        _add(round_, form, [u.public_id for u in children(round_.contest.unit) if u.public_id not in taken])
    elif doing != "tim" and "bo" not in request.form and form.validate():
        plans = _plans(round_, form)
        if plans is not None:
            return _save(round_, plans)
    return _page(round_, form, 422 if form.errors else 200)


def _without_row(which: str) -> MultiDict[str, str]:
    """What was sent, without the row that a button takes away."""
    prefix = f"windows-{which}-" if which.isdigit() else ""
    kept = [(name, value) for name, value in request.form.items(multi=True) if not (prefix and name.startswith(prefix))]
    return MultiDict(kept)


def _rows(form: WindowsForm) -> list[WindowForm]:
    return [entry.form for entry in form.windows.entries]


def _add(round_: Round, form: WindowsForm, units: list[str]) -> None:
    for public in units:
        unit = unit_by_public_id(public)
        if unit is None or not unit.path.startswith(round_.contest.unit.path):
            form.chosen.errors = [_("Xin chọn đơn vị trong danh sách, hoặc tìm rồi chọn.")]
        elif len(form.windows.entries) >= MOST_WINDOWS:
            form.chosen.errors = [_("Một vòng thi có tối đa %(most)s ca.", most=MOST_WINDOWS)]
            return
        else:
            if not form.windows.entries:
                tomorrow = (now().astimezone(HANOI) + timedelta(days=1)).date()
                start = {"day": tomorrow, "opens": time(8), "closes": time(9), "unit": public}
                form.windows.append_entry(start)
            else:
                form.add_row(public)


def _plans(round_: Round, form: WindowsForm) -> list[WindowPlan] | None:
    """The windows as entered, or None after putting every fault at its field."""
    plans, rows = [], _rows(form)
    for row in rows:
        unit = unit_by_public_id(row.unit.data or "")
        if unit is None or not unit.path.startswith(round_.contest.unit.path):
            row.unit.errors = [_("Đơn vị này không thuộc hội thi.")]
            return None
        opens, closes = row.times()
        plans.append(WindowPlan(unit, opens, closes))
    faults: list[RowFault] = faults_of(plans)
    for fault in faults:
        field = getattr(rows[fault.row], fault.field)
        field.errors = [*field.errors, fault.message]
    return None if faults else plans


def _save(round_: Round, plans: list[WindowPlan]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            set_windows(round_, plans)
    except RoundFrozen:
        flash(_("Vòng thi vừa được mở nên các ca thi không sửa được nữa."), "warn")
        return redirect(url_for("rounds.show", public_id=round_.public_id), 303)
    flash(_("Đã lưu %(count)s ca thi.", count=len(plans)), "success")
    return redirect(url_for("contests.windows", public_id=round_.public_id), 303)


def _page(round_: Round, form: WindowsForm, status: int = 200) -> ResponseReturnValue:
    contest, rules = round_.contest, round_rules(round_)
    rows = []
    for entry in form.windows.entries:
        unit = unit_by_public_id(entry.form.unit.data or "")
        rows.append((entry.form, entry.name.rpartition("-")[2], _shown(unit, contest.unit)))
    query = (form.search.data or "").strip()
    found = units_to_choose([contest.unit.path], query)
    form.chosen.choices = [(u.public_id, label_of_unit(u, contest.unit.full_name)) for u in found]
    counts, outside = count_by_window(contest.id, round_.windows)
    return (
        render_template(
            "rounds/windows.html",
            round=round_,
            contest=contest,
            form=form,
            rows=rows,
            query=query,
            found=len(found),
            rules=rules,
            has_children=bool(children(contest.unit)),
            remarks=remarks_on(round_.windows, rules, now()),
            stored=list(zip(round_.windows, counts.values(), strict=True)),
            outside=outside,
            tabs=round_tabs(round_),
            any_error=any(field.errors for row, _n, _u in rows for field in row),
        ),
        status,
    )


def _shown(unit: Unit | None, top: Unit) -> str:
    return label_of_unit(unit, top.full_name) if unit is not None else _("Đơn vị không còn")
