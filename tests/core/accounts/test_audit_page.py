"""The audit chain on its page and from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from core.accounts.audit_wording import deeds, things, words_for
from core.audit import AuditEntry, record
from core.database import db, unit_of_work
from core.web.command_line import run_command
from tests.core.accounts.conftest import Browser
from tests.world import PASSWORD, add_account, make_world


@pytest.fixture
def world_with_staff(sqlite_app: Flask) -> None:
    world = make_world()
    with unit_of_work():
        add_account("tren", ("organiser", world.city))
        add_account("huyen", ("organiser", world.districts["Huyện Thanh Trì"]))
        record("round.opened", "round:abc", {"pool": 20})


def page_as(app: Flask, username: str) -> tuple[int, str]:
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    client = app.test_client()
    client.post("/dang-nhap", data={"username": username, "password": PASSWORD})
    answer = client.get("/quan-tri/nhat-ky?q=round")
    return answer.status_code, answer.get_data(as_text=True)


def test_the_top_of_the_tree_reads_who_did_what(sqlite_app: Flask, world_with_staff: None) -> None:
    status, page = page_as(sqlite_app, "tren")
    assert status == 200
    assert "Vòng thi: mở" in page
    assert "round:abc" in page


def test_a_district_does_not_read_what_concerns_others(sqlite_app: Flask, world_with_staff: None) -> None:
    assert page_as(sqlite_app, "huyen")[0] == 403


def test_the_command_says_whether_the_chain_is_sound(
    sqlite_app: Flask, world_with_staff: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def check() -> tuple[int, dict[str, object]]:
        with pytest.raises(SystemExit) as ending:
            run_command(lambda: sqlite_app, ["records", "check", "--json"], {})
        return int(ending.value.code or 0), json.loads(capsys.readouterr().out)

    code, said = check()
    assert (code, said["broken_at"]) == (0, None)
    with unit_of_work() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        entry.details = {"pool": 21}
        changed = entry.id
    code, said = check()
    assert (code, said["broken_at"]) == (1, changed)
    db.session.rollback()


def test_every_action_that_the_rooms_record_has_words() -> None:
    said: set[str] = set()
    for room in ("core", "questions", "contest"):
        for file in Path(ROOT / room).rglob("*.py"):
            said |= set(re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text(encoding="utf-8")))
    assert len(said) > 30
    silent = {a for a in said if a.partition(".")[0] not in things() or a.partition(".")[2] not in deeds()}
    assert silent == set()
    assert words_for("round.opened") == "Vòng thi: mở"
