"""Use cases of contests, rounds and windows; the rules document they are stored in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from contest.rounds.clock import Timing
from contest.rounds.models import Contest, Round, RoundNotice, RulesVersion, Window
from contest.rules.document import ContestRules, RoundRules, from_plain, to_plain
from contest.rules.parts.quiz import BlueprintCell, QuizPart
from core.access import current_actor
from core.audit import record
from core.audit.canonical import sha256_hex
from core.database import EngineCache, canonical, db
from core.database.server_time import now
from core.organisation.models import Unit


class RoundFrozen(Exception):
    """The round has been opened: its rules and windows no longer change."""


@dataclass(frozen=True)
class WindowPlan:
    """A window as an organiser enters it."""

    unit: Unit
    opens_at: datetime
    closes_at: datetime


def create_contest(unit: Unit, name: str, *, bank_unit: Unit | None = None, hotline: str = "", introduction: str = "",
                   is_sample: bool = False) -> Contest:
    """A new contest of ``unit``, with an empty rules document. Papers draw from the bank of ``bank_unit`` (default: the
    unit's own) and of the units above it."""
    name = canonical(name)
    contest = Contest(
        unit=unit, name=name, bank_unit=bank_unit or unit, hotline=hotline, introduction=introduction,
        is_sample=is_sample, created_at=now(),
    )
    db.session.add(contest)
    db.session.flush()
    db.session.add(
        RulesVersion(contest_id=contest.id, number=1, body=to_plain(ContestRules(title=name)), created_at=now())
    )
    record("contest.created", f"contest:{contest.public_id}", {"name": name, "unit": unit.full_name})
    return contest


def update_contest(contest: Contest, *, name: str, hotline: str, introduction: str, bank_unit: Unit) -> list[str]:
    """Change what a contest says of itself; returns the names of what changed. Its rules bear the name as their title."""
    new = {"name": canonical(name), "hotline": hotline.strip(), "introduction": introduction.strip(), "bank_unit": bank_unit}
    changed = [field for field, value in new.items() if getattr(contest, field) != value]
    for field in changed:
        setattr(contest, field, new[field])
    if "name" in changed:
        save_rules(contest, replace(rules_of(contest), title=contest.name))
    if changed:
        db.session.flush()
        record("contest.updated", f"contest:{contest.public_id}", {"fields": changed, "name": contest.name})
    return changed


def newest_rules(contest: Contest) -> RulesVersion:
    """The newest version of the contest's rules document."""
    return db.session.scalars(
        select(RulesVersion).where(RulesVersion.contest_id == contest.id).order_by(RulesVersion.number.desc())
    ).first() or _missing(contest)


def _missing(contest: Contest) -> RulesVersion:
    raise LookupError(f"contest {contest.public_id} has no rules")


def rules_of(contest: Contest) -> ContestRules:
    """The contest's rules as they stand now."""
    return from_plain(newest_rules(contest).body)


def save_rules(contest: Contest, rules: ContestRules) -> RulesVersion:
    """Keep ``rules``: in the newest version while it is not frozen, else in a new one."""
    version = newest_rules(contest)
    body = to_plain(rules)
    if version.frozen_at is None:
        version.body = body
    else:
        version = RulesVersion(contest_id=contest.id, number=version.number + 1, body=body, created_at=now())
        db.session.add(version)
    db.session.flush()
    record("rules.saved", f"contest:{contest.public_id}", {"version": version.number, "digest": sha256_hex(body)})
    return version


def round_rules(round_: Round) -> RoundRules:
    """The rules of a round: those it was opened under, or the newest while it is being prepared."""
    return contest_rules_for(round_).round(round_.key)


#: Frozen documents by version and by when their round was opened (should an opening be rolled back, nothing stays).
_frozen: EngineCache[tuple[int, datetime], ContestRules] = EngineCache(100)


def contest_rules_for(round_: Round) -> ContestRules:
    """The whole document that counts for ``round_``; one that is frozen is read once, as every Start asks for it."""
    if round_.rules_version_id is None or round_.opened_at is None:
        version = round_.rules_version
        return rules_of(round_.contest) if version is None else from_plain(version.body)
    kept = _frozen.store(db.engine)
    key = (round_.rules_version_id, round_.opened_at)
    if key not in kept:
        version = db.session.get_one(RulesVersion, round_.rules_version_id)
        kept[key] = from_plain(version.body)
    return kept[key]


def add_round(contest: Contest, name: str, *, minutes: int = 25, cells: Sequence[BlueprintCell] = ()) -> Round:
    """A new round at the end of ``contest``, with a quiz of ``cells``."""
    name = canonical(name)
    rules = rules_of(contest)
    position = max((r.position for r in contest.rounds), default=0) + 1
    key = f"vong-{position}"
    round_ = Round(contest=contest, key=key, position=position, name=name)
    db.session.add(round_)
    db.session.flush()
    settings = RoundRules(key=key, name=name, minutes=minutes, parts=(QuizPart(blueprint=tuple(cells)),))
    save_rules(contest, replace(rules, rounds=(*rules.rounds, settings)))
    record("round.created", f"round:{round_.public_id}", {"contest": contest.public_id, "name": name})
    return round_


def change_round(round_: Round, settings: RoundRules, contest_rules: ContestRules | None = None) -> None:
    """Store other settings for a round; ``contest_rules`` brings ranking and publication, which hold for all rounds.

    Raises RoundFrozen once the round is open.
    """
    _refuse_frozen(round_)
    rules = contest_rules or rules_of(round_.contest)
    settings = replace(settings, key=round_.key)
    rounds = tuple(settings if r.key == round_.key else r for r in rules.rounds)
    save_rules(round_.contest, replace(rules, rounds=rounds))
    round_.name = settings.name


def set_windows(round_: Round, plans: Sequence[WindowPlan]) -> list[Window]:
    """Replace the windows of a round that is not open yet. Raises RoundFrozen once it is."""
    _refuse_frozen(round_)
    db.session.execute(delete(Window).where(Window.round_id == round_.id))
    db.session.expire(round_, ["windows"])
    windows = [Window(round_id=round_.id, unit=p.unit, opens_at=p.opens_at, closes_at=p.closes_at) for p in plans]
    db.session.add_all(windows)
    db.session.flush()
    db.session.expire(round_, ["windows"])
    record(
        "round.windows",
        f"round:{round_.public_id}",
        {"windows": [[p.unit.full_name, p.opens_at.isoformat(), p.closes_at.isoformat()] for p in plans]},
    )
    return windows


def remove_round(round_: Round) -> None:
    """Take a round that is being prepared out of its contest, with its windows. Raises RoundFrozen once it was opened."""
    _refuse_frozen(round_)
    contest, rules = round_.contest, rules_of(round_.contest)
    save_rules(contest, replace(rules, rounds=tuple(r for r in rules.rounds if r.key != round_.key)))
    record("round.removed", f"round:{round_.public_id}", {"contest": contest.public_id, "name": round_.name})
    db.session.execute(delete(Window).where(Window.round_id == round_.id))
    db.session.execute(delete(RoundNotice).where(RoundNotice.round_id == round_.id))
    db.session.expire(round_, ["windows"])
    db.session.delete(round_)
    db.session.flush()
    db.session.expire(contest, ["rounds"])


def _refuse_frozen(round_: Round) -> None:
    if round_.state != "draft":
        raise RoundFrozen(round_.public_id)


def timing_of(window: Window, rules: RoundRules) -> Timing:
    """The clock's view of a window under ``rules``."""
    return timing_between(window.opens_at, window.closes_at, rules)


def timing_between(opens: datetime, closes: datetime, rules: RoundRules) -> Timing:
    """The clock's view of a window from ``opens`` to ``closes`` under ``rules``."""
    return Timing(
        opens=opens,
        closes=closes,
        seconds=rules.minutes * 60,
        finish_after_window=rules.finish_after_window,
        grace=rules.grace_seconds,
        late_bound=rules.late_bound_minutes * 60,
    )


def same_hours(windows: Sequence[Window]) -> list[list[Window]]:
    """The windows grouped by their hours, earliest first: those of one group share a part of the pool."""
    groups: dict[tuple[datetime, datetime], list[Window]] = {}
    for window in sorted(windows, key=lambda w: (w.opens_at, w.closes_at, w.id or 0)):
        groups.setdefault((window.opens_at, window.closes_at), []).append(window)
    return list(groups.values())


def move_window_end(window: Window, minutes: int, reason: str = "") -> None:
    """Let a window close ``minutes`` later (open rounds too); sittings learn of it with the next notice.

    The deadlines of sittings under way are the business of the room above (``contest.sittings.extending``).
    """
    window.closes_at += timedelta(minutes=minutes)
    db.session.flush()  # windows are locked before their round, everywhere
    add_notice(window.round, "window", {"window": window.public_id, "minutes": minutes, "by": current_actor().label})
    record("window.moved", f"window:{window.public_id}", {"minutes": minutes, "reason": reason})


def add_notice(round_: Round, kind: str, body: dict[str, object]) -> RoundNotice:
    """Number a notice for the open sittings of ``round_``; the answer to their next save carries its number."""
    counted = update(Round).where(Round.id == round_.id).values(notice_number=Round.notice_number + 1)
    number = db.session.execute(counted.returning(Round.notice_number)).scalar_one()  # two organisers at once: two numbers
    db.session.expire(round_, ["notice_number"])
    notice = RoundNotice(round_id=round_.id, number=number, kind=kind, body=body, at=now())
    db.session.add(notice)
    return notice


def lock_windows(ids: Sequence[int]) -> list[Window]:
    """These windows as they stand, in the order of their ids, locked against Start and against being moved by others."""
    return list(
        db.session.scalars(
            select(Window)
            .where(Window.id.in_(sorted(ids)))
            .order_by(Window.id)
            .with_for_update(key_share=True, of=Window)
            .execution_options(populate_existing=True)
        )
    )
