"""Drawing a sitting's paper out of its part of the pool. Pure, reproducible, unguessable.

Everything random comes from one keyed hash of the round and the sitting, drawn out to as many numbers as are needed: whoever
holds the key can draw the same paper again and show that nobody chose it; nobody else can foretell it.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

V = TypeVar("V")

@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """An item of the part of the pool; ``movable`` are the original indexes of its options that are shown in an order of their
    own, ``fixed`` those that come after them as they stand. A ``void`` one is drawn only where its cell holds too few
    others. ``always_drawn``: its order is drawn also where the round shuffles no options, as its own would be the key."""

    item_id: int
    version_id: int
    cell: int
    movable: tuple[int, ...]
    fixed: tuple[int, ...] = ()
    void: bool = False
    always_drawn: bool = False


class DrawnItem(NamedTuple):
    """One question of a paper: which pool item, in which version, and the original indexes of its options as shown."""

    item_id: int
    version_id: int
    order: tuple[int, ...]

    def to_plain(self) -> dict[str, Any]:
        """As it is kept with the sitting."""
        return {"item": self.item_id, "version": self.version_id, "order": list(self.order)}


class PoolTooSmall(Exception):
    """A cell of the pool holds fewer questions than a paper needs: the round must not have been opened."""


@dataclass(frozen=True, slots=True)
class PreparedPool:
    """A part of a pool ready for drawing: for each cell how many questions a paper takes and from which; or the ``forms``,
    of which a paper is one."""

    cells: tuple[tuple[int, tuple[PoolQuestion, ...]], ...]
    forms: tuple[tuple[PoolQuestion, ...], ...] = ()


def prepare_pool(questions: Sequence[PoolQuestion], counts: Sequence[int]) -> PreparedPool:
    """Sort ``questions`` by cell; a paper takes ``counts[n]`` of cell n. Void ones are left out where enough others remain.

    Raises PoolTooSmall where a cell cannot be filled.
    """
    inside: list[list[PoolQuestion]] = [[] for _count in counts]
    for question in sorted(questions, key=lambda q: q.item_id):
        inside[question.cell].append(question)
    cells = []
    for number, (count, held) in enumerate(zip(counts, inside, strict=True)):
        if len(held) < count:
            raise PoolTooSmall(f"cell {number}: {len(held)} of {count}")
        sound = [q for q in held if not q.void]
        cells.append((count, tuple(sound if len(sound) >= count else held)))
    return PreparedPool(tuple(cells))


def draw(
    pool: PreparedPool,
    key: bytes,
    round_id: str,
    sitting_id: str,
    *,
    shuffle_questions: bool = True,
    shuffle_options: bool = True,
) -> list[DrawnItem]:
    """The paper of a sitting, in an order of its own."""
    random = KeyedNumbers(key, f"paper|{round_id}|{sitting_id}")
    if pool.forms:
        chosen = list(random.sample(pool.forms, 1)[0])
    else:
        chosen = [question for count, held in pool.cells for question in random.sample(held, count)]
    if shuffle_questions:
        chosen = random.sample(chosen, len(chosen))
    return [DrawnItem(q.item_id, q.version_id, _option_order(q, random, shuffle_options)) for q in chosen]


def _option_order(question: PoolQuestion, random: KeyedNumbers, shuffle: bool) -> tuple[int, ...]:
    if not (shuffle or question.always_drawn):
        return tuple(sorted(question.movable + question.fixed))
    return (*random.sample(question.movable, len(question.movable)), *question.fixed)


class KeyedNumbers:
    """Numbers that only the holder of ``key`` can foretell, the same ones for the same ``context`` each time.

    SHAKE-256 (FIPS 202) draws out HMAC-SHA-256(key, context) to 64-bit numbers. Taken modulo n they are even to within
    n / 2^64.
    """

    def __init__(self, key: bytes, context: str) -> None:
        self._shake = hashlib.shake_256(hmac.digest(key, context.encode(), "sha256"))
        self._numbers = self._draw()

    def _draw(self) -> Iterator[int]:
        given, size = 0, 256
        while True:
            # A longer digest begins with the shorter one.
            yield from struct.unpack(f">{size}Q", self._shake.digest(8 * size))[given:]
            given, size = size, 2 * size

    def sample(self, values: Sequence[V], count: int) -> list[V]:
        """``count`` of ``values`` in random order: the first steps of a Fisher-Yates shuffle."""
        pool, numbers, size = list(values), self._numbers, len(values)
        for at in range(min(count, size - 1)):
            other = at + next(numbers) % (size - at)
            pool[at], pool[other] = pool[other], pool[at]
        return pool[:count]
