"""Contestants under load, over real HTTP, who keep a list of their own of what the server has acknowledged.

A ``Phone`` does what the page does: it sends its rows again until they are acknowledged, begins a new epoch now and then (and
where the server says that it has one), and submits at the end. ``Load`` runs many phones in threads.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.accounts.contestants import DEVICE_COOKIE

#: Seconds a phone waits for an answer, as the page does.
PATIENCE = 20.0

#: Each row claims a time of its own, so that a row written twice would be seen under whatever key.
_claims = itertools.count(1_764_000_000_000)

Key = tuple[int, int]


@dataclass(frozen=True)
class Seat:
    """What a device knows of its sitting."""

    sitting: int
    public_id: str
    token: str
    cookie: str
    items: int


@dataclass(frozen=True)
class Answer:
    """The answer of the server to one request: when it was sent and answered (steady clock), and what came."""

    status: int
    body: dict[str, Any]
    retry_after: str | None
    sent: float
    answered: float


@dataclass
class Phone:
    """A contestant's device. Keys are (epoch, sequence)."""

    seat: Seat
    port: int
    dice: random.Random
    token: str = ""
    epoch: int = 1
    next: int = 1
    sent: dict[Key, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)
    acknowledged: set[Key] = field(default_factory=set)
    waiting: list[Key] = field(default_factory=list)
    outdated: bool = False
    receipt: str | None = None
    answers: list[Answer] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None
    _sent: float = 0.0

    def __post_init__(self) -> None:
        self.token = self.tokens[1] = self.seat.token

    def post(self, path: str, value: Any, token: str | None = None) -> Answer:
        """One request. Raises OSError or HTTPException when no answer came; then the connection is a new one next time.

        The server closes a connection that was idle for half a minute: what meets a closed one is sent again, as browsers do.
        """
        kept = self._connection is not None
        try:
            self.send(path, value, token)
            return self.receive()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if kept and isinstance(error, (ConnectionError, http.client.RemoteDisconnected)):
                return self.post(path, value, token)
            raise

    def send(self, path: str, value: Any, token: str | None = None) -> None:
        """Send a request, whose answer ``receive`` waits for."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self._sent = time.monotonic()
        headers = {
            "Authorization": f"Bearer {token or self.token}",
            "Cookie": f"{DEVICE_COOKIE}={self.seat.cookie}",
            "Content-Type": "application/json",
        }
        self._connection.request("POST", path, json.dumps(value), headers)

    def receive(self) -> Answer:
        """The answer to what was sent last."""
        assert self._connection is not None
        response = self._connection.getresponse()
        body = response.read()
        answer = Answer(response.status, json.loads(body), response.headers.get("Retry-After"), self._sent, time.monotonic())
        self.answers.append(answer)
        return answer

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def write(self, rows: int) -> None:
        """Put ``rows`` new answers among those that wait to be sent."""
        for _row in range(rows):
            key = (self.epoch, self.next)
            self.next += 1
            self.sent[key] = {
                "n": key[1], "k": "answer", "i": self.dice.randrange(self.seat.items), "p": [self.dice.randrange(4)],
                "t": next(_claims),
            }
            self.waiting.append(key)

    def save(self) -> bool:
        """Send what waits; whether it was acknowledged. What the old epochs left behind is not sent here."""
        keys = [key for key in self.waiting if key[0] == self.epoch][:50]
        if not keys:
            return True
        answer = self.post("/s/luu", {"rows": [self.sent[key] for key in keys]})
        if answer.status != 200:
            return False
        self.take(keys)
        self.outdated = answer.body["epoch"] > self.epoch
        return True

    def take(self, keys: Sequence[Key]) -> None:
        """These are acknowledged."""
        self.acknowledged.update(keys)
        done = set(keys)
        self.waiting = [key for key in self.waiting if key not in done]

    def renew(self) -> bool:
        """Begin a new epoch, as a page does that has lost its storage."""
        answer = self.post("/s/ky", {})
        if answer.status != 200:
            return False
        self.token = self.tokens[answer.body["epoch"]] = answer.body["token"]
        self.epoch, self.next, self.outdated = answer.body["epoch"], answer.body["next"], False
        return True

    def submit(self) -> bool:
        """Press "Nộp bài"."""
        answer = self.post("/s/nop", {})
        if answer.status == 200:
            assert self.receipt in (None, answer.body["receipt"])
            self.receipt = answer.body["receipt"]
        return answer.status == 200

    def act(self) -> bool:
        """One thing that a page does; False when it did not succeed."""
        if self.outdated or self.dice.random() < 0.03:
            return self.renew()
        if len(self.waiting) < 20:
            self.write(self.dice.randint(1, 3))
        return self.save()

    def send_all_again(self) -> None:
        """Send every row once more, acknowledged or not, each under the epoch that it was written in. Afterwards all are."""
        for epoch, token in self.tokens.items():
            keys = sorted(key for key in self.sent if key[0] == epoch)
            for begin in range(0, len(keys), 100):
                part = keys[begin : begin + 100]
                answer = self.post("/s/luu", {"rows": [self.sent[key] for key in part]}, token)
                assert answer.status == 200, answer
                self.take(part)


class Load:
    """Phones that act again and again, each thread with its share of them."""

    def __init__(self, seats: Sequence[Seat], port: int, threads: int = 8, seed: int = 13) -> None:
        self.phones = [Phone(seat, port, random.Random(seed + number)) for number, seat in enumerate(seats)]
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(self.phones[n::threads],), daemon=True) for n in range(threads)
        ]

    @contextmanager
    def running(self) -> Iterator[Load]:
        """The phones act while the block runs."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self.stop()

    def stop(self) -> None:
        """No phone acts any more once this returns."""
        self._ending.set()
        for thread in self._threads:
            thread.join(3 * PATIENCE)
            assert not thread.is_alive(), "a phone hangs"
        for phone in self.phones:
            phone.close()

    def _run(self, phones: list[Phone]) -> None:
        while not self._ending.is_set():
            for phone in phones:
                try:
                    good = phone.act()
                except (OSError, http.client.HTTPException) as error:
                    phone.failures.append(repr(error))
                    good = False
                if not good and self._ending.wait(0.05):
                    return

    @property
    def acknowledged(self) -> int:
        """How many rows all phones together know to be saved."""
        return sum(len(phone.acknowledged) for phone in self.phones)

    def statuses(self) -> dict[int, int]:
        """How often each status was answered."""
        counts: dict[int, int] = {}
        for phone in self.phones:
            for answer in list(phone.answers):
                counts[answer.status] = counts.get(answer.status, 0) + 1
        return counts
