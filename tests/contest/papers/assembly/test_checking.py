"""The independent check sees each broken rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.papers.assembly.checking import violations
from contest.papers.assembly.model import Cell, Item


def item(name: str, topic: str, enemies: str = "") -> Item:
    return Item(name, topic, "1", "single", Decimal(1), Decimal(1), enemies, 0)


BANK = [item("a1", "A", "x"), item("a2", "A", "x"), item("a3", "A"), item("b1", "B"), item("b2", "B", "x"), item("b3", "B")]
CELLS = [Cell(1, topic="A"), Cell(1)]


def test_forms_that_keep_every_rule_pass() -> None:
    assert violations(BANK, CELLS, 0, [["a1", "b1"], ["b2", "a3"]]) == []
    assert violations(BANK, CELLS, 1, [["a1", "b1"], ["a2", "b1"]]) == []


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        ([["a1", "nobody"]], "no such items"),
        ([["a3", "a3"]], "a3 twice"),
        ([["a1", "b2"]], "2 of enemy group x"),
        ([["b1", "b3"]], "does not fill the blueprint"),
        ([["a3"]], "does not fill the blueprint"),
        ([["a3", "b1", "b3"]], "does not fill the blueprint"),
        ([["a1", "b1"], ["a2", "b1"]], "forms 1 and 2 share 1"),
    ],
)
def test_a_broken_rule_is_named(forms: list[list[str]], said: str) -> None:
    assert any(said in one for one in violations(BANK, CELLS, 0, forms))
