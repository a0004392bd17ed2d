"""Reads a rules document from YAML, so that every fault is told with its line. The only file here that needs
a library.

YAML 1.2; numbers with decimals become exact Decimals, never floats. Refused, with the line: a key given
twice, and aliases (`*name`), which a rules document has no use for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contest.rules.document import ContestRules, from_plain
from contest.rules.plain import Fault, RulesError, joined

_INT = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?\d{1,12}\.\d{1,12}", re.ASCII)
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[\d+\])$|^[^.\[\]]+$")


def read_rules(text: str) -> ContestRules:
    """The contest's rules written in a YAML text. Raises RulesError with every fault, each with its line."""
    value, lines = read_yaml(text)
    try:
        return from_plain(value)
    except RulesError as error:
        raise RulesError(located(error.faults, lines)) from None


def located(faults: Sequence[Fault], lines: dict[str, int]) -> list[Fault]:
    """The faults with the line of their path, or of the nearest thing around it that is written in the
    text."""
    return [replace(fault, line=_line_of(fault.path, lines)) for fault in faults]


def read_yaml(text: str) -> tuple[object, dict[str, int]]:
    """The plain value of a YAML text and the line of each path in it. Raises RulesError where it is no
    YAML."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RulesError([Fault("", "không đúng cú pháp YAML", line)]) from None
    except (YAMLError, ValueError, RecursionError):
        raise RulesError([Fault("", "không phải là văn bản YAML")]) from None
    reader = _Reader()
    value = reader.plain(node, "") if node is not None else None
    if reader.faults:
        raise RulesError(reader.faults)
    return value, reader.lines


class _Reader:
    """Walks the nodes of a YAML text, remembering lines and faults."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def plain(self, node: Node, path: str) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self.faults.append(Fault(path, "không dùng được bí danh YAML (*…)", self.lines[path]))
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(one, f"{path}[{at}]") for at, one in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            inner = joined(path, name)
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.faults.append(Fault(path, "tên mục phải là chữ", line))
            elif name in found:
                self.faults.append(Fault(inner, "mục này được ghi hai lần", line))
            else:
                self.lines[inner] = line
                found[name] = self.plain(value, inner)
        return found


def _scalar(node: Node) -> object:
    text: str = node.value
    tag = str(node.tag).rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and _INT.fullmatch(text):
        return int(text)
    if tag == "float" and _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _line_of(path: str, lines: dict[str, int]) -> int | None:
    while path and path not in lines:
        path = _LAST_STEP.sub("", path) if _LAST_STEP.search(path) else ""
    return lines.get(path)
