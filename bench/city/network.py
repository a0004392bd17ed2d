"""The generator's engine: one thread, one epoll, a heap of timers, and thousands of kept-alive connections.

It is written for little work a request, as it must never be late itself: no futures, no tasks, a callback for each answer.
"""

from __future__ import annotations

import errno
import heapq
import select
import socket
import time
from collections import deque
from collections.abc import Callable

from bench.city.measures import Measures
from bench.city.wire import Answer, AnswerStream, BadAnswer

#: Seconds after which a page gives a request up (as the page's own script does).
GIVE_UP = 20.0

#: Seconds beyond its time that waiting for sockets may take before somebody is told: the machine itself stood still.
STANDS_STILL = 0.5

#: Timers in a row before the sockets are looked at again, and the other way round.
SLICE = 64

_READ = select.EPOLLIN
_BOTH = select.EPOLLIN | select.EPOLLOUT
_AGAIN = frozenset({errno.EINPROGRESS, errno.EAGAIN, 0})

#: Where everything that arrives is put first: a new buffer for each answer would cost more than reading it.
_BUFFER = bytearray(262_144)
_VIEW = memoryview(_BUFFER)

Done = Callable[[Answer | None], None]


class Engine:
    """Runs timers and connections; ``now()`` and timers count seconds from ``bell`` (on the monotonic clock).
    ``loads_files``: browsers load scripts and styles too."""

    def __init__(self, address: tuple[str, int], bell: float, measures: Measures, loads_files: bool = False) -> None:
        self.address = address
        self.bell = bell
        self.measures = measures
        self.loads_files = loads_files
        self.host = f"{address[0]}:{address[1]}"
        self.waiting: dict[Connection, float] = {}
        self.connections: dict[int, Connection] = {}
        self.busy = 0.0
        self._epoll = select.epoll()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._stopped = False

    def now(self) -> float:
        """Seconds from the bell."""
        return time.monotonic() - self.bell

    def at(self, due: float, act: Callable[[], None]) -> None:
        """Call ``act`` at ``due``."""
        self._number += 1
        heapq.heappush(self._timers, (due, self._number, act))

    def stop(self) -> None:
        """End ``run``."""
        self._stopped = True

    def run(self) -> None:
        """Work until ``stop``."""
        self._sweep()
        timers, late, begun = self._timers, self.measures.late, time.process_time()
        while not self._stopped:
            now = self.now()
            for _ in range(SLICE):
                if not timers or timers[0][0] > now:
                    break
                due, _number, act = heapq.heappop(timers)
                late.append(now - due)
                act()
                now = self.now()
            pause = max(0.0, min(1.0, timers[0][0] - now)) if timers else 1.0
            ready = self._epoll.poll(pause, SLICE)
            away = self.now() - now - pause
            if away > STANDS_STILL:
                self.measures.stood_still.append((now, away))
            for descriptor, events in ready:
                connection = self.connections.get(descriptor)
                if connection is not None:
                    connection.ready(events)
        self.busy = time.process_time() - begun

    def _sweep(self) -> None:
        """Give up what has waited too long; those asked first are first in ``waiting``."""
        limit = self.now() - GIVE_UP
        while self.waiting:
            connection, asked = next(iter(self.waiting.items()))
            if asked > limit:
                break
            self.measures.trouble("an answer took longer than 20 s")
            connection.lose()
        self.at(self.now() + 1.0, self._sweep)

    def watch(self, connection: Connection, descriptor: int) -> None:
        """Listen to a new socket."""
        self.connections[descriptor] = connection
        self._epoll.register(descriptor, _READ)

    def want_write(self, descriptor: int, wanted: bool) -> None:
        """Say whether the socket is waited for to take more."""
        self._epoll.modify(descriptor, _BOTH if wanted else _READ)

    def forget(self, descriptor: int) -> None:
        """A socket is closed."""
        self.connections.pop(descriptor, None)


class Connection:
    """A browser's connection: one request after the other, opened again when the server has closed it."""

    __slots__ = ("_asked", "_done", "_engine", "_queue", "_rest", "_reused", "_socket", "_stream")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._socket: socket.socket | None = None
        self._stream = AnswerStream()
        self._rest = b""
        self._asked = b""
        self._done: Done | None = None
        self._queue: deque[tuple[bytes, Done]] = deque()
        self._reused = False

    def ask(self, request: bytes, done: Done) -> None:
        """Send ``request`` once those before it are answered; ``done`` gets the answer, or None when it is lost."""
        if self._done is not None:
            self._queue.append((request, done))
            return
        self._asked, self._done = request, done
        self._engine.waiting[self] = self._engine.now()
        self._send()

    def cut(self) -> None:
        """The network is gone: what was asked is lost."""
        queued = [done for _request, done in self._queue]
        self._queue.clear()
        self._close()
        self._end(None)
        for done in queued:
            done(None)

    def lose(self) -> None:
        """Give the present request up; those behind it get a new connection."""
        self._close()
        self._end(None)

    def _send(self) -> None:
        if self._socket is None:
            self._open()
        self._rest = self._asked
        self._write()

    def _open(self) -> None:
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket, self._reused, self._stream = opened, False, AnswerStream()
        self._engine.measures.connections += 1
        self._engine.watch(self, opened.fileno())
        code = opened.connect_ex(self._engine.address)
        if code not in _AGAIN:
            self._engine.measures.trouble("a connection could not be opened", errno.errorcode.get(code, str(code)))

    def _write(self) -> None:
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self._rest)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            if error.errno == errno.ENOTCONN:
                sent = 0
            else:
                self._gone(error)
                return
        waited = bool(self._rest) and sent < len(self._rest)
        self._rest = self._rest[sent:] if waited else b""
        if waited:
            self._engine.want_write(self._socket.fileno(), True)

    def ready(self, events: int) -> None:
        """The socket has something, takes something, or is gone."""
        if self._socket is None:
            return
        if events & select.EPOLLOUT:
            self._engine.want_write(self._socket.fileno(), False)
            if self._rest:
                self._write()
            if events == select.EPOLLOUT or self._socket is None:
                return
        try:
            size = self._socket.recv_into(_BUFFER)
        except BlockingIOError:
            return
        except OSError as error:
            self._gone(error)
            return
        if not size:
            self._gone(None)
            return
        try:
            answer = self._stream.feed(bytes(_VIEW[:size]))
        except BadAnswer as error:
            self._engine.measures.trouble("an answer that is not HTTP", str(error))
            self.lose()
            return
        if answer is not None:
            self._reused = True
            if answer.closes:
                self._close()
            self._end(answer)

    def _gone(self, error: OSError | None) -> None:
        """The server has closed. A connection that was idle is opened again, as browsers do; else the request is lost."""
        stale = self._reused and not self._stream.begun
        self._close()
        if self._done is None:
            return
        if stale:
            self._engine.measures.reopened += 1
            self._send()
            return
        self._engine.measures.trouble("a connection was lost", str(error or "closed by the server"))
        self._end(None)

    def _end(self, answer: Answer | None) -> None:
        done, self._done = self._done, None
        if done is None:
            return
        self._engine.waiting.pop(self, None)
        if self._queue:
            request, following = self._queue.popleft()
            self.ask(request, following)
        done(answer)

    def _close(self) -> None:
        if self._socket is not None:
            self._engine.forget(self._socket.fileno())
            self._socket.close()
            self._socket, self._rest, self._stream = None, b"", AnswerStream()
