"""Papers, answer sheets and key sheets as Word files, which committees change by hand before they copy them.

A form is a file of its own: Word counts the pages of a file rightly, those of a part of it not everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from contest.papers.printing.layout import SHEETS, Sheet, lines_of_options
from contest.papers.printing.model import PrintedForm, PrintedPaper, PrintedQuestion
from contest.papers.printing.words import WORDS, key_words, time_line
from questions.types.printing import PrintedOption

_FACE = "Times New Roman"
_ROOM = Mm(177)
_PLAIN = SHEETS[1]
#: Letters in a circle: A is U+24B6.
_CIRCLED = {chr(65 + n): chr(0x24B6 + n) for n in range(26)}
_BOX = "☐"
#: Answers side by side on an answer sheet, and keys side by side on a key sheet.
_ACROSS, _CODES_ACROSS = 3, 10


def paper(printed: PrintedPaper, form: PrintedForm, columns: int, explained: bool = False) -> bytes:
    """One form as contestants get it; ``explained``: as setters get it, with keys, sources and explanations."""
    sheet = SHEETS[columns]
    document = _document(sheet.size, form.code)
    right = [WORDS["secret"]] if explained else [time_line(printed, len(form.questions))]
    _head(document, printed, WORDS["explained"] if explained else WORDS["paper"], right, form.code)
    if not explained:
        _to_fill(document, WORDS["name"], WORDS["number"])
        _to_fill(document, WORDS["unit"])
    if printed.note:
        _paragraph(document).add_run(printed.note).italic = True
    if columns > 1:
        _in_columns(document, sheet)
    for question in form.questions:
        _question(document, question, sheet, explained)
    end = _paragraph(document, before=8)
    end.alignment = WD_ALIGN_PARAGRAPH.CENTER
    end.add_run(f"—— {WORDS['end']} ——").bold = True
    return _bytes(document)


def answers(printed: PrintedPaper, form: PrintedForm | None) -> bytes:
    """The sheet on which answers to ``form`` are marked; None: one for every form, with room for the code."""
    shown = form or printed.forms[0]
    document = _document(_PLAIN.size, form.code if form else "")
    _head(document, printed, WORDS["sheet"], [], form.code if form else "")
    _to_fill(document, WORDS["name"], WORDS["number"])
    _to_fill(document, WORDS["unit"], *([] if form else [WORDS["code"]]))
    _to_fill(document, WORDS["signed"], WORDS["invigilator"])
    _paragraph(document).add_run(f"{WORDS['how']} {WORDS['how_written']}").italic = True
    cells = [_answer(question) for question in shown.questions]
    high = -(-len(cells) // _ACROSS)
    table = _grid(document, high, _ACROSS)
    for place, (number, words) in enumerate(cells):
        paragraph = table.cell(place % high, place // high).paragraphs[0]
        paragraph.add_run(f"{number}\u2003").bold = True
        paragraph.add_run(words)
    return _bytes(document)


def keys(printed: PrintedPaper) -> bytes:
    """The keys of every form: a row a question, a column a form."""
    document = _document(_PLAIN.size, "")
    _head(document, printed, WORDS["keys"], [WORDS["secret"]], "")
    for start in range(0, len(printed.forms), _CODES_ACROSS):
        forms = printed.forms[start : start + _CODES_ACROSS]
        _paragraph(document)
        table = _grid(document, 1 + printed.longest, 1 + len(forms))
        table.style = "Table Grid"
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        rows = [[WORDS["question"], *(form.code for form in forms)]]
        for number in range(printed.longest):
            rows.append([str(number + 1), *(_key(form, number) for form in forms)])
        for row, words in zip(table.rows, rows, strict=True):
            for cell, word in zip(row.cells, words, strict=True):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
                cell.paragraphs[0].add_run(word).bold = row is table.rows[0] or cell is row.cells[0]
    return _bytes(document)


def _key(form: PrintedForm, place: int) -> str:
    return key_words(form.questions[place].printed.key) if place < len(form.questions) else ""


def _answer(question: PrintedQuestion) -> tuple[int, str]:
    lines = []
    for label, choices in question.printed.bubbles:
        shown = "\u2002".join(_CIRCLED.get(one, f"{_BOX} {one}") for one in choices)
        lines.append(f"{label} {shown}" if label else shown)
    return question.number, "\n".join(lines) or "……………………………"


def _document(size: float, code: str) -> Any:
    document = docx.Document()
    # The library's own template names itself as the author.
    document.core_properties.author = document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(_PLAIN.left), Mm(_PLAIN.right)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(14), Mm(16), Mm(7)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FACE, Pt(size)
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        style.element.rPr.rFonts.set(qn(script), _FACE)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    _foot(section.footer.paragraphs[0], code)
    return document


def _foot(paragraph: Any, code: str) -> None:
    """"Trang x/y — Mã đề 101", reckoned by Word."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(f"{WORDS['page']} ")
    _field(paragraph, "PAGE")
    paragraph.add_run("/")
    _field(paragraph, "NUMPAGES")
    if code:
        paragraph.add_run(f" — {WORDS['code']} {code}")


