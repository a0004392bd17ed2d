"""``make bench-city``: its own parts, and a few people through the whole day over real HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from bench.city.checking import Comparison, Kept, compare
from bench.city.measures import Measures, Times, percentile
from bench.city.network import Connection, Engine
from bench.city.ranking import Outcome, count_correct, leaderboard, seconds_used
from bench.city.report import FAILED, PASSED, VOID, Condition, verdict
from bench.city.sender import Row
from bench.city.stored import Journal, StoredSitting, unit_line
from bench.city.timetable import ANSWER, DISPLAY, Phases, plan
from bench.city.wire import Answer, AnswerStream, BadAnswer
from config import ROOT

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 4\r\n\r\nx\r\n\r"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
EMPTY = (
    b"HTTP/1.1 303 SEE OTHER\r\nlocation: /thi\r\nset-cookie: a=1; Path=/\r\n"
    b"Set-Cookie: b=; Path=/\r\ncontent-length: 0\r\n\r\n"
)


@pytest.mark.parametrize(("data", "body"), [(PLAIN, b"x\r\n\r"), (CHUNKED, b"abc0123456789"), (EMPTY, b"")])
@pytest.mark.parametrize("piece", [1, 2, 7, 1000])
def test_an_answer_is_whole_however_it_arrives(data: bytes, body: bytes, piece: int) -> None:
    stream = AnswerStream()
    found = [stream.feed(data[at : at + piece]) for at in range(0, len(data), piece)]
    assert found[:-1] == [None] * (len(found) - 1)
    assert found[-1] is not None and found[-1].body == body
    assert not stream.begun


def test_headers_and_cookies() -> None:
    answer = AnswerStream().feed(EMPTY)
    assert answer is not None and answer.status == 303
    assert answer.header("Location") == "/thi" and answer.header("Retry-After") is None
    assert answer.cookies == {"a": "1", "b": ""}


def test_an_answer_without_a_length_and_what_is_no_http_are_refused() -> None:
    for data in (b"HTTP/1.1 200 OK\r\nserver: x\r\n\r\n", b"SSH-2.0-server\r\n\r\n"):
        with pytest.raises(BadAnswer):
            AnswerStream().feed(data)


@pytest.mark.parametrize("factor", [1.0, 0.1, 0.01])
def test_everybody_does_everything_within_the_time(factor: float) -> None:
    phases = Phases.of(factor)
    plans = [plan(number, phases, 30, 400) for number in range(400)]
    for one in plans:
        assert -phases.waiting <= one.sign_in < 0 <= one.start <= phases.starting
        assert list(one.moments) == sorted(one.moments) and one.moments[0] >= one.start
        deadline = min(one.start + 60 * phases.minutes, phases.window)
        last = one.moments[-1]
        assert last < deadline and (one.submit is None or last <= one.submit < deadline)
        first = {item: at for at, item in reversed(list(enumerate(one.items))) if one.acts[at] == DISPLAY}
        answers = [(at, item) for at, item in enumerate(one.items) if one.acts[at] == ANSWER]
        assert {item for _at, item in answers} == set(range(30)) == set(first)
        assert all(first[item] < at for at, item in answers)
        assert one.outage is None or one.start < one.outage[0] < one.outage[1] < last
    assert sum(one.submit is None for one in plans) == 4
    assert sum(one.outage is not None for one in plans) == 8
    assert 30 < sum(one.acts.count(ANSWER) for one in plans) / 400 < 40
    assert plan(7, phases, 30, 400) == plan(7, phases, 30, 400) != plan(8, phases, 30, 400)


def test_a_handful_has_somebody_without_network_and_somebody_who_never_submits() -> None:
    plans = [plan(number, Phases.of(0.01), 30, 5) for number in range(5)]
    assert any(one.outage for one in plans) and any(one.submit is None for one in plans)


def test_percentiles_and_what_was_due_when() -> None:
    assert percentile([], 0.99) == 0 and percentile([3.0], 0.5) == 3.0
    assert percentile(list(range(1, 101)), 0.99) == 99 and percentile(list(range(1, 101)), 0.5) == 50
    times = Times()
    for due, took in ((-1.0, 0.1), (0.0, 0.2), (59.9, 0.3), (60.0, 0.4)):
        times.add(due, took)
    assert times.within(0.0, 60.0) == [0.2, 0.3]


def outcome(entry: str, correct: int, seconds: int, key: str = "") -> Outcome:
    return Outcome(entry, f"Tên {entry}", key, "Chi bộ", correct, seconds)


def test_the_own_leaderboard() -> None:
    lines = leaderboard(
        [outcome("d", 9, 50), outcome("b", 10, 60, "m"), outcome("a", 10, 60, "n"), outcome("c", 10, 61), outcome("e", 9, 50)]
    )
    assert [(line.position, line.rank, line.entry) for line in lines] == [
        (1, 1, "b"), (2, 1, "a"), (3, 3, "c"), (4, 4, "d"), (5, 4, "e"),
    ]  # fmt: skip


def test_own_marks_and_own_time() -> None:
    paper = [{"version": 1, "order": [2, 0, 1]}, {"version": 2, "order": [1, 0]}]
    keys = {1: frozenset({0, 1}), 2: frozenset({1})}
    assert count_correct({0: [2, 1], 1: [0]}, paper, keys) == 2
    assert count_correct({0: [1], 1: [1]}, paper, keys) == 0
    second = 1_000_000
    assert seconds_used(0, [5 * second, 9 * second], [65 * second + 999_999], [], True) == 60
    assert seconds_used(0, [50 * second], [95 * second], [], True) == 65
    assert seconds_used(0, [], [], [7 * second, 3 * second], False) == 7
    assert seconds_used(0, [], [], [], False) == 0


def row(number: int, item: int, payload: str, kind: str = "answer") -> Row:
    return Row(number, kind, item, payload, f"row {number}", 0.0)


SECOND = 1_000_000
ROWS = [row(1, 0, "null", "display"), row(2, 0, "[0]"), row(3, 1, "[1]"), row(4, 0, "[1]")]
KEYS = {7: frozenset({0}), 8: frozenset({1})}


def stored(correct: int = 2, seconds: int = 10, receipt: str = "ABCD", by: str = "contestant") -> StoredSitting:
    paper = [{"version": 7, "order": [1, 0]}, {"version": 8, "order": [0, 1]}]
    return StoredSitting(
        1, "s", "e", "Tên", "t", "Chi bộ", "submitted", 0, by, receipt, 12 * SECOND, paper, correct, Decimal(correct), seconds
    )  # fmt: skip


def journal(rows: list[Row]) -> Journal:
    times = {row.number: row.number * SECOND for row in rows}
    found: Journal = {(1, r.number): (r.kind, r.item, r.payload, times[r.number]) for r in rows}
    found[(1, 5)] = ("submit", None, "null", 11 * SECOND)
    return found


def compared(
    rows: list[Row], sitting: StoredSitting, final: dict[int, frozenset[int]], unanswered: list[Row] | None = None
) -> tuple[Comparison, Outcome]:
    into, there = Comparison(), journal(rows)
    kept = Kept("s", 1, ROWS, unanswered or [], "ABCD")
    return into, compare(kept, sitting, there, len(there), final, KEYS, into)


RIGHT = {0: frozenset({0}), 1: frozenset({1})}


def test_what_is_as_it_should_be() -> None:
    into, own = compared(ROWS, stored(), RIGHT)
    assert (into.acknowledged, into.missing, into.foreign, into.wrong_answers, into.wrong_results) == (4, 0, 0, 0, 0), into.told
    assert (own.correct, own.seconds) == (2, 10)


def test_an_acknowledged_answer_that_is_not_in_the_journal_is_found() -> None:
    assert compared(ROWS[:3], stored(), RIGHT)[0].missing == 1
    changed = [*ROWS[:3], ROWS[3]._replace(payload="[0]")]
    assert compared(changed, stored(), RIGHT)[0].missing == 1


def test_an_older_answer_that_counts_is_found() -> None:
    assert compared(ROWS, stored(), {0: frozenset({1}), 1: frozenset({1})})[0].wrong_answers == 1
    assert compared(ROWS, stored(), {0: frozenset({0})})[0].wrong_answers == 1


def test_a_wrong_result_is_found() -> None:
    for sitting in (stored(correct=1), stored(seconds=9), stored(receipt="other")):
        assert compared(ROWS, sitting, RIGHT)[0].wrong_results == 1


def pressed(came: int, in_journal: bool, sitting: StoredSitting) -> Comparison:
    """Somebody's receipt came ``came`` seconds after Start; the deadline was at 12."""
    into, there = Comparison(), journal(ROWS)
    if not in_journal:
        del there[(1, 5)]
    compare(Kept("s", 1, ROWS, [], "ABCD", came * SECOND), sitting, there, len(there), RIGHT, KEYS, into)
    return into


