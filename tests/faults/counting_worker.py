"""A worker for the kill tests: the real one, over an app of its own, with a kind of job that can be made to hang.

Arguments: instance folder, database address (or ""), where to hang ("", "inside", "after-commit"), at which step. It
says on its standard output what it does, one line each, so that a test waits for a line and not for a time.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from config import Settings
from core.audit import record
from core.database import after_commit, db
from core.database.anchoring import anchored_clock
from core.database.server_time import use_clock
from core.jobs import Job, JobKind, register, worker
from run import create_app

INSTANCE, URL, HANG, HANG_AT = sys.argv[1:5]


def say(line: str) -> None:
    print(line, flush=True)


def hang() -> None:
    say("hanging")
    threading.Event().wait()


class Counting(JobKind):
    name = "test.count"

    def plan(self, job: Job) -> int:
        record("test.plan", job.public_id)
        return int(job.arguments["steps"])

    def step(self, job: Job, number: int) -> str | None:
        say(f"step {number}")
        record("test.step", str(number))
        db.session.flush()
        if number == int(HANG_AT or 0):
            if HANG == "inside":
                hang()
            elif HANG == "after-commit":
                after_commit(hang)
        return f"Đã đếm {number}"

    def finish(self, job: Job) -> dict[str, Any] | None:
        record("test.finish", job.public_id)
        after_commit(lambda: say("finished"))
        return None

    def cancelled(self, job: Job) -> None:
        after_commit(lambda: say("cancelled"))


register(Counting())
app = create_app(Settings(instance=Path(INSTANCE), database_url=URL, testing=True))
with app.app_context():
    use_clock(anchored_clock(db.engine))
sys.exit(worker.main(app))
