"""Question lists in plain text files."""

from __future__ import annotations

from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, ReadingLimits
from core.documents.text_reading import read_text
from questions.interchange.key_files import KeySource
from questions.interchange.lines import Line
from questions.interchange.list_grammar import read_lines
from questions.interchange.model import ReadResult


def text_lines(text_of_lines: list[str], unsure: frozenset[int] = frozenset()) -> list[Line]:
    """Lines of a text file, numbered from 1. `unsure`: those whose letters could be others."""
    found: list[Line] = []
    blank = False
    for number, text in enumerate(text_of_lines, 1):
        found.append(Line(number, text.rstrip(), f"dòng {number}", after_blank=blank, letters_unsure=number in unsure))
        blank = not text.strip()
    return found


def read(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS, keys: KeySource | None = None) -> ReadResult:
    """Reads a list from a text file. Raises DocumentRefused."""
    text = read_text(source, limits)
    result = read_lines(text_lines(text.lines, text.unsure), keys=keys)
    result.format = "text"
    return result
