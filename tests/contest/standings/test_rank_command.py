"""The command `standings rank`, as other programs call it: files in, one JSON document out."""

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

from contest.standings.rank_command import rank_command

HEAD = "contestant,unit,round,score,correct,seconds,submitted_at,status"
DONG_MY = "Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1"
TAM_HIEP_THANH_TRI = "Hà Nội / Thanh Trì / Xã Tam Hiệp / Chi bộ thôn 2"
TAM_HIEP_PHUC_THO = "Hà Nội / Phúc Thọ / Xã Tam Hiệp / Chi bộ thôn 2"
POLICE = "Hà Nội / Thanh Trì / Chi bộ Công an"


class Answer:
    """What one call of the command gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def notes(self) -> list[str]:
        notes: list[str] = self.document["notes"]
        return notes

    def places(self, *path: str) -> list[tuple[int, str]]:
        rows: Any = self.document
        for step in path:
            rows = rows[step]
        return [(row["rank"], row["contestant"]) for row in rows]


@pytest.fixture
def ranked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Calls the command on a text or bytes; further arguments follow."""

    def call(content: str | bytes, *more: str) -> Answer:
        file = tmp_path / "r.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = rank_command(["--results", str(file), "--json", *more])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def row(contestant: str, score: object = 28, seconds: object = 870, at: str = "08:31:07", round: str = "Vòng 1",
        unit: str = DONG_MY, status: str = "") -> str:
    moment = at if "-" in at or not at else f"2016-10-15T{at}+07:00"
    return f"{contestant},{unit},{round},{score},,{seconds},{moment},{status}"


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


# What is printed


def test_the_document_has_every_key_of_the_contract(ranked: Any) -> None:
    answer = ranked(table(row("An", "7.50"), row("Bình", "28.0", 60)))
    assert (answer.code, answer.err) == (0, "")
    document = answer.document
    assert list(document) == ["overall", "by_unit", "by_division", "by_round", "collective", "notes"]
    assert document["overall"] == [
        {"rank": 1, "contestant": "Bình", "unit": DONG_MY, "score": 28, "seconds": 60, "award": None,
         "advances": False},
        {"rank": 2, "contestant": "An", "unit": DONG_MY, "score": "7.5", "seconds": 870, "award": None,
         "advances": False},
    ]
    assert document["by_round"] == {"Vòng 1": document["overall"]}
    assert (document["by_division"], document["collective"], document["notes"]) == ({}, [], [])


def test_only_the_heading_gives_empty_lists(ranked: Any) -> None:
    answer = ranked(HEAD)
    assert answer.code == 0
    assert answer.document == {
        "overall": [], "by_unit": {}, "by_division": {}, "by_round": {}, "collective": [], "notes": []}


