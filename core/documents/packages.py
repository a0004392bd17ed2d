"""Looks at what a file really is, and inside an Office package, before any library opens it.

The extension decides nothing. An Office file is a zip of XML parts: its unzipped size is measured by
unzipping (a header may lie), and parts with a DOCTYPE, a macro or a password are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import Enum

from lxml import etree

from core.documents.limits import DEFAULT_LIMITS, MIB, DocumentRefused, ReadingLimits


class FileKind(Enum):
    """What the content is, whatever the name says."""

    EXCEL = "excel"
    WORD = "word"
    LEGACY_OFFICE = "legacy_office"
    ENCRYPTED_OFFICE = "encrypted_office"
    PDF = "pdf"
    RTF = "rtf"
    HTML = "html"
    LEGACY_WORD = "legacy_word"
    PICTURE = "picture"
    OTHER_PACKAGE = "other_package"
    OTHER_BINARY = "other_binary"
    TEXT = "text"


#: Kinds that LibreOffice can turn into .docx, and the ending by which it knows them.
LEGACY_ENDINGS = {FileKind.LEGACY_WORD: "doc", FileKind.RTF: "rtf", FileKind.HTML: "html"}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_LOCAL_HEADER = 30
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)


def file_kind(data: bytes) -> FileKind:
    """What these bytes are, by their first bytes and, for a zip, by the parts in it."""
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        if encrypted:
            return FileKind.ENCRYPTED_OFFICE
        word = "WordDocument".encode("utf-16-le") in data
        return FileKind.LEGACY_WORD if word else FileKind.LEGACY_OFFICE
    if data.startswith(b"PK"):
        return _package_kind(data)
    if data[:1024].lstrip().startswith(b"%PDF"):
        return FileKind.PDF
    if data.lstrip()[:5] == b"{\\rtf":
        return FileKind.RTF
    if data.startswith(_PICTURES):
        return FileKind.PICTURE
    head = data[:4096]
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not utf16 and sum(byte < 9 for byte in head) > len(head) // 100 and not _looks_utf16(head):
        return FileKind.OTHER_BINARY
    return FileKind.HTML if _HTML.match(head[:1024]) else FileKind.TEXT


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: of plain letters every second byte is null or a small number."""
    if len(head) < 4:
        return False
    even, odd = head[0::2], head[1::2]
    high_even = sum(byte in (0, 1, 0x1E, 0x20) for byte in even) / len(even)
    high_odd = sum(byte in (0, 1, 0x1E, 0x20) for byte in odd) / len(odd)
    return max(high_even, high_odd) > 0.9


def _package_kind(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError):
        return FileKind.OTHER_PACKAGE
    lowered = {name.replace("\\", "/").lower() for name in names}
    if any(name.startswith("word/") and name.endswith(".xml") for name in lowered):
        return FileKind.WORD
    if any(name.startswith("xl/") for name in lowered):
        return FileKind.EXCEL
    return FileKind.OTHER_PACKAGE


def open_package(data: bytes, limits: ReadingLimits = DEFAULT_LIMITS) -> zipfile.ZipFile:
    """The zip of an Office file, checked for unzipped size, password, macro and DOCTYPE.

    Raises DocumentRefused.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError) as error:
        raise _damaged() from error
    if len(parts) > limits.package_parts:
        raise DocumentRefused("Tệp có quá nhiều thành phần bên trong, không giống tệp Office.", "zip_bomb")
    left = limits.unzipped_bytes
    for part in parts:
        if part.flag_bits & 0x1:
            raise DocumentRefused("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.", "encrypted")
        name = part.filename.lower()
        if name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name:
            raise DocumentRefused("Tệp có macro. Hãy lưu lại thành .docx hoặc .xlsx rồi gửi lại.", "macro")
        left -= _true_size(data, part, left)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _refuse_doctype(_read(archive, part))
    return archive


def _true_size(data: bytes, part: zipfile.ZipInfo, left: int) -> int:
    """Bytes the part unzips to. The size in the header is not believed."""
    start = part.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER:
        raise _damaged()
    name_length, extra_length = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    offset = start + _LOCAL_HEADER + name_length + extra_length
    if part.compress_type == zipfile.ZIP_STORED:
        size = part.compress_size
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflated_size(memoryview(data)[offset:], left)
    else:
        raise DocumentRefused("Tệp được nén theo cách lạ. Hãy mở bằng Office rồi lưu lại.", "damaged")
    if size > left:
        raise DocumentRefused("Tệp phình ra quá lớn khi giải nén, không phải tài liệu thường.", "zip_bomb")
    return size


def _inflated_size(raw: memoryview, bound: int) -> int:
    stream = zlib.decompressobj(-15)
    size, chunk = 0, bytes(raw[: 64 * 1024])  # little at first: a package of questions has thousands of small parts
    taken = len(chunk)
    try:
        while chunk and not stream.eof:
            size += len(stream.decompress(chunk, MIB))
            if size > bound:
                return size
            chunk = stream.unconsumed_tail
            if not chunk and not stream.eof:
                chunk = bytes(raw[taken : taken + 4 * MIB])
                taken += len(chunk)
    except zlib.error as error:
        raise _damaged() from error
    return size


def _refuse_doctype(xml: bytes) -> None:
    """No Office part has a DOCTYPE; one that has it wants to pull something in (XXE) or blow up."""
    head = xml[:4]
    text = xml
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        text = xml.replace(b"\x00", b"")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise DocumentRefused("Tệp có khai báo XML không an toàn nên không được đọc.", "xml_entity")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> bytes:
    try:
        return archive.read(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _damaged() from error


def read_part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One part of the package, None when there is no such part. Raises DocumentRefused when damaged."""
    wanted = name.lstrip("/").lower()
    for part in archive.infolist():
        if part.filename.lower() == wanted:
            return _read(archive, part)
    return None


def parse_xml(xml: bytes) -> etree._Element:
    """An XML part as a tree: no entities, no network, no DTD. Raises DocumentRefused when damaged."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged() from error


def _damaged() -> DocumentRefused:
    return DocumentRefused("Tệp bị hỏng, không đọc được. Hãy mở bằng Word hoặc Excel rồi lưu lại.", "damaged")


def damaged() -> DocumentRefused:
    """The refusal for a file that its own library cannot open."""
    return _damaged()
