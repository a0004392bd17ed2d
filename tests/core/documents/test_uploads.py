"""Uploaded and made files: bounded, private, whole or not there, and found by their token only."""

from __future__ import annotations

import io
import os

import pytest
from flask import Flask

from core.documents.limits import DocumentRefused
from core.documents.uploads import UploadMissing, discard, discard_old, folder, keep, new_token, path_of


def test_a_file_is_kept_for_its_owner_only(sqlite_app: Flask) -> None:
    token = keep(io.BytesIO(b"noi dung"))
    path = path_of(token)
    assert path.read_bytes() == b"noi dung"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder().stat().st_mode & 0o777 == 0o700
    assert folder().parent == sqlite_app.config["SETTINGS"].instance


def test_a_repeated_step_replaces_its_own_file(sqlite_app: Flask) -> None:
    token = new_token()
    assert keep(io.BytesIO(b"one"), token=token) == keep(io.BytesIO(b"two"), token=token) == token
    assert path_of(token).read_bytes() == b"two"
    assert len(list(folder().iterdir())) == 1


@pytest.mark.parametrize(("content", "reason"), [(b"x" * 11, "too_big"), (b"", "empty")])
def test_too_much_or_nothing_is_refused_and_leaves_nothing(sqlite_app: Flask, content: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        keep(io.BytesIO(content), limit=10)
    assert refusal.value.reason == reason
    assert list(folder().iterdir()) == []


def test_a_connection_that_breaks_leaves_nothing(sqlite_app: Flask) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(3)

    with pytest.raises(ConnectionResetError):
        keep(Broken(b"abcdef"))
    assert list(folder().iterdir()) == []


@pytest.mark.parametrize("token", ["", "../hoithi.sqlite", "/etc/passwd", "A" * 32, "0" * 32, "0" * 32 + "\n"])
def test_other_names_lead_to_no_file(sqlite_app: Flask, token: str) -> None:
    with pytest.raises(UploadMissing):
        path_of(token)
    discard(token)


def test_a_discarded_file_is_gone(sqlite_app: Flask) -> None:
    token = keep(io.BytesIO(b"x"))
    discard(token)
    discard(token)
    with pytest.raises(UploadMissing):
        path_of(token)


def test_old_files_are_cleared_away(sqlite_app: Flask) -> None:
    old, young = keep(io.BytesIO(b"old")), keep(io.BytesIO(b"young"))
    os.utime(path_of(old), (0, 0))
    assert discard_old(3600) == 1
    with pytest.raises(UploadMissing):
        path_of(old)
    assert path_of(young).read_bytes() == b"young"
