"""Numbers as Vietnamese people type them, read exactly. Pure.

The comma begins the decimals and points or spaces stand between thousands: "1.234,5", "1234,5", "17 000". Many keyboards of
phones have only a point, so it may begin the decimals too: "3.14". **What is ambiguous:** one point, or one comma, with
exactly three digits after it and one to three before it, the first no zero: "17.000" may be seventeen thousand or
seventeen. The first reading is the Vietnamese one (a point parts thousands, a comma begins decimals), and what a setter
writes is read so. A contestant's answer counts in either reading: the two are a thousandfold apart, and nobody means both.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

#: The longest number that is read, in characters.
LONGEST_NUMBER = 40

#: The most digits of a number: with the signs that belong to it, it is no longer than that.
MOST_DIGITS = 25

_MINUS = str.maketrans({"−": "-", "–": "-", "‑": "-"})
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[0-9]+\Z")
_GROUPED = {sign: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+\Z") for sign in ". ,"}


def readings(text: str) -> tuple[Decimal, ...]:
    """What ``text`` may stand for, the Vietnamese reading first; nothing where it is no number."""
    if len(text) > LONGEST_NUMBER or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return ()
    cleaned = _SPACES.sub(" ", unicodedata.normalize("NFKC", text).translate(_MINUS)).strip()
    sign = "-" if cleaned.startswith("-") else ""
    body = cleaned[1:].strip() if cleaned[:1] in ("-", "+") else cleaned
    if body.endswith(".") and "." not in body[:-1]:
        body = body[:-1]  # the full stop of a sentence: phones put one after two spaces
    return tuple(Decimal(sign + digits) for digits in _unsigned(body))


def number_of(text: str) -> Decimal | None:
    """``text`` in its Vietnamese reading; None where it is no number."""
    found = readings(text)
    return found[0] if found else None


def written(number: Decimal) -> str:
    """``number`` as Vietnamese people write it: "1.234,5". ``number_of`` reads the same number back."""
    whole, _point, decimals = format(abs(number), "f").partition(".")
    decimals = decimals.rstrip("0")
    sign = "-" if number < 0 else ""
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def stored(number: Decimal) -> str:
    """``number`` as data keeps it: digits, a point before decimals, no zeros that say nothing."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def decimal_from(value: object) -> Decimal | None:
    """A number that data keeps (see ``stored``); None for anything else."""
    if not isinstance(value, str) or len(value) > 2 * LONGEST_NUMBER or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return None
    return Decimal(value)


def within(text: str, value: Decimal, tolerance: Decimal, percent: bool) -> bool:
    """Whether ``text`` in any of its readings is at most ``tolerance`` away from ``value``: absolutely, or in per cent of
    the size of ``value``. Computed in fractions, so nothing is rounded."""
    allowed = Fraction(tolerance) * (abs(Fraction(value)) / 100 if percent else 1)
    return any(abs(Fraction(reading) - Fraction(value)) <= allowed for reading in readings(text))


def _unsigned(body: str) -> list[str]:
    """The readings of a number without sign, as Decimal takes them."""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        decimal_sign = "," if body.rfind(",") > body.rfind(".") else "."
        return _split(body, decimal_sign, "." if decimal_sign == "," else ",")
    sign = "." if points else "," if commas else ""
    if not sign:
        return _whole(body)
    if points + commas > 1:
        return [body.replace(sign, "")] if _GROUPED[sign].match(body) else []
    decimals, grouped = _split(body, sign, " "), [body.replace(sign, "")] if _GROUPED[sign].match(body) else []
    return grouped + decimals if sign == "." else decimals + grouped


def _split(body: str, decimal_sign: str, group_sign: str) -> list[str]:
    """``body`` as a whole part, maybe in groups, and decimals."""
    whole, _sign, decimals = body.partition(decimal_sign)
    if not _PLAIN.match(decimals):
        return []
    if not whole:
        return [f"0.{decimals}"]
    if group_sign in whole and not _GROUPED[group_sign].match(whole):
        return []
    digits = whole.replace(group_sign, "")
    return [f"{digits}.{decimals}"] if _PLAIN.match(digits) else []


def _whole(body: str) -> list[str]:
    if _PLAIN.match(body):
        return [body]
    return [body.replace(" ", "")] if _GROUPED[" "].match(body) else []
