"""`questions statistics`: a table of answers in, one JSON document out, or one line that says what is wrong where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.statistics.analysis import ItemStatistics
from questions.statistics.commands import statistics_command
from tests.questions.statistics import lsat

ITEM_KEYS = ["id", "n", "difficulty", "discrimination", "upper_lower", "a", "b", "options", "flags"]
PAPER_KEYS = ["n", "items", "mean", "sd", "alpha", "sem"]

#: The table of test_classical.
TABLE = "người,c1,c2,c3,c4\nAn,1,1,1,1\nBình,1,1,1,0\nChi,1,1,0,\nDung,1,0,0,\nEm,0,0,1,0\n"


class Called:
    """What one call gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        return {item["id"]: item for item in self.document["items"]}

    @property
    def refusal(self) -> str:
        assert (self.code, self.out) == (2, "")
        assert len(self.err.splitlines()) == 1
        return self.err.strip()


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Calls the command on a table and, if given, keys."""

    def run(table: str | bytes, keys: str | None = None) -> Called:
        arguments = ["--responses", str(tmp_path / "r.csv"), "--json"]
        (tmp_path / "r.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
        if keys is not None:
            (tmp_path / "k.csv").write_text(keys, encoding="utf-8")
            arguments += ["--key", str(tmp_path / "k.csv")]
        code = statistics_command(arguments)
        out, err = capfd.readouterr()
        return Called(code, out, err)

    return run


def test_the_document_of_the_contract(call: Any) -> None:
    called = call(TABLE)
    assert called.code == 0
    assert list(called.document) == ["items", "paper"]
    assert [list(item) for item in called.document["items"]] == [ITEM_KEYS] * 4
    assert called.document["paper"] == {"n": 5, "items": 4, "mean": 2.2, "sd": 1.30384, "alpha": 0.54902, "sem": 0.875595}
    assert called.items["c4"] == {
        "id": "c4", "n": 3, "difficulty": 0.333333, "discrimination": 0.559017, "upper_lower": 0.740741,
        "a": None, "b": None, "options": {}, "flags": ["too_few_people", "no_estimate"],
    }  # fmt: skip


def test_letters_with_keys(call: Any) -> None:
    called = call("p,c1,c2\n1,A,b\n2,C,B\n3,,a\n4,a,A\n", "item,key\nc1,A\nc2,B\n")
    # Item 1: A right twice of three who reached it. Rest scores: person 1 has 1, person 4 has 0; C: person 2 has 1.
    assert called.items["c1"]["difficulty"] == 0.666667
    assert called.items["c1"]["options"] == {
        "A": {"share": 0.666667, "mean_rest": 0.5},
        "B": {"share": 0.0, "mean_rest": None},
        "C": {"share": 0.333333, "mean_rest": 1.0},
    }
    assert called.items["c2"]["options"]["B"] == {"share": 0.5, "mean_rest": 0.5}


def test_an_item_with_a_key_that_nobody_reached_has_its_options(call: Any) -> None:
    called = call("p,c1,c2\n1,A,\n2,B,\n", "item,key\nc1,A\nc2,B\n")
    nothing = {"share": None, "mean_rest": None}
    assert called.items["c2"]["n"] == 0
    assert called.items["c2"]["options"] == {"A": nothing, "B": nothing}


def test_no_minus_stands_before_a_zero() -> None:
    nearly = ItemStatistics("c", 9, 0.5, -1e-9, -0.0, None, {}, frozenset(), [], [], [])
    assert "-0" not in json.dumps(nearly.as_json())


def test_the_lsat_through_the_command(call: Any) -> None:
    rows = [",".join([f"n{at}", *map(str, row)]) for at, row in enumerate(lsat.people())]
    called = call("\n".join(["người,1,2,3,4,5", *rows]))
    found = [(item["a"], item["b"]) for item in called.document["items"]]
    assert found == [(pytest.approx(a, abs=0.005), pytest.approx(b, abs=0.005)) for a, b in lsat.PUBLISHED]
    # 924, 709, 553, 763 and 870 of the thousand were right.
    assert [item["difficulty"] for item in called.document["items"]] == [0.924, 0.709, 0.553, 0.763, 0.87]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_usual_csv_is_the_same_table(call: Any, mark: bytes, between: str, end: str) -> None:
    written = TABLE.replace(",", between).replace("\n", end)
    assert call(mark + written.encode()).out == call(TABLE).out


@pytest.mark.parametrize(
    "table",
    [
        TABLE.replace("Chi,1,1,0,", "Chi,1,1,0"),  # Excel leaves out empty cells at the end
        TABLE.replace("\n", ",,\n"),  # or leaves empty columns
        TABLE.replace("\n", "\n\n"),
        "sep=,\n" + TABLE,
        TABLE.replace("1", "1.0").replace("c1.0", "c1"),
        TABLE.replace("An", '"An, ""Tám""\nHữu Hòa"'),
    ],
)
def test_what_programs_do_to_tables(call: Any, table: str) -> None:
    assert call(table).out == call(TABLE).out


def test_keys_in_any_usual_writing(call: Any) -> None:
    table = "p;c1;c2;c3;c4;c5\n1;B;A, C;Đ;2;1\n2;b.;AC;Sai;3;0\n3;A;C;s;2.0;1\n"
    called = call(table, "câu;đáp án\nc1;b\nc2;AC\nc3;Đúng\nc4;2\n")
    assert [item["difficulty"] for item in called.document["items"]] == [0.666667, 0.666667, 0.333333, 0.666667, 0.666667]
    assert list(called.items["c2"]["options"]) == ["A", "B", "C"]
    assert list(called.items["c3"]["options"]) == ["Đ", "S"]
    assert called.items["c5"]["options"] == {}


def test_a_column_already_marked_needs_no_letters(call: Any) -> None:
    assert call(TABLE, "item,key\nc1,A\nc2,B\n").out == call(TABLE).out


@pytest.mark.parametrize(
    ("table", "keys", "where"),
    [
        (TABLE.replace("Bình,1,1", "Bình,1,2"), None, "dòng 3, cột 3 (câu c2): phải là 1 (đúng), 0 (sai) hoặc để trống"),
        (TABLE.replace("Bình,1,1", "Bình,B,1"), None, "dòng 3, cột 2 (câu c1)"),
        (TABLE.replace("\nDung", "\n\nGiang,,x,,\nHà,y,,,\nDung"), None, "dòng 6, cột 3 (câu c2)"),
        ("p,c1\n1,B\n2,?\n", "item,key\nc1,B\n", "dòng 3, cột 2 (câu c1): phải là chữ cái của phương án (đáp án là B)"),
        ("p,c1\n1,B\n2,0\n", "item,key\nc1,B\n", "dòng 3, cột 2 (câu c1)"),
        ("p,c1\n1,AB\n2,B\n", "item,key\nc1,B\n", "dòng 2, cột 2 (câu c1): câu này chỉ chọn một phương án"),
        ("p,c1,c2\n1,B,B\n", "item,key\nc1,B\n", "câu này không có trong tệp đáp án"),
        ("p,c1\n1,B\n", "item,key\nc1,\n", "k.csv: dòng 2, cột 2 (câu c1): đáp án phải là"),
        ("p,c1\n1,B\n", "item,key\nc1,B\nc1,C\n", "k.csv: dòng 3, cột 1: câu c1 ghi hai lần"),
        ("p,c1\n1,B\n", "item,key\n,B\n", "k.csv: dòng 2, cột 1: chưa ghi mã câu"),
        ("p,c1\n1,B\n", "item\nc1\n", "k.csv: dòng 2, cột 2"),
        (TABLE.replace("c3", "c1"), None, "dòng 1, cột 4: câu c1 ghi hai lần"),
        (TABLE.replace("c3", ""), None, "dòng 1, cột 4: chưa ghi mã câu"),
        (TABLE.replace("An,1,1,1,1", "An,1,1,1,1,0"), None, "dòng 2, cột 6: dòng đầu chỉ có 5 cột"),
        (TABLE + 'Giang,"1,0,1,1\n', None, "sau dòng 6: dấu nháy kép không khép lại"),
        ('p,"c\n', None, "dòng 1: dấu nháy kép không khép lại"),
        ("người\nAn\n", None, "ít nhất một cột câu hỏi"),
        ("", None, "Tệp trống"),
        (" \n\n", None, "Tệp trống"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), None, "không phải là tệp văn bản"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(call: Any, table: str | bytes, keys: str | None, where: str) -> None:
    assert where in call(table, keys).refusal


def test_missing_files_and_wrong_arguments(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.csv").write_text(TABLE)
    for arguments in (
        [],
        ["--responses", str(tmp_path / "no.csv")],
        ["--responses", str(tmp_path)],
        ["--responses", str(tmp_path / "r.csv"), "--key", str(tmp_path / "no.csv")],
        ["--responses", str(tmp_path / "r.csv"), "--resp"],
    ):
        code = statistics_command(arguments)
        out, err = capfd.readouterr()
        assert Called(code, out, err).refusal


def test_a_table_without_people(call: Any) -> None:
    called = call("người,c1,c2\n")
    assert called.code == 0
    assert called.document["paper"] == {"n": 0, "items": 2, "mean": None, "sd": None, "alpha": None, "sem": None}
    assert called.items["c1"] == {
        "id": "c1", "n": 0, "difficulty": None, "discrimination": None, "upper_lower": None, "a": None, "b": None,
        "options": {}, "flags": ["too_few_people", "no_estimate"],
    }  # fmt: skip


def test_one_person(call: Any) -> None:
    called = call("người,c1,c2\nAn,1,0\n")
    assert called.document["paper"] == {"n": 1, "items": 2, "mean": 1.0, "sd": None, "alpha": None, "sem": None}
    assert called.items["c1"]["upper_lower"] is None


def test_notes_go_beside_the_document(call: Any) -> None:
    called = call("người,c1,c2\nAn,1,0\nAn,0,1\nBình,,\nChi,1\n", "item,key\nc9,A\n")
    assert called.document["paper"]["n"] == 4
    assert len(called.err.splitlines()) == 4
    for said in ("mỗi dòng được tính là một người", "1 người không trả lời câu nào", "c9", "1 dòng có ít ô hơn"):
        assert said in called.err


def test_the_readable_table(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.csv").write_text("p,c1,c2\n1,A,B\n2,C,B\n3,,A\n", encoding="utf-8")
    (tmp_path / "k.csv").write_text("item,key\nc1,A\nc2,B\n", encoding="utf-8")
    assert statistics_command(["--responses", str(tmp_path / "r.csv"), "--key", str(tmp_path / "k.csv")]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "3 người, 2 câu. Điểm trung bình 1,0000, độ lệch chuẩn 1,0000."
    assert ["c1", "2", "0,5000"] in [line.split()[:3] for line in lines]
    assert ["c1", "A*", "0,5000", "1,0000"] in [line.split() for line in lines]
    assert "  Mọi câu: dưới 30 người làm đến câu này, các con số chỉ để tham khảo." in lines
    assert "  Câu c1 (phương án B): có phương án không ai chọn." in lines


def test_it_runs_in_an_empty_read_only_folder(tmp_path: Path) -> None:
    table, folder = tmp_path / "r.csv", tmp_path / "empty"
    table.write_text(TABLE, encoding="utf-8")
    folder.mkdir()
    folder.chmod(0o555)
    root = Path(__file__).resolve().parents[3]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(root / "run.py"), "questions", "statistics", "--responses", str(table), "--json"],
        cwd=folder, env=environment, capture_output=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["paper"]["n"] == 5
    assert list(folder.iterdir()) == []


@given(st.one_of(st.text(max_size=200), st.text(alphabet='p,;c12\n\t"01AB-x ', max_size=200)), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_it_is_a_document_or_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, with_keys: bool
) -> None:
    (tmp_path / "r.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    keys = ["--key", str(tmp_path / "r.csv")] if with_keys else []
    code = statistics_command(["--responses", str(tmp_path / "r.csv"), "--json", *keys])
    out, err = capfd.readouterr()
    called = Called(code, out, err)
    if code == 0:
        assert list(called.document) == ["items", "paper"] and list(called.document["paper"]) == PAPER_KEYS
    else:
        assert called.refusal
