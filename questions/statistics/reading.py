"""Tables of answers and keys (CSV) become `Responses`. A cell that cannot be read is refused with its line and column.

Comma, semicolon or tab, with or without a byte-order mark; what stands between is told from the first line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.documents.limits import DocumentRefused
from core.documents.text_reading import read_text
from questions.statistics.responses import Choice, ItemResponses, Responses, Score, marked

_DELIMITERS = (",", ";", "\t")
_SCORES: Mapping[str, Score] = {"": None, "0": 0, "1": 1, "0.0": 0, "1.0": 1}
_NUMBER = re.compile(r"(\d{1,2})(?:\.0)?", re.ASCII)
_BETWEEN = re.compile(r"[\s,;|/+&.]+")
_WORDS = {"ĐÚNG": "Đ", "SAI": "S"}
_HEADS = {"item", "id", "câu", "câu hỏi", "số câu", "mã câu"}


class ResponsesRefused(ValueError):
    """The table is not what is taken. The message is one line of Vietnamese with the place of the fault."""


class _Unreadable(ValueError):
    """A cell that cannot be read: where, and what was expected."""

    def __init__(self, row: int, why: str) -> None:
        super().__init__(why)
        self.row, self.why = row, why


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of equal width; `lines` are their first lines in the file, counted from 1. The first row is the head."""

    name: str
    lines: list[int]
    rows: list[list[str]]
    short: int
    """Rows that had fewer cells."""


def read_responses(file: Path, key_file: Path | None = None) -> Responses:
    """Reads a table of answers: a line a person (first column), a column an item.

    Without keys, cells are 1 (right), 0 (wrong) or empty (not reached). With a key file (`item,key`), the items that
    have a key hold the letters chosen; a column of zeros and ones is taken as marked already. Raises ResponsesRefused.
    """
    table = _read_table(file)
    head, people = table.rows[0], table.rows[1:]
    if len(head) < 2:
        raise ResponsesRefused(f"{table.name}: dòng đầu phải có cột người và ít nhất một cột câu hỏi")
    ids = [_tidy(cell) for cell in head[1:]]
    _check_ids(table, ids)
    keys = _read_keys(key_file) if key_file else {}
    columns: list[Sequence[str]] = list(zip(*people, strict=True)) if people else [()] * len(head)
    items, faults = [], []
    for at, item_id in enumerate(ids, 1):
        try:
            items.append(_item(item_id, columns[at], keys.get(item_id), bool(key_file)))
        except _Unreadable as error:
            faults.append((error.row, at, error.why))
    if faults:
        row, at, why = min(faults)
        more = f" (và {len(faults) - 1} cột khác có lỗi)" if len(faults) > 1 else ""
        raise ResponsesRefused(f"{table.name}: dòng {table.lines[row + 1]}, cột {at + 1} (câu {ids[at - 1]}): {why}{more}")
    notes = _notes(columns[0], items, keys)
    if table.short:
        notes.append(f"{table.short} dòng có ít ô hơn dòng đầu: các ô thiếu được coi là chưa làm đến")
    return Responses(len(people), items, notes)


def _item(item_id: str, column: Sequence[str], key: frozenset[str] | None, has_keys: bool) -> ItemResponses:
    """One column of the table. Raises _Unreadable."""
    cells = [cell.strip() for cell in column]
    already_marked = bool(written := set(cells) - {""}) and written <= _SCORES.keys()
    if key is None or (already_marked and not all(one.isdigit() for one in key)):
        missing = "; câu này không có trong tệp đáp án" if has_keys else "; ô ghi chữ cái thì cần --key"
        return ItemResponses(item_id, [_score(row, cell, missing) for row, cell in enumerate(cells)])
    read: dict[str, Choice] = {"": None}
    choices = []
    for row, cell in enumerate(cells):
        if cell not in read:
            read[cell] = _choice(row, cell, key)
        choices.append(read[cell])
    return marked(item_id, choices, key)


def _score(row: int, cell: str, missing: str) -> Score:
    try:
        return _SCORES[cell]
    except KeyError:
        raise _Unreadable(row, f"phải là 1 (đúng), 0 (sai) hoặc để trống, đang là “{_short(cell)}”{missing}") from None


def _choice(row: int, cell: str, key: frozenset[str]) -> frozenset[str]:
    chosen = _options_in(cell)
    kind = "số" if all(one.isdigit() for one in key) else "chữ cái"
    if chosen is None or all(one.isdigit() for one in chosen) != (kind == "số"):
        raise _Unreadable(row, f"phải là {kind} của phương án (đáp án là {_key_text(key)}), đang là “{_short(cell)}”")
    if len(key) == 1 and len(chosen) > 1:
        raise _Unreadable(row, f"câu này chỉ chọn một phương án, đang là “{_short(cell)}”")
    return chosen


