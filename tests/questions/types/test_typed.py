"""Typed numbers and words: Vietnamese writings are read exactly, and only what never matters is evened out."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.types.marks import BadAnswer
from questions.types.registry import type_of
from questions.types.typed.numbers import decimal_from, number_of, readings, stored, within, written
from questions.types.typed.words import comparable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.234,5", ["1234.5"]),
        ("1234,5", ["1234.5"]),
        ("17 000", ["17000"]),
        ("17\u00a0000", ["17000"]),  # the space that keeps a number on one line
        ("17.000", ["17000", "17"]),  # ambiguous: a point parts thousands first
        ("17,000", ["17", "17000"]),  # ambiguous: a comma begins decimals first
        ("3.14", ["3.14"]),
        ("0.500", ["0.5"]),  # no group of thousands begins with a zero
        ("1234.500", ["1234.5"]),  # nor has it four digits
        ("1.234.567", ["1234567"]),
        ("1,234.5", ["1234.5"]),
        ("1 234 567,25", ["1234567.25"]),
        (",5", ["0.5"]),
        ("−5", ["-5"]),
        ("- 5", ["-5"]),
        ("17.", ["17"]),
        ("１７", ["17"]),
        ("1.23.4", []),
        ("12 34", []),
        ("1.234.5", []),
        ("5,", []),
        ("1e5", []),
        ("mười", []),
        ("", []),
        ("9" * 41, []),
    ],
)
def test_numbers_are_read_as_vietnamese_people_write_them(text: str, read: list[str]) -> None:
    assert list(readings(text)) == [Decimal(one) for one in read]


def grouped(digits: str, sign: str) -> str:
    """Digits with ``sign`` between thousands, counted from the right one by one."""
    out = ""
    for place, digit in enumerate(reversed(digits)):
        out = digit + (sign if place and place % 3 == 0 else "") + out
    return out


@given(
    st.integers(0, 10**12),
    st.text("0123456789", max_size=6),
    st.sampled_from(["", ".", " "]),
    st.sampled_from(["", "-", "−", "+"]),
)
def test_any_number_is_read_back_from_each_writing(whole: int, decimals: str, sign: str, minus: str) -> None:
    text = minus + grouped(str(whole), sign) + (f",{decimals}" if decimals else "")
    value = Decimal(f"{'-' if minus in ('-', '−') else ''}{whole}.{decimals or 0}")
    assert number_of(text) == value
    assert number_of(written(value)) == value
    assert decimal_from(stored(value)) == value


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(0, 10**5), st.integers(0, 4), st.booleans())
def test_within_is_what_whole_numbers_say(given_: int, value: int, tolerance: int, places: int, percent: bool) -> None:
    scale = 10**places
    given_text = written(Decimal(given_) / scale)
    # |g - v| <= t, or |g - v| <= |v| t / 100, multiplied out until nothing is a fraction: all are n / scale.
    near = [abs(int(r * scale) - value) for r in readings(given_text) if r * scale == int(r * scale)]
    right = [100 * scale * d <= abs(value) * tolerance if percent else d <= tolerance for d in near]
    assert within(given_text, Decimal(value) / scale, Decimal(tolerance) / scale, percent) == any(right)


NUMBER = {"value": "17000", "tolerance": "0.5", "percent": False, "unit": "đảng viên"}


def test_a_number_counts_within_its_tolerance_bounds_included() -> None:
    mark = type_of("numeric").mark
    for right in ("17000", "17.000", "17,000", "17 000,5", "16999,5", "17.000 đảng viên", "17000 ĐẢNG VIÊN"):
        assert mark(NUMBER, right).correct, right
    for wrong in ("17000,51", "16999", "17", "17000 người", "mười bảy nghìn", "", None, 17000, ["17000"], "9" * 500):
        assert not mark(NUMBER, wrong).correct, wrong
    # 5 % of 200 is 10: from 190 to 210.
    percent = {"value": "-200", "tolerance": "5", "percent": True}
    assert [mark(percent, text).correct for text in ("-190", "-210", "-189,9", "200")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"value": ""}, ["no_value"]),
        ({"value": "17,5"}, ["no_value"]),
        ({"value": 17}, ["no_value"]),
        ({"tolerance": ""}, ["tolerance_unknown"]),
        ({"tolerance": "-1"}, ["tolerance_negative"]),
        ({"percent": 1}, ["tolerance_unknown"]),
        ({"unit": "x" * 41}, ["unit_too_long"]),
    ],
)
def test_the_check_of_a_number_names_what_is_wrong(changes: dict[str, Any], codes: list[str]) -> None:
    assert [p.code for p in type_of("numeric").check({**NUMBER, **changes})] == codes


SAME = [
    ("uỷ ban", "ủy ban"),
    ("hoà thuận", "hòa thuận"),
    ("  ba   tháng ", "ba tháng"),
    ("Nghị quyết\u200b", "Nghị quyết"),
    ("đại hội.", "đại hội"),
    ("“chi bộ”", '"chi bộ"'),
    ("2020–2025", "2020-2025"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("folds", [(False, False), (True, False), (False, True), (True, True)])
def test_what_never_counts_in_words(one: str, other: str, folds: tuple[bool, bool]) -> None:
    assert comparable(one, *folds) == comparable(other, *folds)
    assert comparable(unicodedata.normalize("NFD", one), *folds) == comparable(other, *folds)


WORDS = ["đảng", "dang", "đang", "đáng", "Đảng", "tháng", "thang", "thăng", "thẳng", "ủy", "úy", "ư", "u", "ơ", "o"]


def naive(word: str, fold_case: bool, fold_accents: bool) -> str:
    """The oracle: letter by letter out of a table."""
    out = ""
    for letter in unicodedata.normalize("NFC", word):
        letter = letter.lower() if fold_case else letter
        base = unicodedata.normalize("NFD", letter)[0]
        out += {"đ": "d", "Đ": "D"}.get(base, base) if fold_accents else letter
    return out


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
       st.booleans(), st.booleans(), st.sampled_from(["NFC", "NFD"]))  # fmt: skip
def test_case_and_accents_count_as_the_setter_says(
    one: list[str], other: list[str], fold_case: bool, fold_accents: bool, form: Any
) -> None:
    typed = unicodedata.normalize(form, "  ".join(one))
    same = comparable(typed, fold_case, fold_accents) == comparable(" ".join(other), fold_case, fold_accents)
    assert same == ([naive(w, fold_case, fold_accents) for w in one] == [naive(w, fold_case, fold_accents) for w in other])


def test_short_answers_are_right_when_they_are_accepted() -> None:
    kind = type_of("short_text")
    data = {"accepted": ["Đảng viên", "người đảng viên"], "fold_case": True, "fold_accents": False}
    assert kind.check(data) == []
    for right in ("đảng viên", "ĐẢNG  VIÊN.", "Người Đảng viên"):
        assert kind.mark(data, right).correct, right
    for wrong in ("dang vien", "đảng", "", ".", None, 1, ["đảng viên"], "đ" * 300):
        assert not kind.mark(data, wrong).correct, wrong
    assert kind.mark({**data, "fold_accents": True}, "dang vien").correct
    assert not kind.mark({**data, "fold_case": False}, "đảng viên").correct


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ({}, ["no_accepted"]),
        ({"accepted": ["a", "A"]}, ["repeated_accepted"]),
        ({"accepted": ["a", "A"], "fold_case": False}, []),
        ({"accepted": ["a", "..."]}, ["empty_accepted"]),
        ({"accepted": ["a" * 201]}, ["accepted_too_long"]),
        ({"accepted": [str(n) for n in range(21)]}, ["too_many_accepted"]),
        ({"accepted": ["a"], "fold_accents": "có"}, ["fold_unknown"]),
    ],
)
def test_the_check_of_accepted_answers_names_what_is_wrong(data: dict[str, Any], codes: list[str]) -> None:
    assert [p.code for p in type_of("short_text").check(data)] == codes


def test_what_is_typed_becomes_an_answer_or_is_refused() -> None:
    for key in ("numeric", "short_text"):
        kind = type_of(key)
        assert kind.normalise_answer(" u\u031b ", {}) == "ư"
        assert kind.normalise_answer(["17"], {}) == "17"
        for nothing in (None, "", [], [None], "  "):
            assert kind.normalise_answer(nothing, {}) is None
        for bad in (17, ["1", "2"], {"a": "b"}, "x" * 201, "a\0", "\ud800", True):
            with pytest.raises(BadAnswer):
                kind.normalise_answer(bad, {})
