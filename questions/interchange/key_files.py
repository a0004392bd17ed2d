"""A key in a second file: a table in Word or Excel, or text; with numbers, or just letters in the list's order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from core.documents.excel_looks import CellLook
from core.documents.excel_reading import read_workbook
from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.packages import LEGACY_ENDINGS, FileKind, file_kind
from core.documents.text_reading import read_text
from core.documents.word_model import Paragraph, Table, WordDocument
from core.documents.word_reading import read_word
from questions.interchange.columns import role_of
from questions.interchange.flat import flat
from questions.interchange.key_lists import pairs
from questions.interchange.key_tables import key_entries
from questions.interchange.marks import KeyWords, key_intro, key_words, letters_alone, question_mark

_CONTINUES = re.compile(r"[\s|;,]+")


@dataclass
class KeySource:
    """The keys of a second file. `entries` have numbers; `ordered` are keys in the order of the questions."""

    entries: list[tuple[str, KeyWords]] = field(default_factory=list)
    ordered: list[KeyWords] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> KeySource:
        """Reads a key file. Raises DocumentRefused when it holds no keys."""
        data = load(source, limits)
        kind = file_kind(data)
        found = cls()
        if kind is FileKind.WORD:
            found._from_document(read_word(data, limits))
        elif kind is FileKind.PDF:
            from core.documents.pdf_reading import read_pdf
            from questions.interchange.pdf import document_of

            found._from_document(document_of(read_pdf(data, limits).pages))
        elif kind in LEGACY_ENDINGS:
            from core.documents.legacy_word import to_docx

            found._from_document(read_word(to_docx(data, LEGACY_ENDINGS[kind]), limits))
        elif kind is FileKind.EXCEL:
            found._from_excel(data, limits)
        elif kind is FileKind.TEXT:
            found._from_lines(read_text(data, limits).lines)
        else:
            raise DocumentRefused("Tệp đáp án phải là Word (.docx), Excel (.xlsx), PDF có lớp chữ hoặc văn bản thuần.")
        if not found.entries and not found.ordered:
            raise DocumentRefused("Không thấy đáp án nào trong tệp đáp án.", "empty")
        return found

    def _from_document(self, document: WordDocument) -> None:
        lines: list[str] = []
        for block in document.blocks:
            if isinstance(block, Paragraph):
                label = f"{block.label.text} " if block.label and not block.bullet else ""
                lines.extend((label + block.text).split("\n"))
            else:
                self._from_table(block)
        self._from_lines(lines)

    def _from_table(self, table: Table) -> None:
        rows = [[_labelled(cell.paragraphs) for cell in row for _ in range(cell.span)] for row in table.rows]
        self._from_rows(rows)

    def _from_excel(self, data: bytes, limits: ReadingLimits) -> None:
        from questions.interchange.xlsx import cell_text

        for sheet in read_workbook(data, limits):
            if sheet.hidden:
                continue
            rows = [[cell_text(value, CellLook())[0] for value in row] for row in sheet.rows]
            self._from_rows([row for row in rows if any(text.strip() for text in row)])

    def _from_rows(self, rows: list[list[str]]) -> None:
        named = _by_heading(rows)
        entries = named or key_entries(rows)
        if entries:
            self.entries.extend(entries)
            return
        column = [text for row in rows for text in row if text.strip()]
        self._from_lines(column)

    def _from_lines(self, lines: list[str]) -> None:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if not text:
                continue
            found = pairs(text) or _csv(text) or _long(text)
            if found:
                self.entries.extend(found)
            elif letters_alone(text):
                self.ordered.append(KeyWords(letters_alone(text)))
            elif row := _letters_in_row(text):
                self.ordered.extend(row)
            else:
                self.unread.append((f"tệp đáp án, dòng {number}", text))


def _labelled(paragraphs: list[Paragraph]) -> str:
    return "\n".join(
        (f"{found.label.text} " if found.label and not found.bullet else "") + found.text for found in paragraphs
    ).strip()


def _by_heading(rows: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Columns named "Câu" and "Đáp án", perhaps three pairs side by side."""
    for place, row in enumerate(rows[:10]):
        roles = [role_of(text) for text in row]
        couples: list[tuple[int, int]] = []
        for column, role in enumerate(roles):
            if role != "number":
                continue
            beside = next((other for other in range(column + 1, len(roles)) if roles[other] == "key"), None)
            if beside is not None:
                couples.append((column, beside))
        if couples:
            found: list[tuple[str, KeyWords]] = []
            for number_column, key_column in couples:
                for values in rows[place + 1 :]:
                    number = values[number_column].strip() if number_column < len(values) else ""
                    key = values[key_column].strip() if key_column < len(values) else ""
                    mark = question_mark(number + " A") if number and not number.isdigit() else None
                    number = mark.number if mark else number
                    if number[:1].isdigit() and key:
                        found.append((number, KeyWords(words="?") if key == "?" else key_words(key)))
            return found
    return []


def _csv(text: str) -> list[tuple[str, KeyWords]]:
    parts = [part.strip() for part in re.split(r"[,;\t|]", text) if part.strip()]
    if len(parts) < 2 or not parts[0].isdigit():
        return []
    words = key_words(",".join(parts[1:]))
    return [(parts[0], words)] if words.letters and not words.rest else []


def _long(text: str) -> list[tuple[str, KeyWords]]:
    """ "Câu 5: C. 18 tháng", "Câu 7. Đáp án: B (Điều 4)"."""
    mark = question_mark(text)
    if mark is None:
        return []
    rest = text[mark.start :].strip()
    intro = key_intro(rest)
    words = key_words(rest[intro:] if intro is not None else rest)
    if words.letters and (intro is not None or not words.rest or len(words.rest) < 200):
        upper = rest[intro or 0 :].lstrip("([ ")[:1].isupper() or intro is not None
        return [(mark.number, words)] if upper else []
    return [(mark.number, words)] if words.truth is not None else []


def _letters_in_row(text: str) -> list[KeyWords]:
    """ "A B C D" or "ABCDAB…" as keys of questions in their order."""
    parts = [part for part in _CONTINUES.split(text) if part]
    if len(parts) >= 3 and all(re.fullmatch(r"[a-h]", flat(part)) for part in parts):
        return [KeyWords((part.upper(),)) for part in parts]
    if len(parts) == 1 and len(text) >= 10 and re.fullmatch(r"[A-H]+|[a-h]+", text):
        return [KeyWords((letter.upper(),)) for letter in text]
    return []
