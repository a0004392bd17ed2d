"""A small load generator in Python: for exact checks, and for a smoke run where wrk is not installed.

It remembers which request was answered rightly, and every connection waits for its last answer: what is in the database
afterwards must be exactly that.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count

from bench.load import CONNECTIONS, PART, RECORD, Measured, Requests

#: Letters of a question's public id.
ID = 16


@dataclass
class _Seen:
    """What one run has seen."""

    times: list[float] = field(default_factory=list)
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    bad: int = 0
    broken: int = 0
    example: str = ""


class PythonClient:
    """See ``bench.load.Generator``. After a run ``acknowledged`` holds the number of each request in its file that was
    answered rightly, with the sequence number where it was a save."""

    counts = False

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self.connections = connections
        self.acknowledged: list[tuple[int, int]] = []

    def run(self, port: int, requests: Requests, seconds: float) -> Measured:
        """Keep the connections busy for ``seconds``, each with one request at least, and wait for the last answers."""
        seen = _Seen()
        began, used = time.perf_counter(), time.process_time()
        asyncio.run(self._run(port, requests, began + seconds, seen))
        took = time.perf_counter() - began
        self.acknowledged = seen.acknowledged
        times = sorted(seen.times) or [0.0]
        return Measured(
            good=len(seen.acknowledged), bad=seen.bad, broken=seen.broken, ran_out=0, seconds=took,
            p50=1000 * times[len(times) // 2], p99=1000 * times[int(len(times) * 0.99)],
            busy=(time.process_time() - used) / took, example=seen.example,
        )  # fmt: skip

    async def _run(self, port: int, requests: Requests, until: float, seen: _Seen) -> None:
        records = requests.file.read_bytes().split(RECORD)[:-1]
        numbers = count()
        await asyncio.gather(
            *(_connection(port, requests, records, numbers, until, seen) for _each in range(self.connections))
        )


async def _connection(
    port: int, requests: Requests, records: list[bytes], numbers: count[int], until: float, seen: _Seen
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    accepted = requests.accepted.encode()
    try:
        while True:  # at least once, however slow the machine is just now
            turn, at = divmod(next(numbers), len(records))
            if requests.once and turn:
                return  # everything has been sent: the run ends here
            sequence = requests.first + turn
            began = time.perf_counter()
            writer.write(_save(records[at], at, sequence) if requests.saves else records[at])
            status, body = await _answer(reader)
            seen.times.append(time.perf_counter() - began)
            if status == 200 and accepted in body:
                seen.acknowledged.append((at, sequence))
            else:
                seen.bad += 1
                seen.example = seen.example or f"{status} {body[:200].decode(errors='replace')}"
            if time.perf_counter() > until:
                return
    except (OSError, asyncio.IncompleteReadError):
        seen.broken += 1
    finally:
        writer.close()


def _save(record: bytes, number: int, sequence: int) -> bytes:
    """The save that ``wrk/saves.lua`` would send."""
    head, ids = record.split(PART)
    item = sequence % (len(ids) // ID)
    version = ids[item * ID : item * ID + ID].decode()
    body = (
        f'{{"rows":[{{"k":"answer","i":{item},"v":"{version}","p":[{(sequence + number) % 4}],'
        f'"t":1790000000000,"n":{sequence}}}]}}'
    )
    return head + f"{len(body)}\r\n\r\n{body}".encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of an answer with a Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = int(head[9:12]), 0
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    return status, await reader.readexactly(length)
