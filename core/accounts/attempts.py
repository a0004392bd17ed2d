"""Counting failures of signing in, per address and in total, in memory. Success is never counted. Pure.

A whole school sits behind one address, so a limit on attempts would lock out honest people: only failures count, and
whoever has failed too often waits. The counts hold a bounded number of addresses; the one that failed longest ago
makes room, nobody new is refused.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict, deque


class FailureCounter:
    """Failures of the last ``window`` seconds: at most ``limit`` a key, ``total`` by all keys together.

    Beyond the total those keys wait that have failed themselves; a first try is always free.
    """

    def __init__(self, limit: int, total: int, window: float, max_keys: int = 20_000) -> None:
        self.limit = limit
        self.window = window
        self._max_keys = max_keys
        self._keys: OrderedDict[str, deque[float]] = OrderedDict()
        self._total: deque[float] = deque(maxlen=total)
        self._lock = threading.Lock()

    def fail(self, key: str, at: float) -> None:
        """Note a failure of ``key`` at ``at`` (seconds of any clock that does not go back)."""
        with self._lock:
            self._keys.setdefault(key, deque(maxlen=self.limit)).append(at)
            self._keys.move_to_end(key)
            self._total.append(at)
            while len(self._keys) > self._max_keys:
                self._keys.popitem(last=False)

    def forget(self, key: str) -> None:
        """``key`` has succeeded: its failures no longer count."""
        with self._lock:
            self._keys.pop(key, None)

    def wait(self, key: str, at: float) -> int:
        """Whole seconds that ``key`` has to wait before it may try again (0: it may now)."""
        with self._lock:
            own = self._keys.get(key)
            if own is None or own[-1] + self.window <= at:
                return 0
            return max(self._left(own, at), self._left(self._total, at))

    def _left(self, failures: deque[float], at: float) -> int:
        if len(failures) < (failures.maxlen or 0):
            return 0
        return max(0, math.ceil(failures[0] + self.window - at))


def address_key(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the network of 64 bits that one household of IPv6 has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "?"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
