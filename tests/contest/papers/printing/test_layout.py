"""Options stand four, two or one on a line by their length, and a page holds only letters that it can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.papers.printing.layout import SHEETS, Sheet, lines_of_options, options_per_line, width_of
from contest.papers.printing.model import PrintedPaper, clean, form_of
from contest.papers.printing.words import time_line
from questions.types.printing import Printed, PrintedRow
from questions.types.registry import all_types, type_of
from tests.contest.papers.printing.samples import LONG, YEARS, options, other_kinds, paper, question

#: A column of 177 mm is 501.7 points; a share of four 125.4, of two 250.9. Letters of 10 points, a gap of 9 points.
TEN = Sheet(1, 10.0)


def test_widths_are_those_of_times() -> None:
    # 722 + 250 + 250 + 500 thousandths: "A", ".", " ", "1" at 10 points.
    assert width_of("A. 1", 10) == pytest.approx(17.22)
    # ệ is as wide as e (444), ư as u (500), Đ as D (722), whether composed or not.
    assert width_of("ệưĐ", 1000) == width_of("e\u0323\u0302u\u031bĐ", 1000) == 444 + 500 + 722


def test_the_most_on_a_line_is_what_every_option_fits() -> None:
    # "A. " is 12.22 points. 20 digits: 12.22 + 100 + 9 = 121.22, below 125.4. 21 digits: 126.22, above it.
    assert options_per_line(options("1" * 20, "1", "1", "1"), TEN) == 4
    assert options_per_line(options("1" * 21, "1", "1", "1"), TEN) == 2
    # "B. " is 11.67 points. 46 digits: 11.67 + 230 + 9 = 250.67, below 250.9. 47 digits: 255.67.
    assert options_per_line(options("1", "1" * 46), TEN) == 2
    assert options_per_line(options("1", "1" * 47), TEN) == 1


def test_an_option_with_lines_of_its_own_has_a_line_to_itself() -> None:
    assert options_per_line(options("một\nhai", "ba"), TEN) == 1


def test_two_columns_leave_half_the_room() -> None:
    assert SHEETS[2].column_points < SHEETS[1].column_points / 2
    texts = options("Chi ủy chi bộ", "Đảng ủy cơ sở", "Ban Thường vụ", "Đại hội chi bộ")
    assert [options_per_line(texts, SHEETS[n]) for n in (1, 2)] == [4, 2]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=10), st.sampled_from([1, 2]))
def test_no_option_is_lost_or_moved_and_shorter_ones_never_take_more_lines(texts: list[str], columns: int) -> None:
    sheet = SHEETS[columns]
    asked = form_of("1", [(Printed("?", options(*texts)), "", "")]).questions[0]
    lines = lines_of_options(asked, sheet)
    assert [one for line in lines for one in line] == list(asked.printed.options)
    short = form_of("1", [(Printed("?", options(*(text[:5] for text in texts))), "", "")]).questions[0]
    assert len(lines_of_options(short, sheet)) <= len(lines)


@given(st.text())
def test_cleaning_leaves_no_control_characters_and_loses_no_letters(text: str) -> None:
    made = clean(text)
    assert clean(made) == made
    assert all(c == "\n" or c.isprintable() or c.isspace() or ord(c) > 127 for c in made)
    assert [c for c in made if c.isalnum()] == [c for c in clean(" ".join(text.splitlines())) if c.isalnum()]


def test_control_characters_go_and_line_ends_are_one_kind() -> None:
    assert clean(" a\x00\x07b\ud800\r\n\tc \u2028d\n\n") == "ab\nc\nd"


def test_forms_need_codes_of_their_own() -> None:
    one = form_of("101", [question(1, 0)])
    for forms in ((), (one, one)):
        with pytest.raises(ValueError, match="codes"):
            PrintedPaper("a", "b", "c", 30, forms)


def test_one_answer_sheet_does_for_forms_that_ask_alike() -> None:
    assert paper(4, 3).one_sheet
    three = form_of("102", [question(1, 0, YEARS[:3])])
    assert not PrintedPaper("a", "b", "c", 30, (form_of("101", [question(1, 0)]), three)).one_sheet


def test_bubbles_are_letters_or_what_each_row_may_get_and_none_where_one_writes() -> None:
    shown = [printed.bubbles for printed, _explanation, _source in [question(1, 0, LONG), *other_kinds()]]
    assert shown[0] == (("", ("A", "B", "C", "D")),)
    assert shown[1] == (("a)", ("Đúng", "Sai")), ("b)", ("Đúng", "Sai")))
    assert shown[2] == (("1.", ("A", "B")), ("2.", ("A", "B")))
    assert shown[3:] == [(), ()]
    assert Printed("?", options("x"), (PrintedRow("1."),)).bubbles == ()


def test_the_time_line_says_minutes_questions_and_points() -> None:
    assert time_line(paper(4), 4) == "Thời gian làm bài: 30 phút (4 câu, 100 điểm)"


# ---- how each type is printed ----


def test_letters_follow_the_order_shown_and_the_key_with_them() -> None:
    data = {"options": ["một", "hai", "ba"], "correct": [1]}
    printed = type_of("single").printed(data, [2, 1, 0], "Mấy?")
    assert [(one.letter, one.text) for one in printed.options] == [("A", "ba"), ("B", "hai"), ("C", "một")]
    assert (printed.right, printed.key, printed.note) == (("B",), "B", "")


def test_several_right_options_are_all_in_the_key() -> None:
    # Options 0 and 2 are right; shown as C and A.
    data = {"options": ["một", "hai", "ba"], "correct": [0, 2]}
    printed = type_of("multiple").printed(data, [2, 1, 0], "Mấy?")
    assert (printed.right, printed.key) == (("A", "C"), "A, C")
    assert "tất cả" in printed.note


def test_options_that_name_others_name_the_letters_shown() -> None:
    data = {"options": ["một", "hai", "ba", "Cả A và B"], "correct": [3]}
    printed = type_of("single").printed(data, [1, 2, 0, 3], "Mấy?")
    assert printed.options[3].text == "Cả A và C"
    assert printed.key == "D"


@pytest.mark.parametrize("key", list(all_types()))
def test_every_type_prints_its_stem_and_its_options(key: str) -> None:
    data = {"options": ["Đúng", "Sai"], "correct": [0]}
    printed = type_of(key).printed(data, None, "Đúng không?")
    assert printed.stem == "Đúng không?" or key not in ("single", "multiple", "true_false")


def test_a_type_that_says_nothing_of_its_own_gets_lines_and_tells_no_key() -> None:
    class Plain(type(type_of("single"))):  # type: ignore[misc]
        printed = type_of("single").__class__.__mro__[2].printed  # type: ignore[attr-defined]

        def options(self, data: object) -> list[str]:
            return []

    printed = Plain().printed({"accepted": ["bí mật"]}, None, "Viết ra.")
    assert (printed.lines, printed.options, printed.key, printed.right) == (3, (), "", ())
    assert "bí mật" not in repr(printed)
