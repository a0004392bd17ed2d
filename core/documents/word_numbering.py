"""The labels that Word's automatic numbering prints: "Câu 12.", "A.", "b)", "•".

The text of such a paragraph holds no label at all; it must be counted from numbering.xml, styles and start
overrides as Word counts it (ECMA-376 part 1, 17.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from core.documents.word_model import Look, Run
from core.documents.word_styles import Styles, apply, attribute, child, is_on, local

_LEVELS = 9
_MAX_NUMBER = 100_000


@dataclass(frozen=True)
class Level:
    """One level of a list definition."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    run_properties: etree._Element | None = None
    style: str = ""


@dataclass
class Definition:
    """An abstract list with its running counters."""

    levels: dict[int, Level] = field(default_factory=dict)
    style_link: str = ""
    counters: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass
class Instance:
    """A w:num: a use of a definition, perhaps with its own starts or levels."""

    definition: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Label:
    """A printed label: its run, whether it is a mere bullet, its list and level."""

    run: Run
    bullet: bool
    level: int
    list_key: str


class Numbering:
    """Counts through one document, paragraph by paragraph, in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._definitions: dict[str, Definition] = {}
        self._instances: dict[str, Instance] = {}
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                self._definitions[attribute(element, "abstractNumId")] = _definition(element)
            elif local(element) == "num":
                self._instances[attribute(element, "numId")] = _instance(element)

    def label(self, properties: etree._Element | None, style: str, mark_look: Look) -> Label | None:
        """The label of the next paragraph. Counts it, so call once a paragraph, in order."""
        number, level = self._place(properties, style)
        instance = self._instances.get(number)
        if instance is None:
            return None
        definition_key, definition = self._resolved(instance.definition)
        if definition is None:
            return None
        levels = definition.levels | instance.levels
        here = levels.get(level)
        if here is None:
            return None
        self._count(instance, definition, levels, level)
        text, bullet = _printed(levels, definition.counters, level)
        if not text:
            return None
        look = apply(mark_look, here.run_properties)
        return Label(Run(text, look), bullet, level, f"{definition_key}.{level}")

    def _place(self, properties: etree._Element | None, style: str) -> tuple[str, int]:
        """numId and level of a paragraph, from itself or from its style."""
        own = child(properties, "numPr")
        number = attribute(child(own, "numId"), "val")
        level = attribute(child(own, "ilvl"), "val")
        through_style = False
        if not number or not level:
            for link in reversed(self._styles.chain(style or self._styles.default_paragraph)):
                inherited = child(link.paragraph_properties, "numPr")
                if inherited is None:
                    continue
                if not number:
                    number = attribute(child(inherited, "numId"), "val")
                    through_style = True
                level = level or attribute(child(inherited, "ilvl"), "val")
                if number:
                    break
        if through_style and not attribute(child(own, "ilvl"), "val"):
            level = self._level_of_style(number, style) or level
        return number, min(int(level), _LEVELS - 1) if level.isdigit() else 0

    def _level_of_style(self, number: str, style: str) -> str:
        instance = self._instances.get(number)
        if instance is None:
            return ""
        _, definition = self._resolved(instance.definition)
        for key, level in (definition.levels if definition else {}).items():
            if level.style and level.style == style:
                return str(key)
        return ""

    def _resolved(self, key: str) -> tuple[str, Definition | None]:
        """Follows w:numStyleLink to the definition that holds the levels."""
        definition = self._definitions.get(key)
        if definition is None or definition.levels or not definition.style_link:
            return key, definition
        for link in self._styles.chain(definition.style_link)[::-1]:
            target = self._instances.get(attribute(child(link.paragraph_properties, "numPr", "numId"), "val"))
            if target is not None and target.definition != key:
                return target.definition, self._definitions.get(target.definition)
        return key, definition

    @staticmethod
    def _count(instance: Instance, definition: Definition, levels: dict[int, Level], level: int) -> None:
        counters = definition.counters
        current = counters[level]
        if level in instance.starts and level not in instance.started:
            counters[level] = instance.starts[level]
        elif current is None:
            counters[level] = levels[level].start
        else:
            counters[level] = min(current + 1, _MAX_NUMBER)
        instance.started.add(level)
        for deeper in range(level + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and level < restart):
                counters[deeper] = None
        for upper in range(level):
            if counters[upper] is None:
                counters[upper] = levels[upper].start if upper in levels else 1


def _printed(levels: dict[int, Level], counters: list[int | None], level: int) -> tuple[str, bool]:
    here = levels[level]
    if here.form == "bullet":
        return _bullet(here.text), True
    if here.form == "none" and "%" not in here.text:
        return here.text.strip(), False

    def number(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        value = counters[index] if 0 <= index < _LEVELS else None
        form = levels[index].form if index in levels else "decimal"
        if here.legal and index != level:
            form = "decimal"
        return written(value or 0, form)

    return re.sub(r"%([1-9])", number, here.text).strip(), False


def _bullet(text: str) -> str:
    """Symbol fonts keep their bullets in the private area: one plain sign stands for them all."""
    text = text.strip()
    if not text or any(0xE000 <= ord(letter) <= 0xF8FF for letter in text):
        return "•"
    return text


def written(value: int, form: str) -> str:
    """A number in one of Word's number formats; unknown formats as plain digits."""
    if form in ("upperLetter", "lowerLetter"):
        if value < 1:
            return ""
        times, rest = divmod(value - 1, 26)
        letters = chr(65 + rest) * min(times + 1, 20)
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman if form == "upperRoman" else roman.lower()
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "none":
        return ""
    return str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    parts = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"))
    small = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    found = ""
    for size, letters in parts + small:
        while value >= size:
            found += letters
            value -= size
    return found


def _whole(text: str, default: int) -> int:
    try:
        return max(0, min(int(text), _MAX_NUMBER))
    except ValueError:
        return default


def _level(element: etree._Element) -> Level:
    restart = child(element, "lvlRestart")
    return Level(
        _whole(attribute(child(element, "start"), "val"), 0 if child(element, "start") is None else 1),
        attribute(child(element, "numFmt"), "val", "decimal"),
        attribute(child(element, "lvlText"), "val"),
        attribute(child(element, "suff"), "val", "tab"),
        is_on(child(element, "isLgl")),
        None if restart is None else _whole(attribute(restart, "val"), 0),
        child(element, "rPr"),
        attribute(child(element, "pStyle"), "val"),
    )


def _level_index(element: etree._Element) -> int:
    return min(_whole(attribute(element, "ilvl"), 0), _LEVELS - 1)


def _definition(element: etree._Element) -> Definition:
    levels = {_level_index(inner): _level(inner) for inner in element if local(inner) == "lvl"}
    return Definition(levels, attribute(child(element, "numStyleLink"), "val"))


def _instance(element: etree._Element) -> Instance:
    found = Instance(attribute(child(element, "abstractNumId"), "val"))
    for override in element:
        if local(override) != "lvlOverride":
            continue
        index = _level_index(override)
        start = child(override, "startOverride")
        if start is not None:
            found.starts[index] = _whole(attribute(start, "val"), 1)
        own = child(override, "lvl")
        if own is not None:
            found.levels[index] = _level(own)
    return found
