"""What the load generators take and tell: requests in a file, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: Connections that are kept busy at once, each waiting for its answer before it asks again.
CONNECTIONS = 64

#: Between two requests of a file, and between the parts of one (see the scripts in ``bench/wrk``).
RECORD, PART = b"\x1e", b"\x1f"


@dataclass(frozen=True)
class Requests:
    """A file of requests, byte for byte as they are sent.

    ``saves``: records are heads of saves, whose bodies the generator makes, with sequence numbers from ``first``.
    ``accepted`` stands in every right answer. ``once``: no request may be sent twice.
    """

    file: Path
    accepted: str = ""
    saves: bool = False
    first: int = 0
    once: bool = False


@dataclass(frozen=True)
class Measured:
    """What a generator saw: right and wrong answers, connections that broke, milliseconds of the 50th and 99th of a hundred.

    ``ran_out`` counts how often requests that may be sent only once came to their end; ``busy`` is the share of its core
    that the generator used, ``server_busy`` that of the server's core that anything used; ``example`` the first wrong answer.
    """

    good: int
    bad: int
    broken: int
    ran_out: int
    seconds: float
    p50: float
    p99: float
    busy: float = 0.0
    server_busy: float = 0.0
    example: str = ""

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.good / self.seconds

    @property
    def fault(self) -> str:
        """What was wrong with the answers; empty when nothing was."""
        if self.bad:
            return f"{self.bad} wrong answers, the first: {self.example}"
        if self.broken:
            return f"{self.broken} connections broke"
        if self.ran_out:
            return "the requests ran out"
        return ""


class Generator(Protocol):
    """Sends requests for some seconds."""

    #: Do ratios count? No Python program saturates hello.
    counts: bool

    def run(self, port: int, requests: Requests, seconds: float) -> Measured:
        """Keep CONNECTIONS busy for ``seconds``; wrk counts whole ones, at least one."""
        ...


def write_records(file: Path, records: Iterable[bytes]) -> Path:
    """Write ``records`` as the generators read them."""
    with file.open("wb") as target:
        target.writelines(record + RECORD for record in records)
    return file


def raw(method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes | None = None) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
