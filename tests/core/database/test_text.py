"""One spelling, folding and the Vietnamese order of names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import canonical, fold, name_sort_key, sort_key


@pytest.mark.parametrize(
    ("written", "official"),
    [
        ("Hữu Hoà", "Hữu Hòa"),
        ("uỷ viên", "ủy viên"),
        ("UỶ BAN", "ỦY BAN"),
        ("thuý, khoẻ; loè", "thúy, khỏe; lòe"),
        ("quý quỳ quả", "quý quỳ quả"),
        ("hoàng toàn thuyền", "hoàng toàn thuyền"),
        ("  Nguyễn\u00a0 Văn\u200b  An ", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đảng ủy xã Tả Thanh Oai"), "Đảng ủy xã Tả Thanh Oai"),
    ],
)
def test_canonical_spelling(written: str, official: str) -> None:
    assert canonical(written) == official


def test_folding_makes_spellings_meet() -> None:
    assert fold("Hữu Hoà") == fold("HỮU HÒA") == fold(unicodedata.normalize("NFD", "hữu  hòa")) == "huu hoa"
    assert fold("Đồng Trì") == "dong tri"


@given(st.text())
def test_canonical_and_folded_texts_stay_as_they_are(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert fold(fold(text)) == fold(text)


def test_names_are_ordered_by_given_name_in_vietnamese_alphabetical_order() -> None:
    ordered = [
        "Trần An", "Nguyễn Văn An", "Lê Văn Ấn", "Đỗ Bình", "Bùi Thị Dung", "Cao Đạt", "Lê Em", "Hồ Ê", "Tạ Ơn", "Lý Ưng",
    ]
    ordered[0], ordered[1] = "Nguyễn Văn An", "Trần An"
    mixed = [ordered[n] for n in (7, 2, 9, 0, 5, 1, 8, 3, 6, 4)]
    assert sorted(mixed, key=name_sort_key) == ordered


def test_tones_decide_only_between_equal_letters() -> None:
    assert sorted(["mạ", "mã", "mả", "má", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["bàn", "ban ơn"], key=sort_key) == ["ban ơn", "bàn"]


def test_numbers_are_ordered_by_value() -> None:
    names = ["Chi bộ thôn 10", "Chi bộ thôn 2", "Chi bộ thôn 1"]
    assert sorted(names, key=sort_key) == ["Chi bộ thôn 1", "Chi bộ thôn 2", "Chi bộ thôn 10"]
