"""The command `papers assemble`, as other programs call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contest.papers.assembly.assemble_command import assemble_command

HEAD = "id,topic,level,type,points,difficulty,enemy_group,exposure"
ROWS = [
    "a1,Điều lệ Đảng,nhận biết,single,1,0.2,,0",
    "a2,Điều lệ Đảng,nhận biết,single,1,0.5,,0",
    "a3,Điều lệ Đảng,vận dụng,multiple,1.0,0.6,,1",
    "a4,Điều lệ Đảng,vận dụng,single,1,0.9,,0",
    "b1,Sinh hoạt chi bộ,nhận biết,situation,2,0.7,x,3",
    "b2,Sinh hoạt chi bộ,nhận biết,situation,2,0.7,x,0",
]
BLUEPRINT = """\
cells:
  - {topic: Điều lệ Đảng, count: 2}
  - {type: situation, points: 2, count: 1}     # whatever its topic
"""
ROOT = Path(__file__).parents[4]


class Asked:
    """Files in a folder of their own, and the command over them."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.items, self.blueprint, self._capfd = folder / "I.csv", folder / "B.yaml", capfd
        self.write("\n".join([HEAD, *ROWS]), BLUEPRINT)

    def write(self, items: str | bytes | None = None, blueprint: str | None = None) -> None:
        if items is not None:
            self.items.write_bytes(items if isinstance(items, bytes) else items.encode())
        if blueprint is not None:
            self.blueprint.write_text(blueprint, "utf-8")

    def run(self, *more: str) -> tuple[int, str, str]:
        files = ["--items", str(self.items), "--blueprint", str(self.blueprint)]
        code = assemble_command([*files, *(more or ("--forms", "2", "--json"))])
        out, err = self._capfd.readouterr()
        return code, out, err

    def document(self, *more: str) -> dict[str, Any]:
        code, out, _err = self.run(*more)
        document: dict[str, Any] = json.loads(out)
        assert code == (0 if document["forms"] else 1)
        return document

    def refusal(self, *more: str) -> str:
        code, out, err = self.run(*more)
        assert (code, out, err.count("\n")) == (2, "", 1)
        return err


@pytest.fixture
def asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Asked:
    return Asked(tmp_path, capfd)


def test_the_document_is_that_of_the_contract(asked: Asked) -> None:
    # 0.2 + 0.9 = 0.5 + 0.6 = 1.1, and 0.7 for the situation: 1.8 each.
    document = asked.document()
    assert {**document, "forms": None} == {"status": "optimal", "spread": 0.0, "forms": None, "short": []}
    assert [form["form"] for form in document["forms"]] == ["01", "02"]
    assert [form["difficulty"] for form in document["forms"]] == [1.8, 1.8]
    assert sorted(sorted(form["items"][:2]) for form in document["forms"]) == [["a1", "a4"], ["a2", "a3"]]


def test_what_cannot_be_done_names_the_cell_as_it_is_written(asked: Asked) -> None:
    asked.write(blueprint="cells:\n  - {topic: Điều lệ Đảng, type: single, count: 2}\n  - {points: 2, count: 1}\n")
    document = asked.document()
    assert document == {
        "status": "impossible", "spread": None, "forms": [],
        "short": [{"cell": {"topic": "Điều lệ Đảng", "type": "single", "count": 2}, "needed": 4, "available": 3}],
    }
    _code, _out, err = asked.run()
    assert "ô 1 (chủ đề Điều lệ Đảng, loại câu single): cần 4 câu, có 3, thiếu 1" in err


def test_a_person_gets_a_table(asked: Asked) -> None:
    code, out, _err = asked.run("--forms", "2")
    assert code == 0
    assert "2 đề, mỗi đề 3 câu; tốt nhất, đã chứng minh." in out
    assert "Chênh lệch độ khó giữa các đề: 0;" in out and "1,8" in out


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_csv_is_read(asked: Asked, mark: str, delimiter: str) -> None:
    asked.write(mark + "\r\n".join([HEAD, *ROWS]).replace(",", delimiter) + "\r\n")
    assert asked.document()["status"] == "optimal"


def test_a_decimal_comma_is_read_where_semicolons_stand_between(asked: Asked) -> None:
    asked.write("\n".join([HEAD, *ROWS]).replace(",", ";").replace(".", ","))
    assert [form["difficulty"] for form in asked.document()["forms"]] == [1.8, 1.8]


def test_columns_may_stand_in_any_order_with_others_among_them(asked: Asked) -> None:
    rows = [line.split(",") for line in (HEAD, *ROWS)]
    asked.write("\n".join(",".join(["note", *reversed(row)]) for row in rows))
    assert asked.document()["status"] == "optimal"


def test_max_shared_lets_two_forms_share(asked: Asked) -> None:
    asked.write(blueprint="cells:\n  - {topic: Điều lệ Đảng, count: 3}\n")
    assert asked.document("--forms", "2", "--max-shared", "1", "--json")["status"] == "impossible"
    first, second = asked.document("--forms", "2", "--max-shared", "2", "--json")["forms"]
    assert len(set(first["items"]) & set(second["items"])) == 2


