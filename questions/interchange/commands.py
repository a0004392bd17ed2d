"""`python run.py questions read FILE [--key KEYFILE] --json`: reads a question list and says what it understood.

Needs no application, database or instance folder. Exit 0: read; 1: some text found no place (the output says which);
2: the file is not what the command takes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.plain_commands import NOT_TAKEN, CommandParser, write_out

if TYPE_CHECKING:
    from questions.interchange.model import ReadResult

DONE, PROBLEMS = 0, 1

_ABOUT = """\
Đọc một danh sách câu hỏi (Word .docx, Excel .xlsx, PDF có lớp chữ, văn bản thuần, Aiken, GIFT, Moodle XML,
gói QTI 2.1, 2.2, 3.0; .doc, .rtf, .html khi máy có LibreOffice) và in ra điều hiểu được.
Nội dung quyết định cách đọc, không phải đuôi tệp.

Read a question list (Word .docx, Excel .xlsx, PDF with a text layer, plain text, Aiken, GIFT, Moodle XML, QTI
packages; .doc, .rtf, .html where LibreOffice is installed) and print what was understood.
The content decides how it is read, not the file's extension.
"""
_NOTES = """\
Mã kết thúc: 0 đọc xong; 1 có phần chữ không xếp được vào câu nào; 2 tệp không đọc được.
Exit codes: 0 done; 1 some text found no place; 2 the input is not what the command takes.

JSON: {"questions": [{"number", "stem", "options", "correct" (từ 0 / from 0), "type", "source", "explanation",
"section", "topic", "level", "rubric", "doubts"; nếu tệp có / where the file has them: "name", "points", "tags", "feedback",
"weights", "carried", "pairs", "choices", "order", "accepted", "case_sensitive", "value", "tolerance", "answers"}],
"problems": [{"where", "text", "message"}], "sections": [...]}
"""


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="run.py questions read",
        description=_ABOUT,
        epilog=_NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="tệp danh sách câu hỏi / the question list")
    parser.add_argument(
        "--key",
        metavar="KEYFILE",
        help="tệp đáp án riêng: bảng Word, Excel hoặc văn bản / keys in a second file: Word table, Excel or text",
    )
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON ra đầu ra chuẩn / print one JSON document")
    return parser


def read_command(argv: list[str]) -> int:
    """Runs `questions read` with these arguments and returns its exit code."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    from core.documents.limits import DocumentRefused
    from questions.interchange.registry import read_questions

    try:
        key = Path(arguments.key) if arguments.key else None
        result = read_questions(Path(arguments.file), key)
    except DocumentRefused as refusal:
        print(str(refusal), file=sys.stderr)
        return NOT_TAKEN
    except Exception as error:  # whatever a strange file provokes, a script gets one line and an exit code
        print(f"Không đọc được tệp này ({type(error).__name__}); xin báo lỗi kèm tệp.", file=sys.stderr)
        return NOT_TAKEN
    if arguments.json:
        write_out(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    else:
        write_out(_as_text(result))
    doubted = len(result.questions) - len(result.certain)
    print(
        f"Đọc được {len(result.questions)} câu, {doubted} câu cần xem lại, {len(result.problems)} chỗ chưa hiểu.",
        file=sys.stderr,
    )
    return PROBLEMS if result.problems else DONE


def _as_text(result: ReadResult) -> str:
    """The reading for a person at a terminal."""
    lines: list[str] = []
    for question in result.questions:
        lines.append(f"Câu {question.number or '–'}: {question.stem}")
        for place, option in enumerate(question.options):
            sign = "✓" if place in question.correct else " "
            lines.append(f"  {sign} {chr(65 + place)}. {option}")
        lines.extend(f"    ({item.points} điểm) {item.text}" for item in question.rubric)
        if question.source:
            lines.append(f"    Căn cứ: {question.source}")
        lines.extend(f"    Cần xem: {doubt}" for doubt in question.doubts)
    lines.extend(f"{problem.where}: {problem.message} {problem.text}" for problem in result.problems)
    return "\n".join(lines)
