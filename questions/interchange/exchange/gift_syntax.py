"""GIFT's letters: escapes, comments, paragraphs, and where an answer block begins and ends.

An escaped letter ("\\~") becomes one letter that no text has while the file is cut up, and its own self at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SPECIAL = "~=#{}:\\"
_HELD = {letter: chr(0xFDD0 + place) for place, letter in enumerate(_SPECIAL)}
_HELD["n"] = chr(0xFDD0 + len(_SPECIAL))
_BACK = {ord(held): "\n" if letter == "n" else letter for letter, held in _HELD.items()}
_FORBIDDEN = dict.fromkeys(_BACK, 0xFFFD)
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_KINDS = re.compile(r"\s*\[(html|plain|moodle|markdown)\]", re.IGNORECASE)
_CATEGORY = re.compile(r"^\s*\$CATEGORY:\s*(.*)$")
_ANSWERS = re.compile(r"\s*(?:[=~#]|(?:T|F|(?i:TRUE|FALSE))\s*(?:#.*)?$)", re.DOTALL)


def hold(text: str) -> str:
    """The text with its escapes held back."""
    return _ESCAPE.sub(lambda found: _HELD[found[1]], text.translate(_FORBIDDEN))


def release(text: str) -> str:
    """The text with its escaped letters as themselves."""
    return text.translate(_BACK)


def escaped(text: str) -> str:
    """Plain text as it stands in a GIFT file."""
    text = re.sub(r"([~=#{}:\\])", r"\\\1", text)
    return text.replace("\n", "\\n")


def take_kind(text: str, default: str) -> tuple[str, str]:
    """("html", the rest) of "[html]…"; the default where no format is named."""
    found = _KINDS.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


@dataclass
class Paragraph:
    """A question, category or comment: its held text, and the lines it stands on. `category` is None where it is none."""

    text: str
    lines: list[int] = field(default_factory=list)
    category: str | None = None
    comments: list[str] = field(default_factory=list)
    is_comment: bool = False

    @property
    def braces(self) -> tuple[int, int] | None:
        """Where its answer block begins and ends (behind the brace), None without a whole one."""
        start = self.text.find("{")
        end = self.text.find("}", start + 1) if start >= 0 else -1
        return (start, end + 1) if end >= 0 else None


def paragraphs(lines: list[str]) -> list[Paragraph]:
    """Cuts a file at blank lines; comments stand alone, an answer block that is open goes on over blank lines."""
    found: list[Paragraph] = []
    current: Paragraph | None = None
    waiting: list[str] = []
    for number, line in enumerate(lines, 1):
        held = hold(line)
        category = _CATEGORY.match(line)
        if line.lstrip().startswith("//"):
            words = line.strip()[2:].strip()
            found.append(Paragraph(line, [number], comments=[words], is_comment=True))
            waiting.append(words)
        elif category and (current is None or not _is_open(current.text)):
            current = None
            waiting = []
            found.append(Paragraph(line, [number], category=category[1].strip()))
        elif not line.strip() and (current is None or not _is_open(current.text)):
            current = None
        elif current is not None and _is_open(current.text) and held.lstrip().startswith("::"):
            current = Paragraph(held, [number], comments=waiting)  # the block before was never closed
            waiting = []
            found.append(current)
        elif current is None:
            current = Paragraph(held, [number], comments=waiting)
            waiting = []
            found.append(current)
        else:
            current.text += "\n" + held
            current.lines.append(number)
    return found


def _is_open(text: str) -> bool:
    return text.count("{") > text.count("}")


def is_gift(lines: list[str]) -> bool:
    """Whether most of the file's paragraphs have an answer block of GIFT's kind, or it says a category."""
    questions = sure = 0
    titled = category = False
    for paragraph in paragraphs(lines):
        if paragraph.is_comment:
            continue
        if paragraph.category is not None:
            category = True
            continue
        questions += 1
        braces = paragraph.braces
        title = paragraph.text.lstrip().startswith("::")
        if braces:
            inner = paragraph.text[braces[0] + 1 : braces[1] - 1]
            sure += _ANSWERS.match(inner) is not None or (title and not inner.strip())
            titled = titled or title
    return sure * 2 >= questions and sure > 0 or (sure > 0 and (category or titled)) or (category and not questions)
