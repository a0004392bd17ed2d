"""Question lists in Word files."""

from __future__ import annotations

from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, ReadingLimits
from core.documents.word_model import Look, Paragraph, Table, WordDocument
from core.documents.word_reading import read_word
from questions.interchange.blocks import holds_first_option
from questions.interchange.grid import GridReader, GridReading
from questions.interchange.grid_result import finish_grid
from questions.interchange.headless import HEADLESS, guess_header
from questions.interchange.key_files import KeySource
from questions.interchange.key_lists import KeyList, find_key_lists, is_key_heading
from questions.interchange.lines import Line
from questions.interchange.list_grammar import read_lines
from questions.interchange.model import LineKind, ReadResult, SourceLine
from questions.interchange.question_rows import GridRow
from questions.interchange.word_tables import aligned, continues, framed_lines, grid_of, header_of, keys_of


def paragraph_lines(paragraph: Paragraph, first: int, where: str = "", in_table: bool = False) -> list[Line]:
    """The lines of one paragraph: it may hold line breaks. The label of its numbering stands before the text."""
    found: list[Line] = []
    letters: list[tuple[str, Look]] = []
    label = 0
    if paragraph.label is not None and not paragraph.bullet:
        text = paragraph.label.text + " "
        letters.append((text, paragraph.label.look))
        label = len(text)
    letters.extend((run.text, run.look) for run in paragraph.runs)
    text, spans = "", list[tuple[int, int, Look]]()
    pieces = [(part, look, place > 0) for run, look in letters for place, part in enumerate(run.split("\n"))]
    for part, look, breaks in [*pieces, ("", Look(), True)]:
        if breaks:
            number = first + len(found)
            found.append(
                Line(
                    number,
                    text,
                    where or paragraph.where or f"dòng {number}",
                    spans,
                    label if not found else 0,
                    paragraph.bullet and not found,
                    bool(paragraph.heading),
                    paragraph.centred,
                    True,
                    tracked=paragraph.tracked,
                    pictures=paragraph.pictures if not found else 0,
                    letters_unsure=paragraph.letters_unsure,
                    in_table=in_table,
                    soft=paragraph.soft,
                )
            )
            text, spans = "", []
        if part:
            spans.append((len(text), len(text) + len(part), look))
            text += part
    return found


class _Walk:
    """Goes through a document once: flowing lines, question tables, key tables, all with one count of lines."""

    def __init__(self) -> None:
        self.all: list[Line] = []
        self.flow: list[Line] = []
        self.readers: list[GridReader] = []
        self.key_lists: list[KeyList] = []
        self._open: GridReader | None = None
        self._since_table: list[Line] = []
        self._last_keys = 0
        self.guessed = False

    def take(self, blocks: tuple[Paragraph | Table, ...]) -> None:
        """Takes the blocks of the body in order."""
        for block in blocks:
            if isinstance(block, Paragraph):
                lines = self._lines(block)
                self.flow.extend(lines)
                self._since_table.extend(line for line in lines if line.text.strip())
            else:
                self._table(block)
        blank = False
        for line in self.flow:
            line.after_blank = blank
            blank = not line.text.strip() and not line.pictures

    def _lines(self, paragraph: Paragraph) -> list[Line]:
        lines = paragraph_lines(paragraph, len(self.all) + 1)
        self.all.extend(lines)
        return lines

    def _table(self, table: Table) -> None:
        first = len(self.all) + 1
        rows = grid_of(table, self._lines)
        header = header_of(table, rows)
        if header is None and self._open is None and (guessed := guess_header(_texts(rows))) is not None:
            header, self.guessed = guessed, True
        if header is None and (entries := keys_of(rows)):
            last = len(self.all)
            words = [text for row in rows for column in row.cells if len(text := row.text(column)) > 5]
            title = " ".join([*self._key_heading(), *words])
            taken = list(range(first, last + 1))
            self.key_lists.append(KeyList(entries, f"dòng {first}", self._last_keys, last, taken, title))
            self._last_keys = last
            return
        section = "\n".join(" ".join(line.text.split()) for line in self._since_table)
        if header is not None:
            behind = header.first + header.depth
            if self._open is not None and self._open.header.roles == header.roles:
                reader = self._open
                if section:
                    reader.new_section(section)
            else:
                reader = GridReader(header, section)
                self.readers.append(reader)
            reader.reading.titles.extend(line for row in rows[:behind] for line in _lines_of(row))
            reader.read(aligned(table, rows, header)[behind:])
            self._open = reader
            self._since_table = []
        elif self._open is not None and continues(rows, self._open.header):
            if section:
                self._open.new_section(section)
            self._open.read(aligned(table, rows, self._open.header))
            self._since_table = []
        else:
            lines = framed_lines(rows)
            self.flow.extend(lines)
            self._since_table.extend(line for line in lines if line.text.strip())

    def _key_heading(self) -> list[str]:
        """Takes "ĐÁP ÁN" right above a table of keys out of the lines: it is no key line of the question before."""
        full = [line for line in self.flow if line.text.strip()]
        if not full or not is_key_heading(full[-1].text):
            return []
        self.flow.remove(full[-1])
        self._since_table = [line for line in self._since_table if line is not full[-1]]
        return [full[-1].text.strip()]