@pytest.mark.parametrize("content", ["", "\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_gives_empty_lists_and_says_so(ranked: Any, content: str | bytes) -> None:
    answer = ranked(content)
    assert (answer.code, answer.document["overall"], answer.notes) == (0, [], ["tệp kết quả trống"])


def test_without_json_people_get_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.csv"
    file.write_text(table(row("An", "7.25", 870), row("Bình", 28, 61), row("Chi", "abc")), encoding="utf-8")
    assert rank_command(["--results", str(file)]) == 1
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0] == "Bảng xếp hạng chung (2 người)"
    assert lines[2].split()[:4] == ["1", "28", "01:01", "Bình"]
    assert lines[3].split()[:4] == ["2", "7,25", "14:30", "An"]
    assert "Thanh Trì (2 người)" in lines
    assert "dòng 4" in captured.err


# How it ranks without rules


def test_marks_then_seconds_then_the_earlier_moment_then_a_shared_rank(ranked: Any) -> None:
    """Dũng has the most marks; Bình and Chi were faster than An; Bình's and Chi's moments are one and the same."""
    answer = ranked(table(
        row("An", 28, 900, "08:00:00"), row("Chi", 28, 870, "08:31:07"), row("Em", 28, 870, "08:31:08"),
        row("Bình", 28, 870, "2016-10-15T01:31:07Z"), row("Dũng", 30, 3599)))
    assert answer.places("overall") == [(1, "Dũng"), (2, "Bình"), (2, "Chi"), (4, "Em"), (5, "An")]


def test_the_best_sitting_of_each_round_counts_and_rounds_are_summed(ranked: Any) -> None:
    """An: 28 in 800 s (not 28 in 900, not 20 in 10) + 9.75 in 100 s = 37.75 in 900 s. Bình: 30 + 7 = 37 in 100 s."""
    answer = ranked(table(
        row("An", 28, 900), row("An", 20, 10), row("An", 28, 800), row("An", "9.75", 100, round="Vòng 2"),
        row("Bình", 30, 50), row("Bình", 7, 50, round="Vòng 2")))
    assert answer.places("overall") == [(1, "An"), (2, "Bình")]
    first = answer.document["overall"][0]
    assert (first["score"], first["seconds"]) == ("37.75", 900)
    assert answer.places("by_round", "Vòng 1") == [(1, "Bình"), (2, "An")]
    assert answer.places("by_round", "Vòng 2") == [(1, "An"), (2, "Bình")]
    assert answer.document["by_round"]["Vòng 1"][1]["seconds"] == 800


def test_the_moment_is_that_of_the_latest_counted_sitting(ranked: Any) -> None:
    """An's latest counted sitting is at 09:00, though a worse one came at 11:00; Bình's is at 10:00."""
    answer = ranked(table(
        row("An", 10, 10, "08:00:00"), row("An", 10, 10, "09:00:00", round="Vòng 2"),
        row("An", 9, 10, "11:00:00", round="Vòng 2"),
        row("Bình", 10, 10, "10:00:00"), row("Bình", 10, 10, "07:00:00", round="Vòng 2")))
    assert answer.places("overall") == [(1, "An"), (2, "Bình")]


def test_of_two_equal_sittings_the_earlier_counts(ranked: Any) -> None:
    answer = ranked(table(
        row("An", 10, 10, "09:00:00"), row("An", 10, 10, "07:00:00"), row("Bình", 10, 10, "08:00:00")))
    assert answer.places("overall") == [(1, "An"), (2, "Bình")]


def test_sums_that_become_whole_are_numbers_again(ranked: Any) -> None:
    answer = ranked(table(row("An", "7.25"), row("An", "0.75", round="Vòng 2")))
    assert answer.document["overall"][0]["score"] == 8


def test_marks_may_be_below_zero(ranked: Any) -> None:
    answer = ranked(table(row("An", "-0.5"), row("Bình", -2), row("Chi", 0)))
    assert [(one["contestant"], one["score"]) for one in answer.document["overall"]] == [
        ("Chi", 0), ("An", "-0.5"), ("Bình", -2)]


def test_a_contestant_is_a_text_even_if_it_looks_like_a_number(ranked: Any) -> None:
    answer = ranked(table(row("007", 5), row("7", 6)))
    assert answer.places("overall") == [(1, "7"), (2, "007")]


def test_one_name_typed_in_composed_and_decomposed_letters_is_one_person(ranked: Any) -> None:
    answer = ranked(table(row("Hữu Hòa", 5), row("Hữu  Ho\u0300a ", 6)))
    assert [(one["contestant"], one["score"]) for one in answer.document["overall"]] == [("Hữu Hòa", 6)]


# Units


def test_units_are_named_by_name_and_by_path_where_two_share_one(ranked: Any) -> None:
    answer = ranked(table(
        row("An", 20), row("Bình", 30, unit=TAM_HIEP_PHUC_THO), row("Chi", 25, unit=TAM_HIEP_THANH_TRI),
        row("Dũng", 10, unit=POLICE)))
    by_unit = answer.document["by_unit"]
    assert set(by_unit) == {
        "Hà Nội", "Thanh Trì", "Phúc Thọ", "Xã Đông Mỹ",
        "Hà Nội / Thanh Trì / Xã Tam Hiệp", "Hà Nội / Phúc Thọ / Xã Tam Hiệp"}
    assert answer.places("by_unit", "Thanh Trì") == [(1, "Chi"), (2, "An"), (3, "Dũng")]
    assert answer.places("by_unit", "Hà Nội / Phúc Thọ / Xã Tam Hiệp") == [(1, "Bình")]


def test_cells_that_share_a_name_make_no_unit_ambiguous(ranked: Any) -> None:
    answer = ranked(table(row("An", unit="Thanh Trì / Chi bộ 1"), row("Bình", unit="Phúc Thọ / Chi bộ 1")))
    assert set(answer.document["by_unit"]) == {"Thanh Trì", "Phúc Thọ"}


def test_a_name_stays_ambiguous_when_nobody_of_the_other_unit_is_ranked(ranked: Any) -> None:
    answer = ranked(table(row("An", unit=TAM_HIEP_THANH_TRI), row("Bình", unit=TAM_HIEP_PHUC_THO, status="absent")))
    assert set(answer.document["by_unit"]) == {"Hà Nội", "Thanh Trì", "Hà Nội / Thanh Trì / Xã Tam Hiệp"}


def test_a_commune_may_keep_the_name_of_its_district(ranked: Any) -> None:
    answer = ranked(table(row("An", unit="Hà Nội / Thanh Trì / Thanh Trì / Chi bộ 1")))
    assert set(answer.document["by_unit"]) == {
        "Hà Nội", "Hà Nội / Thanh Trì", "Hà Nội / Thanh Trì / Thanh Trì"}


def test_a_cell_alone_has_no_unit_above(ranked: Any) -> None:
    answer = ranked(table(row("An", unit="Chi bộ 1")))
    assert (answer.document["by_unit"], answer.document["overall"][0]["unit"]) == ({}, "Chi bộ 1")


def test_a_slash_without_spaces_is_part_of_a_name(ranked: Any) -> None:
    answer = ranked(table(row("An", unit="Quân khu / Trung đoàn 1/2 / Chi bộ 3")))
    assert set(answer.document["by_unit"]) == {"Quân khu", "Trung đoàn 1/2"}


@pytest.mark.parametrize(("unit", "shown"), [("Chi bộ thôn 1", "Chi bộ thôn 1"), ("", "")])
def test_a_plain_file_may_have_a_district_column(ranked: Any, unit: str, shown: str) -> None:
    head = "contestant,district,unit,round,score,seconds,submitted_at"
    answer = ranked(table(f"An,Thanh Trì,{unit},1,28,870,2016-10-15T08:31:07Z", head=head))
    assert (answer.code, answer.notes) == (0, [])
    assert answer.places("by_unit", "Thanh Trì") == [(1, "An")]
    assert answer.document["overall"][0]["unit"] == shown


def test_a_district_column_without_a_unit_column(ranked: Any) -> None:
    head = "contestant,district,round,score,seconds,submitted_at"
    answer = ranked(table(
        "An,Thanh Trì,1,28,870,2016-10-15T08:31:07Z", "Bình,Phúc Thọ,1,29,870,2016-10-15T08:31:07Z", head=head))
    assert answer.places("by_unit", "Thanh Trì") == [(1, "An")]
    assert answer.places("by_unit", "Phúc Thọ") == [(1, "Bình")]


def test_a_district_that_the_path_already_has_is_not_put_on_top_again(ranked: Any) -> None:
    answer = ranked(table(row("An") + ",Thanh Trì", head=HEAD + ",district"))
    assert set(answer.document["by_unit"]) == {"Hà Nội", "Thanh Trì", "Xã Đông Mỹ"}


def test_a_file_without_any_unit_is_ranked_overall(ranked: Any) -> None:
    answer = ranked(table("An,1,28,870,2016-10-15T08:31:07Z", head="contestant,round,score,seconds,submitted_at"))
    assert (answer.code, answer.places("overall"), answer.notes) == (0, [(1, "An")], [])


def test_a_row_without_a_unit_is_ranked_overall_and_named(ranked: Any) -> None:
    answer = ranked(table(row("An", unit=""), row("Bình")))
    assert (answer.code, answer.places("overall")) == (0, [(1, "An"), (1, "Bình")])
    [note] = answer.notes
    assert "dòng 2" in note and "An" in note


def test_a_path_with_an_empty_level_cannot_be_read(ranked: Any) -> None:
    answer = ranked(table(row("An", unit="Hà Nội / / Chi bộ 1"), row("Bình")))
    assert (answer.code, answer.places("overall")) == (1, [(1, "Bình")])
    assert "dòng 2" in answer.notes[0]


def test_somebody_in_two_units_is_named_and_stands_in_one(ranked: Any) -> None:
    answer = ranked(table(
        row("An", 5, at="08:00:00", unit=POLICE), row("An", 5, at="09:00:00", round="Vòng 2")))
    [note] = answer.notes
    assert "An" in note and DONG_MY in note and POLICE in note
    assert answer.document["overall"][0]["unit"] == DONG_MY
    assert answer.code == 0


# What is left out


@pytest.mark.parametrize("status", ["absent", "disqualified", "out_of_competition", " Absent "])
def test_a_sitting_with_a_status_is_left_out_and_named(ranked: Any, status: str) -> None:
    answer = ranked(table(row("An"), row("Bình", 30, status=status)))
    assert (answer.code, answer.places("overall")) == (0, [(1, "An")])
    [note] = answer.notes
    assert "dòng 3" in note and "Bình" in note and status.strip().lower() in note


def test_an_absent_person_needs_no_marks(ranked: Any) -> None:
    answer = ranked(table(row("An", "", "", "", status="absent")))
    assert (answer.code, answer.document["overall"], len(answer.notes)) == (0, [], 1)


def test_only_the_sitting_with_the_status_is_left_out(ranked: Any) -> None:
    answer = ranked(table(row("An", 30, status="disqualified"), row("An", 20)))
    assert answer.document["overall"][0]["score"] == 20


def test_a_status_nobody_knows_is_left_out_as_unreadable(ranked: Any) -> None:
    answer = ranked(table(row("An", status="present"), row("Bình")))
    assert (answer.code, answer.places("overall")) == (1, [(1, "Bình")])


@pytest.mark.parametrize("broken", [
    row("An", "hai tám"), row("An", "NaN"), row("An", "1e3"), row("An", ""), row("An", "1_000"), row("An", "٢٨"),
    row("An", 28, "-5"), row("An", 28, "14:30"), row("An", 28, ""), row("An", 28, "870.5"), row("An", 28, "9" * 50),
    row("An", at="2016-10-15T08:31:07"), row("An", at="15-10-2016"), row("An", at="2016-13-15T08:31:07Z"),
    row("An", at=""), row("An", at="2016-10-15T24:31:07Z"), row("An", at="0001-01-01T00:00:00+07:00"),
    row(""), row("An", round=""), "An", "An,Hà Nội,Vòng 1", row("An") + ",thừa", '"An,' + row("x"),
    row("An").replace(",28,,", ",28,ba,"),
])
def test_a_row_that_cannot_be_read_is_left_out_and_its_line_named(ranked: Any, broken: str) -> None:
    answer = ranked(table(row("Chi", 1), "", broken, row("Bình", 2)))
    assert answer.code == 1
    assert answer.places("overall") == [(1, "Bình"), (2, "Chi")]
    [note] = answer.notes
    assert note.startswith("dòng 4: ")


def test_every_fault_of_a_row_is_told(ranked: Any) -> None:
    [note] = ranked(table(row("An", "x", "y", "z-"))).notes
    assert all(part in note for part in ("An", "score", "seconds", "submitted_at", "“x”", "“y”", "“z-”"))


def test_an_open_quote_does_not_swallow_the_rows_after_it(ranked: Any) -> None:
    answer = ranked(table(row('"An'), row("Bình"), row("Chi")))
    assert answer.code == 1
    assert [name for _place, name in answer.places("overall")] == ["Bình", "Chi"]
    assert [note.split(":")[0] for note in answer.notes] == ["dòng 2"]


def test_a_line_break_inside_quotes_is_read_and_lines_still_count(ranked: Any) -> None:
    answer = ranked(table(row('"An\nvăn"'), row("Bình", "x")))
    assert answer.places("overall") == [(1, "An văn")]
    assert answer.notes[0].startswith("dòng 4: ")


def test_a_row_in_another_encoding_is_left_out(ranked: Any) -> None:
    answer = ranked(table(row("An")).encode() + row("Bình").encode().replace("ì".encode(), b"\xec") + b"\n")
    assert (answer.code, answer.places("overall")) == (1, [(1, "An")])
    assert "dòng 3" in answer.notes[0] and "UTF-8" in answer.notes[0]


# The ways in which files are written


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiters_line_ends_and_marks(ranked: Any, delimiter: str, newline: str, mark: bytes) -> None:
    text = table(row("An", "7.25"), row("Bình", "x")).replace(",", delimiter).replace("\n", newline)
    answer = ranked(mark + text.encode())
    assert answer.document["overall"][0]["score"] == "7.25"
    assert answer.notes[0].startswith("dòng 3: ")


def test_excel_in_vietnamese_writes_a_decimal_comma(ranked: Any) -> None:
    text = table(row("An", "7.25")).replace(",", ";").replace("7.25", "7,25")
    assert ranked("sep=;\n" + text).document["overall"][0]["score"] == "7.25"


def test_unicode_text_of_excel(ranked: Any) -> None:
    assert ranked(table(row("Bình")).replace(",", "\t").encode("utf-16")).places("overall") == [(1, "Bình")]


def test_headings_in_any_order_and_case_with_further_columns(ranked: Any) -> None:
    answer = ranked(table(
        "ghi chú,60,2016-10-15T08:31:07Z,An,28,1,20", head='x, SECONDS ,Submitted_At,"contestant",score,round,part.A'))
    assert (answer.code, answer.places("overall")) == (0, [(1, "An")])


def test_rows_without_anything_in_them_are_passed_over(ranked: Any) -> None:
    assert ranked(table(",,,,,,,", row("An"), " , ,,,,,,", "")).notes == []


@pytest.mark.parametrize(("moment", "first"), [
    ("2016-10-15T08:00:00+09:00", "An"),       # 23:00 UTC the day before
    ("2016-10-15t01:00:00.5z", "Bình"),
    ("2016-10-15 00:59:59.9999999Z", "An"),
    ("2016-10-14T20:00:00-05:00", "equal"),
    ("2016-10-15T00:59:60Z", "equal"),         # a leap second
])
def test_moments_with_any_offset_are_compared_as_moments(ranked: Any, moment: str, first: str) -> None:
    answer = ranked(table(row("An", at=moment), row("Bình", at="2016-10-15T08:00:00+07:00")))
    places = answer.places("overall")
    assert (("equal" if places[0][0] == places[1][0] else places[0][1]), answer.code) == (first, 0)


# What is refused


@pytest.mark.parametrize("column", ["contestant", "round", "score", "seconds", "submitted_at"])
def test_a_missing_column_is_named(ranked: Any, column: str) -> None:
    answer = ranked(table(row("An"), head=HEAD.replace(column, "x")))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1 and f"thiếu cột: {column}" in answer.err


@pytest.mark.parametrize("content", [
    table(row("An") + ",1", head=HEAD + ",score"), '{"a": 1}', b"PK\x03\x04\x00\x00", b"\xff\xfe\x00", '"',
    (HEAD + "\n" + row("Bình")).encode().replace("ì".encode(), b"\xec"),
])
def test_what_is_no_table_of_results_is_refused_in_one_line(ranked: Any, content: str | bytes) -> None:
    answer = ranked(content)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)


