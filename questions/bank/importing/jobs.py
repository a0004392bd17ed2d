"""The work behind an import: reading the file, bringing questions in, taking them out again."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, literal, select, update

from core.audit import record
from core.audit.canonical import merkle_root
from core.database import after_commit, db
from core.database.server_time import now
from core.documents import uploads
from core.documents.limits import DocumentRefused
from core.jobs import Job, JobKind, enqueue, prepared
from core.organisation.models import Unit
from questions.bank.importing import findings, service, staging
from questions.bank.importing.models import (
    QuestionImport,
    QuestionImportItem,
    QuestionImportLine,
    QuestionImportProblem,
)
from questions.bank.importing.similar import Known, bank_around
from questions.bank.models import Question, QuestionVersion, ReviewNote, Topic
from questions.bank.service import STAGED, add_many
from questions.bank.sources import all_sources
from questions.bank.topics import ensure_topic
from questions.bank.views.blueprint import blueprint
from questions.interchange.registry import read_questions

_TABLES: dict[str, Any] = {
    "lines": QuestionImportLine,
    "items": QuestionImportItem,
    "problems": QuestionImportProblem,
}

#: Questions that one step brings in or takes out.
CHUNK = 100


def _batch(job: Job) -> QuestionImport:
    return db.session.get_one(QuestionImport, job.arguments["batch"], populate_existing=True)


def _page(batch: QuestionImport, **more: Any) -> dict[str, Any]:
    return {"url": f"{blueprint.url_prefix}/nhap/{batch.public_id}", "go_on": True, **more}


class ReadingJob(JobKind):
    """Reads the file and stages what it gave; people then look at it."""

    name = service.READ_JOB

    def prepare(self, job: Job, number: int) -> Any:
        batch = _batch(job)
        if number:
            return staging.read_chunk(uploads.path_of(batch.staged_token or ""), number)
        try:
            key = uploads.path_of(batch.key_token) if batch.key_token else None
            result = read_questions(uploads.path_of(batch.file_token or ""), key)
        except DocumentRefused as error:
            return {"refused": str(error)}
        except uploads.UploadMissing:
            return {"refused": _("Tệp tải lên không còn. Xin tải lên lần nữa.")}
        token = uploads.new_token()
        path = uploads.folder() / token
        path.touch(mode=0o600)
        steps = staging.write_chunks(path, staging.chunks(result, bank_around(batch.unit_path)))
        return {"token": token, "steps": steps, "format": result.format}

    def plan(self, job: Job) -> int:
        batch, found = _batch(job), prepared()
        if "refused" in found:
            batch.state, batch.message = service.REFUSED, found["refused"]
            return 0
        batch.staged_token, batch.format = found["token"], found["format"][:40]
        steps: int = found["steps"]
        return steps

    def step(self, job: Job, number: int) -> str | None:
        batch_id = job.arguments["batch"]
        for name, rows in prepared().items():
            db.session.execute(insert(_TABLES[name]), [{"batch_id": batch_id, **row} for row in rows])
        return None

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = _batch(job)
        if batch.state == service.READING:
            batch.state = service.READY
        for token in filter(None, (batch.staged_token, batch.file_token, batch.key_token)):
            after_commit(partial(uploads.discard, token))
        batch.staged_token = batch.file_token = batch.key_token = None
        return _page(batch, label=_("Xem từng câu trước khi nhập"))

    def cancelled(self, job: Job) -> None:
        batch = _batch(job)
        batch.state, batch.message = service.REFUSED, _("Việc đọc tệp đã dừng theo yêu cầu.")

    def failed(self, job: Job) -> None:
        batch = _batch(job)
        batch.state, batch.message = service.REFUSED, _("Không đọc được tệp này vì lỗi của hệ thống.")


class ImportingJob(JobKind):
    """Brings in what is certain or accepted; the new questions are seen only when all are there."""

    name = service.IMPORT_JOB

    def prepare(self, job: Job, number: int) -> Any:
        if number:
            return None
        batch = _batch(job)
        bank = bank_around(batch.unit_path)
        repeated = []
        for item in db.session.scalars(_importable(batch.id)):
            likeness = bank.nearest(Known.of(0, item.type, item.stem, item.data))
            if likeness is not None and likeness.same_key:
                repeated.append((item.id, likeness.question_id))
        return repeated

    def plan(self, job: Job) -> int:
        batch = _batch(job)
        # What came into the bank since the file was read is not brought in again.
        for start in range(0, len(prepared()), 500):
            db.session.execute(
                update(QuestionImportItem),
                [
                    {"id": i, "standing": findings.EXISTING, "decision": "", "similar_id": q, "own_doubts": []}
                    for i, q in prepared()[start : start + 500]
                ],
            )
        known = set(db.session.scalars(select(Topic.folded)))
        for name in service.missing_topics(batch, known):
            ensure_topic(name)
        number = db.session.scalar(select(func.count()).select_from(_importable(batch.id).subquery())) or 0
        return -(-number // CHUNK)

    def step(self, job: Job, number: int) -> str | None:
        batch = _batch(job)
        items = list(db.session.scalars(_importable(batch.id).limit(CHUNK)))
        topics: dict[str, int] = {t.folded: t.id for t in db.session.scalars(select(Topic))}
        sources = all_sources()
        contents = [service.content_for(item, batch, topics, sources) for item in items]
        made = add_many(batch.unit_id, contents, job.account_id, state=STAGED, import_batch_id=batch.id)
        if made:
            db.session.execute(
                update(QuestionImportItem),
                [{"id": item.id, "question_id": q} for item, (q, _p, _d) in zip(items, made, strict=True)],
            )
        total = job.steps_total or number
        return str(_("Đã nhập %(done)s phần trên %(total)s", done=number, total=total))

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = _batch(job)
        rows = db.session.execute(
            select(Question.public_id, QuestionVersion.digest)
            .join(QuestionVersion, Question.current_version_id == QuestionVersion.id)
            .where(Question.import_batch_id == batch.id, Question.state == STAGED)
            .order_by(Question.id)
        ).all()
        if rows:
            _reveal(batch, job.account_id)
            record(
                "questions.import",
                f"import:{batch.public_id}",
                {
                    "file": batch.file_name,
                    "file_digest": batch.file_digest,
                    "unit": db.session.get_one(Unit, batch.unit_id).public_id,
                    "count": len(rows),
                    "root": merkle_root([[p, d] for p, d in rows]),
                    "state": batch.target_state,
                },
            )
        batch.imported += len(rows)
        batch.state = service.READY
        batch.finished_at = now()
        return _page(batch, label=_("Xem các câu đã nhập"))

    def cancelled(self, job: Job) -> None:
        _take_out_staged(_batch(job))

    def failed(self, job: Job) -> None:
        _take_out_staged(_batch(job))


class UndoingJob(JobKind):
    """Takes the questions of an import out of the bank; nobody sees them from the first moment on."""

    name = service.UNDO_JOB

    def plan(self, job: Job) -> int:
        batch = _batch(job)
        if not job.arguments.get("staged_only"):
            approved = db.session.scalar(
                select(func.count())
                .select_from(Question)
                .where(Question.import_batch_id == batch.id, Question.approved_version_id.is_not(None))
            )
            if approved:
                batch.state = service.READY
                return 0
            db.session.execute(
                update(Question)
                .where(Question.import_batch_id == batch.id)
                .values(state=STAGED)
                .execution_options(synchronize_session=False)
            )
        number = db.session.scalar(select(func.count()).select_from(_staged(batch.id).subquery())) or 0
        return -(-number // CHUNK)

    def step(self, job: Job, number: int) -> str | None:
        batch = _batch(job)
        ids = list(db.session.scalars(_staged(batch.id).limit(CHUNK)))
        quietly = {"synchronize_session": False}
        db.session.execute(
            update(QuestionImportItem)
            .where(QuestionImportItem.batch_id == batch.id, QuestionImportItem.question_id.in_(ids))
            .values(question_id=None)
            .execution_options(**quietly)
        )
        db.session.execute(
            update(Question).where(Question.id.in_(ids)).values(current_version_id=None).execution_options(**quietly)
        )
        for statement in (
            delete(ReviewNote).where(ReviewNote.question_id.in_(ids)),
            delete(QuestionVersion).where(QuestionVersion.question_id.in_(ids)),
            delete(Question).where(Question.id.in_(ids)),
        ):
            db.session.execute(statement.execution_options(**quietly))
        return None

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = _batch(job)
        if job.arguments.get("staged_only"):
            batch.state = service.READY
        elif batch.state == service.UNDOING:
            record("questions.import_undo", f"import:{batch.public_id}", {"count": batch.imported})
            batch.imported = 0
            batch.state = service.UNDONE
            batch.finished_at = now()
        return _page(batch)


def _importable(batch_id: int) -> Any:
    return (
        select(QuestionImportItem)
        .where(QuestionImportItem.batch_id == batch_id, service.importable_condition())
        .order_by(QuestionImportItem.position)
    )


def _staged(batch_id: int) -> Any:
    return select(Question.id).where(Question.import_batch_id == batch_id, Question.state == STAGED).order_by(Question.id)


def _reveal(batch: QuestionImport, account_id: int | None) -> None:
    """One statement makes all new questions visible; handed in for review where that was asked for."""
    if batch.target_state == "in_review" and account_id is not None:
        new = select(
            Question.id,
            Question.current_version_id,
            literal(account_id),
            literal("submitted"),
            literal(""),
            literal(now(), ReviewNote.at.type),
        ).where(Question.import_batch_id == batch.id, Question.state == STAGED)
        columns = ["question_id", "version_id", "account_id", "kind", "body", "at"]
        db.session.execute(insert(ReviewNote).from_select(columns, new))
    db.session.execute(
        update(Question)
        .where(Question.import_batch_id == batch.id, Question.state == STAGED)
        .values(state=batch.target_state)
        .execution_options(synchronize_session=False)
    )


def _take_out_staged(batch: QuestionImport) -> None:
    """After an import that stopped half-way: what it brought is taken out by a job of its own."""
    batch.state = service.UNDOING
    job = enqueue(
        UndoingJob.name,
        {"batch": batch.id, "staged_only": True},
        title=_("Dọn lần nhập dở dang %(name)s", name=batch.file_name),
        unit_path=batch.unit_path,
    )
    batch.job_public_id = job.public_id


KINDS = (ReadingJob(), ImportingJob(), UndoingJob())
