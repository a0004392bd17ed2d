"""A TCP relay in front of a server, to cut a browser's network: Playwright's offline switch does not reach service workers."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType


class Relay:
    """Listens on a port of its own on loopback and passes bytes on to ``port``; use it as a context manager.

    ``cut()`` closes every connection and refuses new ones, ``hang()`` takes connections and bytes but passes nothing on (a
    network that swallows), ``mend()`` passes on again. The address stays the same throughout.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._passing = threading.Event()
        self._passing.set()
        self._listener: socket.socket | None = None
        self.port = 0
        self._listen()

    @property
    def url(self) -> str:
        """Where browsers find the server through this relay."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()

    def cut(self) -> None:
        """No network: connections break, new ones are refused."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _close(listener)
        self._break()

    def hang(self) -> None:
        """A network that swallows everything: what is open breaks, new connections are taken and never answered."""
        self._passing.clear()
        self._break()

    def mend(self) -> None:
        """The network is back. What was swallowed is lost."""
        if not self._passing.is_set():
            self._break()
            self._passing.set()
        if self._listener is None:
            self._listen()

    def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            if not self._hold(client):
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._upstream))
            except OSError:
                self._drop(client)
                continue
            self._hold(server)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if self._passing.is_set():
                    target.sendall(data)
        except OSError:
            pass
        self._drop(source)
        self._drop(target)

    def _hold(self, one: socket.socket) -> bool:
        """Keep an open end, to break it later; False when the network is cut already."""
        with self._lock:
            if self._listener is None:
                _close(one)
                return False
            self._open.add(one)
            return True

    def _drop(self, one: socket.socket) -> None:
        with self._lock:
            self._open.discard(one)
        _close(one)

    def _break(self) -> None:
        with self._lock:
            held, self._open = self._open, set()
        for one in held:
            _close(one)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
