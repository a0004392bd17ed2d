"""The look keeps its promises: contrast in both modes, nothing inline that the page's policy forbids, every word in
the catalogue, no words in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))

#: Text first, then the grounds on which it may stand.
PAIRS = {
    "ink": ("paper", "card", "quiet-soft", "action-soft", "ok-soft", "warn-soft", "danger-soft", "mine-soft"),
    "muted": ("paper", "card", "quiet-soft", "mine-soft"),
    "action": ("paper", "card", "action-soft", "warn-soft", "danger-soft", "ok-soft", "mine-soft"),
    "action-strong": ("paper", "card", "action-soft"),
    "ok": ("paper", "card", "ok-soft"),
    "warn": ("paper", "card", "warn-soft"),
    "danger": ("paper", "card", "danger-soft"),
    "paper": ("ink",),
    "on-action": ("action", "action-strong"),
    "on-ok": ("ok",),
    "on-danger": ("danger",),
    "on-medal": ("gold-soft", "silver-soft", "bronze-soft"),
}

#: Lines and signs that are not text: 3:1 is enough (WCAG 2.2, 1.4.11).
SIGNS = {"field-line": ("paper", "card"), "brand": ("card",), "gold": ()}


def tokens(mode: str) -> dict[str, str]:
    """The colours of tokens.css as they hold in ``mode`` (light or dark)."""
    text = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", light))
    if mode == "dark":
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_from_every_ground(mode: str) -> None:
    colours = tokens(mode)
    weak = [
        (text, ground, round(contrast(colours[text], colours[ground]), 2))
        for text, grounds in PAIRS.items()
        for ground in grounds
        if contrast(colours[text], colours[ground]) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_edges_of_fields_and_the_active_tab_can_be_seen(mode: str) -> None:
    colours = tokens(mode)
    for sign, grounds in SIGNS.items():
        for ground in grounds:
            assert contrast(colours[sign], colours[ground]) >= 3, (sign, ground)


def test_the_agreed_colours_are_the_colours() -> None:
    agreed = {
        "paper": "#FAF8F5",
        "card": "#FFFFFF",
        "line": "#E4DED6",
        "ink": "#1D1A17",
        "muted": "#5C554E",
        "brand": "#A3161A",
        "gold": "#D9A400",
        "action": "#17497F",
        "action-soft": "#E8EFF7",
        "danger": "#B3261E",
        "danger-soft": "#FBE9E7",
        "ok": "#17693F",
        "ok-soft": "#E6F3EB",
        "warn": "#8A5A00",
        "warn-soft": "#FDF3DC",
    }
    light = tokens("light")
    assert {name: light[name] for name in agreed} == agreed


def test_styles_use_only_tokens_that_exist() -> None:
    text = "".join(path.read_text() for path in STYLES)
    declared = set(re.findall(r"(--[a-z0-9-]+):", text))
    used = {name for name in re.findall(r"var\((--[a-z0-9-]+)", text) if not name.startswith("--bs-")}
    assert used - declared == set()


def test_styles_fetch_nothing_from_elsewhere() -> None:
    for path in STYLES:
        assert not re.search(r"url\(\s*['\"]?(https?:|//|data:)|@import", path.read_text()), path


# ---- what the page's policy forbids ----


class Inline(HTMLParser):
    """Collects what a policy of default-src 'self' would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name, value in names.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}>")
            if name in ("src", "href", "action") and re.match(r"(https?:)?//", value) and tag != "a":
                self.found.append(f"<{tag} {name}={value}>")


def without_comments(source: str) -> str:
    return re.sub(r"\{#.*?#\}", "", source, flags=re.S)


def inline_of(source: str) -> list[str]:
    parser = Inline()
    # Statements become blanks (an attribute may stand inside an {% if %}), expressions a word.
    text = re.sub(r"\{%.*?%\}", " ", without_comments(source), flags=re.S)
    parser.feed(re.sub(r"\{\{.*?\}\}", "x", text, flags=re.S))
    return parser.found


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>1</script>",
        '<button {% if x %}onclick="go()"{% endif %}>',
        '<a href="javascript:go()">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
    ],
)
def test_the_checker_sees_what_is_inline(bad: str) -> None:
    assert inline_of(bad)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_inline(path: Path) -> None:
    assert inline_of(path.read_text()) == []


# ---- every word comes from the catalogue ----

#: Attributes that people read or hear.
SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "data-label", "content")
NOT_WORDS = {"vi", "noindex, nofollow", "width=device-width, initial-scale=1", "light dark", "telephone=no"}


class Words(HTMLParser):
    """Collects letters that people would read and that no expression gave."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        for name, value in attrs:
            if name in SPOKEN and value and value not in NOT_WORDS and re.search(r"[^\W\d_]", value):
                self.found.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent and re.search(r"[^\W\d_]", data):
            self.found.append(data.strip())


def bare_words(source: str) -> list[str]:
    """Letters outside of {{ }} and {% %} that would reach a reader."""
    parser = Words()
    text = re.sub(r"\{\{.*?\}\}", "", without_comments(source), flags=re.S)
    parser.feed(re.sub(r"\{%.*?%\}", " ", text, flags=re.S))
    parser.close()
    return parser.found


def bare_literals(source: str) -> list[str]:
    """Vietnamese strings inside expressions that are not handed to the catalogue."""

    def walk(node: nodes.Node, inside: bool) -> Iterator[str]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            inside = inside or node.node.name in ("_", "gettext", "ngettext", "pgettext")
        text = node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""
        if not inside and re.search(r"[^\W\d_]", re.sub(r"[\x00-\x7f]", "", text)):
            yield text
        for child in node.iter_child_nodes():
            yield from walk(child, inside)

    environment = Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"], autoescape=True)
    return list(walk(environment.parse(source), False))


@pytest.mark.parametrize(
    "bad", ["<p>Đã lưu</p>", '<input placeholder="Tìm">', "{% if a %}xong{% endif %}", "<title>{{ a }} thi</title>"]
)
def test_the_checker_sees_words_in_the_page(bad: str) -> None:
    assert bare_words(bad)


def test_the_checker_sees_words_in_expressions() -> None:
    assert bare_literals("{{ heading('Thí sinh') }}") == ["Thí sinh"]
    assert bare_literals("{{ heading(_('Thí sinh của %(unit)s', unit=unit)) }}") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_is_in_the_catalogue(path: Path) -> None:
    source = path.read_text()
    assert bare_words(source) == []
    assert bare_literals(source) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_no_words_of_the_screen(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", path.read_text(), flags=re.S)
    vietnamese = re.findall(r"[À-ỹĐđ]+", code)
    assert vietnamese == []
