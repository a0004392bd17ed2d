"""Reads a table of results (CSV, one row a sitting) as written by people and programs: what can be read, and
notes.

The columns are those of the command `standings rank`: contestant, unit (a path from the top with " / "
between) or district, round, score, correct, seconds, submitted_at (RFC 3339), status. Order, case and further
columns do not matter; comma, semicolon or tab may stand between.

A row that cannot be read is left out and its line is named; a sitting with a status is left out and named;
nothing else is dropped. Knows no framework and no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contest.rules.results import Sitting
from contest.standings.csv_lines import decoded, is_damaged, rows

STATUSES = {
    "absent": "vắng thi",
    "disqualified": "bị loại",
    "out_of_competition": "thi ngoài giải",
}
COLUMNS = ("contestant", "unit", "district", "round", "score", "correct", "seconds", "submitted_at", "status")
ALWAYS_NEEDED = ("contestant", "round", "score")

_READ = ("unit", "round", "score", "correct", "seconds", "submitted_at")
_NOWHERE = -1  # an absent column is read from an empty cell put after the last
_DELIMITERS = (",", ";", "\t")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d{1,15},\d{1,15}", re.ASCII)
_WHOLE = re.compile(r"\+?\d{1,15}(\.0{1,15})?", re.ASCII)
_USUAL_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d:\d\d))", re.ASCII)
_BETWEEN_UNITS = re.compile(r"\s+/(?=\s|$)|^/\s+")


class TableError(ValueError):
    """The file is no table of results at all. The message is one line of Vietnamese."""


class _Unreadable(ValueError):
    """A cell that cannot be read; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Stands where the value of an unreadable cell would be."""

    message: str


@dataclass(slots=True)
class ResultsTable:
    """What was read. `damaged`: some row could not be, so that the list is not complete."""

    sittings: list[Sitting] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    damaged: bool = False
    unit_texts: dict[tuple[str, ...], str] = field(default_factory=dict)
    """How the file writes each unit: the path, or the cell's name where the district has a column of its
    own."""


def read_results(data: bytes, needed: Iterable[str] = (),
                 rounds: Mapping[str, str] | None = None) -> ResultsTable:
    """Reads a file's bytes.

    `needed` names the measures that the ranking uses (seconds, submitted_at, correct): a row without one of
    them cannot be read. `rounds` maps what the file may call a round (key or name, tidied) to the key of the
    rules; None takes rounds as they are named. Raises TableError where the columns are not those of results.
    """
    text = decoded(data)
    if not text.strip():
        return ResultsTable(notes=["tệp kết quả trống"])
    if text.startswith("sep="):  # a line by which some programs tell Excel the delimiter
        text = "\n" + text.partition("\n")[2]
    required = [*ALWAYS_NEEDED, *(one for one in needed if one not in ALWAYS_NEEDED)]
    delimiter, columns = _header(text, required)
    return _Reader(delimiter, columns, required, rounds).read(text)


def tidy(text: str) -> str:
    """Composed letters, single spaces, none at the ends: one name is one value however it was typed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def parse_moment(text: str) -> datetime:
    """The moment of an RFC 3339 text, in UTC; parts of a microsecond are dropped. Raises ValueError."""
    if _USUAL_MOMENT.fullmatch(text):
        return _utc(text)
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, minutes, seconds, fraction, _zulu, offset = found.groups()
    leap = seconds == "60"  # RFC 3339 allows a leap second; it is the moment after second 59
    written = f"{day}T{minutes}:{'59' if leap else seconds}.{(fraction or '0')[:6]:0<6}{offset or '+00:00'}"
    return _utc(written) + timedelta(seconds=int(leap))


