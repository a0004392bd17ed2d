"""Devices: a random cookie that scripts cannot read, of which only a hash is ever kept."""

from __future__ import annotations

import hashlib
import secrets

DEVICE_COOKIE = "thiet_bi"

#: A year, in seconds.
DEVICE_COOKIE_AGE = 365 * 24 * 3600


def new_device() -> str:
    """A random value for the cookie of a device not seen before."""
    return secrets.token_urlsafe(24)


def hash_device(cookie: str) -> str:
    """What is kept of a device's cookie: the first 128 bits of its SHA-256, 32 hexadecimal digits."""
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]
