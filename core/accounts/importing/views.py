"""Pages of imports: send a file, look at every row, decide, bring in, take the bad rows home."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.access import Action, authorise, current_actor, permits, scopes_for
from core.accounts.importing import batches, workbooks
from core.accounts.importing.batches import ImportRefused
from core.accounts.importing.doubt_kinds import kind_of
from core.accounts.importing.forms import UploadForm
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.presenting import columns_of, shown_aside, shown_rows
from core.accounts.importing.wording import BATCH_STATES, count_chips, effect_words, result_figures
from core.database import db, unit_of_work
from core.documents.limits import DEFAULT_LIMITS, DocumentRefused
from core.documents.uploads import discard
from core.jobs import follow
from core.jobs.service import OVER, find
from core.organisation.models import Unit
from core.web.filters import show_number
from core.web.tables import Listing

blueprint = Blueprint("people_import", __name__, url_prefix="/quan-tri/thi-sinh/nhap")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Tabs by their name in the address.
TABS = {"van-de": "problems", "tat-ca": "all", "thay-doi": "changes"}
_KEPT_ARGUMENTS = ("tab", "loai", "q", "trang", "so_dong")


def _scopes() -> tuple[str, ...]:
    return scopes_for(current_actor().grants, Action.PEOPLE_IMPORT)


def _scope_units() -> list[Unit]:
    """The tops of the subtrees into which who asks may import."""
    scopes = _scopes()
    units = db.session.scalars(select(Unit).where(Unit.path.in_(scopes), Unit.visible).order_by(Unit.full_name))
    return list(units)


def _found(batch_id: str) -> ImportBatch:
    batch = batches.batch_by_public_id(batch_id)
    if batch is None:
        abort(404)
    authorise(Action.PEOPLE_IMPORT, batch.unit_path)
    return batch


def _row(batch: ImportBatch, position: int) -> ImportRow:
    row = batches.row_at(batch, position)
    if row is None:
        abort(404)
    return row


@blueprint.route("", methods=["GET", "POST"])
@permits(Action.PEOPLE_IMPORT)
def index() -> ResponseReturnValue:
    """The form for a file, and the imports that are open."""
    units = _scope_units()
    form = UploadForm()
    form.offer(units)
    if form.validate_on_submit():
        unit = next(unit for unit in units if unit.public_id == form.unit.data)
        authorise(Action.PEOPLE_IMPORT, unit.path)
        try:
            token = batches.receive(cast(BinaryIO, form.file.data.stream))
        except DocumentRefused as refused:
            form.file.errors = [str(refused)]
        else:
            return _open(unit, token, form.file.data.filename or "")
    recent = db.session.scalars(batches.batches_within(_scopes()).limit(10)).all()
    named = db.session.execute(select(Unit.id, Unit.full_name).where(Unit.id.in_({batch.unit_id for batch in recent})))
    return render_template(
        "importing/index.html",
        form=form,
        units=units,
        recent=recent,
        scope_names=dict(named.tuples().all()),
        states=BATCH_STATES,
        max_bytes=min(DEFAULT_LIMITS.upload_bytes, current_app.config["MAX_CONTENT_LENGTH"]),
    )


def _open(unit: Unit, token: str, file_name: str) -> ResponseReturnValue:
    try:
        with unit_of_work():
            batch = batches.open_batch(unit, token, file_name)
    except BaseException:
        discard(token)
        raise
    return follow(batch.job_public_id)


@blueprint.get("/mau.xlsx")
@permits(Action.PEOPLE_IMPORT)
def template() -> ResponseReturnValue:
    """The template, with the units of who asks in its lists."""
    units = _scope_units()
    if not units:
        abort(404)
    return _workbook(workbooks.template(units[0].path), "mau-danh-sach-thi-sinh.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/<batch_id>")
@permits(Action.PEOPLE_IMPORT)
def preview(batch_id: str) -> ResponseReturnValue:
    """Every row and every doubt; while the worker is at it, its progress; afterwards, what came of it."""
    batch = _found(batch_id)
    if batch.state in ("reading", "working", "importing", "discarding"):
        job = find(batch.job_public_id or "")
        if job is not None and job.state not in OVER:
            return follow(job.public_id)
        return _ended_page(batch)
    return _preview_page(batch) if batch.state == "ready" else _ended_page(batch)


def _ended_page(batch: ImportBatch) -> ResponseReturnValue:
    return render_template(
        "importing/ended.html",
        batch=batch,
        state=BATCH_STATES[batch.state],
        figures=result_figures(batch),
        left_out=workbooks.count_left_out(batch) if batch.state == "done" else 0,
    )


def _preview_page(batch: ImportBatch) -> ResponseReturnValue:
    counts = batches.counts(batch)
    wanted = request.args.get("tab", "")
    tab = wanted if wanted in TABS else ("van-de" if counts.attention else "tat-ca")
    groups = batches.doubt_groups(batch)
    code = request.args.get("loai", "")
    if code not in {group.kind.code for group in groups} or tab == "thay-doi":
        code = ""
    listing = Listing.from_request({"dong": ImportRow.position}, default="dong")
    page = listing.page(batches.rows_in(batch, TABS[tab], code, listing.query))
    rows = shown_rows(batch, page.items)
    may_units = not batch.layout.get("units") or current_actor().may(Action.UNITS_EDIT, batch.unit_path)
    return render_template(
        "importing/preview.html",
        batch=batch,
        counts=counts,
        tab=tab,
        code=code,
        groups=groups,
        listing=listing,
        page=page,
        tables=[(kind, columns_of(kind), [row for row in rows if row.row.kind == kind]) for kind in ("unit", "person")],
        aside=shown_aside(batch),
        chips=count_chips(counts),
        effect_words=effect_words(counts),
        tab_items=[
            {
                "label": label,
                "url": url_for("people_import.preview", batch_id=batch.public_id, tab=name),
                "active": name == tab,
                "count": show_number(number),
            }
            for name, label, number in (
                ("van-de", _("Có vấn đề"), counts.attention),
                ("tat-ca", _("Tất cả"), counts.total),
                ("thay-doi", _("Sẽ thay đổi"), counts.change),
            )
        ],
        may_units=may_units,
        back={"tab": tab, **{name: request.args[name] for name in _KEPT_ARGUMENTS if name in request.args}},
    )


def _back(batch: ImportBatch) -> ResponseReturnValue:
    """To where the decision was made, or to the worker's progress where it has to do something first."""
    kept = {name: request.form[f"ve_{name}"] for name in _KEPT_ARGUMENTS if request.form.get(f"ve_{name}")}
    return redirect(url_for("people_import.preview", batch_id=batch.public_id, **kept), 303)  # type: ignore[arg-type]


