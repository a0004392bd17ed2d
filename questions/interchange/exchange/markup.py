"""HTML of other programs' questions as plain text, and what of it could not become text."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from core.documents.text_reading import clean

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "table",
        "tbody",
        "thead",
        "section",
        "article",
        "dl",
        "dt",
        "dd",
        "hr",
    ]
)
_LOSSES = {
    "img": "hình ảnh",
    "svg": "hình ảnh",
    "object": "đối tượng nhúng",
    "embed": "đối tượng nhúng",
    "iframe": "trang nhúng",
    "audio": "âm thanh",
    "video": "phim",
    "table": "bảng",
    "math": "công thức",
    "s": "chữ gạch ngang",
    "strike": "chữ gạch ngang",
    "del": "chữ gạch ngang",
}
_HIDDEN = frozenset({"script", "style"})
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|sub|sup|ul|ol|li|img|a|table|tbody|thead|tr|td|th|h[1-6]|font|pre|code|hr|s|del)"
    r"(?:\s[^<>]*)?/?>|&(?:nbsp|lt|gt|amp|quot|apos|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)


def looks_like_markup(text: str) -> bool:
    """Whether plain text holds tags or entities of HTML: "a < b" does not."""
    return _TAG.search(text) is not None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.lost: dict[str, None] = {}
        self._hidden = 0
        self._shift: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LOSSES:
            self.lost[_LOSSES[tag]] = None
        if tag in _HIDDEN:
            self._hidden += 1
            self.lost["mã lệnh"] = None
        elif tag == "img":
            alt = next((value for name, value in attrs if name == "alt" and value), "")
            self._put(f"[hình: {alt}]" if alt else "[hình]")
        elif tag in ("sup", "sub"):
            self._shift.append((tag, []))
        elif tag in ("td", "th"):
            self._put("\t")
        elif tag in _BLOCKS:
            self._put("\n")
            if tag == "li":
                self._put("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("sup", "sub") and self._shift:
            kind, inner = self._shift.pop()
            self._put(self._shifted(kind, "".join(inner)))
        elif tag in _BLOCKS and tag != "br":
            self._put("\n")

    def handle_data(self, data: str) -> None:
        self._put(data if self._pre() else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _pre(self) -> bool:
        return bool(self._hidden)

    def _put(self, text: str) -> None:
        (self._shift[-1][1] if self._shift else self.pieces).append(text)

    def _shifted(self, kind: str, text: str) -> str:
        """x² as it is written; what has no raised letter keeps a sign, and is told."""
        letters = _RAISED if kind == "sup" else _LOWERED
        if not text.strip() or all(letter in letters for letter in text):
            return "".join(letters.get(letter, letter) for letter in text)
        self.lost["chỉ số trên, dưới"] = None
        return f"{'^' if kind == 'sup' else '_'}({text})"

    def text(self) -> str:
        """Everything gathered, also of what was never closed."""
        while self._shift:
            self.handle_endtag(self._shift[-1][0])
        lines = [re.sub(r" *\t[ \t]*", " | ", line.strip(" \t")) for line in "".join(self.pieces).split("\n")]
        return "\n".join(line for line in (re.sub(r" {2,}", " ", line).strip() for line in lines) if line)


def text_of_html(html: str) -> tuple[str, list[str]]:
    """The text of a piece of HTML, and the kinds of things in it that are no text ("hình ảnh", "bảng", …)."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return clean(reader.text()), list(reader.lost)


def html_of_text(text: str) -> str:
    """Plain text as HTML: a paragraph a line."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n"))
