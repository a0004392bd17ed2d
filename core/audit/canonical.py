"""Canonical JSON, its hash, short receipts and Merkle roots. Pure.

Canonical JSON is RFC 8785 for what we put into it: text keys, text, booleans, null and whole numbers (marks that are not
whole are decimal strings), so that sorted compact ``json.dumps`` is equal to it and a verifier stays small.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The one way to write ``value`` as JSON: UTF-8, sorted keys, no spaces. Raises TypeError for a float."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no exact canonical form: use a decimal string")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("keys must be text")
            _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_floats(inner)


def sha256_hex(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def short_code(value: Any) -> str:
    """The first 80 bits of the same hash as 16 base32 characters in four groups: "7F2A-91C0-…" for a person to keep."""
    digest = hashlib.sha256(canonical_json(value)).digest()
    letters = base64.b32encode(digest[:10]).decode()
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def merkle_root(leaves: Sequence[Any]) -> str:
    """Merkle tree hash of RFC 6962 (section 2.1) over the canonical JSON of ``leaves``, 64 hexadecimal digits."""
    return _tree_hash([canonical_json(leaf) for leaf in leaves]).hex()


def _tree_hash(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _tree_hash(leaves[:split]) + _tree_hash(leaves[split:])).digest()
