"""Reads a question table, one row a question, from an Excel sheet or a Word table.

A table is given as rows of cells, each cell as lines with looks. Rows may break: a question or an option may go on
in the next row, a stem may stand in the row above its options, headings repeat on each page, sections stand between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from questions.interchange.blocks import Block
from questions.interchange.columns import Header, role_of
from questions.interchange.drafts import Draft, WrittenKey
from questions.interchange.flat import key_of
from questions.interchange.key_lists import pairs
from questions.interchange.lines import Line, Piece, joined
from questions.interchange.marks import (
    KeyWords,
    QuestionMark,
    is_heading,
    key_intro,
    key_words,
    option_mark,
    question_mark,
)
from questions.interchange.options import FoundOption, find_options, usual_style
from questions.interchange.situations import asks_truth
from questions.interchange.tails import take_remark


@dataclass
class GridRow:
    """One row: its cells by column (each a list of lines), and its own line in the preview."""

    line: Line
    cells: dict[int, list[Line]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    spans: bool = False

    def text(self, column: int) -> str:
        """The text of a cell, one line under the other."""
        return "\n".join(line.text.strip() for line in self.cells.get(column, []) if line.text.strip())


@dataclass
class GridReading:
    """What a table gave: drafts with their sections, and rows that are sections or headings."""

    drafts: list[Draft] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    titles: list[Line] = field(default_factory=list)
    lost: list[Line] = field(default_factory=list)


class GridReader:
    """Goes through the rows of one table, or of several with one heading, and gathers questions."""

    def __init__(self, header: Header, section: str = "") -> None:
        self.header = header
        self.reading = GridReading()
        self.section = section
        self._open: _Open | None = None
        self._closed: list[_Open] = []
        self._numbered = bool(header.columns("number"))

    def read(self, rows: list[GridRow]) -> None:
        """Takes the rows behind the heading, in order."""
        for place, row in enumerate(rows):
            following = rows[place + 1] if place + 1 < len(rows) else None
            self._row(row, following)

    def new_section(self, section: str) -> None:
        """A heading between two tables: what follows belongs to it."""
        self._close()
        self.section = section

    def finish(self) -> GridReading:
        """The questions of all rows."""
        self._close()
        texts = [line.text for one in self._closed for column in self.header.columns("stem") for line in one.lines(column)]
        style = usual_style(texts)
        for draft, open_row in zip(self.reading.drafts, self._closed, strict=True):
            open_row.fill(draft, self.header, style)
        return self.reading

    def _row(self, row: GridRow, following: GridRow | None) -> None:
        filled = [column for column in row.cells if row.text(column)]
        if not filled:
            return
        if self._repeats_header(row):
            self.reading.titles.append(row.line)
            return
        shape = _Shape.of(row, self.header)
        if self._is_section(row, shape, filled, following):
            self._close()
            self.section = " ".join(dict.fromkeys(row.text(column).replace("\n", " ") for column in filled))
            self.reading.titles.append(row.line)
            return
        if self._open is not None and self._goes_on(row, shape, following):
            self._open.add(row)
            if shape.stem and (shape.options or shape.key):
                self._open.doubts.append("Câu này gồm nhiều dòng của bảng, đã nối lại; xin xem lại.")
            return
        if not shape.stem and not shape.options:
            self._close()
            self.reading.lost.append(row.line)
            return
        self._close()
        self._open = _Open([row], self.section, doubts=list(row.doubts))

    def _repeats_header(self, row: GridRow) -> bool:
        same = [column for column, role in self.header.roles.items() if role_of(row.text(column)) == role]
        return len(same) >= max(2, len(self.header.roles) - 1)

    def _is_section(self, row: GridRow, shape: _Shape, filled: list[int], following: GridRow | None) -> bool:
        texts = {row.text(column) for column in filled}
        if len(texts) != 1 or shape.key:
            return False
        text = next(iter(texts))
        number_columns = self.header.columns("number")
        if row.spans or (number_columns and filled == number_columns[:1] and not _is_number(text)):
            return not text.rstrip().endswith("?")
        if shape.number or not shape.stem:
            return False
        if following is not None and not _Shape.of(following, self.header).stem and _Shape.of(following, self.header).options:
            return False
        if self._open is not None and not self._open.complete(self.header):
            return False
        return is_heading(text)

    def _goes_on(self, row: GridRow, shape: _Shape, following: GridRow | None) -> bool:
        """Whether a row belongs to the question of the row above."""
        assert self._open is not None
        if shape.number:
            return False
        if self._numbered and self._open.numbered(self.header):
            if shape.key and shape.stem and shape.options >= 2:
                return False
            if shape.stem and not shape.options and following is not None:
                after = _Shape.of(following, self.header)
                if not after.number and not after.stem and after.options and self._open.complete(self.header):
                    return False  # the stem of the next question, one row too high
            return True
        if not shape.stem:
            return not (shape.options >= 2 and self._open.complete(self.header))
        if shape.options or shape.key:
            return not self._open.complete(self.header) and not self._open.has_options(self.header)
        first = row.text(self.header.columns("stem")[-1])[:1]
        return not self._open.has_options(self.header) or first.islower()

    def _close(self) -> None:
        if self._open is None:
            return
        open_row, self._open = self._open, None
        inner = {line.number for row in open_row.rows for lines in row.cells.values() for line in lines if line.text.strip()}
        lines = sorted(inner | {row.line.number for row in open_row.rows})
        draft = Draft(Block(None, [], lines=lines), doubts=list(dict.fromkeys(open_row.doubts)))
        self.reading.drafts.append(draft)
        own = open_row.text(self.header, "section").replace("\n", " ")
        self.reading.sections.append("\n".join(dict.fromkeys(part for part in (open_row.section, own) if part)))
        self._closed.append(open_row)


@dataclass(frozen=True)
class _Shape:
    """What a row holds, by role."""

    number: bool
    stem: bool
    options: int
    key: bool

    @classmethod
    def of(cls, row: GridRow, header: Header) -> _Shape:
        options = sum(bool(row.text(column)) for column in header.option_columns)
        if not header.option_columns:
            options = sum(len(row.text(column).split("\n")) for column in header.columns("options") if row.text(column))
        return cls(
            any(_is_number(row.text(column)) for column in header.columns("number")),
            any(row.text(column) for column in header.columns("stem")),
            options,
            any(row.text(column) for column in header.columns("key")),
        )


def _is_number(text: str) -> bool:
    text = text.strip()
    return bool(text) and (text.rstrip(".").isdigit() or question_mark(text + " A") is not None) and len(text) < 12


@dataclass
class _Open:
    """The rows of one question while they are gathered."""

    rows: list[GridRow]
    section: str
    doubts: list[str] = field(default_factory=list)

    def add(self, row: GridRow) -> None:
        self.rows.append(row)
        self.doubts.extend(row.doubts)

    def numbered(self, header: Header) -> bool:
        return any(_Shape.of(row, header).number for row in self.rows)

    def has_options(self, header: Header) -> bool:
        return any(_Shape.of(row, header).options for row in self.rows)

    def complete(self, header: Header) -> bool:
        shapes = [_Shape.of(row, header) for row in self.rows]
        keyed = any(shape.key for shape in shapes) or not header.columns("key")
        return keyed and any(shape.stem for shape in shapes) and sum(shape.options for shape in shapes) >= 2

    def lines(self, column: int) -> list[Line]:
        return [line for row in self.rows for line in row.cells.get(column, []) if line.text.strip()]

    def text(self, header: Header, role: str) -> str:
        parts = [" ".join(line.text.split()) for column in header.columns(role) for line in self.lines(column)]
        return "\n".join(dict.fromkeys(parts))

    def fill(self, draft: Draft, header: Header, style: str) -> None:
        """Lays the cells into the draft."""
        numbers = self.text(header, "number").split("\n")
        number = next((text for text in numbers if _is_number(text)), "")
        mark = question_mark(number + " A") if number else None
        if number:
            plain = mark.number if mark else number.strip().rstrip(".")
            draft.block.mark = QuestionMark(plain, "table", 0)
        for text in numbers:
            if text and text != number:
                draft.explanation.append(text)
                draft.doubt("Cột số thứ tự có chữ; tạm để vào giải thích.")
        draft.stem = [line.piece() for column in header.columns("stem") for line in self.lines(column)]
        self._own_number(draft, header)
        if header.option_columns:
            self._options_by_column(draft, header)
        elif header.columns("options"):
            lines = [line for column in header.columns("options") for line in self.lines(column)]
            options_in_cell(draft, lines)
        if not draft.options and not header.option_columns:
            found = find_options(draft.stem, style, len(draft.stem))
            if found.options:
                draft.stem, draft.options = found.stem, found.options
        self._words(draft, header)
        self._key(draft, header)

    def _own_number(self, draft: Draft, header: Header) -> None:
        """A stem may carry "Câu 5:" itself."""
        if not draft.stem:
            return
        first = draft.stem[0]
        mark = question_mark(first.line.text)
        if mark is None or (mark.style != "cau" and header.columns("number")):
            return
        if mark.style == "cau" or not draft.number:
            draft.stem[0] = Piece(first.line, mark.start, first.end)
            if not draft.number:
                draft.block.mark = QuestionMark(mark.number, "table", 0)

    def _options_by_column(self, draft: Draft, header: Header) -> None:
        gaps = False
        for column in header.option_columns:
            letter = header.roles[column][-1]
            lines = self.lines(column)
            if not lines:
                gaps = True
                continue
            if gaps:
                draft.doubt("Có cột phương án bỏ trống ở giữa.")
            pieces = [line.piece() for line in lines]
            own = option_mark(lines[0].text)
            sign = ""
            if own and own.letter == letter:
                pieces[0], sign = Piece(lines[0], own.start, len(lines[0].text)), own.sign
            draft.options.append(FoundOption(letter, sign, pieces, None))
        if len(draft.options) == 1:
            self._options_in_one_column(draft, header)

    def _options_in_one_column(self, draft: Draft, header: Header) -> None:
        """All options typed into one option column, one a line."""
        only = draft.options[0]
        if len(only.pieces) < 2:
            return
        draft.options = []
        options_in_cell(draft, [piece.line for piece in only.pieces])
        draft.doubt("Các phương án nằm chung một ô.")

    def _words(self, draft: Draft, header: Header) -> None:
        for role, target in (("explanation", draft.explanation), ("source", draft.source)):
            text = self.text(header, role)
            if text:
                target.append(text)
        draft.topic = self.text(header, "topic").replace("\n", " ")
        draft.level = self.text(header, "level").replace("\n", " ")
        known = set(header.roles)
        for row in self.rows:
            for column in row.cells:
                if column not in known and row.text(column):
                    draft.explanation.append(row.text(column))
                    draft.doubt("Có chữ ở cột không có tiêu đề; tạm để vào giải thích.")
        for role in ("type", "points"):
            text = self.text(header, role)
            if text:
                draft.explanation.append(text)

    def _key(self, draft: Draft, header: Header) -> None:
        text = self.text(header, "key")
        if not text:
            if header.columns("key") and (draft.options or asks_truth(joined(draft.stem))):
                draft.doubt("Ô đáp án bỏ trống.")
        else:
            intro = key_intro(text)
            text = text[intro:] if intro is not None else text
            written = KeyWords(words=text) if _is_wording(draft, text) else key_words(text)
            lines = text.split("\n")
            if len(lines) > 1 and not written.letters and all(key_words(line).letters for line in lines):
                written = KeyWords(tuple(letter for line in lines for letter in key_words(line).letters))
            numbers = _numbers(text, len(draft.options))
            if numbers:
                written = KeyWords(numbers)
            draft.keys.append(WrittenKey(written))
            if written.rest and draft.options:
                take_remark(draft, written.rest)
        if not draft.options:
            _without_options(draft, text)


def _is_wording(draft: Draft, text: str) -> bool:
    """Whether a key cell repeats an option's own words ("Đúng", "A Dua")."""
    wanted = key_of(text)
    return len(wanted) > 1 and any(key_of(joined(option.pieces)) == wanted for option in draft.options)


