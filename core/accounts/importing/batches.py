"""What pages and commands do with an import: open it, look at it, decide about rows, bring it in, throw it away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select

from core.access import current_actor
from core.accounts.importing.checking import PERSON_FIELDS
from core.accounts.importing.checking_units import UNIT_FIELDS
from core.accounts.importing.doubt_kinds import DoubtKind, all_kinds, kind_of
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.settling import partners, settle
from core.accounts.importing.staging import CHUNK, checked_rows, write_rows
from core.accounts.importing.workings import DROP, Decision, RowData, Workings, row_data
from core.audit import record
from core.database import canonical, db, fold, unit_of_work
from core.database.server_time import now
from core.documents.uploads import keep
from core.jobs import enqueue
from core.organisation.models import Unit

#: Up to so many rows a decision takes effect at once; more are left to the worker.
AT_ONCE = CHUNK
LONGEST_CELL = 500
#: How long rows lie here: lists of people are personal data.
KEPT_DAYS = 30


class ImportRefused(ValueError):
    """Something cannot be done with a batch now; the text says why to people."""


@dataclass(frozen=True)
class Counts:
    """How the rows of a batch stand."""

    total: int = 0
    good: int = 0
    review: int = 0
    error: int = 0
    dropped: int = 0
    attention: int = 0
    new: int = 0
    change: int = 0
    same: int = 0
    skip: int = 0
    tidied: int = 0

    @property
    def bad(self) -> int:
        """Rows that cannot be imported as they are."""
        return self.review + self.error

    @property
    def warned(self) -> int:
        """Rows that can be imported and that somebody should look at."""
        return self.attention - self.bad

    @property
    def effect(self) -> int:
        """Good rows that would add or change something."""
        return self.new + self.change


@dataclass(frozen=True)
class DoubtGroup:
    """The doubts of one kind in a batch: on how many rows, and on how many with a proposal."""

    kind: DoubtKind
    rows: int
    proposals: int


def receive(stream: BinaryIO) -> str:
    """Keep an upload for the worker; returns its token. Raises DocumentRefused when it is too big or empty."""
    return keep(stream)


def open_batch(scope: Unit | None, token: str, file_name: str) -> ImportBatch:
    """A batch for the upload ``token`` in the subtree of ``scope`` (None: the whole tree), and the job that reads it."""
    actor = current_actor()
    batch = ImportBatch(
        unit_id=scope.id if scope else 0,
        unit_path=scope.path if scope else "/",
        account_id=actor.account_id,
        account_label=actor.label[:200],
        file_name=_shown_file_name(file_name),
        file_token=token,
        created_at=now(),
    )
    db.session.add(batch)
    db.session.flush()
    _hand_over(batch, "people.read", {}, _("Đọc tệp %(file)s", file=batch.file_name), "reading")
    return batch


def _shown_file_name(name: str) -> str:
    base = canonical(PurePath(name.replace("\\", "/")).name)
    return base[:200] or str(_("danh sách.xlsx"))


def _hand_over(batch: ImportBatch, kind: str, arguments: dict[str, object], title: str, state: str) -> None:
    """Leave ``batch`` to the worker, in ``state`` meanwhile."""
    job = enqueue(kind, {"batch": batch.id, **arguments}, title=title, unit_path=batch.unit_path)
    batch.state, batch.job_public_id, batch.message = state, job.public_id, ""


def batch_by_public_id(public_id: str) -> ImportBatch | None:
    """The batch with this id."""
    return db.session.scalar(select(ImportBatch).where(ImportBatch.public_id == public_id))


def batches_within(paths: Iterable[str]) -> Select[ImportBatch]:
    """The batches of these subtrees, the newest first."""
    conditions = [ImportBatch.unit_path.startswith(path, autoescape=True) for path in paths]
    return select(ImportBatch).where(or_(*conditions)).order_by(ImportBatch.id.desc())


def counts(batch: ImportBatch) -> Counts:
    """How the rows stand now."""
    columns = (ImportRow.state, ImportRow.attention, ImportRow.action)
    statement = select(*columns, func.count(), func.sum(ImportRow.tidied)).where(ImportRow.batch_id == batch.id)
    sums: dict[str, int] = {}

    def add(name: str, number: int) -> None:
        sums[name] = sums.get(name, 0) + number

    for state, attention, action, number, tidied in db.session.execute(statement.group_by(*columns)):
        add("total", number)
        add("tidied", int(tidied or 0))
        if state in ("good", "review", "error", "dropped"):
            add(state, number)
        if attention:
            add("attention", number)
        if state == "good" and action in ("new", "change", "same", "skip"):
            add(action, number)
    return Counts(**sums)


def rows_in(batch: ImportBatch, tab: str, code: str = "", query: str = "") -> Select[ImportRow]:
    """The rows of a tab: problems, changes, or all; those with a doubt called ``code``; those whose name has ``query``."""
    statement = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if tab == "problems":
        statement = statement.where(ImportRow.attention)
    elif tab == "changes":
        statement = statement.where(ImportRow.action == "change")
    if code:
        statement = statement.where(_has_code(code))
    for word in fold(query).split():
        statement = statement.where(ImportRow.folded.contains(word, autoescape=True))
    return statement


def _has_code(code: str) -> ColumnElement[bool]:
    patterns = (f"|{code}|", f"|{code}+|")
    return or_(*(ImportRow.codes.contains(pattern, autoescape=True) for pattern in patterns))


def doubt_groups(batch: ImportBatch) -> list[DoubtGroup]:
    """The kinds of doubts that rows have now, the gravest first, then the most frequent."""
    statement = select(ImportRow.codes, func.count()).where(ImportRow.batch_id == batch.id, ImportRow.codes != "")
    rows: dict[str, int] = {}
    proposals: dict[str, int] = {}
    for codes, number in db.session.execute(statement.group_by(ImportRow.codes)):
        for code in codes.strip("|").split("|"):
            name = code.rstrip("+")
            rows[name] = rows.get(name, 0) + number
            if code.endswith("+"):
                proposals[name] = proposals.get(name, 0) + number
    order = {kind.code: place for place, kind in enumerate(all_kinds())}
    groups = [DoubtGroup(kind_of(code), number, proposals.get(code, 0)) for code, number in rows.items() if code in order]
    severity = {"error": 0, "review": 1, "warning": 2}
    return sorted(groups, key=lambda group: (severity[group.kind.severity], -group.rows, order[group.kind.code]))


def row_at(batch: ImportBatch, position: int) -> ImportRow | None:
    """The row at ``position``, however large a number an address may say."""
    if position >= 2**31:
        return None
    return db.session.scalar(select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.position == position))


# ---- decisions about one row ----


def edit_cells(batch: ImportBatch, row: ImportRow, texts: Mapping[str, str]) -> None:
    """Put ``texts`` (by field) into cells of the row; those that say what stands there already change nothing.

    Raises ImportRefused for a cell that a row of its kind has not.
    """
    allowed = UNIT_FIELDS if row.kind == "unit" else PERSON_FIELDS
    if not texts or any(name not in allowed for name in texts):
        raise ImportRefused(_("Không có ô này trong danh sách."))
    data = row_data(row)
    standing = data.effective
    for name, text in texts.items():
        if name in standing and standing[name].text.strip() == text.strip():
            continue
        if name not in standing and not text.strip():
            continue
        data.edits = {**data.edits, name: text[:LONGEST_CELL]}
        # What was waved through was said of the old text.
        data.kept = [code for code in data.kept if not code.startswith(_PREFIXES.get(name, "?"))]
    _decide(batch, row, data)


_PREFIXES = {"name": "name_", "birth": "date_", "phone": "phone_", "eligible": "eligible_"}


def accept(batch: ImportBatch, row: ImportRow, code: str) -> None:
    """Take the proposal of a doubt. Raises ImportRefused when it has none (any more)."""
    _with(batch, row, lambda data: data.accept(code))


def keep_as_is(batch: ImportBatch, row: ImportRow, code: str) -> None:
    """Wave a doubt through. Raises ImportRefused where that cannot be."""
    _with(batch, row, lambda data: data.keep(code))


def choose(batch: ImportBatch, row: ImportRow, code: str, value: str) -> None:
    """Answer a doubt with one of its choices. Raises ImportRefused for anything else."""

    def chosen(data: RowData) -> bool:
        for doubt in data.doubts:
            if doubt.code == code and any(value == known for known, _label in doubt.choices):
                data.choose(doubt, value)
                return True
        return False

    _with(batch, row, chosen)


def drop(batch: ImportBatch, row: ImportRow) -> None:
    """Leave the row out of the import."""
    data = row_data(row)
    data.answer = DROP
    _decide(batch, row, data)


def restore(batch: ImportBatch, row: ImportRow) -> None:
    """Take a row back that was left out."""
    data = row_data(row)
    data.answer = "" if data.answer == DROP else data.answer
    _decide(batch, row, data)


def _with(batch: ImportBatch, row: ImportRow, decision: Callable[[RowData], bool]) -> None:
    data = row_data(row)
    if not decision(data):
        raise ImportRefused(_("Dòng này vừa được sửa, không còn đề nghị đó nữa."))
    _decide(batch, row, data)


def _decide(batch: ImportBatch, row: ImportRow, data: RowData) -> None:
    """Check the row with what was decided, and the rows that it concerns."""
    _require_ready(batch)
    row.edits, row.kept, row.answer = data.edits, data.kept, data.answer
    db.session.flush()
    if row.kind == "unit":
        # Any other row may name this unit.
        if batch.layout.get("rows", 0) > AT_ONCE:
            _hand_over(batch, "people.recheck", {}, _("Xem lại danh sách sau khi sửa đơn vị"), "working")
            return
        everything = list(db.session.scalars(rows_in(batch, "all")))
        _check(batch, everything)
        return
    _check(batch, [row])


def _check(batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Check ``rows`` again, and settle them with those that share a name or phone with them, before or after."""
    before = [(row.folded, row.phone) for row in rows]
    checked = checked_rows(Workings(batch), [row_data(row) for row in rows])
    for kind in ("unit", "person"):
        write_rows([values for values in checked if ("level" in values) == (kind == "unit")])
    db.session.expire_all()
    people = [row for row in rows if row.kind == "person"]
    concerned = {row.position for row in people}
    concerned |= partners(batch, [*before, *((row.folded, row.phone) for row in people)])
    ordered = sorted(concerned)
    for start in range(0, len(ordered), CHUNK):
        write_rows(settle(batch, ordered[start : start + CHUNK]))
    db.session.expire_all()


