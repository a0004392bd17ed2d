"""`python run.py questions statistics --responses R.csv [--key K.csv] --json`: what the answers say about the items.

Needs no application, database or instance folder. Exit 0: done; 2: the input is not what the command takes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from core.plain_commands import NOT_TAKEN, CommandParser, write_out

DONE = 0

_ABOUT = """\
Thống kê câu hỏi và đề thi từ bảng trả lời: độ khó, độ phân biệt, phương án nhiễu, độ tin cậy, mô hình hai tham số.
Cách tính và nguồn của từng số: docs/thong-ke.md.

Item and paper statistics from a table of answers: difficulty, discrimination, options, reliability, two-parameter model.
"""
_TABLES = """\
R.csv: dòng đầu là mã các câu; mỗi dòng sau là một người (cột đầu). Ô: 1 đúng, 0 sai, để trống là chưa làm đến;
hoặc chữ cái của phương án khi có K.csv. K.csv: hai cột item,key. Dấu phẩy, chấm phẩy hoặc tab đều được; ghi bằng UTF-8.

R.csv: first line the items, then a line a person (first column). Cells: 1 right, 0 wrong, empty not reached; or letters
of options when K.csv (item,key) is given.

JSON: {"items": [{"id", "n", "difficulty", "discrimination", "upper_lower", "a", "b",
"options": {"A": {"share", "mean_rest"}}, "flags": []}], "paper": {"n", "items", "mean", "sd", "alpha", "sem"}}
null: số liệu không xác định được số này / not defined by the data.

Mã kết thúc: 0 xong; 2 tệp không đọc được. / Exit codes: 0 done; 2 the input is not what the command takes.

Các dấu cần xem / flags:
"""


def _parser() -> argparse.ArgumentParser:
    from questions.statistics.flags import MEANINGS

    parser = CommandParser(
        prog="run.py questions statistics",
        description=_ABOUT,
        epilog=_TABLES + "\n".join(f"  {code}: {meaning}" for code, meaning in MEANINGS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--responses", required=True, metavar="R.csv", help="bảng trả lời / the answers")
    parser.add_argument("--key", metavar="K.csv", help="đáp án từng câu / the key of each item")
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON ra đầu ra chuẩn / print one JSON document")
    return parser


def statistics_command(argv: list[str]) -> int:
    """Runs `questions statistics` with these arguments and returns its exit code."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    from questions.statistics.analysis import analyse
    from questions.statistics.reading import ResponsesRefused, read_responses
    from questions.statistics.report import report

    try:
        responses = read_responses(Path(arguments.responses), Path(arguments.key) if arguments.key else None)
    except ResponsesRefused as refusal:
        print(" ".join(str(refusal).split()), file=sys.stderr)
        return NOT_TAKEN
    statistics = analyse(responses)
    text = json.dumps(statistics.as_json(), ensure_ascii=False, indent=1) if arguments.json else report(statistics)
    write_out(text)
    for note in responses.notes:
        print(f"Lưu ý: {note}.", file=sys.stderr)
    return DONE
