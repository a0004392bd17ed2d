"""Names keep their letters; spelling is put right silently, doubts are asked about."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.importing.cells import Raw
from core.accounts.importing.names import read_name, title_case


def read(text: str) -> tuple[str, str | None, str | None]:
    reading = read_name(Raw(text))
    return reading.value, *((reading.doubt.code, reading.doubt.proposal) if reading.doubt else (None, None))


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Hữu Hòa",
        "Nguyễn Hữu Hoà",
        "  Nguyễn   Hữu\u00a0Hòa ",
        unicodedata.normalize("NFD", "Nguyễn Hữu Hòa"),
        "Nguyễn\nHữu Hòa",
    ],
)
def test_spaces_letters_and_tone_marks_come_out_one_way(text: str) -> None:
    assert read(text) == ("Nguyễn Hữu Hòa", None, None)


def test_what_was_put_right_is_counted() -> None:
    assert not read_name(Raw("Nguyễn Hữu Hòa")).tidied
    assert read_name(Raw("Nguyễn Hữu Hoà")).tidied


@pytest.mark.parametrize(
    ("text", "code", "proposal"),
    [
        ("", "name_missing", None),
        ("  ", "name_missing", None),
        ("NGUYỄN VĂN BÌNH", "name_capitals", "Nguyễn Văn Bình"),
        ("nguyễn văn bình", "name_small", "Nguyễn Văn Bình"),
        ("12. Nguyễn Văn Bình", "name_numbered", "Nguyễn Văn Bình"),
        ("3) NGUYỄN VĂN BÌNH", "name_numbered", "Nguyễn Văn Bình"),
        ("Đ/c Nguyễn Văn Bình", "name_honorific", "Nguyễn Văn Bình"),
        ("đồng chí: Nguyễn Văn Bình", "name_honorific", "Nguyễn Văn Bình"),
        ("=Nguyễn@Bình", "name_strange", "Nguyễn Bình"),
        ("12345", "name_strange", None),
        ("Bình", "name_single", None),
        ("x" * 121, "name_long", None),
    ],
)
def test_what_looks_wrong_is_doubted(text: str, code: str, proposal: str | None) -> None:
    assert read(text)[1:] == (code, proposal)


@pytest.mark.parametrize("name", ["Thí sinh mẫu 17", "H'Hen Niê", "Lê Thị Hoa-Mai", "Trần Văn A", "Nguyễn Văn Bình (B)"])
def test_unusual_names_are_left_alone(name: str) -> None:
    assert read(name) == (name, None, None)


def test_capitals_come_down_after_hyphens_and_apostrophes_too() -> None:
    assert title_case("H'HEN NIÊ") == "H'Hen Niê"
    assert title_case("ĐẶNG THỊ ÁNH-MAI") == "Đặng Thị Ánh-Mai"


@given(st.text(max_size=60))
def test_reading_twice_changes_nothing_and_a_proposal_leaves_no_doubt(text: str) -> None:
    reading = read_name(Raw(text))
    assert read_name(Raw(reading.value)).value == reading.value
    if reading.doubt is not None and reading.doubt.proposal is not None:
        again = read_name(Raw(reading.doubt.proposal)).doubt
        assert again is None or again.code == "name_single"
