"""Turns the bytes of a text file into Unicode lines, whatever Vietnamese encoding they came in.

Tried in order: byte-order marks, UTF-8, UTF-16 without a mark, and last the old TCVN3, VNI and Windows 1258.
All text leaves here composed (NFC), so that "ê" typed in two ways is one letter.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.old_encodings import has_unicode_letters, repaired
from core.documents.packages import FileKind, file_kind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F))
_SPACES = dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x3000), " ")
_CLEANING = _INVISIBLE | _SPACES
#: Bytes 0x80 to 0x9F of Windows 1252 that name a letter; the rest stay what they are, so that none is lost.
_CP1252 = {code: bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in range(0x80, 0xA0)}
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


@dataclass(frozen=True)
class ReadText:
    """The text of a file and how it was written. `unsure`: numbers (from 1) of lines whose letters could be others."""

    text: str
    encoding: str
    unsure: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[str]:
        """Lines without their ends; form feeds and vertical tabs end a line too."""
        return _LINE_END.split(self.text)


def clean(text: str) -> str:
    """Composed letters (NFC), plain spaces, nothing invisible. Tabs and line ends stay."""
    return unicodedata.normalize("NFC", text).translate(_CLEANING)


def read_text(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> ReadText:
    """The text of a file. Raises DocumentRefused when it is no text."""
    data = load(source, limits)
    if file_kind(data) is not FileKind.TEXT:
        raise DocumentRefused("Đây không phải là tệp văn bản thuần.", "not_text")
    text, encoding = _decode(data)
    if text.count("\x00") > len(text) // 100:
        raise DocumentRefused("Đây không phải là tệp văn bản thuần.", "not_text")
    text, encoding, unsure = _modern(text.replace("\x00", ""), encoding)
    cleaned = clean(text)
    if not cleaned.strip():
        raise DocumentRefused("Tệp trống, không có nội dung nào để đọc.", "empty")
    return ReadText(cleaned, encoding, unsure)


def _modern(text: str, encoding: str) -> tuple[str, str, frozenset[int]]:
    """Old letters (TCVN3, VNI) made Unicode: as a whole where all lines agree, else line by line.

    Such text also comes inside of UTF-8 files, copied from a Word file without its font. What stays unsure: lines that show
    both old and new letters, lines without a telling letter in a mixed file, and a last guess at the code page.
    """
    if encoding != "western":
        whole, kind = repaired(text)
        if not kind:
            return text, encoding, frozenset()
    else:
        whole, kind = repaired(text)
        if not kind:
            return _as_cp1258(text), "cp1258", _special(text)
    if kind != "?":
        return whole, kind, frozenset()
    made: list[str] = []
    unsure: set[int] = set()
    for number, line in enumerate(_LINE_END.split(text), 1):
        fixed, own = repaired(line)
        made.append(fixed)
        special = any(not letter.isascii() and letter.isalpha() for letter in line)
        if own == "?" or (not own and special and not has_unicode_letters(line)):
            unsure.add(number)
    return "\n".join(made), "mixed", frozenset(unsure)


def _as_cp1258(text: str) -> str:
    """Windows 1258 differs from 1252 in a few letters (đ, ơ, ư) and in marks that stand behind their vowel."""
    back = {ord(new): chr(old) for old, new in _CP1252.items() if len(new) == 1}
    return text.translate(back).encode("latin-1", errors="replace").decode("cp1258", errors="replace")


def _special(text: str) -> frozenset[int]:
    lines = _LINE_END.split(text)
    return frozenset(number for number, line in enumerate(lines, 1) if not line.isascii())


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
            except UnicodeDecodeError:
                if encoding != "utf-8":
                    raise DocumentRefused("Tệp văn bản bị hỏng, không đọc được.", "damaged") from None
                data = data[len(mark) :]
    guess = _utf16_guess(data)
    if guess:
        try:
            return data.decode(guess), guess
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return data.decode("utf-8", errors="replace"), "utf-8"
    return data.decode("latin-1").translate(_CP1252), "western"


def _utf16_guess(data: bytes) -> str:
    """UTF-16 without a mark shows as a null beside every plain letter."""
    head = data[:4000]
    if len(head) < 4 or b"\x00" not in head:
        return ""
    if sum(byte == 0 for byte in head[1::2]) > len(head) // 8:
        return "utf-16-le"
    if sum(byte == 0 for byte in head[0::2]) > len(head) // 8:
        return "utf-16-be"
    return ""


def _mostly_utf8(data: bytes) -> bool:
    """A UTF-8 file with one broken byte is still UTF-8: many whole sequences, few broken ones."""
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", data))
    text = data.decode("utf-8", errors="replace")
    return whole > 20 * text.count("\ufffd")
