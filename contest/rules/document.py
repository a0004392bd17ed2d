"""The rules document (thể lệ), version 1: what a contest has decided, as frozen values.

`to_plain` gives a document made of dict, list, str, int, bool and None only, with every field written, ready
for canonical JSON; `from_plain` reads it back, fills in defaults, and names every fault with its path. What
version 1 cannot express is refused, never ignored: an unknown key is a fault.

A field that later versions add gets a default, so documents stored today stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contest.rules.criteria import CRITERIA, Criterion
from contest.rules.criteria.score import Score
from contest.rules.criteria.seconds import Seconds
from contest.rules.parts import PARTS, Part
from contest.rules.parts.quiz import BlueprintCell, QuizPart
from contest.rules.plain import Choice, Fault, Flag, Many, Record, RulesError, Text, Whole, formed

SCHEMA = 1

SHOWN_WHEN = {
    "never": "không công bố cho thí sinh",
    "after_round": "sau khi ca thi cuối cùng của vòng đã kết thúc hẳn",
    "after_publication": "sau khi ban tổ chức công bố kết quả",
}
COUNTING = {"best": "lượt có kết quả tốt nhất theo tiêu chí xếp hạng"}
VOID = {"full_points": "mọi người có câu đó trong đề đều được đủ điểm và được tính là trả lời đúng câu đó"}
TIES = {
    "1,1,3": "người bằng nhau đồng hạng, hạng kế tiếp bỏ trống (1, 1, 3)",
    "1,1,2": "người bằng nhau đồng hạng, hạng kế tiếp không bỏ trống (1, 1, 2)",
}


@dataclass(frozen=True, slots=True)
class AttemptRules:
    """How many sittings of a round a person may have, and which one counts."""

    limit: int = field(default=1, metadata=formed(Whole(1, 100)))
    counting: str = field(default="best", metadata=formed(Choice(COUNTING)))


@dataclass(frozen=True, slots=True)
class ShowRules:
    """When a contestant sees what of the own sitting. "Round" means its last window, settled for all
    units."""

    marks: str = field(default="after_round", metadata=formed(Choice(SHOWN_WHEN)))
    answers: str = field(default="after_round", metadata=formed(Choice(SHOWN_WHEN)))
    """Questions with own answers, right and wrong."""
    explanations: str = field(default="after_round", metadata=formed(Choice(SHOWN_WHEN)))
    """Explanations and sources; only ever together with the answers."""


@dataclass(frozen=True, slots=True)
class RoundRules:
    """One round: its time, its parts, its attempts, and what is shown of it. Windows by unit are not
    rules."""

    key: str = field(metadata=formed(Text(50, required=True)))
    """Names the round in other parts of the document and in results files; never changes."""
    name: str = field(metadata=formed(Text(200, required=True)))
    minutes: int = field(metadata=formed(Whole(1, 600)))
    """The time from Start, in minutes."""
    finish_after_window: bool = field(default=False, metadata=formed(Flag()))
    """May a sitting run on past its window's end?"""
    grace_seconds: int = field(default=5, metadata=formed(Whole(0, 60)))
    """An answer still counts if the server has it by the deadline plus this."""
    late_bound_minutes: int = field(default=10, metadata=formed(Whole(0, 1440)))
    """How long after the deadline late answers are still taken in, kept apart, for the organiser to decide
    on."""
    attempts: AttemptRules = field(default=AttemptRules(), metadata=formed(Record(AttemptRules)))
    parts: tuple[Part, ...] = field(default=(), metadata=formed(Many(PARTS)))
    show: ShowRules = field(default=ShowRules(), metadata=formed(Record(ShowRules)))
    void: str = field(default="full_points", metadata=formed(Choice(VOID)))
    """What a question that was declared void gives."""
    instructions: str = field(default="", metadata=formed(Text(10_000)))
    """The organiser's own words to the contestant, as plain text."""

    @property
    def questions(self) -> int:
        """How many questions one paper of this round has."""
        return sum(part.questions for part in self.parts)

    @property
    def full_points(self) -> Decimal:
        """The most points that a sitting of this round can give."""
        return sum((part.full_points for part in self.parts), Decimal(0))

    @property
    def quizzes(self) -> tuple[QuizPart, ...]:
        """The parts that are drawn from the bank by a blueprint."""
        return tuple(part for part in self.parts if isinstance(part, QuizPart))


@dataclass(frozen=True, slots=True)
class Publication:
    """What the public page shows without sign-in: few names by default, nobody is put on show."""

    leading_places: int = field(default=20, metadata=formed(Whole(0, 1000)))
    """Places up to this are named; everybody who shares the last of them is."""
    unit_totals: bool = field(default=True, metadata=formed(Flag()))
    full_list: bool = field(default=False, metadata=formed(Flag()))
    """The whole list is public: the organiser's recorded choice."""


@dataclass(frozen=True, slots=True)
class ContestRules:
    """The rules of a contest."""

    schema: int = field(default=SCHEMA, metadata=formed(Whole(SCHEMA, SCHEMA)))
    title: str = field(default="", metadata=formed(Text(300, required=True)))
    rounds: tuple[RoundRules, ...] = field(default=(), metadata=formed(Many(Record(RoundRules))))
    ranking: tuple[Criterion, ...] = field(default=(Score(), Seconds()), metadata=formed(Many(CRITERIA)))
    """The criteria in their order: the next decides only where all before it are equal."""
    ties: str = field(default="1,1,3", metadata=formed(Choice(TIES)))
    """How ranks go on after people who are equal on every criterion."""
    publication: Publication = field(default=Publication(), metadata=formed(Record(Publication)))

    def round(self, key: str) -> RoundRules:
        """The round with this key. Raises KeyError where there is none."""
        for one in self.rounds:
            if one.key == key:
                return one
        raise KeyError(key)


_CONTEST = Record(ContestRules)
_ROUND = Record(RoundRules)


def to_plain(rules: ContestRules) -> dict[str, object]:
    """The document as plain values, every field written; equal documents give equal plain values."""
    return _CONTEST.write(rules)


def from_plain(value: object) -> ContestRules:
    """The document that plain values stand for; what is left out takes its default.

    Raises RulesError with every fault of form. Bounds and contradictions are `checking.check`'s business.
    """
    _refuse_other_schema(value)
    return _read(_CONTEST, value)  # type: ignore[no-any-return]


def round_to_plain(rules: RoundRules) -> dict[str, object]:
    """One round's rules as plain values."""
    return _ROUND.write(rules)


def round_from_plain(value: object) -> RoundRules:
    """One round's rules from plain values. Raises RulesError with every fault of form."""
    return _read(_ROUND, value)  # type: ignore[no-any-return]


def _read(form: Record, value: object) -> Any:
    faults: list[Fault] = []
    read = form.read(value, "", faults)
    if faults:
        raise RulesError(faults)
    return read


def _refuse_other_schema(value: object) -> None:
    """A document of a later version is refused as such, before its new keys are called unknown."""
    if isinstance(value, Mapping) and value.get("schema", SCHEMA) != SCHEMA:
        raise RulesError([Fault("schema", f"chỉ đọc được thể lệ phiên bản {SCHEMA}")])


__all__ = [
    "SCHEMA",
    "AttemptRules",
    "BlueprintCell",
    "ContestRules",
    "Fault",
    "Publication",
    "QuizPart",
    "RoundRules",
    "RulesError",
    "ShowRules",
    "from_plain",
    "round_from_plain",
    "round_to_plain",
    "to_plain",
]
