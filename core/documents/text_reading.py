"""Turns the bytes of a text file into Unicode lines, whatever Vietnamese encoding they came in.

Tried in order: byte-order marks, UTF-8, UTF-16 without a mark, and last the old TCVN3 and Windows 1258.
All text leaves here composed (NFC), so that "ê" typed in two ways is one letter.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.old_encodings import from_tcvn3, looks_like_tcvn3
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


@dataclass(frozen=True)
class ReadText:
    """The text of a file and how it was written."""

    text: str
    encoding: str

    @property
    def lines(self) -> list[str]:
        """Lines without their ends; form feeds and vertical tabs end a line too."""
        return re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", self.text)


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
    cleaned = clean(text.replace("\x00", ""))
    if not cleaned.strip():
        raise DocumentRefused("Tệp trống, không có nội dung nào để đọc.", "empty")
    return ReadText(cleaned, encoding)


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
    western = data.decode("cp1252", errors="replace")
    if looks_like_tcvn3(western):
        return from_tcvn3(western), "tcvn3"
    return data.decode("cp1258", errors="replace"), "cp1258"


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
