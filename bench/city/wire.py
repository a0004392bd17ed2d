"""HTTP/1.1 as far as a browser of the bench needs it: requests as bytes, answers out of a stream, cookies. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

_LENGTH = b"\r\ncontent-length:"
_CHUNKED = b"\r\ntransfer-encoding: chunked"
_CLOSE = b"\r\nconnection: close"


class BadAnswer(ValueError):
    """What came is not HTTP/1.1."""


class Answer:
    """An answer: ``status``, ``head`` (bytes of the status line and the headers), ``body``, and whether the server closes."""

    __slots__ = ("body", "closes", "head", "status")

    def __init__(self, status: int, head: bytes, body: bytes, closes: bool) -> None:
        self.status = status
        self.head = head
        self.body = body
        self.closes = closes

    def header(self, name: str) -> str | None:
        """The first header of this name, or None."""
        wanted = name.lower().encode() + b":"
        for line in self.head.split(b"\r\n")[1:]:
            if line[: len(wanted)].lower() == wanted:
                return line[len(wanted) :].strip().decode("latin-1")
        return None

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies it sets, by name; an empty value takes one away."""
        found = {}
        for line in self.head.split(b"\r\n")[1:]:
            if line[:11].lower() == b"set-cookie:":
                name, _equals, value = line[11:].split(b";", 1)[0].strip().partition(b"=")
                found[name.decode()] = value.decode()
        return found


class AnswerStream:
    """Bytes as they arrive, answers as they become whole."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def begun(self) -> bool:
        """Something of an answer is here."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Answer | None:
        """Take ``data`` in; the answer that it completes, or None. Raises BadAnswer."""
        buffer = self._buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        if buffer[:7] != b"HTTP/1.":
            raise BadAnswer(repr(buffer[:40]))
        head = buffer[:end]
        low = head.lower()
        status = int(head[9:12])
        start = end + 4
        at = low.find(_LENGTH)
        if at >= 0:
            line_end = low.find(b"\r\n", at + 2)
            size = int(low[at + len(_LENGTH) : line_end if line_end >= 0 else len(low)])
            if len(buffer) < start + size:
                return None
            body, rest = buffer[start : start + size], buffer[start + size :]
        elif _CHUNKED in low:
            whole = _unchunked(buffer, start)
            if whole is None:
                return None
            body, rest = whole
        elif status in (204, 304):
            body, rest = b"", buffer[start:]
        else:
            raise BadAnswer("an answer without a length")
        self._buffer = rest
        return Answer(status, head, body, _CLOSE in low)


def _unchunked(buffer: bytes, at: int) -> tuple[bytes, bytes] | None:
    """The chunks from ``at`` on joined, and what follows them; None while some are missing."""
    parts: list[bytes] = []
    while True:
        line_end = buffer.find(b"\r\n", at)
        if line_end < 0:
            return None
        size = int(buffer[at:line_end].split(b";")[0], 16)
        start = line_end + 2
        if len(buffer) < start + size + 2:
            return None
        if size == 0:
            return b"".join(parts), buffer[start + 2 :]
        parts.append(buffer[start : start + size])
        at = start + size + 2


def get(path: str, host: str, headers: str = "") -> bytes:
    """A GET; ``headers`` are whole lines, each with its end."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


def post(path: str, host: str, headers: str, body: bytes, content_type: str) -> bytes:
    """A POST of ``body``; ``headers`` are whole lines, each with its end."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def form(fields: Mapping[str, str]) -> bytes:
    """A form's body."""
    return urlencode(fields).encode()


def cookie_line(jar: Mapping[str, str]) -> str:
    """The header line that sends the cookies of ``jar`` back; empty for none."""
    return f"Cookie: {'; '.join(f'{n}={v}' for n, v in jar.items())}\r\n" if jar else ""