# ---- decisions about many ----


def accept_all(batch: ImportBatch, code: str) -> int:
    """Take the proposals of every doubt called ``code``; how many rows. Many are left to the worker (state working)."""
    return _decide_all(batch, Decision(accept=code), code)


def keep_all(batch: ImportBatch, code: str) -> int:
    """Wave every doubt called ``code`` through; how many rows. Many are left to the worker (state working)."""
    if kind_of(code).keep is None:
        raise ImportRefused(_("Loại vấn đề này phải sửa, không bỏ qua được."))
    return _decide_all(batch, Decision(keep=code), code)


def _decide_all(batch: ImportBatch, decision: Decision, code: str) -> int:
    _require_ready(batch)
    group = next((group for group in doubt_groups(batch) if group.kind.code == code), None)
    if group is None or (decision.accept and not group.proposals):
        return 0
    number = group.proposals if decision.accept else group.rows
    rows = list(db.session.scalars(rows_in(batch, "all", code).limit(AT_ONCE + 1)))
    if len(rows) > AT_ONCE or any(row.kind == "unit" for row in rows):
        arguments: dict[str, object] = {"accept": decision.accept, "keep": decision.keep}
        _hand_over(batch, "people.recheck", arguments, _("Nhận đề nghị: %(kind)s", kind=group.kind.label), "working")
        return number
    for row in rows:
        data = row_data(row)
        if decision.apply(data):
            row.edits, row.kept, row.answer = data.edits, data.kept, data.answer
    db.session.flush()
    _check(batch, rows)
    return number


