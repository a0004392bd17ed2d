"""Serves ``bench.hello`` as the platform is served, but for the number of threads: ``python -m bench.serve_hello PORT N``."""

from __future__ import annotations

import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from core.web.serving import BACKLOG, OPEN_CONNECTIONS


def main(port: int, threads: int) -> None:
    """Serve until told to end."""
    Server(
        "bench.hello:app",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backlog=BACKLOG,
        backpressure=OPEN_CONNECTIONS,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
