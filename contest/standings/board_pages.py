"""How a public board looks: the platform's own templates in an environment without request, session or database.

Texts come from the Vietnamese catalogue, read once. Everything round the list is made once for each unit; a request puts
its rows, made once too, between.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from contest.standings.board_files import DIRECT, content_of, lead
from contest.standings.board_memory import Board, BoardFacts, ScopeView
from contest.standings.listing import FEWEST_FOR_MEAN, Line, Scope
from contest.standings.spreadsheet import workbook
from core.web.bare_pages import catalogue, environment, error_page
from core.web.tables import SIZES, Page

PREFIX = "/ket-qua"

#: The parts of a board, by their name in the address; the first needs none.
PARTS = ("ca-nhan", "don-vi", "tap-the")

#: Where a request's list goes in the page around it; nobody can have it in their name.
_GAP = secrets.token_hex(16)


@dataclass(frozen=True)
class Asked:
    """What the address asks of a board. Unknown or broken values have fallen back to the defaults."""

    round: str
    part: str = PARTS[0]
    unit: str | None = None
    query: str = ""
    number: int = 1
    size: int = 50
    sort: str = "ten"

    def url(self, **changes: Any) -> str:
        """This address with changes, as ``core.web.tables.Listing.url``: anything but a page goes to page 1."""
        values = {
            "xem": None if self.part == PARTS[0] else self.part,
            "don-vi": self.unit,
            "q": self.query,
            "so_dong": None if self.size == 50 else self.size,
            "sap_xep": None if self.sort == "ten" else self.sort,
            "trang": None,
            **changes,
        }
        if values["trang"] == 1:
            values["trang"] = None
        told = urlencode({name: value for name, value in values.items() if value not in (None, "")})
        return f"{PREFIX}/{self.round}" + (f"?{told}" if told else "")


def asked_of(round_id: str, args: Any) -> Asked:
    """Read an address; ``args`` is a request's."""
    part = args.get("xem", PARTS[0])
    number = args.get("trang", 1, type=int) or 1
    size = args.get("so_dong", 50, type=int)
    sort = args.get("sap_xep", "ten")
    return Asked(
        round=round_id,
        part=part if part in PARTS else PARTS[0],
        unit=args.get("don-vi") or None,
        query=args.get("q", "").strip()[:100],
        number=min(max(1, number), 1_000_000),
        size=size if size in SIZES else 50,
        sort=sort if sort in _SORTS else "ten",
    )


_SORTS = {
    "ten": lambda unit: (unit.sort_key, unit.unit_id),
    "ty-le": lambda unit: (-unit.sat / unit.entries if unit.entries else 1, unit.sort_key),
    "da-thi": lambda unit: (-unit.sat, unit.sort_key),
    "diem": lambda unit: (unit.sat < FEWEST_FOR_MEAN, -unit.mean, unit.sort_key),
}


@dataclass(frozen=True)
class _Item:
    """An entry of the menu or a tab."""

    label: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class _Part(Page[int]):
    """A page of the table; ``above`` stand in cards over it, on every page, and are counted too."""

    above: int = 0

    @property
    def pages(self) -> int:
        """How many pages the table has."""
        return max(1, math.ceil((self.total - self.above) / self.size))

    @property
    def first(self) -> int:
        """The number of the first row."""
        return (self.number - 1) * self.size + 1 + self.above if self.items else self.above

    @property
    def last(self) -> int:
        """The number of the last row."""
        return min(self.total, self.number * self.size + self.above)


