"""Both load generators send what they should, and no wrong answer passes for a right one."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench import wrk
from bench.client import PythonClient
from bench.load import PART, Generator, Measured, Requests, raw, write_records

IDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"  # two questions


class Server(ThreadingHTTPServer):
    """Says "right" to everything but every tenth request; keeps what it was sent."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.seen: list[tuple[str, bytes]] = []
        self.wrong: tuple[int, bytes] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """wrk hangs up in the middle of an answer when its time is over."""

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        with self.lock:
            self.seen.append((path, body))
            number = len(self.seen)
        return self.wrong if self.wrong is not None and number % 10 == 0 else (200, b"right")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, text = self.server.answer(self.path, body)
        # In one piece: a second one would wait for the first to be acknowledged.
        self.wfile.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(text), text))

    do_GET = do_POST = answer


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(params=["python", "wrk"])
def generator(request: pytest.FixtureRequest, tmp_path: Path) -> Generator:
    if request.param == "python":
        return PythonClient()
    program = wrk.found()
    if program is None:
        pytest.skip("wrk is not installed")
    return wrk.Wrk(program, 0, tmp_path)


def run(generator: Generator, port: int, requests: Requests, seconds: float) -> Measured:
    """In a thread of its own: a browser's test in the same process leaves its event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(generator.run, port, requests, seconds).result()


def gets(tmp_path: Path, number: int) -> Path:
    return write_records(tmp_path / "requests", (raw("GET", f"/{n}") for n in range(number)))


@pytest.mark.parametrize("wrong", [None, (503, b"busy"), (200, b"cause: ended"), (302, b"right")])
def test_what_is_not_right_is_told_apart(
    generator: Generator, server: Server, tmp_path: Path, wrong: tuple[int, bytes] | None
) -> None:
    server.wrong = wrong
    seen = run(generator, server.server_port, Requests(gets(tmp_path, 1000), accepted="right"), 1)
    assert seen.good > 0 and seen.p50 > 0 and seen.p99 >= seen.p50
    assert seen.bad == 0 if wrong is None else 0.05 < seen.bad / (seen.good + seen.bad) < 0.15
    assert bool(seen.fault) == (wrong is not None)
    assert wrong is None or str(wrong[0]) in seen.fault


def test_saves_are_numbered_and_never_the_same_twice(generator: Generator, server: Server, tmp_path: Path) -> None:
    head = raw("POST", "/s/luu").removesuffix(b"\r\n") + b"Content-Length: " + PART + IDS.encode()
    requests = Requests(write_records(tmp_path / "saves", [head] * 3), accepted="right", saves=True, first=500)
    seen = run(generator, server.server_port, requests, 1)
    assert seen.fault == ""
    numbers: Counter[int] = Counter()
    for _path, body in server.seen:
        (row,) = json.loads(body)["rows"]
        numbers[row["n"]] += 1
        assert row["i"] == row["n"] % 2 and row["v"] == IDS[16 * row["i"] : 16 * row["i"] + 16]
        assert row["k"] == "answer" and row["p"] in [[0], [1], [2], [3]]
    # Three sittings, each with every number once. wrk makes its first request for a look at it and does not send it; the
    # last round need not be whole.
    assert min(numbers) == 500 and numbers[500] >= 2
    assert all(times == 3 for number, times in numbers.items() if 500 < number < max(numbers) - 64)
    assert max(numbers.values()) == 3


def test_requests_that_may_be_sent_once_are_not_sent_again_by_the_client(server: Server, tmp_path: Path) -> None:
    client = PythonClient()
    seen = run(client, server.server_port, Requests(gets(tmp_path, 50), accepted="right", once=True), 5)
    assert seen.fault == "" and seen.good == 50
    assert sorted(path for path, _body in server.seen) == sorted(f"/{n}" for n in range(50))
    assert sorted(client.acknowledged) == [(n, 0) for n in range(50)]


def test_requests_that_ran_out_make_a_run_of_wrk_worthless(server: Server, tmp_path: Path) -> None:
    program = wrk.found()
    if program is None:
        pytest.skip("wrk is not installed")
    requests = Requests(gets(tmp_path, 50), accepted="right", once=True)
    assert "ran out" in wrk.Wrk(program, 0, tmp_path).run(server.server_port, requests, 1).fault
