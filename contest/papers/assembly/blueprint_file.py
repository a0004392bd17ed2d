"""Reads a blueprint (ma trận đề) from YAML: `cells`, each with a count and what its questions must be. Every fault is
told with its path and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contest.papers.assembly.items_table import tidy
from contest.papers.assembly.model import Cell
from contest.rules.plain import Fault, RulesError
from contest.rules.reading import located, read_yaml

WORDS = ("topic", "level", "type")
FIELDS = (*WORDS, "points", "count")
MOST_CELLS = 200
MOST_QUESTIONS = 500
_DECIMAL = re.compile(r"\d{1,4}([.,]\d{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The cells, and each as it is written in the file."""

    cells: tuple[Cell, ...]
    written: tuple[dict[str, object], ...]


def read_blueprint(text: str) -> Blueprint:
    """The blueprint written in a YAML text. Raises RulesError with every fault, each with its line."""
    value, lines = read_yaml(text)
    faults: list[Fault] = []
    blueprint = _blueprint(value, faults)
    if faults:
        raise RulesError(located(faults, lines))
    return blueprint


def _blueprint(value: object, faults: list[Fault]) -> Blueprint:
    if not isinstance(value, Mapping) or "cells" not in value:
        faults.append(Fault("", "phải có mục cells: danh sách các ô của ma trận đề"))
        return Blueprint((), ())
    faults += [Fault(str(name), "ma trận đề không có mục này") for name in value if name != "cells"]
    rows = value["cells"]
    if not isinstance(rows, list) or not rows:
        faults.append(Fault("cells", "phải là một danh sách có ít nhất một ô"))
        return Blueprint((), ())
    if len(rows) > MOST_CELLS:
        faults.append(Fault("cells", f"có {len(rows)} ô, nhiều nhất là {MOST_CELLS}"))
    cells, written = [], []
    for at, row in enumerate(rows):
        path = f"cells[{at}]"
        if not isinstance(row, Mapping):
            faults.append(Fault(path, f"phải là một nhóm mục ({', '.join(FIELDS)})"))
            continue
        cells.append(_cell(row, path, faults))
        written.append({str(name): _as_json(one) for name, one in row.items() if one is not None})
    questions = sum(cell.count for cell in cells)
    if questions > MOST_QUESTIONS:
        faults.append(Fault("cells", f"một đề có {questions} câu, nhiều nhất là {MOST_QUESTIONS}"))
    return Blueprint(tuple(cells), tuple(written))


def _cell(row: Mapping[str, object], path: str, faults: list[Fault]) -> Cell:
    faults += [Fault(f"{path}.{name}", "ô của ma trận đề không có mục này") for name in row if name not in FIELDS]
    words = {name: _word(row.get(name), f"{path}.{name}", faults) for name in WORDS}
    points = _points(row.get("points"), f"{path}.points", faults)
    return Cell(_count(row, path, faults), **words, points=points)


def _count(row: Mapping[str, object], path: str, faults: list[Fault]) -> int:
    count = row.get("count")
    if count is None:
        faults.append(Fault(f"{path}.count", "chưa ghi số câu"))
    elif isinstance(count, bool) or not isinstance(count, int):
        faults.append(Fault(f"{path}.count", "phải là một số nguyên"))
    elif not 1 <= count <= MOST_QUESTIONS:
        faults.append(Fault(f"{path}.count", f"phải từ 1 đến {MOST_QUESTIONS}, đang là {count}"))
    else:
        return count
    return 0


def _word(value: object, path: str, faults: list[Fault]) -> str | None:
    if value is None:
        return None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)  # a level may be called 1
    if not isinstance(value, str):
        faults.append(Fault(path, "phải là chữ (đặt trong dấu nháy nếu là true hay false)"))
        return None
    if not tidy(value):
        faults.append(Fault(path, "để trống; muốn nhận câu bất kỳ thì bỏ hẳn mục này"))
    return tidy(value)


def _points(value: object, path: str, faults: list[Fault]) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = Decimal(value.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value < 0:
        faults.append(Fault(path, "phải là số không âm, ví dụ 1 hoặc 0.5"))
        return None
    return Decimal(value)


def _as_json(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
