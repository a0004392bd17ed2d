"""Question lists in PDF files with a text layer: pages become the paragraphs and tables that the Word reader reads.

Colour, weight, rules and filled boxes of the print tell keys as they do in Word. What print does not say for sure (a row
that may be wrapped or new, a drawing, raised small letters) leaves here marked, and becomes a doubt.
"""

from __future__ import annotations

from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, ReadingLimits
from core.documents.old_encodings import has_unicode_letters
from core.documents.pdf_model import Box, Letter, PdfPage, RuledTable
from core.documents.pdf_reading import is_picture, read_pdf
from core.documents.text_reading import clean
from core.documents.word_model import Cell, Paragraph, Table, WordDocument
from questions.interchange.docx import read_document
from questions.interchange.key_files import KeySource
from questions.interchange.marks import is_page_number, key_intro, option_mark, question_mark
from questions.interchange.model import ReadProblem, ReadResult
from questions.interchange.pdf_paragraphs import Spacing, paragraphs_of, spacing_of
from questions.interchange.pdf_rows import Row, page_rows, running_heads, set_margins

Blocks = list[Paragraph | Table]


def read(source: bytes | Path, limits: ReadingLimits = DEFAULT_LIMITS, keys: KeySource | None = None) -> ReadResult:
    """Reads a list from a PDF file. Raises DocumentRefused."""
    pages = read_pdf(source, limits).pages
    result = read_document(document_of(pages), keys)
    for page in pages:
        if is_picture(page):
            message = "Trang này là ảnh chụp hoặc bản quét nên không đọc được; xin nhập tay các câu ở trang này."
            result.problems.append(ReadProblem(f"trang {page.number}", "", message))
    result.format = "pdf"
    return result


def document_of(pages: list[PdfPage]) -> WordDocument:
    """The pages as one document: paragraphs and tables in reading order, headers and footers apart."""
    tables = [[table for table in page.tables if _is_table(table)] for page in pages]
    flowing = [_outside(page, inside) for page, inside in zip(pages, tables, strict=True)]
    rows = [page_rows(page, letters, _stands_right) for page, letters in zip(pages, flowing, strict=True)]
    heads = running_heads(rows, [page.height for page in pages], _is_mark)
    apart = [row.text for page in rows for row in page if id(row) in heads]
    kept = [[row for row in page if id(row) not in heads] for page in rows]
    for page, all_rows, own in zip(pages, rows, kept, strict=True):
        set_margins(own)
        _pictures(page, own, [row for row in all_rows if id(row) in heads], pages)
    spacing = spacing_of([row for page in kept for row in page])
    modern = any(has_unicode_letters(letter.text) for page in pages for letter in page.letters)
    blocks = _blocks(kept, tables, pages, spacing, modern)
    notes = [note for page in pages for note in page.notes if note]
    slanted = [clean(page.aslant) for page in pages if page.aslant]
    return WordDocument(
        tuple(blocks),
        headers=tuple(dict.fromkeys(clean(text) for text in apart)),
        notes=tuple(dict.fromkeys([*notes, *slanted])),
    )


def _blocks(
    kept: list[list[Row]], tables: list[list[RuledTable]], pages: list[PdfPage], spacing: Spacing, modern: bool
) -> Blocks:
    """Rows run on over pages; a table cuts them."""
    found: Blocks = []
    waiting: list[Row] = []
    numbers: dict[int, int] = {}

    def flush() -> None:
        found.extend(paragraphs_of(waiting, spacing.limit, numbers, modern))
        waiting.clear()

    for page, rows, inside in zip(pages, kept, tables, strict=True):
        left = sorted(inside, key=lambda table: table.box.top)
        for row in rows:
            while left and left[0].box.top <= row.box.top and row.box.x1 > left[0].box.x0 and row.box.x0 < left[0].box.x1:
                flush()
                found.append(_table(left.pop(0), page, numbers, modern))
            waiting.append(row)
        for table in left:
            flush()
            found.append(_table(table, page, numbers, modern))
    flush()
    return found


