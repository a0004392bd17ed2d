"""Search, sorting and paging of lists, from the address bar, so that a list can be bookmarked and shared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from core.database import db, fold

Row = TypeVar("Row")

SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, and where it stands. Numbers count from 1."""

    items: Sequence[Row]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, math.ceil(self.total / self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown (0 when there is none)."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.total, self.number * self.size)

    def window(self, around: int = 2) -> list[int | None]:
        """Page numbers to offer: the first, the last, those near; None stands for a gap."""
        shown = sorted(
            {1, self.pages, *range(max(1, self.number - around), min(self.pages, self.number + around) + 1)}
        )
        result: list[int | None] = []
        for number in shown:
            if result and isinstance(result[-1], int) and number - result[-1] > 1:
                result.append(None)
            result.append(number)
        return result


@dataclass(frozen=True)
class Listing:
    """What the address says of a list: ``q`` (search), ``sap_xep`` (a sort's name, "-" before it for descending),
    ``trang``, ``so_dong``. Unknown or broken values fall back to the defaults."""

    query: str
    sort: str
    descending: bool
    number: int
    size: int
    sorts: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_request(cls, sorts: Mapping[str, Any], default: str, size: int = 50) -> Listing:
        """Read the current request. ``sorts`` maps names to columns; ``default`` is one of them ("-name": down)."""
        wanted = request.args.get("sap_xep", default)
        if wanted.lstrip("-") not in sorts:
            wanted = default
        number = request.args.get("trang", 1, type=int) or 1
        rows = request.args.get("so_dong", size, type=int)
        return cls(
            query=request.args.get("q", "").strip()[:200],
            sort=wanted.lstrip("-"),
            descending=wanted.startswith("-"),
            number=min(max(1, number), 1_000_000),
            size=rows if rows in SIZES else size,
            sorts=sorts,
        )

    @property
    def folded(self) -> str:
        """The searched text, folded."""
        return fold(self.query)

    def ordered(self, statement: Select[Any]) -> Select[Any]:
        """``statement`` in the chosen order."""
        column = self.sorts[self.sort]
        columns = column if isinstance(column, tuple) else (column,)
        return statement.order_by(*(c.desc() if self.descending else c.asc() for c in columns))

    def page(self, statement: Select[Any], *, scalars: bool = True) -> Page[Any]:
        """The rows of the chosen page of ``statement`` (entities with ``scalars``, else result rows)."""
        total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
        number = min(self.number, max(1, math.ceil(total / self.size)))
        limited = self.ordered(statement).limit(self.size).offset((number - 1) * self.size)
        result = db.session.execute(limited)
        items = result.scalars().unique().all() if scalars else result.all()
        return Page(items, total, number, self.size)

    def url(self, **changes: Any) -> str:
        """This page's address with ``changes`` (None removes); changing anything but the page goes to page 1."""
        values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=True), **changes}
        if "trang" not in changes:
            values.pop("trang", None)
        return url_for(request.endpoint or "", **{k: v for k, v in values.items() if v not in (None, "")})

    def sort_url(self, name: str) -> str:
        """The address that sorts by ``name``, or the other way round when it already does."""
        return self.url(sap_xep=f"-{name}" if name == self.sort and not self.descending else name)
