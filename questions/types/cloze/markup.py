r"""A text with blanks as its setter types it, read into pieces and written back. Pure.

``[[ba tháng|3 tháng]]`` is a blank for words with its accepted answers, ``[[#=13±1]]`` or ``[[#=200±5%]]`` one for a number
(``+-`` may stand for ``±``), ``[[*tăng|giảm]]`` a choice whose right option has the star. ``\`` takes its meaning from the
sign after it: ``\[[``, ``\|``, ``\*``, ``\#``.

Pieces are texts and, for blanks, mappings: ``{"kind": "words", "accepted": […]}``, ``{"kind": "number", "value": "13",
"tolerance": "1", "percent": false}``, ``{"kind": "choice", "options": […], "correct": 0}``. What cannot be read is
``{"kind": "broken", "text": …, "why": …}``, so that reading never fails and nothing that was typed is lost.
"""

from __future__ import annotations

import re
from typing import Any

from questions.types.typed.numbers import decimal_from, number_of, stored, written

Piece = str | dict[str, Any]

_SIGNS = r"\\\[\]|*#"
_TOKEN = re.compile(rf"\\([{_SIGNS}])|(\[\[)|(\]\])|(\|)|(.)", re.DOTALL)
_TOLERANCE = re.compile(r"±|\+/?-")


def read(text: str) -> list[Piece]:
    """The pieces of ``text``. Never fails: blanks that make no sense are "broken"."""
    pieces: list[Piece] = []
    plain: list[str] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token is not None  # the last branch takes any sign
        if token[2] is None:
            plain.append(token[1] or token[0])
            at = token.end()
            continue
        if plain:
            pieces.append("".join(plain))
            plain = []
        blank, at = _blank(text, at)
        pieces.append(blank)
    return [*pieces, "".join(plain)] if plain else pieces


def write(pieces: list[Piece]) -> str:
    """The text that ``read`` gives back as ``pieces``."""
    return "".join(_outside(piece) if isinstance(piece, str) else _written_blank(piece) for piece in pieces)


def _blank(text: str, start: int) -> tuple[Piece, int]:
    """The blank that begins at ``start``, and where what follows it begins."""
    parts: list[list[tuple[str, bool]]] = [[]]  # signs, and whether they stand for themselves
    at = start + 2
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token is not None
        if token[2] is not None:
            break  # another blank begins: this one was not closed
        at = token.end()
        if token[3] is not None:
            return _understood(parts, text[start:at]), at
        if token[4] is not None:
            parts.append([])
        else:
            parts[-1].append((token[1] or token[0], token[1] is not None))
    return {"kind": "broken", "text": text[start:at], "why": "unclosed"}, at


def _understood(parts: list[list[tuple[str, bool]]], raw: str) -> Piece:
    marked = [_marked(part, "*#" if place == 0 else "*") for place, part in enumerate(parts)]
    texts = [text for _sign, text in marked]
    if marked[0][0] == "#":
        return _number(texts, raw)
    stars = [place for place, (sign, _text) in enumerate(marked) if sign == "*"]
    if stars:
        if len(stars) > 1 or len(parts) < 2:
            return {"kind": "broken", "text": raw, "why": "choice_stars" if len(stars) > 1 else "choice_alone"}
        return {"kind": "choice", "options": texts, "correct": stars[0]}
    return {"kind": "words", "accepted": texts}


def _marked(part: list[tuple[str, bool]], marks: str) -> tuple[str, str]:
    """The sign of ``marks`` that a part begins with (or none) and its text without it, spaces evened out."""
    signs = list(part)
    while signs and signs[0][0].isspace():
        del signs[0]
    mark = signs[0][0] if signs and not signs[0][1] and signs[0][0] in marks else ""
    text = "".join(sign for sign, _own in (signs[1:] if mark else signs))
    return mark, " ".join(text.split())


def _number(texts: list[str], raw: str) -> Piece:
    broken: Piece = {"kind": "broken", "text": raw, "why": "number_unread"}
    if len(texts) != 1:
        return broken
    value, *others = _TOLERANCE.split(texts[0].removeprefix("="))
    tolerance = others[0].strip() if others else "0"
    percent = tolerance.endswith("%")
    number, allowed = number_of(value), number_of(tolerance.removesuffix("%"))
    if len(others) > 1 or number is None or allowed is None or allowed < 0:
        return broken
    return {"kind": "number", "value": stored(number), "tolerance": stored(allowed), "percent": percent}


def _outside(text: str) -> str:
    text = re.sub(rf"\\(?=[{_SIGNS}]|\Z)", r"\\\\", text)
    return re.sub(r"\[(?=\[|\Z)", r"\\[", text)


def _inside(text: str) -> str:
    text = re.sub(r"[\\\[\]|]", r"\\\g<0>", text)
    return "\\" + text if text[:1] in ("*", "#") else text


def _written_blank(blank: dict[str, Any]) -> str:
    if blank["kind"] == "broken":
        return str(blank["text"])
    if blank["kind"] == "number":
        return f"[[#={number_words(blank)}]]"
    texts = [_inside(text) for text in blank["accepted" if blank["kind"] == "words" else "options"]]
    if blank["kind"] == "choice":
        texts[blank["correct"]] = f"*{texts[blank['correct']]}"
    return f"[[{'|'.join(texts)}]]"


def number_words(blank: dict[str, Any]) -> str:
    """The number of a blank with its tolerance as people write them: "1.234,5±5%"."""
    value, tolerance = decimal_from(blank["value"]), decimal_from(blank["tolerance"])
    assert value is not None and tolerance is not None
    sign = "%" if blank["percent"] else ""
    return written(value) + (f"±{written(tolerance)}{sign}" if tolerance else "")
