"""The jobs that put a file's rows into the database and check them: first each for itself, then beside each other.

Reading and matching are done in ``prepare``, where no lock is held; a step only writes some 300 rows.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, update

from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.reading import Lists, read_lists
from core.accounts.importing.settling import settle
from core.accounts.importing.workings import Decision, RowData, Workings, numbered_row, rows_between
from core.database import db
from core.documents.limits import DocumentRefused
from core.documents.uploads import UploadMissing, discard, path_of
from core.jobs import Job, JobKind, enqueue, prepared

#: Rows a step: some 20 ms of SQLite's write lock.
CHUNK = 300


@dataclass
class _Open:
    """What a process remembers of a batch between steps; made anew after a crash."""

    workings: Workings
    lists: Lists | None = None


_OPEN: OrderedDict[str, _Open] = OrderedDict()
_MOST_OPEN = 2


def _remember(job: Job, opened: _Open) -> _Open:
    _OPEN[job.public_id] = opened
    while len(_OPEN) > _MOST_OPEN:
        _OPEN.popitem(last=False)
    return opened


def batch_of(job: Job) -> ImportBatch:
    """The batch that ``job`` is about."""
    return db.session.get_one(ImportBatch, job.arguments["batch"])


def steps_for(rows: int) -> int:
    """How many steps ``rows`` take."""
    return -(-rows // CHUNK)


def chunk_bounds(number: int, first: int, last: int) -> tuple[int, int]:
    """The first and last position of chunk ``number`` (from 1) of the positions ``first`` to ``last``."""
    start = first + (number - 1) * CHUNK
    return start, min(start + CHUNK - 1, last)


def preview_url(batch: ImportBatch) -> str:
    """Where people look at the batch (jobs run outside of requests, where ``url_for`` knows no address)."""
    return path_to("people_import.preview", batch_id=batch.public_id)


def path_to(endpoint: str, **values: str) -> str:
    """The path of a page of ours."""
    return current_app.url_map.bind("").build(endpoint, values)


def dots(number: int) -> str:
    """17.000"""
    return f"{number:,}".replace(",", ".")


class _Checking(JobKind):
    """What reading a file and checking it again have in common: rows for themselves, then people beside each other."""

    def prepare(self, job: Job, number: int) -> Any:
        if number == 0:
            return self._start(job)
        batch = batch_of(job)
        total, units = self._counts(job, batch)
        staging = steps_for(total)
        if number <= staging:
            first, last = chunk_bounds(number, 1, total)
            return self._checked(job, batch, first, last)
        first, last = chunk_bounds(number - staging, units + 1, total)
        return settle(batch, range(first, last + 1))

    def step(self, job: Job, number: int) -> str | None:
        batch = batch_of(job)
        total, units = self._counts(job, batch)
        staging = steps_for(total)
        if number <= staging:
            self._write(prepared())
            done = chunk_bounds(number, 1, total)[1]
            return str(_("Đã đọc %(done)s/%(total)s dòng.", done=dots(done), total=dots(total)))
        write_rows(prepared())
        done = chunk_bounds(number - staging, units + 1, total)[1]
        return str(_("Đã đối chiếu %(done)s/%(total)s dòng.", done=dots(done), total=dots(total)))

    def finish(self, job: Job) -> dict[str, Any] | None:
        batch = batch_of(job)
        if batch.state != "refused":
            batch.state = "ready"
        if batch.file_token:
            # Everything is in the rows now; the file itself is nobody's business any more.
            discard(batch.file_token)
            batch.file_token = None
        _OPEN.pop(job.public_id, None)
        return {"url": preview_url(batch), "go_on": True, "label": str(_("Xem danh sách"))}

    def _counts(self, job: Job, batch: ImportBatch) -> tuple[int, int]:
        """How many rows the batch has, and how many of them are units."""
        return batch.layout["rows"], batch.layout["units"]

    def _start(self, job: Job) -> Any:
        return None

    def _checked(self, job: Job, batch: ImportBatch, first: int, last: int) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _write(self, rows: list[dict[str, Any]]) -> None:
        raise NotImplementedError


def write_rows(rows: list[dict[str, Any]]) -> None:
    """Update rows by their ids; all have the same columns. (Twice as fast as the same through the ORM.)"""
    if rows:
        table = ImportRow.__table__
        names = [name for name in rows[0] if name != "id"]
        statement = update(ImportRow).where(table.c.id == bindparam("_id"))
        statement = statement.values({name: bindparam(f"_{name}", type_=table.c[name].type) for name in names})
        values = [{f"_{name}": value for name, value in row.items()} for row in rows]
        db.session.connection().execute(statement, values)


class ReadFile(_Checking):
    """``people.read``: stages every row of an uploaded file."""

    name = "people.read"

    def _start(self, job: Job) -> Lists | DocumentRefused:
        try:
            return self._open(job).lists or DocumentRefused(_("Danh sách trong tệp chưa có dòng nào."), "empty")
        except DocumentRefused as refused:
            return refused

    def _open(self, job: Job) -> _Open:
        known = _OPEN.get(job.public_id)
        if known is not None:
            return known
        batch = batch_of(job)
        try:
            lists = read_lists(path_of(batch.file_token or ""))
        except UploadMissing:
            raise DocumentRefused(_("Tệp không còn nữa. Xin tải tệp lên lại."), "damaged") from None
        units = [numbered_row(line) for line in lists.lines if line.kind == "unit"]
        workings = Workings(batch, units)
        workings.layout = lists.layout
        return _remember(job, _Open(workings, lists))

    def plan(self, job: Job) -> int:
        batch = batch_of(job)
        lists: Lists | DocumentRefused = prepared()
        if isinstance(lists, DocumentRefused):
            batch.state, batch.message = "refused", str(lists)
            return 0
        total = len(lists.lines)
        batch.layout = {**lists.layout, "rows": total}
        return steps_for(total) + steps_for(total - lists.layout["units"])

    def _checked(self, job: Job, batch: ImportBatch, first: int, last: int) -> list[dict[str, Any]]:
        opened = self._open(job)
        assert opened.lists is not None
        rows = []
        for line in opened.lists.lines[first - 1 : last]:
            row = numbered_row(line)
            fixed = {
                "batch_id": batch.id,
                "position": row.position,
                "kind": row.kind,
                "sheet": row.sheet,
                "number": row.number,
                "cells": {name: raw.plain() for name, raw in row.cells.items()},
            }
            rows.append({**fixed, **opened.workings.check(row)})
        return rows

    def _write(self, rows: list[dict[str, Any]]) -> None:
        # One statement a kind: the rows of a statement have the same columns.
        for kind in ("unit", "person"):
            alike = [row for row in rows if row["kind"] == kind]
            if alike:
                db.session.connection().execute(insert(ImportRow), alike)

    def failed(self, job: Job) -> None:
        batch = batch_of(job)
        batch.state, batch.message = "refused", _("Không đọc xong tệp này được. Xin tải tệp lên lại.")

    def cancelled(self, job: Job) -> None:
        batch = batch_of(job)
        batch.state, batch.message = "refused", _("Đồng chí đã dừng việc đọc tệp.")
        if batch.file_token:
            discard(batch.file_token)
            batch.file_token = None


class CheckAgain(_Checking):
    """``people.recheck``: checks every row of a batch again, after units changed or many doubts were decided at once.

    The argument ``accept`` is the code of the doubts whose proposals are taken, ``keep`` of those waved through.
    """

    name = "people.recheck"

    def plan(self, job: Job) -> int:
        batch = batch_of(job)
        total, units = self._counts(job, batch)
        return steps_for(total) + steps_for(total - units)

    def _checked(self, job: Job, batch: ImportBatch, first: int, last: int) -> list[dict[str, Any]]:
        decision = Decision(job.arguments.get("accept", ""), job.arguments.get("keep", ""))
        opened = _OPEN.get(job.public_id) or _remember(job, _Open(Workings(batch, decision=decision)))
        rows = rows_between(batch, first, last)
        for row in rows:
            decision.apply(row)
        return checked_rows(opened.workings, rows)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        for kind in ("unit", "person"):
            write_rows([row for row in rows if ("level" in row) == (kind == "unit")])

    def failed(self, job: Job) -> None:
        batch_of(job).state = "ready"

    def cancelled(self, job: Job) -> None:
        """What was decided so far stands; the rows are checked against each other once more."""
        batch = batch_of(job)
        again = enqueue("people.recheck", {"batch": batch.id}, title=job.title, unit_path=batch.unit_path)
        batch.job_public_id = again.public_id


def checked_rows(workings: Workings, rows: list[RowData]) -> list[dict[str, Any]]:
    """The columns of ``rows`` after checking, each with its id."""
    return [{"id": row.id, **workings.check(row)} for row in rows]
