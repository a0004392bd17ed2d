"""Word's styles: the look of a run once defaults, paragraph style, character style and its own wishes met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from core.documents.word_model import Look

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OFF = {"0", "false", "off", "none"}
_BLACK_THEME = {"text1", "dark1", "tx1", "dk1", "windowText"}


def local(element: etree._Element) -> str:
    """The tag without its namespace: "p", "tbl"; "" for anything odd."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of that name, and of that the first child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def attribute(element: etree._Element | None, name: str, default: str = "") -> str:
    """A w: attribute of an element that may be missing."""
    if element is None:
        return default
    for key in (W + name, _STRICT + name, name):
        value = element.get(key)
        if value is not None:
            return value
    return default


def switched(element: etree._Element | None) -> bool | None:
    """An on/off property: None when absent."""
    if element is None:
        return None
    return attribute(element, "val", "true").lower() not in _OFF


def is_on(element: etree._Element | None) -> bool:
    """An on/off property counted as off when absent."""
    return bool(switched(element))


@dataclass(frozen=True)
class Style:
    """What the readers need of one style."""

    name: str
    based_on: str
    run_properties: etree._Element | None
    paragraph_properties: etree._Element | None


class Styles:
    """The style sheet of one document. A missing part is an empty sheet."""

    def __init__(self, root: etree._Element | None) -> None:
        self.by_id: dict[str, Style] = {}
        self.default_paragraph = ""
        defaults = child(root, "docDefaults", "rPrDefault", "rPr")
        self.base = apply(Look(), defaults)
        for element in root if root is not None else ():
            if local(element) != "style":
                continue
            key = attribute(element, "styleId")
            self.by_id[key] = Style(
                attribute(child(element, "name"), "val"),
                attribute(child(element, "basedOn"), "val"),
                child(element, "rPr"),
                child(element, "pPr"),
            )
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in {
                "1",
                "true",
                "on",
            }:
                self.default_paragraph = key
        self._looks: dict[tuple[str, Look], Look] = {}

    def chain(self, key: str) -> list[Style]:
        """The style and those that it is based on, the farthest first. Circles are cut."""
        found: list[Style] = []
        seen: set[str] = set()
        while key in self.by_id and key not in seen:
            seen.add(key)
            found.append(self.by_id[key])
            key = self.by_id[key].based_on
        return found[::-1]

    def paragraph_look(self, key: str) -> Look:
        """The look of a paragraph's text before any run speaks."""
        return self._through(key or self.default_paragraph, self.base)

    def _through(self, key: str, look: Look) -> Look:
        known = self._looks.get((key, look))
        if known is None:
            known = look
            for style in self.chain(key):
                known = apply(known, style.run_properties)
            self._looks[key, look] = known
        return known

    def run_look(self, paragraph_look: Look, properties: etree._Element | None) -> Look:
        """The look of a run in a paragraph of that look. Character styles toggle bold and italic (17.7.3)."""
        if properties is None:
            return paragraph_look
        look = paragraph_look
        character_style = attribute(child(properties, "rStyle"), "val")
        if character_style:
            styled = self._through(character_style, replace(look, bold=False, italic=False, strike=False))
            look = replace(
                styled,
                bold=look.bold != styled.bold,
                italic=look.italic != styled.italic,
                strike=look.strike != styled.strike,
            )
        return apply(look, properties)


def apply(look: Look, properties: etree._Element | None) -> Look:
    """A look with the properties of one w:rPr laid over it."""
    if properties is None:
        return look
    changes: dict[str, object] = {}
    shading = ""
    for element in properties:
        name = local(element)
        if name in ("b", "i", "vanish"):
            changes[{"b": "bold", "i": "italic", "vanish": "hidden"}[name]] = is_on(element)
        elif name in ("strike", "dstrike"):
            changes["strike"] = bool(changes.get("strike")) or is_on(element)
        elif name == "u":
            changes["underline"] = attribute(element, "val", "single").lower() not in _OFF
        elif name == "color":
            changes["colour"] = _colour(attribute(element, "val"), attribute(element, "themeColor"))
        elif name == "highlight":
            value = attribute(element, "val")
            changes["highlight"] = "" if value in {"none", "white"} else value
        elif name == "shd":
            shading = shade(element)
        elif name == "rFonts":
            font = attribute(element, "ascii") or attribute(element, "hAnsi")
            if font:
                changes["font"] = font
    if shading and not changes.get("highlight"):
        changes["highlight"] = shading
    return replace(look, **changes) if changes else look  # type: ignore[arg-type]


def shade(element: etree._Element | None) -> str:
    """The background that a w:shd paints; "" for white or none."""
    fill = attribute(element, "fill").upper()
    return "" if fill in {"", "AUTO", "FFFFFF", "NONE"} else fill


@lru_cache(maxsize=512)
def _colour(value: str, theme: str) -> str:
    """ "" for black, automatic and near-black (text pasted from web pages), else RRGGBB."""
    if theme in _BLACK_THEME:
        return ""
    value = value.upper()
    if value in {"", "AUTO"}:
        return theme
    try:
        channels = [int(value[at : at + 2], 16) for at in (0, 2, 4)]
    except ValueError:
        return value
    return "" if max(channels) < 0x48 else value
