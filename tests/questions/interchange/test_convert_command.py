"""`questions convert`: the format by extension or --to, losses told first, whole files or none, three exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from questions.interchange.convert_command import convert_command
from questions.interchange.registry import read_questions

LIST = """PHẦN I. ĐIỀU LỆ ĐẢNG
Câu 1. Đảng ra đời năm nào?
A. 1929
B. 1930
C. 1945
Đáp án: B
Giải thích: Đảng ra đời ngày 3/2/1930.
Câu 2. Chi bộ họp thường lệ mấy tháng một lần?
A. Một tháng
B. Hai tháng
C. Ba tháng
Đáp án: A
"""


def run(capfd: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = convert_command([str(part) for part in argv])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    return code, out, err


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "danh sách.txt"
    file.write_text(LIST, encoding="utf-8")
    return file


@pytest.mark.parametrize("extension", [".xml", ".gift", ".json"])
def test_the_extension_names_the_format(source: Path, capfd: pytest.CaptureFixture[str], extension: str) -> None:
    target = source.with_suffix(extension)
    code, out, err = run(capfd, source, target)
    assert (code, out) == (0, "")
    assert "Đã ghi 2 trong 2 câu" in err
    if extension != ".json":
        first, second = read_questions(target).questions
        assert (first.number, first.correct, first.section) == ("1", [1], "PHẦN I. ĐIỀU LỆ ĐẢNG")
        assert first.explanation == "Đảng ra đời ngày 3/2/1930."
        assert second.options == ["Một tháng", "Hai tháng", "Ba tháng"]


def test_losses_are_told_in_words_and_in_json(source: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = source.with_name("ra.txt")
    code, out, err = run(capfd, source, target, "--to", "aiken", "--json")
    document = json.loads(out)
    assert (code, document["to"], document["written"]) == (0, "aiken", 2)
    assert {(loss["question"], loss["part"]) for loss in document["losses"]} == {
        ("1", "explanation"),
        ("1", "section"),
        ("1", "number"),
        ("2", "section"),
        ("2", "number"),
    }
    assert "Aiken không giữ được giải thích (câu 1)" in err
    assert target.read_text(encoding="utf-8").endswith("C. Ba tháng\nANSWER: A\n")


def test_what_the_format_has_no_type_for_is_left_out_by_name(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.gift"
    source.write_text(
        "::Câu 1::Chọn hai số chẵn: {~%50%hai ~%50%bốn ~ba}\n\n::Câu 2::Một cộng một là {=hai ~ba}\n", encoding="utf-8"
    )
    code, out, err = run(capfd, source, tmp_path / "b.aiken", "--json")
    refused = [loss for loss in json.loads(out)["losses"] if loss["refused"]]
    assert code == 0
    assert [(loss["question"], loss["part"]) for loss in refused] == [("1", "type")]
    assert "Câu 1: Aiken không có loại câu chọn nhiều phương án" in err


def test_a_question_without_a_key_is_left_out_and_the_exit_is_one(source: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source.write_text(LIST.replace("Đáp án: A\n", ""), encoding="utf-8")
    code, _out, err = run(capfd, source, source.with_suffix(".xml"))
    assert code == 1
    assert "Câu 2: chưa có đáp án rõ ràng" in err
    assert len(read_questions(source.with_suffix(".xml")).questions) == 1


def test_nothing_to_write_leaves_an_older_file_alone(source: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source.write_text("Câu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\n", encoding="utf-8")
    target = source.with_suffix(".xml")
    target.write_text("cũ", encoding="utf-8")
    assert run(capfd, source, target)[0] == 1
    assert target.read_text(encoding="utf-8") == "cũ"
    assert sorted(file.name for file in source.parent.iterdir()) == sorted([source.name, target.name])


@pytest.mark.parametrize(
    "arguments",
    [
        ("{in}",),
        ("{in}", "{dir}/ra.pdf"),
        ("{in}", "{dir}/ra.xml", "--to", "excel2"),
        ("{in}", "{dir}/ra.xml", "--from", "abc"),
        ("{in}", "{dir}/ra.xml", "--from", "moodle"),
        ("{in}", "{dir}/ra.xml", "--from", "word"),
        ("{in}", "{in}", "--to", "gift"),
        ("{dir}/không có.txt", "{dir}/ra.xml"),
        ("{in}", "{dir}/không có/ra.xml"),
    ],
)
def test_what_is_not_taken_exits_two_with_one_line(
    source: Path, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    before = source.read_bytes()
    code, out, err = run(capfd, *(part.format(**{"in": source, "dir": source.parent}) for part in arguments))
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert [file.name for file in source.parent.iterdir()] == [source.name]
    assert source.read_bytes() == before


def test_it_runs_from_the_command_line(source: Path, tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    found = subprocess.run(
        [sys.executable, root / "run.py", "questions", "convert", source, tmp_path / "ra.xml", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert found.returncode == 0
    assert json.loads(found.stdout)["written"] == 2
