"""Picks the reader of a file by its content, never by its name. A new format is one entry in READERS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits, load
from core.documents.packages import LEGACY_ENDINGS, FileKind, file_kind
from questions.interchange.key_files import KeySource
from questions.interchange.model import LineKind, ReadProblem, ReadResult

Reader = Callable[[bytes, ReadingLimits, KeySource | None], ReadResult]


def _word(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    from questions.interchange import docx

    return docx.read(data, limits, keys)


def _excel(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    from questions.interchange import xlsx

    return xlsx.read(data, limits, keys)


def _text(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    """Text of another program's making first (Moodle XML, GIFT, Aiken), then free lists."""
    from questions.interchange import plain_text
    from questions.interchange.exchange import second_keys
    from questions.interchange.exchange.sniff import read_exchange

    found = read_exchange(data, limits)
    if found is not None:
        if keys is not None:
            second_keys.apply(found, keys)
        return found
    return plain_text.read(data, limits, keys)


def _package(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    from questions.interchange.exchange import qti, second_keys

    if not qti.is_package(data):
        raise DocumentRefused(*REFUSALS[FileKind.OTHER_PACKAGE])
    result = qti.read_package(data, limits)
    if keys is not None:
        second_keys.apply(result, keys)
    return result


def _pdf(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    from questions.interchange import pdf

    return pdf.read(data, limits, keys)


def _legacy(ending: str) -> Reader:
    """Reads what LibreOffice makes of a file in an old format."""

    def read(data: bytes, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
        from core.documents.legacy_word import to_docx

        return _word(load(to_docx(data, ending), limits), limits, keys)

    return read


READERS: dict[FileKind, Reader] = {
    FileKind.WORD: _word,
    FileKind.EXCEL: _excel,
    FileKind.TEXT: _text,
    FileKind.OTHER_PACKAGE: _package,
    FileKind.PDF: _pdf,
    **{kind: _legacy(ending) for kind, ending in LEGACY_ENDINGS.items()},
}

REFUSALS: dict[FileKind, tuple[str, str]] = {
    FileKind.ENCRYPTED_OFFICE: ("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted"),
    FileKind.LEGACY_OFFICE: (
        "Đây là tệp Office đời cũ (.xls, .ppt). Hãy mở bằng Excel và lưu lại thành .xlsx, hoặc gửi bản Word (.docx).",
        "wrong_kind",
    ),
    FileKind.PICTURE: ("Đây là tệp hình ảnh, không có chữ để đọc.", "wrong_kind"),
    FileKind.OTHER_PACKAGE: ("Đây không phải là tệp Word, Excel, PDF hay văn bản, hoặc tệp đã hỏng.", "damaged"),
    FileKind.OTHER_BINARY: ("Đây không phải là tệp Word, Excel, PDF hay văn bản.", "wrong_kind"),
}


#: What a person may say a file is (`--from`), and the kind by which it is read then.
FORCED = {
    "aiken": "aiken",
    "gift": "gift",
    "moodle": "moodle",
    "moodle_xml": "moodle",
    "xml": "moodle",
    "qti": "qti",
    "text": "text",
    "txt": "text",
    "word": "word",
    "docx": "word",
    "excel": "excel",
    "xlsx": "excel",
}


def read_questions(
    source: bytes | Path, key: bytes | Path | None = None, limits: ReadingLimits = DEFAULT_LIMITS, forced: str = ""
) -> ReadResult:
    """Reads a question list, with keys from a second file where one is given. Raises DocumentRefused.

    ``forced`` (a value of FORCED) says what the file is; without it the content decides.
    """
    data = load(source, limits)
    kind = file_kind(data)
    if forced:
        return _read_as(forced, data, kind, limits, KeySource.read(key, limits) if key is not None else None)
    reader = READERS.get(kind)
    if reader is None:
        raise DocumentRefused(*REFUSALS[kind])
    keys = KeySource.read(key, limits) if key is not None else None
    result = reader(data, limits, keys)
    if not result.questions and not result.problems:
        _nothing_understood(result)
    return result


def _read_as(forced: str, data: bytes, kind: FileKind, limits: ReadingLimits, keys: KeySource | None) -> ReadResult:
    from questions.interchange import plain_text
    from questions.interchange.exchange import second_keys
    from questions.interchange.exchange.sniff import read_exchange

    needed = {"word": FileKind.WORD, "excel": FileKind.EXCEL}.get(forced, FileKind.TEXT)
    if forced == "qti" and kind is FileKind.OTHER_PACKAGE:
        needed = kind
    if kind is not needed:
        raise DocumentRefused(f"Tệp này không phải dạng “{forced}”.", "wrong_kind")
    if needed is not FileKind.TEXT:
        return READERS[needed](data, limits, keys)
    result = read_exchange(data, limits, forced) if forced != "text" else None
    if result is None:
        return plain_text.read(data, limits, keys)
    if keys is not None:
        second_keys.apply(result, keys)
    return result


def _nothing_understood(result: ReadResult) -> None:
    """A file with text but no question: each line is a problem, so that nothing disappears."""
    for line in result.lines:
        if line.text.strip():
            line.kind = LineKind.PROBLEM
            problem = ReadProblem(line.where, line.text.strip(), "Không nhận ra câu hỏi nào ở đây.", line.number)
            result.problems.append(problem)
    if not result.problems:
        raise DocumentRefused("Không thấy câu hỏi nào trong tệp này.", "empty")
