"""What an organiser does on pages can be done from the command line too."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core.web.command_line import run_command
from tests.world import open_district_round


def run(app: Flask, *arguments: str) -> int:
    return run_command(lambda: app, list(arguments), {})


def test_slips_are_printed_to_a_file_that_only_its_owner_reads(
    sqlite_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = open_district_round(people=["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Đức"])
    target = tmp_path / "phieu.pdf"
    assert run(sqlite_app, "contests", "slips", opened.round.public_id, str(target)) == 0
    assert "3 phiếu" in capsys.readouterr().out
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_mode & 0o077 == 0


def test_an_unknown_round_is_said_in_one_line(sqlite_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sqlite_app, "contests", "slips", "khong-co", str(tmp_path / "x.pdf")) == 1
    assert "Không có vòng thi nào" in capsys.readouterr().err
