"""Gathers what a reader finds: each piece of text becomes a line for the preview, under the question it belongs to."""

from __future__ import annotations

from core.documents.text_reading import clean
from questions.interchange.exchange.keys import finish
from questions.interchange.model import LineKind, ReadProblem, ReadQuestion, ReadResult, SourceLine
from questions.interchange.regularities import add_structured_doubts


class Gathering:
    """A result that grows piece by piece. Formats of lines give their own line numbers, others are numbered here."""

    def __init__(self, format_name: str) -> None:
        self.result = ReadResult(format=format_name)
        self._section_seen: set[str] = set()

    def begin(self, question: ReadQuestion) -> ReadQuestion:
        """A new question; the pieces that follow may be given to it."""
        self.result.questions.append(question)
        return question

    def piece(self, where: str, text: str, kind: LineKind = LineKind.QUESTION) -> int:
        """A piece of text, shown as one line a line of its own; returns the number of the first. Blank text is none."""
        first = len(self.result.lines) + 1
        place = len(self.result.questions) - 1 if kind is LineKind.QUESTION else -1
        for line in clean(text).split("\n"):
            if line.strip():
                number = len(self.result.lines) + 1
                self.result.lines.append(SourceLine(number, where, line, kind, place))
                if kind is LineKind.QUESTION and place >= 0:
                    self.result.questions[place].lines.append(number)
        return first

    def source_line(self, number: int, text: str, kind: LineKind, question: int = -1) -> None:
        """A line of the file itself."""
        kind = kind if text.strip() else LineKind.BLANK
        self.result.lines.append(SourceLine(number, f"dòng {number}", text, kind, question))
        if kind is LineKind.QUESTION and question >= 0:
            self.result.questions[question].lines.append(number)

    def section(self, text: str) -> None:
        """A section once, in the order of the file."""
        if text and text not in self._section_seen:
            self._section_seen.add(text)
            self.result.sections.append(text)

    def problem(self, where: str, text: str, message: str, line: int = 0) -> None:
        """Text that found no place."""
        self.result.problems.append(ReadProblem(where, clean(text).strip(), message, line))

    def note(self, text: str) -> None:
        """A remark on the whole file, once."""
        if text not in self.result.notes:
            self.result.notes.append(text)

    def done(self) -> ReadResult:
        """The result, with what does not fit told."""
        for question in self.result.questions:
            finish(question)
        add_structured_doubts(self.result.questions)
        return self.result
