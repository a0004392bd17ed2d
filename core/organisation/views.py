"""Pages of units: the tree, one unit, and its changes. Each object is authorised by its path."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.access import Action, authorise, current_actor, permits, scopes_for
from core.database import unit_of_work
from core.organisation import service
from core.organisation.exporting import units_workbook
from core.organisation.figures import below
from core.organisation.forms import CloseForm, MoveForm, NewUnitForm, UnitForm, put_error
from core.organisation.levels import level_of, levels_under
from core.organisation.models import Unit, UnitAlias
from core.organisation.page_links import page_links
from core.organisation.service import UnitError
from core.organisation.tree import (
    aliases,
    ancestors,
    children,
    exists,
    exists_on,
    predecessors,
    successors,
    today,
    unit_at_path,
    unit_by_public_id,
    within,
)
from core.web.tables import Listing

blueprint = Blueprint("units", __name__, url_prefix="/quan-tri/don-vi")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def found_unit(public_id: str, action: Action) -> Unit:
    """The unit, authorised for ``action``; 404 when there is none, Forbidden when it lies elsewhere."""
    unit = unit_by_public_id(public_id)
    if unit is None:
        abort(404)
    authorise(action, unit.path)
    return unit


def _scopes() -> tuple[str, ...]:
    return scopes_for(current_actor().grants, Action.UNITS_VIEW)


def crumbs(unit: Unit) -> list[tuple[str, str | None]]:
    """The way down to ``unit``, itself last; no link where the person may not go."""
    actor = current_actor()
    way: list[tuple[str, str | None]] = [
        (u.name, url_for("units.unit", public_id=u.public_id) if actor.may(Action.UNITS_VIEW, u.path) else None)
        for u in ancestors(unit)
    ]
    return [*way, (unit.name, None)]


@blueprint.get("")
@permits(Action.UNITS_VIEW)
def index() -> ResponseReturnValue:
    """What was searched for, or the tops of the person's subtrees."""
    listing = Listing.from_request({"ten": (Unit.sort_key, Unit.id), "duong_dan": (Unit.full_name, Unit.id)}, default="ten")
    scopes = _scopes()
    if listing.query:
        statement = select(Unit).where(within(scopes), exists_on(today()))
        for word in listing.folded.split():
            aliased = select(UnitAlias.unit_id).where(UnitAlias.folded.contains(word, autoescape=True))
            statement = statement.where(Unit.folded.contains(word, autoescape=True) | Unit.id.in_(aliased))
        page = listing.page(statement)
        return render_template("organisation/search.html", listing=listing, page=page, level_of=level_of)
    tops = [unit for path in scopes if (unit := unit_at_path(path)) is not None]
    if len(tops) == 1:
        return _unit_page(tops[0], listing)
    return render_template(
        "organisation/tops.html", tops=tops, listing=listing, level_of=level_of, links=page_links("units.index")
    )


