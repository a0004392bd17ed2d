"""Text is text, whatever Vietnamese encoding it came in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.limits import DocumentRefused
from core.documents.text_reading import read_text

TEXT = "Câu 1: Đảng viên dự bị có quyền gì?\r\nA. Ứng cử\r\nĐáp án: A"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_give_the_same_text(encoding: str) -> None:
    assert read_text(TEXT.encode(encoding)).text == TEXT


def test_the_old_windows_code_page_is_recognised_and_composed() -> None:
    decomposed = "".join(
        # cp1258 has whole letters (ê, ă, ư) but sets tone marks apart
        unicodedata.normalize("NFC", base) + tone
        for base, tone in [("Đ", ""), ("a", "\u0309"), ("n", ""), ("g", ""), (" ", ""), ("ê", "\u0301")]
    )
    assert read_text(decomposed.encode("cp1258")).text == "Đảng ế"


def test_composed_and_decomposed_letters_become_one() -> None:
    assert read_text(unicodedata.normalize("NFD", "Hữu Hòa").encode()).text == "Hữu Hòa"


def test_one_broken_byte_does_not_turn_utf8_into_another_encoding() -> None:
    data = ("Đảng viên dự bị " * 20).encode() + b"\xff" + " có quyền".encode()
    assert "Đảng viên dự bị" in read_text(data).text


def test_lines_end_however_they_end() -> None:
    assert read_text(b"a\r\nb\nc\rd\x0ce").lines == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("data", [b"", b"   \n", b"\x00\x01\x02\x03" * 50, b"%PDF-1.4 x", b"PK\x03\x04zip"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentRefused):
        read_text(data)


@given(st.text(min_size=1))
def test_any_text_comes_back_composed_or_is_refused(text: str) -> None:
    try:
        found = read_text(text.encode("utf-8", errors="ignore"))
    except DocumentRefused:
        return
    assert unicodedata.is_normalized("NFC", found.text)


@given(st.binary())
def test_any_bytes_give_text_or_its_own_error(data: bytes) -> None:
    try:
        read_text(data)
    except DocumentRefused as error:
        assert str(error)
