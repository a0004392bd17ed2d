"""TCVN3 text becomes Unicode; Unicode text is left alone."""

from __future__ import annotations

from core.documents.old_encodings import from_tcvn3, looks_like_tcvn3
from core.documents.text_reading import read_text

OLD = "§¶ng viªn dù bÞ cã quyÒn g×? Chi bé sinh ho¹t th­êng lÖ mçi th¸ng mét lÇn."
NEW = "Đảng viên dự bị có quyền gì? Chi bộ sinh hoạt thường lệ mỗi tháng một lần."


def test_lower_case_text() -> None:
    assert from_tcvn3(OLD) == NEW


def test_fonts_of_capitals() -> None:
    assert from_tcvn3("®iÒu lÖ", ".VnTimeH") == "ĐIỀU LỆ"


def test_a_text_file_in_tcvn3_is_recognised() -> None:
    assert read_text(OLD.encode("cp1252")).text == NEW


def test_other_texts_are_not_taken_for_it() -> None:
    assert not looks_like_tcvn3(NEW)
    assert not looks_like_tcvn3("Café « à la carte » – 20 €, © 2026")
