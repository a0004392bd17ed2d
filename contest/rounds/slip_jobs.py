"""The job that prints slips: parts of some thousands, each a PDF; one part is the file, more come packed together."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from config import Settings
from contest.rounds.models import Contest, Round
from contest.rounds.slip_choosing import MissingHash, note_hashes, ordered_people, slips_of
from contest.rounds.slip_sheets import PER_PAGE, slips_pdf
from core.audit import record
from core.database import after_commit, db, unit_of_work
from core.database.server_time import now
from core.documents import uploads
from core.documents.limits import MIB
from core.jobs import Job, JobError, JobKind, enqueue, prepared
from core.web.filters import show_number

KIND = "slips.print"

#: Slips in one PDF: 250 pages, some 5 s of work and 300 MB of memory at most.
PART = 250 * PER_PAGE
#: The files hold codes: they are kept no longer than it takes to print them.
KEPT = timedelta(hours=24)
_LIMIT = 200 * MIB


def ask_for_slips(contest: Contest, round_: Round, unit_path: str, unit_name: str) -> Job:
    """Ask for the slips of a unit's subtree, inside a unit of work."""
    return enqueue(
        KIND,
        {"contest": contest.id, "round": round_.id, "unit_path": unit_path, "unit": unit_name, "people": None},
        title=_("In phiếu dự thi: %(unit)s, %(round)s", unit=unit_name, round=round_.name),
        unit_path=unit_path,
    )


class PrintSlips(JobKind):
    """Arguments: ``contest`` and ``round`` (ids), ``unit_path``, ``unit`` (its name), ``people`` (public ids, or None)."""

    name = KIND

    def prepare(self, job: Job, number: int) -> Any:
        """Before planning: who, in which order. Before a part: its PDF. Before the last of several: the pack."""
        if number == 0:
            return self._choose(job)
        if number <= self._parts(job):
            return self._make_part(job, number)
        self._pack(job)
        return []

    def plan(self, job: Job) -> int:
        """A step a part, and one for packing where there is more than one."""
        count: int = prepared()
        if not count:
            raise JobError(_("Không có thí sinh nào trong danh sách dự thi của đơn vị này, nên chưa có phiếu để in."))
        parts = -(-count // PART)
        return parts + 1 if parts > 1 else parts

    def step(self, job: Job, number: int) -> str | None:
        """What was made is there; the database learns of slips that are printed for the first time."""
        missing: list[MissingHash] = prepared()
        note_hashes(missing)
        count = len(self._people(job))
        done = min(number * PART, count)
        return str(_("Đã xong %(done)s trong %(count)s phiếu", done=show_number(done), count=show_number(count)))

    def finish(self, job: Job) -> dict[str, Any]:
        """Where the file is fetched. The scratch files go, and the chain learns that codes were printed."""
        contest = db.session.get_one(Contest, job.arguments["contest"])
        round_ = db.session.get_one(Round, job.arguments["round"])
        people = self._people(job)
        several = self._parts(job) > 1
        ending = "zip" if several else "pdf"
        record(
            "slips.printed",
            f"round:{round_.public_id}",
            {"unit": job.arguments["unit"], "count": len(people), "job": job.public_id},
        )
        scratch = ["people", *(str(number) for number in range(1, self._parts(job) + 1) if several)]
        tokens = [_token(job, name) for name in scratch]
        after_commit(lambda: _discard(tokens))
        return {
            "url": f"/quan-tri/hoi-thi/{contest.public_id}/phieu/{job.public_id}.{ending}",
            "label": str(_("Tải phiếu để in")),
            "file": _token(job, "pack" if several else "1"),
            "ending": ending,
            "count": len(people),
        }

    def cancelled(self, job: Job) -> None:
        """Nothing with codes in it stays."""
        self._discard_all(job)

    def failed(self, job: Job) -> None:
        """Nothing with codes in it stays."""
        self._discard_all(job)

    def _discard_all(self, job: Job) -> None:
        names = ["people", "pack", *(str(number) for number in range(1, (job.steps_total or 0) + 2))]
        _discard([_token(job, name) for name in names])

    def _choose(self, job: Job) -> int:
        people = ordered_people(job.arguments["contest"], job.arguments["unit_path"], job.arguments["people"])
        uploads.keep(io.BytesIO(json.dumps(people).encode()), limit=_LIMIT, token=_token(job, "people"))
        return len(people)

    def _people(self, job: Job) -> list[int]:
        people: list[int] = json.loads(uploads.path_of(_token(job, "people")).read_bytes())
        return people

    def _parts(self, job: Job) -> int:
        return -(-len(self._people(job)) // PART)

    def _make_part(self, job: Job, number: int) -> list[MissingHash]:
        settings: Settings = current_app.config["SETTINGS"]
        round_ = db.session.get_one(Round, job.arguments["round"])
        people = self._people(job)[(number - 1) * PART : number * PART]
        slips, missing = slips_of(round_, people)
        pdf = slips_pdf(slips, base_url=settings.base_url, hotline=round_.contest.hotline or settings.hotline)
        uploads.keep(io.BytesIO(pdf), limit=_LIMIT, token=_token(job, str(number)))
        return missing

    def _pack(self, job: Job) -> None:
        pack = io.BytesIO()
        with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(1, self._parts(job) + 1):
                archive.write(uploads.path_of(_token(job, str(number))), f"phieu-du-thi-{number:02}.pdf")
        pack.seek(0)
        uploads.keep(pack, limit=_LIMIT, token=_token(job, "pack"))


def _token(job: Job, name: str) -> str:
    """Files of a job are named after it, so that a repeated step replaces its own."""
    return sha256(f"slips:{job.public_id}:{name}".encode()).hexdigest()[:32]


def _discard(tokens: Sequence[str]) -> None:
    for token in tokens:
        uploads.discard(token)


def discard_old_slips() -> int:
    """Delete the files of jobs that ended a day ago; returns how many. The worker calls it now and then."""
    before = now() - KEPT
    statement = select(Job).where(Job.kind == KIND, Job.state == "done", Job.finished_at < before)
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
