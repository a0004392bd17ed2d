"""Which texts have the same words, and in which ways of writing they differ."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.similarity.wording import Writing, shown_words, without_letters, words, writings

STEM = "Uỷ ban kiểm tra hoà giải mấy lần?"


@pytest.mark.parametrize(
    ("other", "ways"),
    [
        (STEM, []),
        (unicodedata.normalize("NFD", STEM), [Writing.ACCENTS]),
        ("Ủy ban kiểm tra hòa giải mấy lần?", [Writing.ACCENTS]),
        ("Uỷ Ban Kiểm Tra hoà giải mấy lần?", [Writing.CAPITALS]),
        ("Uỷ ban  kiểm tra, hoà giải mấy lần ?", [Writing.PUNCTUATION]),
        ("Uỷ ban kiểm\u00a0tra hoà giải mấy lần", [Writing.PUNCTUATION]),
        ("Câu 12: Uỷ ban kiểm tra hoà giải mấy lần?", [Writing.LABEL]),
        ("Câu hỏi số 7. Uỷ ban kiểm tra hoà giải mấy lần?", [Writing.LABEL]),
        ("12) Uỷ ban kiểm tra hoà giải mấy lần?", [Writing.LABEL]),
        ("CÂU 3. ỦY BAN KIỂM TRA HÒA GIẢI MẤY LẦN?", [Writing.ACCENTS, Writing.LABEL, Writing.CAPITALS]),
    ],
)
def test_ways_of_writing_make_no_other_words(other: str, ways: list[Writing]) -> None:
    assert words(STEM) == words(other)
    assert writings(STEM, other) == writings(other, STEM) == ways


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kỷ luật", "kỉ luật"),
        ("Quý", "Quí"),
        ("Hoà", "Hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("đảng", "ðảng"),
        ("đảng\u200b viên", "đảng viên"),
        ("ngày 05/02", "ngày 5/2"),
        ("3 - 2", "3-2"),
    ],
)
def test_two_spellings_of_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert len(writings(one, other)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ma", "má"),
        ("tay", "tai"),
        ("hoa", "hòa"),
        ("năm 2021", "năm 2023"),
        ("50 %", "50"),
        ("x > 5", "x < 5"),
        ("là -5", "là 5"),
        ("3. 2", "2"),
        ("có quyền", "không có quyền"),
        ("dang vien", "đảng viên"),
        ("20", "2"),
        ("0", "00a"),
    ],
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_a_label_alone_is_text() -> None:
    assert words("Câu 12:") == ("câu", "12")
    assert words("1930") == ("1930",)
    assert words("…?") == ()


@given(st.text(alphabet="aoeuyhtđ ĐÂẤ12.:%-\u0301\u0309\u0302 ", max_size=30))
def test_each_shown_word_has_its_word(text: str) -> None:
    assert len(shown_words(text)) == len(words(text))
    assert words(text) == words(unicodedata.normalize("NFD", text)) == words(f"  {text} ")


@given(st.text(alphabet="hHoOaAuUyY", min_size=2, max_size=4), st.sampled_from("\u0300\u0301\u0303\u0309\u0323"), st.data())
def test_where_the_tone_stands_makes_no_other_word(letters: str, tone: str, data: st.DataObject) -> None:
    one, other = (data.draw(st.integers(1, len(letters))) for _ in range(2))
    assert words(letters[:one] + tone + letters[one:]) == words(letters[:other] + tone + letters[other:])
    assert words(letters[:one] + tone + letters[one:]) != words(letters)


def test_options_lose_the_letters_of_their_places_only() -> None:
    assert without_letters(["A. Một", "b) Hai", "C: Ba"]) == ["Một", "Hai", "Ba"]
    assert without_letters(["V. Lênin", "A. Einstein"]) == ["V. Lênin", "A. Einstein"]
    assert without_letters(["A. Lênin"]) == ["A. Lênin"]
    assert without_letters([]) == []
