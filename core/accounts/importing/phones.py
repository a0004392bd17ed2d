"""Telephone numbers of Vietnam as lists write them, and as Excel spoils them. Pure."""

from __future__ import annotations

import re

from core.accounts.importing.cells import Doubt, Raw, Reading

_SCIENTIFIC = re.compile(r"^\s*\d+(?:[.,]\d+)?\s*[eE]\s*\+?\s*\d+\s*$")
_SEPARATORS = re.compile(r"[\s.\-()·\u200b-\u200f\u2060\ufeff\u00a0]+")
_LIKE_DIGITS = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1"})

#: Beginnings of mobile numbers, old (eleven digits, until September 2018) and new (ten digits).
_MOVED = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip

#: A stored number with fewer digits before its zeros has probably been through "9.12E+08" and lost the rest.
_FEWEST_TOLD = 5


def is_phone(digits: str) -> bool:
    """True for a number of Vietnam as one dials it: ten digits (mobile), ten or eleven (fixed, 02…)."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    if digits.startswith("02"):
        return len(digits) in (10, 11)
    return len(digits) == 10 and digits[:2] in ("03", "05", "07", "08", "09")


def read_phone(raw: Raw) -> Reading[str]:
    """The digits as one dials them, "" for an empty cell.

    Spaces, dots, "+84" are put right silently. Doubted: a number that Excel made of it (phone_number), one that lost
    digits (phone_lost, no proposal), no 0 in front (phone_no_zero), an old beginning (phone_old), two numbers
    (phone_two), letters for digits (phone_letters), anything else (phone_wrong).
    """
    if raw.empty:
        return Reading("")
    if raw.number is not None:
        return _from_number(raw)
    if _SCIENTIFIC.match(raw.text):
        return Reading("", Doubt("phone", "phone_lost"))
    digits = _domestic(_SEPARATORS.sub("", raw.text))
    if is_phone(digits):
        return Reading(digits, tidied=digits != raw.text)
    return Reading("", _doubt(raw.text, digits))


def _from_number(raw: Raw) -> Reading[str]:
    digits = raw.text
    if not digits.isdigit():
        return Reading("", Doubt("phone", "phone_wrong"))
    if len(digits) >= 9 and len(digits.rstrip("0")) < _FEWEST_TOLD:
        return Reading("", Doubt("phone", "phone_lost"))
    proposal = _propose(digits)
    return Reading("", Doubt("phone", "phone_number" if proposal else "phone_wrong", proposal=proposal))


def _domestic(text: str) -> str:
    """``text`` without +84, 84 or 0084 in front of a number that has it."""
    for prefix in ("+84", "0084", "84"):
        if text.startswith(prefix):
            rest = text.removeprefix(prefix)
            number = rest if rest.startswith("0") else "0" + rest
            if is_phone(number):
                return number
    return text


def _propose(digits: str) -> str | None:
    """The number that ``digits`` with a 0 in front, or with its old beginning replaced, would be; None if none."""
    for candidate in (_domestic(digits), "0" + digits):
        if is_phone(candidate):
            return candidate
        moved = _MOVED.get(candidate[:4])
        if moved and len(candidate) == 11 and candidate.isdigit():
            return moved + candidate[4:]
    return None


def _doubt(text: str, digits: str) -> Doubt:
    parts = [_domestic(_SEPARATORS.sub("", part)) for part in re.split(r"[/,;|\n]| - |hoặc|và", text)]
    good = [part for part in parts if is_phone(part)]
    if len(good) >= 2:
        return Doubt("phone", "phone_two", proposal=good[0])
    if digits.isascii() and digits.isdigit():
        proposal = _propose(digits)
        if proposal is None:
            return Doubt("phone", "phone_wrong")
        return Doubt("phone", "phone_old" if len(digits) == 11 else "phone_no_zero", proposal=proposal)
    letters = _domestic(digits.translate(_LIKE_DIGITS))
    if is_phone(letters) or (letters.isdigit() and _propose(letters)):
        return Doubt("phone", "phone_letters", proposal=letters if is_phone(letters) else _propose(letters))
    if good:
        return Doubt("phone", "phone_letters", proposal=good[0])
    return Doubt("phone", "phone_wrong")


def show_phone(digits: str) -> str:
    """For people: "0912 000 097"."""
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}" if is_phone(digits) else digits
