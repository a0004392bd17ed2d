"""Walks the body of a Word document: paragraphs, runs, tables, text boxes, tracked changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from core.documents.limits import DocumentRefused, ReadingLimits
from core.documents.old_encodings import unicode_text
from core.documents.text_reading import clean
from core.documents.word_model import Block, Cell, Look, Paragraph, Run, Table
from core.documents.word_numbering import Numbering
from core.documents.word_styles import Styles, attribute, child, local, shade

_DEPTH = 40
_UNICODE = re.compile("[\u1ea0-\u1ef9]")
_THROUGH = {
    "hyperlink",
    "smartTag",
    "customXml",
    "fldSimple",
    "ins",
    "moveTo",
    "sdtContent",
    "dir",
    "bdo",
    "Choice",
}
_GONE = {"del", "moveFrom"}
_ROW_PARENTS = {"sdt", "sdtContent", "customXml", "ins", "moveTo"}
_SYMBOLS = {
    0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x78: "☒", 0xFB: "✗", 0x54: "☑", 0x52: "☑",
    0xA3: "☐", 0xE0: "→", 0xE8: "→", 0xF0: "→", 0xDE: "⇒", 0xAE: "→", 0xB7: "•", 0xA7: "•", 0x6C: "●",
    0x6E: "■", 0xA1: "○",
}  # fmt: skip


@dataclass
class _Gathered:
    """What one paragraph collects while its children are walked."""

    runs: list[Run] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    tracked: bool = False
    pictures: int = 0
    letters_unsure: bool = False


class BodyReader:
    """Turns WordprocessingML into blocks. One reader a document: the numbering counts along."""

    def __init__(self, styles: Styles, numbering: Numbering, limits: ReadingLimits) -> None:
        self._styles = styles
        self._numbering = numbering
        self._limits = limits
        self._paragraphs = 0
        self.tracked_anywhere = False
        self.unicode_letters = False

    def blocks(self, root: etree._Element) -> list[Block]:
        """All blocks of a document or of one of its parts."""
        #: Unicode Vietnamese anywhere makes a TCVN3 font name doubtful: many files changed letters but not fonts.
        self.unicode_letters = bool(_UNICODE.search("".join(map(str, root.itertext()))))
        body = child(root, "body")
        return self._blocks(root if body is None else body, 0)

    def plain_lines(self, root: etree._Element | None) -> list[str]:
        """The text of a side part (header, notes, comments), one string a paragraph."""
        if root is None:
            return []
        lines: list[str] = []
        for element in root.iter():
            if local(element) == "p":
                found = _Gathered()
                self._walk(element, Look(), found, 0)
                text = " ".join("".join(run.text for run in found.runs).split())
                if text:
                    lines.append(text)
        return lines

    def _blocks(self, parent: etree._Element, depth: int) -> list[Block]:
        if depth > _DEPTH:
            raise DocumentRefused("Tệp Word lồng nhau quá sâu, không giống tài liệu bình thường.", "damaged")
        found: list[Block] = []
        waiting: Paragraph | None = None  # its paragraph mark was deleted: the next one goes on with it
        for element in self._flat(parent):
            name = local(element)
            if name == "p":
                paragraph, boxes, joined = self._paragraph(element, depth)
                if waiting is not None:
                    paragraph = replace(
                        waiting,
                        runs=waiting.runs + paragraph.runs,
                        pictures=waiting.pictures + paragraph.pictures,
                    )
                    waiting = None
                if joined:
                    waiting = paragraph
                else:
                    found.append(paragraph)
                found.extend(boxes)
            elif name == "tbl":
                found.append(self._table(element, depth + 1))
        if waiting is not None:
            found.append(waiting)
        return found

    def _flat(self, parent: etree._Element, names: frozenset[str] = frozenset({"p", "tbl"})) -> Iterator[etree._Element]:
        """Blocks (or rows, or cells) also where content controls and tracked insertions wrap them."""
        for element in parent:
            name = local(element)
            if name in names:
                yield element
            elif name in _ROW_PARENTS or name in {"sdt", "body", "txbxContent"}:
                yield from self._flat(element, names)
            elif name == "AlternateContent":
                chosen = child(element, "Choice")
                yield from self._flat(chosen if chosen is not None else element, names)
            elif name in _GONE:
                self.tracked_anywhere = True

    def _paragraph(self, element: etree._Element, depth: int) -> tuple[Paragraph, list[Block], bool]:
        self._paragraphs += 1
        if self._paragraphs > self._limits.paragraphs:
            raise DocumentRefused("Tệp Word có quá nhiều đoạn. Hãy chia nhỏ tệp.", "too_many_rows")
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        look = self._styles.paragraph_look(style)
        background = shade(child(properties, "shd"))
        if background and not look.highlight:
            look = replace(look, highlight=background)
        mark = child(properties, "rPr")
        label = self._numbering.label(properties, style, self._styles.run_look(look, mark))
        found = _Gathered()
        self._walk(element, look, found, depth)
        joined = child(mark, "del") is not None or child(mark, "moveFrom") is not None
        found.tracked = found.tracked or joined
        if found.tracked:
            self.tracked_anywhere = True
        paragraph = Paragraph(
            _merged(found.runs),
            label.run if label else None,
            label.bullet if label else False,
            label.level if label else 0,
            label.list_key if label else "",
            self._style_name(style),
            self._heading(properties, style),
            self._alignment(properties, style) == "center",
            found.tracked,
            found.pictures,
            found.letters_unsure,
        )
        return paragraph, found.boxes, joined

    def _style_name(self, style: str) -> str:
        known = self._styles.by_id.get(style or self._styles.default_paragraph)
        return known.name if known else style

    def _heading(self, properties: etree._Element | None, style: str) -> int:
        """1 to 9 for a paragraph with an outline level, else 0."""
        level = attribute(child(properties, "outlineLvl"), "val")
        if not level:
            for link in self._styles.chain(style):
                level = attribute(child(link.paragraph_properties, "outlineLvl"), "val") or level
        return int(level) + 1 if level.isdigit() and int(level) < 9 else 0

    def _alignment(self, properties: etree._Element | None, style: str) -> str:
        own = attribute(child(properties, "jc"), "val")
        if own:
            return own
        for link in reversed(self._styles.chain(style)):
            inherited = attribute(child(link.paragraph_properties, "jc"), "val")
            if inherited:
                return inherited
        return ""

    def _walk(self, parent: etree._Element, look: Look, found: _Gathered, depth: int) -> None:
        if depth > _DEPTH:
            raise DocumentRefused("Tệp Word lồng nhau quá sâu, không giống tài liệu bình thường.", "damaged")
        for element in parent:
            name = local(element)
            if name == "r":
                self._run(element, look, found, depth)
            elif name in _GONE:
                found.tracked = True
            elif name in _THROUGH or name == "sdt":
                if name in {"ins", "moveTo"} and len(element):
                    found.tracked = True
                self._walk(element, look, found, depth + 1)
            elif name == "AlternateContent":
                chosen = child(element, "Choice")
                self._walk(chosen if chosen is not None else element, look, found, depth + 1)
            elif name in {"oMath", "oMathPara"}:
                text = "".join(inner.text or "" for inner in element.iter() if local(inner) == "t")
                found.runs.append(Run(clean(text), look))
                found.pictures += 1  # a formula's shape is lost in plain text

    def _run(self, element: etree._Element, look: Look, found: _Gathered, depth: int) -> None:
        own = self._styles.run_look(look, child(element, "rPr"))
        text = ""
        for piece in element:
            name = local(piece)
            if name == "t":
                text += piece.text or ""
            elif name in {"tab", "ptab"}:
                text += "\t"
            elif name in {"br", "cr"}:
                text += "\n"
            elif name == "noBreakHyphen":
                text += "-"
            elif name == "sym":
                text += _symbol(attribute(piece, "char"))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._graphic(piece, found, depth)
        text, unsure = unicode_text(text, own.font, self.unicode_letters)
        found.letters_unsure = found.letters_unsure or unsure
        if text:
            found.runs.append(Run(clean(text), own))

    def _graphic(self, element: etree._Element, found: _Gathered, depth: int) -> None:
        """A picture is counted; the text of a text box is kept as blocks of its own."""
        root = element
        if local(element) == "AlternateContent":
            chosen = child(element, "Choice")
            root = chosen if chosen is not None else element
        boxes = [inner for inner in root.iter() if local(inner) == "txbxContent"]
        for box in boxes:
            if not any(local(parent) == "txbxContent" for parent in box.iterancestors()):
                found.boxes.extend(self._blocks(box, depth + 1))
        if not boxes and any(local(inner) in {"pic", "imagedata", "blip", "OLEObject"} for inner in root.iter()):
            found.pictures += 1

    def _table(self, element: etree._Element, depth: int) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for row in self._flat(element, frozenset({"tr"})):
            if child(row, "trPr", "del") is not None:
                self.tracked_anywhere = True
                continue
            rows.append(tuple(self._cell(cell, depth) for cell in self._flat(row, frozenset({"tc"}))))
        return Table(tuple(rows))

    def _cell(self, element: etree._Element, depth: int) -> Cell:
        properties = child(element, "tcPr")
        span = attribute(child(properties, "gridSpan"), "val")
        merge = child(properties, "vMerge")
        continues = merge is not None and attribute(merge, "val", "continue") == "continue"
        return Cell(tuple(self._blocks(element, depth + 1)), min(int(span), 200) if span.isdigit() else 1, continues)


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return _SYMBOLS.get(number & 0xFF, "•") if number >= 0xF000 else chr(number)


def _merged(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbouring runs of one look as one; letters split over two runs are composed."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].look == run.look:
            found[-1] = Run(clean(found[-1].text + run.text), run.look)
        else:
            found.append(run)
    return tuple(found)
