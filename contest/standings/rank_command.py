"""The command `standings rank`: a table of results in, the standings out. Its contract is used by other
programs.

Works from files alone: no server, no database, no framework, nothing written. Exit 0: done; 1: done, but some
row could not be read (the notes say which); 2: the input is not what the command takes, one line on standard
error.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NoReturn, TextIO

from contest.rules.checking import check
from contest.rules.criteria import Criterion, Number
from contest.rules.criteria.moment import Moment
from contest.rules.criteria.score import Score
from contest.rules.criteria.seconds import Seconds
from contest.rules.document import ContestRules
from contest.rules.plain import RulesError, exact_plain
from contest.rules.ranking import Ranked, rank_in_scopes, units_above_cell
from contest.rules.reading import located, read_rules, read_yaml
from contest.rules.results import Result, counted, results
from contest.standings.results_table import ResultsTable, TableError, read_results, tidy

WITHOUT_RULES: tuple[Criterion, ...] = (Score(), Seconds(), Moment())
"""How the command ranks where no rules are given: marks, then time used, then the earlier moment."""

_quoted = json.JSONEncoder(ensure_ascii=False).encode

EVERYBODY: tuple[str, ...] = ()
"""The scope above all units."""

_UNREADABLE: dict[type[Exception], str] = {
    FileNotFoundError: "không có tệp này",
    IsADirectoryError: "là thư mục, không phải tệp",
    PermissionError: "không được phép đọc tệp này",
}


class InputError(ValueError):
    """The input is not what the command takes. The message is one line."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Everything that the command prints."""

    overall: list[Ranked[Result]]
    by_unit: dict[str, list[Ranked[Result]]]
    by_round: dict[str, list[Ranked[Result]]]
    notes: list[str]
    unit_texts: Mapping[tuple[str, ...], str]

    def json_pieces(self) -> Iterator[str]:
        """The JSON document of the contract, piece by piece; every key is always there.

        A person stands in many lists, so all of a row but its rank is written once and used in each.
        """
        tails: dict[int, str] = {}

        def listed(ranked: Iterable[Ranked[Result]]) -> str:
            written = []
            for number, row in ranked:
                tail = tails.get(id(row))
                if tail is None:
                    tail = tails[id(row)] = self._but_rank(row)
                written.append(f'{{"rank": {number}, {tail}')
            return f"[{', '.join(written)}]"

        def named(lists: Mapping[str, Iterable[Ranked[Result]]]) -> Iterator[str]:
            yield "{"
            for at, (name, ranked) in enumerate(lists.items()):
                yield f"{', ' if at else ''}{_quoted(name)}: {listed(ranked)}"
            yield "}"

        yield '{"overall": '
        yield listed(self.overall)
        yield ', "by_unit": '
        yield from named(self.by_unit)
        yield ', "by_division": {}, "by_round": '
        yield from named(self.by_round)
        yield f', "collective": [], "notes": {_quoted(self.notes)}}}\n'

    def _but_rank(self, row: Result) -> str:
        score = json_number(row.score)
        return (
            f'"contestant": {_quoted(row.contestant)}, "unit": {_quoted(self.unit_texts.get(row.unit, ""))}, '
            f'"score": {score if isinstance(score, int) else _quoted(score)}, '
            f'"seconds": {"null" if row.seconds is None else row.seconds}, "award": null, "advances": false}}'
        )


def rank_command(argv: Sequence[str]) -> int:
    """Runs the command with its arguments (without `standings rank`); gives the exit code, never raises."""
    collecting = gc.isenabled()
    gc.disable()  # millions of small values and no cycle among them: looking for one is half the time
    try:
        return _run(argv)
    finally:
        if collecting:
            gc.enable()


