"""Excel sheets are read as they are; files that could hurt are refused in one clear sentence."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.excel_reading import MergedRange, cell_name, read_workbook
from core.documents.limits import DocumentRefused, ReadingLimits


def workbook(*rows: tuple[object, ...], merge: tuple[int, int, int, int] | None = None) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Danh sách")
        date_format = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, date_format)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        if merge:
            sheet.merge_range(*merge, "gộp")
    return target.getvalue()


def repacked(data: bytes, **changes: bytes) -> bytes:
    """The same package with some parts replaced or added (name → content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, changes.pop(part.filename, None) or old.read(part))
        for name, content in changes.items():
            new.writestr(name, content)
    return target.getvalue()


def refusal(data: bytes, limits: ReadingLimits | None = None) -> str:
    with pytest.raises(DocumentRefused) as caught:
        read_workbook(data, limits or ReadingLimits())
    assert str(caught.value).strip()
    return caught.value.reason


def test_values_keep_the_kind_that_excel_gave_them() -> None:
    born = datetime.date(1960, 5, 3)
    (sheet,) = read_workbook(workbook(("Họ tên", None, 912345678, "0912345678", born, True)))
    assert sheet.rows == [["Họ tên", None, 912345678.0, "0912345678", born, True]]
    assert sheet.name == "Danh sách"
    assert not sheet.hidden


def test_places_count_from_the_first_cell_also_when_it_is_empty() -> None:
    (sheet,) = read_workbook(workbook((), (None, "B2")))
    assert sheet.value(1, 1) == "B2"
    assert sheet.value(0, 0) is None
    assert sheet.value(99, 99) is None


def test_a_merged_block_gives_its_value_to_each_of_its_cells() -> None:
    (sheet,) = read_workbook(workbook(("x",), merge=(1, 0, 2, 1)))
    assert sheet.merged == [MergedRange(1, 0, 2, 1)]
    assert sheet.spread_value(1, 1) == "gộp"
    assert sheet.value(1, 1) is None


def test_cells_are_named_as_excel_names_them() -> None:
    assert [cell_name(6, 1), cell_name(0, 25), cell_name(0, 26), cell_name(9, 701)] == [
        "B7",
        "Z1",
        "AA1",
        "ZZ10",
    ]


def test_a_stray_cell_at_the_far_end_is_refused_before_it_is_laid_out() -> None:
    far = b'<worksheet><sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    book = workbook(("a",))
    assert refusal(repacked(book, **{"xl/worksheets/sheet1.xml": far})) == "too_many_rows"
    placeless = b'<worksheet><sheetData><row r="1048576"><c><v>1</v></c></row></sheetData></worksheet>'
    assert refusal(repacked(book, **{"xl/worksheets/sheet1.xml": placeless})) == "too_many_rows"


def test_empty_formatted_cells_far_down_do_no_harm() -> None:
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
        b"</sheetData></worksheet>"
    )
    (sheet,) = read_workbook(repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": xml}))
    assert sheet.rows == [[7.0]]


def test_a_bomb_is_recognised_by_what_it_unzips_to_not_by_what_it_says() -> None:
    bomb = repacked(workbook(("a",)), **{"xl/media/x.bin": bytes(30_000_000)})
    limits = ReadingLimits(unzipped_bytes=20_000_000)
    assert refusal(bomb, limits) == "zip_bomb"
    lying = bomb.replace((30_000_000).to_bytes(4, "little"), (30).to_bytes(4, "little"))
    assert lying != bomb
    assert refusal(lying, limits) == "zip_bomb"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macro"),
        (
            {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
            "xml_entity",
        ),
        ({"xl/workbook.xml": "<!DOCTYPE a><a/>".encode("utf-16")}, "xml_entity"),
        ({"xl/workbook.xml": b"<broken"}, "damaged"),
    ],
)
def test_dangerous_or_broken_packages_are_refused(changes: dict[str, bytes], reason: str) -> None:
    assert refusal(repacked(workbook(("a",)), **changes)) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"STT;Ho ten\n1;An", "wrong_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "wrong_kind"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"PK\x03\x04 broken", "wrong_kind"),
    ],
)
def test_other_files_are_named_for_what_they_are(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_an_upload_over_the_bound_is_refused() -> None:
    assert refusal(workbook(("a",)), ReadingLimits(upload_bytes=100)) == "too_big"


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=6))
def test_a_damaged_file_gives_its_own_error_or_rows(place: int, noise: bytes) -> None:
    data = bytearray(workbook(("Họ tên", 1.5, "x"), ("Nguyễn Văn An", 2, "y")))
    place %= len(data)
    data[place : place + len(noise)] = noise
    try:
        sheets = read_workbook(bytes(data))
    except DocumentRefused:
        return
    assert all(isinstance(sheet.rows, list) for sheet in sheets)
