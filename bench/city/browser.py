"""A browser: a connection of its own, cookies, pages with their forms, redirections."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bench.city.network import Connection, Engine
from bench.city.wire import Answer, cookie_line, form, get, post

#: What the phones of the bench call themselves.
AGENT = "User-Agent: Mozilla/5.0 (Linux; Android 10) bench-city\r\nAccept-Language: vi\r\n"

#: Redirections in a row.
MOST_HOPS = 5

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_INPUT = re.compile(r"<input\b[^>]*>")
_FILE = re.compile(r"/static/[\w./-]+\.(?:js|css|svg|woff2)(?:\?[\w=.-]*)?")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')

Shown = Callable[["Page | None"], None]


@dataclass(slots=True)
class Page:
    """What a browser shows: where it ended up, the answer's status, its text."""

    path: str
    status: int
    text: str

    def attribute(self, name: str) -> str | None:
        """The first attribute of this name."""
        found = re.search(rf'\b{name}="([^"]*)"', self.text)
        return None if found is None else html.unescape(found[1])

    def data(self, name: str) -> str | None:
        """The JSON that came with the page as ``name``."""
        found = re.search(rf'<script type="application/json" id="{name}">([^<]*)</script>', self.text)
        return None if found is None else found[1]

    def form(self, mark: str) -> tuple[str, dict[str, str]] | None:
        """Action and hidden fields of the first form whose tag contains ``mark``; the page's own address where it has none."""
        for tag in re.finditer(r"<form\b[^>]*>", self.text):
            if mark in tag[0]:
                end = self.text.find("</form>", tag.end())
                inputs = [dict(_ATTRIBUTE.findall(i)) for i in _INPUT.findall(self.text[tag.end() : end])]
                fields = {i["name"]: html.unescape(i.get("value", "")) for i in inputs if i.get("type") == "hidden"}
                return html.unescape(dict(_ATTRIBUTE.findall(tag[0])).get("action", "")) or self.path, fields
        return None


def kind_of(method: str, path: str) -> str:
    """What a request counts as: its address without ids and queries."""
    return f"{method} {'/'.join(path.partition('?')[0].split('/')[:3])}"


class Browser:
    """Asks for pages one after the other, measures every answer."""

    __slots__ = ("_engine", "_files", "connection", "cookies", "cookies_line")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.connection = Connection(engine)
        self.cookies: dict[str, str] = {}
        self._files: set[str] | None = set() if engine.loads_files else None
        self.cookies_line = ""

    def open(self, path: str, shown: Shown, hops: int = 0) -> None:
        """GET a page, redirections followed; ``shown`` gets None when the network has failed."""
        request = get(path, self._engine.host, AGENT + self.cookies_line)
        self._ask("GET", path, request, shown, hops)

    def submit(self, path: str, fields: Mapping[str, str], shown: Shown, accept: str = "text/html") -> None:
        """POST a form, redirections followed."""
        headers = f"{AGENT}Accept: {accept}\r\n{self.cookies_line}"
        self._ask("POST", path, post(path, self._engine.host, headers, form(fields), FORM), shown, 0)

    def _ask(self, method: str, path: str, request: bytes, shown: Shown, hops: int) -> None:
        engine, asked = self._engine, self._engine.now()

        def done(answer: Answer | None) -> None:
            if answer is None:
                shown(None)
                return
            engine.measures.answered(kind_of(method, path), answer.status, asked, engine.now() - asked)
            self._keep(answer)
            target = answer.header("Location") if answer.status in (302, 303) else None
            if target is not None and hops < MOST_HOPS:
                self.open(target, shown, hops + 1)
            else:
                page = Page(path, answer.status, answer.body.decode())
                self._load_files(page)
                shown(page)

        self.connection.ask(request, done)

    def _load_files(self, page: Page) -> None:
        """Scripts and styles that this browser has not seen yet: those the page names, the sitting's for the waiting page."""
        if self._files is None:
            return
        for path in _FILE.findall(page.text):
            if path not in self._files:
                self._files.add(path)
                request = get(path, self._engine.host, AGENT + self.cookies_line)
                self.connection.ask(request, partial(self._loaded, self._engine.now()))

    def _loaded(self, asked: float, answer: Answer | None) -> None:
        if answer is not None:
            now = self._engine.now()
            self._engine.measures.answered("static file", answer.status, asked, now - asked)

    def _keep(self, answer: Answer) -> None:
        new = answer.cookies
        if new:
            self.cookies.update(new)
            self.cookies = {name: value for name, value in self.cookies.items() if value}
            self.cookies_line = cookie_line(self.cookies)
