"""Serving: the web server (granian), in a process that loads no more of the platform than it needs.

``python run.py serve`` prepares what is to be prepared with the whole platform in memory, and then becomes the supervisor
(``core.web.supervisor``), which starts two children of this very program, web server and job worker; ``web`` prepares and then
becomes granian's main process likewise. Only granian's own child and the worker hold the platform. On SQLite there is one web
process: it holds the one writer. A web server or a worker whose parent was killed ends by itself: its successor must not serve
beside it.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import sys
import threading
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from config import ROOT, Settings, load_settings

log = logging.getLogger("hoithi.serving")

#: Follows the command of a process that has prepared everything and is to become what it is for.
PREPARED = "--prepared"

#: Seconds between two looks whether the parent still lives, and for draining once it does not.
LOOK_FOR_PARENT = 0.2
DRAIN_AS_ORPHAN = 5.0

#: Open connections, not requests: a kept-alive browser holds one, and a city holds 17,000.
OPEN_CONNECTIONS = 19_000
BACKLOG = 4_096

#: Bytes that granian reads of a connection at a time, and the longest head of a request (the least it takes). By default it
#: keeps three times as much for each of those 17,000: 190 MB.
CONNECTION_BUFFER = 8_192


def become(command: str, parent: int = 0) -> NoReturn:
    """Replace this process, which has prepared ``command``, by a light one that carries it out (``carry_out``)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, str(ROOT / "run.py"), command, PREPARED, str(parent)])  # noqa: S606


def carry_out(command: str, parent: int) -> int:
    """What a light process does: supervise for ``serve``, run granian for ``web``, whose parent is ``parent`` (0: nobody)."""
    if command == "serve":
        from core.web.supervisor import Child, supervise

        supervise([Child("web", ["web"]), Child("worker", ["worker"])])
    else:
        end_with_parent(parent)
        serve_web(load_settings())
    return 0


def end_with_parent(parent: int) -> None:
    """Have this process drain and end soon after ``parent``, which started it, is gone (0: nobody to end with)."""

    def watch() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(LOOK_FOR_PARENT)
        log.warning("the parent is gone; process %s ends", os.getpid())
        os.kill(os.getpid(), signal.SIGTERM)
        pause.wait(DRAIN_AS_ORPHAN)
        os._exit(1)

    if parent:
        threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _load(parent: int, target: str) -> Any:
    """What granian's own process serves; it ends with granian's main process, ``parent``."""
    end_with_parent(parent)
    allow_connections()
    module, factory = target.split(":")
    served = getattr(import_module(module), factory)()
    # What has been loaded stays for good: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    return served


def allow_connections() -> None:
    """Let this process hold as many connections as the machine allows: a shell's own limit is often 1,024 open files."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def serve_web(settings: Settings) -> None:
    """Run granian over ``run:create_server`` in this process until it is told to end."""
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "run:create_server",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backlog=BACKLOG,
        backpressure=OPEN_CONNECTIONS,
        respawn_failed_workers=False,
        log_level=LogLevels.error,
        workers_kill_timeout=20,
        http1_settings=HTTP1Settings(max_buffer_size=CONNECTION_BUFFER),
        working_dir=Path(ROOT),
    ).serve(target_loader=partial(_load, os.getpid()))
