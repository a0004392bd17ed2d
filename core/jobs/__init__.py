"""Long work outside web requests: asked for in a unit of work, done in the worker, step by step, with progress.

A web process never imports the durable-workflow library (only ``durable``, of the worker, does): asking for a job is
one row in the caller's own unit of work.
"""

from core.jobs.following import follow
from core.jobs.kinds import JobError, JobKind, prepared, register
from core.jobs.models import Job
from core.jobs.periodic import every
from core.jobs.running import run_now
from core.jobs.service import enqueue

__all__ = ["Job", "JobError", "JobKind", "enqueue", "every", "follow", "prepared", "register", "run_now"]
