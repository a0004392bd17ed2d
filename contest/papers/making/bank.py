"""The bank as assembly sees it: candidates with expected difficulty, exposure and enemies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from sqlalchemy import func, select

from contest.papers.allotment import Candidate
from contest.papers.assembly.model import Item
from contest.papers.making.measured import expected, measured
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.models import PoolItem
from contest.papers.pool import bank_candidates
from contest.rounds.models import Contest, Round
from core.database import db
from core.database.server_time import now
from questions.bank.models import Question, QuestionVersion
from questions.similarity.pairs import pairs
from questions.types.registry import type_of

#: Uses further back than this no longer count as exposure.
LATELY = timedelta(days=730)

#: Two questions this alike (score of ``questions.similarity``) are not put into one form when that is asked for.
TOO_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class BankItem:
    """A question that may stand in a form. ``difficulty``: expected share of right answers; ``exposure``: uses of late."""

    candidate: Candidate
    difficulty: Decimal
    exposure: int


def bank_items(contest: Contest, statistics: str) -> list[BankItem]:
    """Every approved question that ``contest`` may draw. ``statistics``: measured (where there are enough answers) or
    level."""
    known = measured() if statistics == "measured" else {}
    used = _exposure()
    return [
        BankItem(c, expected(c.version_id, c.level, known), used[c.question_id]) for c in bank_candidates(contest)
    ]


def _exposure() -> Counter[int]:
    """For each question: of late, in how many opened rounds' pools and in how many other confirmed forms it stands."""
    since = now() - LATELY
    pools = (
        select(PoolItem.question_id, func.count())
        .join(Round, Round.id == PoolItem.round_id)
        .where(Round.opened_at >= since)
        .group_by(PoolItem.question_id)
    )
    forms = (
        select(FormPlace.question_id, func.count())
        .join(PaperForm, PaperForm.id == FormPlace.form_id)
        .join(FormSet, FormSet.id == PaperForm.set_id)
        .where(FormSet.state == "confirmed", FormSet.in_use.is_(False), FormSet.confirmed_at >= since)
        .group_by(FormPlace.question_id)
    )
    found: Counter[int] = Counter()
    for statement in (pools, forms):
        for question, count in db.session.execute(statement):
            found[question] += count
    return found


def enemy_groups(items: Sequence[BankItem], given: Iterable[Sequence[int]], alike: bool) -> list[list[int]]:
    """Groups of question ids of which a form may hold one: those ``given`` and, where ``alike``, near-duplicates.

    Assembly knows one group for each question, so groups that have a question in common become one.
    """
    linked = [pair for group in given for pair in combinations(group, 2)]
    if alike:
        linked += _alike(items)
    root: dict[int, int] = {}

    def find(question: int) -> int:
        while root.setdefault(question, question) != question:
            question = root[question]
        return question

    for one, other in linked:
        root[find(one)] = find(other)
    groups: dict[int, list[int]] = {}
    for question in sorted(root):
        groups.setdefault(find(question), []).append(question)
    return sorted(group for group in groups.values() if len(group) > 1)


def _alike(items: Sequence[BankItem]) -> list[tuple[int, int]]:
    question_of = {item.candidate.version_id: item.candidate.question_id for item in items}
    rows = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.stem, QuestionVersion.data).where(
            QuestionVersion.id.in_(select(Question.approved_version_id))
        )
    )
    plain = [(str(row.id), row.stem, type_of(row.type).options(row.data)) for row in rows if row.id in question_of]
    return [(question_of[int(pair.a)], question_of[int(pair.b)]) for pair in pairs(plain, TOO_ALIKE)]


def assembly_items(items: Sequence[BankItem], enemies: Sequence[Sequence[int]]) -> list[Item]:
    """``items`` for assembly, in their order; the id is the version's. All are worth the same: a round's questions are."""
    group_of = {question: str(number) for number, group in enumerate(enemies, 1) for question in group}
    return [
        Item(
            id=str(item.candidate.version_id),
            topic=item.candidate.topic,
            level=item.candidate.level,
            type=item.candidate.type,
            points=Decimal(1),
            difficulty=item.difficulty,
            enemy_group=group_of.get(item.candidate.question_id, ""),
            exposure=item.exposure,
        )
        for item in items
    ]
