"""Why two questions are similar, and what they differ in, in plain Vietnamese.

Every difference of words is named or counted: a number or a "không" decides what is right, however high the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from questions.similarity.comparing import Compared, likeness
from questions.similarity.wording import Writing, shown_words, words, writings

#: So many differences are quoted, each at most so long (letters); the number of all is always said.
MOST_QUOTED, LONGEST_QUOTE = 3, 60
#: Options from this likeness on are one option changed; below it two options.
_CHANGED = 0.5
_DENIALS = frozenset(words("không chưa chẳng chả đừng trừ sai nghiêm cấm"))


def why(one: Compared, other: Compared) -> str:
    """What ``one`` and ``other`` have in common and all that differs, as a phrase that begins with a small letter."""
    ways = _ways(one, other)
    if one.stem_code == other.stem_code and one.option_codes == other.option_codes:
        return f"chỉ khác {', '.join(ways)}" if ways else "giống hệt nhau"
    same_stem = one.stem_code == other.stem_code
    parts = ["cùng nội dung câu hỏi" if same_stem else _stems_differ(one, other), *_options_differ(one, other)]
    if ways:
        parts.append(f"khác {', '.join(ways)}")
    return (", " if same_stem and len(parts) == 2 else "; ").join(parts)


def _ways(one: Compared, other: Compared) -> list[Writing]:
    """The ways of writing in which texts of the same words differ."""
    found: set[Writing] = set()
    if one.stem_code == other.stem_code:
        found.update(writings(one.stem, other.stem))
    here = dict(zip(other.option_codes, other.options, strict=True))
    for code, option in zip(one.option_codes, one.options, strict=True):
        if code in here and option != here[code] and words(option) == words(here[code]):
            found.update(writings(option, here[code]))
    return [way for way in Writing if way in found]


def _stems_differ(one: Compared, other: Compared) -> str:
    if one.stem_bag == other.stem_bag:
        return "câu hỏi cùng các từ nhưng khác thứ tự từ"
    number, quotes = differences(one.stem, other.stem)
    return f"câu hỏi khác {number} từ: {quotes}"


def differences(one: str, other: str) -> tuple[int, str]:
    """(how many words differ, the differences quoted) between two texts."""
    left, right = shown_words(one), shown_words(other)
    number, quotes = 0, []
    for step in Levenshtein.opcodes(words(one), words(other)):
        here, there = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        if step.tag != "equal":
            number += max(len(here), len(there))
            quotes.append(_difference(here, there))
    return number, _few(quotes)


def _difference(left: list[str], right: list[str]) -> str:
    here, there = _quoted(" ".join(left)), _quoted(" ".join(right))
    said = f"{here} và {there}" if left and right else f"chỉ một câu có {here if left else there}"
    changed = Counter(words(" ".join(left)))
    changed.subtract(words(" ".join(right)))
    odd = [word for word, count in changed.items() if count]
    if any(word in _DENIALS for word in odd):
        return f"{said} (ý phủ định)"
    return f"{said} (con số)" if any(word[0].isdecimal() for word in odd) else said


def _options_differ(one: Compared, other: Compared) -> list[str]:
    if one.texts == other.texts:
        if one.option_codes == other.option_codes:
            return ["cùng phương án"] if one.options else []
        unsure = " (có phương án nói đến phương án khác, xin xem lại)" if one.fixed or other.fixed else ""
        return ["phương án đảo thứ tự" + unsure]
    if not one.options or not other.options:
        return ["chỉ một câu có phương án"]
    number, said = _changed_options(_only_in(one, other), _only_in(other, one))
    parts = [f"khác {number} phương án: {said}"]
    common = one.texts & other.texts
    if [code for code in one.option_codes if code in common] != [code for code in other.option_codes if code in common]:
        parts.append("phương án đảo thứ tự")
    return parts


def _only_in(one: Compared, other: Compared) -> list[tuple[str, str]]:
    """(code, text) of the options of ``one`` that ``other`` lacks."""
    left = one.texts - other.texts
    found = []
    for code, option in zip(one.option_codes, one.options, strict=True):
        if left[code] > 0:
            left[code] -= 1
            found.append((code, option))
    return found


def _changed_options(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> tuple[int, str]:
    """(how many options differ, what differs): the nearest two set against each other first."""
    number, quotes = max(len(left), len(right)), []
    while left and right:
        near, here, there = max(
            (likeness(one[0], other[0]), -i, -j) for i, one in enumerate(left) for j, other in enumerate(right)
        )
        quotes.append(_option_changed(left.pop(-here)[1], right.pop(-there)[1], near >= _CHANGED))
    quotes.extend(f"chỉ một câu có {_quoted(option)}" for _code, option in (*left, *right))
    return number, _few(quotes)


def _option_changed(one: str, other: str, near: bool) -> str:
    if words(one) == words(other):
        # "Cả A và B" over other options.
        return f"{_quoted(one)} chỉ những phương án khác nhau"
    if near and max(len(one), len(other)) > LONGEST_QUOTE:
        return differences(one, other)[1]
    return f"{_quoted(one)} và {_quoted(other)}"


def _few(quotes: Iterable[str]) -> str:
    listed = list(quotes)
    more = f", … (và {len(listed) - MOST_QUOTED} chỗ nữa)" if len(listed) > MOST_QUOTED else ""
    return ", ".join(listed[:MOST_QUOTED]) + more


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + '…'}”"
