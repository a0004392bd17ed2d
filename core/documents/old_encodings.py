"""Old Vietnamese encodings made Unicode again: TCVN3 (".VnTime" fonts) and VNI ("VNI-Times" fonts).

The pictures of letters live in the font: in TCVN3 the text itself says "§¶ng" for "Đảng", in VNI "Ñaûng". TCVN3 (TCVN
5712:1993) has one place a letter, and none for capital vowels with a tone; fonts whose name ends in H draw every
letter as a capital. VNI (VNI Software's two-byte table, as its "VNI Windows" chart prints it) writes a vowel and then
its mark as a second letter, but ơ, ư, đ, ỵ and the toned i as one. Both tables are written out here by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.documents.word_model import Run

_LETTERS = (
    "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©âªê«ô¬ơ\u00adư®đ"
    "µà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞịßòáỏâõãóäọåồæổçỗèốéộêờëởìỡíớîợ"
    "ïùñủòũóúôụõừöử÷ữøứùựúỳûỷüỹýýþỵ"
)
_TO_UNICODE = {ord(old): new for old, new in zip(_LETTERS[::2], _LETTERS[1::2], strict=True)}
#: Letters of TCVN3 that are ordinary Unicode Vietnamese letters too: alone they prove neither.
_COMMON = frozenset("àáãâèéêìíòóõôùúýÝ")
_TELLING = frozenset("¨©ª«¬\u00ad®§")

#: VNI's marks behind a vowel; the two rows of a key are the mark and what the vowels a, e, o, u, y, ơ, ư become.
_VNI_MARKS = {
    "ù": {"a": "á", "e": "é", "o": "ó", "u": "ú", "y": "ý", "ô": "ớ", "ö": "ứ"},
    "ø": {"a": "à", "e": "è", "o": "ò", "u": "ù", "y": "ỳ", "ô": "ờ", "ö": "ừ"},
    "û": {"a": "ả", "e": "ẻ", "o": "ỏ", "u": "ủ", "y": "ỷ", "ô": "ở", "ö": "ử"},
    "õ": {"a": "ã", "e": "ẽ", "o": "õ", "u": "ũ", "y": "ỹ", "ô": "ỡ", "ö": "ữ"},
    "ï": {"a": "ạ", "e": "ẹ", "o": "ọ", "u": "ụ", "ô": "ợ", "ö": "ự"},
    "â": {"a": "â", "e": "ê", "o": "ô"},
    "á": {"a": "ấ", "e": "ế", "o": "ố"},
    "à": {"a": "ầ", "e": "ề", "o": "ồ"},
    "å": {"a": "ẩ", "e": "ể", "o": "ổ"},
    "ã": {"a": "ẫ", "e": "ễ", "o": "ỗ"},
    "ä": {"a": "ậ", "e": "ệ", "o": "ộ"},
    "ê": {"a": "ă"},
    "é": {"a": "ắ"},
    "è": {"a": "ằ"},
    "ú": {"a": "ẳ"},
    "ü": {"a": "ẵ"},
    "ë": {"a": "ặ"},
}
_VNI_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}
_VNI_PAIRS = {vowel + mark: letter for mark, row in _VNI_MARKS.items() for vowel, letter in row.items()}
_VNI_PIECE = re.compile("|".join([*map(re.escape, _VNI_PAIRS), *_VNI_ALONE, "[" + "".join(_VNI_MARKS) + "]"]), re.IGNORECASE)
#: What proves VNI in a VNI font, and what shows it where nothing is known of the font ("größere", "niño" do not).
_VNI_TELLING = re.compile("|".join([*(pair for pair in _VNI_PAIRS if pair[1] in "øûïåäëüúù"), "ñ", "ö", "æ"]), re.IGNORECASE)
_VNI_SHOWING = re.compile("|".join([*(pair for pair in _VNI_PAIRS if pair[1] in "øûïåäëüúùõ"), r"\bñ", "öô"]), re.IGNORECASE)


def is_tcvn3_font(font: str) -> bool:
    """Whether a font draws TCVN3 (".VnTime", ".VnArialH")."""
    return font.lower().startswith(".vn")


def is_vni_font(font: str) -> bool:
    """Whether a font draws VNI ("VNI-Times", "VNI Helve")."""
    return bool(re.match(r"vni[-_ ]", font, re.IGNORECASE))


def from_tcvn3(text: str, font: str = "") -> str:
    """The Unicode text of a TCVN3 text. Letters that are Unicode already stay."""
    plain = text.translate(_TO_UNICODE)
    drawn = re.split(r"[-,]", font.lower())[0]
    return plain.upper() if is_tcvn3_font(font) and drawn.rstrip(" ").endswith("h") else plain


def from_vni(text: str) -> str:
    """The Unicode text of a VNI text. Letters and marks that VNI does not know there stay."""
    return _VNI_PIECE.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    written = found[0]
    small = written.lower()
    letter = _VNI_PAIRS.get(small) or _VNI_ALONE.get(small, small)
    return letter.upper() if written[0].isupper() else letter


def looks_like_tcvn3(text: str) -> bool:
    """Whether a text read as Western is TCVN3: its ă, â, ê, ô, ơ, ư, đ show as signs that no text has so often."""
    letters = sum(map(str.isalpha, text)) or 1
    signs = sum(letter in _TELLING for letter in text)
    return signs >= 3 and signs > 0.03 * letters


def looks_like_vni(text: str) -> bool:
    """Whether a text read as Western is VNI: đ and ư show as ñ and ö, and vowels carry marks of no other language."""
    letters = sum(map(str.isalpha, text)) or 1
    signs = len(_VNI_SHOWING.findall(text))
    return signs >= 3 and signs > 0.04 * letters


def has_unicode_letters(text: str) -> bool:
    """Whether Vietnamese letters stand there that only Unicode has."""
    return any("\u0100" <= letter <= "\u01b0" or "\u1ea0" <= letter <= "\u1ef9" for letter in text)


def is_sure_tcvn3(text: str) -> bool | None:
    """Whether a piece of text in a TCVN3 font is TCVN3. None: its letters could be either; False: it is Unicode."""
    special = [letter for letter in text if not letter.isascii()]
    if not special:
        return True
    if has_unicode_letters(text):
        return False
    special = [letter for letter in special if ord(letter) <= 0xFF]
    if not special:
        return True
    return True if any(letter not in _COMMON and ord(letter) in _TO_UNICODE for letter in special) else None


def is_sure_vni(text: str) -> bool | None:
    """The same for a VNI font. A mark that follows no vowel of its own is Unicode ("là"), or the rest of a letter that
    was cut in two (None)."""
    if has_unicode_letters(text):
        return False
    alone = [found.start() for found in _VNI_PIECE.finditer(text) if _is_lone_mark(found[0])]
    if alone:
        return None if alone == [0] or _VNI_TELLING.search(text) else False
    if not any(not letter.isascii() and ord(letter) <= 0xFF and letter.isalpha() for letter in text):
        return True
    return True if _VNI_TELLING.search(text) else None


def _is_lone_mark(written: str) -> bool:
    return len(written) == 1 and written.lower() not in _VNI_ALONE


def unicode_text(text: str, font: str, unicode_elsewhere: bool) -> tuple[str, bool]:
    """The Unicode text of a piece in an old font, and whether its letters are unsure. Text in other fonts stays.

    Many files changed their letters but not their fonts: where Unicode letters stand elsewhere in the file, a piece that
    could be either stays as it is, unsure.
    """
    if is_tcvn3_font(font):
        sure = is_sure_tcvn3(text)
        if sure or (sure is None and not unicode_elsewhere):
            return from_tcvn3(text, font), False
        return text, sure is None
    if is_vni_font(font):
        sure = is_sure_vni(text)
        whole = not any(_is_lone_mark(found[0]) for found in _VNI_PIECE.finditer(text))
        if sure or (sure is None and not unicode_elsewhere):
            return from_vni(text), not whole
        return text, sure is None
    return text, False


def unicode_runs(runs: Iterable[Run], unicode_elsewhere: bool) -> tuple[list[Run], bool]:
    """Runs in Unicode, and whether any of their letters is unsure."""
    found: list[Run] = []
    unsure = False
    for run in runs:
        text, doubted = unicode_text(run.text, run.look.font, unicode_elsewhere)
        found.append(Run(text, run.look))
        unsure = unsure or doubted
    return found, unsure


def repaired(text: str) -> tuple[str, str]:
    """A line without fonts whose letters may be in an old encoding: the line in Unicode, and "tcvn3", "vni", "" for one
    that is as it should be, or "?" for one that could be read in two ways."""
    tcvn3, vni, modern = looks_like_tcvn3(text), looks_like_vni(text), has_unicode_letters(text)
    if (tcvn3 or vni) and (modern or (tcvn3 and vni)):
        return text, "?"
    if tcvn3:
        return from_tcvn3(text), "tcvn3"
    return (from_vni(text), "vni") if vni else (text, "")