def test_a_receipt_for_pressing_too_late_is_that_of_the_deadline() -> None:
    # Displayed at 1 s, last answer at 4 s: three seconds, and the deadline closed it.
    assert pressed(13, False, stored(seconds=3, by="deadline")).wrong_results == 0
    assert pressed(13, True, stored(seconds=10)).wrong_results == 0


def test_a_submit_acknowledged_in_time_that_the_journal_does_not_hold_is_found() -> None:
    assert pressed(11, False, stored(seconds=3, by="deadline")).wrong_results == 1


def test_a_row_that_nobody_sent_is_found_and_one_whose_answer_was_lost_is_not_held_against_anybody() -> None:
    late = row(6, 1, "[0]")
    final = {0: frozenset({0}), 1: frozenset({0})}
    assert compared([*ROWS, late], stored(), RIGHT)[0].foreign == 1
    into, own = compared([*ROWS, late], stored(correct=1), final, unanswered=[late])
    assert (into.foreign, into.wrong_answers, into.wrong_results, own.correct) == (0, 0, 0, 1)


def test_a_units_line_is_read_from_below() -> None:
    assert unit_line("Thành ủy / Huyện / Xã / Chi bộ", "Thành ủy") == "Chi bộ · Xã · Huyện"
    assert unit_line("Thành ủy", "Thành ủy") == "Thành ủy"


