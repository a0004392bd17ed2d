"""Pages of an import: the files, every line beside what was understood, decisions, the button, taking it back."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO, cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage

from core.access import Action, authorise, current_actor, permits, scopes_for
from core.database import db, unit_of_work
from core.documents import uploads
from core.documents.limits import DocumentRefused
from core.jobs import follow
from core.organisation.models import Unit
from core.web.tables import Listing
from questions.bank import search
from questions.bank.content import BankError
from questions.bank.importing import findings, pages, service
from questions.bank.importing.forms import DefaultsForm, UploadForm
from questions.bank.importing.models import QuestionImport, QuestionImportItem
from questions.bank.levels import LEVELS
from questions.bank.models import Question, Source, Topic
from questions.bank.remarks import option_remarks
from questions.bank.service import STAGED
from questions.bank.similar import why_similar
from questions.bank.sources import find_source
from questions.bank.topics import find_topic, topic_tree
from questions.bank.views.blueprint import account_here, blueprint
from questions.types.registry import all_types

#: Names of files that the file dialogue offers; the content decides what is read.
KINDS_OF_FILE = ".docx,.xlsx,.pdf,.txt,.csv,.doc,.rtf,.xml,.gift,.aiken,.zip"


def batch_or_404(public_id: str) -> QuestionImport:
    """The import with this id. Answers 404 for none; raises Forbidden outside of the person's banks."""
    batch = service.find_batch(public_id)
    if batch is None:
        abort(404)
    authorise(Action.QUESTION_WRITE, batch.unit_path)
    return batch


def item_or_404(batch: QuestionImport, public_id: str) -> QuestionImportItem:
    """A question of the import; answers 404 for none."""
    item = service.item_of(batch, public_id)
    if item is None:
        abort(404)
    return item


@blueprint.get("/nhap")
@permits(Action.QUESTION_WRITE)
def import_list() -> ResponseReturnValue:
    """The imports into the person's banks, newest first."""
    scopes = scopes_for(current_actor().grants, Action.QUESTION_WRITE)
    within = or_(*(QuestionImport.unit_path.startswith(path, autoescape=True) for path in scopes))
    batches = db.session.scalars(select(QuestionImport).where(within).order_by(QuestionImport.id.desc()).limit(100)).all()
    return render_template("questions/importing/list.html", batches=batches, states=_states())


