"""From table rows read to a result: keys settled, doubts added, each row told what became of it."""

from __future__ import annotations

from questions.interchange.drafts import Draft
from questions.interchange.grid import GridReading
from questions.interchange.key_files import KeySource
from questions.interchange.key_lists import KeyList
from questions.interchange.keys import apply_key_list
from questions.interchange.list_grammar import add_key_file, finished, settle
from questions.interchange.model import LineKind, ReadProblem, ReadResult
from questions.interchange.regularities import add_doubts


def finish_grid(
    result: ReadResult,
    readings: list[GridReading],
    key_lists: list[KeyList],
    keys: KeySource | None = None,
) -> None:
    """Adds the questions of tables to a result."""
    drafts: list[Draft] = [draft for reading in readings for draft in reading.drafts]
    for found in key_lists:
        for number, words in apply_key_list(drafts, found.entries, "table"):
            text = f"{number} {', '.join(words.letters) or words.words}"
            message = f"Bảng đáp án có câu {number} nhưng danh sách không có."
            result.problems.append(ReadProblem(found.where, text, message))
    if keys is not None:
        add_key_file(result, drafts, keys)
    settle(drafts)
    first = len(result.questions)
    sections = [section for reading in readings for section in reading.sections]
    result.questions.extend(finished(draft, section) for draft, section in zip(drafts, sections, strict=True))
    add_doubts(result.questions[first:])
    for reading in readings:
        result.sections.extend(line.text for line in reading.titles)
        result.problems.extend(
            ReadProblem(line.where, line.text, "Dòng này không có nội dung câu hỏi lẫn phương án.", line.number)
            for line in reading.lost
        )
    result.sections = list(dict.fromkeys(text for text in result.sections if text))
    _explain(result)


def _explain(result: ReadResult) -> None:
    owner = {number: place for place, question in enumerate(result.questions) for number in question.lines}
    problems = {problem.line for problem in result.problems}
    for line in result.lines:
        if line.kind is not LineKind.BLANK or not line.text.strip():
            continue
        if line.number in owner:
            line.kind, line.question = LineKind.QUESTION, owner[line.number]
        else:
            line.kind = LineKind.PROBLEM if line.number in problems else LineKind.SECTION
