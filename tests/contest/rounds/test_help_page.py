"""The help page: for everybody, led to from the foot of every page, and naming the buttons as the pages do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.contest.conftest import text_of

ROOT = Path(__file__).resolve().parents[3]

#: Words between “…” on the help page that are no button of ours, and where each belongs.
FOREIGN = {"Quét QR": "Zalo"}


def test_everybody_reads_it_without_signing_in(site: Flask) -> None:
    answer = site.test_client().get("/tro-giup")
    assert answer.status_code == 200
    assert "Mất phiếu thì sao?" in answer.text and 'href="/thi"' in answer.text


@pytest.mark.parametrize("address", ["/", "/thi", "/dang-nhap"])
def test_the_foot_of_a_page_leads_to_it(site: Flask, address: str) -> None:
    assert 'href="/tro-giup"' in site.test_client().get(address).text


def test_every_button_it_names_is_on_a_page(site: Flask) -> None:
    named = set(re.findall("“([^”]+)”", text_of(site.test_client().get("/tro-giup")))) - FOREIGN.keys()
    assert named
    rooms = [ROOT / "templates" / room for room in ("accounts", "public_home", "sittings", "macros")]
    sources = [path.read_text() for room in rooms for path in room.rglob("*.html") if path.name != "help.html"]
    words = "".join(sources) + "".join(path.read_text() for path in (ROOT / "contest" / "sittings").glob("*.py"))
    assert {name for name in named if f"'{name}" not in words and f'"{name}' not in words} == set()
