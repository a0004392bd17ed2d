"""Marking an ordering. Pure.

Data: ``{"steps": ["…", …], "credit": "all"}``, the steps in their right order. An answer holds for each step the place it was
given, from 0; a place given to two steps (forms without scripts can say so) counts for neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from questions.types.marks import WRONG, Mark, Problem
from questions.types.rows.data import ALL, check_credit, check_texts, credit_of, marked, picks_of, texts_of

#: Fewer steps have an order that half of all guesses find.
FEWEST_STEPS = 3

#: The share of steps at their right place; the share of neighbouring steps that follow one another as they should.
PLACES, PAIRS = "places", "pairs"

#: What an answer right in part may be worth.
CREDITS = (ALL, PLACES, PAIRS)


def check(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``data``: three to ten different steps."""
    return check_texts(data, "steps", FEWEST_STEPS) + check_credit(data, CREDITS)


def mark(data: Mapping[str, Any], answer: Any) -> Mark:
    """All points for the right order; else none, or the share of right places, or of right neighbours.

    Of n steps there are n - 1 neighbouring pairs; one is right where the later step stands at the place right after the
    earlier one's, wherever the two are.
    """
    count = len(texts_of(data, "steps"))
    picks = picks_of(answer, count, count)
    if not count or picks is None:
        return WRONG
    held = Counter(picks)
    places = [None if place is None or held[place] > 1 else place for place in picks]
    at_place = sum(place == step for step, place in enumerate(places))
    if credit_of(data) == PAIRS and at_place < count:
        pairs = zip(places, places[1:], strict=False)
        return marked(sum(a is not None and b == a + 1 for a, b in pairs), count - 1, in_part=True)
    return marked(at_place, count, credit_of(data) == PLACES)
