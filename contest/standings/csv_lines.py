"""Reads a CSV text row by row, each with its line, in a way that one broken row cannot swallow those after
it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, or UTF-16 with one (Excel's "Unicode text").

    Bytes that are no UTF-8 stay in the text as lone surrogates, so that only their rows need be refused, see
    `is_damaged`.
    """
    encoding = _BOMS.get(data[:2])
    if encoding is not None:
        return data.decode(encoding, "replace")
    return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def is_damaged(text: str) -> bool:
    """Does it hold bytes that were no UTF-8, or a NUL?"""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each row that is not blank, with the number of its first line, counted from 1. None: a row that cannot
    be told.

    A quoted cell may run over lines. Where that makes a row of another width than the first row, its opening
    quote is taken for a mistake: the line alone is given up and reading goes on with the next.
    """
    lines = list(io.StringIO(text, newline=""))
    width = 0
    start = 0
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter)
        first = begun = start
        start = len(lines)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                cells = []
                used = 2
            else:
                used = begun + reader.line_num - first
            if used > 1 and len(cells) != width:
                yield first + 1, None
                start = first + 1
                break
            if any(map(str.strip, cells)):
                width = width or len(cells)
                yield first + 1, cells
            first = begun + reader.line_num