def _decided(batch: ImportBatch, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return _back(batch)


@blueprint.post("/<batch_id>/dong/<int:position>/<decision>")
@permits(Action.PEOPLE_IMPORT)
def decide(batch_id: str, position: int, decision: str) -> ResponseReturnValue:
    """One click on a row: ``nhan`` (take the proposal), ``giu`` (leave it so), ``chon`` (one of the choices),
    ``o`` (another text in the cell), ``bo`` (leave the row out), ``lay`` (take it back)."""
    batch = _found(batch_id)
    row = _row(batch, position)
    code = request.form.get("ma", "")
    value = request.form.get("gia_tri", "")
    actions = {
        "nhan": lambda: batches.accept(batch, row, code),
        "giu": lambda: batches.keep_as_is(batch, row, _known(code)),
        "chon": lambda: batches.choose(batch, row, code, value),
        "o": lambda: batches.edit_cells(batch, row, {request.form.get("o", ""): value}),
        "bo": lambda: batches.drop(batch, row),
        "lay": lambda: batches.restore(batch, row),
    }
    if decision not in actions:
        abort(404)
    try:
        with unit_of_work():
            actions[decision]()
    except ImportRefused as refused:
        flash(str(refused), "error")
        return _back(batch)
    return _decided(batch, _("Đã sửa dòng %(row)s.", row=row.number))


def _known(code: str) -> str:
    """``code`` when it names a kind of doubt, else 404."""
    try:
        return kind_of(code).code
    except KeyError:
        abort(404)


@blueprint.route("/<batch_id>/dong/<int:position>", methods=["GET", "POST"])
@permits(Action.PEOPLE_IMPORT)
def edit(batch_id: str, position: int) -> ResponseReturnValue:
    """All cells of a row in one form."""
    batch = _found(batch_id)
    row = _row(batch, position)
    if batch.state != "ready":
        return redirect(url_for("people_import.preview", batch_id=batch.public_id))
    if request.method == "POST":
        texts = {name: request.form[name] for name, _label in columns_of(row.kind) if name in request.form}
        try:
            with unit_of_work():
                batches.edit_cells(batch, row, texts)
        except ImportRefused as refused:
            flash(str(refused), "error")
            return _back(batch)
        db.session.refresh(row)
        if batch.state != "ready" or row.state in ("good", "dropped"):
            return _decided(batch, _("Đã sửa dòng %(row)s.", row=row.number))
        flash(_("Đã ghi, dòng này còn chỗ cần sửa."), "warning")
    back = {name: request.args[name] for name in _KEPT_ARGUMENTS if name in request.args}
    (shown,) = shown_rows(batch, [row])
    return render_template("importing/row.html", batch=batch, shown=shown, row=row, back=back)


@blueprint.post("/<batch_id>/nhan-het")
@permits(Action.PEOPLE_IMPORT)
def accept_all(batch_id: str) -> ResponseReturnValue:
    """Every proposal of one kind."""
    return _for_all(batch_id, keep=False)


@blueprint.post("/<batch_id>/giu-het")
@permits(Action.PEOPLE_IMPORT)
def keep_all(batch_id: str) -> ResponseReturnValue:
    """Leave all of one kind as they are."""
    return _for_all(batch_id, keep=True)


def _for_all(batch_id: str, keep: bool) -> ResponseReturnValue:
    batch = _found(batch_id)
    code = _known(request.form.get("ma", ""))
    try:
        with unit_of_work():
            number = batches.keep_all(batch, code) if keep else batches.accept_all(batch, code)
    except ImportRefused as refused:
        flash(str(refused), "error")
        return _back(batch)
    if batch.state != "ready":
        return follow(batch.job_public_id)
    return _decided(batch, ngettext("Đã sửa %(num)s dòng.", "Đã sửa %(num)s dòng.", number))


@blueprint.post("/<batch_id>/thuc-hien")
@permits(Action.PEOPLE_IMPORT)
def bring_in(batch_id: str) -> ResponseReturnValue:
    """Import the good rows, or, with ``cach=het``, only when all are good."""
    batch = _found(batch_id)
    if batch.layout.get("units"):
        authorise(Action.UNITS_EDIT, batch.unit_path)
    try:
        with unit_of_work():
            batches.bring_in(batch, all_or_nothing=request.form.get("cach") == "het")
    except ImportRefused as refused:
        flash(str(refused), "error")
        return _back(batch)
    return follow(batch.job_public_id)


@blueprint.post("/<batch_id>/huy")
@permits(Action.PEOPLE_IMPORT)
def throw_away(batch_id: str) -> ResponseReturnValue:
    """Forget the file; nothing was imported."""
    batch = _found(batch_id)
    try:
        with unit_of_work():
            batches.throw_away(batch)
    except ImportRefused as refused:
        flash(str(refused), "error")
        return _back(batch)
    flash(_("Đã bỏ tệp “%(file)s”. Chưa có gì được nhập.", file=batch.file_name), "success")
    return redirect(url_for("people_import.index"), 303)


@blueprint.get("/<batch_id>/dong-loi.xlsx")
@permits(Action.PEOPLE_IMPORT)
def bad_rows(batch_id: str) -> ResponseReturnValue:
    """The rows that cannot be imported, with the reason."""
    return _workbook(workbooks.bad_rows(_found(batch_id)), "dong-chua-nhap.xlsx")
