"""A small network with capacities and costs, and the cheapest flow through it. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

UNBOUNDED = 10**9


@dataclass(slots=True)
class _Edge:
    to: int
    room: int
    cost: int


class Network:
    """Edges are added with `edge`; `push` sends flow by successive cheapest paths (Ahuja, Magnanti, Orlin: Network
    Flows, 1993, section 9.7), which is cheapest for every amount on the way."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._edges: list[_Edge] = []  # an edge and its way back lie side by side
        self._out: list[list[int]] = []

    def _number(self, node: Hashable) -> int:
        found = self._numbers.setdefault(node, len(self._numbers))
        if found == len(self._out):
            self._out.append([])
        return found

    def edge(self, start: Hashable, end: Hashable, capacity: int = UNBOUNDED, cost: int = 0) -> int:
        """Adds an edge; gives its number, for `flow_on`."""
        a, b = self._number(start), self._number(end)
        at = len(self._edges)
        self._edges += [_Edge(b, capacity, cost), _Edge(a, 0, -cost)]
        self._out[a].append(at)
        self._out[b].append(at + 1)
        return at

    def flow_on(self, edge: int) -> int:
        """The flow on an edge."""
        return self._edges[edge + 1].room

    def push(self, source: Hashable, sink: Hashable, budget: int | None = None) -> tuple[int, int]:
        """The largest flow whose cheapest cost is at most ``budget`` (None: any), and that cost."""
        start, end = self._number(source), self._number(sink)
        flow = spent = 0
        while True:
            path, price = self._cheapest_path(start, end)
            if not path:
                return flow, spent
            amount = min(self._edges[at].room for at in path)
            if budget is not None and price > 0:
                amount = min(amount, (budget - spent) // price)
            if amount <= 0:
                return flow, spent
            for at in path:
                self._edges[at].room -= amount
                self._edges[at ^ 1].room += amount
            flow += amount
            spent += amount * price

    def _cheapest_path(self, start: int, end: int) -> tuple[list[int], int]:
        """Bellman and Ford's, with a queue."""
        price: list[int | None] = [None] * len(self._out)
        came_by = [-1] * len(self._out)
        waiting = [False] * len(self._out)
        price[start] = 0
        queue = deque([start])
        while queue:
            node = queue.popleft()
            waiting[node] = False
            so_far = price[node]
            assert so_far is not None
            for at in self._out[node]:
                edge = self._edges[at]
                known = price[edge.to]
                if edge.room > 0 and (known is None or so_far + edge.cost < known):
                    price[edge.to] = so_far + edge.cost
                    came_by[edge.to] = at
                    if not waiting[edge.to]:
                        waiting[edge.to] = True
                        queue.append(edge.to)
        total = price[end]
        if total is None:
            return [], 0
        path = []
        node = end
        while node != start:
            path.append(came_by[node])
            node = self._edges[came_by[node] ^ 1].to
        return path, total