def test_a_late_generator_says_nothing() -> None:
    good, bad = Condition("a", "", True), Condition("b", "", False)
    assert verdict([good], 0.01) == PASSED and verdict([good, bad], 0.01) == FAILED and verdict([good], 0.06) == VOID


def test_a_connection_that_the_server_has_closed_is_opened_again() -> None:
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answers in (1, 2):  # the first connection is closed after one answer, as an idle one is
            client, _address = listener.accept()
            with client:
                for _number in range(answers):
                    seen.append(client.recv(1000))
                    client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    measures = Measures()
    engine = Engine(listener.getsockname(), time.monotonic(), measures)
    connection = Connection(engine)
    answers: list[Answer | None] = []

    def third(answer: Answer | None) -> None:
        answers.append(answer)
        engine.stop()

    def first(answer: Answer | None) -> None:
        answers.append(answer)
        # Two at once, after the server has closed: the second waits for the first.
        engine.at(engine.now() + 0.1, lambda: connection.ask(b"two", answers.append))
        engine.at(engine.now() + 0.1, lambda: connection.ask(b"three", third))

    connection.ask(b"one", first)
    engine.at(10.0, engine.stop)
    engine.run()
    thread.join(5)
    listener.close()
    assert [answer.body if answer else None for answer in answers] == [b"ok"] * 3
    assert seen == [b"one", b"two", b"three"] and not measures.troubles
    assert measures.connections == 2


def test_a_lost_request_is_told() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _address = listener.accept()
        client.recv(1000)
        client.close()

    threading.Thread(target=serve, daemon=True).start()
    measures = Measures()
    engine = Engine(listener.getsockname(), time.monotonic(), measures)
    answers: list[Answer | None] = []

    def done(answer: Answer | None) -> None:
        answers.append(answer)
        engine.stop()

    Connection(engine).ask(b"one", done)
    engine.at(10.0, engine.stop)
    engine.run()
    listener.close()
    assert answers == [None] and measures.troubles == {"a connection was lost": 1}


def test_a_few_people_through_the_whole_day(tmp_path: Path) -> None:
    """Times are not judged here: other tests run beside it."""
    found = tmp_path / "city.json"
    arguments = ["--scale", "0.0005", "--time", "0.012", "--folder", str(tmp_path), "--json", str(found)]
    running = subprocess.Popen(
        [sys.executable, "-m", "bench.city", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        told, _nothing = running.communicate(timeout=400)
    finally:
        running.terminate()  # it ends its server with it; killed it could not
    assert found.exists(), told
    result = json.loads(found.read_text())
    wrong = [condition for condition in result["conditions"] if not condition["holds"] and not condition["depends"]]
    assert wrong == [], told
    assert len(result["conditions"]) == 15 and result["people"] == 8