def _run(argv: Sequence[str]) -> int:
    try:
        arguments = _parser().parse_args(argv)
    except InputError as error:
        return _refused(str(error))
    except SystemExit:  # --help
        return 0
    try:
        rules = _rules(arguments.rules)
        _given(arguments.given)
        table = _table(arguments.results, rules)
    except InputError as error:
        return _refused(str(error))
    standings = standings_of(table, rules)
    if arguments.json:
        _write(sys.stdout, standings.json_pieces())
    else:
        _write(sys.stdout, (f"{line}\n" for line in _text(standings)))
        _write(sys.stderr, (f"{note}\n" for note in standings.notes))
    return 1 if table.damaged else 0


def standings_of(table: ResultsTable, rules: ContestRules | None = None) -> Standings:
    """The standings of what was read, by the rules' criteria or by those of the command itself."""
    criteria = rules.ranking if rules else WITHOUT_RULES
    ties = rules.ties if rules else "1,1,3"
    people = results(counted(table.sittings, criteria))
    by_path = rank_in_scopes(people, _everybody_and_units_above, criteria, ties, _by_name)
    overall = by_path.pop(EVERYBODY, [])
    each_round = [row for person in people for row in _each_round(person)]
    by_round = rank_in_scopes(each_round, lambda row: (row.sittings[0].round,), criteria, ties, _by_name)
    return Standings(
        overall=overall,
        by_unit=_named(by_path, table.unit_texts),
        by_round=_in_rules_order(by_round, rules),
        notes=[*table.notes, *_too_many_attempts(table, rules)],
        unit_texts=table.unit_texts,
    )


def _everybody_and_units_above(row: Result) -> list[tuple[str, ...]]:
    return [EVERYBODY, *units_above_cell(row.unit)]


def _each_round(person: Result) -> list[Result]:
    """A person's result in each round alone."""
    return [person] if len(person.sittings) == 1 else [results([one])[0] for one in person.sittings]


def json_number(value: Number) -> int | str:
    """A whole number as a number, another as the text of its exact decimal."""
    if isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return exact_plain(value) if isinstance(value, Decimal) else value


def _by_name(row: Result) -> str:
    return row.contestant


def _named(by_path: dict[tuple[str, ...], list[Ranked[Result]]],
           units: Iterable[tuple[str, ...]]) -> dict[str, list[Ranked[Result]]]:
    """Units by their name; by their path where two units of the file share a name, ranked or not."""
    bearers = Counter(path[-1] for path in {above for unit in units for above in units_above_cell(unit)})
    return {
        path[-1] if bearers[path[-1]] == 1 else " / ".join(path): by_path[path]
        for path in sorted(by_path)
    }


def _in_rules_order(by_round: dict[str, list[Ranked[Result]]],
                    rules: ContestRules | None) -> dict[str, list[Ranked[Result]]]:
    order = {one.key: at for at, one in enumerate(rules.rounds)} if rules else {}
    return {name: by_round[name] for name in sorted(by_round, key=lambda name: (order.get(name, 0), name))}


def _too_many_attempts(table: ResultsTable, rules: ContestRules | None) -> list[str]:
    """Notes where somebody has more sittings of a round than the rules allow."""
    limits = {one.key: one.attempts.limit for one in rules.rounds} if rules else {}
    had: dict[tuple[str, str], int] = {}
    for one in table.sittings if limits else ():
        had[one.contestant, one.round] = had.get((one.contestant, one.round), 0) + 1
    return [
        f"{contestant}: có {number} lượt ở vòng {key}, thể lệ cho {limits[key]}; đã tính lượt tốt nhất"
        for (contestant, key), number in sorted(had.items()) if number > limits[key]
    ]


def _rules(name: str | None) -> ContestRules | None:
    if name is None:
        return None
    text = _read_text(name)
    try:
        rules = read_rules(text)
        faults = [one for one in check(rules) if one.path.startswith("ranking")]
        if faults:
            raise RulesError(located(faults, read_yaml(text)[1]))
    except RulesError as error:
        others = len(error.faults) - 1
        more = f" (và {others} lỗi khác)" if others else ""
        raise InputError(f"{name}: {error.faults[0]}{more}") from None
    return rules


