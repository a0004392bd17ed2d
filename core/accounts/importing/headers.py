"""Which column is what: headings as lists really have them, in any order, with or without accents. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from core.database.text import fold

#: What a heading may say, first match wins; each pattern meets the whole heading, folded, without signs and brackets.
#: Level columns are named after the level of the tree that they hold.
_PERSON_HEADINGS: tuple[tuple[str, str], ...] = (
    ("order", r"stt|tt|so tt|so thu tu|thu tu"),
    ("family_name", r"ho|ho (va )?(ten )?(chu )?(dem|lot|lot dem)"),
    ("given_name", r"ten"),
    ("name", r"(ho va ten|ho ten|ten (thi sinh|dang vien|bi thu|nguoi du thi)|thi sinh|full name)( .*)?"),
    ("name", r"danh sach thi sinh|hoten|hovaten|ho & ten"),
    ("birth", r"((ngay|thang|nam) )*sinh( (ngay|thang|nam))*( .*)?|ntns|namsinh|ngaysinh|sn|ns"),
    ("phone", r"(so )?(dien thoai|di dong|dtdd|dt|sdt|dthoai|tel|mobile|phone|dienthoai)( .*)?|so may|sodt|so lien he"),
    ("position", r"(chuc vu|chuc danh|nhiem vu|vi tri)( .*)?|chucvu"),
    ("section", r"(ten )?dang bo bo phan( .*)?"),
    ("cell", r"(ten )?(chi bo|cb)( .*)?"),
    ("commune", r"(ten )?((dang bo|dang uy) )?(xa|phuong|thi tran)( (phuong|thi tran|xa))*"),
    ("district", r"(ten )?((dang bo|dang uy) )?(huyen|quan|thi xa|huyen uy|quan uy|thi uy)( (huyen|quan|thi xa))*"),
    ("city", r"(ten )?(thanh pho|tinh|thanh uy|tinh uy|tinh thanh( pho)?|tp)"),
    ("committee", r"(ten )?(dang bo|dang uy)( (co so|cap tren|truc thuoc|truc tiep))*"),
    ("committee", r"(ten )?(to chuc )?co so dang|tccsd"),
    ("unit", r"(ten )?(don vi|to chuc( dang)?|noi sinh hoat)( (du thi|sinh hoat|cong tac|dang))*|donvi"),
    ("unit", r"noi cong tac|co quan( don vi)?"),
)

_UNIT_HEADINGS: tuple[tuple[str, str], ...] = (
    ("order", r"stt|tt|so tt|so thu tu|thu tu"),
    ("parent", r"(ten )?((don vi|to chuc( dang)?|dang bo|dang uy) )?(cap tren|truc thuoc|cha)( .*)?"),
    ("level", r"cap( (don vi|to chuc|do))?|loai( (hinh|don vi|to chuc))*|hinh thuc( to chuc)?"),
    ("eligible", r"(tong )?(so|so luong )?( )?(dang vien|nguoi|thi sinh|bi thu)( .*)?"),
    ("eligible", r"si so|tong so|so du thi|du dieu kien"),
    ("unit_name", r"(ten )?(don vi|to chuc( dang)?|chi bo)( .*)?|ten|donvi"),
)

#: Columns that hold one level of the unit each, from the top down.
LEVEL_COLUMNS = ("city", "district", "commune", "committee", "unit", "section", "cell")

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """``text`` folded, without brackets' content, signs and line breaks: "Ngày sinh (dd/mm)" is "ngay sinh"."""
    bare = _BRACKETS.sub(" ", fold(text)) if not text.strip().startswith("(") else fold(text)
    return " ".join(re.sub(r"[^\w&]+|_", " ", bare).split())


@lru_cache(maxsize=4096)
def person_field(heading: str) -> str | None:
    """The field that a column with this heading holds in a list of people; None for any other column."""
    return _match(_PERSON_HEADINGS, heading)


@lru_cache(maxsize=4096)
def unit_field(heading: str) -> str | None:
    """The field that a column with this heading holds in a list of units; None for any other column."""
    return _match(_UNIT_HEADINGS, heading)


def _match(headings: tuple[tuple[str, str], ...], heading: str) -> str | None:
    key = heading_key(heading)
    if not key or len(key) > 60:
        return None
    for name, pattern in headings:
        if re.fullmatch(pattern, key):
            return name
    return None
