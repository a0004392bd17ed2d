"""Small PDF lists made on the spot with Typst, as word processors print them."""

from __future__ import annotations

import io

import typst
from pypdf import PdfReader, PdfWriter

from core.documents.pdf import _fonts

_HEAD = '#set page("a4", margin: 2.5cm{page})\n#set text(font: "TeX Gyre Termes", size: 12pt, lang: "vi", hyphenate: false)\n'
_LOOKS = {
    "b": '#text(weight: "bold")[{}]',
    "i": "#emph[{}]",
    "r": '#text(fill: rgb("ff0000"))[{}]',
    "u": "#underline(offset: 1.5pt)[{}]",
    "h": "#box(fill: yellow, outset: (y: 3pt))[{}]",
}


def printed(body: str, page: str = "", justify: bool = False, leading: str = "0.65em") -> bytes:
    """The PDF of some Typst markup, lines of it as paragraphs of their own."""
    rule = f"#set par(justify: {str(justify).lower()}, leading: {leading}, spacing: {leading})\n"
    source = _HEAD.replace("{page}", page) + rule + body
    made = typst.compile(source.encode(), font_paths=_fonts(), ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


def looking(text: str, look: str) -> str:
    """Markup of a text with looks of b, i, u, r (red), h (highlight)."""
    escaped = text.replace("*", "\\*").replace("#", "\\#").replace("_", "\\_")
    for letter in look:
        escaped = _LOOKS[letter].format(escaped)
    return escaped


def paragraphs(*texts: str) -> str:
    """Each text as one paragraph."""
    return "\n\n".join(texts)


def question(number: int, right: int, look: str = "b", letter_only: bool = False, options: int = 4, stem: str = "") -> str:
    """One question whose right option, or its letter alone, has a look."""
    made = [stem or f"Câu {number}: Nội dung câu hỏi số {number} là gì?"]
    for place in range(options):
        words = f"Phương án {number}{place} của câu này"
        letter = chr(65 + place)
        if place != right:
            made.append(f"{letter}. {words}")
        elif letter_only:
            made.append(looking(letter, look) + f". {words}")
        else:
            made.append(looking(f"{letter}. {words}", look))
    return paragraphs(*made)


def locked(data: bytes, password: str) -> bytes:
    """The same PDF with a password."""
    writer = PdfWriter(PdfReader(io.BytesIO(data)))
    writer.encrypt(password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
