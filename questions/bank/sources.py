"""Sources: the documents on which answers rest, from when to when they were in force, and what replaced them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.audit import record
from core.database import canonical, db, fold, public_id
from core.organisation.tree import today
from questions.bank.content import BankError
from questions.bank.models import Question, QuestionVersion, Source


@dataclass(frozen=True)
class SourceFacts:
    """What is known of a document. Numbers repeat over the years, so number and date together name one."""

    title: str
    number: str = ""
    issued_on: date | None = None
    issuer: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None


def label_of(source: Source) -> str:
    """ "Quy định 24-QĐ/TW (30/07/2021): Thi hành Điều lệ Đảng", for lists and pages."""
    head = source.number
    if head and source.issued_on:
        head += f" ({source.issued_on:%d/%m/%Y})"
    return f"{head}: {source.title}" if head else source.title


def place_of(clause: str, article: str, source: Source | None, source_text: str = "") -> str:
    """Where an answer stands: "khoản 1, Điều 5, Điều lệ Đảng"; the list's own words where no document is named."""
    document = ""
    if source is not None:
        document = f"{source.title} ({source.number})" if source.title and source.number else source.title or source.number
    return ", ".join(part for part in (clause, article, document) if part) or source_text


def find_source(source_public_id: str) -> Source | None:
    """The document with this public id."""
    return db.session.scalar(select(Source).where(Source.public_id == source_public_id))


def all_sources(words: str = "") -> list[Source]:
    """Every document whose title, number or issuer holds ``words``, newest first."""
    statement = select(Source)
    for word in fold(words).split():
        statement = statement.where(Source.folded.contains(word, autoescape=True))
    return list(db.session.scalars(statement.order_by(Source.issued_on.desc(), Source.folded, Source.id)))


def create_source(facts: SourceFacts) -> Source:
    """A new document. Raises BankError for one without title, one that is there already, or dates that cannot be."""
    facts = _checked(facts, None)
    source = Source(public_id=public_id(), folded=_folded(facts), **asdict(facts))
    db.session.add(source)
    db.session.flush()
    record("source.create", f"source:{source.public_id}", _plain(facts))
    return source


def change_source(source: Source, facts: SourceFacts, replaced_by: Source | None = None) -> None:
    """Correct what is known of a document, or say what replaced it. Raises BankError as ``create_source`` does."""
    facts = _checked(facts, source)
    step, seen = replaced_by, {source.id}
    while step is not None:
        if step.id in seen:
            raise BankError(_("Một văn bản không thể được thay thế bằng chính nó."), "replaced_by")
        seen.add(step.id)
        step = db.session.get(Source, step.replaced_by_id) if step.replaced_by_id else None
    for name, value in asdict(facts).items():
        setattr(source, name, value)
    source.folded = _folded(facts)
    source.replaced_by_id = replaced_by.id if replaced_by else None
    details = _plain(facts) | {"replaced_by": replaced_by.public_id if replaced_by else ""}
    record("source.change", f"source:{source.public_id}", details)


def in_force(source: Source, on: date | None = None) -> bool:
    """True when ``source`` is in force on a day (default: today)."""
    on = on or today()
    begun = source.in_force_from is None or source.in_force_from <= on
    return begun and (source.in_force_until is None or on < source.in_force_until)


def questions_on(source: Source) -> int:
    """How many questions rest on ``source`` in their current version."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Question)
            .join(QuestionVersion, Question.current_version_id == QuestionVersion.id)
            .where(QuestionVersion.source_id == source.id, Question.state != "retired")
        )
        or 0
    )


def match_source(text: str, among: Sequence[Source] | None = None) -> Source | None:
    """The one document whose number stands in ``text`` (of several dates: the one whose date stands there too).

    ``among`` are all documents, for who asks often.
    """
    folded = fold(text)
    if not folded:
        return None
    known = all_sources() if among is None else among
    with_number = [s for s in known if s.number and fold(s.number) in folded]
    if len(with_number) > 1:
        with_number = [s for s in with_number if s.issued_on and any(d in folded for d in _dates(s.issued_on))]
        return with_number[0] if len(with_number) == 1 else None
    if with_number:
        return with_number[0]
    titled = [s for s in known if len(s.title) > 8 and fold(s.title) in folded]
    return titled[0] if len(titled) == 1 else None


def _dates(day: date) -> tuple[str, ...]:
    return (
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}-{day.month}-{day.year}",
    )


def _checked(facts: SourceFacts, own: Source | None) -> SourceFacts:
    facts = SourceFacts(
        canonical(facts.title),
        canonical(facts.number),
        facts.issued_on,
        canonical(facts.issuer),
        facts.in_force_from,
        facts.in_force_until,
    )
    if not facts.title:
        raise BankError(_("Chưa có tên văn bản."), "title")
    for name, longest in (("title", 300), ("number", 60), ("issuer", 200)):
        if len(getattr(facts, name)) > longest:
            raise BankError(_("Dài quá %(max)s ký tự.", max=longest), name)
    if facts.in_force_from and facts.in_force_until and facts.in_force_until < facts.in_force_from:
        raise BankError(_("Ngày hết hiệu lực phải sau ngày có hiệu lực."), "in_force_until")
    same = select(Source).where(
        Source.number == facts.number,
        Source.issued_on == facts.issued_on if facts.issued_on else Source.issued_on.is_(None),
    )
    if not facts.number:
        same = same.where(Source.title == facts.title)
    if own is not None:
        same = same.where(Source.id != own.id)
    found = db.session.scalars(same).first()
    if found is not None:
        raise BankError(_("Đã có văn bản này: %(label)s.", label=label_of(found)), "number")
    return facts


def _folded(facts: SourceFacts) -> str:
    return fold(" ".join([facts.number, facts.title, facts.issuer]))[:400]


def _plain(facts: SourceFacts) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else (v or "") for k, v in asdict(facts).items()}
