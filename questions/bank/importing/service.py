"""An import of questions on its way: taking the file in, looking through it, deciding, importing, undoing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from core.accounts.models import Account
from core.audit import record
from core.database import canonical, db, fold, public_id
from core.database.server_time import now
from core.jobs import Job, enqueue
from core.organisation.models import Unit
from questions.bank.content import BankError, Content, problems_of
from questions.bank.importing import findings
from questions.bank.importing.headings import topic_in_heading
from questions.bank.importing.models import (
    QuestionImport,
    QuestionImportItem,
    QuestionImportLine,
    QuestionImportProblem,
)
from questions.bank.importing.similar import Known, bank_around
from questions.bank.levels import known_level
from questions.bank.models import Question, Source, Topic
from questions.bank.service import APPROVED
from questions.bank.sources import match_source

READING, READY, REFUSED = "reading", "ready", "refused"
IMPORTING, UNDOING, UNDONE = "importing", "undoing", "undone"

READ_JOB, IMPORT_JOB, UNDO_JOB = "questions.import", "questions.import_in", "questions.import_undo"


@dataclass(frozen=True)
class Upload:
    """A file that was kept: its name as sent, its token."""

    name: str
    token: str


@dataclass(frozen=True)
class Counts:
    """How many questions of a batch stand where; ``importable`` go in at the next press of the button."""

    total: int = 0
    certain: int = 0
    doubtful: int = 0
    keyless: int = 0
    unusable: int = 0
    existing: int = 0
    similar: int = 0
    accepted: int = 0
    skipped: int = 0
    imported: int = 0
    problems: int = 0

    @property
    def importable(self) -> int:
        """Certain ones and those that somebody has looked at."""
        return self.certain + self.accepted


def start(unit: Unit, account: Account, file: Upload, key: Upload | None, file_digest: str) -> QuestionImport:
    """Begin an import into the bank of ``unit``, inside a unit of work: the worker reads the file."""
    batch = QuestionImport(
        public_id=public_id(),
        unit_id=unit.id,
        unit_path=unit.path,
        account_id=account.id,
        account_label=account.display_name,
        file_name=file.name[:200] or _("Danh sách câu hỏi"),
        file_token=file.token,
        key_name=key.name[:200] if key else "",
        key_token=key.token if key else None,
        file_digest=file_digest,
        created_at=now(),
    )
    db.session.add(batch)
    db.session.flush()
    job = enqueue(
        READ_JOB,
        {"batch": batch.id},
        title=_("Đọc tệp %(name)s", name=batch.file_name),
        unit_path=unit.path,
        account_id=account.id,
    )
    batch.job_public_id = job.public_id
    return batch


def find_batch(batch_public_id: str) -> QuestionImport | None:
    """The import with this public id."""
    return db.session.scalar(select(QuestionImport).where(QuestionImport.public_id == batch_public_id))


def earlier_imports(batch: QuestionImport) -> list[QuestionImport]:
    """Other imports of the very same file into the same bank from which questions are in the bank."""
    return list(
        db.session.scalars(
            select(QuestionImport)
            .where(
                QuestionImport.file_digest == batch.file_digest,
                QuestionImport.unit_id == batch.unit_id,
                QuestionImport.id != batch.id,
                QuestionImport.imported > 0,
            )
            .order_by(QuestionImport.id)
        )
    )


def open_condition() -> ColumnElement[bool]:
    """Questions that are neither imported nor left out."""
    return and_(QuestionImportItem.question_id.is_(None), QuestionImportItem.decision != findings.SKIPPED)


def importable_condition() -> ColumnElement[bool]:
    """Questions that go in at the next press of the button; the same as ``findings.is_importable``."""
    return and_(
        open_condition(),
        or_(
            QuestionImportItem.standing == findings.CERTAIN,
            and_(
                QuestionImportItem.standing == findings.DOUBTFUL,
                QuestionImportItem.decision == findings.ACCEPTED,
            ),
        ),
    )


def counts(batch: QuestionImport) -> Counts:
    """Where the questions of ``batch`` stand."""
    item = QuestionImportItem
    rows = db.session.execute(
        select(item.standing, item.decision, item.question_id.is_not(None), item.similar_id.is_not(None), func.count())
        .where(item.batch_id == batch.id)
        .group_by(item.standing, item.decision, item.question_id.is_not(None), item.similar_id.is_not(None))
    ).all()
    found = dict.fromkeys(Counts.__dataclass_fields__, 0)
    for standing, decision, imported, similar, number in rows:
        found["total"] += number
        if imported:
            found["imported"] += number
            continue
        if decision == findings.SKIPPED:
            found["skipped"] += number
        elif decision == findings.ACCEPTED and standing == findings.DOUBTFUL:
            found["accepted"] += number
        else:
            found[standing] += number
        if similar and standing != findings.EXISTING:
            found["similar"] += number
    found["problems"] = (
        db.session.scalar(
            select(func.count())
            .select_from(QuestionImportProblem)
            .where(QuestionImportProblem.batch_id == batch.id, QuestionImportProblem.seen.is_(False))
        )
        or 0
    )
    return Counts(**found)


def item_of(batch: QuestionImport, item_public_id: str) -> QuestionImportItem | None:
    """The question of ``batch`` with this public id."""
    return db.session.scalar(
        select(QuestionImportItem).where(
            QuestionImportItem.batch_id == batch.id, QuestionImportItem.public_id == item_public_id
        )
    )


def lines_between(batch: QuestionImport, first: int, last: int | None) -> Sequence[QuestionImportLine]:
    """The lines of the file from ``first`` to ``last`` (None: to the end)."""
    line = QuestionImportLine
    statement = select(line).where(line.batch_id == batch.id, line.number >= first)
    if last is not None:
        statement = statement.where(line.number <= last)
    return db.session.scalars(statement.order_by(line.number)).all()


def set_defaults(
    batch: QuestionImport,
    *,
    topic: Topic | None,
    level: str,
    source: Source | None,
    use_sections: bool,
    target_state: str,
) -> None:
    """What stands in for what the list leaves open."""
    batch.topic_id = topic.id if topic else None
    batch.level = level
    batch.source_id = source.id if source else None
    batch.use_sections = use_sections
    batch.target_state = target_state if target_state in {"draft", "in_review"} else "draft"


def accept(item: QuestionImportItem) -> None:
    """ "Đúng như vậy". Raises BankError where something must be put right first."""
    _require_open(item)
    if item.standing not in {findings.CERTAIN, findings.DOUBTFUL}:
        raise BankError(_("Câu này chưa nhập được như vậy. Xin sửa hoặc chọn đáp án."))
    item.decision = findings.ACCEPTED


def skip(item: QuestionImportItem) -> None:
    """Leave a question out of this import."""
    _require_open(item)
    item.decision = findings.SKIPPED


def take_back(item: QuestionImportItem) -> None:
    """Undo a decision."""
    _require_open(item)
    item.decision = ""


def choose_key(item: QuestionImportItem, indexes: Sequence[int]) -> None:
    """Say which options are right; somebody has then looked at the question. Raises BankError for none or too many."""
    _require_open(item)
    data = {**item.data, "correct": sorted(set(indexes))}
    problems = [p for p in problems_of(item.type, item.stem, data) if p.field == "correct"]
    if problems:
        raise BankError(findings.words_for({"code": problems[0].code}, item.type), "correct")
    item.data = data
    item.edited = True
    _judge_again(item)


def edit(item: QuestionImportItem, content: Content, topic: str) -> None:
    """Put a question right by hand. Raises BankError where its type refuses the content."""
    _require_open(item)
    item.type, item.stem, item.data = content.type, content.stem, dict(content.data)
    item.source_text, item.explanation = content.source_text, content.explanation
    item.topic, item.level = topic, content.level
    item.edited = True
    _judge_again(item)


def _judge_again(item: QuestionImportItem) -> None:
    batch = db.session.get_one(QuestionImport, item.batch_id)
    likeness = bank_around(batch.unit_path).nearest(Known.of(0, item.type, item.stem, item.data))
    repeated = next((d["position"] for d in item.own_doubts if d["code"] == "repeated"), None)
    item.standing, item.own_doubts = findings.judge(item.type, item.stem, item.data, list(item.doubts), likeness, repeated)
    item.similar_id = likeness.question_id if likeness else None
    item.similar_percent = likeness.percent if likeness else None
    item.decision = findings.ACCEPTED if item.standing in {findings.CERTAIN, findings.DOUBTFUL} else ""


def _require_open(item: QuestionImportItem) -> None:
    batch = db.session.get_one(QuestionImport, item.batch_id)
    if item.question_id is not None:
        raise BankError(_("Câu này đã nhập vào ngân hàng."))
    if batch.state != READY:
        raise BankError(_("Lần nhập này đang được xử lý hoặc đã hủy."))


def begin_import(batch: QuestionImport, account: Account) -> Job:
    """Let the worker bring in what is certain or accepted, as written by ``account``.

    Raises BankError when there is nothing or it is not the time.
    """
    db.session.flush()  # refreshing would lose what was set before
    db.session.refresh(batch, with_for_update=True)
    if batch.state != READY:
        raise BankError(_("Lần nhập này đang được xử lý hoặc đã hủy."))
    number = counts(batch).importable
    if not number:
        raise BankError(_("Chưa có câu nào để nhập."))
    batch.state = IMPORTING
    job = enqueue(
        IMPORT_JOB,
        {"batch": batch.id},
        title=_("Nhập %(count)s câu từ %(name)s", count=number, name=batch.file_name),
        unit_path=batch.unit_path,
        account_id=account.id,
    )
    batch.job_public_id = job.public_id
    return job


def why_not_undo(batch: QuestionImport) -> str:
    """Why the import cannot be undone as a whole; empty when it can."""
    if batch.state != READY or not batch.imported:
        return str(_("Không có câu nào của lần nhập này để rút lại."))
    approved = db.session.scalar(
        select(func.count())
        .select_from(Question)
        .where(
            Question.import_batch_id == batch.id,
            or_(Question.approved_version_id.is_not(None), Question.state == APPROVED),
        )
    )
    if approved:
        return str(_("Đã có %(count)s câu được duyệt nên không rút lại cả lần nhập được nữa.", count=approved))
    return ""


def begin_undo(batch: QuestionImport, account: Account) -> Job:
    """Take every question of the import out of the bank again. Raises BankError when one is approved."""
    db.session.flush()  # refreshing would lose what was set before
    db.session.refresh(batch, with_for_update=True)
    reason = why_not_undo(batch)
    if reason:
        raise BankError(reason)
    batch.state = UNDOING
    job = enqueue(
        UNDO_JOB,
        {"batch": batch.id},
        title=_("Rút lại lần nhập %(name)s", name=batch.file_name),
        unit_path=batch.unit_path,
        account_id=account.id,
    )
    batch.job_public_id = job.public_id
    record("questions.import_undo_asked", f"import:{batch.public_id}", {"file": batch.file_name})
    return job


def topic_name_of(item: QuestionImportItem, batch: QuestionImport) -> str:
    """The topic that the list itself gives: the row's own, or its section where the headings name topics."""
    return item.topic or (topic_in_heading(item.section) if batch.use_sections else "")


def missing_topics(batch: QuestionImport, known: set[str]) -> list[str]:
    """The names of topics that the list gives to questions to be imported and that are not among ``known`` (folded)."""
    item = QuestionImportItem
    rows = db.session.execute(
        select(item.topic, item.section).where(item.batch_id == batch.id, importable_condition()).distinct()
    )
    names = {topic or (topic_in_heading(section) if batch.use_sections else "") for topic, section in rows}
    return sorted({canonical(name) for name in names if name and fold(name) not in known})


def content_for(item: QuestionImportItem, batch: QuestionImport, topics: dict[str, int], sources: Sequence[Source]) -> Content:
    """What ``item`` will say in the bank. ``topics`` maps folded names to ids, ``sources`` are all documents."""
    source = match_source(item.source_text, sources)
    default_source = batch.source_id if not item.source_text else None
    values: dict[str, Any] = {
        "topic_id": topics.get(fold(topic_name_of(item, batch)), batch.topic_id),
        "level": known_level(item.level) or batch.level,
        "source_id": source.id if source else default_source,
        "source_text": item.source_text,
        "explanation": item.explanation,
    }
    return Content(type=item.type, stem=item.stem, data=item.data, **values)