def _numbers(text: str, count: int) -> tuple[str, ...]:
    """ "1, 3" among four options names the first and the third; a single number is judged later."""
    parts = [part for part in text.replace(";", ",").replace("+", ",").split(",") if part.strip()]
    if len(parts) < 2 or not all(part.strip().isdigit() for part in parts):
        return ()
    places = [int(part) for part in parts]
    if not all(1 <= place <= count for place in places):
        return ()
    return tuple(chr(64 + place) for place in places)


def _without_options(draft: Draft, key: str) -> None:
    words = key_words(key) if key else KeyWords()
    stem = joined(draft.stem)
    if words.truth is not None and (asks_truth(stem) or not words.rest):
        draft.type = "true_false"
        draft.keys[:] = [WrittenKey(words)]
        if words.rest:
            take_remark(draft, words.rest)
    elif asks_truth(stem):
        draft.type = "true_false"
    elif key and not words.letters:
        draft.type = "essay"
        draft.keys.clear()
        draft.explanation.insert(0, key)
    else:
        draft.type = "single"
        draft.doubt("Không thấy phương án nào của câu này.")


def options_in_cell(draft: Draft, lines: list[Line]) -> None:
    """All options of a question in one cell, lettered or one a line."""
    pieces = [line.piece() for line in lines]
    found = find_options(pieces, "", len(pieces))
    if found.options and not [piece for piece in found.stem if piece.text]:
        draft.options = found.options
        for piece in found.tail:
            draft.options[-1].pieces.append(piece)
        draft.doubts.extend(found.doubts)
        return
    if found.options and found.options[0].letter == "A" and len(found.options) >= 2:
        draft.options = found.options
        draft.options[-1].pieces.extend(found.tail)
        draft.doubt("Trong ô phương án có chữ đứng trước phương án A.")
        draft.stem.extend(found.stem)
        return
    marks = [option_mark(line.text) for line in lines]
    letter = 65
    for line, mark in zip(lines, marks, strict=True):
        goes_on = draft.options and not mark and line.text.strip()[:1].islower()
        if goes_on:
            draft.options[-1].pieces.append(line.piece())
            draft.doubt("Trong ô phương án có dòng bắt đầu bằng chữ thường, đã nối vào phương án trước.")
            continue
        start = mark.start if mark else 0
        sign = mark.sign if mark else ""
        draft.options.append(FoundOption(chr(letter), sign, [line.piece(start)], None))
        if mark and mark.letter != chr(letter):
            draft.doubt("Chữ cái của các phương án thiếu, trùng hoặc sai thứ tự.")
        letter += 1


