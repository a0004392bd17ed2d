"""Word files are read as Word shows them: looks through styles, counted labels, tables, final text."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.limits import DocumentRefused
from core.documents.word_model import Paragraph, Table, WordDocument
from core.documents.word_reading import read_word

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, numbering: str = "", styles: str = "") -> bytes:
    """A .docx written by hand, so that each test shows the very XML it is about."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>")
        package.writestr("word/numbering.xml", f"<w:numbering {NAMESPACE}>{numbering}</w:numbering>")
        package.writestr("word/styles.xml", f"<w:styles {NAMESPACE}>{styles}</w:styles>")
    return target.getvalue()


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def paragraphs(document: WordDocument) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def labels(document: WordDocument) -> list[str]:
    return [found.label.text if found.label else "" for found in paragraphs(document)]


LIST = """
<w:abstractNum w:abstractNumId="7">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="50"/></w:lvlOverride></w:num>
"""


def test_labels_are_counted_and_restart_below_a_new_question() -> None:
    body = numbered("a", 0) + numbered("x", 1) + numbered("y", 1) + numbered("b", 0) + numbered("z", 1)
    assert labels(read_word(word(body, LIST))) == ["Câu 1.", "A.", "B.", "Câu 2.", "A."]


def test_a_start_override_counts_on_from_its_own_number() -> None:
    body = numbered("a", 0) + numbered("b", 0, number=2) + numbered("c", 0, number=2)
    assert labels(read_word(word(body, LIST))) == ["Câu 1.", "Câu 50.", "Câu 51."]


def test_numbering_may_come_from_a_style_alone() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Cau"><w:name w:val="Câu hỏi"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Cau"/></w:style>'
    )
    body = paragraph("a", '<w:pStyle w:val="Cau"/>') + paragraph("b", '<w:pStyle w:val="Con"/>')
    assert labels(read_word(word(body, LIST, styles))) == ["Câu 1.", "Câu 2."]


def test_a_number_zero_takes_the_label_away() -> None:
    body = numbered("a", 0) + numbered("b", 0, number=0)
    assert labels(read_word(word(body, LIST))) == ["Câu 1.", ""]


def test_private_symbols_become_plain_bullets() -> None:
    (found,) = paragraphs(read_word(word(numbered("a", 2), LIST)))
    assert found.bullet
    assert found.label is not None
    assert found.label.text == "•"


def test_looks_come_from_defaults_styles_and_runs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Dam"><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Nhan"><w:rPr><w:b/></w:rPr></w:style>'
    )
    body = (
        paragraph("đậm", '<w:pStyle w:val="Dam"/>')
        + paragraph("thường", '<w:pStyle w:val="Dam"/>', '<w:b w:val="0"/>')
        + paragraph("hai lần đậm", '<w:pStyle w:val="Dam"/>', '<w:rStyle w:val="Nhan"/>')
        + paragraph("đỏ", run='<w:color w:val="ff0000"/><w:u w:val="single"/>')
        + paragraph("gần đen", run='<w:color w:val="1A1A1A"/><w:u w:val="none"/>')
        + paragraph("tô", run='<w:highlight w:val="yellow"/>')
        + paragraph("nền", '<w:shd w:val="clear" w:fill="00FF00"/>')
    )
    looks = [found.runs[0].look for found in paragraphs(read_word(word(body, styles=styles)))]
    assert [look.bold for look in looks[:3]] == [True, False, False]
    assert (looks[3].colour, looks[3].underline) == ("FF0000", True)
    assert (looks[4].colour, looks[4].underline) == ("", False)
    assert [look.highlight for look in looks[5:]] == ["yellow", "00FF00"]


def test_tracked_changes_are_read_as_final_text_with_a_flag() -> None:
    body = (
        "<w:p><w:r><w:t>Thời gian </w:t></w:r>"
        "<w:del><w:r><w:delText>6</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:t> tháng</w:t></w:r></w:p>" + paragraph("khác")
    )
    document = read_word(word(body))
    assert [(found.text, found.tracked) for found in paragraphs(document)] == [
        ("Thời gian 12 tháng", True),
        ("khác", False),
    ]
    assert document.tracked


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = paragraph("đầu ", "<w:rPr><w:del/></w:rPr>") + paragraph("cuối")
    assert [found.text for found in paragraphs(read_word(word(body)))] == ["đầu cuối"]


def test_letters_split_over_runs_and_decomposed_ones_are_composed() -> None:
    body = "<w:p><w:r><w:t>Đa</w:t></w:r><w:r><w:t>\u0309ng</w:t></w:r></w:p>"
    assert paragraphs(read_word(word(body)))[0].text == "Đảng"


def test_tables_keep_rows_cells_and_merges() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(("1", "2", "C", "B")):
        table.cell(number // 2, number % 2).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    target = io.BytesIO()
    document.save(target)
    (found,) = [block for block in read_word(target.getvalue()).blocks if isinstance(block, Table)]
    assert [cell.text for cell in found.rows[0]] == ["1\nC", "2"]
    assert found.rows[1][0].continues


def test_a_document_of_python_docx_with_a_red_run() -> None:
    document = Document()
    run = document.add_paragraph("A. ").add_run("Hà Nội")
    run.font.color.rgb = RGBColor(200, 0, 0)
    document.sections[0].header.paragraphs[0].text = "Đảng bộ xã"
    target = io.BytesIO()
    document.save(target)
    read = read_word(target.getvalue())
    assert [(run.text, run.look.colour) for run in paragraphs(read)[0].runs] == [
        ("A. ", ""),
        ("Hà Nội", "C80000"),
    ]
    assert read.headers == ("Đảng bộ xã",)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), b"Word"])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentRefused):
        read_word(data)


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(DocumentRefused):
        read_word(word("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80))


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=6))
def test_a_damaged_file_gives_its_own_error_or_blocks(place: int, noise: bytes) -> None:
    data = bytearray(word(numbered("Đảng viên", 0) + paragraph("x"), LIST))
    place %= len(data)
    data[place : place + len(noise)] = noise
    try:
        document = read_word(bytes(data))
    except DocumentRefused:
        return
    assert document.blocks is not None


def test_tcvn3_fonts_become_unicode_and_doubtful_ones_are_flagged() -> None:
    old = '<w:rFonts w:ascii=".VnTime"/>'
    (sure,) = paragraphs(read_word(word(paragraph("§¶ng viªn dù bÞ cã quyÒn", run=old))))
    assert (sure.text, sure.letters_unsure) == ("Đảng viên dự bị có quyền", False)
    mixed = paragraph("tháng", run=old) + paragraph("Đảng bộ")
    first, second = paragraphs(read_word(word(mixed)))
    assert (first.text, first.letters_unsure, second.letters_unsure) == ("tháng", True, False)
