"""PDF files come out alike everywhere, in the one typeface, and people's texts stay texts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.documents.pdf import FONT, PdfError, compile_pdf, font_folder

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4")
#set text(font: "TeX Gyre Termes", lang: "vi")
#for name in data.names [ #name \\ ]
"""
#: Every Vietnamese letter, in both cases.
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "names.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def test_the_typeface_comes_from_its_package() -> None:
    assert sorted(path.name for path in font_folder().glob("*.otf")) == [
        f"texgyretermes-{style}.otf" for style in ("bold", "bolditalic", "italic", "regular")
    ]


def test_every_vietnamese_letter_is_there_in_that_typeface(template: Path) -> None:
    reader = PdfReader(io.BytesIO(compile_pdf(template, {"names": [LETTERS, LETTERS.upper()]})))
    page = reader.pages[0]
    text = page.extract_text().replace("\n", "")
    assert LETTERS in text and LETTERS.upper() in text
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts and all("TeXGyreTermes" in name for name in fonts)
    assert FONT == "TeX Gyre Termes"


def test_the_same_data_gives_the_same_bytes(template: Path) -> None:
    assert compile_pdf(template, {"names": ["Lan"]}) == compile_pdf(template, {"names": ["Lan"]})


def test_what_people_typed_is_never_markup(template: Path) -> None:
    typed = '*đậm* #read("/etc/passwd") $x^2$ "nháy" \\ ]'
    text = PdfReader(io.BytesIO(compile_pdf(template, {"names": [typed]}))).pages[0].extract_text()
    assert typed in text.replace("\n", " ")


@pytest.mark.parametrize("source", ['#read("/../secret.txt")', '#read("../secret.txt")', "#unknown-word"])
def test_a_template_reaches_nothing_but_its_own_folder(tmp_path: Path, source: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "bad.typ").write_text(source)
    with pytest.raises(PdfError):
        compile_pdf(folder / "bad.typ", {})