@blueprint.get("/tai-excel")
@permits(Action.UNITS_VIEW)
def export() -> ResponseReturnValue:
    """Every unit that the person may see, as Excel."""
    response = Response(units_workbook(_scopes()), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="don-vi.xlsx"'
    return response


@blueprint.get("/<public_id>")
@permits(Action.UNITS_VIEW)
def unit(public_id: str) -> ResponseReturnValue:
    """One unit and what is directly below it."""
    listing = Listing.from_request({"ten": (Unit.sort_key, Unit.id)}, default="ten")
    return _unit_page(found_unit(public_id, Action.UNITS_VIEW), listing)


def _unit_page(shown: Unit, listing: Listing) -> str:
    actor = current_actor()
    may_edit = actor.may(Action.UNITS_EDIT, shown.path)
    return render_template(
        "organisation/unit.html",
        unit=shown,
        level=level_of(shown.level),
        level_of=level_of,
        crumbs=crumbs(shown),
        children=children(shown, today() if exists(shown) else shown.valid_from),
        ended=not exists(shown),
        below=below(shown.path),
        aliases=[alias.name for alias in aliases(shown)],
        predecessors=predecessors(shown),
        successors=successors(shown),
        may_edit=may_edit,
        may_move=may_edit and shown.parent is not None and actor.may(Action.UNITS_EDIT, shown.parent.path),
        may_add=may_edit and exists(shown) and bool(levels_under(level_of(shown.level))),
        links=page_links("units.unit", shown.path, unit=shown.public_id) + page_links("units.index"),
        listing=listing,
    )


@blueprint.route("/<public_id>/them", methods=["GET", "POST"])
@permits(Action.UNITS_EDIT)
def create(public_id: str) -> ResponseReturnValue:
    """A new unit under this one."""
    parent = found_unit(public_id, Action.UNITS_EDIT)
    form = NewUnitForm()
    form.offer_levels(parent)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                new = service.create_unit(parent, form.level.data or "", form.name.data or "", eligible=form.eligible.data)
        except UnitError as error:
            put_error(form, error)
        else:
            flash(_("Đã thêm %(name)s.", name=new.name), "success")
            return redirect(url_for("units.unit", public_id=parent.public_id), 303)
    return _form_page(parent, form, "organisation/create.html")


@blueprint.route("/<public_id>/sua", methods=["GET", "POST"])
@permits(Action.UNITS_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The unit's name and how many may take part."""
    shown = found_unit(public_id, Action.UNITS_EDIT)
    form = UnitForm(obj=shown)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.rename(shown, form.name.data or "")
                service.set_eligible(shown, form.eligible.data)
        except UnitError as error:
            put_error(form, error)
        else:
            flash(_("Đã lưu %(name)s.", name=shown.name), "success")
            return redirect(url_for("units.unit", public_id=shown.public_id), 303)
    return _form_page(shown, form, "organisation/edit.html")


@blueprint.route("/<public_id>/chuyen", methods=["GET", "POST"])
@permits(Action.UNITS_EDIT)
def move(public_id: str) -> ResponseReturnValue:
    """Under another unit. Whoever moves may change both places."""
    shown = found_unit(public_id, Action.UNITS_EDIT)
    if shown.parent is None:
        abort(404)
    authorise(Action.UNITS_EDIT, shown.parent.path)
    form = MoveForm()
    if form.validate_on_submit() and form.parent.chosen is not None:
        try:
            with unit_of_work():
                service.move(shown, form.parent.chosen)
        except UnitError as error:
            put_error(form, error)
        else:
            flash(_("Đã chuyển %(name)s đến chỗ mới.", name=shown.name), "success")
            return redirect(url_for("units.unit", public_id=shown.public_id), 303)
    return _form_page(shown, form, "organisation/move.html")


@blueprint.route("/<public_id>/ket-thuc", methods=["GET", "POST"])
@permits(Action.UNITS_EDIT)
def close(public_id: str) -> ResponseReturnValue:
    """The end of a unit; nothing is deleted."""
    shown = found_unit(public_id, Action.UNITS_EDIT)
    form = CloseForm()
    if form.validate_on_submit() and form.day.data is not None:
        try:
            with unit_of_work():
                successor = form.successor.chosen
                ended = service.close(shown, form.day.data, [successor] if successor else [])
        except UnitError as error:
            put_error(form, error)
        else:
            flash(_("Đã ghi: %(count)s đơn vị kết thúc hoạt động.", count=ended), "success")
            return redirect(url_for("units.unit", public_id=shown.public_id), 303)
    return _form_page(shown, form, "organisation/close.html")


@blueprint.post("/<public_id>/khoi-phuc")
@permits(Action.UNITS_EDIT)
def reopen(public_id: str) -> ResponseReturnValue:
    """Take the end back."""
    shown = found_unit(public_id, Action.UNITS_EDIT)
    try:
        with unit_of_work():
            count = service.reopen(shown)
    except UnitError as error:
        flash(str(error), "error")
    else:
        flash(_("Đã khôi phục %(count)s đơn vị.", count=count), "success")
    return redirect(url_for("units.unit", public_id=shown.public_id), 303)


def _form_page(shown: Unit, form: Any, template: str) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template(template, unit=shown, form=form, crumbs=crumbs(shown), level=level_of(shown.level)), status
