"""What a contestant sees of a finished sitting, as far as the rules show it: mark, right and wrong, explanations, topics,
and where the mark lies among all."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import Engine, func, select

from contest.papers.sheets import Wording, shown_options, wordings
from contest.rounds.models import Round
from contest.rounds.service import round_rules
from contest.rules.document import RoundRules
from contest.sittings.deadlines import has_settled
from contest.sittings.frozen_rules import marking_of
from contest.sittings.models import ItemMark, Response, Result, Sitting
from core.database import EngineCache, db
from questions.types.base import AnswerRow
from questions.types.registry import type_of


@dataclass(frozen=True)
class Shown:
    """What may be shown of a sitting now."""

    marks: bool
    answers: bool
    explanations: bool


def may_show(round_: Round, rules: RoundRules | None = None) -> Shown:
    """What the rules let a contestant see of the own sitting now; nothing before the round's last window has settled."""
    rules = rules or round_rules(round_)
    settled, published = has_settled(round_), round_.published_at is not None

    def open_now(when: str) -> bool:
        return settled and (when == "after_round" or (when == "after_publication" and published))

    answers = open_now(rules.show.answers)
    return Shown(open_now(rules.show.marks), answers, answers and open_now(rules.show.explanations))


@dataclass(frozen=True)
class OptionView:
    """An option in a review: its letter, its text, whether it is right and whether it was chosen."""

    letter: str
    text: str
    right: bool
    chosen: bool


@dataclass(frozen=True)
class ItemView:
    """A question in a review; answers of other shapes than options are in ``rows``, beside the key,
    shown by the type's template ``fragment``."""

    number: int
    wording: Wording
    options: list[OptionView]
    rows: list[AnswerRow]
    fragment: str
    correct: bool | None
    void: bool
    answered: bool
    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True)
class TopicView:
    """How many questions of a topic were right."""

    name: str
    right: int
    total: int


def newest_result(sitting: Sitting) -> Result | None:
    """The newest version of a sitting's result."""
    return db.session.scalars(
        select(Result).where(Result.sitting_id == sitting.id).order_by(Result.number.desc())
    ).first()


def items_of(sitting: Sitting, result: Result) -> list[ItemView]:
    """Each question with the own answer and the key, in the order in which it was shown."""
    marking = marking_of(db.session.connection(), sitting.round_id)
    texts = wordings.get(db.session.connection(), marking.versions(sitting.paper))
    marks = {m.item: m for m in db.session.scalars(select(ItemMark).where(ItemMark.result_id == result.id))}
    answers = {r.item: r.answer for r in db.session.scalars(select(Response).where(Response.sitting_id == sitting.id))}
    return [
        _item(
            position,
            drawn,
            texts[drawn["version"]],
            texts[marking.corrected.get(drawn["item"], drawn["version"])],
            marks[position],
            answers.get(position),
        )
        for position, drawn in enumerate(sitting.paper)
    ]


def _item(
    position: int, drawn: dict[str, Any], wording: Wording, key: Wording, mark: ItemMark, answer: Any
) -> ItemView:
    """``key`` is the version whose key counts: the one shown (``wording``) or the one that corrects it."""
    order, kind = drawn["order"], type_of(key.type)
    rows = kind.answer_rows(key.data, answer)
    if rows:
        return _view(position, wording, [], rows, mark, answer)
    chosen = kind.shown_again(answer, order)
    positions = set(chosen) if isinstance(chosen, list) else set()
    right = {order.index(i) for i in key.data.get("correct", ()) if i in order}
    options = [
        OptionView(chr(ord("A") + n), text, n in right, n in positions)
        for n, text in enumerate(shown_options(wording, order))
    ]
    return _view(position, wording, options, [], mark, answer)


def _view(
    position: int, wording: Wording, options: list[OptionView], rows: list[AnswerRow], mark: ItemMark, answer: Any
) -> ItemView:
    void, fragment = mark.state == "void", type_of(wording.type).template("review")
    return ItemView(
        position + 1, wording, options, rows, fragment, mark.correct, void, answer is not None, mark.points, mark.max_points
    )


def topics_of(items: list[ItemView]) -> list[TopicView]:
    """Knowledge by topic, in the order in which topics came."""
    totals: Counter[str] = Counter(item.wording.topic for item in items)
    right: Counter[str] = Counter(item.wording.topic for item in items if item.correct)
    return [TopicView(name, right[name], total) for name, total in totals.items()]


#: Seconds for which the distribution of a round is kept: everybody looks at it when results come out. Once they are
#: published it hardly ever changes.
KEPT, KEPT_PUBLISHED = 5.0, 60.0

_spreads: EngineCache[int, tuple[float, list[tuple[Decimal, int]]]] = EngineCache(200)
_spreads_lock = Lock()


def distribution(round_: Round) -> list[tuple[Decimal, int]]:
    """How many sittings of the round have which score, from the lowest; only the newest result of each counts. It is counted
    once for all who ask within KEPT seconds."""
    engine = db.session.connection().engine
    kept = KEPT if round_.published_at is None else KEPT_PUBLISHED
    with _spreads_lock:  # who comes meanwhile waits for the one count
        at, spread = _spreads.store(engine).get(round_.id, (-kept, []))
        if time.monotonic() - at >= kept:
            spread = _count_scores(round_.id)
            _spreads.store(engine)[round_.id] = (time.monotonic(), spread)
    return spread


def forget_distribution(engine: Engine, round_id: int) -> None:
    """Results of the round have new versions: count anew when somebody asks (other processes do after KEPT seconds)."""
    _spreads.store(engine).pop(round_id, None)


def _count_scores(round_id: int) -> list[tuple[Decimal, int]]:
    newest = (
        select(Result.sitting_id, func.max(Result.number).label("number"))
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(Sitting.round_id == round_id, Sitting.state == "submitted")
        .group_by(Result.sitting_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Result.score, func.count())
        .join(newest, (newest.c.sitting_id == Result.sitting_id) & (newest.c.number == Result.number))
        .where(Result.score.is_not(None))
        .group_by(Result.score)
    )
    return sorted((score, count) for score, count in rows if score is not None)
