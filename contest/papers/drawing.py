"""Drawing a sitting's paper out of its part of the pool. Pure, reproducible, unguessable.

Everything random is a keyed hash of the round, the sitting and what is being ordered: whoever holds the key can draw the
same paper again and show that nobody chose it; nobody else can foretell it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contest.papers.allotment import keyed_order


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """An item of the part of the pool; ``order_options(priority)`` says in which order its options are shown, given the
    indexes of the options in random order (options that refer to others keep their place at the end). A ``void`` one is drawn
    only where its cell holds too few others."""

    item_id: int
    version_id: int
    cell: int
    options: int
    order_options: Callable[[Sequence[int]], list[int]]
    void: bool = False


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One question of a paper: which pool item, in which version, and the original indexes of its options as shown."""

    item_id: int
    version_id: int
    order: tuple[int, ...]

    def to_plain(self) -> dict[str, Any]:
        """As it is kept with the sitting."""
        return {"item": self.item_id, "version": self.version_id, "order": list(self.order)}


class PoolTooSmall(Exception):
    """A cell of the pool holds fewer questions than a paper needs: the round must not have been opened."""


def draw(
    pool: Sequence[PoolQuestion],
    counts: Sequence[int],
    key: bytes,
    round_id: str,
    sitting_id: str,
    *,
    shuffle_questions: bool = True,
    shuffle_options: bool = True,
) -> list[DrawnItem]:
    """The paper of a sitting: ``counts[n]`` questions of cell n, in an order of its own.

    Raises PoolTooSmall where a cell cannot be filled.
    """
    context = f"paper|{round_id}|{sitting_id}"
    chosen: list[PoolQuestion] = []
    for cell, count in enumerate(counts):
        inside = sorted((q for q in pool if q.cell == cell), key=lambda q: q.item_id)
        if len(inside) < count:
            raise PoolTooSmall(f"cell {cell}: {len(inside)} of {count}")
        sound = [q for q in inside if not q.void]
        inside = sound if len(sound) >= count else inside
        order = keyed_order(key, f"{context}|cell", [str(q.item_id) for q in inside])
        chosen.extend(inside[i] for i in order[:count])
    if shuffle_questions:
        chosen = [chosen[i] for i in keyed_order(key, f"{context}|order", [str(q.item_id) for q in chosen])]
    return [
        DrawnItem(q.item_id, q.version_id, tuple(_option_order(q, key, context, shuffle_options))) for q in chosen
    ]


def _option_order(question: PoolQuestion, key: bytes, context: str, shuffle: bool) -> list[int]:
    if not shuffle:
        return list(range(question.options))
    labels = [str(n) for n in range(question.options)]
    return question.order_options(keyed_order(key, f"{context}|options|{question.item_id}", labels))
