"""The organiser and the checker: sign in, have the leaderboard made, confirm it, publish it; through the pages, by script."""

from __future__ import annotations

import html
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar

from bench.city.browser import Page
from bench.city.preparation import Staff

#: Seconds between two looks whether the leaderboard is there, and until it is given up.
LOOK, GIVE_UP = 0.25, 120.0


class Stuck(RuntimeError):
    """A page of the staff did not lead on; the text says where."""


class Desk:
    """Somebody of the staff at a computer."""

    def __init__(self, base: str, staff: Staff) -> None:
        self._base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self.press(self.open("/dang-nhap"), 'class="form"', username=staff.username, password=staff.password)
        if page.path == "/dang-nhap":
            raise Stuck("the password was refused")

    def open(self, path: str) -> Page:
        """A page, wherever it leads."""
        return self._fetch(path, None)

    def send(self, path: str, fields: Mapping[str, str]) -> Page:
        """A form, sent."""
        return self._fetch(path, urllib.parse.urlencode(fields).encode())

    def press(self, page: Page, mark: str, **more: str) -> Page:
        """Send the form of ``page`` whose tag has ``mark``. Raises Stuck where there is none."""
        form = page.form(mark)
        if form is None:
            raise Stuck(f"no form {mark!r} at {page.path}")
        return self.send(form[0], {**form[1], **more})

    def _fetch(self, path: str, body: bytes | None) -> Page:
        try:
            with self._opener.open(self._base + path, body, timeout=60) as answer:
                return Page(urllib.parse.urlsplit(answer.url).path, answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Page(path, error.code, error.read().decode(errors="replace"))


def publish(organiser: Desk, checker: Desk, round_id: str) -> dict[str, float]:
    """Have the leaderboard of a round that has settled made, confirmed and published; the seconds each took. Raises Stuck."""
    begun = time.monotonic()
    where = f"/quan-tri/vong-thi/{round_id}/ket-qua"
    took: dict[str, float] = {}
    version = _prepared(organiser, where, begun)
    took["prepared"] = time.monotonic() - begun
    checker.press(checker.open(version), "/xac-nhan", checked="y")
    took["confirmed"] = time.monotonic() - begun
    organiser.press(organiser.open(version), "/cong-bo")
    while (shown := organiser.open(f"/ket-qua/{round_id}")).status != 200:
        _wait(begun, f"the public page answers {shown.status}")
    took["published"] = time.monotonic() - begun
    return took


def _prepared(organiser: Desk, where: str, begun: float) -> str:
    """Ask for the leaderboard until the round has settled, then wait for it; the address of its version."""
    asked = False
    while True:
        page = organiser.open(where)
        found = re.search(r'href="(/quan-tri/ket-qua/[\w-]+)"', page.text)
        if found is not None:
            return found[1]
        if not asked and page.form('action=""') is not None:
            organiser.press(page, 'action=""')
            asked = True
        _wait(begun, f"no leaderboard at {where}")


def _wait(begun: float, what: str) -> None:
    if time.monotonic() - begun > GIVE_UP:
        raise Stuck(what)
    time.sleep(LOOK)


_WINNER = re.compile(
    r'<li class="winner">\s*<span class="medal[^>]*>.*?</span>(\d+)</span>\s*<span><span class="name">(.*?)</span>'
    r'<span class="unit">(.*?)</span></span>\s*<span class="score">([\d.,]+)<'
)
_ROW = re.compile(
    r'<tr data-position="(\d+)"><td class="strong">([\d.]+)</td><td><span class="strong">(.*?)</span>'
    r'<span class="under">(.*?)</span></td><td class="num strong">([\d.,]+)/'
)


def public_rows(anybody: Desk, round_id: str) -> list[tuple[int, int, str, str, str]]:
    """Every row of the public leaderboard, page by page: position, rank, name, unit, points. The first few stand above the
    table."""
    places: dict[int, tuple[int, int, str, str, str]] = {}
    number = 0
    while True:
        number += 1
        page = anybody.open(f"/ket-qua/{round_id}?so_dong=200&trang={number}")
        winners = [(str(at), *found) for at, found in enumerate(_WINNER.findall(page.text), start=1)]
        known = len(places)
        for position, rank, name, unit, points in (*winners, *_ROW.findall(page.text)):
            at = int(position)
            places[at] = (at, int(rank.replace(".", "")), html.unescape(name), html.unescape(unit), points)
        if len(places) == known:
            return [places[at] for at in sorted(places)]
