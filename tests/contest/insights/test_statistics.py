"""A settled round's statistics: the job, what starts it, and that it says what the command says of the exported answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from contest.insights.gathering import gather
from contest.insights.jobs import KIND, ask_where_due, occasion_of
from contest.sittings.models import ItemMark, JournalRow, Response, Result, Sitting
from core.database import db, table_of, unit_of_work
from core.database.server_time import ManualClock, now
from core.jobs import Job, run_now
from core.jobs.periodic import tasks
from questions.bank.models import Question
from questions.statistics.commands import statistics_command
from questions.statistics.models import Analysis, ItemStatistic
from questions.statistics.stored import current_analysis, history_of, latest_difficulty, sweep
from tests.contest.standings.rounds_for_tests import Finished, Sat, finish_round, open_for, settle, sit

EVERYBODY = [Sat(f"Người {n}", right=r, seconds=60 + n) for n, r in enumerate((4, 4, 3, 2, 2, 1, 1, 0))]


def run_due() -> Job:
    """What the worker does: ask where it is due, then carry it out."""
    assert len(ask_where_due()) == 1
    job = db.session.scalars(select(Job).where(Job.kind == KIND).order_by(Job.id.desc())).first()
    assert job is not None
    return run_now(job.id)


def stored(finished: Finished) -> tuple[Analysis, dict[int, ItemStatistic]]:
    """The current statistics and their rows by question version."""
    db.session.rollback()
    analysis = current_analysis(occasion_of(finished.round))
    assert analysis is not None
    rows = db.session.scalars(select(ItemStatistic).where(ItemStatistic.analysis_id == analysis.id))
    return analysis, {row.version_id: row for row in rows}


def same_paper(finished: Finished) -> None:
    """Everybody's answers on one and the same paper of four questions: what the command's table is made for."""
    papers = {s.id: s.paper for s in db.session.scalars(select(Sitting))}
    first = next(iter(papers.values()))
    with unit_of_work() as session:
        for sitting in session.scalars(select(Sitting)):
            sitting.paper = [{**mine, "item": one["item"], "version": one["version"]}
                             for mine, one in zip(sitting.paper, first, strict=True)]  # fmt: skip
        for position, drawn in enumerate(first):
            for model in (Response, ItemMark):
                c = table_of(model).c
                session.execute(update(table_of(model)).where(c.item == position).values(version_id=drawn["version"]))


def exported(finished: Finished, folder: Path) -> list[str]:
    """The round's answers as the command takes them: files, and the versions in the columns' order."""
    chosen = dict.fromkeys(v for (v,) in db.session.execute(select(ItemMark.version_id).order_by(ItemMark.item)))
    with (folder / "r.csv").open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["người", *chosen])
        for sitting in db.session.scalars(select(Sitting).order_by(Sitting.id)):
            answers = {r.version_id: r.answer
                       for r in db.session.scalars(select(Response).where(Response.sitting_id == sitting.id))}  # fmt: skip
            writer.writerow([sitting.id, *("ABCD"[answers[v][0]] for v in chosen)])
    with (folder / "k.csv").open("w", newline="") as out:
        csv.writer(out).writerows([["item", "key"], *([v, "A"] for v in chosen)])
    return [str(v) for v in chosen]


def test_the_job_says_what_the_command_says_of_the_same_answers(
    app: Flask, clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = finish_round(clock, EVERYBODY)
    same_paper(finished)
    job = run_due()
    assert job.state == "done", job.message
    exported(finished, tmp_path)
    assert statistics_command(["--responses", str(tmp_path / "r.csv"), "--key", str(tmp_path / "k.csv"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    analysis, rows = stored(finished)
    assert analysis.people == told["paper"]["n"] == len(EVERYBODY)
    for name in ("mean", "sd", "alpha", "sem"):
        assert getattr(analysis, name) == pytest.approx(told["paper"][name], abs=2e-6), name
    assert len(told["items"]) == len(rows) == 4
    for item in told["items"]:
        row = rows[int(item["id"])]
        for name in ("n", "difficulty", "discrimination", "upper_lower"):
            assert getattr(row, name) == pytest.approx(item[name], abs=2e-6), name
        # The platform knows options that nobody chose; the command those up to the last one chosen.
        options = {one["name"]: (one["share"], one["mean_rest"]) for one in row.options}
        for name, option in item["options"].items():
            assert options[name] == pytest.approx((option["share"], option["mean_rest"]), abs=2e-6)
        assert [f for f in row.flags.split() if f != "unused_option"] == [f for f in item["flags"] if f != "unused_option"]
    # What was made is given to the assembly; few people say nothing unless that is asked for.
    assert latest_difficulty(rows) == {}
    assert {v: d.value for v, d in latest_difficulty(rows, least=1).items()} == {v: r.difficulty for v, r in rows.items()}
    assert ask_where_due() == [] and latest_difficulty([]) == {}


def test_with_a_draw_each_question_has_its_own_people_and_new_results_make_new_statistics(
    sqlite_app: Flask, clock: ManualClock
) -> None:
    finished = finish_round(clock, [*EVERYBODY, Sat("Ngoài giải", right=4, ranked=False)])
    assert run_due().state == "done"
    first, rows = stored(finished)
    assert (first.people, first.details["left_out"]) == (8, 1)
    assert sum(row.held for row in rows.values()) == 8 * 4 and sum(row.n for row in rows.values()) == 8 * 4
    assert first.mean == pytest.approx(17 / 8)
    assert sum(people for _total, people in first.details["totals"]) == 8
    assert sorted(row.position for row in rows.values()) == list(range(1, len(rows) + 1))
    # Somebody's newest result has one right answer more: the earlier statistics give way and are swept.
    newest = db.session.scalars(select(Result).order_by(Result.id.desc())).first()
    assert newest is not None
    with unit_of_work() as session:
        again = Result(sitting_id=newest.sitting_id, number=2, score=newest.score, max_score=newest.max_score,
                       correct=newest.correct, seconds_used=60, reason="chấm lại", created_at=now())  # fmt: skip
        session.add(again)
        session.flush()
        for mark in session.scalars(select(ItemMark).where(ItemMark.result_id == newest.id)).all():
            session.add(ItemMark(result_id=again.id, item=mark.item, version_id=mark.version_id, points=mark.points,
                                 state="void" if mark.item == 0 else "marked", max_points=mark.max_points,
                                 correct=mark.correct))  # fmt: skip
    assert run_due().state == "done"
    second, _rows = stored(finished)
    assert second.id != first.id and second.details["left_out"] == 1
    assert sweep() == 1 and db.session.scalar(select(Analysis.id).where(Analysis.id != second.id)) is None


def test_nothing_is_made_before_the_round_has_settled(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = open_for(clock, EVERYBODY[:1])
    sit(clock, finished, EVERYBODY[0].name, 2, 60)
    assert ask_where_due() == []
    settle(clock, finished)
    assert ask_where_due() == [finished.round.id]
    assert ask_where_due() == []  # it has been asked for already
    assert "insights.ask" in {task.name for task in tasks()}


def test_the_journal_tells_who_reached_a_question_and_how_long_the_first_answer_took(
    sqlite_app: Flask, clock: ManualClock
) -> None:
    finished = open_for(clock, EVERYBODY[:1])
    sitting = sit(clock, finished, EVERYBODY[0].name, 4, 60)
    settle(clock, finished)
    begun = int(now().timestamp() * 1_000_000)

    def row(sequence: int, kind: str, item: int | None, second: float | None) -> dict[str, object]:
        at = None if second is None else db_time(begun + int(second * 1_000_000))
        return {"sitting_id": sitting.id, "epoch": 1, "sequence": sequence, "kind": kind, "item": item, "step": 1,
                "version_id": None, "payload": "null", "received_at": now(), "client_at": at}  # fmt: skip

    from core.database import from_microseconds as db_time

    with unit_of_work() as session:
        session.query(JournalRow).delete()
        session.query(Response).filter(Response.item > 0).delete()
        session.execute(update(table_of(ItemMark)).where(table_of(ItemMark).c.item > 0).values(correct=False))
        session.execute(table_of(JournalRow).insert(), [
            row(1, "display", 0, 0), row(2, "answer", 0, 12.5), row(3, "answer", 0, 30),  # 12.5 s: the first answer
            row(4, "display", 1, 40), row(5, "focus", None, 41), row(6, "answer", 1, 90),  # away between: no time
            row(7, "display", 2, 95),  # shown and left empty: passed over, so wrong; question 4 was never seen
        ])  # fmt: skip
    found = gather(db.engine, finished.round.id)
    assert list(found.table.scores) == [1, 0, 0, -1]
    assert [list(times) for times in found.times] == [[12_500], [], [], []]
    assert found.seconds(0) == 12.5 and found.seconds(1) is None


def test_a_question_remembers_every_round(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, EVERYBODY)
    run_due()
    _analysis, rows = stored(finished)
    version = next(iter(rows))
    question = db.session.scalar(select(Question).where(Question.approved_version_id == version))
    assert question is not None
    assert [(row.version_id, row.analysis.title) for row in history_of(question.id)] == [
        (version, "Vòng 1 · Hội thi Bí thư chi bộ giỏi")
    ]
