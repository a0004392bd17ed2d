"""Reads a Word file as paragraphs with formatted runs, tables, and the labels that Word numbers by itself.

Formatting is resolved as Word shows it: defaults, styles, numbering, then the run's own. Tracked changes are
read as their final text and flagged. Nothing is fetched, no field is calculated, no macro is run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.packages import FileKind, file_kind, open_package, parse_xml, read_part
from core.documents.word_body import BodyReader
from core.documents.word_model import WordDocument
from core.documents.word_numbering import Numbering
from core.documents.word_styles import Styles

if TYPE_CHECKING:
    from zipfile import ZipFile


def read_word(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> WordDocument:
    """A .docx file as plain data. Raises DocumentRefused."""
    data = load(source, limits)
    require_word(data)
    with open_package(data, limits) as archive:
        main = read_part(archive, "word/document.xml")
        if main is None:
            raise DocumentRefused("Tệp Word không có phần nội dung, có thể đã bị hỏng.", "damaged")
        styles = Styles(_tree(archive, "word/styles.xml"))
        numbering = Numbering(_tree(archive, "word/numbering.xml"), styles)
        reader = BodyReader(styles, numbering, limits)
        blocks = reader.blocks(parse_xml(main))
        beside = {kind: _beside(archive, kind, reader) for kind in ("header", "footer")}
        notes = _notes(archive, ("word/footnotes.xml", "word/endnotes.xml"), reader)
        comments = _notes(archive, ("word/comments.xml",), reader)
    return WordDocument(tuple(blocks), beside["header"], beside["footer"], notes, comments, tracked=reader.tracked_anywhere)


def require_word(data: bytes) -> None:
    """Says clearly what the file is when it is no .docx document. Raises DocumentRefused."""
    kind = file_kind(data)
    if kind is FileKind.WORD:
        return
    if kind is FileKind.ENCRYPTED_OFFICE:
        raise DocumentRefused("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted")
    if kind in {FileKind.LEGACY_OFFICE, FileKind.LEGACY_WORD}:
        raise DocumentRefused("Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word và lưu lại thành .docx.")
    raise DocumentRefused("Đây không phải là tệp Word (.docx).")


def _tree(archive: ZipFile, name: str):  # type: ignore[no-untyped-def]
    xml = read_part(archive, name)
    return None if xml is None else parse_xml(xml)


def _beside(archive: ZipFile, kind: str, reader) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    """Texts of page headers or footers, each different one once."""
    found: dict[str, None] = {}
    for name in sorted(archive.namelist()):
        if name.lower().startswith(f"word/{kind}") and name.lower().endswith(".xml"):
            for line in reader.plain_lines(_tree(archive, name)):
                found.setdefault(line)
    return tuple(found)


def _notes(archive: ZipFile, names: tuple[str, ...], reader) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return tuple(line for name in names for line in reader.plain_lines(_tree(archive, name)))
