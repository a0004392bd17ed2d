"""Secret keys, made at the first start and kept beside the database in files that only their owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import current_app

#: What each key is for: sessions and CSRF, slips' codes, drawing papers, sitting tokens.
NAMES = ("session", "slip", "paper", "token")


class KeyFileError(RuntimeError):
    """A key file cannot be used (wrong size, or others may read it)."""


def load_keys(folder: Path) -> dict[str, bytes]:
    """The keys in ``folder``, 32 random bytes each; missing ones are made (folder 0700, files 0600).

    Raises KeyFileError for a file that others may read or that has another size.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: _load(folder / f"{name}.key") for name in NAMES}


def _load(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
    content = path.read_bytes()
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"Tệp khóa {path.name} đang cho người khác đọc; xin đặt quyền 0600.")
    if len(content) != 32:
        raise KeyFileError(f"Tệp khóa {path.name} hỏng (không đủ 32 byte); xin khôi phục từ bản sao lưu.")
    return content


def key(name: str) -> bytes:
    """The key ``name`` of the current app. Raises KeyError for a name that is not in NAMES."""
    keys: dict[str, bytes] = current_app.extensions["keys"]
    return keys[name]
