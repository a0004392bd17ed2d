"""Of several workers one works; the next takes over when it is gone."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from core.database import db
from core.jobs.single import single_lock


def test_the_second_worker_waits_until_the_first_is_gone(app: Flask, tmp_path: Path) -> None:
    first = single_lock(db.engine, tmp_path)
    second = single_lock(db.engine, tmp_path)
    assert first.take()
    assert first.held()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
