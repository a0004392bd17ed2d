"""The job that prints a paper. Its file holds unopened questions and keys: it is kept for a day."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from contest.papers.drawing import PoolTooSmall
from contest.papers.pool import PoolShort
from contest.papers.printing.drawn import Order, paper_of
from contest.papers.printing.files import RENDERERS, files_of, packed
from contest.rounds.models import Round
from core.audit import record
from core.database import db, unit_of_work
from core.database.server_time import now
from core.documents import uploads
from core.documents.limits import MIB
from core.jobs import Job, JobError, JobKind, enqueue, prepared

KIND = "papers.print"
KEPT = timedelta(hours=24)
_LIMIT = 200 * MIB


def ask_for_paper(round_: Round, order: Order) -> Job:
    """Ask for the files of ``order``, inside a unit of work; the chain learns who asked for what."""
    job = enqueue(
        KIND,
        {"round": round_.id, **order.to_plain()},
        title=_("In đề thi: %(round)s", round=round_.name),
        unit_path=round_.contest.unit.path,
    )
    record("paper.print_asked", f"round:{round_.public_id}", {**_said(order), "job": job.public_id})
    return job


class PrintPaper(JobKind):
    """Arguments: ``round`` (id) and the fields of Order."""

    name = KIND

    def prepare(self, job: Job, number: int) -> Any:
        """Draw and set everything, without a lock; returns the file's name and how many it holds."""
        if number == 0:
            return None
        round_, order = _asked(job)
        try:
            printed = paper_of(round_, order)
        except (PoolShort, PoolTooSmall) as error:
            raise JobError(_("Ngân hàng câu hỏi không đủ câu cho ma trận đề của vòng này.")) from error
        if not printed.longest:
            raise JobError(_("Ma trận đề của vòng này còn trống nên chưa có đề để in."))
        files = files_of(printed, RENDERERS[order.format], order.columns, sheets=order.sheets, keys=order.keys)
        name, content = packed(files)
        uploads.keep(io.BytesIO(content), limit=_LIMIT, token=_token(job))
        return name.rpartition("/")[2], len(files)

    def plan(self, job: Job) -> int:
        """One step: the slow part of it holds no lock."""
        return 1

    def step(self, job: Job, number: int) -> str | None:
        """The files are there; says how many."""
        name, count = prepared()
        job.arguments = {**job.arguments, "name": name}
        return str(_("Đã in xong %(count)s tệp", count=count))

    def finish(self, job: Job) -> dict[str, Any]:
        """Where the file is fetched; the chain learns that there is a paper on file."""
        round_, order = _asked(job)
        record("paper.printed", f"round:{round_.public_id}", {**_said(order), "job": job.public_id})
        name = str(job.arguments["name"])
        return {
            "url": f"/quan-tri/vong-thi/{round_.public_id}/in-de/{job.public_id}",
            "label": str(_("Tải đề thi để in")),
            "file": _token(job),
            "name": name,
        }

    def cancelled(self, job: Job) -> None:
        """No paper stays that nobody wants."""
        uploads.discard(_token(job))

    def failed(self, job: Job) -> None:
        """No half of a paper stays."""
        uploads.discard(_token(job))


def _asked(job: Job) -> tuple[Round, Order]:
    fields = {name: value for name, value in job.arguments.items() if name in Order.__dataclass_fields__}
    return db.session.get_one(Round, job.arguments["round"]), Order(**fields)


def _said(order: Order) -> dict[str, Any]:
    """What the audit chain keeps: never the seed, which with the key would give the paper away."""
    return {name: value for name, value in order.to_plain().items() if name != "seed"}


def _token(job: Job) -> str:
    return sha256(f"papers:{job.public_id}".encode()).hexdigest()[:32]


def discard_old_papers() -> int:
    """Delete the files of jobs that ended a day ago; returns how many. The worker calls it now and then."""
    statement = select(Job).where(Job.kind == KIND, Job.state == "done", Job.finished_at < now() - KEPT)
    old = [job for job in db.session.scalars(statement) if job.result and job.result.get("file")]
    if not old:
        return 0
    with unit_of_work():
        for job in old:
            kept = db.session.get_one(Job, job.id)
            result = dict(kept.result or {})
            uploads.discard(str(result.pop("file")))
            kept.result = result
    return len(old)
