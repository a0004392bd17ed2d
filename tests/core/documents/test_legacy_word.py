"""Legacy documents go through LibreOffice, in a folder of their own and not for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.legacy_word import converter, to_docx
from core.documents.limits import DocumentRefused
from core.documents.packages import FileKind, file_kind
from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import word

RTF = rb"{\rtf1\ansi Cau 1: Noi dung la gi?\par A. Mot\par {\b B. Hai}\par C. Ba\par}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def program(folder: Path, script: str) -> str:
    """A program in place of LibreOffice's: a shell script."""
    made = folder / "soffice"
    made.write_text(f"#!/bin/sh\n{script}\n")
    made.chmod(0o700)
    return str(made)


def refusal(data: bytes, name: str | None, seconds: float = 10) -> str:
    with pytest.raises(DocumentRefused) as caught:
        to_docx(data, "doc", name, seconds)
    assert caught.value.reason == "converter"
    return str(caught.value)


def test_the_content_says_what_a_file_is() -> None:
    assert file_kind(RTF) is FileKind.RTF
    assert file_kind(b"<html><body><p>A. x</p></body></html>") is FileKind.HTML
    assert file_kind(OLE + "WordDocument".encode("utf-16-le")) is FileKind.LEGACY_WORD
    assert file_kind(OLE + "Workbook".encode("utf-16-le")) is FileKind.LEGACY_OFFICE


def test_without_libreoffice_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for data in (OLE + "WordDocument".encode("utf-16-le"), RTF, b"<html><p>A. x</p></html>"):
        with pytest.raises(DocumentRefused, match="Lưu thành"):
            read_questions(data)


def test_its_output_is_read_and_its_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "made.docx").write_bytes(word("Câu 1: Nội dung?", "A. Một"))
    script = f'pwd > {tmp_path}/place; mkdir -p out; cp {tmp_path}/made.docx "out/list.docx"'
    assert file_kind(to_docx(OLE, "doc", program(tmp_path, script))) is FileKind.WORD
    assert not Path((tmp_path / "place").read_text().strip()).exists()


def test_a_file_it_cannot_read_and_one_that_takes_for_ever(tmp_path: Path) -> None:
    assert "mật khẩu hoặc đã hỏng" in refusal(OLE, program(tmp_path, "exit 1"))
    assert "quá lâu" in refusal(OLE, program(tmp_path, "tail -f /dev/null"), seconds=0.2)


@pytest.mark.skipif(not converter(), reason="LibreOffice is not installed")
def test_a_real_rtf() -> None:
    (question,) = read_questions(RTF).questions
    assert question.options == ["Mot", "Hai", "Ba"]
