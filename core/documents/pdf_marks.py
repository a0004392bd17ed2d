"""What a letter on a PDF page looks like: bold by its font's name, coloured by its ink, underlined by a thin rule
right beneath it, highlighted by a filled box behind it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.documents.pdf_model import Box, Letter

_BOLD = re.compile(r"bold|black|heavy|semibd|demi|[-,](?:bd|b|bi)(?:mt)?$", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obliq|[-,](?:it|i|bi)(?:mt)?$", re.IGNORECASE)
#: Ink this dark and this grey is black to the eye (office programs print black text as 0.14 grey and the like).
_DARK, _GREY = 0.30, 0.12
_PAPER = 0.94


@dataclass(frozen=True)
class Rule:
    """A straight line or thin box on the page."""

    box: Box


@dataclass(frozen=True)
class Fill:
    """A filled box and its colour (RRGGBB)."""

    box: Box
    colour: str


def plain_font(name: str) -> str:
    """The font's name without the six letters of a subset ("ABCDEF+Times-Bold")."""
    return re.sub(r"^[A-Z]{6}\+", "", name)


def is_bold(font: str) -> bool:
    """Whether a font is a bold one by its name."""
    return bool(_BOLD.search(font))


def is_italic(font: str) -> bool:
    """Whether a font is slanted by its name."""
    return bool(_ITALIC.search(font))


def rgb(colour: object) -> tuple[float, float, float] | None:
    """A PDF colour (grey, RGB or CMYK, parts from 0 to 1) as RGB; None for patterns and the like.

    CMYK by the plain rule of PDF 32000-1, 10.3.5: red = 1 - min(1, cyan + black), and so on.
    """
    if isinstance(colour, int | float):
        colour = (colour,)
    if not isinstance(colour, Sequence) or isinstance(colour, str) or not colour:
        return None
    if not all(isinstance(part, int | float) for part in colour):
        return None
    parts = [min(1.0, max(0.0, float(part))) for part in colour]
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return 1 - min(1.0, cyan + black), 1 - min(1.0, magenta + black), 1 - min(1.0, yellow + black)
    return None


def ink(colour: object) -> str:
    """The colour of text as RRGGBB, "" for what looks black."""
    found = rgb(colour)
    if found is None or (max(found) <= _DARK and max(found) - min(found) <= _GREY):
        return ""
    return _hex(found)


def paper(colour: object) -> str:
    """The colour of a filled box as RRGGBB, "" for what looks like paper or like black ink."""
    found = rgb(colour)
    if found is None or min(found) >= _PAPER or max(found) <= _DARK:
        return ""
    return _hex(found)


def is_white(colour: object) -> bool:
    """Whether ink cannot be seen on paper."""
    found = rgb(colour)
    return found is not None and min(found) >= 0.97


def _hex(found: tuple[float, float, float]) -> str:
    return "".join(f"{round(part * 255):02X}" for part in found)


def mark(letters: list[Letter], rules: Iterable[Rule], fills: Iterable[Fill]) -> None:
    """Gives letters the rules under or through them, and the boxes behind them."""
    for rule in rules:
        _ruled(letters, rule)
    for fill in fills:
        near = [letter for letter in letters if fill.box.holds(*letter.middle)]
        if near and _fits(fill.box, near, 30.0):
            for letter in near:
                letter.look = replace(letter.look, highlight=fill.colour)


def _ruled(letters: list[Letter], rule: Rule) -> None:
    """A rule belongs to letters where it is as long as they are together; longer ones are edges of tables."""
    box, y = rule.box, (rule.box.top + rule.box.bottom) / 2
    across = [letter for letter in letters if box.x0 - 1 <= letter.middle[0] <= box.x1 + 1]
    under = [one for one in across if one.box.bottom - 0.35 * one.size <= y <= one.box.bottom + 0.15 * one.size]
    through = [one for one in across if one.box.top + 0.35 * one.size <= y < one.box.bottom - 0.35 * one.size]
    if under and _fits(box, under, 3.0):
        for letter in under:
            letter.look = replace(letter.look, underline=True)
    elif through and _fits(box, through, 3.0):
        for letter in through:
            letter.look = replace(letter.look, strike=True)


def _fits(box: Box, letters: list[Letter], slack: float) -> bool:
    left = min(letter.box.x0 for letter in letters)
    right = max(letter.box.x1 for letter in letters)
    return left - box.x0 <= slack and box.x1 - right <= max(slack, 0.6 * letters[-1].size)


def once(letters: list[Letter]) -> list[Letter]:
    """Letters printed twice on (nearly) one spot, which is how some programs make bold, become one bold letter."""
    found: list[Letter] = []
    places: dict[tuple[str, int, int], list[Letter]] = {}
    for letter in letters:
        if not letter.text.strip():
            found.append(letter)
            continue
        column, row = round(letter.box.x0), round(letter.box.top)
        twin = next(
            (
                other
                for x in (column - 1, column, column + 1)
                for y in (row - 1, row, row + 1)
                for other in places.get((letter.text, x, y), ())
                if abs(other.box.x0 - letter.box.x0) < 0.12 * letter.size
                and abs(other.box.top - letter.box.top) < 0.12 * letter.size
            ),
            None,
        )
        if twin is not None:
            twin.look = replace(twin.look, bold=True)
            continue
        places.setdefault((letter.text, column, row), []).append(letter)
        found.append(letter)
    return found
