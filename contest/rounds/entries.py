"""Entries: who takes part in a contest, and in which window somebody may sit.

Whoever may see the question bank or the marks of a contest cannot hold a ranked entry in it: such a person is entered
out of competition, and a role that would show them is refused to somebody who holds a ranked entry (see ``checks``).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from contest.rounds.models import Contest, Entry, Round, Window
from core.access.actions import Role, reveals
from core.accounts.models import Account, Person, RoleGrant
from core.database import db
from core.database.server_time import now
from core.organisation.models import Unit

#: Rows inserted in one go; a unit of work with so many holds SQLite's lock for a few milliseconds.
CHUNK = 300

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


def people_without_entry(contest: Contest, limit: int = CHUNK) -> list[Person]:
    """People on the lists of the contest's units who have not been entered yet, at most ``limit`` of them."""
    entered = select(Entry.person_id).where(Entry.contest_id == contest.id)
    return list(
        db.session.scalars(
            select(Person)
            .join(Unit, Unit.id == Person.unit_id)
            .where(
                Unit.path.startswith(contest.unit.path, autoescape=True),
                Person.visible,
                Person.active,
                Person.id.not_in(entered),
            )
            .order_by(Person.id)
            .limit(limit)
        )
    )


def enter_people(contest: Contest, people: Sequence[Person]) -> list[Entry]:
    """Enter ``people`` (at most some hundreds) into ``contest``, out of competition where they see bank or marks."""
    conflicts = revealing_paths([p.id for p in people])
    entries = []
    for person in people:
        conflicted = any(paths_touch(path, contest.unit.path) for path in conflicts.get(person.id, ()))
        entries.append(
            Entry(
                contest_id=contest.id,
                person_id=person.id,
                ranked=not conflicted,
                reason=SEES_BANK_OR_MARKS if conflicted else "",
                created_at=now(),
            )
        )
    db.session.add_all(entries)
    db.session.flush()
    return entries


def entry_of(contest_id: int, person_id: int) -> Entry | None:
    """The entry of a person in a contest."""
    return db.session.scalar(select(Entry).where(Entry.contest_id == contest_id, Entry.person_id == person_id))


def count_entries(contest: Contest) -> int:
    """How many people take part in ``contest``."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Entry)
            .join(Person, Person.id == Entry.person_id)
            .where(Entry.contest_id == contest.id, Person.active, Person.visible)
        )
        or 0
    )


def rounds_for(person: Person) -> list[tuple[Round, Window | None]]:
    """The opened rounds of the contests of ``person``'s unit and those above, with the window that counts for them."""
    path = person.unit.path
    above = [int(part) for part in path.strip("/").split("/")]
    rounds = db.session.scalars(
        select(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Contest.unit_id.in_(above), Round.state != "draft")
        .order_by(Round.id)
    )
    return [(round_, window_for(round_.windows, path)) for round_ in rounds]
