"""What the worker does again and again: finalising sittings whose time is up, flushing what is kept in memory.

A room says ``every(5, "sittings.finalise", finalise_due)`` in its wiring. Only the worker runs these, each in a thread
of its own with an app context; one that raises is logged and tried again at its next turn. What concerns the machine itself
(``on_every_machine``) a worker also does while it waits for its turn.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PeriodicTask:
    """``function`` is called every ``seconds``, counted from the end of one call to the start of the next."""

    seconds: float
    name: str
    function: Callable[[], object]
    on_every_machine: bool = False


_TASKS: dict[str, PeriodicTask] = {}


def every(seconds: float, name: str, function: Callable[[], object], *, on_every_machine: bool = False) -> None:
    """Have the worker call ``function`` every ``seconds``. The same ``name`` again replaces the task."""
    _TASKS[name] = PeriodicTask(seconds, name, function, on_every_machine)


def tasks() -> list[PeriodicTask]:
    """Every registered task, by name."""
    return [_TASKS[name] for name in sorted(_TASKS)]


def call(app: Flask, task: PeriodicTask) -> bool:
    """One turn of ``task``; False when it raised (which is logged and harms nothing else)."""
    try:
        with app.app_context():
            task.function()
    except Exception:
        log.exception("periodic task %s failed", task.name)
        return False
    return True


def start(app: Flask, stop: threading.Event, *, on_every_machine: bool = False) -> list[threading.Thread]:
    """Start a thread for each task of the one worker, or for each ``on_every_machine``; they end soon after ``stop`` is set."""

    def repeat(task: PeriodicTask) -> None:
        while not stop.is_set():
            call(app, task)
            stop.wait(task.seconds)

    threads = [
        threading.Thread(target=repeat, args=(task,), name=f"every:{task.name}", daemon=True)
        for task in tasks()
        if task.on_every_machine is on_every_machine
    ]
    for thread in threads:
        thread.start()
    return threads