@pytest.mark.parametrize(
    ("at", "row", "said"),
    [
        (2, "a2,Điều lệ Đảng,nhận biết,single,1,khó,,0", "dòng 3, cột difficulty: phải là số"),
        (2, "a2,Điều lệ Đảng,nhận biết,single,1,,,0", "dòng 3, cột difficulty: phải là số, ví dụ 1 hoặc 0.75, chưa ghi"),
        (2, "a2,Điều lệ Đảng,nhận biết,single,1,nan,,0", "dòng 3, cột difficulty"),
        (2, "a2,Điều lệ Đảng,nhận biết,single,-1,0.5,,0", "dòng 3, cột points: phải từ 0"),
        (2, "a2,Điều lệ Đảng,nhận biết,single,1,0.5,,-1", "dòng 3, cột exposure: phải là số nguyên không âm"),
        (2, "a2,Điều lệ Đảng,nhận biết,single,1,0.5,,1.5", "dòng 3, cột exposure"),
        (2, "a2,,nhận biết,single,1,0.5,,1", "dòng 3, cột topic: chưa ghi"),
        (3, "a1,Điều lệ Đảng,nhận biết,single,1,0.5,,1", "dòng 4, cột id: mã “a1” đã có ở dòng 2"),
        (3, "a3,Điều lệ Đảng,nhận biết,single,1,0.5,,1,2", "dòng 4: có 9 ô"),
        (3, '"a3,Điều lệ Đảng', "dòng 4: dấu nháy kép"),
        (0, "id,topic,level,type,points,difficulty,enemy_group", "dòng 1: thiếu cột exposure"),
        (0, HEAD + ",id", "dòng 1: cột ghi hai lần: id"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(asked: Asked, at: int, row: str, said: str) -> None:
    lines = [HEAD, *ROWS]
    lines[at] = row
    asked.write("\n".join(lines))
    refusal = asked.refusal()
    assert str(asked.items) in refusal and said in refusal


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (b"", "tệp trống"),
        (b"\xff\xfe\x00i", "dòng 1: tệp không được ghi bằng UTF-8"),
        (b"id\n\n\0", "dòng 3: có ký tự không phải chữ"),
        (HEAD.encode() + b"\na1,\xe0\xe0,x,single,1,1,,0", "dòng 2: tệp không được ghi bằng UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(asked: Asked, items: bytes, said: str) -> None:
    asked.write(items)
    assert said in asked.refusal()


@pytest.mark.parametrize(
    ("blueprint", "said"),
    [
        ("cells:\n  - {topic: A, count: 0}\n", "dòng 2, cells[0].count: phải từ 1 đến 500, đang là 0"),
        ("cells:\n  - {topic: A}\n", "dòng 2, cells[0].count: chưa ghi số câu"),
        ("cells:\n  - topic: A\n    count: tám\n", "dòng 3, cells[0].count: phải là một số nguyên"),
        ("cells:\n  - topic: A\n    count: 2.5\n", "dòng 3, cells[0].count: phải là một số nguyên"),
        ("cells:\n  - count: 2\n  - count: 2\n    topics: A\n", "dòng 4, cells[1].topics: ô của ma trận đề không có mục này"),
        ("cells:\n  - {count: 2, topic: [A, B]}\n", "dòng 2, cells[0].topic: phải là chữ"),
        ("cells:\n  - {count: 2, points: nhiều}\n", "dòng 2, cells[0].points: phải là số không âm"),
        ("cells:\n  - 5\n", "dòng 2, cells[0]: phải là một nhóm mục"),
        ("cells: []\n", "dòng 1, cells: phải là một danh sách"),
        ("cell:\n  - {count: 2}\n", "phải có mục cells"),
        ("", "phải có mục cells"),
        ("cells:\n  - {count: 2\n", "không đúng cú pháp YAML"),
        ("cells:\n  - {count: 1}\nforms: 3\n", "dòng 3, forms: ma trận đề không có mục này"),
    ],
)
def test_a_bad_blueprint_is_refused_with_its_line(asked: Asked, blueprint: str, said: str) -> None:
    asked.write(blueprint=blueprint)
    refusal = asked.refusal()
    assert str(asked.blueprint) in refusal and said in refusal


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json"], "thiếu --forms"),
        (["--forms", "0"], "phải là số nguyên từ 1 đến 99, đang là “0”"),
        (["--forms", "hai"], "phải là số nguyên từ 1 đến 99"),
        (["--forms", "2", "--max-shared", "-1"], "--max-shared"),
        (["--forms", "2", "--seconds", "0"], "phải là số giây lớn hơn 0"),
        (["--forms", "2", "--nothing"], "không có tùy chọn --nothing"),
        (["--forms"], "--forms: cần một giá trị"),
    ],
)
def test_a_bad_argument_is_refused(asked: Asked, arguments: list[str], said: str) -> None:
    assert said in asked.refusal(*arguments)


def test_a_file_that_is_not_there_is_said_plainly(asked: Asked) -> None:
    asked.items.unlink()
    assert "không có tệp này" in asked.refusal()


def test_it_runs_by_itself_in_an_empty_read_only_folder_and_prints_nothing_but_the_document(
    asked: Asked, tmp_path: Path
) -> None:
    # 0.1 0.2 0.4 0.8 in pairs cannot be equal, so that the solver is asked as well; it must not speak either.
    rows = [f"q{at},A,1,single,1,{value},,0" for at, value in enumerate(("0.1", "0.2", "0.4", "0.8"))]
    asked.write("\n".join([HEAD, *rows]), "cells:\n  - {count: 2}\n")
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o500)
    command = [sys.executable, str(ROOT / "run.py"), "papers", "assemble", "--items", str(asked.items)]
    done = subprocess.run(
        [*command, "--blueprint", str(asked.blueprint), "--forms", "2", "--json"],
        cwd=empty, capture_output=True, text=True, encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (json.loads(done.stdout)["status"], json.loads(done.stdout)["spread"]) == ("optimal", 0.3)
    assert list(empty.iterdir()) == []