def _texts(rows: list[GridRow]) -> list[dict[int, str]]:
    return [{column: row.text(column) for column in row.cells} for row in rows if row.cells]


def _lines_of(row: GridRow) -> list[Line]:
    return [line for column in sorted(row.cells) for line in row.cells[column] if line.text.strip()]


def read(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS, keys: KeySource | None = None) -> ReadResult:
    """Reads a list from a Word file. Raises DocumentRefused."""
    return read_document(read_word(source, limits), keys)


def read_document(document: WordDocument, keys: KeySource | None = None) -> ReadResult:
    """Reads a list from paragraphs and tables, wherever they came from."""
    walk = _Walk()
    walk.take(document.blocks)
    readings = [reader.finish() for reader in walk.readers]
    for reading in readings:
        for draft in reading.drafts if walk.guessed else ():
            draft.doubt(HEADLESS)
    drafts = sum(len(reading.drafts) for reading in readings)
    result = _with_tables(walk, readings, keys) if drafts else read_lines(walk.flow, walk.key_lists, keys)
    shown = {line.number: line for line in result.lines}
    result.lines = [
        shown.get(line.number, SourceLine(line.number, line.where, line.text, LineKind.SECTION))
        if line.text.strip()
        else SourceLine(line.number, line.where, line.text)
        for line in walk.all
    ]
    owner = {number: place for place, question in enumerate(result.questions) for number in question.lines}
    for shown_line in result.lines:
        if shown_line.number in owner and shown_line.kind is not LineKind.BLANK:
            shown_line.kind, shown_line.question = LineKind.QUESTION, owner[shown_line.number]
    result.format = "docx"
    result.sections.extend([*document.headers, *document.footers, *document.notes, *document.comments])
    return result


def _with_tables(walk: _Walk, readings: list[GridReading], keys: KeySource | None) -> ReadResult:
    """Questions stand in tables, and perhaps in lines between them too."""
    flow = [line for line in walk.flow if line.text.strip()]
    in_lines = any(holds_first_option(line.text) for line in flow)
    result = ReadResult()
    if in_lines:
        result = read_lines(walk.flow, walk.key_lists, keys)
        finish_grid(result, readings, [], keys)
        result.questions.sort(key=lambda question: question.lines[0] if question.lines else 0)
    else:
        key_lists, _ = find_key_lists(flow)
        result.sections.extend(line.text.strip() for line in flow)
        finish_grid(result, readings, [*walk.key_lists, *key_lists], keys)
        result.sections.extend(found.title for found in walk.key_lists if found.title)
    return result