def _field(paragraph: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _head(document: Any, printed: PrintedPaper, title: str, right: Sequence[str], code: str) -> None:
    table = _grid(document, 1, 2)
    left = [(printed.committee.upper(), False), (WORDS["committee"], True)]
    if code:
        left.append((f"{WORDS['code']}: {code}", True))
    lines = [(title, True), (printed.contest.upper(), True), (printed.round, False), *((one, False) for one in right)]
    for cell, shown in zip(table.rows[0].cells, (left, lines), strict=True):
        for place, (words, bold) in enumerate(shown):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(words).bold = bold


def _grid(document: Any, rows: int, columns: int) -> Any:
    table = document.add_table(rows=rows, cols=columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column in table.columns:
        column.width = int(_ROOM / columns)
    return table


def _to_fill(document: Any, *labels: str) -> None:
    paragraph = _paragraph(document, before=6)
    step = int(_ROOM / len(labels))
    for place in range(len(labels)):
        paragraph.paragraph_format.tab_stops.add_tab_stop(step * (place + 1), leader=WD_TAB_LEADER.DOTS)
    paragraph.add_run("".join(f"{' ' if place else ''}{label}:\t" for place, label in enumerate(labels)))


def _in_columns(document: Any, sheet: Sheet) -> None:
    """What follows stands in columns below the head, on the same page."""
    section = document.add_section(WD_SECTION.CONTINUOUS)
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        section._sectPr.append(columns)
    columns.set(qn("w:num"), str(sheet.columns))
    columns.set(qn("w:space"), str(Mm(sheet.gutter).twips))


def _paragraph(document: Any, before: float = 0) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _question(document: Any, question: PrintedQuestion, sheet: Sheet, explained: bool) -> None:
    """The paragraphs of a question hold together, so that no page parts a stem from its options."""
    printed, paragraphs = question.printed, []

    def line(before: float = 0) -> Any:
        paragraphs.append(_paragraph(document, before))
        return paragraphs[-1]

    stem = line(before=5)
    stem.add_run(f"{WORDS['question']} {question.number}. ").bold = True
    stem.add_run(printed.stem)
    if printed.note and not explained:
        line().add_run(printed.note).italic = True
    for row in printed.rows:
        paragraph = line()
        paragraph.add_run(f"{row.label} ").bold = True
        boxes = "" if printed.options else "".join(f"   {_BOX} {one}" for one in printed.columns)
        paragraph.add_run(row.text + (boxes or "   ………"))
    lines = lines_of_options(question, sheet)
    for options in lines:
        _options(line(), options, sheet.column_points / len(lines[0]), printed.right if explained else ())
    for _ in range(printed.lines):
        paragraph = line(before=4)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(sheet.column_points), leader=WD_TAB_LEADER.DOTS)
        paragraph.add_run("\t")
    if explained:
        line().add_run(f"{WORDS['key']}: {key_words(printed.key)}").bold = True
        for label, words in ((WORDS["source"], question.source), (WORDS["explanation"], question.explanation)):
            if words:
                line().add_run(f"{label}: {words}")
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = paragraph is not paragraphs[-1]


def _options(paragraph: Any, options: Sequence[PrintedOption], slot: float, right: Sequence[str]) -> None:
    """One line of options, each beginning at a multiple of ``slot`` points."""
    for place, option in enumerate(options):
        if place:
            paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(slot * place))
            paragraph.add_run("\t")
        marked = option.letter in right
        letter = paragraph.add_run(f"{option.letter}.")
        letter.bold, letter.underline = True, marked
        paragraph.add_run(" ")
        words = paragraph.add_run(option.text)
        words.bold = words.underline = marked


def _bytes(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
