"""What is wrong with rules that have the right form: numbers out of bounds, rounds without questions,
doubles.

Each fault has the path of what is wrong and a Vietnamese message. No fault: the round can be set up as it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from contest.rules.document import ContestRules, RoundRules
from contest.rules.plain import Fault, Record

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_SOONEST = ("after_round", "after_publication", "never")


def check(rules: ContestRules) -> list[Fault]:
    """Every fault of a contest's rules, in the document's order of kinds."""
    found = list(Record(ContestRules).bounds(rules, ""))
    if not rules.rounds:
        found.append(Fault("rounds", "chưa có vòng thi nào"))
    for at, one in enumerate(rules.rounds):
        found.extend(_of_round(one, f"rounds[{at}]"))
    found.extend(_doubles("rounds", "key", (one.key for one in rules.rounds), "mã"))
    found.extend(_doubles("rounds", "name", (one.name.strip() for one in rules.rounds), "tên"))
    if not rules.ranking:
        found.append(Fault("ranking", "chưa có tiêu chí xếp hạng nào"))
    found.extend(_doubles("ranking", "by", (one.kind for one in rules.ranking), "tiêu chí"))
    return found


def check_round(one: RoundRules, path: str = "") -> list[Fault]:
    """Every fault of one round's rules; paths begin at `path`."""
    return [*Record(RoundRules).bounds(one, path), *_of_round(one, path)]


def _of_round(one: RoundRules, path: str) -> Iterator[Fault]:
    def at(name: str) -> str:
        return f"{path}.{name}" if path else name

    if one.key and not _KEY.fullmatch(one.key):
        yield Fault(at("key"), "chỉ gồm chữ thường không dấu, số, gạch nối và gạch dưới")
    if not one.parts:
        yield Fault(at("parts"), "chưa có phần thi nào nên vòng thi không có câu hỏi")
    for number, part in enumerate(one.parts):
        yield from part.faults(at(f"parts[{number}]"))
    shown = (one.show.explanations, one.show.answers)  # a choice that there is not, is the bounds' fault to tell
    if set(shown) <= set(_SOONEST) and _SOONEST.index(shown[0]) < _SOONEST.index(shown[1]):
        yield Fault(at("show.explanations"), "giải thích làm lộ đáp án nên không thể hiện ra trước đáp án")


def _doubles(listed: str, name: str, values: Iterable[str], called: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for at, value in enumerate(values):
        same = first.setdefault(value, at)
        if same != at and value:
            yield Fault(f"{listed}[{at}].{name}", f"{called} này đã có ở mục thứ {same + 1}")