def _options_in(text: str) -> frozenset[str] | None:
    """The options that a cell names ("B", "b.", "A, C", "AC", "3", "Đúng"); None: it names none."""
    word = unicodedata.normalize("NFC", text).strip().upper()
    word = _WORDS.get(word, word)
    number = _NUMBER.fullmatch(word)
    if number:
        return frozenset({str(int(number[1]))})
    parts = [part for part in _BETWEEN.split(word) if part]
    if len(parts) == 1 and re.fullmatch(r"[A-Z]{2,8}", word := parts[0]) and len(set(word)) == len(word):
        return frozenset(word)
    if not parts or not (all(map(str.isdecimal, parts)) or all(len(part) == 1 and part.isalpha() for part in parts)):
        return None
    return frozenset(parts)


def _read_keys(file: Path) -> dict[str, frozenset[str]]:
    """Item and key, a line each, with or without a head. Raises ResponsesRefused."""
    table = _read_table(file)
    keys: dict[str, frozenset[str]] = {}
    for at, (line, cells) in enumerate(zip(table.lines, table.rows, strict=True)):
        item_id = _tidy(cells[0])
        if at == 0 and item_id.casefold() in _HEADS:
            continue
        key = _options_in(cells[1]) if len(cells) > 1 else None
        if not item_id:
            raise ResponsesRefused(f"{table.name}: dòng {line}, cột 1: chưa ghi mã câu")
        if key is None:
            found = _short(cells[1]) if len(cells) > 1 else ""
            raise ResponsesRefused(f"{table.name}: dòng {line}, cột 2 (câu {item_id}): đáp án phải là chữ cái hoặc số của "
                                   f"phương án, đang là “{found}”")
        if item_id in keys:
            raise ResponsesRefused(f"{table.name}: dòng {line}, cột 1: câu {item_id} ghi hai lần")
        keys[item_id] = key
    return keys


def _read_table(file: Path) -> _Table:
    try:
        text = read_text(file).text
    except (DocumentRefused, ValueError) as refusal:
        raise ResponsesRefused(f"{file}: {refusal}") from None
    first_line = 1
    if text.startswith("sep="):  # by which some programs tell Excel what stands between
        text, first_line = text.partition("\n")[2], 2
    lines, rows = [], []
    try:
        delimiter = max(_DELIMITERS, key=lambda one: len(next(_csv_rows(text, one, first_line), (0, []))[1]))
        for line, cells in _csv_rows(text, delimiter, first_line):
            lines.append(line)
            rows.append(cells)
    except csv.Error:
        where = f"sau dòng {lines[-1]}" if lines else f"dòng {first_line}"
        raise ResponsesRefused(f"{file}: {where}: dấu nháy kép không khép lại, hoặc một ô quá dài") from None
    if not rows:
        raise ResponsesRefused(f"{file}: tệp trống")
    return _Table(str(file), lines, *_even(str(file), lines, rows))


def _even(name: str, lines: Sequence[int], rows: Sequence[list[str]]) -> tuple[list[list[str]], int]:
    """The rows, all as wide as the first, and how many were shorter.

    Excel leaves empty columns at the end of a table, and leaves out empty cells at the end of a line.
    """
    width = max((at for at, cell in enumerate(rows[0], 1) if cell.strip()), default=0)
    for line, cells in zip(lines, rows, strict=True):
        beyond = next((at for at, cell in enumerate(cells[width:], width + 1) if cell.strip()), None)
        if beyond:
            raise ResponsesRefused(f"{name}: dòng {line}, cột {beyond}: dòng đầu chỉ có {width} cột")
    short = sum(len(cells) < width for cells in rows)
    return [cells[:width] + [""] * (width - len(cells)) for cells in rows], short


def _csv_rows(text: str, delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins + first_line, cells
        begins = reader.line_num


def _check_ids(table: _Table, ids: Sequence[str]) -> None:
    for at, item_id in enumerate(ids, 2):
        where = f"{table.name}: dòng {table.lines[0]}, cột {at}"
        if not item_id:
            raise ResponsesRefused(f"{where}: chưa ghi mã câu")
        if item_id in ids[: at - 2]:
            raise ResponsesRefused(f"{where}: câu {_short(item_id)} ghi hai lần (dòng đầu phải là mã các câu)")


def _notes(names: Sequence[str], items: Sequence[ItemResponses], keys: Mapping[str, frozenset[str]]) -> list[str]:
    notes = []
    twice = [name for name, times in Counter(map(_tidy, names)).items() if times > 1 and name]
    if twice:
        notes.append(f"{len(twice)} tên có nhiều dòng ({_short(twice[0])}…): mỗi dòng được tính là một người")
    silent = sum(not any(reached) for reached in zip(*([s is not None for s in item.scores] for item in items), strict=True))
    if silent:
        notes.append(f"{silent} người không trả lời câu nào: vẫn tính, tổng điểm 0")
    unused = keys.keys() - {item.id for item in items}
    if unused:
        notes.append(f"tệp đáp án có {len(unused)} câu không có trong bảng trả lời (câu {_short(min(unused))}…)")
    return notes


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _short(text: str) -> str:
    text = _tidy(text)
    return text if len(text) <= 40 else text[:40] + "…"


def _key_text(key: frozenset[str]) -> str:
    return ", ".join(sorted(key))
