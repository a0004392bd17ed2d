"""Tables of a Word list: a table of questions, a table of keys, or a mere frame around ordinary lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from core.documents.word_model import Cell, Paragraph, Table
from questions.interchange.columns import Header, find_header
from questions.interchange.key_tables import key_entries
from questions.interchange.lines import Line
from questions.interchange.marks import KeyWords, bare_number, key_words, option_mark, question_mark
from questions.interchange.question_rows import GridRow

ToLines = Callable[[Paragraph], list[Line]]


def grid_of(table: Table, to_lines: ToLines) -> list[GridRow]:
    """The rows of a table. Columns are cells in order where all rows have as many, else places of the grid."""
    counts = Counter(len(row) for row in table.rows)
    even = len(counts) == 1
    found: list[GridRow] = []
    for row in table.rows:
        cells: dict[int, list[Line]] = {}
        column = 0
        texts: list[str] = []
        for cell in row:
            lines = [line for paragraph in cell.paragraphs for line in to_lines(paragraph)]
            if any(line.text.strip() for line in lines):
                cells[column] = lines
                texts.extend(line.text.strip() for line in lines if line.text.strip())
            column += 1 if even else cell.span
        first = next((lines[0] for lines in cells.values() if lines), Line(0, "", ""))
        line = Line(first.number, " | ".join(texts), first.where)
        wide = len(row) == 1 and len(table.rows) > 1 and not even
        found.append(GridRow(line, cells, spans=wide))
    return found


def spread(table: Table, rows: list[GridRow]) -> list[dict[int, str]]:
    """The texts of each row by column, where a wide heading cell stands over all of its columns."""
    even = len({len(row) for row in table.rows}) == 1
    found: list[dict[int, str]] = []
    for row, grid in zip(table.rows, rows, strict=True):
        texts: dict[int, str] = {}
        column = 0
        for cell in row:
            text = grid.text(column)
            width = 1 if even else cell.span
            for place in range(column, column + width):
                if text:
                    texts[place] = text
                elif cell.continues and found:
                    texts[place] = found[-1].get(place, "")
            column += width
        found.append(texts)
    return found


def header_of(table: Table, rows: list[GridRow]) -> Header | None:
    """The heading of a table of questions, None when it is none."""
    return find_header(spread(table, rows), reach=6)


def keys_of(rows: list[GridRow]) -> list[tuple[str, KeyWords]]:
    """The keys of a table that holds only keys."""
    width = max((max(row.cells, default=-1) for row in rows), default=-1) + 1
    texts = [[row.text(column) for column in range(width)] for row in rows]
    filled = [text for row in texts for text in row if text]
    if not filled or sum(len(text) > 60 for text in filled) > 0.1 * len(filled):
        return []
    return key_entries(texts)


def continues(rows: list[GridRow], header: Header) -> bool:
    """Whether a table without a heading goes on with the question table before it."""
    width = max(header.roles, default=0) + 1
    counts = [max(row.cells, default=-1) + 1 for row in rows if row.cells]
    if not counts or max(counts) > width + 2 or max(counts) < 2:
        return False
    numbers = header.columns("number")
    if not numbers:
        return max(counts) == width
    shaped = sum(bool(bare_number(row.text(numbers[0])) or not row.text(numbers[0])) for row in rows)
    return shaped >= 0.7 * len(rows)


def aligned(table: Table, rows: list[GridRow], header: Header) -> list[GridRow]:
    """Rows with their cells under the heading. Word splits columns anew on each page and leaves narrow empty cells
    behind, so where a row has as many cells (or as many filled ones) as the heading has columns, they are taken in
    order."""
    columns = sorted(header.roles)
    found: list[GridRow] = []
    for row, grid in zip(table.rows, rows, strict=True):
        cells = _in_order(row, grid, table)
        filled = [lines for lines in cells if any(line.text.strip() for line in lines)]
        if len(cells) != len(columns):
            cells = filled
        if len(cells) != len(columns) or header.depth > 1:
            found.append(grid)
            continue
        by_column = {column: lines for column, lines in zip(columns, cells, strict=True) if lines}
        found.append(GridRow(grid.line, by_column, grid.doubts, grid.spans))
    return found


def _in_order(row: tuple[Cell, ...], grid: GridRow, table: Table) -> list[list[Line]]:
    even = len({len(one) for one in table.rows}) == 1
    found: list[list[Line]] = []
    column = 0
    for cell in row:
        found.append(grid.cells.get(column, []))
        column += 1 if even else cell.span
    return found


def framed_lines(rows: list[GridRow]) -> list[Line]:
    """The lines of a frame in reading order; a cell with only a mark is joined with the cell beside it."""
    found: list[Line] = []
    for row in rows:
        cells = [list(row.cells[column]) for column in sorted(row.cells)]
        place = 0
        while place < len(cells):
            lines = [line for line in cells[place] if line.text.strip()]
            if len(lines) == 1 and place + 1 < len(cells) and _only_mark(lines[0].text):
                beside = next((line for line in cells[place + 1] if line.text.strip()), None)
                if beside is not None:
                    _join(lines[0], beside)
                    found.extend([lines[0], *cells[place + 1][cells[place + 1].index(beside) + 1 :]])
                    place += 2
                    continue
            found.extend(cells[place])
            place += 1
    return found


def _only_mark(text: str) -> bool:
    stripped = text.strip()
    option = option_mark(stripped)
    if option and option.start >= len(stripped):
        return True
    if len(stripped) == 1 and stripped.upper() in "ABCDEFGH":
        return True
    mark = question_mark(stripped)
    if mark and mark.start >= len(stripped):
        return True
    words = key_words(stripped)
    return stripped.lower().rstrip(" :") in {"đáp án", "đáp án đúng", "trả lời"} and not words.letters


def _join(left: Line, right: Line) -> None:
    """Puts the words of the right line behind the mark in the left one, looks and all."""
    text = left.text.rstrip()
    if len(text) == 1:
        text += "."
    elif text[-1] not in ".:)/-" and not option_mark(text):
        text += ":"
    text += " "
    shift = len(text)
    spans = [span for span in left.spans if span[0] < shift]
    left.spans = [*spans, *((start + shift, end + shift, look) for start, end, look in right.spans)]
    left.text = text + right.text
    left.pictures += right.pictures
    left.tracked = left.tracked or right.tracked
