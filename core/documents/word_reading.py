"""Reads a Word file as paragraphs with formatted runs, tables, and the labels that Word numbers by itself.

Formatting is resolved as Word shows it: defaults, styles, numbering, then the run's own. Tracked changes are
read as their final text and flagged. Nothing is fetched, no field is calculated, no macro is run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.packages import FileKind, file_kind, open_package, parse_xml, read_part

if TYPE_CHECKING:
    from zipfile import ZipFile


@dataclass(frozen=True)
class Look:
    """How a piece of text looks.

    `colour` and `highlight` are "" for black on white, else a name or RRGGBB.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    highlight: str = ""
    hidden: bool = False
    font: str = ""


@dataclass(frozen=True)
class Run:
    """A piece of text of one look. Line breaks inside a paragraph are "\\n", tabs "\\t"."""

    text: str
    look: Look = Look()


@dataclass(frozen=True)
class Paragraph:
    """One paragraph.

    `label` is what Word's numbering prints before it ("Câu 3:", "A.", "•"), None where it prints nothing.
    """

    runs: tuple[Run, ...] = ()
    label: Run | None = None
    bullet: bool = False
    list_level: int = 0
    list_key: str = ""
    style: str = ""
    heading: int = 0
    centred: bool = False
    tracked: bool = False
    pictures: int = 0
    letters_unsure: bool = False

    @property
    def text(self) -> str:
        """The typed text, without the label."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Cell:
    """A table cell. `span` columns wide; `continues` when it only goes on with the merged cell above."""

    blocks: tuple[Block, ...] = ()
    span: int = 1
    continues: bool = False

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All paragraphs in the cell, those of inner tables too."""
        found: list[Paragraph] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                found.append(block)
            else:
                for row in block.rows:
                    for cell in row:
                        found.extend(cell.paragraphs)
        return found

    @property
    def text(self) -> str:
        """The cell's text, one line a paragraph."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Table:
    """A table as rows of cells; rows may differ in their number of cells."""

    rows: tuple[tuple[Cell, ...], ...] = ()


Block = Paragraph | Table


@dataclass(frozen=True)
class WordDocument:
    """The body in its order, and what stands beside it."""

    blocks: tuple[Block, ...]
    headers: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    tracked: bool = False
    warnings: tuple[str, ...] = field(default=())


def read_word(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> WordDocument:
    """A .docx file as plain data. Raises DocumentRefused."""
    from core.documents.word_body import BodyReader
    from core.documents.word_numbering import Numbering
    from core.documents.word_styles import Styles

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
    if kind is FileKind.LEGACY_OFFICE:
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
