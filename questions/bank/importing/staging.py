"""A file that was read, made ready for the tables: rows of lines, questions and problems, in chunks."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.database import public_id
from questions.bank.importing.findings import ALIKE_HERE, judge
from questions.bank.importing.similar import Bank, Known
from questions.interchange.model import ReadQuestion, ReadResult
from questions.types.choice.data import LETTERS

#: Rows that one step writes: the write lock is held for less than 50 ms.
CHUNK = 300


def item_rows(result: ReadResult, bank: Bank) -> list[dict[str, Any]]:
    """A row for each question, in the order of the file, set against the bank and against one another."""
    order = sorted(range(len(result.questions)), key=lambda i: (_first_line(result.questions[i]), i))
    seen: dict[tuple[str, frozenset[str]], int] = {}
    rows = []
    for position, index in enumerate(order, start=1):
        question = result.questions[index]
        data = {"options": [_clean(o) for o in question.options], "correct": list(question.correct)}
        known = Known.of(0, question.type, question.stem, data)
        likeness = bank.nearest(known)
        repeated_at = seen.get(known.text) if known.stem else None
        seen.setdefault(known.text, position)
        standing, own = judge(question.type, question.stem, data, question.doubts, likeness, repeated_at)
        rows.append(
            {
                "public_id": public_id(),
                "position": position,
                "first_line": _first_line(question),
                "last_line": max(question.lines, default=0),
                "number": _clean(question.number)[:40],
                "type": question.type,
                "stem": _clean(question.stem),
                "data": data,
                "source_text": _clean(question.source),
                "explanation": _clean(explanation_with_feedback(question)),
                "section": _clean(question.section),
                "topic": _clean(question.topic)[:120],
                "level": _clean(question.level)[:40],
                "doubts": [_clean(d) for d in question.doubts],
                "own_doubts": own,
                "standing": standing,
                "similar_id": likeness.question_id if likeness else None,
                "similar_percent": likeness.percent if likeness else None,
                "_index": index,
            }
        )
    _tell_alike(rows)
    return rows


def _tell_alike(rows: list[dict[str, Any]]) -> None:
    """Tell of each question which earlier one of the file is most like it; those that repeat one say so already."""
    from questions.similarity.pairs import pairs  # loads numpy, which no web process needs

    questions = [(str(row["position"]), row["stem"], row["data"]["options"]) for row in rows]
    told = {row["position"] for row in rows if any(doubt["code"] == "repeated" for doubt in row["own_doubts"])}
    by_position = {row["position"]: row for row in rows}
    for pair in pairs(questions):  # best first
        position = int(pair.b)
        if position not in told:
            told.add(position)
            percent = round(10_000 * pair.score) // 100
            doubt = {"code": ALIKE_HERE, "position": int(pair.a), "percent": percent, "why": pair.why}
            by_position[position]["own_doubts"].append(doubt)


def chunks(result: ReadResult, bank: Bank) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Everything that the file gave, in pieces of at most CHUNK rows: each line, each question, each problem."""
    items = item_rows(result, bank)
    position = {row.pop("_index"): row["position"] for row in items}
    lines = [
        {
            "number": line.number,
            "place": line.where[:120],
            "text": _clean(line.text),
            "kind": str(line.kind),
            "item": position.get(line.question),
        }
        for line in result.lines
    ]
    problems = [
        {
            "public_id": public_id(),
            "place": problem.where[:120],
            "line": problem.line,
            "text": _clean(problem.text),
            "message": _clean(problem.message),
        }
        for problem in result.problems
    ]
    for name, rows in (("lines", lines), ("items", items), ("problems", problems)):
        for start in range(0, len(rows), CHUNK):
            yield {name: rows[start : start + CHUNK]}


def write_chunks(path: Path, pieces: Iterator[dict[str, list[dict[str, Any]]]]) -> int:
    """Write one piece a line; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for piece in pieces:
            file.write(json.dumps(piece, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_chunk(path: Path, number: int) -> dict[str, list[dict[str, Any]]]:
    """The piece ``number`` (from 1) of a file that ``write_chunks`` wrote."""
    with path.open(encoding="utf-8") as file:
        for at, line in enumerate(file, start=1):
            if at == number:
                piece: dict[str, list[dict[str, Any]]] = json.loads(line)
                return piece
    raise LookupError(number)


def explanation_with_feedback(question: ReadQuestion) -> str:
    """The explanation, and what a list says of single options: the bank has one place for both."""
    notes = [
        f"{LETTERS[place % len(LETTERS)]}. {option}: {note}"
        for place, (option, note) in enumerate(zip(question.options, question.feedback, strict=False))
        if note
    ]
    return "\n".join(part for part in (question.explanation, *notes) if part)


def _first_line(question: ReadQuestion) -> int:
    return min(question.lines, default=0)


def _clean(text: str) -> str:
    """Without what no database keeps: NUL and lone surrogates (PostgreSQL refuses both)."""
    return unicodedata.normalize("NFC", text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8"))
