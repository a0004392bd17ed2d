"""Pages of people: the lists, one person, and a new slip for a lost one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Action, authorise, current_actor, permits, scopes_for
from core.accounts import people, slips
from core.accounts.exporting import people_workbook
from core.accounts.models import Person
from core.accounts.people import PersonError
from core.accounts.people_forms import PersonForm
from core.database import unit_of_work
from core.organisation.forms import put_error
from core.organisation.models import Unit
from core.organisation.page_links import page_links
from core.organisation.tree import children, unit_at_path, unit_by_public_id
from core.web.tables import Listing

blueprint = Blueprint("people", __name__, url_prefix="/quan-tri/thi-sinh")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _scopes() -> tuple[str, ...]:
    return scopes_for(current_actor().grants, Action.PEOPLE_VIEW)


def _found(public_id: str, action: Action) -> Person:
    """The person, authorised for ``action``; 404 when there is none, Forbidden when they are elsewhere."""
    person = people.person_by_public_id(public_id)
    if person is None:
        abort(404)
    authorise(action, person.unit.path)
    return person


def _chosen_unit() -> Unit | None:
    """The unit whose subtree is to be shown (``don_vi``), or None for everything the person may see."""
    public_id = request.args.get("don_vi", "")
    unit = unit_by_public_id(public_id) if public_id else None
    if public_id and unit is None:
        abort(404)
    if unit is not None:
        authorise(Action.PEOPLE_VIEW, unit.path)
    return unit


@blueprint.get("")
@permits(Action.PEOPLE_VIEW)
def index() -> ResponseReturnValue:
    """The people of the person's subtrees, or of one unit's."""
    unit = _chosen_unit()
    removed = request.args.get("rut_ten") == "1"
    listing = Listing.from_request(
        {
            "ten": (Person.sort_key, Person.id),
            "don_vi": (Unit.full_name, Person.sort_key, Person.id),
            "ngay_sinh": (Person.birth_date, Person.sort_key, Person.id),
        },
        default="ten",
    )
    paths = [unit.path] if unit else _scopes()
    page = listing.page(people.people_within(paths, listing.query, active=not removed))
    links = page_links("people.index")
    if unit is not None:
        links += page_links("people.unit", unit.path, unit=unit.public_id)
    return render_template(
        "accounts/people.html",
        listing=listing,
        page=page,
        unit=unit,
        removed=removed,
        narrower=_narrower(unit),
        links=links,
        may_edit=current_actor().may(Action.PEOPLE_EDIT, unit.path if unit else None),
        may_renew=current_actor().may(Action.SLIPS_PRINT, unit.path if unit else None),
    )


def _narrower(unit: Unit | None) -> list[tuple[str, str]]:
    """Units to filter by: those right below the one shown (or below the only one the person has)."""
    if unit is None:
        scopes = _scopes()
        tops = [top for path in scopes if (top := unit_at_path(path)) is not None]
        found = list(children(tops[0])) if len(tops) == 1 else tops
    else:
        found = [unit, *children(unit)]
    return [(each.public_id, each.name) for each in found]


@blueprint.get("/tai-excel")
@permits(Action.PEOPLE_VIEW)
def export() -> ResponseReturnValue:
    """The people shown, as Excel."""
    unit = _chosen_unit()
    content = people_workbook([unit.path] if unit else _scopes())
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="thi-sinh.xlsx"'
    return response


@blueprint.route("/them", methods=["GET", "POST"])
@permits(Action.PEOPLE_EDIT)
def create() -> ResponseReturnValue:
    """Somebody new on a list."""
    form = PersonForm()
    if request.method == "GET":
        form.unit.set_to_id(request.args.get("don_vi"))
    if form.validate_on_submit() and form.unit.chosen is not None:
        authorise(Action.PEOPLE_EDIT, form.unit.chosen.path)
        try:
            with unit_of_work():
                person = people.add_person(form.unit.chosen, **_values(form))
        except PersonError as error:
            put_error(form, error)
        else:
            flash(_("Đã thêm đồng chí %(name)s.", name=person.full_name), "success")
            _warn_of_phone(person)
            return redirect(url_for("people.person", public_id=person.public_id), 303)
    return _form_page(form, None)


@blueprint.get("/<public_id>")
@permits(Action.PEOPLE_VIEW)
def person(public_id: str) -> ResponseReturnValue:
    """One person."""
    shown = _found(public_id, Action.PEOPLE_VIEW)
    actor = current_actor()
    return render_template(
        "accounts/person.html",
        person=shown,
        may_edit=actor.may(Action.PEOPLE_EDIT, shown.unit.path),
        may_renew=actor.may(Action.SLIPS_PRINT, shown.unit.path),
        links=page_links("people.person", shown.unit.path, person=shown.public_id),
    )


@blueprint.route("/<public_id>/sua", methods=["GET", "POST"])
@permits(Action.PEOPLE_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """Correct what the list says."""
    shown = _found(public_id, Action.PEOPLE_EDIT)
    form = PersonForm(
        data={name: getattr(shown, name) for name in ("full_name", "birth_date", "position", "phone")},
    )
    if request.method == "GET":
        form.unit.set_to(shown.unit)
    if form.validate_on_submit() and form.unit.chosen is not None:
        authorise(Action.PEOPLE_EDIT, form.unit.chosen.path)
        try:
            with unit_of_work():
                people.update_person(shown, unit=form.unit.chosen, **_values(form))
        except PersonError as error:
            put_error(form, error)
        else:
            flash(_("Đã lưu đồng chí %(name)s.", name=shown.full_name), "success")
            _warn_of_phone(shown)
            return redirect(url_for("people.person", public_id=shown.public_id), 303)
    return _form_page(form, shown)


def _values(form: PersonForm) -> dict[str, Any]:
    return {
        "full_name": form.full_name.data or "",
        "birth_date": form.birth_date.data,
        "position": form.position.data or "",
        "phone": form.phone.data or "",
    }


def _warn_of_phone(person: Person) -> None:
    others = people.others_with_phone(person)
    if others:
        names = ", ".join(other.full_name for other in others[:3])
        flash(_("Số điện thoại này trùng với đồng chí %(names)s. Nếu dùng chung thì không cần sửa.", names=names), "warning")


def _form_page(form: PersonForm, shown: Person | None) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/person_form.html", form=form, person=shown), status


@blueprint.post("/<public_id>/rut-ten")
@permits(Action.PEOPLE_EDIT)
def take_off(public_id: str) -> ResponseReturnValue:
    """Off the list; what they sat stays."""
    shown = _found(public_id, Action.PEOPLE_EDIT)
    with unit_of_work():
        people.take_off(shown)
    flash(_("Đã rút tên đồng chí %(name)s. Phiếu dự thi không còn dùng được.", name=shown.full_name), "success")
    return redirect(url_for("people.person", public_id=shown.public_id), 303)


@blueprint.post("/<public_id>/khoi-phuc")
@permits(Action.PEOPLE_EDIT)
def put_back(public_id: str) -> ResponseReturnValue:
    """Back on the list."""
    shown = _found(public_id, Action.PEOPLE_EDIT)
    with unit_of_work():
        people.put_back(shown)
    flash(_("Đã đưa đồng chí %(name)s trở lại danh sách.", name=shown.full_name), "success")
    return redirect(url_for("people.person", public_id=shown.public_id), 303)


@blueprint.post("/<public_id>/ma-moi")
@permits(Action.SLIPS_PRINT)
def renew(public_id: str) -> ResponseReturnValue:
    """A new code for a lost slip; the old one is dead from this moment."""
    shown = _found(public_id, Action.SLIPS_PRINT)
    with unit_of_work():
        people.new_slip(shown)
    # Which code may be shown, not the code itself: a session's cookie can be read on the device.
    session["new_slip"] = [shown.public_id, shown.slip_generation]
    return redirect(url_for("people.slip", public_id=shown.public_id), 303)


@blueprint.get("/<public_id>/ma-moi")
@permits(Action.SLIPS_PRINT)
def slip(public_id: str) -> ResponseReturnValue:
    """The new code, shown once to who asked for it."""
    shown = _found(public_id, Action.SLIPS_PRINT)
    fresh = session.pop("new_slip", None) == [shown.public_id, shown.slip_generation]
    return render_template(
        "accounts/slip.html",
        person=shown,
        code=slips.groups(people.code_of(shown)) if fresh else None,
        links=page_links("people.slip", shown.unit.path, person=shown.public_id),
    )
