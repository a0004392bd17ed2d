"""Question tables without a heading row: what each column holds is told by its cells."""

from __future__ import annotations

from questions.interchange.columns import Header
from questions.interchange.marks import bare_number, key_words

#: What each question of such a table is doubted with.
HEADLESS = "Bảng không có dòng tiêu đề; các cột được đoán theo nội dung."
_ENOUGH = 0.8


def guess_header(rows: list[dict[int, str]]) -> Header | None:
    """The roles of the columns of at least three rows that all look alike: a number (perhaps), the longest text,
    options behind it (in columns or in one cell), and last a column of key letters. None where they do not."""
    if len(rows) < 3:
        return None
    columns = sorted({column for row in rows for column in row})
    texts = {column: [row.get(column, "").strip() for row in rows] for column in columns}
    full = [column for column in columns if sum(map(bool, texts[column])) >= _ENOUGH * len(rows)]
    keys = [column for column in full if _share(texts[column], _is_key) >= _ENOUGH]
    if not keys or len(full) < 3:
        return None
    key = keys[-1]
    before = [column for column in full if column < key]
    numbers = [column for column in before[:1] if _share(texts[column], bare_number) >= _ENOUGH]
    words = [column for column in before if column not in numbers]
    if len(words) < 2:
        return None
    stem, options = words[0], words[1:]
    header = Header(0, 0, {stem: "stem", key: "key", **dict.fromkeys(numbers, "number")})
    if len(options) == 1 and _share(texts[options[0]], lambda text: text.count("\n") >= 1) >= _ENOUGH:
        header.roles[options[0]] = "options"
        return header
    if not 2 <= len(options) <= 6 or any(_length(texts[stem]) <= _length(texts[column]) for column in options):
        return None
    header.roles.update({column: f"option:{chr(65 + place)}" for place, column in enumerate(options)})
    between = [column for column in columns if stem < column < key and column not in header.roles]
    header.roles.update({column: f"option:{chr(65 + len(options) + place)}" for place, column in enumerate(between[:2])})
    return header


def _share(texts: list[str], fits: object) -> float:
    filled = [text for text in texts if text]
    return sum(bool(fits(text)) for text in filled) / len(filled) if callable(fits) and filled else 0.0


def _is_key(text: str) -> bool:
    words = key_words(text)
    return bool(words.letters) and not words.rest and len(text) <= 12


def _length(texts: list[str]) -> float:
    return sum(map(len, texts)) / max(1, len(texts))
