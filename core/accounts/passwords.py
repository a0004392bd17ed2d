"""Staff passwords: argon2id, what a password must be, and one that is made for somebody. No database."""

from __future__ import annotations

import secrets
import threading
from enum import Enum

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from core.database.text import fold

MIN_LENGTH = 10
MAX_LENGTH = 200

#: Each check takes 64 MiB and some 50 ms: a crowd at the sign-in page must not take the whole machine.
_AT_ONCE = threading.BoundedSemaphore(2)

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
assert _hasher.type is Type.ID
#: Checked when there is no such account, so that the answer takes as long as with a wrong password.
_nobody = _hasher.hash(secrets.token_hex(16))

#: The beginnings that every guesser tries first, folded.
_COMMON = (
    "0123456789", "1234567890", "0987654321", "1111111111", "qwertyuiop", "matkhau", "password", "admin",
    "bithu", "chibo", "dangbo", "dangvien", "hanoi", "hoithi", "iloveyou", "abc123", "123456",
)  # fmt: skip


class Weakness(Enum):
    """Why a new password is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    LIKE_NAME = "like the name"
    COMMON = "common"


def cheap_for_tests() -> None:
    """Hash with the least effort, so that tests do not wait."""
    global _hasher, _nobody
    _hasher = PasswordHasher.from_parameters(CHEAPEST)
    _nobody = _hasher.hash("nobody")


def hash_password(password: str) -> str:
    """The argon2id hash of ``password`` with its parameters and salt."""
    with _AT_ONCE:
        return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """True when ``password`` fits; without a hash (no such account) it takes as long and is False."""
    with _AT_ONCE:
        try:
            return _hasher.verify(password_hash or _nobody, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with less effort than is asked now."""
    return _hasher.check_needs_rehash(password_hash)


def weakness_of(password: str, username: str) -> Weakness | None:
    """What is wrong with a new password (None: nothing). Length counts, not kinds of signs (NIST 800-63B)."""
    if len(password) < MIN_LENGTH:
        return Weakness.TOO_SHORT
    if len(password) > MAX_LENGTH:
        return Weakness.TOO_LONG
    folded = fold(password).replace(" ", "")
    name = fold(username)
    if name and name in folded and len(folded) - len(name) < MIN_LENGTH - 4:
        return Weakness.LIKE_NAME
    if len(set(folded)) < 4 or any(w in folded and len(folded) - len(w) < MIN_LENGTH - 4 for w in _COMMON):
        return Weakness.COMMON
    return None


def new_password() -> str:
    """A random password that can be read over the phone: three groups of four, about 56 bits."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
