"""A text with blanks: its markup is read and written without loss, blanks are marked each by itself, parts exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.types.cloze.markup import read, write
from questions.types.marks import BadAnswer
from questions.types.registry import type_of

TEXT = "Họp [[ba tháng|3 tháng]] một lần, có [[#=200±5%]] người, số ấy [[giữ nguyên|*tăng|giảm]]."
PIECES: list[Any] = [
    "Họp ",
    {"kind": "words", "accepted": ["ba tháng", "3 tháng"]},
    " một lần, có ",
    {"kind": "number", "value": "200", "tolerance": "5", "percent": True},
    " người, số ấy ",
    {"kind": "choice", "options": ["giữ nguyên", "tăng", "giảm"], "correct": 1},
    ".",
]
DATA = {"pieces": PIECES, "credit": "blanks"}


def test_the_three_kinds_of_blanks_are_read_and_written_back() -> None:
    assert read(TEXT) == PIECES
    assert write(PIECES) == TEXT


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("[[#13]]", {"kind": "number", "value": "13", "tolerance": "0", "percent": False}),
        ("[[# = 1.234,5 +- 0,5 ]]", {"kind": "number", "value": "1234.5", "tolerance": "0.5", "percent": False}),
        ("[[#=-2]]", {"kind": "number", "value": "-2", "tolerance": "0", "percent": False}),
        (r"[[a\|b|\*c]]", {"kind": "words", "accepted": ["a|b", "*c"]}),
        (r"[[a|#b]]", {"kind": "words", "accepted": ["a", "#b"]}),
        (r"[[\#a]]", {"kind": "words", "accepted": ["#a"]}),
        (r"[[x\]]]", {"kind": "words", "accepted": ["x]"]}),
    ],
)
def test_writings_of_one_blank(text: str, piece: dict[str, Any]) -> None:
    assert read(text) == [piece]
    assert read(write([piece])) == [piece]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (TEXT, []),
        ("không có", ["no_blank"]),
        ("[[a", ["unclosed"]),
        ("[[a [[b]]", ["unclosed"]),
        ("[[#=nhiều]]", ["number_unread"]),
        ("[[#=1±2±3]]", ["number_unread"]),
        ("[[#=1|2]]", ["number_unread"]),
        ("[[*a|*b]]", ["choice_stars"]),
        ("[[*a]]", ["choice_alone"]),
        ("[[*a|A]]", ["repeated_option"]),
        ("[[*a|]]", ["empty_option"]),
        ("[[]]", ["empty_accepted"]),
        ("[[a|a]] [[]]", ["repeated_accepted", "empty_accepted"]),
        ("[[a]]" * 21, ["too_many_blanks"]),
    ],
)
def test_the_check_names_what_is_wrong_and_where(text: str, codes: list[str]) -> None:
    problems = type_of("cloze").check({"pieces": read(text)})
    assert [p.code for p in problems] == codes
    assert write(read(text)) == text


words = st.text("ab|*#[]\\đ", min_size=1, max_size=5)
decimals = st.decimals(-9999, 9999, places=2).map(lambda d: format(d.normalize(), "f")).map(lambda t: "0" if t == "-0" else t)
blanks = st.one_of(
    st.lists(words, min_size=1, max_size=3).map(lambda texts: {"kind": "words", "accepted": texts}),
    st.lists(words, min_size=2, max_size=4).flatmap(
        lambda options: st.integers(0, len(options) - 1).map(lambda n: {"kind": "choice", "options": options, "correct": n})
    ),
    st.tuples(decimals, decimals.map(lambda t: t.removeprefix("-")), st.booleans()).map(
        lambda v: {"kind": "number", "value": v[0], "tolerance": v[1], "percent": v[2] and v[1] != "0"}
    ),
)


@given(st.lists(st.one_of(words, blanks), max_size=6))
def test_what_is_written_is_read_back(pieces: list[Any]) -> None:
    joined: list[Any] = []
    for piece in pieces:  # two texts beside one another are one
        if joined and isinstance(piece, str) and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    assert read(write(joined)) == joined


@given(st.text("[]|*#=±1\\ a%", max_size=30))
def test_any_text_is_read_and_reading_again_what_was_written_changes_nothing(text: str) -> None:
    assert read(write(read(text))) == read(text)


def test_parts_count_exactly_or_only_the_whole() -> None:
    mark = type_of("cloze").mark
    right = ["Ba tháng", "195", "tăng"]
    assert mark(DATA, right).correct
    assert mark(DATA, right).share == 1
    # Two of three blanks, one of three: exact thirds.
    assert mark(DATA, ["ba tháng", "189", "tăng"]).share == Fraction(2, 3)
    assert mark(DATA, [None, "210", None]).share == Fraction(1, 3)
    assert not mark(DATA, [None, "210", None]).correct
    assert mark({**DATA, "credit": "all"}, ["ba tháng", "189", "tăng"]).share == 0
    assert mark({"pieces": PIECES}, right).share == 1
    others: list[Any] = [None, [], right[:2], [*right, "x"], "ba tháng", {"0": "ba tháng"}, [1, 2, 3], [[], [], []]]
    for malformed in others:
        assert mark(DATA, malformed).share == 0, malformed


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.sampled_from("abc")), min_size=1, max_size=6), st.booleans())
def test_the_share_is_that_of_the_blanks_that_are_right(pairs: list[tuple[str, str | None]], in_part: bool) -> None:
    data = {"pieces": [{"kind": "words", "accepted": [key]} for key, _given in pairs], "credit": "blanks" if in_part else "all"}
    mark = type_of("cloze").mark(data, [answer for _key, answer in pairs])
    right = sum(1 for key, answer in pairs if key == answer)
    assert mark.share * len(pairs) == (right if in_part or right == len(pairs) else 0)
    assert mark.correct == (right == len(pairs))


def test_what_pages_send_becomes_an_answer_or_is_refused() -> None:
    kind = type_of("cloze")
    assert kind.normalise_answer([" ba tháng ", "", "tăng"], DATA) == ["ba tháng", None, "tăng"]
    for nothing in (None, [], ["", None, ""]):
        assert kind.normalise_answer(nothing, DATA) is None
    for bad in (["a"], "ba tháng", [1, "2", "tăng"], ["a", "2", "khác"], ["x" * 201, "", ""], [["a"], "", ""]):
        with pytest.raises(BadAnswer):
            kind.normalise_answer(bad, DATA)


def test_a_page_gets_no_key_and_lists_in_an_order_that_tells_nothing() -> None:
    sheet = type_of("cloze").sheet(DATA, [])
    assert sheet["pieces"][5] == {"blank": 2, "mode": "", "options": ["giảm", "giữ nguyên", "tăng"]}
    assert "ba tháng" not in str(sheet)
    assert "200" not in str(sheet)