@blueprint.route("/nhap/moi", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def import_new() -> ResponseReturnValue:
    """Take a file in; the worker reads it."""
    units = list(search.units_for(current_actor(), Action.QUESTION_WRITE))
    form = UploadForm()
    form.offer(units)
    if form.validate_on_submit():
        unit = next((u for u in units if u.public_id == form.unit.data), units[0] if units else None)
        if unit is None:
            abort(403)
        batch = _taken_in(form, unit)
        if batch is not None:
            return follow(batch.job_public_id)
    page = render_template("questions/importing/new.html", form=form, accept=KINDS_OF_FILE)
    return page, 422 if form.errors or form.file.errors else 200


def _taken_in(form: UploadForm, unit: Unit) -> QuestionImport | None:
    """Keep the files and begin; None with the reason at the field where one is refused."""
    file = _kept(form.file)
    key = _kept(form.key) if file is not None and form.key.data else None
    if file is None or (form.key.errors and key is None):
        if file is None and not form.file.errors:
            form.file.errors = [_("Xin chọn tệp câu hỏi.")]
        return None
    digest = hashlib.sha256()
    for upload in filter(None, (file, key)):
        digest.update(hashlib.sha256(uploads.path_of(upload.token).read_bytes()).digest())
    with unit_of_work():
        return service.start(unit, account_here(), file, key, digest.hexdigest())


def _kept(field: Any) -> service.Upload | None:
    data = field.data
    if not isinstance(data, FileStorage) or not data.filename:
        return None
    name = data.filename.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        return service.Upload(name, uploads.keep(cast(BinaryIO, data.stream)))
    except DocumentRefused as error:
        field.errors = [str(error)]
        return None


def _states() -> dict[str, tuple[str, str]]:
    """How states of an import look: tone, words."""
    return {
        service.READING: ("info", _("Đang đọc")),
        service.READY: ("warn", _("Chờ xem và nhập")),
        service.REFUSED: ("danger", _("Không đọc được")),
        service.IMPORTING: ("info", _("Đang nhập")),
        service.UNDOING: ("info", _("Đang rút lại")),
        service.UNDONE: ("neutral", _("Đã rút lại")),
    }


@blueprint.get("/nhap/<public_id>")
@permits(Action.QUESTION_WRITE)
def import_show(public_id: str) -> ResponseReturnValue:
    """The file beside what was understood of it."""
    return _show(batch_or_404(public_id))


def _show(batch: QuestionImport, error: str = "", form: DefaultsForm | None = None) -> ResponseReturnValue:
    listing = Listing.from_request({"thu-tu": QuestionImportItem.position}, default="thu-tu", size=25)
    view = pages.VIEWS.get(request.args.get("xem", ""), pages.VIEWS[pages.WHOLE])
    page = pages.page_of(batch, view, listing.number, listing.size)
    counts = service.counts(batch)
    if form is None:
        form = DefaultsForm(formdata=None, data=_defaults_of(batch))
    form.offer()
    items = [block.item for block in page.items if block.item is not None]
    similar = _similar(items)
    rendered = render_template(
        "questions/importing/show.html",
        batch=batch,
        state=_states()[batch.state],
        listing=listing,
        page=page,
        view=view,
        tabs=_tabs(batch, counts, view),
        counts=counts,
        form=form,
        error=error,
        kinds=all_types(),
        doubts={item.id: doubts_of(item) for item in items},
        remarks={i.id: option_remarks(i.type, i.stem, i.data) for i in items if i.type in all_types()},
        similar=similar,
        whys={i.id: why_similar(i.stem, i.type, i.data, similar[i.similar_id]) for i in items if i.similar_id in similar},
        new_topics=_new_topics(batch),
        earlier=service.earlier_imports(batch),
        why_not_undo=service.why_not_undo(batch) if batch.imported else "",
        here=request.full_path if request.method == "GET" else url_for("questions.import_show", public_id=batch.public_id),
    )
    return rendered, 422 if error else 200


def _tabs(batch: QuestionImport, counts: service.Counts, chosen: pages.View) -> list[dict[str, Any]]:
    numbers = {
        "tat-ca": counts.total,
        "can-xem": counts.doubtful,
        "thieu": counts.keyless + counts.unusable,
        "giong": counts.similar,
        "da-co": counts.existing,
        "chua-hieu": counts.problems,
        "bo-qua": counts.skipped,
        "da-nhap": counts.imported,
    }
    return [
        {
            "label": view.label,
            "url": url_for("questions.import_show", public_id=batch.public_id, xem=key),
            "active": view is chosen,
            "count": numbers[key],
        }
        for key, view in pages.VIEWS.items()
        if numbers[key] or view is chosen or key == pages.WHOLE
    ]


def doubts_of(item: QuestionImportItem) -> list[str]:
    words = [findings.words_for(doubt, item.type) for doubt in item.own_doubts]
    return [*item.doubts, *(word for word in words if word)]


def _similar(items: list[QuestionImportItem]) -> dict[int, Question]:
    """The like questions of the bank that the person may see, by id."""
    ids = {item.similar_id for item in items if item.similar_id is not None}
    found = db.session.scalars(select(Question).where(Question.id.in_(ids), Question.state != STAGED)).all()
    actor = current_actor()
    return {q.id: q for q in found if actor.may(Action.QUESTION_VIEW, q.unit.path)}


def _new_topics(batch: QuestionImport) -> list[str]:
    """Topics that the import will make, because the list names them and there are none yet."""
    if batch.state != service.READY:
        return []
    known = {node.topic.folded for node in topic_tree()}
    return service.missing_topics(batch, known)


def _defaults_of(batch: QuestionImport) -> dict[str, Any]:
    topic = db.session.get(Topic, batch.topic_id) if batch.topic_id else None
    source = db.session.get(Source, batch.source_id) if batch.source_id else None
    return {
        "topic": topic.public_id if topic else "",
        "level": batch.level,
        "source": source.public_id if source else "",
        "use_sections": batch.use_sections,
        "target_state": batch.target_state,
    }


def _save_defaults(batch: QuestionImport, form: DefaultsForm) -> None:
    service.set_defaults(
        batch,
        topic=find_topic(form.topic.data) if form.topic.data else None,
        level=form.level.data if form.level.data in LEVELS else "",
        source=find_source(form.source.data) if form.source.data else None,
        use_sections=bool(form.use_sections.data),
        target_state=form.target_state.data or "draft",
    )


@blueprint.post("/nhap/<public_id>/mac-dinh")
@permits(Action.QUESTION_WRITE)
def import_defaults(public_id: str) -> ResponseReturnValue:
    """What stands in for what the list leaves open."""
    batch = batch_or_404(public_id)
    form = DefaultsForm()
    with unit_of_work():
        _save_defaults(batch, form)
    flash(_("Đã ghi nhận cho cả tệp."), "ok")
    return redirect(url_for("questions.import_show", public_id=public_id))


@blueprint.post("/nhap/<public_id>/nhap")
@permits(Action.QUESTION_WRITE)
def import_begin(public_id: str) -> ResponseReturnValue:
    """Bring in what is certain or has been looked at."""
    batch = batch_or_404(public_id)
    form = DefaultsForm()
    try:
        with unit_of_work():
            _save_defaults(batch, form)
            job = service.begin_import(batch, account_here())
            asked = job.public_id
    except BankError as error:
        return _show(batch, str(error), form)
    return follow(asked)


@blueprint.post("/nhap/<public_id>/rut-lai")
@permits(Action.QUESTION_WRITE)
def import_undo(public_id: str) -> ResponseReturnValue:
    """Take the whole import out of the bank again."""
    batch = batch_or_404(public_id)
    try:
        with unit_of_work():
            job = service.begin_undo(batch, account_here())
            asked = job.public_id
    except BankError as error:
        return _show(batch, str(error))
    return follow(asked)
