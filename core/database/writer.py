"""The group-commit writer: one thread a process that commits everything waiting in one transaction.

Its clients (the journal, sign-in, start, submit) hand over an item and wait; the answer comes only after the commit, so
what was answered is on disk. Whatever arrives while one commit runs goes into the next: the dearer a commit, the more
it carries. Where several come at a time, two commits begin GATHER apart at the least: a commit costs nearly as much for one
item as for ten, and whoever else writes to SQLite finds its lock free meanwhile. The queue is bounded: when it is full the
caller gets WriterBusy and says 503, and memory does not grow.

On PostgreSQL each kind of item has a transaction of its own. A handler locks its rows in one statement, in the order of
their ids; several handlers in one transaction would lock in turns, and two processes could wait for each other.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine

from core.database.engine import DATABASE_AWAY

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

#: A handler gets the open connection and the items waiting for it, in order of arrival, and returns one outcome for
#: each; an outcome that is an exception is raised at the caller's. It may be called again with the same items when the
#: transaction was rolled back, so it keeps nothing outside the database.
Handler = Callable[[Connection, Sequence[Item]], Sequence[Outcome | Exception]]


#: Seconds from the beginning of a commit of several items to the next.
GATHER = 0.01


class WriterBusy(RuntimeError):
    """The queue is full, the commit took longer than the caller would wait, or the database cannot write now (away, locked,
    full): try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("the writer is busy")
        self.retry_after = retry_after


class _Waiting(Generic[Item, Outcome]):
    """An item and, once it is ``settled``, its outcome or the error.

    ``settled`` is a bare lock, held until then: a thousand of these a second wait and wake, and a Future's condition costs
    more than the rest of the hand-over.
    """

    __slots__ = ("error", "handler", "item", "outcome", "settled")

    def __init__(self, handler: Handler[Item, Outcome], item: Item) -> None:
        self.handler = handler
        self.item = item
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self.settled = threading.Lock()
        self.settled.acquire()

    def settle(self, outcome: Outcome | Exception) -> None:
        """Give the caller its outcome, or an exception to raise."""
        if isinstance(outcome, Exception):
            self.error = outcome
        else:
            self.outcome = outcome
        self.settled.release()


class GroupCommitWriter:
    """Commits what many threads ask for in few transactions. ``capacity`` bounds what waits, but for as many items as there
    are threads that hand over in the same moment."""

    def __init__(self, engine: Engine, capacity: int = 8192, batch: int = 512) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Waiting[Any, Any] | None] = queue.SimpleQueue()
        self._capacity = capacity
        self._batch = batch
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def call(self, handler: Handler[Item, Outcome], item: Item, timeout: float = 20.0) -> Outcome:
        """Hand ``item`` to ``handler`` in the next transaction and return its outcome once that is committed.

        Raises WriterBusy when the queue is full or ``timeout`` seconds have passed (the item may still be committed:
        callers are idempotent), and whatever exception the handler made of the item.
        """
        waiting = self._hand_over(handler, item)
        if not waiting.settled.acquire(timeout=timeout):
            raise WriterBusy
        if waiting.error is not None:
            raise waiting.error
        return cast(Outcome, waiting.outcome)

    def post(self, handler: Handler[Item, Outcome], item: Item) -> None:
        """Hand ``item`` over and wait for nothing; what becomes of it only the log tells. Raises WriterBusy when the queue
        is full."""
        self._hand_over(handler, item)

    def _hand_over(self, handler: Handler[Item, Outcome], item: Item) -> _Waiting[Item, Outcome]:
        self._ensure_thread()
        if self._queue.qsize() >= self._capacity:
            raise WriterBusy
        waiting = _Waiting(handler, item)
        self._queue.put(waiting)
        return waiting

    def close(self) -> None:
        """Commit what is waiting and end the thread."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="group-commit-writer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        pause, not_before = threading.Event(), 0.0
        while True:
            first = self._queue.get()
            if first is None:
                return
            if (early := not_before - time.monotonic()) > 0:
                pause.wait(early)
            began, batch = time.monotonic(), [first]
            ending = False
            while len(batch) < self._batch:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ending = True
                    break
                batch.append(more)
            for together in self._transactions(batch):
                self._commit(together)
            if ending:
                return
            not_before = began + GATHER if len(batch) > 1 else 0.0

    def _transactions(self, batch: list[_Waiting[Any, Any]]) -> list[list[_Waiting[Any, Any]]]:
        """What of ``batch`` goes together (see the module)."""
        if self._engine.dialect.name == "sqlite":
            return [batch]
        kinds: dict[Any, list[_Waiting[Any, Any]]] = {}
        for waiting in batch:
            kinds.setdefault(waiting.handler, []).append(waiting)
        return list(kinds.values())

    def _commit(self, batch: list[_Waiting[Any, Any]]) -> bool:
        """Write ``batch`` and answer; False when it is the database that cannot write, whatever it is given."""
        try:
            outcomes = self._transact(batch)
        except Exception as error:
            if len(batch) == 1:
                return _refuse(batch[0], error)
            # One poisonous item must not take the others with it: each gets a transaction of its own.
            log.warning("a batch of %d writes failed (%s); trying one by one", len(batch), error)
            can_write = True
            for waiting in batch:
                # Where the database is away or locked, hundreds would each wait for it in turn.
                can_write = self._commit([waiting]) if can_write else _refuse(waiting, WriterBusy())
            return can_write
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.settle(outcome)
        return True

    def _transact(self, batch: list[_Waiting[Any, Any]]) -> list[Any]:
        groups: dict[Any, list[int]] = {}
        for index, waiting in enumerate(batch):
            groups.setdefault(waiting.handler, []).append(index)
        outcomes: list[Any] = [None] * len(batch)
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            for handler, indexes in groups.items():
                results = handler(connection, [batch[i].item for i in indexes])
                for index, result in zip(indexes, results, strict=True):
                    outcomes[index] = result
        return outcomes


def _refuse(waiting: _Waiting[Any, Any], error: Exception) -> bool:
    """Tell the caller that its item was not written; False when that is the database's fault and not the item's."""
    if isinstance(error, WriterBusy):
        waiting.settle(error)
        return False
    log.error("a write failed", exc_info=error)
    if isinstance(error, DATABASE_AWAY):
        waiting.settle(WriterBusy())
        return False
    waiting.settle(error)
    return True
