"""Reads a question table, one row a question, from an Excel sheet or a Word table.

A table is given as rows of cells, each cell as lines with looks. Rows may break: a question or an option may go on
in the next row, a stem may stand in the row above its options, headings repeat on each page, sections stand between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from questions.interchange.blocks import Block
from questions.interchange.columns import Header, role_of
from questions.interchange.drafts import Draft
from questions.interchange.lines import Line
from questions.interchange.marks import is_heading
from questions.interchange.options import usual_style
from questions.interchange.question_rows import GridRow, QuestionRows, RowShape, is_number


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
        self._open: QuestionRows | None = None
        self._closed: list[QuestionRows] = []
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
        self._doubt_zero()
        return self.reading

    def _doubt_zero(self) -> None:
        """A column of numeric keys that holds a 0 counts from 0, not from 1."""
        numeric = [draft for draft in self.reading.drafts for key in draft.keys if key.words.words.strip().isdigit()]
        if any(key.words.words.strip() == "0" for draft in numeric for key in draft.keys):
            for draft in numeric:
                draft.doubt("Cột đáp án ghi bằng số và có số 0, không rõ đếm từ 0 hay từ 1.")

    def _row(self, row: GridRow, following: GridRow | None) -> None:
        filled = [column for column in row.cells if row.text(column)]
        if not filled:
            return
        if self._repeats_header(row):
            self.reading.titles.append(row.line)
            return
        shape = RowShape.of(row, self.header)
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
        self._open = QuestionRows([row], self.section, doubts=list(row.doubts))

    def _repeats_header(self, row: GridRow) -> bool:
        same = [column for column, role in self.header.roles.items() if role_of(row.text(column)) == role]
        return len(same) >= max(2, len(self.header.roles) - 1)

    def _is_section(self, row: GridRow, shape: RowShape, filled: list[int], following: GridRow | None) -> bool:
        texts = {row.text(column) for column in filled}
        if len(texts) != 1:
            return False
        text = next(iter(texts))
        number_columns = self.header.columns("number")
        if row.spans and len(filled) >= 3 and not is_number(text):
            return not text.rstrip().endswith("?")
        if shape.key:
            return False
        if row.spans or (number_columns and filled == number_columns[:1] and not is_number(text)):
            return not text.rstrip().endswith("?")
        if shape.number or not shape.stem:
            return False
        if (
            following is not None
            and not RowShape.of(following, self.header).stem
            and RowShape.of(following, self.header).options
        ):
            return False
        if self._open is not None and not self._open.complete(self.header):
            return False
        return is_heading(text)

    def _goes_on(self, row: GridRow, shape: RowShape, following: GridRow | None) -> bool:
        """Whether a row belongs to the question of the row above."""
        assert self._open is not None
        if shape.number:
            return False
        if self._numbered and self._open.numbered(self.header):
            if shape.key and shape.stem and shape.options >= 2:
                return False
            if shape.stem and not shape.options and following is not None:
                after = RowShape.of(following, self.header)
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
