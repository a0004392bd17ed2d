"""The words with which an option speaks of other options. Pure.

``parse`` reads one option's text as a sentence over a closed list of words; a word outside it ends the reading. The
texts are those found in Vietnamese question lists.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from questions.types.choice.data import letter_of

_COUNTS = {"hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8}


def _words(pattern: str) -> str:
    """``pattern`` for a verbose expression: its spaces count."""
    return pattern.replace(" ", r"\ ")


_NOUNS = _words(
    "phương án trả lời|phương án|đáp án|câu trả lời|lựa chọn|ý kiến|ý|câu|nội dung|trường hợp|yếu tố|quan điểm"
    "|nhận định|nhận xét|phát biểu|mệnh đề|khẳng định|điều"
)
_VERDICTS = _words("đúng|sai|chính xác|đầy đủ|phù hợp|hợp lý|hợp lí|thỏa mãn|thoả mãn")
_ABOVE = _words(
    "(?:được |đã )?(?:nêu |kể |nói |liệt kê |ở |vừa nêu |vừa kể )?(?:phía |bên )?trên(?: đây)?|vừa nêu|vừa kể|đã nêu|đã kể"
)

# One alternative a kind of word, longest first where one begins with another.
_TOKEN = re.compile(
    rf"""
      (?P<letter>["'“‘(\[]?(?P<name>[a-h])(?:["'”’)\]]|/(?!\s*[a-h]\b))?)(?!\w)
    | (?P<count>(?:0?[2-8]|hai|ba|bốn|tư|năm|sáu|bảy|bẩy|tám)(?!\w))
    | (?P<all>(?:tất\ cả|toàn\ bộ|cả|mọi)(?!\w))
    | (?P<plural>(?:các|những)(?!\w))
    | (?P<lead>(?:chỉ\ có|chỉ|gồm\ cả|bao\ gồm|gồm|kể\ cả)(?!\w))
    | (?P<none>(?:không\ phải\ là|không\ phải|không\ có|không|chưa)(?!\w))
    | (?P<which>nào(?!\w))
    | (?P<among>(?:trong\ số|trong|ở)(?=\s+["'“‘(]?[a-h]\b))
    | (?P<above>(?:{_ABOVE})(?!\w))
    | (?P<rest>(?:còn\ lại|khác)(?!\w))
    | (?P<noun>(?:{_NOUNS})(?!\w))
    | (?P<both>(?:đều|cùng|cũng)(?!\w))
    | (?P<is>là(?!\w))
    | (?P<verdict>(?:{_VERDICTS})(?:\ cả|\ hết)?(?!\w))
    | (?P<join>(?:và|với|lẫn|hoặc|hay|cùng\ với|còn|nhưng)(?!\w)|[,;+&/])
    | (?P<stop>[.:])
    """,
    re.IGNORECASE | re.VERBOSE,
)

# Any noun phrase of a few words may stand before "trên" when nothing but a verdict follows: "Cả ba nội dung trên".
_NOUN_ABOVE = re.compile(
    rf"""^(?P<region>(?:(?P<all>tất\ cả|cả|toàn\ bộ)|các|những)\s+(?:(?P<count>0?[2-8]|hai|ba|bốn|năm|sáu|bảy)\s+)?
        (?:(?:các|những)\s+)?(?:[^\W\d_]+\s+){{0,5}}?(?P<before>[^\W\d_]+)\s+(?P<above>{_ABOVE}))
        (?P<verdict>\s+(?:(?:đều|cùng|cũng|là)\s+)*(?:(?:không|chưa)\s+)?(?:{_VERDICTS}))?\s*[.!;]?$""",
    re.IGNORECASE | re.VERBOSE,
)

# What surely speaks of other options but not in a way that is understood: such questions keep their order.
_SUSPICIOUS = re.compile(
    r"""^(?:(?:tất\ cả|cả|gồm|chỉ|chỉ\ có|các|những|không\ phải)\s+)+(?:(?:\d|hai|ba|bốn)\s+)?(?:\w+\s+){0,2}?
        ["'“‘(]?[a-h]["'”’)]?(?:\s*[,;+&/.–-]\s*|\s+(?:và|với|lẫn|hoặc|hay|đến|tới)\s+|\s+)["'“‘(]?[a-h](?!\w)
      | ^(?:tất\ cả|cả|gồm|từ|các\s+\w+)\s+(?:abc|abcd|abcde|bcd|ab|bc|cd|ac|bd)(?!\w)
      | ^(?:từ\s+)?["'“(]?[a-h]["'”)]?\s*(?:đến|tới|->|→|–|-)\s*["'“(]?[a-h](?!\w)
      | (?:phương\ án|đáp\ án)\s+["'“(]?[a-h](?!\w)
      | ^(?:cả|tất\ cả)\s+(?:\d|hai|ba|bốn|năm)?\s*(?:phương\ án|đáp\ án|câu\ trả\ lời|lựa\ chọn)(?!\w)
      | (?:phương\ án|đáp\ án|ý|câu|nội\ dung)\s+(?:nêu\ |ở\ |kể\ )?trên(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)

_LONE_CAPITAL = re.compile(r"(?<![\w.])[A-H](?!\w)(?!\.\s?\w)")
_LONE_LETTER = re.compile(r"""["'“‘(\[]?[a-h]["'”’)\]]?[.]?""", re.IGNORECASE)
_STEM_LETTER = re.compile(
    r"""(?:phương\ án|đáp\ án|lựa\ chọn|câu\ trả\ lời)\s+["'“‘(]?(?P<a>[a-h])(?!\w)
      | (?<!\w)(?:ý|câu)\s+["'“‘(]?(?P<b>[a-h])["'”’)]?(?=\s*(?:,|;|và|hay|hoặc|đúng|sai|\?|$))""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Letter:
    """A letter of a text: the option it names, where it stands, and which run of letters it belongs to.

    Letters of one run may change places; "A đúng, B sai" has two runs.
    """

    index: int
    start: int
    run: int


@dataclass(frozen=True)
class Draft:
    """What a text says about other options, not yet set against them.

    ``letters`` it names; or else all of them, those ``above`` it, or ``count`` of them. Where "trên" would not be true
    any more, ``replacement`` with explicit letters takes the place of ``region``. ``unclear``: it speaks of others, but
    it is not certain how.
    """

    text: str
    letters: tuple[Letter, ...] = ()
    above: bool = False
    count: int | None = None
    region: tuple[int, int] = (0, 0)
    replacement: str = ""
    unclear: bool = False

    def with_letters(self, positions: list[int]) -> str:
        """The text with its letters, in their order, standing for ``positions``; each run sorted, case kept."""
        by_run: dict[int, list[int]] = {}
        for letter, position in zip(self.letters, positions, strict=True):
            by_run.setdefault(letter.run, []).append(position)
        for run in by_run.values():
            run.sort(reverse=True)
        characters = list(self.text)
        for letter in self.letters:
            name = letter_of(by_run[letter.run].pop())
            characters[letter.start] = name if characters[letter.start].isupper() else name.lower()
        return "".join(characters)

    def with_explicit(self, listed: str) -> str:
        """The text with the letters of ``listed`` in place of what points at them without naming them."""
        start, end = self.region
        return self.text[:start] + self.replacement.format(letters=listed) + self.text[end:]


def parse(text: str) -> Draft | None:
    """What ``text`` says about other options; None when it speaks of none."""
    text = unicodedata.normalize("NFC", text)
    tokens = _tokens(text)
    draft = _from_tokens(text, tokens) if tokens is not None else None
    if draft is None:
        draft = _noun_above(text)
    if draft is None and _SUSPICIOUS.search(" ".join(text.split())):
        draft = Draft(text, unclear=True)
    return draft


@dataclass(frozen=True)
class _Token:
    kind: str
    match: re.Match[str]

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def word(self) -> str:
        return self.match.group().lower()


def _tokens(text: str) -> list[_Token] | None:
    tokens = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        kind = next(k for k, v in match.groupdict().items() if v is not None and k != "name")
        tokens.append(_Token(kind, match))
        position = match.end()
    while tokens and (tokens[-1].kind == "stop" or tokens[-1].word in {",", ";"}):
        tokens.pop()
    return tokens or None


def _from_tokens(text: str, tokens: list[_Token]) -> Draft | None:
    kinds = [t.kind for t in tokens]
    if "letter" in kinds:
        return _naming_letters(text, tokens, kinds)
    if "join" in kinds or "stop" in kinds or "lead" in kinds or "among" in kinds:
        return None
    if "none" in kinds and "which" in kinds:
        return _none_of(text, tokens, kinds)
    if kinds[:2] == ["none", "noun"] and kinds[2:] in (["verdict"], ["is", "verdict"]) and "không có" in tokens[0].word:
        return Draft(text)
    if kinds in (["both", "verdict"], ["both", "none", "verdict"]):
        return Draft(text)
    return _all_of(text, tokens, kinds)


def _naming_letters(text: str, tokens: list[_Token], kinds: list[str]) -> Draft | None:
    found = kinds.count("letter")
    said = {"all", "lead", "none", "noun", "verdict", "plural"} & set(kinds)
    if found == 1 and not said:
        return None
    if "stop" in kinds and not said:
        return None
    if kinds[0] in {"join", "above", "is", "both", "verdict", "rest"} or "which" in kinds:
        return None
    if found == 1 and not (kinds[0] in {"lead", "noun", "none"} or "verdict" in kinds):
        return None
    letters = []
    run = 0
    for index, token in enumerate(tokens):
        if token.kind == "letter":
            name = token.match.group("name")
            letters.append(Letter(ord(name.lower()) - ord("a"), token.match.start("name"), run))
        elif token.kind in {"verdict", "none", "lead"} or token.word in {"còn", "nhưng"}:
            run = index + 1
    counts = [_count_of(t.word) for t in tokens if t.kind == "count"]
    if len(counts) > 1 or "rest" in kinds:
        return Draft(text, unclear=True)
    return Draft(text, letters=tuple(letters), count=counts[0] if counts else None)


def _none_of(text: str, tokens: list[_Token], kinds: list[str]) -> Draft | None:
    """ "Không (có) phương án nào (ở trên) (đúng)"."""
    allowed = re.fullmatch(
        "none noun which( (?:is )?(?:none )?verdict)?(?P<above> above)?( (?:both )?(?:is )?(?:none )?verdict)?",
        " ".join(kinds),
    )
    if allowed is None:
        return None
    verdict = [t for t in tokens if t.kind == "verdict"]
    right = not verdict or not verdict[-1].word.startswith("sai")
    return Draft(
        text,
        above=allowed["above"] is not None,
        region=(tokens[0].start, tokens[-1].end),
        replacement="Cả {letters} đều sai" if right else "Cả {letters} đều đúng",
    )


def _all_of(text: str, tokens: list[_Token], kinds: list[str]) -> Draft | None:
    """ "Tất cả (các phương án) (trên) (đều đúng)", "Cả ba ý trên", "Các câu trên đều sai"."""
    sentence = " ".join(kinds)
    allowed = re.fullmatch(
        "(?P<all>all )?(?P<count>count )?(?:plural )?(?P<plural2>count )?(?P<noun>noun )?(?P<rest>rest )?"
        "(?P<above>above )?(?P<said>(?:(?:both |is )*(?:none )?verdict ))?",
        sentence + " ",
    )
    if allowed is None:
        return None
    said = allowed["said"] is not None
    starts = kinds[0] in {"all", "plural"} or (kinds[0] == "count" and (said or allowed["above"]))
    if not starts or (allowed["count"] and allowed["plural2"]):
        return None
    if kinds[0] == "plural" and not (allowed["above"] or (allowed["noun"] and (said or allowed["rest"]))):
        return None
    counts = [t for t in tokens if t.kind == "count"]
    first = tokens[0].word
    if first in {"cả", "mọi"} and not (counts or allowed["above"] or allowed["noun"]):
        return None  # "Cả đúng" is no sentence
    if kinds == ["all", "count"] and counts[0].word == "năm":
        return None  # "Cả năm": the whole year
    head = [t for t in tokens if t.kind in {"all", "count", "plural", "noun", "above"}]
    if allowed["rest"] is not None and not allowed["noun"]:
        return None
    return Draft(
        text,
        above=allowed["above"] is not None,
        count=_count_of(counts[0].word) if counts else None,
        region=(head[0].start, head[-1].end),
        replacement="Cả {letters}",
    )


def _noun_above(text: str) -> Draft | None:
    match = _NOUN_ABOVE.match(text.strip())
    if match is None:
        return None
    if match["above"].lower() == "trên" and match["before"].lower() in {"cấp", "bề", "bậc", "tầng", "người"}:
        return None  # "cấp trên" is a superior level, not what stands above
    text = text.strip()
    count = match["count"]
    return Draft(
        text,
        above=True,
        count=_count_of(count.lower()) if count else None,
        region=match.span("region"),
        replacement="Cả {letters}",
    )


def _count_of(word: str) -> int:
    return _COUNTS[word] if word in _COUNTS else int(word)


def speaks_of_letters(stem: str, count: int) -> bool:
    """True when a stem names options by their letters ("phương án A khác phương án B ở điểm nào?")."""
    stem = unicodedata.normalize("NFC", stem)
    return any(ord((m["a"] or m["b"]).lower()) - ord("a") < max(count, 2) for m in _STEM_LETTER.finditer(stem))


def has_letters(text: str) -> bool:
    """True when ``text`` holds a capital A to H on its own (a person, a statement), or is nothing but a letter."""
    text = unicodedata.normalize("NFC", text).strip()
    return bool(_LONE_CAPITAL.search(text)) or bool(_LONE_LETTER.fullmatch(text))
