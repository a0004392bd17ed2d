"""`python run.py questions similar FILE [--threshold 0.8] --json`: which questions of a list say nearly the same.

Needs no application, database or instance folder. Exit codes are those of `questions read`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from core.plain_commands import NOT_TAKEN, CommandParser, write_out
from questions.interchange.commands import DONE, PROBLEMS
from questions.similarity.nearest import THRESHOLD, Pair
from questions.similarity.pairs import MOST_PAIRS, pairs

if TYPE_CHECKING:
    from questions.interchange.model import ReadResult

_ABOUT = """\
Tìm các câu hỏi gần giống nhau trong một danh sách (mọi dạng tệp mà questions read đọc được): đảo thứ tự phương án,
đổi vài từ, khác cách gõ dấu, chữ hoa, dấu câu, số thứ tự. Mỗi cặp có điểm giống từ 0 đến 1 và lý do, nói rõ khác ở đâu.

Find near-duplicates in a question list (every format that questions read takes): options in another order, a few words
changed, another way of typing, capitals, punctuation, numbering. Each pair has a score from 0 to 1 and says what differs.
"""
_NOTES = """\
Câu được gọi theo số trong tệp. Số lặp lại thì câu sau là "12 (2)", "12 (3)"; câu không có số là "#5" (câu thứ năm).
Questions go by their number in the file; where it repeats, later ones are "12 (2)", "12 (3)"; one without is "#5" (the fifth).

Mã kết thúc: 0 xong; 1 xong, nhưng có phần chữ không xếp được vào câu nào (xem questions read); 2 tệp không đọc được.
Exit codes: 0 done; 1 done, but some text found no place (see questions read); 2 the input is not what the command takes.

JSON: {"pairs": [{"a": "12", "b": "87", "score": 0.97, "why": "…"}]}, giống nhất trước / best first
"""


def similar_command(argv: list[str]) -> int:
    """Runs `questions similar` with these arguments and returns its exit code."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    from core.documents.limits import DocumentRefused
    from questions.interchange.registry import read_questions

    try:
        result = read_questions(Path(arguments.file))
        names = named(question.number for question in result.questions)
        found = pairs(
            [(name, question.stem, question.options) for name, question in zip(names, result.questions, strict=True)],
            arguments.threshold,
        )
    except DocumentRefused as refusal:
        print(str(refusal), file=sys.stderr)
        return NOT_TAKEN
    except Exception as error:  # whatever a strange file provokes, a script gets one line and an exit code
        print(f"Không đọc được tệp này ({type(error).__name__}); xin báo lỗi kèm tệp.", file=sys.stderr)
        return NOT_TAKEN
    if arguments.json:
        document = {"pairs": [{"a": pair.a, "b": pair.b, "score": pair.score, "why": pair.why} for pair in found]}
        write_out(json.dumps(document, ensure_ascii=False, indent=1))
    elif found:
        stems = {name: question.stem for name, question in zip(names, result.questions, strict=True)}
        write_out("\n".join(_as_text(pair, stems) for pair in found))
    print(_summary(result, found, arguments.threshold), file=sys.stderr)
    return PROBLEMS if result.problems else DONE


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="run.py questions similar",
        description=_ABOUT,
        epilog=_NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="tệp danh sách câu hỏi / the question list")
    parser.add_argument(
        "--threshold",
        metavar="S",
        type=_threshold,
        default=THRESHOLD,
        help="chỉ nêu các cặp có điểm từ S trở lên, 0 đến 1 (mặc định 0.8) / only pairs from this score on (default 0.8)",
    )
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON ra đầu ra chuẩn / print one JSON document")
    return parser


def _threshold(text: str) -> float:
    """A number from 0 to 1, also with a decimal comma."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("cần một số từ 0 đến 1, ví dụ 0.8 / a number from 0 to 1, such as 0.8")
    return value


def named(numbers: Iterable[str]) -> list[str]:
    """A name of its own for each question: its number, or one that tells it from those before it."""
    names: dict[str, None] = {}
    times: dict[str, int] = {}
    for position, number in enumerate(numbers, start=1):
        base = number.strip() or f"#{position}"
        name = base
        while name in names:
            times[base] = times.get(base, 1) + 1
            name = f"{base} ({times[base]})"
        names[name] = None
    return list(names)


def _as_text(pair: Pair, stems: dict[str, str]) -> str:
    """A pair for a person at a terminal."""
    lines = [f"{100 * pair.score:.1f} %: {pair.why}".replace(".", ",", 1)]
    lines.extend(f"    Câu {name}: {' '.join(stems[name].split())}" for name in (pair.a, pair.b))
    return "\n".join(lines)


def _summary(result: ReadResult, found: list[Pair], threshold: float) -> str:
    said = f"Đọc được {len(result.questions)} câu, {len(found)} cặp giống nhau từ {threshold:g} trở lên"
    if len(found) == MOST_PAIRS:
        said += " (chỉ nêu chừng ấy cặp giống nhất)"
    return f"{said}, {len(result.problems)} chỗ chưa hiểu."
