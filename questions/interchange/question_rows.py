"""The rows of a table that make up one question, and how their cells become a draft."""

from __future__ import annotations

from dataclasses import dataclass, field

from questions.interchange.columns import Header
from questions.interchange.drafts import Draft, WrittenKey
from questions.interchange.flat import key_of
from questions.interchange.lines import Line, Piece, joined
from questions.interchange.marks import KeyWords, QuestionMark, key_intro, key_words, option_mark, question_mark
from questions.interchange.options import FoundOption, find_options
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


@dataclass(frozen=True)
class RowShape:
    """What a row holds, by role."""

    number: bool
    stem: bool
    options: int
    key: bool

    @classmethod
    def of(cls, row: GridRow, header: Header) -> RowShape:
        options = sum(bool(row.text(column)) for column in header.option_columns)
        if not header.option_columns:
            options = sum(len(row.text(column).split("\n")) for column in header.columns("options") if row.text(column))
        return cls(
            any(is_number(row.text(column)) for column in header.columns("number")),
            any(row.text(column) for column in header.columns("stem")),
            options,
            any(row.text(column) for role in ("key", "truth:1", "truth:0") for column in header.columns(role)),
        )


def is_number(text: str) -> bool:
    text = text.strip()
    return bool(text) and (text.rstrip(".").isdigit() or question_mark(text + " A") is not None) and len(text) < 12


@dataclass
class QuestionRows:
    """The rows of one question while they are gathered."""

    rows: list[GridRow]
    section: str
    doubts: list[str] = field(default_factory=list)

    def add(self, row: GridRow) -> None:
        self.rows.append(row)
        self.doubts.extend(row.doubts)

    def numbered(self, header: Header) -> bool:
        return any(RowShape.of(row, header).number for row in self.rows)

    def has_options(self, header: Header) -> bool:
        return any(RowShape.of(row, header).options for row in self.rows)

    def complete(self, header: Header) -> bool:
        shapes = [RowShape.of(row, header) for row in self.rows]
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
        number = next((text for text in numbers if is_number(text)), "")
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
        if header.columns("truth:1"):
            self._truth(draft, header)
        else:
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

    def _truth(self, draft: Draft, header: Header) -> None:
        """One cross in the column "Đúng" or in "Sai"."""
        draft.type = "true_false"
        crossed = [role == "truth:1" for role in ("truth:1", "truth:0") if self.text(header, role)]
        if len(crossed) == 1:
            draft.keys.append(WrittenKey(KeyWords(truth=crossed[0])))
        elif crossed:
            draft.doubt("Cả hai cột Đúng và Sai đều được đánh dấu.")
        for role in ("truth:1", "truth:0"):
            text = self.text(header, role)
            if len(text) > 3:
                draft.explanation.append(text)
                draft.doubt("Cột Đúng hoặc Sai có chữ; tạm để vào giải thích.")

    def _crossed(self, draft: Draft, header: Header) -> tuple[str, ...]:
        """One option a row, crosses in the key column beside the right ones: their letters."""
        rows = [row for row in self.rows if RowShape.of(row, header).options]
        keys = [" ".join(row.text(column) for column in header.columns("key")).strip().lower() for row in self.rows]
        if header.option_columns or len(rows) != len(draft.options) or len(rows) != len(self.rows) or len(rows) < 2:
            return ()
        if any(key not in {"", "x", "✓", "✔", "√", "*", "v", "đ", "đúng", "s", "sai", "0", "1"} for key in keys):
            return ()
        right = {"x", "✓", "✔", "√", "*", "v", "đ", "đúng", "1"}
        return tuple(chr(65 + place) for place, key in enumerate(keys) if key in right)

    def _key(self, draft: Draft, header: Header) -> None:
        text = self.text(header, "key")
        crossed = self._crossed(draft, header)
        if crossed and len(crossed) < len(draft.options):
            letters = [option.letter or chr(65 + place) for place, option in enumerate(draft.options)]
            draft.keys.append(WrittenKey(KeyWords(tuple(letters[ord(one) - 65] for one in crossed))))
        elif not text:
            if header.columns("key") and (draft.options or asks_truth(joined(draft.stem))):
                draft.doubt("Ô đáp án bỏ trống.")
        else:
            intro = key_intro(text)
            text = text[intro:] if intro is not None else text
            written = KeyWords(words=text) if _is_wording(draft, text) else key_words(text)
            lines = text.split("\n")
            if len(lines) > 1 and not written.letters and all(key_words(line).letters for line in lines):
                found = [key_words(line) for line in lines]
                written = KeyWords(
                    tuple(letter for one in found for letter in one.letters), rest=" ".join(one.rest for one in found).strip()
                )
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
        if words.rest:
            draft.explanation.insert(0, words.rest)
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
    if len(lines) >= 3 and sum(mark is not None for mark in marks) == 1:
        marks = [None] * len(lines)  # "C. Mác" among plain lines is a name
    letter = 65
    capital = not lines[0].text.strip()[:1].islower()
    for line, mark in zip(lines, marks, strict=True):
        goes_on = draft.options and capital and not mark and line.text.strip()[:1].islower()
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
