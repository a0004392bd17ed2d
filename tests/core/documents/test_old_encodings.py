"""TCVN3 text becomes Unicode; Unicode text is left alone."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.documents.old_encodings import (
    _LETTERS,
    from_tcvn3,
    from_vni,
    looks_like_tcvn3,
    looks_like_vni,
    unicode_text,
)
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


MARKS = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "": ""}
ROUND = {"\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
BREVE = {"\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}
ALONE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def in_vni(letter: str) -> str:
    """VNI for one letter, worked out from its parts: base, shape, tone (the rule that VNI's own chart states)."""
    if letter in ALONE:
        return ALONE[letter]
    parts = unicodedata.normalize("NFD", letter)
    tone = next((part for part in parts if part in TONES[1:]), "")
    base = parts[0]
    if "\u0302" in parts:
        return base + ROUND[tone]
    if "\u0306" in parts:
        return base + BREVE[tone]
    return ({"o": "ô", "u": "ö"}[base] if "\u031b" in parts else base) + MARKS[tone]


ALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]


def test_every_vietnamese_letter_in_vni_small_and_capital() -> None:
    assert len(ALL) == 73
    for letter in ALL:
        assert from_vni(in_vni(letter)) == letter
        assert from_vni(in_vni(letter).upper()) == letter.upper()
    assert from_vni("Ñaûng vieân döï bò coù quyeàn gì? Chi boä hoïp thöôøng leä.") == VNI_NEW


VNI_NEW = "Đảng viên dự bị có quyền gì? Chi bộ họp thường lệ."


def test_every_small_letter_in_tcvn3() -> None:
    sources = dict(zip(_LETTERS[1::2], _LETTERS[::2], strict=True))
    written = [letter for letter in ALL if letter not in "aeiouy"]
    assert [letter for letter in written if letter not in sources] == []
    assert len({sources[letter] for letter in written}) == len(written)


@given(
    st.text(
        alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ,.?", max_size=40
    )
)
def test_unicode_text_in_an_old_font_stays_as_it_is(text: str) -> None:
    modern = text + " của Đảng ế"
    assert unicode_text(modern, ".VnTime", True) == (modern, False)
    assert unicode_text(modern, "VNI-Times", True) == (modern, False)


def test_what_could_be_either_is_doubted_where_the_file_has_unicode_too() -> None:
    assert unicode_text("toán", "VNI-Times", True) == ("toán", True)  # "tốn" in VNI
    assert unicode_text("toán", "VNI-Times", False) == ("tốn", False)
    assert unicode_text("là", ".VnTime", True) == ("là", True)
    assert unicode_text("“§¶ng”", ".VnTime", True) == ("“Đảng”", False)


def test_a_mark_cut_from_its_vowel_is_doubted() -> None:
    assert unicode_text("ûng vieân döï bò", "VNI-Times", False)[1]


def test_text_files_in_vni_and_old_letters_inside_of_utf8() -> None:
    old = "Ñaûng vieân döï bò coù quyeàn gì? Chi boä hoïp thöôøng leä."
    assert read_text(old.encode("cp1252")).text == VNI_NEW
    assert read_text(old.encode()).text == VNI_NEW
    assert read_text(OLD.encode()).text == NEW
    assert not looks_like_vni("Garçon, où est l'hôtel? Müller übt größere Künste; el niño español")


def test_a_file_of_two_encodings_is_read_line_by_line() -> None:
    found = read_text(f"{NEW}\n{OLD}\nHà là gì\n{NEW[:20]} {OLD}".encode())
    assert found.lines[:2] == [NEW, NEW]
    assert found.unsure == {3, 4}
