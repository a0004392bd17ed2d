"""A contestant's browser without scripts: comes in with the slip, waits, starts. Cookies and forms as a browser has them."""

from __future__ import annotations

import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import Cookie, CookieJar
from typing import Any

from core.accounts.contestants import DEVICE_COOKIE
from tests.faults.load import PATIENCE, Seat


@dataclass(frozen=True)
class Page:
    """What came: its status, its address after all redirects, its text and headers."""

    status: int
    url: str
    text: str
    headers: Any

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        inputs = [dict(re.findall(r'([a-z]+)="([^"]*)"', tag)) for tag in re.findall(r"<input ([^>]*)>", self.text)]
        return {tag["name"]: html.unescape(tag.get("value", "")) for tag in inputs if tag.get("type") == "hidden"}

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        fields = self.hidden()
        assert name in fields, f"no field {name} on {self.url} ({self.status})"
        return fields[name]

    def json(self) -> Any:
        """What a script reads."""
        return json.loads(self.text)


class Visitor:
    """One browser. ``device`` is the value of an older browser's device cookie, where this one has it."""

    def __init__(self, port: int, device: str | None = None) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.cookies = CookieJar()
        if device is not None:
            self.cookies.set_cookie(_cookie(DEVICE_COOKIE, device))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Page:
        """GET, or POST of a form; follows redirects."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.base + path, data, headers)
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return Page(answer.status, answer.url, answer.read().decode(), answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url or "", error.read().decode(), error.headers)

    def come_in(self, code: str) -> Page:
        """Type the code, say "that is me"; the waiting room."""
        asked = self.ask("/thi", {**self.ask("/thi").hidden(), "ma": code})
        return self.ask("/thi/xac-nhan", asked.hidden())

    @property
    def device(self) -> str:
        """The value of this browser's device cookie."""
        return next(str(cookie.value) for cookie in self.cookies if cookie.name == DEVICE_COOKIE)

    def seat(self, public_id: str, items: int) -> Seat:
        """The sitting as this browser's page sees it."""
        page = self.ask(f"/thi/bai/{public_id}")
        found = re.search(r'data-token="([^"]+)"', page.text)
        assert found is not None, f"no token on {page.url} ({page.status})"
        return Seat(0, public_id, found.group(1), self.device, items)


def _cookie(name: str, value: str) -> Cookie:
    return Cookie(0, name, value, None, False, "127.0.0.1", False, False, "/", True, False, None, False, None, None, {})
