"""Lists in PDF: the look of letters tells keys, wrapped rows become paragraphs, what cannot be read is refused."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Highlight
from pypdf.generic import ArrayObject, FloatObject, NameObject

from core.documents.limits import DocumentRefused, ReadingLimits
from core.documents.pdf_model import Box, Letter, PdfPage
from core.documents.word_model import Look
from questions.interchange.docx import read_document
from questions.interchange.pdf import document_of
from questions.interchange.registry import read_questions
from tests.questions.interchange.pdf_lists import locked, looking, paragraphs, printed, question

HEADS = ", header: align(center)[NGÂN HÀNG CÂU HỎI], footer: context align(center)[#counter(page).display()]"
LONG = "Ban Chấp hành Trung ương quy định việc kiểm tra, giám sát của Đảng và thi hành kỷ luật trong Đảng ở mọi cấp"

DOTS = '(encoding: "luma8", width: 2, height: 2)'
SCAN = f'#image(bytes((0, 255, 0, 255)), format: {DOTS}, width: 100%, height: 100%, fit: "stretch")'


@pytest.fixture(scope="module")
def plain() -> bytes:
    return printed(paragraphs(*(question(number, number % 4) for number in range(1, 4))))


@pytest.mark.parametrize(
    ("look", "letter_only"), [("b", False), ("u", False), ("r", True), ("h", False), ("u", True), ("h", True)]
)
def test_the_right_option_or_its_letter_looks_different(look: str, letter_only: bool) -> None:
    made = printed(paragraphs(*(question(number, number % 4, look, letter_only) for number in range(1, 5))))
    result = read_questions(made)
    assert [q.correct for q in result.questions] == [[1], [2], [3], [0]]
    assert not any(q.doubts for q in result.questions)
    assert result.questions[1].options == [f"Phương án 2{place} của câu này" for place in range(4)]
    assert result.lines[0].where == "trang 1, dòng 1"


def test_wrapped_rows_are_one_paragraph_and_page_heads_are_no_words_of_questions() -> None:
    texts: list[str] = []
    for number in range(1, 13):
        texts += [
            f"Câu {number}: {LONG}, {LONG.lower()} là do ai?",
            looking(f"A. {LONG}, {LONG.lower()}", "b"),
            "B. Hai",
            "C. Ba",
        ]
    result = read_questions(printed(paragraphs(*texts), HEADS, justify=True))
    assert len(result.questions) == 12
    assert {q.stem for q in result.questions} == {f"{LONG}, {LONG.lower()} là do ai?"}
    assert {tuple(q.options) for q in result.questions} == {(f"{LONG}, {LONG.lower()}", "Hai", "Ba")}
    assert "NGÂN HÀNG CÂU HỎI" in result.sections


def test_two_columns_are_read_one_after_the_other() -> None:
    made = printed(paragraphs(*(question(number, number % 4, "r") for number in range(1, 21))), HEADS + ", columns: 2")
    result = read_questions(made)
    assert [(q.number, q.correct) for q in result.questions] == [(str(n), [n % 4]) for n in range(1, 21)]
    assert not any(q.doubts for q in result.questions)


def test_options_side_by_side_are_no_columns() -> None:
    cell = "#grid(columns: (1fr, 1fr), row-gutter: 0.65em, [A. Một], [{}], [C. Ba], [D. Bốn])"
    texts = [f"Câu {n}: Nội dung câu hỏi?\n\n" + cell.format(looking("B. Hai", "b")) for n in range(1, 9)]
    result = read_questions(printed(paragraphs(*texts)))
    assert [(q.options, q.correct) for q in result.questions] == [(["Một", "Hai", "Ba", "Bốn"], [1])] * 8


def test_a_table_of_questions_over_two_pages() -> None:
    rows = ", ".join(f"[{n}], [Nội dung câu hỏi số {n} là gì?], [Một {n}], [Hai {n}], [Ba {n}], [B]" for n in range(1, 41))
    head = "table.header([TT], [Câu hỏi], [A], [B], [C], [Đáp án])"
    result = read_questions(printed(f"#table(columns: (auto, 2fr, 1fr, 1fr, 1fr, auto), {head}, {rows})"))
    assert [(q.number, q.options, q.correct) for q in result.questions] == [
        (str(n), [f"Một {n}", f"Hai {n}", f"Ba {n}"], [1]) for n in range(1, 41)
    ]


def test_a_key_table_behind_the_list_and_a_key_file() -> None:
    bare = paragraphs(*(question(number, -1) for number in range(1, 4)))
    table = "ĐÁP ÁN\n\n#table(columns: 3, [1], [2], [3], [C], [A], [D])"
    result = read_questions(printed(paragraphs(bare, table)))
    assert [q.correct for q in result.questions] == [[2], [0], [3]]
    result = read_questions(printed(bare), key=printed("#table(columns: 3, [1], [2], [3], [B], [B], [A])"))
    assert [q.correct for q in result.questions] == [[1], [1], [0]]


def test_small_raised_letters_and_drawings_are_doubted() -> None:
    raised = paragraphs("Câu 4: Số nào lớn nhất trong các số sau?", "A. 10#super[3]", "B. 99", looking("C. 98", "b"))
    drawn = paragraphs("Câu 5: Hình bên là hình gì?", "#circle(radius: 20pt)", "A. Một", "B. Hai", looking("C. Ba", "b"))
    result = read_questions(printed(paragraphs(*(question(n, 1, options=3) for n in (1, 2, 3)), raised, drawn)))
    assert [bool(q.doubts) for q in result.questions] == [False, False, False, True, True]


def test_a_letter_lost_between_two_options_is_doubted() -> None:
    lost = paragraphs("Câu 4: Nội dung câu hỏi?", "A. Một", "B. Hai", "C. Ba", looking("Phương án bị mất chữ cái", "r"))
    result = read_questions(printed(paragraphs(*(question(n, 1, "r") for n in (1, 2, 3)), lost)))
    assert result.questions[3].doubts


def test_highlights_that_a_reader_of_the_pdf_has_drawn(plain: bytes) -> None:
    made = printed(paragraphs(*(question(number, -1) for number in range(1, 4))))
    writer = PdfWriter(PdfReader(io.BytesIO(made)))
    text = read_lines_of(made)
    for number in range(1, 4):
        box = next(box for words, box in text if words.startswith(f"B. Phương án {number}1"))
        corners = [box.x0, 842 - box.top, box.x1, 842 - box.top, box.x0, 842 - box.bottom, box.x1, 842 - box.bottom]
        note = Highlight(
            rect=(box.x0, 842 - box.bottom, box.x1, 842 - box.top),
            quad_points=ArrayObject([FloatObject(one) for one in corners]),
        )
        writer.add_annotation(0, note)
    target = io.BytesIO()
    writer.write(target)
    assert [q.correct for q in read_questions(target.getvalue()).questions] == [[1], [1], [1]]


def read_lines_of(made: bytes) -> list[tuple[str, Box]]:
    """The rows of print of the first page, by the library itself."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(made)) as document:
        rows = document.pages[0].extract_text_lines()
    return [(row["text"], Box(row["x0"], row["top"], row["x1"], row["bottom"])) for row in rows]


