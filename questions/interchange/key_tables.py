"""Tables that hold nothing but numbers and keys: side by side, or one row under the other."""

from __future__ import annotations

from questions.interchange.key_lists import pairs
from questions.interchange.marks import KeyWords, key_words, question_mark


def key_entries(rows: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Keys of a table that holds nothing but numbers and keys: side by side, or one row under the other."""
    cells = [[" ".join(text.split()) for text in row] for row in rows]
    for candidates in (_in_rows(cells), _in_pairs(cells), _inside(cells)):
        if candidates:
            return candidates
    return []


def _is_answer(text: str) -> bool:
    if text in {"?", "-", "x", ""}:
        return text == "?"
    words = key_words(text)
    return bool(words.letters or words.truth is not None) and len(text) <= 40 and not (words.rest and len(words.rest) > 30)


def _words_of(text: str) -> KeyWords:
    return KeyWords(words="?") if text == "?" else key_words(text)


def _plain_number(text: str) -> str:
    mark = question_mark(text + " A") if not text.isdigit() else None
    return text if text.isdigit() else mark.number if mark and mark.start >= len(text) else ""


def _in_rows(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Numbers in one row, keys in the next."""
    found: list[tuple[str, KeyWords]] = []
    place = 0
    while place + 1 < len(cells):
        upper, lower = cells[place], cells[place + 1]
        numbers = [(column, _plain_number(text)) for column, text in enumerate(upper)]
        numbers = [(column, number) for column, number in numbers if number]
        answers = [(number, lower[column]) for column, number in numbers if column < len(lower) and lower[column]]
        if (
            len(numbers) >= 2
            and answers
            and all(_is_answer(text) for _, text in answers)
            and len(answers) >= 0.8 * len(numbers)
        ):
            found.extend((number, _words_of(text)) for number, text in answers)
            place += 2
            continue
        if any(_plain_number(text) or _is_answer(text) for text in upper if text) and found:
            return []
        place += 1
    return found


def _in_pairs(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Pairs of columns (number, key), perhaps several pairs side by side."""
    found: dict[int, list[tuple[str, KeyWords]]] = {}
    misses = 0
    for row in cells:
        column = 0
        while column < len(row):
            number = _plain_number(row[column])
            if number and column + 1 < len(row) and _is_answer(row[column + 1]):
                found.setdefault(column, []).append((number, _words_of(row[column + 1])))
                column += 2
                continue
            if number and column + 1 < len(row) and not row[column + 1]:
                column += 2
                continue
            misses += bool(row[column]) and len(row[column]) > 12
            column += 1
    entries = [entry for column in sorted(found) for entry in found[column]]
    return entries if len(entries) >= 2 and misses <= 0.3 * len(entries) + 3 else []


def _inside(cells: list[list[str]]) -> list[tuple[str, KeyWords]]:
    """Each cell holds its own pair ("1.C")."""
    texts = [text for row in cells for text in row if text]
    found = [entry for text in texts for entry in pairs(text)]
    whole = sum(bool(pairs(text)) for text in texts)
    return found if len(found) >= 2 and whole >= 0.7 * len(texts) else []