def _given(name: str | None) -> None:
    """What is known only afterwards. No criterion of this version asks for any; a broken file is still
    refused."""
    if name is None:
        return
    try:
        value, _lines = read_yaml(_read_text(name))
    except RulesError as error:
        raise InputError(f"{name}: {error.faults[0]}") from None
    if value is not None and not isinstance(value, dict):
        raise InputError(f"{name}: phải là một nhóm mục")


def _table(name: str, rules: ContestRules | None) -> ResultsTable:
    criteria = rules.ranking if rules else WITHOUT_RULES
    rounds = None
    if rules and rules.rounds:
        rounds = {tidy(called): one.key for one in rules.rounds for called in (one.name, one.key)}
    try:
        return read_results(_read(name), [criterion.field for criterion in criteria], rounds)
    except TableError as error:
        raise InputError(f"{name}: {error}") from None


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: {_UNREADABLE.get(type(error), 'không đọc được tệp này')}") from None


def _read_text(name: str) -> str:
    try:
        return _read(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: tệp không được ghi bằng UTF-8") from None


def _text(standings: Standings) -> Iterator[str]:
    """The standings as tables for people."""
    yield from _section("Bảng xếp hạng chung", standings.overall, standings)
    for name, ranked in standings.by_unit.items():
        yield ""
        yield from _section(name, ranked, standings)
    if len(standings.by_round) > 1:
        for name, ranked in standings.by_round.items():
            yield ""
            yield from _section(f"Vòng: {name}", ranked, standings)


def _section(title: str, ranked: list[Ranked[Result]], standings: Standings) -> Iterator[str]:
    yield f"{title} ({len(ranked)} người)"
    lines = [("Hạng", "Điểm", "Thời gian", "Thí sinh", "Đơn vị")]
    for number, row in ranked:
        seconds = "" if row.seconds is None else f"{row.seconds // 60:02}:{row.seconds % 60:02}"
        score = str(json_number(row.score)).replace(".", ",")
        lines.append((str(number), score, seconds, row.contestant, standings.unit_texts.get(row.unit, "")))
    widths = [max(len(line[at]) for line in lines) for at in range(4)]
    for line in lines:
        numbers = [line[at].rjust(widths[at]) for at in range(3)]
        yield "  ".join([*numbers, line[3].ljust(widths[3]), line[4]]).rstrip()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (xem / see: standings rank --help)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python run.py standings rank", allow_abbrev=False,
        description="Xếp hạng từ tệp kết quả CSV, mỗi dòng một lượt thi. "
                    "/ Ranks a CSV of results, one row a sitting.",
        epilog="Cột / columns: contestant, unit (Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1) hoặc / or "
               "district, round, score, correct, seconds, submitted_at (RFC 3339), status (absent, disqualified, "
               "out_of_competition). Mã kết thúc / exit: 0 xong / done; 1 có dòng không đọc được / some row could "
               "not be read; 2 đầu vào không đúng / wrong input.")
    parser.add_argument("--results", required=True, metavar="R.csv", help="tệp kết quả / the results")
    parser.add_argument("--rules", metavar="FILE.yaml", help="thể lệ: tiêu chí xếp hạng, đồng hạng / the rules")
    parser.add_argument("--given", metavar="GIVEN.yaml",
                        help="dữ liệu chỉ biết sau khi thi / what is known only afterwards")
    parser.add_argument("--json", action="store_true", help="in một tài liệu JSON / print one JSON document")
    return parser


def _refused(message: str) -> int:
    _write(sys.stderr, [" ".join(message.split()), "\n"])
    return 2


def _write(stream: TextIO, pieces: Iterable[str]) -> None:
    """Writes UTF-8 whatever the terminal's own encoding is; a reader that has gone away is no error."""
    if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
        stream.reconfigure(encoding="utf-8")
    try:
        stream.writelines(pieces)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # nor is anything written to it at exit
