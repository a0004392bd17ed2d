"""Aiken: a stem, options "A." or "A)", a line "ANSWER: B"; nothing else can be said in it.

A file that keeps to this everywhere is read here; any other text goes to the reader of free lists, which doubts more.
"""

from __future__ import annotations

import re

from questions.interchange.exchange.keys import true_false
from questions.interchange.exchange.pieces import Gathering
from questions.interchange.model import LineKind, ReadQuestion, ReadResult

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)$")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*([A-Za-z])\s*$")
_TRUTH = ({"đúng", "sai"}, {"true", "false"})
_NUMBERED = re.compile(r"(?:Câu(?: hỏi)?(?: số)?\s*)(\d{1,5}[a-z]?)\s*[.:)]\s*", re.IGNORECASE)


class _NotAiken(Exception):
    """The lines are something else."""


def is_aiken(lines: list[str]) -> bool:
    """Whether every line is part of a whole Aiken question."""
    try:
        return bool(_blocks(lines))
    except _NotAiken:
        return False


def read(lines: list[str]) -> ReadResult:
    """Reads lines of which `is_aiken` is true."""
    gathering = Gathering("aiken")
    owners: dict[int, int] = {}
    for place, block in enumerate(_blocks(lines)):
        stem = "\n".join(block.stem)
        number = _NUMBERED.match(stem)
        question = gathering.begin(
            ReadQuestion(
                number=number[1] if number else "",
                stem=stem[number.end() :] if number else stem,
                options=block.options,
                correct=[block.answer],
            )
        )
        words = [option.casefold() for option in block.options]
        if len(words) == 2 and set(words) in _TRUTH:
            true_false(question, words[block.answer] in ("đúng", "true"))
        owners.update(dict.fromkeys(block.lines, place))
    for at, text in enumerate(lines, 1):
        gathering.source_line(at, text, LineKind.QUESTION, owners.get(at, -1))
    return gathering.done()


class _Block:
    def __init__(self) -> None:
        self.stem: list[str] = []
        self.options: list[str] = []
        self.answer = -1
        self.lines: list[int] = []


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    block = _Block()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            if block.options:  # a blank line parts questions; within one it is something else
                raise _NotAiken
            if block.stem:
                block.stem.append("")
            continue
        block.lines.append(number)
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        if answer and block.options:
            block.answer = ord(answer[1].upper()) - 65
            if not 0 <= block.answer < len(block.options) or len(block.options) < 2:
                raise _NotAiken
            block.stem = [part for part in block.stem if part]
            blocks.append(block)
            block = _Block()
        elif option and block.stem and ord(option[1]) - 65 == len(block.options):
            block.options.append(option[2].strip())
        elif block.options or option or answer:
            raise _NotAiken
        elif "" in block.stem:
            raise _NotAiken  # words, a blank line, words: a heading perhaps
        else:
            block.stem.append(text)
    if block.lines:
        raise _NotAiken
    return blocks


def write(questions: list[ReadQuestion]) -> str:
    """The questions as Aiken; `losses` has told what is not in it. Only single choice with one key can be written."""
    pieces = []
    for question in questions:
        lines = [one_line(question.stem)]
        lines += [f"{chr(65 + place)}. {one_line(option)}" for place, option in enumerate(question.options)]
        pieces.append("\n".join([*lines, f"ANSWER: {chr(65 + question.correct[0])}", ""]))
    return "\n".join(pieces)


def refusal(question: ReadQuestion) -> str:
    """Why the question would be misread in Aiken, "" where it would not."""
    stem = one_line(question.stem)
    if _OPTION.match(stem) or _ANSWER.match(stem):
        return "nội dung bắt đầu như một phương án hay dòng đáp án của Aiken."
    return "" if len(question.options) > 1 else "chỉ có một phương án."


def one_line(text: str) -> str:
    """The text without line breaks, which Aiken does not have."""
    return " ".join(text.split())
