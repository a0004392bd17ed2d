"""Files that wait for a job, or that a job has made: in ``instance/uploads``, for their owner's eyes only (0600).

A token is random and names nothing but a file of this folder. A file is complete or not there.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from core.documents.limits import DEFAULT_LIMITS, MIB, DocumentRefused

_TOKEN = re.compile(r"[0-9a-f]{32}")
_CHUNK = 256 * 1024


class UploadMissing(LookupError):
    """There is no such file (any more)."""


def folder() -> Path:
    """The folder of uploads, made when missing (0700)."""
    path: Path = current_app.config["SETTINGS"].instance / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def new_token() -> str:
    """A random name for a file to come: for a job that makes one and may be repeated."""
    return secrets.token_hex(16)


def keep(stream: BinaryIO, limit: int = DEFAULT_LIMITS.upload_bytes, token: str | None = None) -> str:
    """Store what ``stream`` gives, up to ``limit`` bytes; returns its token (the one given replaces its file).

    Raises DocumentRefused when there is more, or nothing at all.
    """
    token = token or new_token()
    target = _place(token)
    part = target.with_suffix(".part")
    size = 0
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise DocumentRefused(f"Tệp quá lớn (trên {max(1, limit // MIB)} MB). Hãy chia nhỏ rồi gửi lại.", "too_big")
                file.write(chunk)
            if not size:
                raise DocumentRefused("Tệp trống, không có nội dung nào để đọc.", "empty")
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return token


def path_of(token: str) -> Path:
    """Where the file lies. Raises UploadMissing for a token that is none, and for a file that is gone."""
    path = _place(token)
    if not path.is_file():
        raise UploadMissing(token)
    return path


def discard(token: str) -> None:
    """Delete the file; doing so twice, or for no file, changes nothing."""
    try:
        _place(token).unlink(missing_ok=True)
    except UploadMissing:
        return


def discard_old(seconds: float) -> int:
    """Delete every file older than ``seconds`` (half-written ones too); returns how many."""
    limit = time.time() - seconds
    count = 0
    for path in folder().iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < limit:
                path.unlink()
                count += 1
        except FileNotFoundError:
            continue
    return count


def _place(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise UploadMissing(token)
    return folder() / token
