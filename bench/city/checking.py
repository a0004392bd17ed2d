"""The generator's list against what the platform has kept: every acknowledged answer, every result, every place. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.city.ranking import Outcome, count_correct, seconds_used
from bench.city.sender import Row
from bench.city.stored import Journal, StoredSitting

#: Differences told in words; more are only counted.
TOLD = 10


@dataclass(frozen=True)
class Kept:
    """What the generator knows of one sitting: rows acknowledged, rows sent without an answer, its receipt ("" for none) and
    when that came (microseconds since 1970 by the server's clock)."""

    public_id: str
    epoch: int
    acknowledged: Sequence[Row]
    unanswered: Sequence[Row]
    receipt: str
    receipt_at: int = 0


@dataclass
class Comparison:
    """What was compared and what differs."""

    acknowledged: int = 0
    missing: int = 0
    foreign: int = 0
    wrong_answers: int = 0
    wrong_results: int = 0
    told: list[str] = field(default_factory=list)

    def tell(self, what: str) -> None:
        """Keep the first differences in words."""
        if len(self.told) < TOLD:
            self.told.append(what)


def final_answers(kept: Kept, journal: Journal) -> dict[int, list[int]]:
    """What must count: of each question the last answer acknowledged, or a later one that the platform has all the same."""
    best: dict[int, Row] = {}
    for row in kept.acknowledged:
        if row.kind == "answer" and (row.item not in best or row.number > best[row.item].number):
            best[row.item] = row
    for row in kept.unanswered:
        there = row.kind == "answer" and (kept.epoch, row.number) in journal
        if there and (row.item not in best or row.number > best[row.item].number):
            best[row.item] = row
    answers = {item: json.loads(row.payload) for item, row in best.items()}
    return {item: positions for item, positions in answers.items() if positions is not None}


def compare(
    kept: Kept, sitting: StoredSitting, journal: Journal, rows: int, responses: Mapping[int, frozenset[int]],
    keys: Mapping[int, frozenset[int]], into: Comparison,
) -> Outcome:  # fmt: skip
    """Compare one sitting; the outcome is what the generator makes of it, whatever the platform says."""
    into.acknowledged += len(kept.acknowledged)
    for row in kept.acknowledged:
        if journal.get((kept.epoch, row.number), ("", None, ""))[:3] != (row.kind, row.item, row.payload):
            into.missing += 1
            into.tell(f"{kept.public_id}: {row.text} is not in the journal")
    sent = {(kept.epoch, row.number) for row in (*kept.acknowledged, *kept.unanswered)}
    into.foreign += rows - len(journal) + sum(key not in sent and row[0] != "submit" for key, row in journal.items())
    answers = final_answers(kept, journal)
    order = {item: sitting.paper[item]["order"] for item in answers}
    if dict(responses) != {item: frozenset(order[item][p] for p in given) for item, given in answers.items()}:
        into.wrong_answers += 1
        into.tell(f"{kept.public_id}: the final answers differ")
    correct = count_correct(answers, sitting.paper, keys)
    times: dict[str, list[int]] = {"display": [], "submit": [], "answer": []}
    for kind, _item, _payload, received in journal.values():
        times.setdefault(kind, []).append(received)
    pressed = bool(kept.receipt) and bool(times["submit"])
    if kept.receipt and not pressed and kept.receipt_at < sitting.deadline:
        # Pressed too late there is a receipt as well, of what the deadline closed; this one was pressed in time.
        into.wrong_results += 1
        into.tell(f"{kept.public_id}: a submit acknowledged before the deadline is not in the journal")
    seconds = seconds_used(sitting.started, times["display"], times["submit"], times["answer"], pressed)
    by = "contestant" if pressed else "deadline"
    expected = ("submitted", by, str(correct), str(correct), str(seconds), kept.receipt or sitting.receipt)
    score = None if sitting.score is None else sitting.score.normalize() + 0
    found = (
        sitting.state, sitting.submitted_by, str(sitting.correct), str(score), str(sitting.seconds), sitting.receipt
    )  # fmt: skip
    if found != expected:
        into.wrong_results += 1
        into.tell(f"{kept.public_id}: expected {expected}; found {found}")
    return Outcome(sitting.entry, sitting.name, sitting.sort_key, sitting.unit, correct, seconds)
