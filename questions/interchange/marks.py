"""Single marks of a list: what starts a question, an option, a key, a source, a heading.

Each function looks at one text and says what stands at its start; none knows the rest of the list. Patterns work
on flat text (no accents, lower case), so that "ĐÁP ÁN", "Đáp án" and "Dap an" are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from questions.interchange.flat import flat

_LEAD = r"[^\w(\[]{0,4}"
_SIGN = r"(?:\(\s*x\s*\)|\[\s*[x ]?\s*\]|[*○●◉•✓✔√☑☒☐□■✅❌#>→⇒+–-]|x(?=\s))"
#: What may stand behind an option's letter as a mark; "A. > 50%" and "A. - 5 độ" begin with words.
_KEY_SIGN = r"(?:\(\s*x\s*\)|\[\s*[x ]?\s*\]|[*○●◉•✓✔√☑☒☐□■✅❌])"
_QUESTION = re.compile(
    _LEAD + r"(?P<word>cau(?:\s*hoi)?|cai|question|tinh\s+huong|bai\s+tap)\s*(?:tinh\s+huong\s*)?(?:so|thu)?\s*[:.]?\s*"
    r"(?P<number>\d{1,5})(?P<letter>[a-z](?=[.:)]))?\s*(?P<end>[.:)\]/–—-]+|(?=\s*[(\[])|(?=\s*$)|\s+|(?=\D))"
)
_NUMBER = re.compile(_LEAD + r"\(?(?P<number>\d{1,5})\s?(?P<end>[.)\]:]+\s*[-–]?|/+\s*[-–]?|[-–—](?=\s)|\t)\s*(?![\d])(?=\S)")
_BARE_NUMBER = re.compile(r"\s*(?P<number>\d{1,5})\s*[.):]?\s*$")
_OPTION = re.compile(
    r"\s*(?P<sign>(?:" + _SIGN + r"\s*)*)[(\[]?(?P<letter>[a-h])\s?"
    r"(?P<punct>[.)\]:/]+(?:[-–•](?!\d)|\s[-–•](?!\s?\d))?|[-–](?=\s)|\t)\s*(?P<after>" + _KEY_SIGN + r"\s+)?"
)
_KEY = re.compile(
    _LEAD + r"[(\[]?\s?(?P<intro>(?:(?:dap\s*an|d\s*/\s*an|phuong\s+an|lua\s+chon|cau\s+tra\s+loi|y)\s*"
    r"(?:dung\s+nhat|chinh\s+xac|dung|tra\s+loi)(?:\s+la)?|dap\s*an(?:\s+la)?|d\s?[./]\s?an?|tra\s*loi|answer|key|correct(?:\s+answer)?"
    r"|ket\s+qua|da|chon(?:\s+(?:dap\s+an|phuong\s+an|cau|y))?|[=-]+>|→|⇒|➔|➜|➡|=>))\s*(?P<colon>[:.=–-]*)\s*"
)
_LETTERS = re.compile(
    r"(?:(?:cau|dap\s+an|phuong\s+an|y)\s+)?[(\[\"“']?\s*"
    r"(?P<letters>[a-h](?:\s*(?:,|;|&|\+|/|\bva\b|-)\s*[a-h](?!\w))+|[a-h](?:\s?[.\s]\s?[a-h](?!\w))+(?=[\s.)\]]*$)|[a-h]{2,8}(?!\w)|[a-h](?![\w]))\s*[)\]\"”']?\s*"
    r"(?P<end>[.:;,)\]–-]*)\s*"
)
_TRUTH = re.compile(r"[(\[\"“']?(?P<truth>dung|sai|true|false)\b[)\]\"”']?\s*(?P<end>[.:;,)\]–-]*)\s*")
_SOURCE = re.compile(
    _LEAD + r"[(\[]?\s?(?:(?P<intro>can\s+cu(?:\s+phap\s+ly)?|co\s+so(?:\s+phap\s+ly)?|nguon|trich(?:\s+dan)?"
    r"|tham\s+(?:chieu|khao)|vien\s+dan|tai\s+lieu(?:\s+tham\s+khao)?)\s*[:：]+|ref(?:erence)?s?\s*[.:：]+)\s*"
)
_CITATION = re.compile(
    r"[\s(\"“*•–-]*(?:theo\s+|can\s+cu\s+|tai\s+|quy\s+dinh\s+tai\s+)?(?:dieu|khoan|diem|muc|chuong|quy\s+dinh|quy\s+che"
    r"|huong\s+dan|luat|bo\s+luat|nghi\s+dinh|nghi\s+quyet|thong\s+tu|chi\s+thi|dieu\s+le|hien\s+phap|quyet\s+dinh"
    r"|ket\s+luan|van\s+kien|phap\s+lenh|sop|moe)\b"
)
_REFERENCE = re.compile(
    r"\b(?:tap\s+\d|trang\s+\d|tr\.\s*\d|nxb|sdd|toan\s+tap|giao\s+trinh|van\s+kien|(?:dieu|khoan|muc|chuong)\s+\d"
    r"|\d+-[a-z]{2,3}/tw|\d+/\d{4}/[a-z]|dieu\s+le\s+dang|hien\s+phap|lich\s+su\s+dang)"
)
_EXPLANATION = re.compile(
    _LEAD + r"(?P<intro>giai\s+thich(?:\s+dap\s+an)?|loi\s+giai|huong\s+dan\s+giai|dien\s+giai|ly\s+do|ghi\s+chu|luu\s+y"
    r"|phan\s+tich|explanation|note)\s*[:：.]\s*"
)
INNER_EXPLANATION = re.compile(r"(?:(?<=[\s.;,)])|(?<=^))(?:giai\s+thich|loi\s+giai)\s*[:：]\s*")
_KEY_IN_STEM = re.compile(
    r"^\s*[(\[]\s*(?P<key>(?:dap\s*an|da)\b[^)\]]{1,14})[)\]]\s*[:.]?|[(\[]\s*(?P<last>(?:dap\s*an|da)\b[^)\]]{1,14})[)\]]\s*$"
)
_ANSWER = re.compile(
    _LEAD + r"(?P<intro>(?:goi\s+y|huong\s+dan|noi\s+dung)\s+(?:tra\s+loi|dap\s+an|cham)|goi\s+y|dap\s+an|tra\s+loi)"
    r"\s*(?P<colon>[:：.]+|$)\s*"
)
_TAG = re.compile(_LEAD + r"(?P<tag>muc\s+do(?:\s+nhan\s+thuc)?|do\s+kho|chu\s+de|linh\s+vuc|level|topic)\s*[:：]\s*(?=\S)")
_HEADING = re.compile(
    r"[\W_]*(?:phan|chuong|muc|chuyen\s+de|phu\s+luc|phieu(?:\s+thi)?|goi(?:\s+cau\s+hoi)?|bo\s+de|nhom|vong|"
    r"phan\s+thi|de(?:\s+thi)?|bai|part|section|chapter|unit)\s*(?:so\s*|thu\s*)?(?:[ivxlc]+|\d+|[a-h]|nhat|hai|ba|tu|nam)\b"
    r"\s*(?P<end>[.:)–—-]|$|\()"
)
_STARRED_HEADING = re.compile(r"\s*[*#•+–-]+\s*[^.?!]{3,120}:\s*$")
_TOPIC_HEADING = re.compile(
    r"[\W_]*(?:[a-h\d][.)/-]+\s*)?(?:linh\s+vuc|chu\s+de|chuyen\s+de|nhom\s+cau\s+hoi|phan\s+cau\s+hoi|cau\s+hoi\s+"
    r"(?:trac\s+nghiem|tinh\s+huong|ly\s+thuyet|tu\s+luan)|noi\s+dung\s+\d)"
)
_ROMAN_HEADING = re.compile(r"\s*(?=[IVXLC])(?:X{0,3})(?:IX|IV|V?I{0,3})\s*[.)/–-]+\s*\S")
_BARE_KEY = re.compile(
    r"(?P<letters>[A-H]{1,8}|[a-h]|[A-Ha-h](?:\s*[,;&+]\s*[A-Ha-h])+)(?:\s*\.)?(?P<rest>\s*[(\[=:;–-]\s*\S.{0,200})?$"
)
_PAGE = re.compile(r"\s*(?:[-–]\s*\d{1,4}\s*[-–]|(?:trang|page|tr\.)\s*\d{1,4}(?:\s*(?:/|of|tren)\s*\d{1,4})?)\s*$")
_END = re.compile(r"[\W_]*(?:het|the\s+end|-+\s*het\s*-+)[\W_]*$")


@dataclass(frozen=True)
class QuestionMark:
    """What starts a question: its number, how it is written, and where the stem begins."""

    number: str
    style: str
    start: int

    @property
    def value(self) -> int:
        """The number without a letter ("12a" is 12)."""
        return int("".join(letter for letter in self.number if letter.isdigit()) or 0)


@dataclass(frozen=True)
class OptionMark:
    """What starts an option. `style` is its writing: case and punctuation; `sign` a key sign beside it."""

    letter: str
    style: str
    sign: str
    place: int
    start: int


@lru_cache(maxsize=32768)
def question_mark(text: str) -> QuestionMark | None:
    """ "Câu 12:", "Câu hỏi số 3.", "CÂI 111", "12.", "1/-" at the start of a line."""
    plain = flat(text)
    found = _QUESTION.match(plain)
    if found and _starts_sentence(text, found):
        return QuestionMark(found["number"] + (found["letter"] or ""), "cau", found.end())
    found = _NUMBER.match(plain)
    if found:
        return QuestionMark(found["number"], "num" + found["end"].strip()[:2], found.end())
    return None


def _starts_sentence(text: str, found: re.Match[str]) -> bool:
    """ "Câu 5 và câu 6" and "Câu 1, 2" are talk, not the start of a question."""
    if found["end"].strip():
        return True
    rest = text[found.end() :].lstrip()
    return not rest or rest[0].isupper() or rest[0] in "([\"“'‘…"


def bare_number(text: str) -> str:
    """The number that stands alone on a line, else ""."""
    found = _BARE_NUMBER.match(text)
    return found["number"] if found else ""


@lru_cache(maxsize=32768)
def option_mark(text: str, place: int = 0) -> OptionMark | None:
    """ "A.", "b/-", "*c)", "(D)" at that place of the line."""
    found = _OPTION.match(flat(text), place)
    if not found:
        return None
    letter = text[found.start("letter")]
    if not letter.isascii() or (found["punct"] == "\t" and not letter.isupper()):  # "Đ/án" is no option
        return None
    style = ("A" if letter.isupper() else "a") + found["punct"].strip()[:1]
    sign = (found["sign"] + (found["after"] or "")).strip()
    return OptionMark(letter.upper(), style, sign, found.start(), found.end())


@dataclass(frozen=True)
class KeyWords:
    """A key as written: option letters, or True/False, or other words. `rest` follows it."""

    letters: tuple[str, ...] = ()
    truth: bool | None = None
    rest: str = ""
    words: str = ""
    unsure: bool = False


@lru_cache(maxsize=32768)
def key_intro(text: str) -> int | None:
    """Where the answer begins in "Đáp án: C", "=> C", "Chọn C", "Trả lời: ĐÚNG"; None when it is no key line."""
    plain = flat(text)
    found = _KEY.match(plain)
    if not found:
        return None
    intro = " ".join(found["intro"].split())
    if intro[1:2] in " ./" and intro[:1] == "d" and text[found.start("intro")] not in "đĐ":
        return None  # "d. A …" is an option, "Đ.A: C" a key
    rest = plain[found.end() :]
    sure = bool(found["colon"]) or intro.startswith(("=", "-", "→", "⇒", "➔", "➜", "➡"))
    answer = _LETTERS.match(rest) or _TRUTH.match(rest)
    if intro.startswith("chon"):  # "Chọn câu đúng" begins many a stem
        answer = _LETTERS.match(rest)
    if intro in {"da", "key"} or intro.startswith("chon"):
        return found.end() if answer and (sure or answer.end() == len(rest)) else None
    if not sure and not (answer and _short(rest, answer)):
        return found.end() if not rest and intro.startswith(("dap an", "tra loi")) else None
    if intro.startswith(("=", "-", "→", "⇒", "➔", "➜", "➡")) and not answer:
        return None
    return found.end()


def _short(rest: str, answer: re.Match[str]) -> bool:
    return answer.end() == len(rest) or bool(answer["end"]) or rest[answer.end() :].startswith(("(", "["))


def key_words(text: str) -> KeyWords:
    """Takes an answer apart: "C", "A, C", "ABC", "ĐÚNG Điều 4 …", "C. 2.000 USD"."""
    text = text.strip()
    plain = flat(text)
    if text.strip("() .;").lower() in {"đ", "s"}:
        return KeyWords(truth=text.strip("() .;").lower() == "đ")
    truth = _TRUTH.match(plain)
    if truth:
        return KeyWords(truth=truth["truth"] in {"dung", "true"}, rest=text[truth.end() :].strip())
    found = _LETTERS.match(plain)
    if found:
        raw = found["letters"]
        written = text[found.start("letters") : found.end("letters")]
        glued = re.fullmatch(r"[a-h]{2,8}", raw)
        if not glued or (written.isupper() and list(raw) == sorted(set(raw))):
            letters = [letter.upper() for letter in re.findall(r"(?<![a-z])[a-h](?![a-z])|[a-h]", _unjoined(raw))]
            unsure = "đ" in written.lower() or bool(re.search(r"[/-]", written))
            return KeyWords(tuple(dict.fromkeys(letters)), rest=text[found.end() :].strip(), unsure=unsure)
    return KeyWords(words=text)


def _unjoined(letters: str) -> str:
    return re.sub(r"\bva\b", ",", letters)


def key_in_stem(text: str) -> tuple[int, int, str] | None:
    """ "(Đáp án C)" at the start or end of a stem: where it begins and ends, and the answer."""
    found = _KEY_IN_STEM.search(flat(text))
    if not found:
        return None
    name = "key" if found["key"] else "last"
    inner = text[found.start(name) : found.end(name)]
    start = key_intro(inner)
    return None if start is None else (found.start(), found.end(), inner[start:])


def source_start(text: str) -> int | None:
    """Where the source begins in "Căn cứ: …", "Nguồn: …", "Ref.: …"."""
    found = _SOURCE.match(flat(text))
    return found.end() if found else None


def is_citation(text: str) -> bool:
    """Whether a text begins like a quoted document: "Điều 5 …", "Theo Quy định 294-QĐ/TW …"."""
    found = _CITATION.match(flat(text))
    return bool(found) and any(letter.isdigit() for letter in text[:160])


def is_reference(text: str) -> bool:
    """Whether a text names a book, a document or a place in one ("Lịch sử Đảng, tập 1")."""
    return bool(_REFERENCE.search(flat(text)))


def explanation_start(text: str) -> int | None:
    """Where the explanation begins in "Giải thích: …"."""
    found = _EXPLANATION.match(flat(text))
    return found.end() if found else None


def explanation_place(text: str) -> int | None:
    """Where "Giải thích:" stands inside of a text."""
    found = INNER_EXPLANATION.search(flat(text))
    return found.start() if found else None


def answer_start(text: str) -> int | None:
    """Where the model answer begins in "Gợi ý trả lời: …", "* Đáp án: …"."""
    found = _ANSWER.match(flat(text))
    return found.end() if found else None


def tag(text: str) -> tuple[str, str] | None:
    """ "Mức độ: Dễ" gives ("level", "Dễ"), "Chủ đề: …" ("topic", …)."""
    found = _TAG.match(flat(text))
    if not found:
        return None
    name = "level" if found["tag"].startswith(("muc", "do", "level")) else "topic"
    return name, text[found.end() :].strip()


def gives_answer(text: str) -> bool:
    """Whether a line is a key with its answer ("ĐÁP ÁN: A, B"), in capitals or not."""
    start = key_intro(text)
    if start is None:
        return False
    words = key_words(text[start:])
    return bool(words.letters) or words.truth is not None


def is_page_number(text: str) -> bool:
    """ "- 12 -", "Trang 3/10": what a page printed, no part of the list."""
    return bool(_PAGE.match(flat(text)))


def is_heading(text: str) -> bool:
    """Whether a line alone looks like a heading of a list."""
    plain = flat(text)
    if len(text) > 220 or text.rstrip().endswith("?"):
        return False
    if _HEADING.match(plain) or _TOPIC_HEADING.match(plain) or _PAGE.match(plain) or _END.match(plain):
        return True
    if _STARRED_HEADING.match(text) and not option_mark(text):
        return True
    if _ROMAN_HEADING.match(text) and len(text) < 160:
        return True
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 8 and " " in text.strip() and sum(map(str.isupper, letters)) > 0.9 * len(letters)


def is_end(text: str) -> bool:
    """ "--- HẾT ---" and page numbers."""
    plain = flat(text)
    return bool(_END.match(plain) or _PAGE.match(plain))


def letters_alone(text: str) -> tuple[str, ...]:
    """The letters of a line that holds nothing else ("D", "ABC", "a"), else ()."""
    words = bare_key(text)
    return words.letters if words is not None and not words.rest and len(text.strip()) <= 12 else ()


def bare_key(text: str) -> KeyWords | None:
    """A key without "Đáp án:", alone or with a remark behind it ("D", "ABC", "B (= 2 + 2)")."""
    stripped = text.strip()
    found = _BARE_KEY.match(stripped)
    if not found:
        return None
    words = key_words(found["letters"])
    return KeyWords(words.letters, rest=(found["rest"] or "").strip()) if words.letters else None
