"""Finding the unit that a list means, by its name, its path or the columns of its levels. Pure.

A list says "Hà Nội / Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1", "Chi bộ thôn 1, xã Đông Mỹ", or only "Chi bộ thôn 1". Two
units may bear one name (two communes are called Tam Hiệp): then the list does not say enough, and is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from core.database.text import canonical
from core.organisation.importing.unit_names import FAMILY_OF_LEVEL, UnitName, same_unit_name, unit_name

#: Likeness (0 to 100) from which a unit is offered as what was meant, and from which it is offered first.
OFFERED, PROPOSED = 70.0, 80.0
#: A file of which so many names are unknown is about other units; looking for likenesses would only take minutes.
MOST_SEARCHES = 3_000
MOST_CHOICES = 8


@dataclass(frozen=True)
class UnitEntry:
    """One unit: ``ref`` is its id (or a negative number for one that a file brings), ``parent`` another's ref.

    ``inside`` says that the person who imports may touch it. ``aliases`` are other names by which lists call it.
    """

    ref: int
    parent: int | None
    name: str
    level: str
    inside: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What was found: ``ref`` when it is certain; else the units it may be, the likeliest first.

    ``status``: found, several (all bear that name), outside (only units that are not ours), unknown.
    ``likely`` is what to propose for an unknown name.
    """

    status: str
    ref: int | None = None
    candidates: tuple[int, ...] = ()
    likely: int | None = None


