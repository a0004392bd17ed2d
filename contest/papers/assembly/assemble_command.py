"""The command `papers assemble`: a bank and a blueprint in, parallel forms out. Its contract is used by other programs.

Works from files alone: no server, no database, nothing written. Exit 0: forms; 1: there are none (the JSON says what is
short); 2: the input is not what the command takes, one line on standard error.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from contest.papers.assembly.assemble import BEST_FOUND, NOT_FOUND, OPTIMAL, Assembly, BrokenForms, assemble
from contest.papers.assembly.blueprint_file import Blueprint, read_blueprint
from contest.papers.assembly.items_table import ItemsError, read_items
from contest.papers.assembly.model import Task, in_difficulty, sums, worth
from contest.papers.assembly.selecting import missing
from contest.rules.plain import RulesError
from core.plain_commands import NOT_TAKEN, write

DONE, NO_FORMS = 0, 1
MOST_FORMS = 99
MOST_SECONDS = 3600

T = TypeVar("T")

_UNREADABLE: dict[type[Exception], str] = {
    FileNotFoundError: "không có tệp này",
    IsADirectoryError: "là thư mục, không phải tệp",
    PermissionError: "không được phép đọc tệp này",
}
_SAID = {  # what argparse says, in Vietnamese
    "the following arguments are required:": "thiếu",
    "unrecognized arguments:": "không có tùy chọn",
    "expected one argument": "cần một giá trị",
    "argument --": "--",
}
_NAMES = {"topic": "chủ đề", "level": "mức độ", "type": "loại câu", "points": "điểm"}
_STATUS = {
    OPTIMAL: "tốt nhất, đã chứng minh",
    BEST_FOUND: "tốt nhất tìm được, chưa chứng minh là không còn cách nào hơn",
}


class InputError(ValueError):
    """The input is not what the command takes. The message is one line."""


def assemble_command(argv: Sequence[str]) -> int:
    """Runs the command with its arguments (without `papers assemble`); gives the exit code, never raises."""
    try:
        arguments = _parser().parse_args(argv)
        items = _read(arguments.items, read_items)
        blueprint = _read(arguments.blueprint, lambda data: read_blueprint(data.decode("utf-8-sig")))
    except InputError as error:
        write(sys.stderr, [" ".join(str(error).split()), "\n"])
        return NOT_TAKEN
    except SystemExit:  # --help
        return DONE
    task = Task(items, blueprint.cells, arguments.forms, min(arguments.max_shared, _form_size(blueprint)))
    try:
        assembly = assemble(task, arguments.seconds, arguments.seed)
    except BrokenForms as error:
        write(sys.stderr, [f"Lỗi của chương trình, các đề ghép ra không đúng yêu cầu nên không in: {error}\n"])
        return NOT_TAKEN
    if arguments.json:
        write(sys.stdout, [json.dumps(document(task, blueprint, assembly), ensure_ascii=False, indent=1), "\n"])
    else:
        write(sys.stdout, (f"{line}\n" for line in _text(task, assembly)))
    write(sys.stderr, (f"{line}\n" for line in _said(task, assembly)))
    return DONE if assembly.forms else NO_FORMS


def document(task: Task, blueprint: Blueprint, assembly: Assembly) -> dict[str, Any]:
    """The JSON document of the contract; every key is always there, `spread` is null where there are no forms."""
    forms = [
        {
            "form": f"{number:02}",
            "items": [task.items[at].id for cell in form for at in cell],
            "difficulty": float(in_difficulty(task, total)),
        }
        for number, (form, total) in enumerate(zip(assembly.forms, sums(task, assembly.forms), strict=True), 1)
    ]
    return {
        "status": assembly.status,
        "spread": float(in_difficulty(task, worth(task, assembly.forms).spread)) if forms else None,
        "forms": forms,
        "short": [
            {"cell": blueprint.written[one.cell], "needed": one.needed, "available": one.available}
            for one in assembly.short
        ],
    }


def _form_size(blueprint: Blueprint) -> int:
    return sum(cell.count for cell in blueprint.cells)


def _read(name: str, reader: Callable[[bytes], T]) -> T:
    try:
        return reader(Path(name).read_bytes())
    except ItemsError as error:
        raise InputError(_first(name, error.faults)) from None
    except RulesError as error:
        raise InputError(_first(name, [str(fault) for fault in error.faults])) from None
    except UnicodeDecodeError:
        raise InputError(f"{name}: tệp không được ghi bằng UTF-8") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: {_UNREADABLE.get(type(error), 'không đọc được tệp này')}") from None


def _first(name: str, faults: Sequence[str]) -> str:
    others = f" (và {len(faults) - 1} lỗi khác)" if len(faults) > 1 else ""
    return f"{name}: {faults[0]}{others}"


def _cell_name(task: Task, number: int) -> str:
    cell = task.cells[number]
    parts = [f"{_NAMES[name]} {getattr(cell, name)}" for name in _NAMES if getattr(cell, name) is not None]
    return f"ô {number + 1} ({', '.join(parts) or 'câu bất kỳ'})"


def _said(task: Task, assembly: Assembly) -> Iterator[str]:
    """What a person should know besides the forms."""
    if assembly.status == NOT_FOUND:
        yield "Chưa tìm được cách ghép đề trong thời gian cho phép; hãy tăng --seconds hoặc --max-shared."
    elif not assembly.forms:
        yield f"Không đủ câu để làm {task.forms} đề theo ma trận này:"
        for one in assembly.short:
            lacks = one.needed - one.available
            yield f"  {_cell_name(task, one.cell)}: cần {one.needed} câu, có {one.available}, thiếu {lacks}"
        if len(assembly.short) > 1:
            yield f"Các ô này dùng chung câu với nhau; tất cả còn thiếu ít nhất {max(1, missing(task))} câu."
            yield "Số câu có của mỗi ô là số còn lại khi các ô dùng chung câu với nó đã lấy đủ phần mình."
        if any(item.enemy_group for item in task.items):
            yield "Mỗi nhóm câu kỵ nhau chỉ cho một câu vào một đề."
    elif not assembly.in_time:
        yield "Hết thời gian trước khi xong; tăng --seconds để tìm kỹ hơn."


def _text(task: Task, assembly: Assembly) -> Iterator[str]:
    """The forms as tables for people."""
    if not assembly.forms:
        return
    value = worth(task, assembly.forms)
    yield f"{task.forms} đề, mỗi đề {task.form_size} câu; {_STATUS[assembly.status]}."
    yield f"Chênh lệch độ khó giữa các đề: {_number(task, value.spread)}; tổng số lần câu đã dùng gần đây: {value.exposure}."
    yield ""
    lines = [("Mã đề", "Tổng độ khó", "Lần đã dùng", "Các câu")]
    for number, (form, total) in enumerate(zip(assembly.forms, sums(task, assembly.forms), strict=True), 1):
        inside = [task.items[at] for cell in form for at in cell]
        used = sum(item.exposure for item in inside)
        lines.append((f"{number:02}", _number(task, total), str(used), " ".join(item.id for item in inside)))
    widths = [max(len(line[at]) for line in lines) for at in range(3)]
    for line in lines:
        yield "  ".join([*(line[at].rjust(widths[at]) for at in range(3)), line[3]])


def _number(task: Task, units: int) -> str:
    return format(in_difficulty(task, units).normalize(), "f").replace(".", ",")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for english, vietnamese in _SAID.items():
            message = message.replace(english, vietnamese)
        raise InputError(f"{message} (xem / see: papers assemble --help)")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"phải là số nguyên từ {least} đến {most}, đang là “{text}”")
        return int(text)

    return read


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII) or not 0 < float(text) <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"phải là số giây lớn hơn 0, nhiều nhất {MOST_SECONDS}, đang là “{text}”")
    return float(text)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python run.py papers assemble", allow_abbrev=False,
        description="Ghép nhiều đề tương đương theo ma trận đề: độ khó bằng nhau nhất có thể, rồi đến ít dùng lại nhất. "
                    "/ Assembles parallel forms: as equal in difficulty as can be, then least used of late.",
        epilog="Cột / columns: id, topic, level, type, points, difficulty, enemy_group (trống / empty: none), exposure "
               "(số lần đã dùng gần đây / times used lately). Ma trận / blueprint: cells: [{topic, level, type, points, "
               "count}]; mục không ghi nhận câu bất kỳ / a field left out matches anything. Mã kết thúc / exit: 0 có đề / "
               "forms; 1 không đủ câu / cannot be done; 2 đầu vào không đúng / wrong input.")
    parser.add_argument("--items", required=True, metavar="I.csv", help="các câu hỏi / the items")
    parser.add_argument("--blueprint", required=True, metavar="B.yaml", help="ma trận đề / the blueprint")
    parser.add_argument("--forms", required=True, type=_whole(1, MOST_FORMS), metavar="N", help="số đề / how many forms")
    parser.add_argument("--max-shared", default=0, type=_whole(0, 10**6), metavar="K",
                        help="hai đề được chung nhiều nhất K câu (0) / two forms share at most K items")
    parser.add_argument("--seconds", default=20.0, type=_seconds, metavar="S",
                        help="thời gian tìm nhiều nhất (20) / time limit")
    parser.add_argument("--seed", default="1", metavar="X", help="cùng X thì cùng kết quả (1) / same X, same forms")
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON / print one JSON document")
    return parser
