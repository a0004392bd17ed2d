"""Reads QTI packages (a zip with imsmanifest.xml) and single items, of versions 2.1, 2.2 and 3.0."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits
from core.documents.packages import damaged, open_package
from core.documents.text_reading import clean
from questions.interchange.exchange.labels import take_tags
from questions.interchange.exchange.pieces import Gathering
from questions.interchange.exchange.qti_item import attribute, below, local, read_item
from questions.interchange.exchange.xml_reading import name, parse, root_of, text_in
from questions.interchange.model import LineKind, ReadQuestion, ReadResult

MANIFEST = "imsmanifest.xml"
#: A package has a part for each question: more parts than an Office file.
MOST_PARTS = 60_000


@dataclass
class _Package:
    """The parts of a package by their names in lower case, and what the manifest says of the items."""

    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)

    def data(self, path: str) -> bytes | None:
        """A part's bytes, None where there is no such part. Raises DocumentRefused where it is damaged."""
        part = self.parts.get(path.lower())
        if part is None:
            return None
        try:
            return self.archive.read(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise damaged() from error


def is_package(data: bytes) -> bool:
    """Whether a zip lists a manifest; nothing is unzipped for it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError):
        return False
    return any(posixpath.basename(part).lower() == MANIFEST for part in names)


def read_package(data: bytes, limits: ReadingLimits = DEFAULT_LIMITS) -> ReadResult:
    """Reads every item of a package, in the order of its test or manifest. Raises DocumentRefused."""
    archive = open_package(data, replace(limits, package_parts=MOST_PARTS))
    package = _Package(archive, {part.filename.lower(): part for part in archive.infolist()})
    place = next(path for path in package.parts if posixpath.basename(path) == MANIFEST)
    folder = posixpath.dirname(place)
    manifest = parse(package.data(place) or b"", "Tệp imsmanifest.xml")
    gathering = Gathering("qti")
    paths = _items(package, manifest, folder, gathering)
    for path in paths:
        content = package.data(path)
        if content is None:
            gathering.problem(path, path, "Danh mục của gói có tên tệp này nhưng trong gói không có.")
            continue
        _one(gathering, content, path, package)
    return gathering.done()


def read_single(data: bytes) -> ReadResult:
    """Reads a file that is one item. Raises DocumentRefused."""
    gathering = Gathering("qti")
    root = parse(data, "Tệp QTI")
    read_item(gathering, root, gathering.begin(ReadQuestion()), "câu thứ 1")
    return gathering.done()


def _one(gathering: Gathering, content: bytes, path: str, package: _Package) -> None:
    try:
        root = parse(content, f"Tệp {path}")
    except DocumentRefused as refusal:
        if refusal.reason != "damaged":
            raise
        gathering.problem(path, path, str(refusal))
        return
    if local(root) != "assessmentItem":
        gathering.problem(path, path, "Tệp này trong gói không phải là câu hỏi QTI.")
        return
    question = gathering.begin(ReadQuestion())
    read_item(gathering, root, question, f"câu thứ {len(gathering.result.questions)} ({posixpath.basename(path)})")
    question.section = package.sections.get(path.lower(), "")
    take_tags(question, package.keywords.get(path.lower(), []))
    gathering.section(question.section)
    gathering.piece("từ khóa", "\n".join(package.keywords.get(path.lower(), [])))


def _items(package: _Package, manifest: etree._Element, folder: str, gathering: Gathering) -> list[str]:
    """The paths of the items: as the tests order them, then as the manifest does, then those that none of them names."""
    named, tests = list[str](), list[str]()
    for resource in manifest.iter():
        if name(resource) != "resource":
            continue
        path = _path(folder, resource.get("href") or "")
        kind = (resource.get("type") or "").lower()
        if "item" in kind and path:
            named.append(path)
            package.keywords[path.lower()] = _keywords(resource)
        elif "test" in kind and path:
            tests.append(path)
    ordered = [path for test in tests for path in _of_test(package, test, gathering)]
    known = {path.lower() for path in [*ordered, *named]}
    beside = [
        part.filename
        for key, part in package.parts.items()
        if key.endswith(".xml") and key not in known and _is_item(package.data(key) or b"")
    ]
    if beside:
        gathering.note(f"{len(beside)} câu có trong gói mà danh mục của gói không nêu; vẫn được đọc.")
    return list({path.lower(): path for path in [*ordered, *named, *beside]}.values())


def _is_item(content: bytes) -> bool:
    return root_of(content) in ("assessmentItem", "qti-assessment-item")


def _path(folder: str, href: str) -> str:
    """A part's path out of an address; what leads out of the package leads nowhere."""
    path = posixpath.normpath(posixpath.join(folder, unquote(href.replace("\\", "/").split("?")[0].split("#")[0])))
    return "" if not href or path.startswith(("..", "/")) else path


def _keywords(resource: etree._Element) -> list[str]:
    found = [element for element in resource.iter() if name(element) == "keyword"]
    return [text for text in (clean(" ".join(text_in(e).split())) for e in found) if text]


def _of_test(package: _Package, path: str, gathering: Gathering) -> list[str]:
    """The items that a test names, each with the title of the section it stands in."""
    content = package.data(path)
    if content is None:
        return []
    root = parse(content, f"Tệp {path}")
    title = clean(attribute(root, "title"))
    if title:
        gathering.section(title)
        gathering.piece("tên đề", title, LineKind.SECTION)
    found = []
    for reference in below(root, "assessmentItemRef"):
        item = _path(posixpath.dirname(path), attribute(reference, "href"))
        if not item:
            continue
        titles = [
            clean(attribute(above, "title")) for above in reference.iterancestors() if local(above) == "assessmentSection"
        ]
        package.sections[item.lower()] = " / ".join(part for part in reversed(titles) if part)
        found.append(item)
    return found
