"""Public boards: a bare Flask app of its own, without session, Login, Babel or Limiter, for everybody.

``run.py`` mounts it under PREFIX. It shows what was published and nothing else. A published version never changes: it is
read once and kept; every ``refresh`` seconds a request looks whether another one has been published or it was withdrawn.
"""

from __future__ import annotations

import gzip
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from flask import Flask, Response, request
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable

from contest.standings.board_files import DIRECT, public_token
from contest.standings.board_memory import Board, current, folded_query, load
from contest.standings.board_pages import PREFIX, Asked, Pages, asked_of
from core.access import public
from core.web.bare import Answer
from core.web.security import HEADERS, add_headers

log = logging.getLogger(__name__)

__all__ = ["PREFIX", "create_boards"]

#: Seconds that a browser or a proxy may keep a page; another one is asked for with its ETag.
MAX_AGE = 10

#: Bytes of finished pages and files that are kept.
KEPT_BYTES = 48 * 1024 * 1024

#: A longer address is not one of ours.
LONGEST_QUERY = 600

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class _Answer:
    """A finished page or file of a standing."""

    standing_id: int
    body: bytes
    etag: str
    content_type: str
    packed: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, about; the packed form of a page comes later."""
        return len(self.body) * 5 // 4 + 300


class _Kept:
    """The answers used last, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[tuple[str, str, bytes], _Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str, bytes], standing_id: int) -> _Answer | None:
        """The answer, if it is still that of the standing."""
        with self._lock:
            found = self._answers.get(key)
            if found is None or found.standing_id != standing_id:
                return None
            self._answers.move_to_end(key)
            return found

    def put(self, key: tuple[str, str, bytes], answer: _Answer) -> None:
        """Keep an answer; the one used longest ago goes."""
        with self._lock:
            old = self._answers.pop(key, None)
            self._size += answer.size - (old.size if old else 0)
            self._answers[key] = answer
            while self._size > self._limit and len(self._answers) > 1:
                self._size -= self._answers.popitem(last=False)[1].size


