"""`questions similar` as another program meets it: the JSON of the contract, exit codes, one line on bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.interchange.similar_command import named, similar_command
from tests.questions.interchange.lists import excel, word

LIST = """\
Câu 1. Đảng ra đời năm nào?
A. 1929
B. 1930
Đáp án: B
Câu 2. Chi bộ sinh hoạt thường lệ mấy tháng một lần theo Điều lệ?
A. Một tháng
B. Hai tháng
Đáp án: A
Câu 3. Theo Điều lệ, đảng viên dự bị có quyền biểu quyết hay không?
A. Có
B. Không
Đáp án: B
Câu 3. Chi bộ sinh hoạt thường lệ mấy tháng một lần theo Điều lệ?
A. Hai tháng
B. Một tháng
Đáp án: B
"""
FOUND = {"pairs": [{"a": "2", "b": "3 (2)", "score": 1.0, "why": "cùng nội dung câu hỏi, phương án đảo thứ tự"}]}


def run(capfd: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = similar_command(list(argv))
    out, err = capfd.readouterr()
    return code, out, err


@pytest.fixture
def listed(tmp_path: Path) -> str:
    file = tmp_path / "danh sách.txt"
    file.write_text(LIST, encoding="utf-8")
    return str(file)


def test_the_document_of_the_contract(listed: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, listed, "--json")
    assert (code, json.loads(out)) == (0, FOUND)
    assert "4 câu, 1 cặp" in err


def test_a_word_list_and_a_table_are_read_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.docx").write_bytes(word(*LIST.splitlines()))
    assert json.loads(run(capfd, str(tmp_path / "a.docx"), "--json")[1]) == FOUND
    rows = [("STT", "Câu hỏi", "A", "B", "Đáp án"), (7, "Ai bầu bí thư chi bộ?", "Chi bộ", "Đảng ủy", "A")]
    (tmp_path / "a.xlsx").write_bytes(excel(*rows, (8, "AI BẦU BÍ THƯ CHI BỘ", "Chi bộ", "Đảng uỷ", "A")))
    assert json.loads(run(capfd, str(tmp_path / "a.xlsx"), "--json")[1]) == {
        "pairs": [
            {"a": "7", "b": "8", "score": 1.0, "why": "chỉ khác cách gõ dấu, chữ hoa chữ thường, dấu câu hoặc khoảng trắng"}
        ]
    }


def test_for_a_person_without_json(listed: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, listed)
    assert code == 0
    assert out.splitlines() == [
        "100,0 %: cùng nội dung câu hỏi, phương án đảo thứ tự",
        "    Câu 2: Chi bộ sinh hoạt thường lệ mấy tháng một lần theo Điều lệ?",
        "    Câu 3 (2): Chi bộ sinh hoạt thường lệ mấy tháng một lần theo Điều lệ?",
    ]


def test_the_threshold(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text(LIST.replace("Câu 3. Chi bộ sinh hoạt thường lệ", "Câu 4. Chi bộ họp thường lệ"), encoding="utf-8")
    assert len(json.loads(run(capfd, str(file), "--json")[1])["pairs"]) == 1
    assert len(json.loads(run(capfd, str(file), "--threshold", "0,8", "--json")[1])["pairs"]) == 1
    assert json.loads(run(capfd, str(file), "--threshold", "0.97", "--json")[1]) == {"pairs": []}
    assert len(json.loads(run(capfd, str(file), "--threshold", "0", "--json")[1])["pairs"]) == 6
    assert run(capfd, str(file), "--threshold", "1")[1] == ""


def test_text_without_a_place_exits_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Chỉ là một lá thư.", encoding="utf-8")
    code, out, err = run(capfd, str(tmp_path / "a.txt"), "--json")
    assert (code, json.loads(out)) == (1, {"pairs": []})
    assert "1 chỗ chưa hiểu" in err


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\x89PNG\r\n", b"PK\x03\x04abc"])
def test_what_cannot_be_read_exits_two_with_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    code, out, err = run(capfd, str(tmp_path / "a.docx"), "--json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--json"],
        ["a.txt", "--unknown"],
        ["khong-co.txt"],
        *(["a.txt", f"--threshold={x}"] for x in ("2", "-1", "nan", "x")),
    ],
)
def test_arguments_that_it_does_not_take_are_said_in_one_line(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_help_speaks_both_languages(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "--help")
    assert code == 0
    assert "gần giống nhau" in out
    assert "near-duplicates" in out


def test_numbers_that_repeat_and_questions_without_one_have_names_of_their_own() -> None:
    assert named(["12", "13", "12", "", "12", " "]) == ["12", "13", "12 (2)", "#4", "12 (3)", "#6"]
    assert named(["1", "1 (2)", "1"]) == ["1", "1 (2)", "1 (3)"]


@given(st.lists(st.sampled_from(["1", "2", "1 (2)", "1 (3)", "", "#2", "#3 (2)"])))
def test_no_two_questions_have_one_name(numbers: list[str]) -> None:
    assert len(set(named(numbers))) == len(numbers)


def test_it_runs_from_run_py_in_an_empty_read_only_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LIST, encoding="utf-8")
    root = Path(__file__).resolve().parents[3]
    script = (
        f"import sys; sys.path.insert(0, {str(root)!r}); from run import main; "
        "code = main(['questions', 'similar', 'a.txt', '--json']); "
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules), 'loads the web framework'; sys.exit(code)"
    )
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.decode("utf-8")) == FOUND
