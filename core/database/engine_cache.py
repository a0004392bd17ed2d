"""What never changes once written may be kept in memory: one small store for each engine, forgotten with it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class EngineCache(Generic[K, V]):
    """A dictionary for each engine (row numbers of two databases mean different things), emptied when it is full."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._stores: WeakKeyDictionary[Engine, dict[K, V]] = WeakKeyDictionary()

    def store(self, engine: Engine, room_for: int = 1) -> dict[K, V]:
        """The dictionary of ``engine``, with room for ``room_for`` more entries."""
        found = self._stores.get(engine)
        if found is None or len(found) + room_for > self._capacity:
            found = self._stores[engine] = {}
        return found
