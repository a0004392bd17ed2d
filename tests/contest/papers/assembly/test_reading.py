"""Whatever stands in the files: read, or refused by the reader's own error."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contest.papers.assembly.blueprint_file import Blueprint, read_blueprint
from contest.papers.assembly.items_table import COLUMNS, ItemsError, read_items
from contest.papers.assembly.model import Cell, Item, Task
from contest.rules.plain import RulesError

HEAD = ",".join(COLUMNS)
ODD = ["1", "0.5", '"', '"x', "1e-3", "-1", "\n", ";", "\r", "\0", "１", "1e99"]
CELL_TEXT = st.one_of(st.text(max_size=8), st.sampled_from(ODD))


@given(st.one_of(st.binary(max_size=60), st.lists(st.lists(CELL_TEXT, max_size=9).map(",".join), max_size=4).map(
    lambda rows: "\n".join([HEAD, *rows]).encode())))
@settings(max_examples=400, deadline=None)
@example((HEAD + "\na,A,1,single,1,1e-5,,0\nb,A,1,single,1,1e-99,,0").encode())
def test_any_bytes_are_items_or_refused(data: bytes) -> None:
    try:
        items = read_items(data)
    except ItemsError as error:
        assert error.faults and all(fault.startswith(("dòng ", "tệp trống")) for fault in error.faults)
    else:
        assert len({item.id for item in items}) == len(items)
        assert all(item.id and item.topic and item.exposure >= 0 for item in items)
        assert all(unit == item.difficulty.scaleb(Task(items, [], 1).decimals) for item, unit in
                   zip(items, Task(items, [], 1).units, strict=True))


YAML_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 600), st.text(max_size=5), st.just("!!binary x"), st.just("&a b")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["count", "topic", "points", "x"]), inner)
    ),
    max_leaves=6,
)


@given(st.one_of(st.text(max_size=60), YAML_VALUE.map(lambda value: f"cells: {value}"), YAML_VALUE.map(str)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_blueprint_or_refused(text: str) -> None:
    with suppress(RulesError):
        blueprint = read_blueprint(text)
        assert blueprint.cells and all(1 <= cell.count <= 500 for cell in blueprint.cells)
        assert len(blueprint.cells) == len(blueprint.written)


def test_a_cell_matches_by_what_it_names_and_by_nothing_else() -> None:
    blueprint = read_blueprint('cells:\n  - {count: 3, type: single, points: "0.50", level: 1}\n  - {count: 1, topic: }\n')
    assert blueprint == Blueprint(
        (Cell(3, level="1", type="single", points=Decimal("0.5")), Cell(1)),
        ({"count": 3, "type": "single", "points": "0.50", "level": 1}, {"count": 1}),
    )
    item = Item("a", "any", "1", "single", Decimal("0.5"), Decimal(1), "", 0)
    assert [cell.matches(item) for cell in blueprint.cells] == [True, True]
    assert not blueprint.cells[0].matches(Item("a", "any", "1", "multiple", Decimal("0.5"), Decimal(1), "", 0))


def test_names_are_compared_as_they_are_read_however_they_were_typed() -> None:
    # "Điều  lệ" with two spaces and the marks apart from their letters is the same topic.
    data = f"{HEAD}\na,Đie\u0302\u0300u  le\u0323\u0302 ,1,single,1,1,,0".encode()
    assert read_blueprint("cells: [{topic: Điều lệ, count: 1}]").cells[0].matches(read_items(data)[0])
