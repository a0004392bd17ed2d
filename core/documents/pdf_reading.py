"""Reads the text layer of a PDF into plain pages, or says why it cannot be read.

The library (pdfplumber over pdfminer.six) is imported only here and only when a PDF comes. What it must not be asked
is checked before it sees the file: how large its streams unpack to, how many pages it has.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.documents.limits import DEFAULT_LIMITS, MIB, DocumentRefused, ReadingLimits, load
from core.documents.pdf_marks import Fill, Rule, ink, is_bold, is_italic, is_white, mark, once, paper, plain_font
from core.documents.pdf_model import Box, Letter, PdfPage, PdfText, RuledTable
from core.documents.text_reading import clean
from core.documents.word_model import Look

_STREAM = re.compile(rb"stream\r?\n")
_STREAM_BYTES = 64 * MIB
_PAGE_LETTERS = 30_000
_CID = re.compile(r"\(cid:\d+\)")
#: The share of a page that its largest picture covers on a photograph of paper.
_SCANNED = 0.55
_UNMAPPED_SHARE = 0.02
_SIGNS = {0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0xD6: "√", 0xE0: "→", 0xF0: "→", 0xFB: "❌"}


def read_pdf(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> PdfText:
    """The pages of a PDF with a text layer. Raises DocumentRefused."""
    data = load(source, limits)
    _check_streams(data, limits)
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        pages = _pages(data, limits)
    except DocumentRefused:
        raise
    except RecursionError as error:
        raise _damaged() from error
    except Exception as error:  # the library raises what it likes on broken files
        if _says_password(error):
            raise DocumentRefused("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted") from error
        raise _damaged() from error
    _check_text(pages)
    return PdfText(pages)


def _damaged() -> DocumentRefused:
    return DocumentRefused("Tệp PDF bị hỏng, không đọc được. Hãy xuất lại PDF từ tệp gốc, hoặc gửi bản Word.", "damaged")


def _says_password(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 8:
        names = {type(error).__name__, *(type(inner).__name__ for inner in error.args)}
        if names & {"PDFPasswordIncorrect", "PDFEncryptionError"} or "password" in str(error).lower():
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _check_streams(data: bytes, limits: ReadingLimits) -> None:
    """No stream may unpack to more than a page can need; all of them together are bounded too."""
    left = limits.unzipped_bytes
    for found in _STREAM.finditer(data):
        if data[found.end() : found.end() + 1] not in b"xXhH8":  # zlib's first byte; other filters do not blow up so
            continue
        head = data[max(0, found.start() - 400) : found.start()]
        size = _unpacked(data, found.end())
        if size > _STREAM_BYTES:
            raise DocumentRefused("Tệp PDF phình ra quá lớn khi giải nén, không phải tài liệu thường.", "zip_bomb")
        if not re.search(rb"/Subtype\s*/Image", head[head.rfind(b" obj") + 1 :]):
            left -= size
        if left < 0:
            raise DocumentRefused("Tệp PDF phình ra quá lớn khi giải nén, không phải tài liệu thường.", "zip_bomb")


def _unpacked(data: bytes, start: int) -> int:
    stream, size, place = zlib.decompressobj(), 0, start
    try:
        while not stream.eof and place < len(data) and size <= _STREAM_BYTES:
            chunk = stream.unconsumed_tail
            if not chunk:
                chunk, place = data[place : place + 65536], place + 65536
            size += len(stream.decompress(chunk, MIB))
    except zlib.error:
        pass
    return size


def _pages(data: bytes, limits: ReadingLimits) -> list[PdfPage]:
    import pdfplumber

    found: list[PdfPage] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        count = len(document.pages)
        if count > limits.pages:
            message = f"Tệp PDF có {count} trang, quá mức {limits.pages} trang. Hãy chia thành nhiều tệp."
            raise DocumentRefused(message, "too_big")
        for number, page in enumerate(document.pages, 1):
            found.append(_page(page, number))
            page.close()
            if number == 12 and not any(one.letters for one in found):
                break  # a scan: the rest would say the same
    return found


def _page(page: Any, number: int) -> PdfPage:
    made = PdfPage(number, float(page.width), float(page.height))
    chars = page.chars
    if len(chars) > _PAGE_LETTERS:
        raise DocumentRefused(f"Trang {number} của tệp PDF có quá nhiều chữ, không phải trang in thường.", "too_big")
    letters: list[Letter] = []
    aslant: list[str] = []
    for char in chars:
        box = Box(float(char["x0"]), float(char["top"]), float(char["x1"]), float(char["bottom"]))
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        if not (0 <= x <= made.width and 0 <= y <= made.height):
            continue
        if not char.get("upright", True):
            aslant.append(str(char["text"]))
            continue
        letters.append(_letter(char, box))
    made.aslant = "".join(aslant).strip()
    made.letters = once(letters)
    _decorate(page, made)
    return made


def _letter(char: dict[str, Any], box: Box) -> Letter:
    font = plain_font(str(char.get("fontname") or ""))
    colour = char.get("non_stroking_color")
    text = _sign(str(char["text"]), font)
    unmapped = bool(_CID.search(text)) or any(_unreadable(letter) for letter in text)
    look = Look(
        bold=is_bold(font),
        italic=is_italic(font),
        colour="" if is_white(colour) else ink(colour),
        hidden=is_white(colour),
        font=font,
    )
    return Letter("\ufffd" if unmapped else text, box, max(1.0, float(char.get("size") or box.height)), look, unmapped)


def _sign(text: str, font: str) -> str:
    """Signs of picture fonts lie in the private area; the ticks among them are known, the rest are bullets."""
    symbol = re.search(r"wingdings|symbol|webdings|dingbats", font, re.IGNORECASE)
    if len(text) == 1 and 0xF000 <= ord(text) <= 0xF0FF:
        return _SIGNS.get(ord(text) & 0xFF, "•")
    if symbol and _CID.fullmatch(text):
        return "•"
    return text


def _unreadable(letter: str) -> bool:
    code = ord(letter)
    return code == 0xFFFD or 0xE000 <= code <= 0xF8FF or (code < 32 and letter not in "\t\n\r") or 0x7F <= code < 0xA0


def _decorate(page: Any, made: PdfPage) -> None:
    """Rules, fills, tables, pictures and the notes that readers of the PDF have left."""
    rules, fills = list[Rule](), list[Fill]()
    for shape in [*page.rects, *page.lines]:
        box = _box(shape)
        if box.height <= 2.0 and box.width >= 2.0:
            rules.append(Rule(box))
        elif shape.get("fill") and shape["object_type"] == "rect":
            colour = paper(shape.get("non_stroking_color"))
            if colour and 4.0 <= box.height <= 0.3 * made.height:
                fills.append(Fill(box, colour))
    for shape in page.curves:
        box = _box(shape)
        if box.height > 6 and box.width > 6 and box.width * box.height < 0.5 * made.width * made.height:
            colour = paper(shape.get("non_stroking_color")) if shape.get("fill") else ""
            fills.append(Fill(box, colour)) if colour and box.height < 60 else made.pictures.append(box)
    for annotation in _annotations(page):
        _annotate(annotation, made, rules, fills)
    mark(made.letters, rules, fills)
    made.pictures.extend(_pictures(page, made))
    if sum(1 for edge in page.edges if edge["orientation"] == "v") >= 3:
        made.tables = [table for table in _tables(page) if len(table.rows) >= 1]


def _box(shape: dict[str, Any]) -> Box:
    return Box(float(shape["x0"]), float(shape["top"]), float(shape["x1"]), float(shape["bottom"]))


def _annotations(page: Any) -> list[dict[str, Any]]:
    try:
        return list(page.annots)
    except Exception:  # broken notes do not make the text unreadable
        return []


def _annotate(annotation: dict[str, Any], made: PdfPage, rules: list[Rule], fills: list[Fill]) -> None:
    kind = str(getattr((annotation.get("data") or {}).get("Subtype"), "name", ""))
    box = _box(annotation)
    if kind == "Highlight":
        fills.append(Fill(box, "FFFF00"))
    elif kind in {"Underline", "Squiggly"}:
        rules.append(Rule(Box(box.x0, box.bottom - 1, box.x1, box.bottom - 1)))
    elif kind == "StrikeOut":
        y = (box.top + box.bottom) / 2
        rules.append(Rule(Box(box.x0, y, box.x1, y)))
    elif kind in {"Ink", "Circle", "Square", "Stamp", "Line", "PolyLine", "Polygon", "FreeText"}:
        made.pictures.append(box)
    if kind in {"Text", "FreeText", "Highlight", "Underline", "Square", "Circle"} and annotation.get("contents"):
        made.notes.append(clean(str(annotation["contents"])).strip())


def _pictures(page: Any, made: PdfPage) -> Iterator[Box]:
    for image in page.images:
        box = _box(image)
        if box.width > 8 and box.height > 8:
            yield box


def _tables(page: Any) -> Iterator[RuledTable]:
    for table in page.find_tables():
        rows = [tuple(Box(*map(float, cell)) if cell else None for cell in row.cells) for row in table.rows]
        yield RuledTable(Box(*map(float, table.bbox)), tuple(rows))


def _check_text(pages: list[PdfPage]) -> None:
    letters = [letter for page in pages for letter in page.letters if letter.text.strip()]
    scanned = sum(is_picture(page) for page in pages)
    if not letters or scanned > 0.5 * len(pages):
        message = (
            "Tệp PDF này là ảnh chụp hoặc bản quét, không có lớp chữ đáng tin để đọc. "
            "Hãy gửi tệp Word gốc, hoặc PDF xuất thẳng từ Word."
        )
        raise DocumentRefused(message, "scan")
    unmapped = sum(letter.unmapped for letter in letters)
    words = "".join(letter.text for letter in letters if letter.text.isascii() and letter.text.isalpha()).lower()
    vowels = sum(words.count(vowel) for vowel in "aeiouy")
    if unmapped > _UNMAPPED_SHARE * len(letters) or (len(words) > 200 and vowels < 0.12 * len(words)):
        message = (
            "Phông chữ trong tệp PDF này không cho biết từng chữ là chữ gì, đọc ra sẽ sai. "
            "Hãy gửi tệp Word gốc, hoặc xuất lại PDF có nhúng phông Unicode."
        )
        raise DocumentRefused(message, "unmapped")


def is_picture(page: PdfPage) -> bool:
    """Whether a page is (nearly) one picture: a photograph of paper, whatever text lies under it."""
    area = page.width * page.height or 1.0
    return max((box.width * box.height / area for box in page.pictures), default=0.0) > _SCANNED
