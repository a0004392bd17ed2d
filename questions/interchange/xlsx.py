"""Question lists in Excel workbooks: one row a question, columns in any order."""

from __future__ import annotations

import datetime
from pathlib import Path

from core.documents.excel_looks import CellLook, read_looks
from core.documents.excel_reading import CellValue, Sheet, read_workbook
from core.documents.limits import DEFAULT_LIMITS, ReadingLimits, load
from core.documents.text_reading import clean
from core.documents.word_model import Look
from questions.interchange.columns import Header, find_header
from questions.interchange.grid import GridReader
from questions.interchange.grid_result import finish_grid
from questions.interchange.headless import HEADLESS, guess_header
from questions.interchange.key_files import KeySource
from questions.interchange.key_lists import KeyList
from questions.interchange.key_tables import key_entries
from questions.interchange.lines import Line
from questions.interchange.list_grammar import read_lines
from questions.interchange.model import ReadProblem, ReadResult, SourceLine
from questions.interchange.question_rows import GridRow


def cell_text(value: CellValue, look: CellLook) -> tuple[str, str]:
    """What a cell says, and a doubt where that may not be what its author sees."""
    if look.error:
        return look.error, f"Có ô Excel báo lỗi {look.error}."
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, int | float):
        return _number_text(float(value), look.number_format)
    if isinstance(value, datetime.datetime | datetime.date):
        if isinstance(value, datetime.datetime) and (value.hour or value.minute):
            return value.strftime("%d/%m/%Y %H:%M"), "Có ô Excel kiểu ngày tháng; xin xem lại ngày và tháng."
        return value.strftime("%d/%m/%Y"), "Có ô Excel kiểu ngày tháng; xin xem lại ngày và tháng."
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M"), "Có ô Excel kiểu giờ; xin xem lại."
    if isinstance(value, datetime.timedelta):
        return str(value), "Có ô Excel kiểu khoảng thời gian; xin xem lại."
    return clean(value), ""


def _number_text(value: float, form: str) -> tuple[str, str]:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value), "Có ô Excel chứa số không đọc được."
    if "%" in form:
        return _plain(round(value * 100, 10)) + "%", ""
    text = _plain(value)
    digits = len(text.lstrip("-").split(".")[0])
    if "E" in form.upper() and "GENERAL" not in form.upper():
        return text, f"Có số Excel hiện dạng rút gọn ({value:.2E}); đã ghi đủ chữ số."
    if digits > 11:
        return text, f"Có số dài ({text}) mà Excel có thể đã làm tròn."
    if "." in text and len(text.split(".")[1]) > 6:
        return text, "Có số lẻ dài; xin xem lại cách ghi."
    if form and form not in {"0", "@"} and "GENERAL" not in form.upper() and not form.startswith(("#,##0", "0.0")):
        return text, f"Có số mang định dạng riêng của Excel ({form}); xin xem lại cách ghi."
    return text, ""