def key_entries(rows: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Keys of a table that holds nothing but numbers and keys: side by side, or one row under the other."""
    cells = [[" ".join(text.split()) for text in row] for row in rows]
    for candidates in (_in_rows(cells), _in_pairs(cells), _inside(cells)):
        if candidates:
            return candidates
    return []


def _is_answer(text: str) -> bool:
    if text in {"?", "-", "x", ""}:
        return text == "?"
    words = key_words(text)
    return bool(words.letters or words.truth is not None) and len(text) <= 40 and not (words.rest and len(words.rest) > 30)


def _words_of(text: str) -> KeyWords:
    return KeyWords(words="?") if text == "?" else key_words(text)


def _plain_number(text: str) -> str:
    mark = question_mark(text + " A") if not text.isdigit() else None
    return text if text.isdigit() else mark.number if mark and mark.start >= len(text) else ""


def _in_rows(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Numbers in one row, keys in the next."""
    found: list[tuple[str, KeyWords]] = []
    place = 0
    while place + 1 < len(cells):
        upper, lower = cells[place], cells[place + 1]
        numbers = [(column, _plain_number(text)) for column, text in enumerate(upper)]
        numbers = [(column, number) for column, number in numbers if number]
        answers = [(number, lower[column]) for column, number in numbers if column < len(lower) and lower[column]]
        if (
            len(numbers) >= 2
            and answers
            and all(_is_answer(text) for _, text in answers)
            and len(answers) >= 0.8 * len(numbers)
        ):
            found.extend((number, _words_of(text)) for number, text in answers)
            place += 2
            continue
        if any(_plain_number(text) or _is_answer(text) for text in upper if text) and found:
            return []
        place += 1
    return found


def _in_pairs(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Pairs of columns (number, key), perhaps several pairs side by side."""
    found: dict[int, list[tuple[str, KeyWords]]] = {}
    misses = 0
    for row in cells:
        column = 0
        while column < len(row):
            number = _plain_number(row[column])
            if number and column + 1 < len(row) and _is_answer(row[column + 1]):
                found.setdefault(column, []).append((number, _words_of(row[column + 1])))
                column += 2
                continue
            if number and column + 1 < len(row) and not row[column + 1]:
                column += 2
                continue
            misses += bool(row[column]) and len(row[column]) > 12
            column += 1
    entries = [entry for column in sorted(found) for entry in found[column]]
    return entries if len(entries) >= 2 and misses <= 0.3 * len(entries) + 3 else []


def _inside(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Each cell holds its own pair ("1.C")."""
    texts = [text for row in cells for text in row if text]
    found = [entry for text in texts for entry in pairs(text)]
    whole = sum(bool(pairs(text)) for text in texts)
    return found if len(found) >= 2 and whole >= 0.7 * len(texts) else []
