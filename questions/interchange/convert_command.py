"""`python run.py questions convert IN OUT [--from F] [--to F] [--json]`: a question list from one format to another.

What OUT cannot carry is listed on standard error before anything is written (and in the JSON). Needs no application or
database. Exit 0: written; 1: written, but something in the data is wrong (no usable key, text that found no place), or
nothing could be written; 2: the input is not what the command takes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.plain_commands import NOT_TAKEN, CommandParser, write_out

if TYPE_CHECKING:
    from questions.interchange.exchange.formats import OutFormat
    from questions.interchange.exchange.losses import Loss, Sorted
    from questions.interchange.model import ReadResult

DONE, WRONG = 0, 1
#: Question numbers named in one line of losses for people; the JSON has all.
NAMED = 8

_ABOUT = """\
Chuyển một danh sách câu hỏi từ định dạng này sang định dạng khác. Định dạng của OUT theo đuôi tệp hoặc --to.
Những gì OUT không giữ được được liệt kê trước khi ghi. Tệp OUT chỉ xuất hiện khi đã ghi trọn vẹn.

Convert a question list. OUT's format follows its extension or --to; what it cannot carry is listed before writing.
"""
_NOTES = """\
Định dạng ghi được / formats to write: {names}.
Định dạng đọc được / formats to read (--from): {sources}. Không có --from thì nội dung quyết định / else the content decides.

Mã kết thúc: 0 đã ghi; 1 dữ liệu có chỗ sai (câu chưa có đáp án, chữ chưa xếp được); 2 tệp không đọc hoặc không ghi được.
Exit codes: 0 written; 1 something in the data is wrong; 2 the input is not what the command takes.

JSON: {{"from", "to", "questions", "written", "losses": [{{"question", "part", "message", "refused"}}],
"doubts": [{{"question", "message"}}], "problems": [{{"where", "text", "message"}}]}}
"""


def _parser() -> argparse.ArgumentParser:
    from questions.interchange.exchange.formats import FORMATS
    from questions.interchange.registry import FORCED

    notes = _NOTES.format(names=", ".join(f"{f.name} ({f.extension})" for f in FORMATS.values()), sources=", ".join(FORCED))
    parser = CommandParser(
        prog="run.py questions convert",
        description=_ABOUT,
        epilog=notes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("source", metavar="IN", help="tệp câu hỏi / the question list")
    parser.add_argument("target", metavar="OUT", help="tệp sẽ ghi / the file to write")
    parser.add_argument("--from", dest="source_format", metavar="FORMAT", help="định dạng của IN / format of IN")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="định dạng của OUT / format of OUT")
    parser.add_argument("--key", metavar="KEYFILE", help="tệp đáp án riêng / keys in a second file")
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON ra đầu ra chuẩn / print one JSON document")
    return parser


class _NotTaken(Exception):
    """The input is not what the command takes; the text says why."""


def convert_command(argv: list[str]) -> int:
    """Runs `questions convert` with these arguments and returns its exit code."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    from core.documents.limits import DocumentRefused

    try:
        return _convert(arguments)
    except (_NotTaken, DocumentRefused) as refusal:
        print(str(refusal), file=sys.stderr)
    except Exception as error:  # whatever a strange file provokes, a script gets one line and an exit code
        print(f"Không chuyển được tệp này ({type(error).__name__}); xin báo lỗi kèm tệp.", file=sys.stderr)
    return NOT_TAKEN


def _convert(arguments: argparse.Namespace) -> int:
    source, target = Path(arguments.source), Path(arguments.target)
    out = _out_format(target, arguments.target_format)
    result = _read(source, arguments)
    if target.exists() and source.exists() and target.samefile(source):
        raise _NotTaken("IN và OUT là cùng một tệp.")
    found = out.sort_out(result.questions)
    _tell(result, found)
    keyless = any(loss.keyless for loss in found.losses)
    if found.writable:
        content = out.write(found.writable)
        _put(target, content)
    if arguments.json:
        write_out(json.dumps(_document(result, out, found), ensure_ascii=False, indent=1))
    if found.writable:
        print(f"Đã ghi {len(found.writable)} trong {len(result.questions)} câu vào {target}.", file=sys.stderr)
    else:
        print("Không có câu nào ghi được, nên không ghi tệp nào.", file=sys.stderr)
    return WRONG if result.problems or keyless or not found.writable else DONE


def _out_format(target: Path, name: str | None) -> OutFormat:
    from questions.interchange.exchange.formats import FORMATS, format_for, format_named

    out = format_named(name) if name else format_for(target)
    if out is not None:
        return out
    known = ", ".join(FORMATS)
    if name:
        raise _NotTaken(f"Không có định dạng “{name}” để ghi. Các định dạng: {known}.")
    raise _NotTaken(f"Đuôi tệp “{target.suffix}” không cho biết định dạng cần ghi. Hãy thêm --to, một trong: {known}.")


def _read(source: Path, arguments: argparse.Namespace) -> ReadResult:
    from questions.interchange.registry import FORCED, read_questions

    forced = (arguments.source_format or "").strip().lower().replace("-", "_")
    if forced and forced not in FORCED:
        raise _NotTaken(f"Không có định dạng “{arguments.source_format}” để đọc. Các định dạng: {', '.join(FORCED)}.")
    return read_questions(source, Path(arguments.key) if arguments.key else None, forced=FORCED.get(forced, ""))


def _put(target: Path, content: bytes) -> None:
    """Writes the whole file or none: into a neighbour first, which then takes the name."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    except OSError as error:
        raise _NotTaken(f"Không ghi được vào thư mục {target.parent}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o666 & ~_mask())
        Path(name).replace(target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _NotTaken(f"Không ghi được tệp {target}.") from error


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _document(result: ReadResult, out: OutFormat, found: Sorted) -> dict[str, Any]:
    return {
        "from": result.format,
        "to": out.name,
        "questions": len(result.questions),
        "written": len(found.writable),
        "losses": [loss.as_json() for loss in found.losses],
        "doubts": [
            {"question": question.number or str(place), "message": doubt}
            for place, question in enumerate(result.questions, 1)
            for doubt in question.doubts
        ],
        "problems": [{"where": p.where, "text": p.text, "message": p.message} for p in result.problems],
    }


def _tell(result: ReadResult, found: Sorted) -> None:
    """Losses, doubts and problems in words on standard error; what is the same of many questions in one line."""
    lines = [loss.message for loss in found.refused]
    kept: dict[str, list[Loss]] = {}
    for loss in found.losses:
        if not loss.refused:
            kept.setdefault(loss.message.partition(": ")[2], []).append(loss)
    for words, of in kept.items():
        lines.append(f"{words[:1].upper()}{words[1:].rstrip('.')} ({_names([loss.question for loss in of])}).")
    doubted = [q.number or f"thứ {place}" for place, q in enumerate(result.questions, 1) if q.doubts]
    if doubted:
        lines.append(f"Còn chỗ cần người xem, chạy “questions read” để biết ({_names(doubted)}).")
    lines += [f"{problem.where}: {problem.message} {problem.text[:200]}" for problem in result.problems]
    lines += result.notes
    for line in lines:
        print(line, file=sys.stderr)


def _names(questions: list[str]) -> str:
    more = f" và {len(questions) - NAMED} câu nữa" if len(questions) > NAMED else ""
    return f"câu {', '.join(questions[:NAMED])}{more}"
