"""Small lists made on the spot: text, Word and Excel, as organisers have them."""

from __future__ import annotations

import io

import xlsxwriter
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import RGBColor

from questions.interchange.model import ReadQuestion, ReadResult
from questions.interchange.registry import read_questions

type_of_run = str | tuple[str, str]


def from_text(text: str, key: str | bytes | None = None) -> ReadResult:
    """Reads a list written as text."""
    keys = key.encode() if isinstance(key, str) else key
    return read_questions(text.encode(), keys)


def word(*paragraphs: type_of_run | list[type_of_run]) -> bytes:
    """A .docx of such paragraphs. A run is text, or (text, look) with look of b, u, i, r (red), h (highlight)."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs if isinstance(runs, list) else [runs]:
            text, look = (run, "") if isinstance(run, str) else run
            made = paragraph.add_run(text)
            if "b" in look:
                made.bold = True
            if "i" in look:
                made.italic = True
            if "u" in look:
                made.underline = True
            if "r" in look:
                made.font.color.rgb = RGBColor(255, 0, 0)
            if "h" in look:
                made.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a python-docx document."""
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def excel(*rows: tuple[object, ...], merges: tuple[tuple[int, int, int, int, str], ...] = ()) -> bytes:
    """An .xlsx of such rows; merges are (top, left, bottom, right, text)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Câu hỏi")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write(number, column, value[0], book.add_format(value[1]))
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        for top, left, bottom, right, text in merges:
            sheet.merge_range(top, left, bottom, right, text)
    return target.getvalue()


def said(question: ReadQuestion) -> tuple[str, str, list[str], list[int]]:
    """The core of a question for comparing: number, stem, options, key."""
    return question.number, question.stem, question.options, question.correct


def words_of(result: ReadResult) -> str:
    """Every text that a result holds, in one string."""
    parts: list[str] = list(result.sections)
    for question in result.questions:
        parts += [question.number, question.stem, *question.options, question.source, question.explanation]
        parts += [question.section, question.topic, question.level, *question.doubts]
        parts += [f"{item.text} {item.points}" for item in question.rubric]
    parts += [problem.text for problem in result.problems]
    return "\n".join(parts)
