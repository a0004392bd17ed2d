"""Lists as committees really keep them: headings anywhere, in any order, two rows deep, with merged cells and groups."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.importing.headers import person_field, unit_field
from core.accounts.importing.reading import read_lists
from core.accounts.importing.sheets import Found, find_tables
from core.documents.excel_reading import MergedRange, Sheet
from core.documents.limits import DocumentRefused

from .conftest import people, workbook


def found(*rows: tuple[object, ...], name: str = "Sheet1", merged: list[MergedRange] | None = None) -> Found:
    width = max(len(row) for row in rows)
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return find_tables([Sheet(name, padded, merged or [])])  # type: ignore[arg-type]


def texts(result: Found) -> list[dict[str, str]]:
    return [{name: raw.text for name, raw in line.cells.items()} for line in result.lines("person")]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", "name"), ("HỌ TÊN", "name"), ("ho ten", "name"), ("Họ và tên thí sinh (*)", "name"),
        ("Ngày sinh", "birth"), ("Ngày, tháng,\nnăm sinh", "birth"), ("NĂM SINH", "birth"),
        ("SĐT", "phone"), ("Số điện thoại liên hệ", "phone"), ("Đ.thoại", None), ("Chức vụ", "position"),
        ("Đơn vị", "unit"), ("Chi bộ", "cell"), ("Xã", "commune"), ("Huyện", "district"), ("Đảng ủy", "committee"),
        ("STT", "order"), ("Nơi sinh", None), ("Ngày vào Đảng", None), ("Giới tính", None), ("Ghi chú", None),
    ],
)  # fmt: skip
def test_headings_of_people_are_known_by_their_usual_names(heading: str, field: str | None) -> None:
    assert person_field(heading) == field


def test_headings_of_units_are_known_by_their_usual_names() -> None:
    known = {h: unit_field(h) for h in ("Cấp", "Tên đơn vị", "Đơn vị cấp trên", "Trực thuộc", "Số đảng viên được dự thi")}
    assert list(known.values()) == ["level", "unit_name", "parent", "parent", "eligible"]


def test_the_heading_is_found_under_titles_in_any_order_and_without_accents() -> None:
    result = found(
        ("DANH SÁCH THÍ SINH DỰ THI",),
        ("(Kèm theo Công văn số 12)",),
        (),
        ("don vi", "sdt", "HO VA TEN", "nam sinh"),
        ("Chi bộ 1", "0912", "Nguyễn Văn A", 1962.0),
    )
    assert texts(result) == [{"unit": "Chi bộ 1", "phone": "0912", "name": "Nguyễn Văn A", "birth": "1962"}]
    assert result.lines("person")[0].number == 5


def test_a_heading_two_rows_deep_with_births_of_men_and_women() -> None:
    merged = [MergedRange(0, 2, 0, 3), *(MergedRange(0, c, 1, c) for c in (0, 1, 4))]
    result = found(
        ("TT", "Họ và tên", "Ngày sinh", None, "Chi bộ"),
        (None, None, "Nam", "Nữ", None),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        (1.0, "Nguyễn Văn A", "01/02/1960", None, "Thôn 1"),
        (2.0, "Trần Thị B", None, "03/04/1965", "Thôn 1"),
        merged=merged,
    )
    assert [(row["name"], row["birth"]) for row in texts(result)] == [
        ("Nguyễn Văn A", "01/02/1960"),
        ("Trần Thị B", "03/04/1965"),
    ]


def test_family_and_given_names_in_two_columns_and_units_in_level_columns() -> None:
    result = found(
        ("Họ đệm", "Tên", "Huyện", "Xã", "Chi bộ"),
        ("Nguyễn Văn", "A", "Thanh Trì", "Tam Hiệp", "Thôn 1"),
    )
    (row,) = texts(result)
    assert row["name"] == "Nguyễn Văn A"
    assert (row["unit"], row["unit:commune"], row["unit:cell"]) == ("Thanh Trì / Tam Hiệp / Thôn 1", "Tam Hiệp", "Thôn 1")


def test_a_merged_unit_counts_for_all_beside_it_and_a_blank_one_remembers_the_line_above() -> None:
    result = found(
        ("Đơn vị", "Họ tên", "Năm sinh"),
        ("Chi bộ 1", "A B", 1960.0),
        (None, "C D", 1961.0),
        (None, "E F", 1962.0),
        merged=[MergedRange(1, 0, 2, 0)],
    )
    assert [(row.get("unit"), row.get("above")) for row in texts(result)] == [
        ("Chi bộ 1", None),
        ("Chi bộ 1", None),
        (None, "Chi bộ 1"),
    ]


def test_lines_between_people_name_the_unit_where_no_column_does() -> None:
    result = found(
        ("STT", "Họ tên", "Năm sinh"),
        ("I. Chi bộ thôn 1",),
        (1.0, "A B", 1960.0),
        ("II. Chi bộ thôn 2",),
        (2.0, "C D", 1961.0),
    )
    assert [row["unit"] for row in texts(result)] == ["Chi bộ thôn 1", "Chi bộ thôn 2"]
    assert [each.reason for each in result.aside] == ["line_group", "line_group"]


def test_what_is_not_taken_in_is_named() -> None:
    result = found(
        ("STT", "Họ tên", "Năm sinh", "Dân tộc"),
        (1.0, "A B", 1960.0, "Kinh"),
        (2.0, None, None, None),
        ("Tổng cộng: 1 người",),
        name="Danh sách",
    )
    assert len(texts(result)) == 1
    assert [(each.what, each.reason) for each in result.aside] == [
        ("Dân tộc", "column_unused"),
        ("Tổng cộng: 1 người", "line_group"),
    ]


def test_a_row_without_a_name_but_with_data_is_kept_for_its_doubt() -> None:
    result = found(("Họ tên", "Đơn vị", "Năm sinh"), (None, "Chi bộ 1", 1960.0))
    assert len(texts(result)) == 1


def test_two_sheets_are_two_lists_and_explanations_are_none() -> None:
    lists = read_lists(
        workbook(
            {
                "Hướng dẫn": [("Họ tên", "Năm sinh"), ("x", "y")],
                "Xã A": [("Họ tên", "Năm sinh"), ("A B", 1960.0)],
                "Đơn vị": [("Cấp", "Tên đơn vị"), ("Chi bộ", "Chi bộ 1")],
                "Xã B": [("Năm sinh", "Họ tên"), (1961.0, "C D")],
            }
        )
    )
    assert [(line.kind, line.line.sheet) for line in lists.lines] == [
        ("unit", "Đơn vị"),
        ("person", "Xã A"),
        ("person", "Xã B"),
    ]
    assert [line.position for line in lists.lines] == [1, 2, 3]


def test_days_that_excel_probably_exchanged_with_months_are_marked() -> None:
    turned = [(n, f"Người {n}", "x", datetime.date(1960, n, 5)) for n in range(1, 11)]
    heading = ("STT", "Họ tên", "Đơn vị", "Ngày sinh")
    suspicious = read_lists(people(*turned, (11, "Người 11", "x", "25/03/1960"), heading=heading))
    assert sum("turned" in line.line.cells for line in suspicious.lines) == 9  # 5 May reads the same both ways
    innocent = read_lists(people(*turned, (11, "Người 11", "x", datetime.date(1960, 3, 25)), heading=heading))
    assert not any("turned" in line.line.cells for line in innocent.lines)


def test_a_sheet_of_something_else_is_refused() -> None:
    with pytest.raises(DocumentRefused, match="Không thấy danh sách"):
        read_lists(workbook({"Thu chi": [("Ngày", "Khoản", "Số tiền"), ("1/1", "Điện", 100.0)]}))


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["Họ và tên", "Ngày sinh", "Đơn vị", "STT", "Cấp", "Tên đơn vị", "Nam", "(1)"]),
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=12))
def test_no_sheet_breaks_the_search_and_no_line_counts_twice(rows: list[list[object]]) -> None:
    result = find_tables([Sheet("Trang", rows)])  # type: ignore[arg-type]
    numbers = [line.number for table in result.tables for line in table.lines]
    assert len(numbers) == len(set(numbers))
    assert all(1 <= number <= len(rows) for number in numbers)