class Boards:
    """The routes over an engine."""

    def __init__(self, engine: Engine, pages: Pages, files: Path, refresh: float) -> None:
        self.engine = engine
        self.files = files
        self.pages = pages
        self.refresh = refresh
        self._kept = _Kept(KEPT_BYTES)
        self._boards: dict[str, tuple[float, Board | None]] = {}
        self._loading = Lock()
        self._packing = Lock()

    def board(self, round_id: str) -> Board | None:
        """The round's public board; None for one that was withdrawn. Raises NotFound where nothing was ever published."""
        known = self._boards.get(round_id)
        moment = time.monotonic()
        if known is not None and moment - known[0] < self.refresh:
            return known[1]
        with self.engine.connect() as connection:
            found = current(connection, round_id)
            if found is None:
                self._boards.pop(round_id, None)
                raise NotFound()
            standing_id, is_public = found
            before = known[1] if known else None
            if not is_public:
                board = None
            elif before is not None and before.facts.standing_id == standing_id:
                board = before
            else:
                with self._loading:
                    known = self._boards.get(round_id)
                    board = known[1] if known else None
                    if board is None or board.facts.standing_id != standing_id:
                        board = load(connection, standing_id, self.pages.hotline)
        self._boards[round_id] = (moment, board)
        return board

    @public
    def show(self, round_id: str) -> Response:
        """A page of the board."""
        board = self.board(round_id)
        if board is None:
            return Response(self.pages.withdrawn(Asked(round_id)), content_type=HTML)
        key = (round_id, "", request.query_string)
        answer = self._kept.get(key, board.facts.standing_id)
        if answer is None:
            if len(key[2]) > LONGEST_QUERY:
                raise NotFound()
            asked = asked_of(round_id, request.args)
            answer = self._keep(key, board, self.pages.board(board, asked, folded_query(asked.query)).encode(), HTML)
        return self._send(answer)

    @public
    def excel(self, round_id: str) -> Response:
        """What is public, as an Excel file; one is made at a time."""
        board = self.board(round_id)
        if board is None:
            raise NotFound()
        unit = request.args.get("don-vi") or None
        if unit is not None and board.unit(unit) is None:
            raise NotFound()
        whole = unit is None or board.unit(unit) is board.top
        key = (round_id, "xlsx", b"" if whole else (unit or "").encode())
        long = len(board.view(unit).chosen) > DIRECT
        if long and not whole:
            raise NotFound()
        with self._packing:
            answer = self._kept.get(key, board.facts.standing_id)
            if answer is None:
                body = self._long_file(board) if long else self.pages.excel(board, unit)
                answer = self._keep(key, board, body, XLSX)
        response = self._send(answer)
        response.headers["Content-Disposition"] = f"attachment; filename=ket-qua-ban-{board.facts.number}.xlsx"
        return response

    def _long_file(self, board: Board) -> bytes:
        """What the job worker has made. Raises ServiceUnavailable while it has not."""
        try:
            return (self.files / public_token(board.facts.standing)).read_bytes()
        except FileNotFoundError:
            raise ServiceUnavailable(retry_after=30) from None

    def _keep(self, key: tuple[str, str, bytes], board: Board, body: bytes, content_type: str) -> _Answer:
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        answer = _Answer(board.facts.standing_id, body, etag, content_type)
        self._kept.put(key, answer)
        return answer

    def _send(self, answer: _Answer) -> Response:
        """Headers are set in one go: one by one they would cost as much as the rest of a request."""
        environ = request.environ
        headers = [
            *HEADERS.items(),
            ("ETag", answer.etag),
            ("Cache-Control", f"public, max-age={MAX_AGE}"),
            ("Vary", "Accept-Encoding"),
        ]
        if answer.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return Response(None, 304, headers)
        body = answer.body
        if answer.content_type == HTML and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            if answer.packed is None:
                answer.packed = gzip.compress(body, 4)
            body = answer.packed
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Type", answer.content_type))
        return Answer(body, 200, headers)


@public
def to_first_page() -> Response:
    """Without a round: the first page lists what was published."""
    return Response("", 302, {"Location": "/"})


def create_boards(engine: Engine, files: Path, hotline: str = "", refresh: float = 1.0) -> Flask:
    """The bare app. ``files``: the folder in which the job worker keeps what it has made. ``refresh``: seconds after which
    a request looks again what is published (0: each one does)."""
    app = Flask("hoithi.boards", static_folder=None)
    app.response_class = Answer
    pages = Pages(hotline)
    boards = Boards(engine, pages, files, refresh)
    app.extensions["boards"] = boards
    app.add_url_rule("/", "none", to_first_page)
    app.add_url_rule("/<round_id>", "board", boards.show)
    app.add_url_rule("/<round_id>/ket-qua.xlsx", "excel", boards.excel)

    def failed(error: HTTPException) -> Response:
        if error.code is not None and 300 <= error.code < 400:
            return Response("", error.code, error.get_headers())
        answer = Response(pages.error(error.code or 500), error.code or 500)
        if isinstance(error, ServiceUnavailable):
            answer.headers["Retry-After"] = "30"
        return answer

    def missing(_error: LookupError) -> tuple[str, int]:
        return pages.error(404), 404

    def unexpected(_error: Exception) -> tuple[str, int]:
        log.exception("unexpected error on a board")
        return pages.error(500), 500

    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(LookupError, missing)
    app.register_error_handler(Exception, unexpected)
    app.after_request(_with_headers)
    return app


def _with_headers(response: Response) -> Response:
    """Answers of a board have theirs already; the others (errors, redirections) get them here."""
    if "Content-Security-Policy" not in response.headers:
        return add_headers(response)
    if request.environ["wsgi.url_scheme"] == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