@dataclass
class UnitIndex:
    """Every unit that a file may name."""

    entries: dict[int, UnitEntry] = field(default_factory=dict)
    _by_folded: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_bare: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: By the bare name of the unit right above and the unit's own: most lists name just these two.
    _by_pair: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    _keys: dict[int, tuple[UnitName, ...]] = field(default_factory=dict)
    _bare_names: list[str] | None = None
    _found: dict[tuple[tuple[str, ...], ...], Match] = field(default_factory=dict)
    _found_texts: dict[str, Match] = field(default_factory=dict)
    _searches: int = 0

    @classmethod
    def of(cls, entries: Iterable[UnitEntry]) -> UnitIndex:
        """An index over ``entries``."""
        index = cls()
        for entry in entries:
            index.add(entry)
        return index

    def add(self, entry: UnitEntry) -> None:
        """Make ``entry`` findable; the unit above it was added before."""
        self.entries[entry.ref] = entry
        self._bare_names = None
        self._found.clear()
        self._found_texts.clear()
        keys = self._keys[entry.ref] = tuple(unit_name(name) for name in (entry.name, *entry.aliases))
        above = self._keys.get(entry.parent, ()) if entry.parent is not None else ()
        for folded in {key.folded for key in keys}:
            self._by_folded[folded].append(entry.ref)
        for bare in {key.bare for key in keys}:
            self._by_bare[bare].append(entry.ref)
            for parent in {key.bare for key in above}:
                self._by_pair[parent, bare].append(entry.ref)

    def line(self, ref: int) -> list[UnitEntry]:
        """The unit and those above it, itself first."""
        result: list[UnitEntry] = []
        at: int | None = ref
        while at is not None and at in self.entries and len(result) < 30:
            result.append(self.entries[at])
            at = self.entries[at].parent
        return result

    def full_name(self, ref: int) -> str:
        """Names from the top, joined by " / "."""
        return " / ".join(entry.name for entry in reversed(self.line(ref)))

    def short_name(self, ref: int) -> str:
        """For people: the unit and the one above it, "Chi bộ thôn 1, Xã Đông Mỹ"."""
        return ", ".join(entry.name for entry in self.line(ref)[:2])

    def child(self, parent: int | None, name: str) -> int | None:
        """The unit of that name directly under ``parent``; spelled alike before merely read alike."""
        key = unit_name(name)
        for table, wanted in ((self._by_folded, key.folded), (self._by_bare, key.bare)):
            for ref in table.get(wanted, ()):
                if self.entries[ref].parent == parent and self._bears(ref, key):
                    return ref
        return None

    def find_text(self, text: str) -> Match:
        """The unit that one cell names (see ``ways_of``)."""
        known = self._found_texts.get(text)
        if known is None:
            known = self._found_texts[text] = self.find(ways_of(text))
        return known

    def find(self, ways: Sequence[Sequence[str]], *, nearest: bool = True) -> Match:
        """The unit named by the first of ``ways`` that leads to one; each is a path from the top down.

        ``nearest`` looks for similar names where there is none (some milliseconds among thousands of units).
        """
        key = tuple(tuple(way) for way in ways)
        known = self._found.get(key)
        if known is None:
            known = self._search(key)
            if known.status == "unknown":
                if not nearest:
                    return known
                self._searches += 1
                known = self._nearest(key) if self._searches <= MOST_SEARCHES else known
            self._found[key] = known
        return known

    def _search(self, ways: tuple[tuple[str, ...], ...]) -> Match:
        several: Match | None = None
        outside: Match | None = None
        for way in ways:
            for loosely in (False, True):
                refs = self._candidates([unit_name(part) for part in way], loosely)
                mine = [ref for ref in refs if self.entries[ref].inside]
                if len(mine) > 1:
                    # "Hòa" beside "Hoa": the one that is spelled just so.
                    spelled = [ref for ref in mine if _same_letters(self.entries[ref].name, way[-1])]
                    mine = spelled if len(spelled) == 1 else mine
                if len(mine) == 1:
                    return Match("found", mine[0])
                if mine and several is None:
                    mine.sort(key=self.full_name)
                    several = Match("several", candidates=tuple(mine[:MOST_CHOICES]))
                if refs and not mine and outside is None:
                    outside = Match("outside", candidates=tuple(refs[:MOST_CHOICES]))
        return several or outside or Match("unknown")

    def _candidates(self, parts: list[UnitName], loosely: bool) -> list[int]:
        """The units that the path ``parts`` may mean; where it names the one right above, only those right below it."""
        target = parts[-1]
        if not target.bare:
            return []
        if len(parts) > 1:
            near = self._by_pair.get((parts[-2].bare, target.bare), ())
            direct = [ref for ref in near if self._is_meant(ref, parts, loosely)]
            if direct:
                return direct
        refs = self._by_bare.get(target.bare, []) if loosely else self._by_folded.get(target.folded, [])
        return [ref for ref in refs if self._is_meant(ref, parts, loosely)]

    def _is_meant(self, ref: int, parts: list[UnitName], loosely: bool) -> bool:
        target = parts[-1]
        if not loosely and all(key.folded != target.folded for key in self._keys[ref]):
            return False
        return self._bears(ref, target) and (len(parts) == 1 or self._lies_under(ref, parts[:-1]))

    def _bears(self, ref: int, written: UnitName) -> bool:
        family = FAMILY_OF_LEVEL.get(self.entries[ref].level)
        return any(same_unit_name(written, key, family) for key in self._keys[ref])

    def _lies_under(self, ref: int, above: list[UnitName]) -> bool:
        """True when the names ``above`` (from the top) are those of units over ``ref``, some perhaps left out."""
        waiting = list(above)
        at = self.entries[ref].parent
        while waiting and at is not None and at in self.entries:
            if self._bears(at, waiting[-1]):
                waiting.pop()
            at = self.entries[at].parent
        return not waiting

    def _nearest(self, ways: tuple[tuple[str, ...], ...]) -> Match:
        """The units of ours whose names look most like what was written; numbers must agree."""
        if self._bare_names is None:
            self._bare_names = [bare for bare, refs in self._by_bare.items() if any(self.entries[ref].inside for ref in refs)]
        scored: dict[int, float] = {}
        for way in ways:
            target = unit_name(way[-1])
            context = [unit_name(part) for part in way[:-1]]
            if len(target.bare) < 2:
                continue
            near = process.extract(target.bare, self._bare_names, scorer=fuzz.ratio, limit=40, score_cutoff=OFFERED)
            for bare, likeness, _position in near:
                for ref in self._by_bare[bare][:200]:
                    if self.entries[ref].inside and self._keys[ref][0].numbers == target.numbers:
                        score = 0.7 * likeness + 0.3 * self._context_likeness(ref, context)
                        scored[ref] = max(scored.get(ref, 0.0), score - self._family_gap(ref, target))
        ranked = sorted(scored, key=lambda ref: (-scored[ref], self.full_name(ref)))
        ranked = [ref for ref in ranked if scored[ref] >= OFFERED][:MOST_CHOICES]
        likely = None
        if ranked and scored[ranked[0]] >= PROPOSED:
            alone = len(ranked) == 1 or scored[ranked[0]] - scored[ranked[1]] >= 0.5
            likely = ranked[0] if alone else None
        return Match("unknown", candidates=tuple(ranked), likely=likely)

    def _context_likeness(self, ref: int, context: list[UnitName]) -> float:
        if not context:
            return 100.0
        names = [self._keys[entry.ref][0].bare for entry in self.line(ref)[1:]]
        if not names:
            return 0.0
        return sum(max(fuzz.ratio(part.bare, name) for name in names) for part in context) / len(context)

    def _family_gap(self, ref: int, written: UnitName) -> float:
        entry = self.entries[ref]
        family = self._keys[ref][0].family or FAMILY_OF_LEVEL.get(entry.level)
        return 8.0 if written.family and family and written.family != family else 0.0


