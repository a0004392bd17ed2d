"""Slips on paper: eight on an A4 page, everything on them legible, however long a name is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from flask import Flask
from flask_babel import Babel
from pypdf import PdfReader

from contest.rounds.slip_sheets import PER_PAGE, Slip, entry_address, qr_drawing, slips_pdf, spoken_address
from core.accounts.slips import groups

A4_POINTS = (595.3, 841.9)
LONG_UNIT = (
    "Chi bộ Trường Trung học phổ thông chuyên Nguyễn Huệ và các đơn vị sự nghiệp trực thuộc – Đảng bộ cơ sở khối các "
    "cơ quan hành chính, đơn vị sự nghiệp và doanh nghiệp nhà nước – Đảng bộ xã Phúc Thọ"
)


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    app = Flask("slips")
    Babel(app, default_locale="vi")
    with app.app_context():
        yield


def slip(number: int = 1, **changes: str) -> Slip:
    values = {
        "name": "Nguyễn Thị Lan",
        "unit": "Chi bộ thôn 1 – Xã Tam Hiệp",
        "contest": "Hội thi Bí thư chi bộ giỏi huyện Thanh Trì",
        "round": "Vòng 1",
        "window": "08:00 – 09:00, ngày 24/11/2026",
        "code": f"{number:016}",
    }
    return Slip(**{**values, **changes})


def pdf_of(*slips: Slip) -> PdfReader:
    made = slips_pdf(slips, base_url="https://hoithi.example.vn", hotline="024 1234 5678")
    return PdfReader(io.BytesIO(made))


def words(reader: PdfReader, page: int = 0) -> str:
    return re.sub(r"\s+", " ", reader.pages[page].extract_text().replace("\u200b", ""))


def test_a_slip_says_all_that_its_holder_needs() -> None:
    text = words(pdf_of(slip()))
    for expected in (
        "P H I Ế U D Ự T H I",  # spaced out
        "Nguyễn Thị Lan",
        "Chi bộ thôn 1 – Xã Tam Hiệp",
        "Hội thi Bí thư chi bộ giỏi huyện Thanh Trì",
        "Vòng 1",
        "08:00 – 09:00, ngày 24/11/2026",
        groups("0000000000000001"),
        "hoithi.example.vn/thi",
        "024 1234 5678",
    ):
        assert expected in text


@pytest.mark.parametrize(("slips", "pages"), [(1, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2), (3 * PER_PAGE, 3)])
def test_eight_go_on_an_a4_page_in_their_order(slips: int, pages: int) -> None:
    reader = pdf_of(*(slip(number) for number in range(slips)))
    assert len(reader.pages) == pages
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(A4_POINTS, abs=0.5)
    codes = [code for page in range(pages) for code in re.findall(r"\d{4} \d{4} \d{4} \d{4}", words(reader, page))]
    assert codes == [groups(f"{number:016}") for number in range(slips)]


@pytest.mark.parametrize(
    "long",
    [
        slip(name="Phạm Nguyễn Hoàng Thị Phương Uyên Quỳnh Như Thảo Nguyên Ngọc Bích Diễm My Hương Giang Tường Vy"),
        slip(name="W" * 120, unit="Ữ" * 300, round="R" * 120, contest="Ổ" * 200),
        slip(unit=LONG_UNIT, contest="Hội thi Bí thư chi bộ giỏi và báo cáo viên giỏi " * 4),
    ],
)
def test_the_longest_names_are_all_there_and_nothing_runs_into_anything(long: Slip) -> None:
    reader = pdf_of(*[long] * PER_PAGE)
    assert len(reader.pages) == 1
    text = words(reader).replace(" ", "")
    assert text.count(long.name.replace(" ", "")) == PER_PAGE
    assert text.count(long.unit.replace(" ", "")) == PER_PAGE
    lines = lines_of(pdf_of(long))
    for (upper, _size), (lower, size) in pairwise(lines):
        assert upper - lower >= 0.85 * size, "each line stands clear of the one above it"
    assert lines[-1][0] > A4_POINTS[1] * 3 / 4, "the last line is above the cut"


def lines_of(reader: PdfReader) -> list[tuple[float, float]]:
    """The lines of a single slip as they were set: baseline and size of the largest letters, points."""
    lines: list[tuple[float, float]] = []

    def visit(text: str, page: list[float], _matrix: list[float], _font: object, size: float) -> None:
        if not text.strip():
            return
        if lines and abs(lines[-1][0] - page[5]) < 0.1:
            size = max(size, lines.pop()[1])
        lines.append((page[5], size))

    reader.pages[0].extract_text(visitor_text=visit)
    return lines


def test_what_people_typed_is_set_as_it_is() -> None:
    typed = "Lê #image(\"x\") *A* [B] $c$ \\ @d"
    assert typed in words(pdf_of(slip(name=typed)))


def test_the_qr_leads_to_the_entrance_with_the_code_where_no_server_sees_it() -> None:
    address = entry_address("https://hoithi.example.vn", "4821093755123456")
    assert address == "https://hoithi.example.vn/thi#4821093755123456"
    drawing = qr_drawing(address)
    assert drawing.startswith("<svg") and "<script" not in drawing
    assert drawing != qr_drawing(address[:-1] + "7")


@pytest.mark.parametrize(
    ("base", "spoken"),
    [
        ("https://hoithi.example.vn", "hoithi.example.vn/thi"),
        ("http://127.0.0.1:5000", "127.0.0.1:5000/thi"),
        ("https://example.vn/hoi-thi/", "example.vn/hoi-thi/thi"),
    ],
)
def test_the_address_is_printed_as_people_type_it(base: str, spoken: str) -> None:
    assert spoken_address(base) == spoken


def test_slips_printed_twice_are_the_same() -> None:
    once = slips_pdf([slip()], base_url="https://x.vn", hotline="1")
    assert slips_pdf([slip()], base_url="https://x.vn", hotline="1") == once
