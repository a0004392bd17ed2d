"""Entries: who takes part in a contest, and in which window somebody may sit.

Whoever may see the question bank or the marks of a contest cannot hold a ranked entry in it: such a person is entered
out of competition, and a role that would show them is refused to somebody who holds a ranked entry (see ``checks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.rounds.models import Contest, Entry, Round, Window
from core.access.actions import Role, reveals
from core.accounts.models import Account, Person, RoleGrant
from core.audit import record
from core.database import db, fold, public_id
from core.database.server_time import now
from core.organisation.models import Unit
from core.organisation.tree import within

#: Rows inserted in one go; a unit of work with so many holds SQLite's lock for a few milliseconds.
CHUNK = 300

_ABOVE: BindParameter[Any] = bindparam("above", expanding=True)

#: The opened rounds of these units, each with those of its windows that hold for one of them. One statement, made once: a
#: whole city looks into the waiting room within minutes, and a round may have a window for each district.
_ROUNDS_WITH_WINDOWS = (
    select(Round, Window)
    .join(Contest, Contest.id == Round.contest_id)
    .outerjoin(Window, and_(Window.round_id == Round.id, Window.unit_id.in_(_ABOVE)))
    .where(Contest.unit_id.in_(_ABOVE), Contest.is_sample.in_(bindparam("sample", expanding=True)), Round.state != "draft")
    .options(joinedload(Window.unit).lazyload(Unit.parent))
    .order_by(Round.id)
)

SEES_BANK_OR_MARKS = "Người xem được ngân hàng câu hỏi hoặc điểm của hội thi không được xếp hạng."


def window_for(windows: Sequence[Window], unit_path: str) -> Window | None:
    """The window that counts for somebody of the unit at ``unit_path``: that of the nearest unit above, or None."""
    fitting = [w for w in windows if unit_path.startswith(w.unit.path)]
    return max(fitting, key=lambda w: len(w.unit.path), default=None)


def revealing_paths(person_ids: Sequence[int]) -> dict[int, list[str]]:
    """For each person who is also staff: the paths in which they see the bank or others' marks."""
    rows = db.session.execute(
        select(Account.person_id, RoleGrant.role, Unit.path)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(Account.person_id.in_(person_ids), Account.active, RoleGrant.revoked_at.is_(None))
    )
    result: dict[int, list[str]] = {}
    for person_id, role, path in rows:
        if person_id is not None and reveals(Role(role)):
            result.setdefault(person_id, []).append(path)
    return result


def paths_touch(one: str, other: str) -> bool:
    """True when one of two units lies in the other's subtree."""
    return one.startswith(other) or other.startswith(one)


def _not_entered(contest: Contest) -> Select[Person]:
    entered = exists().where(Entry.contest_id == contest.id, Entry.person_id == Person.id)
    return (
        select(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Unit.path.startswith(contest.unit.path, autoescape=True), Person.visible, Person.active, ~entered)
    )


def people_without_entry(contest: Contest, limit: int = CHUNK) -> list[Person]:
    """People on the lists of the contest's units who have not been entered yet, at most ``limit`` of them."""
    return list(db.session.scalars(_not_entered(contest).order_by(Person.id).limit(limit)))


def count_without_entry(contest: Contest) -> int:
    """How many people on the lists of the contest's units have not been entered yet."""
    return db.session.scalar(select(func.count()).select_from(_not_entered(contest).subquery())) or 0


def entry_values(contest: Contest, people: Sequence[Person]) -> list[dict[str, Any]]:
    """The rows that enter ``people`` into ``contest``: out of competition where they see bank or marks. Reads only."""
    conflicts = revealing_paths([p.id for p in people])
    rows = []
    for person in people:
        conflicted = any(paths_touch(path, contest.unit.path) for path in conflicts.get(person.id, ()))
        rows.append(
            {
                "public_id": public_id(),
                "contest_id": contest.id,
                "person_id": person.id,
                "ranked": not conflicted,
                "reason": SEES_BANK_OR_MARKS if conflicted else "",
                "created_at": now(),
            }
        )
    return rows


def enter_people(contest: Contest, people: Sequence[Person]) -> list[Entry]:
    """Enter ``people`` (at most some hundreds) into ``contest``, out of competition where they see bank or marks."""
    entries = [Entry(**row) for row in entry_values(contest, people)]
    db.session.add_all(entries)
    db.session.flush()
    return entries


