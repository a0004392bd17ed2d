"""How the cells of a workbook look: fonts, fills, number formats, errors. Values alone come from excel_reading.

Needed where a look means something: the right option in red, "50 %" that is stored as 0.5, "#N/A" that a reader
of values leaves empty. Sheets come in the same order as from `read_workbook`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from core.documents.limits import DEFAULT_LIMITS, ReadingLimits, load
from core.documents.packages import open_package, parse_xml, read_part
from core.documents.word_model import Look, Run
from core.documents.word_styles import child, local

_BUILT_IN = {9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@"}
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")


@dataclass(frozen=True)
class CellLook:
    """The look of one cell; `runs` where parts of its text look different; `error` like "#N/A"."""

    look: Look = Look()
    number_format: str = ""
    runs: tuple[Run, ...] = ()
    error: str = ""


def read_looks(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS) -> list[dict[tuple[int, int], CellLook]]:
    """For each worksheet its cells with a look of their own, by row and column from 0. Raises DocumentRefused."""
    data = load(source, limits)
    with open_package(data, limits) as archive:
        formats = _formats(_tree(archive, "xl/styles.xml"))
        shared = _shared(_tree(archive, "xl/sharedStrings.xml"))
        return [dict(_cells(_tree(archive, part), formats, shared)) for part in _sheet_parts(archive)]


def _tree(archive: ZipFile, name: str) -> etree._Element | None:
    xml = read_part(archive, name)
    return None if xml is None else parse_xml(xml)


def _sheet_parts(archive: ZipFile) -> list[str]:
    """Parts of the worksheets in the workbook's order; chart sheets are not among them."""
    workbook = _tree(archive, "xl/workbook.xml")
    links = _tree(archive, "xl/_rels/workbook.xml.rels")
    targets = {
        link.get("Id", ""): (link.get("Type", ""), link.get("Target", "")) for link in (links if links is not None else ())
    }
    found: list[str] = []
    sheets = child(workbook, "sheets")
    for sheet in sheets if sheets is not None else ():
        key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        kind, target = targets.get(str(key), ("", ""))
        if kind.endswith("/worksheet"):
            found.append(target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}"))
    return found


def _formats(root: etree._Element | None) -> list[CellLook]:
    """The look of each cell format (cellXfs) of the style sheet."""
    if root is None:
        return []
    codes = dict(_BUILT_IN)
    for element in _children(root, "numFmts"):
        codes[_whole(element.get("numFmtId"))] = element.get("formatCode", "")
    fonts = [_font(element) for element in _children(root, "fonts")]
    fills = [_fill(element) for element in _children(root, "fills")]
    found: list[CellLook] = []
    for element in _children(root, "cellXfs"):
        font, fill = _whole(element.get("fontId")), _whole(element.get("fillId"))
        look = fonts[font] if font < len(fonts) else Look()
        if fill < len(fills) and fills[fill]:
            look = replace(look, highlight=fills[fill])
        found.append(CellLook(look, codes.get(_whole(element.get("numFmtId")), "")))
    return found


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    parent = child(root, name)
    return list(parent) if parent is not None else []


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _font(element: etree._Element) -> Look:
    """A font of the style sheet or the properties of a rich run: the same children."""
    look = Look()
    for piece in element:
        name, value = local(piece), piece.get("val", "1")
        on = value not in {"0", "false", "none"}
        if name == "b":
            look = replace(look, bold=on)
        elif name == "i":
            look = replace(look, italic=on)
        elif name == "u":
            look = replace(look, underline=on)
        elif name == "strike":
            look = replace(look, strike=on)
        elif name == "color":
            look = replace(look, colour=_colour(piece))
    return look


def _colour(element: etree._Element) -> str:
    """ "" for black and automatic, else RRGGBB or the name of a theme colour."""
    value = element.get("rgb", "")[-6:].upper()
    if value:
        try:
            dark = max(int(value[at : at + 2], 16) for at in (0, 2, 4)) < 0x48
        except ValueError:
            return value
        return "" if dark else value
    theme = element.get("theme")
    if theme is not None:
        return "" if theme == "1" else f"theme{theme}"
    return "" if element.get("indexed") in {None, "8", "64"} else f"indexed{element.get('indexed')}"


def _fill(element: etree._Element) -> str:
    pattern = child(element, "patternFill")
    if pattern is None or pattern.get("patternType", "none") in {"none", "gray125"}:
        return ""
    front = child(pattern, "fgColor")
    if front is None:
        return ""
    value = front.get("rgb", "")[-6:].upper()
    if value in {"FFFFFF"} or (front.get("theme") == "0" and not front.get("tint")):
        return ""
    return value or f"theme{front.get('theme', '')}{front.get('tint', '')[:5]}"


def _shared(root: etree._Element | None) -> list[tuple[Run, ...]]:
    """Runs of each shared string; () for a string of one look."""
    found: list[tuple[Run, ...]] = []
    for item in root if root is not None else ():
        if local(item) == "si":
            found.append(_runs(item))
    return found


def _runs(item: etree._Element) -> tuple[Run, ...]:
    runs: list[Run] = []
    for piece in item:
        if local(piece) != "r":
            continue
        text = child(piece, "t")
        properties = child(piece, "rPr")
        look = _font(properties) if properties is not None else Look()
        runs.append(Run(text.text or "" if text is not None else "", look))
    return tuple(runs)


def _cells(
    root: etree._Element | None, formats: list[CellLook], shared: list[tuple[Run, ...]]
) -> Iterator[tuple[tuple[int, int], CellLook]]:
    if root is None:
        return
    for row in _children(root, "sheetData"):
        for cell in row:
            place = _REFERENCE.match(cell.get("r", "").upper())
            if not place or not len(cell):
                continue
            style = _whole(cell.get("s"))
            look = formats[style] if style < len(formats) else CellLook()
            kind = cell.get("t", "")
            value = child(cell, "v")
            text = (value.text or "") if value is not None else ""
            if kind == "s" and _whole(text) < len(shared) and shared[_whole(text)]:
                look = replace(look, runs=shared[_whole(text)])
            elif kind == "inlineStr" and (inline := child(cell, "is")) is not None:
                look = replace(look, runs=_runs(inline))
            elif kind == "e":
                look = replace(look, error=text or "#ERROR")
            if look != CellLook():
                yield (int(place[2]) - 1, _column(place[1])), look


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
