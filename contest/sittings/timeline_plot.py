"""A sitting's story drawn over time: saves in columns; spells away from the page, without network, and pauses as bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.sittings.timeline import Moment

#: Columns at most, and how long one may stand for, in seconds.
MOST_COLUMNS = 60
_STEPS = (15, 30, 60, 120, 300, 600, 1_800, 3_600, 86_400)

#: Width of the drawing; all places in it are whole thousandths.
WIDTH = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """What happened from ``at`` on, for the plot's step: saves, and seconds away and without network."""

    at: datetime
    saves: int
    away: int
    lost: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A spell, by its place in the drawing; ``lane``: away, lost or pause."""

    lane: str
    x: int
    width: int


@dataclass(frozen=True)
class Plot:
    """``columns`` of ``step`` seconds each, from ``begin`` to ``end``; ``most`` is the largest number of saves in one."""

    begin: datetime
    end: datetime
    step: int
    columns: list[Column]
    bars: list[Bar]

    @property
    def most(self) -> int:
        """The largest number of saves in one column."""
        return max((column.saves for column in self.columns), default=0)


_Spell = tuple[str, datetime, datetime]


def plot_of(moments: Iterable[Moment], begin: datetime, end: datetime) -> Plot:
    """The drawing of ``moments`` between ``begin`` and ``end``; what lies outside is left out."""
    moments = list(moments)
    end = max(end, begin + timedelta(seconds=_STEPS[0]))
    seconds = (end - begin).total_seconds()
    step = next((step for step in _STEPS if seconds / step <= MOST_COLUMNS), int(seconds / MOST_COLUMNS) + 1)
    count = int(-(-seconds // step))
    saves = [0] * count
    for moment in moments:
        place = int((moment.at - begin).total_seconds() // step)
        if moment.kind == "save" and 0 <= place < count:
            saves[place] += 1
    spells = [spell for moment in moments for spell in _spells(moment, end) if spell[2] > begin and spell[1] < end]
    columns = []
    for place in range(count):
        at = begin + timedelta(seconds=place * step)
        until = at + timedelta(seconds=step)
        columns.append(Column(at, saves[place], _within(spells, "away", at, until), _within(spells, "lost", at, until)))
    return Plot(begin, end, step, columns, [_bar(spell, begin, end) for spell in spells])


def _spells(moment: Moment, end: datetime) -> Iterable[_Spell]:
    if moment.kind == "away":
        yield "away", moment.at, moment.until or end
    elif moment.kind == "burst" and moment.held is not None:
        yield "lost", moment.at - moment.held, moment.at
    elif moment.kind == "resume" and moment.lasted is not None:
        yield "pause", moment.at - moment.lasted, moment.at


def _within(spells: Iterable[_Spell], lane: str, at: datetime, until: datetime) -> int:
    """Seconds of ``lane`` between two moments, at most all of them."""
    spent = sum(
        (max(timedelta(), min(end, until) - max(begun, at)) for name, begun, end in spells if name == lane), timedelta()
    )
    return min(int(spent.total_seconds()), int((until - at).total_seconds()))


def _bar(spell: _Spell, begin: datetime, end: datetime) -> Bar:
    lane, begun, over = spell
    total = (end - begin).total_seconds()
    x = round(max(0.0, (begun - begin).total_seconds()) / total * WIDTH)
    far = round(min(total, (over - begin).total_seconds()) / total * WIDTH)
    return Bar(lane, x, max(3, far - x))