def _require_ready(batch: ImportBatch) -> None:
    if batch.state != "ready":
        raise ImportRefused(_("Danh sách này đang được xử lý hoặc đã nhập rồi. Xin tải lại trang."))


def bring_in(batch: ImportBatch, *, all_or_nothing: bool = False) -> None:
    """Have the good rows imported by the worker. Raises ImportRefused where ``all_or_nothing`` meets a bad row."""
    _require_ready(batch)
    standing = counts(batch)
    if all_or_nothing and standing.bad:
        raise ImportRefused(_("Còn %(count)s dòng chưa nhập được nên chưa nhập dòng nào.", count=standing.bad))
    if not standing.effect:
        raise ImportRefused(_("Không có gì mới để nhập."))
    batch.all_or_nothing = all_or_nothing
    _hand_over(batch, "people.import", {}, _("Nhập %(file)s", file=batch.file_name), "importing")


def erase_old() -> None:
    """Have the rows of one batch erased that nobody has looked after for KEPT_DAYS (the worker calls this by the hour)."""
    before = now() - timedelta(days=KEPT_DAYS)
    rows = select(ImportRow.id).where(ImportRow.batch_id == ImportBatch.id).exists()
    statement = select(ImportBatch).where(ImportBatch.created_at < before, ImportBatch.state.in_(("ready", "done")), rows)
    with unit_of_work():
        batch = db.session.scalar(statement.order_by(ImportBatch.id).limit(1))
        if batch is not None:
            state = "done" if batch.state == "done" else "discarding"
            _hand_over(batch, "people.discard", {"erase": True}, _("Xóa danh sách cũ %(file)s", file=batch.file_name), state)


def throw_away(batch: ImportBatch) -> None:
    """Forget an upload that will not be imported; its rows are erased by the worker."""
    if batch.state == "refused":
        batch.state, batch.finished_at = "cancelled", now()
        return
    _require_ready(batch)
    record("people.import_cancel", f"import:{batch.public_id}", {"file": batch.file_name})
    _hand_over(batch, "people.discard", {"erase": True}, _("Bỏ tệp %(file)s", file=batch.file_name), "discarding")
