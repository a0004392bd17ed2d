"""The same imports from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core.documents.excel_reading import read_workbook
from core.organisation.models import Unit

from .conftest import CELL, HEADING, everybody, people, workbook

GOOD = (1, "Nguyễn Văn Bình", CELL, "12/04/1962", "0912000018", "Bí thư")


@pytest.fixture
def run(app: Flask, tree: dict[str, Unit]):  # type: ignore[no-untyped-def]
    """Run a command; its result."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=[str(argument) for argument in arguments])


def test_a_good_list_is_imported_and_a_second_time_changes_nothing(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "ds.xlsx"
    file.write_bytes(people(GOOD))
    first = run("people", "import", file, "--unit", "Hà Nội / Thanh Trì")
    assert (first.exit_code, "1 người mới" in first.output) == (0, True), first.output
    again = run("people", "import", file)
    assert (again.exit_code, "Không có gì mới" in again.output) == (0, True), again.output
    assert len(everybody()) == 1


def test_bad_rows_end_with_1_and_go_to_a_file(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file, bad = tmp_path / "ds.xlsx", tmp_path / "loi.xlsx"
    file.write_bytes(people(GOOD, (2, "Trần Thị Lan", CELL, "03/15/1970", 912000097.0, "")))
    nothing = run("people", "import", file, "--all-or-nothing")
    assert (nothing.exit_code, everybody()) == (1, [])
    result = run("people", "import", file, "--bad", bad)
    assert result.exit_code == 1
    assert "Không có tháng 15" in result.output
    assert len(read_workbook(bad)[0].rows) == 2
    repaired = run("people", "import", file, "--accept-repairs", "--all-or-nothing")
    assert repaired.exit_code == 0, repaired.output
    assert [name for name, *_rest in everybody()] == ["Nguyễn Văn Bình", "Trần Thị Lan"]


def test_units_come_from_a_file_of_their_own(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "dv.xlsx"
    file.write_bytes(
        workbook({"Đơn vị": [("Cấp", "Tên đơn vị", "Đơn vị cấp trên"), ("Xã", "Xã Vạn Phúc", "Hà Nội / Thanh Trì")]})
    )
    result = run("units", "import", file)
    assert (result.exit_code, "1 đơn vị mới" in result.output) == (0, True), result.output


def test_a_file_that_is_no_list_ends_with_2_and_one_line(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"abc")
    result = run("people", "import", file)
    assert result.exit_code == 2
    assert "không phải là tệp Excel" in result.output
    assert run("people", "import", file, "--unit", "Không đâu").exit_code == 1


def test_the_template_is_written(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "mau.xlsx"
    assert run("people", "template", out).exit_code == 0
    assert read_workbook(out)[1].rows[0][: len(HEADING)] == list(HEADING)
