"""Random public identifiers for URLs; integers stay inside."""

from __future__ import annotations

import secrets

#: No vowels and no look-alikes, so that an id neither spells a word nor is misread over the phone.
ALPHABET = "23456789bcdfghjkmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ"


def public_id(length: int = 16) -> str:
    """A random identifier of ``length`` characters (about 5.5 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