def _utc(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def _header(text: str, required: Sequence[str]) -> tuple[str, dict[str, int]]:
    """The delimiter and the place of each known column, read from the first row that is not blank."""
    best: tuple[str, list[str]] = (",", [])
    for delimiter in _DELIMITERS:
        first = next((cells for _line, cells in rows(text[:100_000], delimiter) if cells is not None), [])
        names = [tidy(cell).casefold() for cell in first]
        if _known(names) > _known(best[1]):
            best = delimiter, names
    delimiter, names = best
    doubled = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if doubled:
        raise TableError(f"cột ghi hai lần: {', '.join(doubled)}")
    missing = [name for name in required if name not in names]
    if missing:
        raise TableError(f"thiếu cột: {', '.join(missing)}")
    return delimiter, {name: at for at, name in enumerate(names) if name in COLUMNS}


def _known(names: Sequence[str]) -> int:
    return sum(name in COLUMNS for name in names)


class _Column(dict[str, Any]):
    """The values of a column by what is written; results repeat themselves, so each text is read once."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: str) -> object:
        value = self[written] = _tried(self._read, written)
        return value


class _Reader:
    """Turns rows into sittings."""

    def __init__(self, delimiter: str, columns: dict[str, int], required: Sequence[str],
                 rounds: Mapping[str, str] | None) -> None:
        self._delimiter = delimiter
        self._at = {name: columns.get(name, _NOWHERE) for name in COLUMNS}
        self._has_unit = "unit" in columns or "district" in columns
        self._rounds = rounds
        self._table = ResultsTable()
        self._units: dict[tuple[str, str], Any] = {}

        def column(name: str, read: Callable[[str], object]) -> Callable[[str], object]:
            return read if name in required else _or_nothing(read)

        self._round = _Column(self._read_round)
        self._score = _Column(self._read_score)
        self._correct = _Column(column("correct", _whole))
        self._seconds = _Column(column("seconds", _whole))
        self._submitted_at = column("submitted_at", _moment)  # hardly ever twice the same

    def read(self, text: str) -> ResultsTable:
        table = self._table
        some_are_damaged = is_damaged(text)
        every_row = rows(text, self._delimiter)
        width = next(len(cells) for _line, cells in every_row if cells is not None)
        seen = spoilt = 0
        for line, cells in every_row:
            seen += 1
            if cells is None:
                self._leave_out(line, "dấu nháy kép không khép lại")
            elif some_are_damaged and any(map(is_damaged, cells)):
                spoilt += 1
                self._leave_out(line, "có ký tự không phải UTF-8")
            elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                self._leave_out(line, f"có {len(cells)} ô, dòng đầu chỉ có {width} cột")
            else:
                if len(cells) != width:
                    cells = cells[:width] + [""] * (width - len(cells))
                cells.append("")  # for the columns that the file does not have
                self._row(line, cells)
        if spoilt and spoilt == seen:
            raise TableError("tệp không được ghi bằng UTF-8")
        table.notes.extend(_moved(table))
        return table

    def _leave_out(self, line: int, why: str) -> None:
        self._table.damaged = True
        self._table.notes.append(f"dòng {line}: không đọc được, bỏ qua: {why}")

    def _row(self, line: int, cells: list[str]) -> None:
        at = self._at
        contestant = tidy(cells[at["contestant"]])
        status = cells[at["status"]].strip()
        if not contestant:
            self._leave_out(line, "chưa ghi thí sinh (contestant)")
        elif status:
            self._unit(cells[at["unit"]], cells[at["district"]])
            self._with_status(line, contestant, tidy(cells[at["round"]]), status)
        else:
            self._sitting(line, contestant, cells)

    def _with_status(self, line: int, contestant: str, round_name: str, status: str) -> None:
        key = re.sub(r"[\s_-]+", "_", status.casefold())
        where = f" ({round_name})" if round_name else ""
        if key in STATUSES:
            self._table.notes.append(
                f"dòng {line}: {contestant}{where}: {STATUSES[key]} ({key}), không xếp hạng lượt thi này")
        else:
            self._leave_out(line, f"{contestant}{where}: không có tình trạng (status) “{tidy(status)}”")

    def _sitting(self, line: int, contestant: str, cells: list[str]) -> None:
        at = self._at
        unit = self._unit(cells[at["unit"]], cells[at["district"]])
        round_key = self._round[cells[at["round"]]]
        score = self._score[cells[at["score"]]]
        correct = self._correct[cells[at["correct"]]]
        seconds = self._seconds[cells[at["seconds"]]]
        submitted_at = _tried(self._submitted_at, cells[at["submitted_at"]])
        read = (unit, round_key, score, correct, seconds, submitted_at)
        if _Wrong in map(type, read):
            wrong = (f"{name}: {one.message}" for name, one in zip(_READ, read, strict=True)
                     if isinstance(one, _Wrong))
            self._leave_out(line, "; ".join([contestant, *wrong]))
            return
        if self._has_unit and not unit:
            self._table.notes.append(f"dòng {line}: {contestant}: chưa ghi đơn vị, chỉ có trong bảng chung")
        self._table.sittings.append(
            Sitting(contestant, unit, round_key, score, correct, seconds, submitted_at))

    def _unit(self, unit: str, district: str) -> Any:
        path = self._units.get((unit, district))
        if path is None:
            path = self._units[unit, district] = _tried(lambda written: unit_path(written, district), unit)
            if not isinstance(path, _Wrong):
                text = " / ".join(_levels(unit))
                texts = self._table.unit_texts
                texts[path] = max(texts.get(path, ""), text, key=len)
        return path

    def _read_round(self, written: str) -> str:
        name = tidy(written)
        if not name:
            raise _Unreadable("chưa ghi")
        if self._rounds is None:
            return name
        if name not in self._rounds:
            raise _Unreadable("vòng này không có trong thể lệ")
        return self._rounds[name]

    def _read_score(self, written: str) -> int | Decimal:
        text = written.strip()
        if self._delimiter != "," and _COMMA_NUMBER.fullmatch(text):
            text = text.replace(",", ".")  # Excel in Vietnamese writes 7,25 and separates with semicolons
        if not _NUMBER.fullmatch(text):
            raise _Unreadable("phải là số, ví dụ 28 hoặc 7.25")
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else value


def _tried(read: Callable[[str], object], written: str) -> Any:
    """What a cell says, or what is wrong with it."""
    try:
        return read(written)
    except _Unreadable as error:
        said = tidy(written)
        if not said:
            return _Wrong("chưa ghi")
        return _Wrong(f"{error}, đang là “{said if len(said) <= 60 else said[:60] + '…'}”")


def _or_nothing(read: Callable[[str], object]) -> Callable[[str], object]:
    """A measure that the ranking does not use may be left empty."""
    return lambda written: read(written) if written.strip() else None


def _whole(written: str) -> int:
    text = written.strip()
    if not _WHOLE.fullmatch(text):
        raise _Unreadable("phải là số nguyên không âm")
    return int(text.partition(".")[0])


def _moment(written: str) -> datetime:
    try:
        return parse_moment(written.strip())
    except ValueError:
        raise _Unreadable("phải là thời điểm RFC 3339, ví dụ 2016-10-15T08:31:07+07:00") from None


def unit_path(unit: str, district: str = "") -> tuple[str, ...]:
    """The path from the top that the two columns give. The last element is the cell, empty where it is not
    named.

    The district is a level above the cell: it is put on top unless the unit's own path already has it. Raises
    ValueError where a level above the cell has no name.
    """
    levels, above = _levels(unit), _levels(district)
    if any(not name for name in (*levels[:-1], *above)):
        raise _Unreadable("đường dẫn đơn vị có một cấp để trống")
    if not levels:
        return (*above, "") if above else ()
    has_it = not above or any(levels[at:at + len(above)] == above for at in range(len(levels) - len(above)))
    return levels if has_it else (*above, *levels)


def _levels(path: str) -> tuple[str, ...]:
    text = tidy(path)
    return tuple(name.strip() for name in _BETWEEN_UNITS.split(text)) if text else ()


def _moved(table: ResultsTable) -> list[str]:
    """A note for each person whose sittings name different units."""
    units: dict[str, set[tuple[str, ...]]] = {}
    for one in table.sittings:
        if one.unit:
            units.setdefault(one.contestant, set()).add(one.unit)
    notes = []
    for contestant, several in units.items():
        different = {path for path in several if not _is_vague_form_of_another(path, several)}
        if len(different) > 1:
            names = "; ".join(sorted(" / ".join(filter(None, path)) for path in different))
            notes.append(
                f"{contestant}: các lượt thi ghi đơn vị khác nhau ({names}); xếp theo đơn vị của lượt được tính "
                "sau cùng. Nếu là những người trùng tên thì mỗi người cần một mã riêng.")
    return sorted(notes)


def _is_vague_form_of_another(path: tuple[str, ...], several: set[tuple[str, ...]]) -> bool:
    """A path without its cell says nothing else than a fuller one beneath the same unit."""
    above = path[:-1]
    return not path[-1] and any(other != path and other[:len(above)] == above for other in several)