def test_files_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "r.csv"
    good.write_text(HEAD, encoding="utf-8")
    absent = str(tmp_path / "không có.csv")
    for arguments in (["--results", absent], ["--results", str(tmp_path)], ["--results", "a\0b"],
                      ["--results", str(good), "--rules", absent], ["--results", str(good), "--given", absent]):
        assert rank_command([*arguments, "--json"]) == 2
        captured = capsys.readouterr()
        assert (captured.out, captured.err.count("\n")) == ("", 1)


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--results"], ["--results", "x", "--colour"], ["a", "b"]])
def test_arguments_that_it_does_not_take(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert rank_command(arguments) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_help_is_in_vietnamese_and_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert rank_command(["--help"]) == 0
    said = capsys.readouterr().out
    assert "Xếp hạng" in said and "Ranks" in said


# With rules


@pytest.fixture
def rules(tmp_path: Path) -> Any:
    def write(text: str, name: str = "the-le.yaml") -> str:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_the_rules_name_criteria_and_ties(ranked: Any, rules: Any) -> None:
    file = rules("ranking: [correct, score]\nties: 1,1,2\n")
    text = table("An,,1,10,5,,,", "Bình,,1,11,4,,,", "Chi,,1,10,5,,,", "Dũng,,1,12,3,,,")
    answer = ranked(text, "--rules", file)
    assert answer.places("overall") == [(1, "An"), (1, "Chi"), (2, "Bình"), (3, "Dũng")]
    assert answer.document["overall"][0]["seconds"] is None


def test_the_default_of_rules_does_not_look_at_the_moment(ranked: Any, rules: Any) -> None:
    text = table(row("An", at="08:00:00"), row("Bình", at="14:00:00"))
    assert ranked(text, "--rules", rules("title: Hội thi\n")).places("overall") == [(1, "An"), (1, "Bình")]


def test_a_measure_that_the_rules_use_must_be_there(ranked: Any, rules: Any) -> None:
    answer = ranked(table(row("An")), "--rules", rules("ranking: [correct]\n"))
    assert answer.code == 1
    assert "correct" in answer.notes[0]


def test_rounds_of_the_rules_by_key_or_name(ranked: Any, rules: Any) -> None:
    file = rules("""
rounds:
  - {key: v2, name: Vòng hai, minutes: 10}
  - {key: v1, name: Vòng một, minutes: 10, attempts: {limit: 2}}
""")
    answer = ranked(table(
        row("An", 1, round="v1"), row("An", 2, round="Vòng một"), row("An", 4, round="Vòng hai"),
        row("An", 3, round="v2"), row("An", 9, round="thi thử")), "--rules", file)
    assert answer.document["overall"][0]["score"] == 6
    assert list(answer.document["by_round"]) == ["v2", "v1"]
    assert answer.code == 1
    assert "dòng 6" in answer.notes[0] and "thi thử" in answer.notes[0]
    assert "An" in answer.notes[1] and "v2" in answer.notes[1]


@pytest.mark.parametrize(("text", "where"), [
    ("ranking: [prediction]", "dòng 1, ranking[0]"),
    ("title: x\ncollective: {}", "dòng 2, collective"),
    ("ranking: []", "ranking"),
    ("ranking: [score,\n score]", "dòng 2, ranking[1]"),
    ("ranking: [score", "YAML"),
    ("- a", "phải là một nhóm mục"),
])
def test_what_rules_cannot_express_yet_is_refused_in_one_line(ranked: Any, rules: Any, text: str,
                                                              where: str) -> None:
    answer = ranked(table(row("An")), "--rules", rules(text))
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert where in answer.err


def test_what_is_given_afterwards_is_read_and_a_broken_file_refused(ranked: Any, rules: Any) -> None:
    assert ranked(table(row("An")), "--given", rules("people: 7172\n")).code == 0
    assert ranked(table(row("An")), "--given", rules("")).code == 0
    assert ranked(table(row("An")), "--given", rules("[")).code == 2
    assert ranked(table(row("An")), "--given", rules("- 1")).code == 2


# As a program


def test_it_works_in_an_empty_read_only_folder_without_framework_or_database(tmp_path: Path) -> None:
    results = tmp_path / "r.csv"
    results.write_text(table(row("Bình")), encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o555)
    script = (
        "import sys; from contest.standings.rank_command import rank_command\n"
        "code = rank_command(sys.argv[1:])\n"
        "heavy = sorted({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'werkzeug', 'core'})\n"
        "assert not heavy, heavy\n"
        "sys.exit(code)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script, "--results", str(results), "--json"], cwd=empty, capture_output=True,
        env={"PYTHONPATH": str(root), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode())["overall"][0]["contestant"] == "Bình"
    assert list(empty.iterdir()) == []


lines = st.builds(
    row,
    contestant=st.sampled_from(["An", "Bình", "Chi"]),
    score=st.sampled_from([28, "7.25", "x"]),
    seconds=st.integers(-1, 2),
    at=st.sampled_from(["08:00:00", "09:00:00", ""]),
    round=st.sampled_from(["1", "2"]),
    unit=st.sampled_from([DONG_MY, TAM_HIEP_PHUC_THO, TAM_HIEP_THANH_TRI, POLICE, ""]),
    status=st.sampled_from(["", "", "absent"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(lines, max_size=8).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_rows_changes_no_standing(ranked: Any, both: tuple[list[str], list[str]]) -> None:
    one, other = (ranked(table(*some)) for some in both)
    for key in ("overall", "by_unit", "by_round"):
        assert one.document[key] == other.document[key]
    assert (one.code, len(one.notes)) == (other.code, len(other.notes))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.binary(max_size=60) | st.text(alphabet='"\n,;\t\r a28', max_size=60).map(
    lambda noise: table(row("An"), noise)))
def test_whatever_is_in_the_file_it_ends_with_an_exit_code(ranked: Any, content: str | bytes) -> None:
    answer = ranked(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    assert answer.code in (0, 1, 2)
    assert (answer.code == 2) == (answer.out == "")
    if answer.code != 2:
        assert set(answer.document) == {"overall", "by_unit", "by_division", "by_round", "collective", "notes"}