class Pages:
    """Makes the pages. ``hotline`` is for pages without a contest; ``styles`` goes into every head."""

    def __init__(self, hotline: str) -> None:
        self.hotline = hotline
        self.catalogue = catalogue()
        self.environment = environment()
        self._row = self.environment.get_template("standings/_board_row.html").module
        self._list = self.environment.get_template("standings/_board_list.html")

    def gettext(self, words: str) -> str:
        """``words`` from the catalogue."""
        found: str = self.catalogue.gettext(words)
        return found

    def board(self, board: Board, asked: Asked, query: str) -> str:
        """A page of ``board``; ``query`` is the folded text of ``asked``. Raises LookupError for an unknown unit."""
        if asked.unit is not None and board.unit(asked.unit) is None:
            raise LookupError(asked.unit)
        view = board.view(asked.unit)
        if asked.part == "don-vi":
            return self._page(board, view, asked, "standings/board_units.html", children=self._children(board, view))
        if asked.part == "tap-the" and board.facts.publication.unit_totals:
            return self._page(board, view, asked, "standings/board_totals.html", units=self._totals(board, view, asked))
        found = board.find(asked.unit, query) if query else view.rest
        number = min(asked.number, max(1, math.ceil(len(found) / asked.size)))
        shown = found[(number - 1) * asked.size : number * asked.size]
        above = 0 if query else len(view.winners)
        page = _Part(shown, len(found) + above, number, asked.size, above)
        before, after = self._around(board, view, asked, not query and number == 1)
        middle = self._list.render(
            listing=asked, page=page, facts=board.facts, rows=Markup().join(self._rows(view, shown)), query=query,
            nobody=not view.chosen, own_url=_own_url(board.facts), excel_url=_excel_url(asked, view),
        )  # fmt: skip
        return f"{before}{middle}{after}"

    def withdrawn(self, asked: Asked) -> str:
        """Instead of a board that was taken back."""
        return self.environment.get_template("standings/board_withdrawn.html").render(
            hotline=self.hotline, nav_items=_menu(None), asked=asked
        )

    def error(self, code: int) -> str:
        """The page for an error, in the same look."""
        return error_page(code, self.hotline)

    def excel(self, board: Board, unit: str | None) -> bytes:
        """What is public, as a file. Raises LookupError for an empty board."""
        return workbook(content_of(board, unit, self.gettext), self.gettext)

    def _around(self, board: Board, view: ScopeView, asked: Asked, with_winners: bool) -> tuple[str, str]:
        """What stands before and after the list of a unit; made once."""
        known = view.around.get(with_winners)
        if known is None:
            winners = [(view.rank(at), board.people[at], view.unit_name(at)) for at in view.winners]
            page = self._page(
                board, view, Asked(asked.round, unit=asked.unit), "standings/board.html",
                winners=winners if with_winners else [], gap=_GAP,
            )  # fmt: skip
            before, _gap, after = page.partition(_GAP)
            known = view.around[with_winners] = (before, after)
        return known

    def _page(self, board: Board, view: ScopeView, asked: Asked, template: str, **more: Any) -> str:
        facts = board.facts
        inside = view.scope is not None and view.scope is not board.top
        return self.environment.get_template(template).render(
            facts=facts,
            scope=view.scope,
            inside=inside,
            above=next((u for u in board.units if inside and view.scope and u.unit_id == view.scope.parent_id), None),
            lead=lead(board, view, self.gettext),
            asked=asked,
            tabs=self._tabs(board, view, asked),
            hotline=facts.hotline,
            nav_items=_menu(facts, self.gettext("Thể lệ"), self.gettext("Kết quả"), self.gettext("Trang đầu")),
            own_url=_own_url(facts),
            excel_url=_excel_url(asked, view),
            fewest=FEWEST_FOR_MEAN,
            **more,
        )

    def _tabs(self, board: Board, view: ScopeView, asked: Asked) -> list[_Item]:
        unit = asked.unit
        items = [_Item(self.gettext("Cá nhân"), Asked(asked.round, unit=unit).url(), asked.part == "ca-nhan")]
        if view.scope is not None and board.children(view.scope):
            url = Asked(asked.round, "don-vi", unit).url()
            items.append(_Item(self.gettext("Theo đơn vị"), url, asked.part == "don-vi"))
        if board.facts.publication.unit_totals and view.scope is not None:
            url = Asked(asked.round, "tap-the", unit).url()
            items.append(_Item(self.gettext("Tập thể"), url, asked.part == "tap-the"))
        if view.scope is not None and view.scope is not board.top:
            items.append(_Item(self.gettext("Toàn hội thi"), Asked(asked.round, asked.part).url()))
        return items

    def _children(self, board: Board, view: ScopeView) -> list[tuple[Scope, list[Line]]]:
        """The units below with who leads in each, as far as the public may know."""
        if view.scope is None:
            return []
        found = []
        for child in board.children(view.scope):
            inner = board.view(child.public_id)
            first = [board.people[at] for at in inner.chosen[:3] if inner.rank(at) == 1]
            found.append((child, first))
        return found

    def _totals(self, board: Board, view: ScopeView, asked: Asked) -> list[Scope]:
        if view.scope is None:
            return []
        return sorted(board.children(view.scope) or [view.scope], key=_SORTS[asked.sort])

    def _rows(self, view: ScopeView, shown: Sequence[int]) -> list[Markup]:
        made = view.rows
        result = []
        for at in shown:
            row = made.get(at)
            if row is None:
                line = view.board.people[at]
                row = made[at] = self._row.row(line, view.rank(at), view.unit_name(at))  # type: ignore[attr-defined]
            result.append(row)
        return result


def _menu(facts: BoardFacts | None, rules: str = "", results: str = "", home: str = "") -> list[_Item]:
    if facts is None:
        return []
    return [
        _Item(home, "/"),
        _Item(rules, f"/the-le/{facts.contest}"),
        _Item(results, f"{PREFIX}/{facts.round}", True),
    ]


def _own_url(facts: BoardFacts) -> str:
    return f"/thi/hang/{facts.round}"


def _excel_url(asked: Asked, view: ScopeView) -> str | None:
    """Where the file of what is shown can be had; long ones there are of the whole board only."""
    whole = view.scope is None or view.scope is view.board.top
    if not whole and len(view.chosen) > DIRECT:
        return None
    return f"{PREFIX}/{asked.round}/ket-qua.xlsx" + ("" if whole else f"?{urlencode({'don-vi': asked.unit})}")
