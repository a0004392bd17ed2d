"""What a kind of job must say, and the registry of kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.jobs.models import Job


class JobError(Exception):
    """A job cannot be done; ``str()`` is a sentence for the person who asked for it."""


class JobKind(ABC):
    """One kind of long work, cut into steps that may be repeated.

    Each of ``plan``, ``step`` and ``finish`` runs in a unit of work of its own, together with the mark that it has been
    done; a step holds SQLite's write lock for no more than about 50 ms (some 300 rows). What is slow and writes no
    table belongs into ``prepare``.
    """

    #: The name under which jobs of this kind are enqueued ("people.import").
    name: str

    def prepare(self, job: Job, number: int) -> Any:
        """Slow work before step ``number`` (0: before ``plan``) that only reads tables: no lock is held meanwhile.

        It is done again after a crash, so a file that it makes has a name of its own. What it returns is what
        ``prepared()`` gives inside ``step`` (``plan``).
        """
        return None

    @abstractmethod
    def plan(self, job: Job) -> int:
        """How many steps ``job`` has."""

    @abstractmethod
    def step(self, job: Job, number: int) -> str | None:
        """Do step ``number`` (from 1); returns a line of progress for people, or None to keep the last one."""

    def finish(self, job: Job) -> dict[str, Any] | None:
        """After the last step: what the job leaves.

        ``{"url": …}`` is where its page leads on, ``{"url": …, "go_on": True}`` goes there by itself, and
        ``{"label": …}`` is what the link says.
        """
        return None

    def cancelled(self, job: Job) -> None:  # noqa: B027 (a kind may leave nothing to undo)
        """Undo or hide what was done so far; called once when somebody has cancelled the job."""

    def failed(self, job: Job) -> None:  # noqa: B027
        """Tidy up after a step that raised; called once, in a unit of work of its own."""

    def explain(self, job: Job, error: Exception) -> str:
        """What ``error`` means to the person who asked; a JobError says it itself, others are for the log."""
        if isinstance(error, JobError):
            return str(error)
        text: str = _(
            "Công việc không làm xong được vì lỗi của hệ thống. Xin thử lại. "
            "Nếu vẫn không được, xin báo người quản trị mã %(code)s.",
            code=job.public_id,
        )
        return text


def prepared() -> Any:
    """What ``prepare`` returned for the step that is being done."""
    return g.get("job_prepared")


_KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make ``kind`` known to ``enqueue`` and to the worker. Registering it again replaces it."""
    _KINDS[kind.name] = kind


def kind_of(name: str) -> JobKind:
    """The kind called ``name``. Raises KeyError when nobody registered it."""
    return _KINDS[name]


def kind_names() -> list[str]:
    """The names of every registered kind."""
    return sorted(_KINDS)
