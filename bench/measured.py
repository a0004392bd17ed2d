"""The paths that are measured: their requests, their goals, and what must be in the database afterwards."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from random import Random
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

from sqlalchemy import ColumnElement, func, select

from bench.city_data import SEED
from bench.load import PART, Requests, raw, write_records
from bench.sittings_data import Seat
from bench.stage import Stage, journal_size
from contest.sittings.models import JournalRow, Result, Sitting
from contest.standings.board_pages import PREFIX
from core.accounts.contestants import DEVICE_COOKIE
from core.database import table_of

#: Requests made up for one run of the board; rows of a page; the share of requests that look for somebody.
REQUESTS, PAGE, SEARCHES = 30_000, 50, 0.2


@dataclass
class Path(ABC):
    """One measured path over a stage. ``goals``: the ratio to hello that is to be reached, by engine."""

    stage: Stage
    name: ClassVar[str]
    title: ClassVar[str]
    goals: ClassVar[dict[str, float]]
    #: May each request be sent once only?
    once: ClassVar[bool] = False

    @abstractmethod
    def requests(self, share: float) -> Requests:
        """The requests of the next run; ``share`` of what is left, where each may be sent once only."""

    def written(self) -> int:
        """How many rows there are of the kind that every right answer adds; -1 for a path that writes nothing."""
        return -1

    def left(self) -> int:
        """How many requests are left that may be sent once only."""
        return 0

    def differences(self, acknowledged: Iterable[tuple[int, int]], requests: Requests) -> int:
        """How much is otherwise than the exact client was told: rows that it saw acknowledged and that are not in the
        database, rows that are there unacknowledged, wrong pages."""
        return 0


def _authorised(seat: Seat) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("Authorization", f"Bearer {seat.token}"), ("Cookie", f"{DEVICE_COOKIE}={seat.device}")


@dataclass
class Paper(Path):
    """A page that has just begun its sitting, or was loaded again, gets its paper."""

    name = "paper"
    title = "get the paper (30 questions, shuffled)"
    goals = {"sqlite": 0.45, "postgresql": 0.45}
    _made: Requests | None = None

    def requests(self, share: float) -> Requests:
        if self._made is None:
            records = (raw("GET", "/s/de", _authorised(seat)) for seat in self.stage.fresh)
            self._made = Requests(write_records(self.stage.folder / "paper", records), accepted='"items":[{')
        return self._made


@dataclass
class Save(Path):
    """One answer, durable: token checked, state re-checked, acknowledged after the commit."""

    name = "save"
    title = "save (durable, token checked, state re-checked, 64 connections)"
    goals = {"sqlite": 0.35, "postgresql": 0.30}

    def requests(self, share: float) -> Requests:
        file, c = self.stage.folder / "save", table_of(JournalRow).c
        if not file.exists():
            write_records(file, map(_save_head, self.stage.fresh))
        used = self.stage.number(select(func.coalesce(func.max(c.sequence), 0)).where(self._here()))
        return Requests(file, accepted='"cause":null', saves=True, first=used + 1)

    def _here(self) -> ColumnElement[bool]:
        """The rows of the sittings that are saved into."""
        fresh = [seat.sitting for seat in self.stage.fresh]
        return table_of(JournalRow).c.sitting_id.between(min(fresh), max(fresh))

    def written(self) -> int:
        return self.stage.number(journal_size())

    def differences(self, acknowledged: Iterable[tuple[int, int]], requests: Requests) -> int:
        c = table_of(JournalRow).c
        fresh = [seat.sitting for seat in self.stage.fresh]
        with self.stage.engine.connect() as connection:
            rows = connection.execute(
                select(c.sitting_id, c.sequence).where(self._here(), c.sequence >= requests.first)
            )
            there = sorted((row.sitting_id, row.sequence) for row in rows)
        return _different(there, sorted((fresh[at], sequence) for at, sequence in acknowledged))


def _save_head(seat: Seat) -> bytes:
    head = raw("POST", "/s/luu", (*_authorised(seat), ("Content-Type", "application/json")))
    return head.removesuffix(b"\r\n") + b"Content-Length: " + PART + "".join(seat.versions).encode()


@dataclass
class Once(Path):
    """A path that uses something up with every request: the records that are left are dealt out to the runs."""

    once = True
    accepted: ClassVar[str] = ""
    _next: int = 0
    _records: list[bytes] = field(default_factory=list)

    @abstractmethod
    def records(self) -> list[bytes]:
        """Every request there can be."""

    def left(self) -> int:
        self._records = self._records or self.records()
        return len(self._records) - self._next

    def requests(self, share: float) -> Requests:
        size = max(1, int(self.left() * share))
        some = self._records[self._next : self._next + size]
        self._next += size
        return Requests(write_records(self.stage.folder / self.name, some), accepted=self.accepted, once=True)


@dataclass
class Submit(Once):
    """"Nộp bài" with thirty answers: folded, marked, a receipt."""

    name = "submit"
    title = "submit (fold 30 answers, mark, receipt, durable)"
    goals = {"sqlite": 0.06, "postgresql": 0.05}
    accepted = '"cause":null,"receipt":"'

    def records(self) -> list[bytes]:
        return [raw("POST", "/s/nop", _authorised(seat), b"") for seat in self.stage.answered]

    def written(self) -> int:
        sitting, result = table_of(Sitting).c, table_of(Result).c
        whole = (
            select(func.count())
            .select_from(table_of(Sitting))
            .join(table_of(Result), result.sitting_id == sitting.id)
            .where(sitting.state == "submitted", sitting.receipt.is_not(None), result.score.is_not(None))
        )
        return self.stage.number(whole)


@dataclass
class Start(Once):
    """A new sitting: drawn, durable."""

    name = "start"
    title = "start a sitting (new sitting, drawn, durable)"
    goals = {"sqlite": 0.08, "postgresql": 0.06}
    accepted = '"url":"/thi/bai/'

    def records(self) -> list[bytes]:
        headers = ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")
        return [
            raw("POST", "/s/bat-dau", (*headers, ("Cookie", f"{DEVICE_COOKIE}={ticket.device}")), f"ve={ticket.text}".encode())
            for ticket in self.stage.new
        ]

    def written(self) -> int:
        c = table_of(Sitting).c
        return self.stage.number(
            select(func.count()).select_from(table_of(Sitting)).where(c.round_id.in_(self.stage.new_rounds))
        )


@dataclass
class Leaderboard(Path):
    """The public board: four in five look at a page, one in five looks for somebody; nobody's next request is foreseeable."""

    name = "board"
    title = "public leaderboard (80 % random pages, 20 % searches by name)"
    goals = {"sqlite": 0.30, "postgresql": 0.30}
    _random: Random = field(default_factory=lambda: Random(SEED))

    def requests(self, share: float) -> Requests:
        # As browsers ask: compressed. So what a page holds is looked at in differences().
        records = (raw("GET", self._address(), [("Accept-Encoding", "gzip")]) for _each in range(REQUESTS))
        return Requests(write_records(self.stage.folder / "board", records))

    def _address(self) -> str:
        board, random = self.stage.board, self._random
        if random.random() < SEARCHES:
            return f"{PREFIX}/{board.round}?{urlencode({'q': random.choice(board.names)})}"
        return f"{PREFIX}/{board.round}?trang={random.randrange(math.ceil(len(board.names) / PAGE)) + 1}"

    def differences(self, acknowledged: Iterable[tuple[int, int]], requests: Requests) -> int:
        """Some pages and searches against the standing in the database."""
        wrong = 0
        for _each in range(40):
            address = self._address()
            with urlopen(f"http://127.0.0.1:{self.stage.port}{address}") as answer:
                text = answer.read().decode()
            rows = re.findall(r'data-position="(\d+)".*?class="strong">([^<\d][^<]*)</span>', text)
            right = [(str(at), self.stage.board.names[int(at) - 1]) for at, _name in rows]
            asked = parse_qs(urlsplit(address).query).get("q", [""])[0]
            found = not asked or any(name == asked for _at, name in rows)
            wrong += not rows or not found or [(at, unescape(name)) for at, name in rows] != right
        return wrong


#: In the order in which they are measured: papers first, before saves make their sittings longer.
PATHS: tuple[type[Path], ...] = (Paper, Save, Submit, Start, Leaderboard)


def _different(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    """How many are in one of two sorted lists alone, or more often."""
    return len(set(one) ^ set(other)) + abs(len(one) - len(other))
