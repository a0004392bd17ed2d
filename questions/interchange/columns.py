"""Which column of a question table holds what, read from its heading row in any order, with or without accents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from questions.interchange.flat import key_of

_WORDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("number", (r"stt|tt|so tt|so thu tu|thu tu|no|so|cau so|so cau|ma cau(?: hoi)?|id|cau",)),
    (
        "key",
        (
            r"(?:dap an|da|d a)(?: (?:dung|chinh xac|dung nhat|cua cau hoi))?",
            r"(?:phuong an|pa|lua chon|cau tra loi|tra loi|y|ket qua) (?:dung|chinh xac|dung nhat)",
            r"correct(?: answer| option)?|answer|key|dung|ket qua|tra loi",
        ),
    ),
    (
        "options",
        (
            r"(?:cac )?(?:phuong an|lua chon|dap an) (?:tra loi|lua chon|chon|de chon|tra loi lua chon)",
            r"(?:cac )?(?:phuong an|lua chon)|cac dap an",
            r"options|choices|noi dung (?:dap an|phuong an|tra loi)",
        ),
    ),
    (
        "explanation",
        (
            r"(?:loi )?giai thich(?: .*)?|loi giai|dien giai|huong dan(?: giai| tra loi)?",
            r"ghi chu|explanation|note|goi y(?: tra loi)?|ly do",
        ),
    ),
    (
        "source",
        (
            r"(?:can cu|nguon|trich dan|tai lieu|van ban)(?: .*)?",
            r"tham chieu|tham khao|dieu khoan|co so(?: phap ly)?|ref(?:erence)?|source",
        ),
    ),
    ("level", (r"(?:muc )?do kho|(?:muc do|cap do)(?: .*)?|level|difficulty|muc",)),
    (
        "topic",
        (r"(?:chu de|linh vuc|chuyen de)(?: .*)?|topic|noi dung kien thuc|mang kien thuc|mon(?: hoc)?",),
    ),
    ("section", (r"(?:danh muc|nhom|phan|chuong|bai)(?: .*)?|hang muc|muc luc|category|section",)),
    ("type", (r"loai(?: cau(?: hoi)?)?|dang(?: cau(?: hoi)?)?|type|hinh thuc",)),
    ("points", (r"(?:so )?diem(?: .*)?|points?|score",)),
    (
        "stem",
        (
            r"(?:noi dung )?cau hoi(?: .*)?|noi dung(?: cau hoi| cau)?|de bai|tieu de",
            r"question(?: text)?|stem|tinh huong|nhan dinh",
        ),
    ),
)
_ROLES = tuple((role, re.compile("|".join(wordings))) for role, wordings in _WORDINGS)
_OPTION = re.compile(
    r"(?:(?:phuong an|pa|dap an|da|lua chon|lc|option|cau tra loi|tra loi|answer|y|choice"
    r"|noi dung (?:phuong an|dap an))\s*)?(?:so )?([a-h]|[1-8])(?: .*)?"
)
_PLAIN_LETTER = re.compile(r"[a-h]")


def role_of(heading: str) -> str:
    """The role that a heading names: "stem", "option:A", "key", …; "" when it names none."""
    text = key_of(heading)
    if not text or len(text) > 60:
        return ""
    option = _OPTION.fullmatch(text)
    if option and (_PLAIN_LETTER.fullmatch(text) or len(text) > 1) and not (text.isdigit() or " " in option[1]):
        name = option[1]
        if len(text.split()) <= 4:
            return "option:" + (name.upper() if name.isalpha() else chr(64 + int(name)))
    for role, pattern in _ROLES:
        if pattern.fullmatch(text):
            return role
    return ""


@dataclass
class Header:
    """The heading of a question table: rows it takes up and the role of each column."""

    first: int
    depth: int
    roles: dict[int, str] = field(default_factory=dict)

    @property
    def option_columns(self) -> list[int]:
        """Columns that hold one option each, by letter."""
        lettered = sorted((role, column) for column, role in self.roles.items() if role.startswith("option:"))
        return [column for _, column in lettered]

    def columns(self, role: str) -> list[int]:
        """The columns of that role, from left to right."""
        return sorted(column for column, one in self.roles.items() if one == role)


def find_header(rows: list[dict[int, str]], reach: int = 40) -> Header | None:
    """The heading among the first rows; each row maps columns to texts, merged cells spread out."""
    best: Header | None = None
    best_score = 0
    for place in range(min(reach, len(rows))):
        for depth in (1, 2):
            if place + depth > len(rows):
                continue
            header = _header(rows, place, depth)
            score = 0 if depth == 1 and _letters_below(rows, place, header) else _score(header)
            if score > best_score:
                best, best_score = header, score
        if best_score and place > best.first + 2 if best else False:
            break
    return best


def _letters_below(rows: list[dict[int, str]], place: int, header: Header) -> bool:
    """Whether the row under a heading row holds only option letters: then the heading is two rows deep."""
    if place + 1 >= len(rows):
        return False
    below = rows[place + 1]
    own = {column: text for column, text in below.items() if text and text != rows[place].get(column)}
    letters = [text for text in own.values() if role_of(text).startswith("option:")]
    return len(letters) >= 2 and len(letters) == len(own)


def _header(rows: list[dict[int, str]], place: int, depth: int) -> Header:
    header = Header(place, depth)
    for column in sorted({column for row in rows[place : place + depth] for column in row}):
        roles = [role_of(row.get(column, "")) for row in rows[place : place + depth]]
        under = roles[-1]
        if depth == 2 and not under and rows[place + 1].get(column, "") not in ("", rows[place].get(column, "")):
            header.roles[column] = "?"
            continue
        role = under if under.startswith("option:") or not roles[0] else roles[0]
        if role:
            header.roles[column] = role
    _settle(header)
    _truth_columns(header, rows[place + depth - 1])
    return header


def _settle(header: Header) -> None:
    """Two columns of one role, and roles that only make sense beside others."""
    if header.columns("options") and len(header.columns("options")) > 1:
        for place, column in enumerate(header.columns("options")):
            header.roles[column] = f"option:{chr(65 + place)}"
    for role in {role for role in header.roles.values() if role.startswith("option:")}:
        first, *others = header.columns(role)
        if others and not header.columns("key"):  # "A B C D", then "Đáp án 1, Đáp án 2"
            header.roles.update(dict.fromkeys(others, "second key"))
    seconds = header.columns("second key")
    header.roles.update(dict.fromkeys(seconds, "key"))
    keys = header.columns("key")
    if len(keys) >= 3 and not header.option_columns:  # "Đáp án" merged over the options, its letters below
        for place, column in enumerate(keys[:-1] if len(keys) > 4 else keys):
            header.roles[column] = f"option:{chr(65 + place)}"


def _truth_columns(header: Header, names: dict[int, str]) -> None:
    """Two columns "Đúng" and "Sai" where each row has one cross."""
    found = {key_of(text): column for column, text in names.items() if key_of(text) in {"dung", "sai", "d", "s"}}
    yes, no = found.get("dung", found.get("d")), found.get("sai", found.get("s"))
    if yes is None or no is None or "key" in [role for column, role in header.roles.items() if column != yes]:
        return
    header.roles[yes], header.roles[no] = "truth:1", "truth:0"


def _score(header: Header) -> int:
    roles = set(header.roles.values())
    if "?" in roles or "stem" not in roles:
        return 0
    options = len(header.option_columns)
    if options < 2 and not roles & {"options", "key", "truth:1"}:
        return 0
    return 2 * len(roles) + options - header.depth
