"""Whether text or a package is of another program's format, by its content; and the reader of it."""

from __future__ import annotations

from core.documents.limits import DEFAULT_LIMITS, DocumentRefused, ReadingLimits
from core.documents.text_reading import read_text
from questions.interchange.exchange import aiken, gift, moodle, qti
from questions.interchange.exchange.gift_syntax import is_gift
from questions.interchange.exchange.xml_reading import is_xml, root_of
from questions.interchange.model import ReadResult

#: Root elements of question formats that are told apart from other XML.
OLD_QTI = "questestinterop"
ITEMS = ("assessmentItem", "qti-assessment-item")


def read_exchange(data: bytes, limits: ReadingLimits = DEFAULT_LIMITS, forced: str = "") -> ReadResult | None:
    """Reads what is Aiken, GIFT or XML of questions; None where the text is none of these. Raises DocumentRefused."""
    root = root_of(data)
    if forced == "moodle" or (root == "quiz" and not forced):
        return moodle.read(data)
    if root in ITEMS and forced in ("", "qti"):
        return qti.read_single(data)
    if root == OLD_QTI:
        raise DocumentRefused("Đây là QTI đời 1.2. Hãy xuất lại thành QTI 2.1, 2.2 hoặc 3.0.", "wrong_kind")
    if forced == "qti" or (not forced and is_xml(data)):
        raise DocumentRefused("Tệp XML này không phải là Moodle XML hay QTI.", "wrong_kind")
    lines = read_text(data, limits).lines
    if forced == "gift" or (not forced and is_gift(lines)):
        return gift.read(lines)
    if forced == "aiken" and not aiken.is_aiken(lines):
        raise DocumentRefused("Tệp không đúng dạng Aiken ở mọi câu. Hãy bỏ --from để đọc như văn bản thường.", "wrong_kind")
    return aiken.read(lines) if aiken.is_aiken(lines) and forced != "text" else None