def insert_entries(rows: Sequence[dict[str, Any]]) -> int:
    """Write what ``entry_values`` made, leaving out whoever was entered meanwhile; returns how many. Short on the lock."""
    if not rows:
        return 0
    there = set(
        db.session.scalars(
            select(Entry.person_id).where(
                Entry.contest_id == rows[0]["contest_id"], Entry.person_id.in_([row["person_id"] for row in rows])
            )
        )
    )
    fresh = [row for row in rows if row["person_id"] not in there]
    if fresh:
        db.session.execute(insert(Entry), fresh)
    return len(fresh)


def entry_of(contest_id: int, person_id: int) -> Entry | None:
    """The entry of a person in a contest."""
    return db.session.scalar(select(Entry).where(Entry.contest_id == contest_id, Entry.person_id == person_id))


def count_entries(contest: Contest, paths: Sequence[str] | None = None) -> int:
    """How many people take part in ``contest``; ``paths`` counts only those of these subtrees."""
    statement = (
        select(func.count())
        .select_from(Entry)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.contest_id == contest.id, Person.active, Person.visible)
    )
    if paths is not None:
        statement = statement.join(Unit, Unit.id == Person.unit_id).where(within(paths))
    return db.session.scalar(statement) or 0


def entries_within(contest: Contest, paths: Sequence[str], query: str = "") -> Select[Entry]:
    """The entries of ``contest`` whose people are in these subtrees; ``query``: words of the name, without accents."""
    statement = (
        select(Entry)
        .join(Person, Person.id == Entry.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Entry.contest_id == contest.id, Person.visible, within(paths))
        .options(contains_eager(Entry.person).contains_eager(Person.unit))
    )
    for word in fold(query).split():
        named = or_(Person.folded.contains(word, autoescape=True), Unit.folded.contains(word, autoescape=True))
        statement = statement.where(named)
    return statement


def count_by_window(contest_id: int, windows: Sequence[Window]) -> tuple[dict[int, int], int]:
    """How many entered people each window is for (by its position in ``windows``), and how many have none."""
    rows = db.session.execute(
        select(Unit.path, func.count())
        .join(Person, Person.unit_id == Unit.id)
        .join(Entry, Entry.person_id == Person.id)
        .where(Entry.contest_id == contest_id, Person.active, Person.visible)
        .group_by(Unit.path)
    )
    counts = dict.fromkeys(range(len(windows)), 0)
    by_path = sorted(((w.unit.path, n) for n, w in enumerate(windows)), key=lambda pair: -len(pair[0]))
    outside = 0
    for path, count in rows:
        nearest = next((n for window_path, n in by_path if path.startswith(window_path)), None)
        if nearest is None:
            outside += count
        else:
            counts[nearest] += count
    return counts, outside


class EntryConflict(Exception):
    """The person sees the bank or marks and cannot be ranked."""


def set_ranked(entry: Entry, ranked: bool, reason: str = "") -> None:
    """Let an entry count for the ranking, or sit out of competition for ``reason``.

    Raises EntryConflict where who sees bank or marks would be ranked.
    """
    if ranked:
        paths = revealing_paths([entry.person_id]).get(entry.person_id, ())
        if any(paths_touch(path, entry.contest.unit.path) for path in paths):
            raise EntryConflict(entry.public_id)
    if entry.ranked == ranked and (ranked or entry.reason == reason):
        return
    entry.ranked, entry.reason = ranked, "" if ranked else reason[:200]
    record(
        "entry.ranked" if ranked else "entry.not_ranked",
        f"entry:{entry.public_id}",
        {"contest": entry.contest.public_id, "reason": reason[:200]},
    )


def rounds_for(person: Person) -> list[tuple[Round, Window | None]]:
    """The opened rounds of the contests of ``person``'s unit and those above, with the window that counts for them.

    Sample contests can be sat only where just this machine reaches the server: their slips are printed in a terminal.
    """
    above = [int(part) for part in person.unit.path.strip("/").split("/")]
    sample = (True, False) if current_app.config["SETTINGS"].listens_on_loopback else (False,)
    counting: dict[int, tuple[Round, Window | None]] = {}
    for round_, window in db.session.execute(_ROUNDS_WITH_WINDOWS, {"above": above, "sample": sample}):
        known = counting.get(round_.id, (round_, None))[1]
        if known is None or len(window.unit.path) > len(known.unit.path):
            counting[round_.id] = (round_, window)
    return list(counting.values())
