"""A round of Thanh Trì in preparation, with a bank for parallel forms."""

from __future__ import annotations

from dataclasses import dataclass

from contest.papers.making.asking import Wish, ask_for_forms
from contest.papers.making.models import FormSet
from contest.papers.pool import cells_of
from contest.rounds.models import Round
from contest.rounds.service import add_round, create_contest, round_rules
from contest.rules.parts.quiz import BlueprintCell
from core.database import db, unit_of_work
from core.jobs import run_now
from questions.bank.models import Question
from tests import world as w

TOPIC = "Điều lệ Đảng"
CELLS = (BlueprintCell(topic=TOPIC, level="nhận biết", count=3), BlueprintCell(topic=TOPIC, level="vận dụng", count=2))

#: Words that no two stems share: nothing here is a near-duplicate by chance.
STEMS = ("chi bộ", "đảng phí", "kết nạp", "kỷ luật", "đại hội", "bầu cử", "cấp ủy", "dự bị", "sinh hoạt", "chuyển đi",
         "khen thưởng", "giám sát", "nghị quyết", "hồ sơ", "phát triển", "miễn sinh hoạt")  # fmt: skip


@dataclass
class Made:
    """The round, its questions, and everybody's world."""

    world: w.World
    round: Round
    questions: list[Question]


def make_round(world: w.World, easy: int = 9, hard: int = 6) -> Made:
    """Questions of two levels in the city's bank, and a round of Thanh Trì that asks for three and two of them."""
    with unit_of_work():
        topic = w.add_topic(TOPIC)
        questions = [
            w.add_question(world.city, topic, f"{STEMS[n]} {STEMS[n]} {n} ra sao?", [f"{STEMS[n]} {x}" for x in "KLMN"],
                           level="nhận biết" if n < easy else "vận dụng")
            for n in range(easy + hard)
        ]  # fmt: skip
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi", hotline="1")
        round_ = add_round(contest, "Vòng 1", cells=list(CELLS))
    return Made(world, round_, questions)


def assembled(round_: Round, wish: Wish, kind: str = "parallel") -> FormSet:
    """A set of forms of the round's own blueprint, after its job is done."""
    with unit_of_work():
        form_set, job = ask_for_forms(round_, cells_of(round_rules(round_)), wish, kind=kind)
    done = run_now(job.id)
    assert done.state == "done", done.message
    db.session.refresh(form_set)
    return form_set
