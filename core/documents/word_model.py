"""A Word file as plain data: paragraphs with formatted runs, tables, and what stands beside the body. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    `label` is what Word's numbering prints before it ("Câu 3:", "A.", "•"), None where it prints nothing. `where` names
    its place where lines have pages; `soft`: it may only be wrapped from the paragraph before (a printed page tells).
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
    where: str = ""
    soft: bool = False

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
