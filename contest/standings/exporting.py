"""The Excel file of a standing for staff and for the command line; long ones are made by the job worker."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.standings.board_files import DIRECT, content_of, public_token
from contest.standings.board_memory import load
from contest.standings.listing import Publication, Scope, criteria_words, lines, scopes, select_rows
from contest.standings.models import Standing
from contest.standings.spreadsheet import Sheets, workbook
from contest.standings.states import state_of
from core.database import db, unit_of_work
from core.database.server_time import now
from core.documents import uploads
from core.documents.limits import MIB
from core.jobs import Job, JobError, JobKind, enqueue
from core.web.filters import show_moment, show_number

KIND = "standings.export"
PUBLIC_KIND = "standings.public_file"

KEPT = timedelta(hours=24)
_LIMIT = 200 * MIB


def title_of(standing: Standing, scope: Scope) -> tuple[str, str]:
    """The two lines above every sheet."""
    round_ = standing.round
    return round_.contest.name, f"{round_.name} · {scope.name}"


def notes_of(standing: Standing) -> list[str]:
    """What must be said below them: version, state, by what it is ranked, whether all is invented."""
    notes = [
        _("Bản %(number)s · %(state)s · lập lúc %(moment)s", number=standing.number,
          state=state_of(standing).label, moment=show_moment(standing.prepared_at)),
        _("Xếp theo %(criteria)s", criteria=_(", rồi ").join(criteria_words(standing.criteria))),
    ]  # fmt: skip
    if standing.round.contest.is_sample:
        notes.append(_("Dữ liệu mẫu, không phải kết quả thật."))
    return [str(each) for each in notes]


def standing_workbook(standing: Standing, scope: Scope | None = None) -> bytes:
    """The .xlsx file of everybody in ``scope`` (None: all), with the units' totals."""
    connection = db.session.connection()
    every = scopes(connection, standing.id)
    if not every:
        raise LookupError("a standing without units")
    chosen = scope or every[0]
    content = Sheets(
        title=title_of(standing, chosen),
        notes=notes_of(standing),
        scope=chosen,
        lines=lines(connection, standing.id, chosen),
        scopes=every,
        with_totals=True,
        public=False,
    )
    return workbook(content, _)


def ask_for_export(standing: Standing, scope: Scope) -> Job:
    """Ask for a long file, inside a unit of work."""
    return enqueue(
        KIND,
        {"standing": standing.id, "unit": scope.unit_id},
        title=_("Xuất Excel bảng kết quả: %(round)s, %(unit)s", round=standing.round.name, unit=scope.name),
        unit_path=scope.path,
    )


class ExportStanding(JobKind):
    """Arguments: ``standing`` and ``unit`` (ids)."""

    name = KIND

    def prepare(self, job: Job, number: int) -> None:
        """The file is made before the only step: no lock is held meanwhile."""
        if number != 1:
            return
        standing = db.session.get_one(Standing, job.arguments["standing"])
        every = scopes(db.session.connection(), standing.id)
        scope = next((each for each in every if each.unit_id == job.arguments["unit"]), None)
        if scope is None:
            raise JobError(_("Đơn vị này không có trong bảng kết quả."))
        uploads.keep(io.BytesIO(standing_workbook(standing, scope)), limit=_LIMIT, token=_token(job))

    def plan(self, job: Job) -> int:
        """One step."""
        return 1

    def step(self, job: Job, number: int) -> str:
        """The file is there."""
        size = uploads.path_of(_token(job)).stat().st_size
        return str(_("Tệp Excel đã xong (%(size)s KB)", size=show_number(size // 1024)))

    def finish(self, job: Job) -> dict[str, Any]:
        """Where it is fetched."""
        standing = db.session.get_one(Standing, job.arguments["standing"])
        return {
            "url": f"/quan-tri/ket-qua/{standing.public_id}/tep/{job.public_id}.xlsx",
            "label": str(_("Tải tệp Excel")),
            "file": _token(job),
        }


def ask_for_public_file(standing: Standing) -> Job | None:
    """Ask, inside a unit of work, for the public file of a standing that names more people than are written at once."""
    publication = Publication.of(standing.publication)
    count = db.session.scalar(select(func.count()).select_from(select_rows(standing.id, public=publication).subquery()))
    if (count or 0) <= DIRECT:
        return None
    return enqueue(
        PUBLIC_KIND,
        {"standing": standing.id},
        title=_("Lập tệp Excel công khai: %(round)s", round=standing.round.name),
        unit_path=standing.round.contest.unit.path,
    )


class PublicFile(JobKind):
    """The Excel file that a board offers. Argument: ``standing`` (id)."""

    name = PUBLIC_KIND

    def prepare(self, job: Job, number: int) -> None:
        """The file is made before the only step: no lock is held meanwhile."""
        if number == 1:
            board = load(db.session.connection(), job.arguments["standing"], "")
            content = content_of(board, None, _)
            uploads.keep(io.BytesIO(workbook(content, _)), limit=_LIMIT, token=public_token(board.facts.standing))

    def plan(self, job: Job) -> int:
        """One step."""
        return 1

    def step(self, job: Job, number: int) -> str:
        """The file is there."""
        return str(_("Trang công khai đã có tệp Excel"))


def _token(job: Job) -> str:
    return sha256(f"standing:{job.public_id}".encode()).hexdigest()[:32]


def discard_old_exports() -> int:
    """Delete the files of jobs that ended a day ago; returns how many. The worker calls it now and then."""
    before = now() - KEPT
    statement = select(Job).where(Job.kind == KIND, Job.state == "done", Job.finished_at < before)
    old = [job.id for job in db.session.scalars(statement) if job.result and job.result.get("file")]
    if not old:
        return 0
    with unit_of_work() as session:
        for number in old:
            job = session.get_one(Job, number)
            result = dict(job.result or {})
            uploads.discard(str(result.pop("file")))
            job.result = result
    return len(old)