def _same_letters(one: str, other: str) -> bool:
    return canonical(one).casefold() == canonical(other).casefold()


_TOP_DOWN = re.compile(r"\s*(?:/|\\|>+|»|›|→|\||\n)\s*")
_BOTTOM_UP = re.compile(r"\s*[,;]\s*")
_DASH = re.compile(r"\s+[-–—]\s+|\s*[–—]\s*")


def ways_of(text: str) -> list[list[str]]:
    """The paths (from the top down) that one cell may mean, the likeliest first; the whole text as a name is one."""
    whole = " ".join(text.split()).strip(" ,;/")
    if not whole:
        return []
    ways = [[whole]]
    text = text.strip(" ,;/\n")
    for pattern, turned in ((_TOP_DOWN, (False,)), (_BOTTOM_UP, (True,)), (_DASH, (True, False))):
        parts = [" ".join(part.split()) for part in pattern.split(text) if part.strip()]
        if 1 < len(parts) <= 12:
            ways.extend(parts[::-1] if backwards else parts for backwards in turned)
    return ways


#: What stands before a name in a column that says the level, for a name that does not say it.
_LEVEL_WORDS = {
    "city": "Thành phố",
    "district": "Huyện",
    "commune": "Xã",
    "section": "Đảng bộ bộ phận",
    "cell": "Chi bộ",
}


def ways_of_levels(columns: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The paths that several columns mean; ``columns`` are (level or "unit", text) pairs from the top down."""
    filled = [(level, " ".join(text.split())) for level, text in columns if text.strip()]
    if not filled:
        return []
    if len(filled) == 1 and filled[0][0] in ("unit", "committee"):
        return ways_of(filled[0][1])
    path: list[str] = []
    for level, text in filled[:-1]:
        way = ways_of(text)[-1] if level in ("unit", "committee") else [text]
        path.extend(part for part in way if len(way) == 1 or part not in path)
    level, text = filled[-1]
    ways = [[*path, *[part for part in way[:-1] if part not in path], way[-1]] for way in ways_of(text)]
    word = _LEVEL_WORDS.get(level)
    if word and unit_name(text).family is None:
        ways.insert(0, [*path, f"{word} {text}"])
    return ways
