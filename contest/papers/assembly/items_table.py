"""Reads the items of an assembly from a CSV: id, topic, level, type, points, difficulty, enemy_group, exposure. Pure.

UTF-8, with or without a mark; comma, semicolon or tab between; columns in any order, further ones are not looked at. Where
a semicolon or a tab stands between, numbers may be written with a decimal comma. A fault refuses the whole file: forms out
of a half-read bank would be unfair in a way that nobody sees.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from contest.papers.assembly.model import Item

COLUMNS = ("id", "topic", "level", "type", "points", "difficulty", "enemy_group", "exposure")
MOST_ITEMS = 50_000
_NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}(\.0{1,6})?", re.ASCII)
_LARGEST = 1000


class ItemsError(ValueError):
    """The file is no table of items. One line of Vietnamese for each fault, with line and column."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class _Bad(ValueError):
    """A cell that cannot be taken; says what was expected."""


def tidy(text: str) -> str:
    """Composed letters, single spaces, none at the ends: one name is one value however it was typed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_items(data: bytes) -> list[Item]:
    """The items of a file's bytes, in its order. Raises ItemsError with every fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ItemsError([f"dòng {line}: tệp không được ghi bằng UTF-8"]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ItemsError([f"dòng {line}: có ký tự không phải chữ, đây không phải tệp CSV"])
    delimiter, rows = _rows(text)
    try:
        return _items(rows, delimiter)
    except csv.Error:
        raise ItemsError([f"dòng {rows.line}: dấu nháy kép không khép lại đúng chỗ"]) from None


class _Rows(Iterator[list[str]]):
    """Rows that are not blank; ``line``: where the last one began."""

    def __init__(self, text: str, delimiter: str, skipped: int) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._skipped = skipped
        self.line = skipped + 1

    def __next__(self) -> list[str]:
        while True:
            self.line = self._skipped + self._reader.line_num + 1
            row = next(self._reader)
            if any(cell.strip() for cell in row):
                return row


def _rows(text: str) -> tuple[str, _Rows]:
    """The delimiter, by which the first row names most columns, and the rows."""
    skipped = 0
    if text.startswith("sep="):  # a line by which some programs tell Excel the delimiter
        text, skipped = text.partition("\n")[2], 1

    def known(delimiter: str) -> int:
        try:
            return sum(_name(cell) in COLUMNS for cell in next(_Rows(text[:100_000], delimiter, 0), []))
        except csv.Error:
            return 0

    best = max(",;\t", key=known)
    return best, _Rows(text, best, skipped)


def _name(cell: str) -> str:
    return tidy(cell).casefold()


def _items(rows: _Rows, delimiter: str) -> list[Item]:
    header = [_name(cell) for cell in next(rows, [])]
    if not header:
        raise ItemsError(["tệp trống, cần dòng đầu ghi tên cột: " + ", ".join(COLUMNS)])
    missing = [name for name in COLUMNS if name not in header]
    doubled = [name for name in COLUMNS if header.count(name) > 1]
    if missing or doubled:
        wrong = [f"dòng {rows.line}: thiếu cột {', '.join(missing)}"] if missing else []
        raise ItemsError(wrong + ([f"dòng {rows.line}: cột ghi hai lần: {', '.join(doubled)}"] if doubled else []))
    places = [header.index(name) for name in COLUMNS]
    items: list[Item] = []
    faults: list[str] = []
    lines: dict[str, int] = {}
    for row in rows:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            faults.append(f"dòng {rows.line}: có {len(row)} ô, dòng đầu chỉ có {len(header)} cột")
            continue
        cells = [row[place] if place < len(row) else "" for place in places]
        item = _item(cells, delimiter, rows.line, faults)
        if item is None:
            continue
        if item.id in lines:
            faults.append(f"dòng {rows.line}, cột id: mã “{item.id}” đã có ở dòng {lines[item.id]}")
        lines[item.id] = rows.line
        items.append(item)
        if len(items) > MOST_ITEMS:
            faults.append(f"dòng {rows.line}: nhiều hơn {MOST_ITEMS} câu")
            break
    if faults:
        raise ItemsError(faults)
    return items


def _item(cells: Sequence[str], delimiter: str, line: int, faults: list[str]) -> Item | None:
    before = len(faults)

    def read(at: int) -> str:
        text = tidy(cells[at])
        if not text and COLUMNS[at] in ("id", "topic", "level", "type"):
            faults.append(f"dòng {line}, cột {COLUMNS[at]}: chưa ghi")
        return text

    def number(at: int, whole: bool = False, least: int = -_LARGEST) -> Decimal:
        try:
            return _number(cells[at], delimiter, whole, least)
        except _Bad as error:
            said = tidy(cells[at])
            shown = f", đang là “{said[:60]}”" if said else ", chưa ghi"
            faults.append(f"dòng {line}, cột {COLUMNS[at]}: {error}{shown}")
            return Decimal(0)

    item = Item(
        id=read(0), topic=read(1), level=read(2), type=read(3), points=number(4, least=0), difficulty=number(5),
        enemy_group=read(6), exposure=int(number(7, whole=True)),
    )
    return item if len(faults) == before else None


def _number(cell: str, delimiter: str, whole: bool, least: int) -> Decimal:
    text = cell.strip()
    if delimiter != ",":
        text = text.replace(",", ".")
    if whole:
        if not _WHOLE.fullmatch(text):
            raise _Bad("phải là số nguyên không âm")
        return Decimal(text)
    if not _NUMBER.fullmatch(text):
        raise _Bad("phải là số, ví dụ 1 hoặc 0.75")
    value = Decimal(text)
    if not least <= value <= _LARGEST or (value and abs(value) < Decimal("1e-20")):
        raise _Bad(f"phải từ {least} đến {_LARGEST}")
    return value