def page_of(*rows: tuple[str, Look]) -> PdfPage:
    """A page with one row of print each, letters 6 points wide."""
    letters = [
        Letter(sign, Box(70 + 6 * place, 60 + 16 * row, 76 + 6 * place, 72 + 16 * row), 12, look)
        for row, (text, look) in enumerate(rows)
        for place, sign in enumerate(text)
    ]
    return PdfPage(1, 595, 842, letters)


def test_old_fonts_in_print() -> None:
    old, vni, wide = Look(font=".VnTime"), Look(font="VNI-Times"), Look(font=".VnTimeH")
    rows = [("C©u 1: §¶ng viªn cã quyÒn g×?", old), ("A. BÇu cö", old), ("B. Ñeà cöû", vni), ("C. ®iÒu lÖ", wide)]
    (question_read,) = read_document(document_of([page_of(*rows)])).questions
    assert question_read.stem == "Đảng viên có quyền gì?"
    assert question_read.options == ["Bầu cử", "Đề cử", "ĐIỀU LỆ"]


def refused(data: bytes, limits: ReadingLimits | None = None) -> str:
    with pytest.raises(DocumentRefused) as caught:
        read_questions(data, limits=limits or ReadingLimits())
    return caught.value.reason


def test_what_cannot_be_read_is_refused(plain: bytes) -> None:
    assert refused(printed(SCAN)) == "scan"
    assert refused(locked(plain, "bimat")) == "encrypted"
    assert refused(plain[: len(plain) // 2]) == "damaged"
    assert refused(printed("Một trang chữ dài hơn hai mươi chữ cái #pagebreak() Hai"), ReadingLimits(pages=1)) == "too_big"
    assert refused(without_map(plain)) == "unmapped"


def test_a_scanned_page_among_others_is_named(plain: bytes) -> None:
    texts = [question(number, 1) for number in range(1, 4)]
    scan = f"#pagebreak(){SCAN}#pagebreak()"
    result = read_questions(printed(paragraphs(*texts, scan, question(4, 1), "#pagebreak()", question(5, 1))))
    assert [problem.where for problem in result.problems] == ["trang 2"]
    assert [q.number for q in result.questions] == ["1", "2", "3", "4", "5"]


def test_a_password_that_only_forbids_printing_is_no_hindrance(plain: bytes) -> None:
    assert len(read_questions(locked(plain, "")).questions) == 3


def without_map(data: bytes) -> bytes:
    """The same PDF with fonts that do not say which letters their pictures are."""
    writer = PdfWriter(PdfReader(io.BytesIO(data)))
    fonts = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for name in fonts:
        del fonts[name].get_object()[NameObject("/ToUnicode")]
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=30))
def test_a_broken_file_gives_its_own_error_or_a_reading(plain: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(plain)
    for place, value in changes:
        data[place % len(data)] = value
    try:
        read_questions(bytes(data))
    except DocumentRefused as refusal:
        assert str(refusal)


def test_a_stream_that_swells_is_refused_before_anything_opens_it(plain: bytes) -> None:
    import zlib

    bomb = zlib.compress(b"0 " * (40 * 1024 * 1024), 9)
    started = time.monotonic()
    assert refused(plain + b"\n99 0 obj <</Filter/FlateDecode>> stream\n" + bomb + b"\nendstream endobj\n") == "zip_bomb"
    assert time.monotonic() - started < 20


def test_a_citation_behind_a_full_last_option_may_be_its_end() -> None:
    full = "C. Thẩm quyền của chi bộ trong việc kết nạp đảng viên theo các"  # 62 letters: the widest row of the page
    rows: list[tuple[str, Look]] = []
    for number in range(1, 5):
        last = full if number == 4 else "C. Ba"
        words = [f"Câu {number}: Nội dung câu hỏi là gì?", "A. Một", "B. Hai", last, "Điều 5 Điều lệ Đảng"]
        rows += [(text, Look(bold=text.startswith("B."))) for text in words]
    result = read_document(document_of([page_of(*rows)]))
    assert [bool(q.doubts) for q in result.questions] == [False, False, False, True]
    assert result.questions[0].source == "Điều 5 Điều lệ Đảng"
