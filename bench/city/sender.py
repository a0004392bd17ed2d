"""What ``static/js/sitting/sender.js`` does: rows in order, one request at a time, until the server has them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.city.browser import AGENT, JSON
from bench.city.wire import Answer, post

if TYPE_CHECKING:
    from bench.city.contestant import Contestant

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
MOST_ROWS = 100

#: Seconds that a mere display waits, to ride with the next answer.
PATIENCE = 20.0

#: Answers to which the page stops.
REFUSALS = frozenset({400, 401, 404, 409, 413})

_random = Random("pauses")


class Row(NamedTuple):
    """A row as it is sent: number, kind, item, its payload as text, all of it as text; when it was due (from the bell)."""

    number: int
    kind: str
    item: int
    payload: str
    text: str
    due: float


class Sender:
    """The queue of one sitting. ``acknowledged`` are the rows that the server has said to have, in order."""

    __slots__ = (
        "_due", "_engine", "_failures", "_next", "_owner", "_page", "_path", "_token_line", "acknowledged", "epoch",
        "measured", "queue", "refused", "sending", "stopped",
    )  # fmt: skip

    def __init__(self, owner: Contestant, path: str, token: str, epoch: int, following: int) -> None:
        self._owner = owner
        self._engine = owner.city.engine
        self._path = path
        self._token_line = f"{AGENT}Authorization: Bearer {token}\r\n"
        self._next = following
        self.epoch = epoch
        self._failures = 0
        self._due = math.inf
        self.queue: list[Row] = []
        self.acknowledged: list[Row] = []
        self.refused: list[Row] = []
        self.sending = False
        self.stopped = ""
        self.measured = "save"

    def put(self, kind: str, item: int, version: str, payload: str, due: float, patient: bool = False) -> None:
        """Put a row into the queue."""
        if self.stopped:
            return
        number, at = self._next, self._owner.city.wall_ms(due)
        self._next += 1
        text = f'{{"k":"{kind}","i":{item},"v":"{version}","p":{payload},"t":{at},"n":{number}}}'
        self.queue.append(Row(number, kind, item, payload, text, due + (PATIENCE if patient else 0.0)))
        if self._failures == 0:
            self._schedule(PATIENCE if patient else 0.0)

    def flush(self) -> None:
        """Try now."""
        self._failures = 0
        self.send()

    def send(self) -> None:
        """Send what waits, unless something is under way already."""
        self._due = math.inf
        if self.sending or self.stopped or not self.queue:
            return
        if self._owner.offline:
            self._fail(0.0)
            return
        rows = self.queue[:MOST_ROWS]
        body = f'{{"rows":[{",".join(row.text for row in rows)}]}}'.encode()
        self.sending = True
        self._ask(self._path, body, lambda answer: self._delivered(rows, answer))

    def ask(self, path: str, done: Callable[[Answer | None], None]) -> None:
        """Another request of the page that carries the token and says nothing more."""
        self._ask(path, b"{}", done)

    def _ask(self, path: str, body: bytes, done: Callable[[Answer | None], None]) -> None:
        browser = self._owner.browser
        headers = self._token_line + browser.cookies_line
        browser.connection.ask(post(path, self._engine.host, headers, body, JSON), done)

    def _schedule(self, seconds: float) -> None:
        """Send within so many seconds; an earlier appointment stands."""
        if seconds == 0.0:
            self.send()
            return
        due = self._engine.now() + seconds
        if due < self._due:
            self._due = due
            self._engine.at(due, self._appointment)

    def _appointment(self) -> None:
        if self._engine.now() >= self._due:  # else it was kept already, or another one has taken its place
            self.send()

    def _delivered(self, rows: list[Row], answer: Answer | None) -> None:
        self.sending = False
        if answer is None:
            self._fail(0.0)
            return
        now = self._engine.now()
        due = min(now, min(row.due for row in rows))
        self._engine.measures.answered(self.measured, answer.status, due, now - due)
        if answer.status == 200:
            self.measured = "save"
            self._failures = 0
            self.acknowledged += rows
            self.queue = self.queue[len(rows) :]
            self._owner.told(json.loads(answer.body))
            self.send()
        elif answer.status in REFUSALS:
            self.stopped = cause_of(answer)
            self.refused += self.queue
            self._owner.refused(self.stopped)
        else:
            self._fail(float(answer.header("Retry-After") or 0))

    def _fail(self, pause: float) -> None:
        self._failures += 1
        growing = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures - 1, 5))
        self._schedule(max(pause, growing * (0.5 + _random.random())))

    def renumber_due(self, due: float, measured: str) -> None:
        """The network is back: what waits is due now, and measured as ``measured``."""
        self.queue = [row._replace(due=due) for row in self.queue]
        self.measured = measured


def cause_of(answer: Answer) -> str:
    """The cause that a refusal names."""
    try:
        body: Any = json.loads(answer.body)
    except ValueError:
        return str(answer.status)
    return str(body.get("cause") if isinstance(body, dict) else answer.status)
