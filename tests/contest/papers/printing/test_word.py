"""Pages made as Word files, read back by the platform's own reader of question lists."""

from __future__ import annotations

import io

import docx as word
import pytest

from contest.papers.printing import docx
from contest.papers.printing.model import PrintedPaper, form_of
from core.documents.word_reading import read_word
from questions.interchange.docx import read
from questions.interchange.registry import read_questions
from questions.types.printing import Printed
from tests.contest.papers.printing.samples import LONG, YEARS, options, other_kinds, paper, question


def text_of(content: bytes) -> str:
    """All text of a file, its head's and tables' too."""
    found = word.Document(io.BytesIO(content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in found.paragraphs)])


@pytest.mark.parametrize("columns", [1, 2])
def test_the_reader_finds_every_question_and_key_of_the_setters_paper_without_a_doubt(columns: int) -> None:
    for printed in (paper(30), PrintedPaper("a", "b", "c", 30, (form_of("7", _mixed()),))):
        form = printed.forms[0]
        found = read(docx.paper(printed, form, columns, True))
        assert [(q.stem, q.options, q.source, q.explanation, q.doubts) for q in found.questions] == [
            (q.printed.stem, [o.text for o in q.printed.options], q.source, q.explanation, []) for q in form.questions
        ]
        assert [["ABCD"[n] for n in q.correct] for q in found.questions] == [list(q.printed.right) for q in form.questions]
        assert found.problems == []


def _mixed() -> list[tuple[Printed, str, str]]:
    """Single, multiple and true-or-false questions."""
    plain = [question(n, n % 4, LONG if n % 3 else YEARS) for n in range(1, 9)]
    several = [question(n, 1 + n % 3, YEARS, "multiple") for n in range(9, 13)]
    return [*plain, *several, *(question(n, n % 2, ("Đúng", "Sai"), "true_false") for n in range(13, 17))]


@pytest.mark.parametrize("columns", [1, 2])
def test_the_contestants_paper_tells_no_key(columns: int) -> None:
    printed = paper(30)
    content = docx.paper(printed, printed.forms[0], columns)
    found = read(content)
    assert len(found.questions) == 30 and not any(q.correct or q.source or q.explanation for q in found.questions)
    assert [q.options for q in found.questions] == [[o.text for o in q.printed.options] for q in printed.forms[0].questions]
    assert any("Mã đề 101" in line for line in read_word(content).footers)


def test_a_question_holds_together_over_pages() -> None:
    printed = paper(2)
    found = word.Document(io.BytesIO(docx.paper(printed, printed.forms[0], 2))).paragraphs
    first = next(n for n, paragraph in enumerate(found) if paragraph.text.startswith("Câu 1."))
    second = next(n for n, paragraph in enumerate(found) if paragraph.text.startswith("Câu 2."))
    held = [paragraph.paragraph_format.keep_with_next for paragraph in found[first:second]]
    assert held == [True] * (second - first - 1) + [False]


def test_the_key_table_gives_each_form_its_own_keys() -> None:
    table = word.Document(io.BytesIO(docx.keys(paper(5, 3)))).tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Câu", "101", "102", "103"]
    # Question n of form f has its right option at (n + f) modulo 4.
    assert rows[1:] == [[str(n), *("ABCD"[(n + f) % 4] for f in range(3))] for n in range(1, 6)]


def test_a_paper_read_with_its_key_file_has_every_key() -> None:
    printed = paper(30)
    found = read_questions(docx.paper(printed, printed.forms[0], 2), docx.keys(printed))
    assert [q.correct for q in found.questions] == [[n % 4] for n in range(1, 31)]


def test_the_answer_sheet_has_circled_letters_boxes_and_lines() -> None:
    printed = paper(2, more=other_kinds())
    text = text_of(docx.answers(printed, printed.forms[0]))
    assert "1\u2003Ⓐ\u2002Ⓑ\u2002Ⓒ\u2002Ⓓ" in text and "a) ☐ Đúng\u2002☐ Sai" in text and "6\u2003…" in text


def test_hostile_text_stays_text() -> None:
    hostile = '<w:t>&amp;"\x00\x01\ud800 {MERGEFIELD x} ]]> </w:p>'
    form = form_of("101", [(Printed(hostile, options(hostile, "b"), key="A", right=("A",)), hostile, hostile)])
    printed = PrintedPaper("a", "b", "c", 30, (form,))
    assert text_of(docx.paper(printed, form, 1, True)).count('<w:t>&amp;" {MERGEFIELD x} ]]> </w:p>') == 4
