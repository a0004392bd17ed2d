"""Static files from memory, beside the full app: thousands of phones load two dozen of them within the same minutes.

Flask opens a session, a context and the file for each; here a request costs about as much as an empty one. Text is also kept
packed, which on a poor network is worth more than all of that. Files are read when they are first asked for and stay as they
are until the server starts again, like its code and its templates.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.security import safe_join

from core.web.security import STATIC_CACHING, BareHeaders

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The kinds of file that we have, by their endings, whatever the machine's own list says.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}

#: Kinds that shrink when they are packed.
TEXT = frozenset({".css", ".js", ".map", ".svg"})

#: Files kept at most; we have some sixty.
CAPACITY = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent: plain, and packed where that is smaller; the headers of each, and its ETag."""

    plain: bytes
    packed: bytes | None
    etag: str
    headers: list[tuple[str, str]]
    packed_headers: list[tuple[str, str]]


class StaticFiles:
    """The files of a folder as a WSGI app, to be mounted where their addresses begin."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._kept: dict[str, Kept] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _say(start_response, "405 Method Not Allowed", ("Allow", "GET, HEAD"))
        name = environ["PATH_INFO"][1:]
        file = self._kept.get(name) or self._read(name)
        if file is None:
            return _say(start_response, "404 Not Found", ("Cache-Control", "no-store"))
        packed = file.packed is not None and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = file.packed_headers if packed else file.headers
        if "HTTP_IF_NONE_MATCH" in environ and parse_etags(environ["HTTP_IF_NONE_MATCH"]).contains_weak(file.etag):
            start_response("304 Not Modified", [h for h in headers if not h[0].startswith("Content-")])
            return ()
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return ()
        return (file.packed if packed and file.packed is not None else file.plain,)

    def _read(self, name: str) -> Kept | None:
        """The file ``name`` below the folder, read and kept; None where there is none."""
        path = safe_join(self._folder, name)
        if path is None or not Path(path).is_file():
            return None
        file = _kept(Path(path))
        if len(self._kept) >= CAPACITY:
            self._kept.clear()
        self._kept[name] = file
        return file


def static_apps(app: Flask) -> dict[str, WSGIApplication]:
    """The static folders of ``app`` and of its blueprints, by where their addresses begin."""
    folders = {app.static_url_path: app.static_folder}
    for blueprint in app.blueprints.values():
        folders[blueprint.static_url_path] = blueprint.static_folder
    return {prefix: BareHeaders(StaticFiles(folder)) for prefix, folder in folders.items() if prefix and folder}


def _kept(path: Path) -> Kept:
    plain = path.read_bytes()
    packed = gzip.compress(plain, mtime=0) if path.suffix in TEXT else plain
    etag = hashlib.sha256(plain).hexdigest()[:20]
    headers = [
        ("Content-Type", TYPES.get(path.suffix, "application/octet-stream")),
        ("Cache-Control", STATIC_CACHING),
        ("Vary", "Accept-Encoding"),
    ]
    return Kept(
        plain,
        packed if len(packed) < len(plain) else None,
        etag,
        [*headers, ("ETag", f'"{etag}"'), ("Content-Length", str(len(plain)))],
        [*headers, ("ETag", f'W/"{etag}"'), ("Content-Length", str(len(packed))), ("Content-Encoding", "gzip")],
    )


def _takes_gzip(accepted: str) -> bool:
    # What every browser says is settled without parsing it.
    return accepted.startswith("gzip, deflate") or parse_accept_header(accepted).quality("gzip") > 0


def _say(start_response: StartResponse, status: str, header: tuple[str, str]) -> Iterable[bytes]:
    body = status.encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), header])
    return (body,)
