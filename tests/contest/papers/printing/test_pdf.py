"""Pages set as PDF, read back: everything is there, in its order, and every form's keys are its own."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from contest.papers.printing import pdf
from contest.papers.printing.model import PrintedPaper, form_of
from questions.types.printing import Printed
from tests.contest.papers.printing.samples import LONG, options, other_kinds, paper


def pages(content: bytes) -> list[str]:
    """The text of each page, single spaces."""
    found = PdfReader(io.BytesIO(content)).pages
    return [" ".join(unicodedata.normalize("NFC", page.extract_text()).split()) for page in found]


def squeezed(text: str) -> str:
    """``text`` without spaces: where a line breaks does not matter."""
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.parametrize(("columns", "count"), [(1, 30), (2, 30), (2, 60)])
def test_a_paper_holds_every_question_in_order_with_its_options_on_its_own_page(columns: int, count: int) -> None:
    printed = paper(count, more=other_kinds())
    form = printed.forms[0]
    found = pages(pdf.paper(printed, form, columns))
    whole = squeezed(" ".join(found))
    place = 0
    for one in form.questions:
        texts = [option.text for option in one.printed.options]
        start = f"Câu {one.number}. {one.printed.stem}"
        here = [page for page in found if squeezed(start) in squeezed(page)]
        assert len(here) == 1, start
        rows = [row.text for row in one.printed.rows]
        for text in (start, *rows, *texts):
            assert squeezed(text) in squeezed(here[0]), text
        at = whole.index(squeezed(start))
        assert at >= place
        place = at
    assert [re.search(r"Trang (\d+)/(\d+) — Mã đề (\d+)", page).groups() for page in found] == [  # type: ignore[union-attr]
        (str(n), str(len(found)), "101") for n in range(1, len(found) + 1)
    ]
    assert "HẾT" in found[-1] and "Đáp án" not in " ".join(found) and "Điều 1, Điều lệ" not in " ".join(found)


def test_the_head_says_who_what_when_and_leaves_lines_for_the_contestant() -> None:
    first = pages(pdf.paper(paper(), paper().forms[0], 2))[0]
    for words in ("ĐẢNG ỦY PHƯỜNG THANH TRÌ", "BAN TỔ CHỨC", "HỘI THI BÍ THƯ CHI BỘ GIỎI", "Vòng 1", "ĐỀ THI"):
        assert words in first, words
    for words in ("30 phút (30 câu, 100 điểm)", "Mã đề: 101", "Họ và tên thí sinh:", "Số báo danh:", "Đơn vị:"):
        assert words in first, words
    assert "Được dùng tài liệu." in first


def test_the_setters_paper_says_key_source_and_explanation_of_each_question() -> None:
    printed = paper(8)
    text = " ".join(pages(pdf.paper(printed, printed.forms[0], 1, True)))
    asked = re.split(r"Câu \d+\. ", text)[1:]
    # Question n of form 101 has its right option at n modulo 4.
    for number, words in enumerate(asked, 1):
        assert f"Đáp án: {'ABCD'[number % 4]} " in words
        assert f"Căn cứ: Điều {number}, Điều lệ Đảng" in words and f"sự kiện {number}." in words
    assert len(asked) == 8


def test_the_key_table_gives_each_form_its_own_keys() -> None:
    text = pages(pdf.keys(paper(30, 6)))[0]
    rows = re.findall(r"(?<!\d)(\d{1,2}) ([ABCD](?: [ABCD]){5})(?= |$)", text)
    assert "Câu 101 102 103 104 105 106" in text
    assert rows == [(str(n), " ".join("ABCD"[(n + f) % 4] for f in range(6))) for n in range(1, 31)]


def test_the_answer_sheet_has_a_bubble_for_each_choice_and_a_line_where_one_writes() -> None:
    printed = paper(60, more=other_kinds())
    found = pages(pdf.answers(printed, printed.forms[0]))
    text = squeezed(" ".join(found))
    assert len(found) == 1
    for number in range(1, 61):
        assert f"{number}ABCD" in text
    assert "61a)ĐúngSaib)ĐúngSai" in text and "621.AB2.AB" in text and "Câu viết" in found[0]
    assert "Mã đề: 101" in found[0]


def test_one_answer_sheet_for_all_forms_leaves_room_for_the_code() -> None:
    page = pages(pdf.answers(paper(4, 2), None))[0]
    assert "Mã đề:" in page and "101" not in page and "102" not in page


def test_texts_are_never_markup() -> None:
    hostile = '#panic("x") $x^2$ *đậm* _nghiêng_ @nguồn <nhãn> \\ [khối] // lời = đầu\n- dòng #include "/etc/passwd" `mã`'
    form = form_of("101", [(Printed(hostile, options(hostile, "b"), key="A", right=("A",)), hostile, hostile)])
    printed = PrintedPaper(hostile, hostile, hostile, 30, (form,), note=hostile)
    for content in (pdf.paper(printed, form, 2, True), pdf.keys(printed), pdf.answers(printed, form)):
        assert squeezed(hostile).casefold() in squeezed(" ".join(pages(content))).casefold()


def test_a_word_longer_than_the_column_breaks_and_loses_nothing() -> None:
    word = "".join(chr(97 + n % 26) for n in range(400))
    form = form_of("101", [(Printed(word, options(word, "b")), "", "")])
    content = pdf.paper(PrintedPaper("a", "b", "c", 30, (form,)), form, 2)
    assert squeezed(" ".join(pages(content))).count(word) == 2
    # The right edge of the page is at 595 points: nothing may begin beyond it.
    reached: list[float] = []
    PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=lambda text, cm, tm, font, size: reached.append(tm[4]))
    assert max(reached) < 560


def test_a_question_that_no_column_could_hold_goes_on_in_the_next() -> None:
    stem = "\n".join(f"Dòng {n} của tình huống." for n in range(1, 151))
    form = form_of("101", [(Printed(stem, options(*LONG)), "", "")])
    found = " ".join(pages(pdf.paper(PrintedPaper("a", "b", "c", 30, (form,)), form, 2)))
    assert [int(n) for n in re.findall(r"Dòng (\d+) của", found)] == list(range(1, 151))


def test_the_same_paper_gives_the_same_bytes() -> None:
    printed = paper(4)
    assert pdf.paper(printed, printed.forms[0], 2) == pdf.paper(printed, printed.forms[0], 2)
