"""`questions read`: one JSON document on standard output, messages beside it, three exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from questions.interchange.commands import read_command
from tests.questions.interchange.lists import excel

GOOD = "Phần I\nCâu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\nĐáp án: B\n"
KEYS = {
    "number",
    "stem",
    "options",
    "correct",
    "type",
    "source",
    "explanation",
    "section",
    "topic",
    "level",
    "rubric",
    "doubts",
}


def run(capfd: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = read_command(list(argv))
    out, err = capfd.readouterr()
    return code, out, err


def test_a_good_list(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "danh sách.docx"  # text under another name: the content decides
    file.write_text(GOOD, encoding="utf-8")
    code, out, err = run(capfd, str(file), "--json")
    assert code == 0
    document = json.loads(out)
    assert set(document["questions"][0]) == KEYS
    assert document["questions"][0]["correct"] == [1]
    assert document["problems"] == []
    assert err.strip()


def test_problems_exit_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Chỉ là một lá thư.", encoding="utf-8")
    code, out, _ = run(capfd, str(file), "--json")
    assert code == 1
    assert json.loads(out)["problems"] == [
        {"where": "dòng 1", "text": "Chỉ là một lá thư.", "message": "Không nhận ra câu hỏi nào ở đây."}
    ]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\x89PNG\r\n"])
def test_what_cannot_be_read_exits_two_with_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(content)
    code, out, err = run(capfd, str(file), "--json")
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_a_missing_file_and_wrong_arguments_exit_two(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "khong-co.docx", "--json")[0] == 2
    assert run(capfd)[0] == 2
    assert run(capfd, "a.txt", "--la")[0] == 2


def test_a_key_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(GOOD.replace("Đáp án: B\n", ""), encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(excel(("Câu", "Đáp án"), (1, "A")))
    code, out, _ = run(capfd, str(tmp_path / "a.txt"), "--key", str(tmp_path / "b.xlsx"), "--json")
    assert code == 0
    assert json.loads(out)["questions"][0]["correct"] == [0]


def test_help_speaks_both_languages(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "--help")
    assert code == 0
    assert "danh sách câu hỏi" in out
    assert "question list" in out


def test_for_a_person_without_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    code, out, _ = run(capfd, str(tmp_path / "a.txt"))
    assert code == 0
    assert "✓ B. 1930" in out


def test_it_needs_neither_the_web_framework_nor_a_place_to_write(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    root = Path(__file__).resolve().parents[3]
    script = (
        "import sys; from questions.interchange.commands import read_command; "
        "code = read_command(['a.txt', '--json']); "
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules), 'loads the web framework'; sys.exit(code)"
    )
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.decode("utf-8"))["questions"][0]["stem"] == "Đảng ra đời năm nào?"


@pytest.mark.parametrize("arguments", [[], ["--json"], ["a.txt", "--unknown"], ["a.txt", "b.txt"]])
def test_arguments_that_it_does_not_take_are_said_in_one_line(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_a_file_that_breaks_the_reader_gives_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_arguments: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr("questions.interchange.registry.read_questions", breaks)
    file = tmp_path / "a.txt"
    file.write_text(GOOD, encoding="utf-8")
    code, out, err = run(capfd, str(file), "--json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
