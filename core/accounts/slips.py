"""The code on a contestant's slip: sixteen digits in four groups, like a bank card. Pure.

Fifteen digits come from HMAC-SHA256 over person and generation, so that a slip can be printed again and a
lost one is one new generation; the sixteenth is a check digit after Damm, which catches every wrong digit and
every pair of neighbours typed the wrong way round. Digits only: Vietnamese keyboards (Telex, VNI) mangle
letters. The database holds no code, only ``slip_hash``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

LENGTH = 16
GROUP = 4

_DRAWN = 10 ** (LENGTH - 1)
_BITS = 50  # 2^50 is the first power of two above 10^15, so at most one draw in nine is thrown away
_SEPARATORS = re.compile(r"[\s.\-_·•‐-―−\u200b-\u200f\u2060\ufeff]+")

#: The quasigroup of H. Michael Damm (2004): weakly totally anti-symmetric, of order 10.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def code_for(person_public_id: str, generation: int, key: bytes) -> str:
    """The sixteen digits of a person's slip. All numbers of fifteen digits are equally likely."""
    attempt = 0
    while True:
        message = f"slip-code\0{person_public_id}\0{generation}\0{attempt}".encode()
        digest = int.from_bytes(hmac.digest(key, message, "sha256"), "big")
        for _ in range(256 // _BITS):
            drawn = digest & ((1 << _BITS) - 1)
            digest >>= _BITS
            if drawn < _DRAWN:
                digits = f"{drawn:0{LENGTH - 1}d}"
                return digits + check_digit(digits)
        attempt += 1


def check_digit(digits: str) -> str:
    """The digit that makes ``digits`` followed by it sound."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def clean(text: str) -> str:
    """What somebody typed or pasted, as bare digits: without spaces and dashes, full-width digits made plain.

    Anything else stays, so that ``is_well_formed`` refuses it.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:200]))
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in bare)


def is_well_formed(code: str) -> bool:
    """True for sixteen plain digits whose check digit is right."""
    return len(code) == LENGTH and code.isascii() and code.isdigit() and check_digit(code) == "0"


def groups(code: str) -> str:
    """``code`` as it is printed and read aloud: "4821 0937 5512 3456"."""
    return " ".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def slip_hash(code: str, key: bytes) -> str:
    """The keyed hash under which the database knows ``code``, 64 hexadecimal digits."""
    return hmac.new(key, b"slip-hash\0" + code.encode(), hashlib.sha256).hexdigest()
