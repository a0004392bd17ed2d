"""What we write as Excel reads back as it was, looks alike everywhere, and holds no cell that can run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.documents.excel_reading import read_workbook
from core.documents.excel_writing import Column, Look, Marked, SheetSpec, guarded, without_guard, write_workbook

ATTACKS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＠SUM(1)",
]


def sheet_xml(data: bytes, number: int = 1) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(f"xl/worksheets/sheet{number}.xml").decode()


def one_cell(value: str) -> bytes:
    return write_workbook([SheetSpec("Trang", [Column("Ghi chú")], [[value]])])


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_becomes_a_formula_in_excel(text: str) -> None:
    data = one_cell(text)
    assert "<f>" not in sheet_xml(data)
    cell = openpyxl.load_workbook(io.BytesIO(data))["Trang"]["A2"]
    assert cell.data_type != "f"
    assert cell.number_format == "@"


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_runs_after_saving_the_sheet_as_csv(text: str) -> None:
    value = read_workbook(one_cell(text))[0].rows[1][0]
    line = io.StringIO()
    csv.writer(line).writerow([value])
    opened = next(csv.reader(io.StringIO(line.getvalue())))[0]
    assert opened.startswith("'")
    assert without_guard(opened) == text


@pytest.mark.parametrize("text", ["Hữu Hòa", "0912345678", "24/11/2026", "'nháy đơn", "", "3 - 2 = 1", "a@b"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert without_guard(text) == text


@settings(deadline=None)
@given(st.text())
def test_what_was_guarded_is_had_again(text: str) -> None:
    assert without_guard(guarded(text)) == text
    assert guarded(text).lstrip(" \u00a0\u200b\u2060\ufeff")[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_headings_titles_names_and_choices_do_not_run_either() -> None:
    spec = SheetSpec("=cmd", [Column("=1+1", choices=["=2+2", "có"])], [["có"]], title=["=3+3"], notes=["@x"], empty_rows=5)
    data = write_workbook([spec])
    assert "<f>" not in sheet_xml(data)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [row[0].data_type for row in book.worksheets[0].iter_rows()] == ["s"] * 4
    assert book["DanhMuc"]["A1"].value == "'=2+2"


def test_addresses_are_plain_text() -> None:
    data = one_cell("https://example.org")
    assert "hyperlink" not in sheet_xml(data)


def test_values_come_back_as_what_they_are() -> None:
    columns = [
        Column("Họ tên"),
        Column("Điểm", look=Look.NUMBER, decimals=2),
        Column("Ngày sinh", look=Look.DATE),
        Column("Nộp lúc", look=Look.MOMENT),
        Column("Điện thoại"),
    ]
    row = [
        "Nguyễn Thị Lan",
        Decimal("17.25"),
        date(1965, 3, 2),
        datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        "0912345678",
    ]
    sheet = read_workbook(write_workbook([SheetSpec("Danh sách", columns, [row, ["", None, None, None, None]])]))[0]
    assert sheet.rows[1] == ["Nguyễn Thị Lan", 17.25, date(1965, 3, 2), datetime(2026, 11, 24, 8, 30), "0912345678"]


def test_a_long_number_keeps_all_its_digits_and_a_long_text_is_cut_where_excel_ends() -> None:
    data = write_workbook([SheetSpec("a", [Column("x"), Column("y")], [[1234567890123456789, "ă" * 40_000]])])
    number, text = read_workbook(data)[0].rows[1]
    assert number == "1234567890123456789"
    assert isinstance(text, str) and len(text) == 32_767 and text.endswith("…")


def test_signs_that_xml_forbids_do_no_harm() -> None:
    assert len(read_workbook(one_cell("a\x00b\x0bc_x0041_"))[0].rows) == 2


def test_true_and_not_a_number_are_written_for_people() -> None:
    data = write_workbook([SheetSpec("a", [Column("x"), Column("y"), Column("z")], [[True, False, float("nan")]])])
    assert read_workbook(data)[0].rows[1] == ["x", None, "nan"]


def test_the_heading_stands_out_and_stays_in_sight_below_the_title() -> None:
    spec = SheetSpec("Danh sách", [Column("Họ tên"), Column("Đơn vị", width=30)], [["A", "B"]], title=["BẢNG", "Đợt 1"])
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([spec]))).active
    assert sheet is not None
    assert sheet.freeze_panes == "A4"
    assert sheet["A3"].value == "Họ tên" and sheet["A3"].font.bold and sheet["A1"].font.bold
    assert not sheet["A4"].font.bold
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)
    assert sheet.auto_filter.ref == "A3:B4"


def test_it_prints_on_a4_landscape_with_the_heading_on_each_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(one_cell("x"))).active
    assert sheet is not None
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"


def test_choices_are_offered_down_to_the_empty_rows() -> None:
    long = [f"Chi bộ thôn số {number}" for number in range(300)]
    spec = SheetSpec(
        "Mẫu", [Column("Chức vụ", choices=["Bí thư", "Phó bí thư"]), Column("Đơn vị", choices=long)], empty_rows=100
    )
    book = openpyxl.load_workbook(io.BytesIO(write_workbook([spec])))
    short_rule, long_rule = book["Mẫu"].data_validations.dataValidation
    assert (str(short_rule.sqref), short_rule.formula1) == ("A2:A101", '"Bí thư,Phó bí thư"')
    assert (str(long_rule.sqref), long_rule.formula1) == ("B2:B101", "DanhMuc!$A$1:$A$300")
    assert book["DanhMuc"].sheet_state == "hidden"
    assert book["DanhMuc"]["A300"].value == "Chi bộ thôn số 299"


def test_a_cell_with_a_doubt_stands_out() -> None:
    spec = SheetSpec("Lỗi", [Column("Họ tên"), Column("Lý do")], [[Marked(""), "Thiếu họ tên"], [Marked("X"), "Y"]])
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([spec]))).active
    assert sheet is not None
    assert sheet["A2"].fill.fgColor.rgb == sheet["A3"].fill.fgColor.rgb == "FFFCE4E1"
    assert sheet["A3"].value == "X"
    assert sheet["B2"].fill.fgColor.rgb != "FFFCE4E1"


@settings(deadline=None, max_examples=40)
@example(["𝒜" * 20, "𝒜" * 20, "'" * 40, "a" * 30 + "'b", "a" * 31, "A" * 31])
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_names_of_sheets_are_made_fit_for_excel(names: list[str]) -> None:
    data = write_workbook([SheetSpec(name, [Column("x")]) for name in names])
    written = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len(written) == len(names) == len({name.lower() for name in written})
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in written)


def test_a_workbook_has_a_sheet() -> None:
    with pytest.raises(ValueError):
        write_workbook([])
