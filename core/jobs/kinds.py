"""What a kind of job must say, and the registry of kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from core.jobs.models import Job


class JobKind(ABC):
    """One kind of long work, cut into steps that may be repeated.

    Each of ``plan``, ``step`` and ``finish`` runs in a unit of work of its own, together with the mark that it has been
    done; a step holds SQLite's write lock for no more than about 50 ms (some 300 rows).
    """

    #: The name under which jobs of this kind are enqueued ("people.import").
    name: str

    @abstractmethod
    def plan(self, job: Job) -> int:
        """How many steps ``job`` has."""

    @abstractmethod
    def step(self, job: Job, number: int) -> str | None:
        """Do step ``number`` (from 1); returns a line of progress for people, or None to keep the last one."""

    def finish(self, job: Job) -> dict[str, Any] | None:
        """After the last step: what the job leaves ({"url": …} leads on from its page)."""
        return None

    def cancelled(self, job: Job) -> None:
        """Undo or hide what was done so far; called once when somebody has cancelled the job."""

    def failed(self, job: Job) -> None:
        """Tidy up after a step that raised; called once, in a unit of work of its own."""


_KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make ``kind`` known to ``enqueue`` and to the worker. Registering it again replaces it."""
    _KINDS[kind.name] = kind


def kind_of(name: str) -> JobKind:
    """The kind called ``name``. Raises KeyError when nobody registered it."""
    return _KINDS[name]
