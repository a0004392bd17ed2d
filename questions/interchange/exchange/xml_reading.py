"""XML of other programs, read safely: no DTD, no entities, only encodings that cannot hide either."""

from __future__ import annotations

import re

from lxml import etree

from core.documents.limits import DocumentRefused

_ENCODINGS = re.compile(r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})[\"']")
_PROLOG = re.compile(rb"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
#: Elements within one another: real files have a dozen.
DEEPEST = 200


def _flat(data: bytes) -> bytes:
    """The bytes without UTF-16's nulls and without a mark: enough to look at the plain letters of the beginning."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        data = data.removeprefix(mark)
    return data.replace(b"\x00", b"") if b"\x00" in data[:64] else data


def root_of(data: bytes) -> str:
    """The name of the root element, "" where this is no XML."""
    flat = _flat(data[: 64 * 1024])
    if not flat.lstrip().startswith(b"<"):
        return ""
    start = _PROLOG.match(flat)
    at = start.end() if start else 0
    doctype = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*", re.DOTALL | re.IGNORECASE).match(flat, at)
    found = _ROOT.match(flat, doctype.end() if doctype else at)
    return found[1].decode("ascii", "replace") if found else ""


def is_xml(data: bytes) -> bool:
    """Whether the file says that it is XML."""
    return _flat(data[:1024]).lstrip().startswith(b"<?xml")


def parse(data: bytes, what: str = "Tệp XML") -> etree._Element:
    """The tree of an XML file. Raises DocumentRefused where it is damaged, too deep, or declares anything."""
    flat = _flat(data)
    declared = _DECLARED.match(flat.lstrip()[:400])
    if declared and not _ENCODINGS.fullmatch(declared[1].decode("ascii", "replace")):
        raise DocumentRefused(f"{what} dùng bảng mã lạ. Hãy lưu lại bằng UTF-8.", "damaged")
    start = _PROLOG.match(flat)
    if re.match(rb"<!\s*(?:DOCTYPE|ENTITY)", flat[start.end() if start else 0 :][:40], re.IGNORECASE):
        raise DocumentRefused(f"{what} có khai báo XML không an toàn nên không được đọc.", "xml_entity")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    stripped = data.removeprefix(b"\xef\xbb\xbf")
    try:
        root = etree.fromstring(stripped if b"\x00" in stripped[:64] else stripped.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        line, column = (*error.position, 0, 0)[:2] if error.position else (0, 0)
        raise DocumentRefused(f"{what} bị hỏng ở dòng {line}, cột {column}.", "damaged") from error
    except (ValueError, LookupError) as error:
        raise DocumentRefused(f"{what} bị hỏng, không đọc được.", "damaged") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise DocumentRefused(f"{what} có khai báo XML không an toàn nên không được đọc.", "xml_entity")
    _check_depth(root, what)
    return root


def _check_depth(root: etree._Element, what: str) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise DocumentRefused(f"{what} có quá nhiều lớp lồng nhau.", "zip_bomb")


def name(element: etree._Element) -> str:
    """An element's name without its namespace; "" for what is no element (an entity left alone)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_in(element: etree._Element | None) -> str:
    """All text in an element, as written."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext())
