"""Slips (phiếu dự thi) as an A4 PDF: eight a page with cut lines, each with its code in digits and as a QR."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import segno
from flask_babel import gettext as _

from core.accounts.slips import groups
from core.documents.pdf import compile_pdf

TEMPLATE = Path(__file__).with_name("slips.typ")
PER_PAGE = 8

#: Trying all eight masks of a QR takes three quarters of its time, and the digits are as good as random: one does.
_MASK = 2
#: Longer "words" than any name has are typing mistakes; they get places where a line may break.
_LONGEST_WORD = 20
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD},}}")


@dataclass(frozen=True)
class Slip:
    """What stands on one slip. ``code`` is the sixteen digits; ``window`` says the hours in words."""

    name: str
    unit: str
    contest: str
    round: str
    window: str
    code: str


def entry_address(base_url: str, code: str) -> str:
    """What the QR says: the entrance, with the code in the fragment, which browsers send to no server."""
    return f"{base_url}/thi#{code}"


def spoken_address(base_url: str) -> str:
    """The entrance as people type it: no scheme in front of the official address."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/thi"


def qr_drawing(text: str) -> str:
    """A QR code of ``text`` as an SVG drawing without margin (the slip leaves the quiet zone around it)."""
    buffer = io.BytesIO()
    code = segno.make_qr(text, error="m", mask=_MASK)
    code.save(buffer, kind="svg", border=0, xmldecl=False, omitsize=True, svgclass=None, lineclass=None, nl=False)
    return buffer.getvalue().decode()


def slips_pdf(slips: Sequence[Slip], *, base_url: str, hotline: str) -> bytes:
    """The slips in their order, eight a page. Raises PdfError."""
    data = {
        "title": _("Phiếu dự thi"),
        "labels": {
            "slip": _("PHIẾU DỰ THI"),
            "code": _("Mã dự thi"),
            "how": _(
                "Quét mã vuông bằng Zalo hoặc máy ảnh, hoặc mở %(address)s rồi nhập mã. "
                "Xin giữ kín mã này. Cần giúp, xin gọi ban tổ chức: %(phone)s.",
                address=spoken_address(base_url),
                phone=hotline,
            ),
        },
        "slips": [
            {
                "name": _breakable(slip.name),
                "unit": _breakable(slip.unit),
                "contest": _breakable(slip.contest),
                "round": _breakable(slip.round),
                "window": slip.window,
                "code": groups(slip.code),
                "qr": qr_drawing(entry_address(base_url, slip.code)),
            }
            for slip in slips
        ],
    }
    return compile_pdf(TEMPLATE, data)


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,10}", word.group())), text)
