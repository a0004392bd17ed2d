"""A list's unit is found by name, path or level columns; what is not certain is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.organisation.importing.matching import UnitEntry, UnitIndex, ways_of, ways_of_levels
from core.organisation.importing.unit_names import unit_name

TREE: list[tuple[int, int | None, str, str]] = [
    (1, None, "Hà Nội", "city"),
    (2, 1, "Thanh Trì", "district"),
    (3, 1, "Phúc Thọ", "district"),
    (10, 2, "Xã Tam Hiệp", "commune"),
    (11, 2, "Xã Đông Mỹ", "commune"),
    (12, 2, "Xã Hữu Hòa", "commune"),
    (13, 2, "Thị trấn Văn Điển", "commune"),
    (20, 3, "Xã Tam Hiệp", "commune"),
    (21, 3, "Thị trấn Phúc Thọ", "commune"),
    (30, 10, "Chi bộ thôn 1", "cell"),
    (31, 10, "Chi bộ thôn 11", "cell"),
    (32, 11, "Chi bộ thôn 1", "cell"),
    (33, 11, "Chi bộ Trường THCS Đông Mỹ", "cell"),
    (34, 20, "Chi bộ thôn 1", "cell"),
    (35, 20, "Chi bộ thôn Đồng Trì", "cell"),
    (36, 12, "Chi bộ số 3", "cell"),
    (37, 2, "Chi bộ Công an huyện", "cell"),
    (38, 1, "Đảng bộ Khối các cơ quan Thành phố", "bloc"),
    (39, 38, "Chi bộ Văn phòng", "cell"),
]


def index(inside: str = "123", aliases: dict[int, tuple[str, ...]] | None = None) -> UnitIndex:
    """``inside``: the first digits of the district whose people import ("2": Thanh Trì)."""
    whole = UnitIndex.of(
        UnitEntry(ref, parent, name, level, True, (aliases or {}).get(ref, ())) for ref, parent, name, level in TREE
    )
    if inside == "123":
        return whole
    return UnitIndex.of(
        UnitEntry(ref, parent, name, level, int(inside) in [entry.ref for entry in whole.line(ref)])
        for ref, parent, name, level in TREE
    )


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("Hà Nội / Thanh Trì / Xã Tam Hiệp / Chi bộ thôn 1", 30),
        ("Chi bộ thôn 1, xã Đông Mỹ", 32),
        ("CHI BỘ THÔN 1 - XÃ ĐÔNG MỸ", 32),
        ("Xã Đông Mỹ > Chi bộ thôn 1", 32),
        ("Chi bộ thôn 1, Tam Hiệp, huyện Phúc Thọ", 34),
        ("CB thôn 01, Đảng bộ xã Tam Hiệp, Thanh Trì", 30),
        ("chi bo thon dong tri", 35),
        ("Chi bộ trường trung học cơ sở Đông Mỹ", 33),
        ("Chi bộ 3, xã Hữu Hoà", 36),
        ("Chi bộ CA huyện", 37),
        ("Đảng ủy xã Đông Mỹ", 11),
        ("X. Đông Mỹ", 11),
        ("TT. Văn Điển", 13),
        ("Huyện ủy Thanh Trì", 2),
        ("Khối các cơ quan Thành phố", 38),
    ],
)
def test_a_unit_is_found_however_it_is_written(text: str, ref: int) -> None:
    match = index().find(ways_of(text))
    assert (match.status, match.ref) == ("found", ref)


def test_two_communes_called_tam_hiep_are_asked_about() -> None:
    match = index().find(ways_of("Xã Tam Hiệp"))
    assert match.status == "several"
    assert set(match.candidates) == {10, 20}
    assert index("2").find(ways_of("Xã Tam Hiệp")).ref == 10


def test_a_unit_outside_the_importers_subtree_is_said_to_be_outside() -> None:
    assert index("2").find(ways_of("Chi bộ thôn Đồng Trì")).status == "outside"
    assert index("2").find(ways_of("Phúc Thọ / Xã Tam Hiệp / Chi bộ thôn 1")).status == "outside"


def test_level_words_may_be_missing_but_not_exchanged() -> None:
    assert index("2").find(ways_of("Đông Mỹ")).ref == 11
    assert index("2").find(ways_of("Chi bộ Đông Mỹ")).status == "unknown"


def test_the_nearest_is_proposed_and_numbers_must_agree() -> None:
    slip = index("2").find(ways_of("Chi bộ trường THSC Đông Mỹ"))
    assert (slip.status, slip.likely) == ("unknown", 33)
    assert index("2").find(ways_of("Chi bộ thôn 2, xã Đông Mỹ")).likely is None
    wrong_commune = index("3").find(ways_of("Chi bộ thôn Đồng Trì, xã Tứ Hiệp"))
    assert (wrong_commune.status, wrong_commune.likely) == ("unknown", 35)


def test_nothing_like_it_gets_no_proposal() -> None:
    match = index().find(ways_of("Ngân hàng Nông nghiệp"))
    assert (match.status, match.candidates, match.likely) == ("unknown", (), None)


def test_another_name_of_a_unit_counts_like_its_own() -> None:
    assert index(aliases={33: ("Trường cấp 2 Đông Mỹ",)}).find(ways_of("Trường cấp 2 Đông Mỹ")).ref == 33


@pytest.mark.parametrize(
    ("columns", "ref"),
    [
        ([("district", "Thanh Trì"), ("commune", "Đông Mỹ"), ("cell", "thôn 1")], 32),
        ([("district", "Phúc Thọ"), ("commune", "Phúc Thọ"), ("cell", "")], 21),
        ([("commune", "Tam Hiệp"), ("unit", "Phúc Thọ"), ("cell", "Chi bộ thôn 1")], None),
        ([("city", "Hà Nội"), ("committee", "Khối các cơ quan Thành phố"), ("cell", "Văn phòng")], 39),
        ([("unit", "Chi bộ thôn 1, xã Đông Mỹ")], 32),
    ],
)
def test_level_columns_make_a_path(columns: list[tuple[str, str]], ref: int | None) -> None:
    assert index().find(ways_of_levels(columns)).ref == ref


def test_a_line_of_names_leads_to_the_top() -> None:
    assert index().full_name(32) == "Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1"
    assert index().short_name(32) == "Chi bộ thôn 1, Xã Đông Mỹ"
    assert index().child(11, "chi bo thon 1") == 32
    assert index().child(11, "Chi bộ thôn 2") is None


@given(st.sampled_from([entry[0] for entry in TREE]))
def test_the_full_path_always_finds_its_unit(ref: int) -> None:
    whole = index()
    assert whole.find(ways_of(whole.full_name(ref))).ref == ref


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text: str) -> None:
    ways = ways_of(text)
    unit_name(text)
    if ways:
        assert index().find(ways).status in ("found", "several", "outside", "unknown")
