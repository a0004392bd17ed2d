"""TCVN3 (".VnTime" fonts): Vietnamese letters hidden in places of the Western code page, made Unicode again.

The pictures of letters live in the font: the text itself says "§¶ng" for "Đảng". Capital toned vowels have no place
of their own; fonts whose name ends in H draw every letter as a capital.
"""

from __future__ import annotations

_LETTERS = (
    "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©âªê«ô¬ơ\u00adư®đ"
    "µà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞịßòáỏâõãóäọåồæổçỗèốéộêờëởìỡíớîợ"
    "ïùñủòũóúôụõừöử÷ữøứùựúỳûỷüỹýýþỵ"
)
_TO_UNICODE = {ord(old): new for old, new in zip(_LETTERS[::2], _LETTERS[1::2], strict=True)}
#: Letters of TCVN3 that are ordinary Unicode Vietnamese letters too: alone they prove neither.
_COMMON = frozenset("àáãâèéêìíòóõôùúýÝ")
_TELLING = frozenset("¨©ª«¬\u00ad®§")


def is_tcvn3_font(font: str) -> bool:
    """Whether a font draws TCVN3 (".VnTime", ".VnArialH")."""
    return font.lower().startswith(".vn")


def from_tcvn3(text: str, font: str = "") -> str:
    """The Unicode text of a TCVN3 text. Letters that are Unicode already stay."""
    plain = text.translate(_TO_UNICODE)
    return plain.upper() if is_tcvn3_font(font) and font.lower().endswith("h") else plain


def looks_like_tcvn3(text: str) -> bool:
    """Whether a text read as Western is TCVN3: its ă, â, ê, ô, ơ, ư, đ show as signs that no text has so often."""
    letters = sum(map(str.isalpha, text)) or 1
    signs = sum(letter in _TELLING for letter in text)
    return signs >= 3 and signs > 0.03 * letters


def is_sure_tcvn3(text: str) -> bool | None:
    """Whether a piece of text in a TCVN3 font is TCVN3. None: its letters could be either; False: it is Unicode."""
    special = [letter for letter in text if not letter.isascii()]
    if not special:
        return True
    if any(ord(letter) > 0xFF for letter in special):
        return False
    return True if any(letter not in _COMMON and ord(letter) in _TO_UNICODE for letter in special) else None