def _plain(value: float) -> str:
    """A float as a Vietnamese reader types it: 5, 7,5 with a comma for decimals."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return format(value, ".15g").replace(".", ",")


def read(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS, keys: KeySource | None = None) -> ReadResult:
    """Reads a list from an Excel workbook. Raises DocumentRefused."""
    data = load(source, limits)
    sheets = read_workbook(data, limits)
    looks = read_looks(data, limits)
    result = ReadResult(format="xlsx")
    total = sum(1 for sheet in sheets if any(any(value is not None for value in row) for row in sheet.rows))
    readings = []
    key_lists: list[KeyList] = []
    number = 0
    for place, sheet in enumerate(sheets):
        rows = grid_rows(sheet, looks[place] if place < len(looks) else {}, number, many=total > 1)
        number += len(rows)
        full = [row for row in rows if any(row.text(column) for column in row.cells)]
        result.lines.extend(SourceLine(row.line.number, row.line.where, row.line.text) for row in rows)
        if not full:
            continue
        if sheet.hidden:
            result.problems.extend(
                ReadProblem(
                    row.line.where, row.line.text, "Dòng này nằm trong trang tính ẩn nên không được đọc.", row.line.number
                )
                for row in full
            )
            continue
        texts = [{column: row.text(column) for column in row.cells} for row in full]
        header = find_header(texts)
        if header is None or not header.option_columns and not header.columns("options") and _only_keys(full):
            entries = key_entries([[row.text(column) for column in range(max(row.cells, default=0) + 1)] for row in full])
            if entries:
                key_lists.append(KeyList(entries, full[0].line.where))
                result.sections.extend(row.line.text for row in full)
                continue
        guessed = None if header is not None else guess_header(texts)
        header = header or guessed
        if header is None:
            _as_lines(result, full, keys)
            continue
        title = [sheet.name] if total > 1 else []
        title += [row.line.text for row in full[: header.first]]
        result.sections.extend(title)
        result.sections.extend(row.line.text for row in full[header.first : header.first + header.depth])
        _spread_down(sheet, rows, header)
        reader = GridReader(header, "\n".join(title))
        reader.read(full[header.first + header.depth :])
        readings.append(reader.finish())
        if guessed is not None:
            for draft in readings[-1].drafts:
                draft.doubt(HEADLESS)
    finish_grid(result, readings, key_lists, keys if readings else None)
    return result


def _spread_down(sheet: Sheet, rows: list[GridRow], header: Header) -> None:
    """A topic, level or section merged over several rows counts for each of them."""
    for block in sheet.merged:
        if header.roles.get(block.left) not in {"topic", "level", "section", "source"} or block.bottom == block.top:
            continue
        cell = rows[block.top].cells.get(block.left)
        for row in rows[block.top + 1 : block.bottom + 1] if cell else []:
            if len(row.cells) > 1 and block.left not in row.cells:
                row.cells[block.left] = cell or []


def _only_keys(rows: list[GridRow]) -> bool:
    return all(len(row.line.text) < 60 for row in rows)


def _as_lines(result: ReadResult, rows: list[GridRow], keys: KeySource | None) -> None:
    """A sheet without a heading row: a list typed line by line into cells."""
    lines: list[Line] = []
    for row in rows:
        for column in sorted(row.cells):
            for line in row.cells[column]:
                lines.append(Line(row.line.number, line.text, row.line.where, line.spans, in_table=True))
    found = read_lines(lines, keys=keys)
    for question in found.questions:
        question.doubt("Bảng không có dòng tiêu đề; câu được đọc theo từng ô.")
    result.questions.extend(found.questions)
    result.problems.extend(found.problems)
    result.sections.extend(found.sections)


def grid_rows(sheet: Sheet, looks: dict[tuple[int, int], CellLook], offset: int = 0, *, many: bool = False) -> list[GridRow]:
    """The rows of a sheet; a merged block gives its text to its first cell, and to all of a heading's columns."""
    blocks = {(block.top, block.left): block for block in sheet.merged}
    covered = {
        (row, column): (block.top, block.left)
        for block in sheet.merged
        for row in range(block.top, min(block.bottom, block.top + 50) + 1)
        for column in range(block.left, min(block.right, block.left + 50) + 1)
    }
    found: list[GridRow] = []
    for number, values in enumerate(sheet.rows):
        where = f"trang “{sheet.name}”, dòng {number + 1}" if many else f"dòng {number + 1}"
        row = GridRow(Line(offset + number + 1, "", where))
        texts: list[str] = []
        for column, value in enumerate(values):
            look = looks.get((number, column), CellLook())
            text, doubt = cell_text(value, look)
            if not text.strip():
                origin = covered.get((number, column))
                if origin is None or origin[0] == number and origin[1] == column:
                    continue
                if origin[0] != number or not _heading_like(sheet, origin):
                    continue
                text, _ = cell_text(sheet.rows[origin[0]][origin[1]], looks.get(origin, CellLook()))
                if not text.strip():
                    continue
                row.spans = True
                row.cells[column] = _lines(text, row.line, look)
                continue
            texts.append(text.strip())
            if doubt:
                row.doubts.append(doubt)
            row.cells[column] = _lines(text, row.line, look)
            block = blocks.get((number, column))
            if block is not None and block.right - block.left >= 2:
                row.spans = True
        row.line.text = " | ".join(texts)
        found.append(row)
    return found


def _heading_like(sheet: Sheet, origin: tuple[int, int]) -> bool:
    return len(str(sheet.rows[origin[0]][origin[1]] or "")) < 60


def _lines(text: str, row: Line, look: CellLook) -> list[Line]:
    """The lines of a cell with its looks."""
    runs = [(run.text, run.look) for run in look.runs] if look.runs else []
    if clean("".join(part for part, _ in runs)) != text:
        runs = [(text, look.look)]
    found: list[Line] = []
    line, spans = "", list[tuple[int, int, Look]]()
    for part, one in [*runs, ("\n", Look())]:
        fill = Look(**{**vars(one), "highlight": one.highlight or look.look.highlight})
        for place, piece in enumerate(clean(part).replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if place:
                found.append(Line(row.number, line, row.where, spans, in_table=True))
                line, spans = "", []
            if piece:
                spans.append((len(line), len(line) + len(piece), fill))
                line += piece
    return found
