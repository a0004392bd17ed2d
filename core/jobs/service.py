"""Asking for jobs, looking at them, cancelling them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import false, or_, select

from core.access import Action, Actor, Forbidden, current_actor, scopes_for
from core.database import db
from core.database.server_time import now
from core.jobs.kinds import kind_of
from core.jobs.models import Job

#: States in which nothing more happens to a job.
OVER = frozenset({"done", "failed", "cancelled"})


def enqueue(
    kind: str,
    arguments: Mapping[str, Any],
    *,
    title: Any,
    unit_path: str,
    account_id: int | None = None,
) -> Job:
    """Ask for a job inside the caller's unit of work: it exists when that commits, and not when it fails.

    ``arguments`` is plain JSON; ``title`` is what people call it; staff of ``unit_path`` may look at it. Who asks now
    (or ``account_id``) is who did it in the audit chain. Raises KeyError for an unknown kind and RuntimeError outside
    a unit of work.
    """
    kind_of(kind)
    if not g.get("unit_of_work_open", False):
        raise RuntimeError("enqueue() outside unit_of_work()")
    actor = current_actor()
    job = Job(
        kind=kind,
        title=str(title)[:200],
        arguments=dict(arguments),
        unit_path=unit_path,
        account_id=actor.account_id if account_id is None else account_id,
        actor_label=actor.label[:200],
        created_at=now(),
    )
    db.session.add(job)
    db.session.flush()
    return job


def find(public_id: str) -> Job | None:
    """The job with this public id."""
    return db.session.scalar(select(Job).where(Job.public_id == public_id))


def may_view(actor: Actor, job: Job) -> bool:
    """One's own jobs always; those of others for staff of the unit they belong to."""
    own = actor.account_id is not None and job.account_id == actor.account_id
    return own or actor.may(Action.JOB_VIEW, job.unit_path)


def require_view(actor: Actor, job: Job) -> None:
    """Raises Forbidden unless ``actor`` may look at ``job``."""
    if not may_view(actor, job):
        raise Forbidden(Action.JOB_VIEW)


def may_cancel(actor: Actor, job: Job) -> bool:
    """One's own jobs always; those of others for the organisers of the unit: a setter stops nobody's import of people."""
    own = actor.account_id is not None and job.account_id == actor.account_id
    return own or actor.may(Action.JOB_CANCEL, job.unit_path)


def require_cancel(actor: Actor, job: Job) -> None:
    """Raises Forbidden unless ``actor`` may stop ``job``."""
    if not may_cancel(actor, job):
        raise Forbidden(Action.JOB_CANCEL)


def recent(actor: Actor, limit: int = 50) -> list[Job]:
    """The newest jobs that ``actor`` may look at."""
    scopes = scopes_for(actor.grants, Action.JOB_VIEW)
    mine = Job.account_id == actor.account_id if actor.account_id is not None else false()
    seen = or_(mine, *(Job.unit_path.startswith(path, autoescape=True) for path in scopes))
    return list(db.session.scalars(select(Job).where(seen).order_by(Job.id.desc()).limit(limit)))


def request_cancel(job: Job) -> bool:
    """Ask that ``job`` stop before its next step, inside a unit of work; False when it is over already."""
    if job.state in OVER:
        return False
    job.cancel_requested = True
    return True