def _is_mark(text: str) -> bool:
    return not is_page_number(text) and bool(option_mark(text) or question_mark(text) or key_intro(text) is not None)


def _stands_right(text: str) -> bool:
    """Whether a text is what stands on the right where options are set in two columns."""
    mark = option_mark(text)
    return mark is not None and mark.letter in "BD"


def _is_table(table: RuledTable) -> bool:
    """A grid of two columns or more. A frame around everything is none."""
    return max(sum(cell is not None for cell in row) for row in table.rows) >= 2


def _outside(page: PdfPage, tables: list[RuledTable]) -> list[Letter]:
    return [letter for letter in page.letters if not any(table.box.holds(*letter.middle) for table in tables)]


def _table(table: RuledTable, page: PdfPage, numbers: dict[int, int], modern: bool) -> Table:
    held: dict[Box, list[Letter]] = {cell: [] for row in table.rows for cell in row if cell}
    for letter in page.letters:
        if table.box.holds(*letter.middle):
            cell = next((box for box in held if box.holds(*letter.middle)), None)
            if cell is not None:
                held[cell].append(letter)
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        cells: list[Cell] = []
        for column, box in enumerate(row):
            if box is None:
                wide = bool(cells) and column > 0 and _reaches(row, column, table)
                if wide:
                    cells[-1] = Cell(cells[-1].blocks, cells[-1].span + 1, cells[-1].continues)
                else:
                    cells.append(Cell(continues=True))
                continue
            cells.append(Cell(tuple(_cell(box, held[box], page, numbers, modern))))
        rows.append(tuple(cells))
    return Table(tuple(rows))


def _reaches(row: tuple[Box | None, ...], column: int, table: RuledTable) -> bool:
    """Whether the cell to the left covers this column (else one from above does)."""
    left = next((box for box in reversed(row[:column]) if box is not None), None)
    above = [other[column] for other in table.rows if other[column] is not None]
    return left is not None and any(box is not None and left.x1 > box.x0 + 2 for box in above)


def _cell(box: Box, letters: list[Letter], page: PdfPage, numbers: dict[int, int], modern: bool) -> list[Paragraph]:
    if not any(letter.text.strip() for letter in letters):
        return []
    inner = PdfPage(page.number, box.width, box.height)
    rows = page_rows(inner, letters, lambda _: True)
    set_margins(rows)
    for row in rows:
        row.margin = max(row.margin, box.x1 - 6)
        row.pictures = sum(1 for picture in page.pictures if _touches(picture, row.box) and box.holds(*_centre(picture)))
    return paragraphs_of(rows, spacing_of(rows).limit, numbers, modern)


def _centre(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2


def _touches(picture: Box, row: Box) -> bool:
    return picture.top < row.bottom and picture.bottom > row.top


def _pictures(page: PdfPage, rows: list[Row], heads: list[Row], pages: list[PdfPage]) -> None:
    """Counts each picture to the row beside it, or the one above. What stands on one spot of most pages, or beside their
    heads, adorns them."""
    if not rows:
        return
    top, bottom = min(row.box.top for row in rows), max(row.box.bottom for row in rows)
    for picture in page.pictures:
        twins = sum(any(_same(picture, other) for other in one.pictures) for one in pages) if len(pages) > 2 else 0
        beside_head = any(_touches(picture, row.box) for row in heads) and not top < _centre(picture)[1] < bottom
        if twins > 0.5 * len(pages) or beside_head:
            continue
        beside = [row for row in rows if _touches(picture, row.box)]
        above = [row for row in rows if row.box.bottom <= picture.top + 2]
        (beside or above[-1:] or rows[:1])[0].pictures += 1


def _same(one: Box, other: Box) -> bool:
    return all(abs(mine - its) < 4 for mine, its in zip(one, other, strict=True))
