"""The demo: enough of everything, sittings that really were sat, and always a round that is open."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.demo import commands, loading, showing
from contest.demo.accounts import kept_passwords
from contest.demo.hours import at, open_hours
from contest.demo.loading import Demo, Refused, load
from contest.demo.rounds import (
    SITTINGS,
    is_over,
    newest_open_round,
    offered_contestants,
    sample_contest,
)
from contest.papers.sheets import wordings
from contest.rounds.models import Contest, Entry, Round
from contest.rounds.service import round_rules
from contest.sittings.finishing import journal_rows
from contest.sittings.folding import fold
from contest.sittings.frozen_rules import marking_of
from contest.sittings.marks import mark_paper
from contest.sittings.models import ApartRow, JournalRow, Response, Result, Sitting
from contest.sittings.service import seats_of
from contest.standings import service
from contest.standings.models import StandingRow
from core.accounts.models import Account, Person
from core.accounts.slips import clean
from core.audit.chain import first_break
from core.audit.models import AuditEntry
from core.database import Model, db
from core.database.server_time import ManualClock
from core.jobs import Job
from core.organisation.models import Unit
from questions.bank.models import Question, QuestionVersion, ReviewNote, Topic
from tests.conftest import MORNING
from tests.contest.demo.conftest import Interrupted, app_over
from tests.starts import start_sitting


def count(model: type[Model], *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def contest() -> Contest:
    found = sample_contest()
    assert found is not None
    return found


def finished() -> Round:
    return contest().rounds[0]


# --- What is there ---------------------------------------------------------------------------------------------------


def test_the_tree_has_two_districts_with_their_cells(demo_app: Flask) -> None:
    assert count(Unit, Unit.level == "cell") >= 200
    assert {u.name for u in db.session.scalars(select(Unit).where(Unit.level == "district"))} == {
        "Huyện Thanh Trì", "Huyện Phúc Thọ",
    }  # fmt: skip
    assert count(Unit, Unit.name == "Xã Tam Hiệp") == 2


def test_the_bank_is_approved_by_somebody_who_did_not_write_it(demo_app: Flask) -> None:
    approved = list(db.session.scalars(select(Question).where(Question.approved_version_id.is_not(None))))
    topics = {q.approved_version.topic_id for q in approved if q.approved_version}
    assert len(approved) >= 150
    assert len(topics) >= 6
    approvals = select(ReviewNote, Question).join(Question, Question.id == ReviewNote.question_id)
    pairs = db.session.execute(approvals.where(ReviewNote.kind == "approved")).all()
    assert len(pairs) >= len(approved)
    assert all(note.account_id != question.author_id for note, question in pairs)


def test_some_questions_are_still_being_written_and_talked_about(demo_app: Flask) -> None:
    states = Counter(db.session.scalars(select(Question.state)))
    assert states["draft"] >= 2
    assert states["in_review"] >= 2
    assert count(ReviewNote, ReviewNote.kind == "returned") >= 1
    assert count(ReviewNote, ReviewNote.kind == "comment") >= 1
    changed = Question.approved_version_id != Question.current_version_id
    assert count(Question, Question.approved_version_id.is_not(None), changed) == 1


def test_every_question_stands_on_a_document(demo_app: Flask) -> None:
    assert count(QuestionVersion, QuestionVersion.source_id.is_(None)) == 0
    assert count(QuestionVersion, QuestionVersion.topic_id.is_(None)) == 0
    assert count(Topic) == 7


def test_every_cell_of_both_districts_has_a_secretary_who_takes_part(demo_app: Flask) -> None:
    people = list(db.session.scalars(select(Person)))
    assert len(people) >= 330
    cells = select(Unit.id).where(Unit.level == "cell", Unit.full_name.contains("Huyện"))
    assert {p.unit_id for p in people} == set(db.session.scalars(cells))
    assert all(p.phone.startswith("0912000") and "(mẫu)" in p.position for p in people)
    assert all(p.birth_date is not None and 1956 <= p.birth_date.year <= 1985 for p in people)
    assert count(Entry, Entry.ranked) == len(people)


def test_the_contest_is_marked_as_a_sample(demo_app: Flask) -> None:
    assert contest().is_sample
    assert "dữ liệu mẫu" in contest().name
    assert contest().unit.name == "Thành ủy Hà Nội"


def test_the_audit_chain_is_sound_and_runs_forward(demo_app: Flask) -> None:
    assert first_break() is None
    moments = list(db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)))
    assert moments == sorted(moments)


# --- The finished round ----------------------------------------------------------------------------------------------


def test_the_finished_round_was_sat_in_the_morning_and_in_the_afternoon(demo_app: Flask) -> None:
    round_ = finished()
    day = MORNING - timedelta(days=loading.FINISHED)
    hours = {w.unit.name: (w.opens_at.hour + 7, w.closes_at.hour + 7, w.opens_at.date()) for w in round_.windows}
    assert hours == {"Huyện Thanh Trì": (8, 9, day.date()), "Huyện Phúc Thọ": (14, 15, day.date())}
    assert (round_.name, round_.state) == ("Vòng 1", "closed")
    assert (round_rules(round_).questions, round_rules(round_).minutes) == (30, 25)
    assert len({w.pool_part for w in round_.windows}) == 2


def test_every_sitting_went_through_start_save_and_submit(demo_app: Flask) -> None:
    sittings = list(db.session.scalars(select(Sitting).where(Sitting.round_id == finished().id)))
    assert len(sittings) == SITTINGS == 300
    assert {s.state for s in sittings} == {"submitted"}
    by = Counter(s.submitted_by for s in sittings)
    assert by["contestant"] >= 280
    assert by["deadline"] >= 3
    assert sum(s.epoch > 1 for s in sittings) >= 2
    for sitting in sittings:
        window = sitting.window
        assert window.opens_at <= sitting.started_at < window.closes_at
        assert sitting.submitted_at is not None
        assert sitting.started_at < sitting.submitted_at <= sitting.deadline
    assert count(ApartRow) == 0


def test_some_who_were_entered_never_came(demo_app: Flask) -> None:
    assert 20 <= count(Entry) - SITTINGS <= 80


def test_the_journals_refold_to_the_results(demo_app: Flask) -> None:
    marking = None
    with db.engine.connect() as connection:
        for sitting in db.session.scalars(select(Sitting).where(Sitting.round_id == finished().id)):
            rows = journal_rows(connection, sitting.id)
            folded = fold(rows)
            texts = wordings.get(connection, [drawn["version"] for drawn in sitting.paper])
            marking = marking or marking_of(connection, sitting.round_id)
            marked = mark_paper(sitting.paper, folded.answers, texts, marking)
            result = db.session.scalars(select(Result).where(Result.sitting_id == sitting.id)).one()
            assert result.score == sum(m.points or 0 for m in marked)
            assert result.correct == sum(bool(m.correct) for m in marked)
            stored = db.session.scalars(select(Response).where(Response.sitting_id == sitting.id))
            answers = {r.item: r.answer for r in stored}
            assert answers == {m.item: m.answer for m in marked if m.answer is not None}
            assert all(sitting.started_at <= row.received_at <= sitting.deadline for row in rows)
            assert 0 < result.seconds_used <= 25 * 60


def test_people_change_answers_flag_questions_and_differ(demo_app: Flask) -> None:
    kinds = Counter(db.session.scalars(select(JournalRow.kind)))
    assert kinds["answer"] > count(Response) > 0.9 * 300 * 30
    assert kinds["flag"] > 300
    scores = Counter(db.session.scalars(select(Result.correct)))
    assert len(scores) > 12
    assert max(scores.values()) < 60


def test_the_leaderboard_was_confirmed_by_a_second_person_and_is_public(demo_app: Flask) -> None:
    standing = service.published(finished())
    assert standing is not None
    assert (standing.summary["sat"], standing.summary["entries"]) == (SITTINGS, count(Entry))
    assert standing.prepared_by_id != standing.confirmed_by_id
    assert not service.is_stale(standing)
    last_window = max(w.closes_at for w in finished().windows)
    assert standing.confirmed_at is not None
    assert standing.published_at is not None
    assert last_window < standing.prepared_at < standing.confirmed_at < standing.published_at < MORNING
    assert count(StandingRow, StandingRow.standing_id == standing.id) == SITTINGS
    assert count(Job, Job.state != "done") == 0


# --- The open round --------------------------------------------------------------------------------------------------


def test_the_open_round_can_be_started_by_the_three_contestants_on_offer(demo_app: Flask) -> None:
    round_ = newest_open_round(contest())
    assert round_ is not None
    assert (round_.name, round_rules(round_).questions, round_rules(round_).minutes) == ("Vòng 2", 20, 25)
    assert {cell.topic for quiz in round_rules(round_).quizzes for cell in quiz.blueprint} == {
        t.name for t in db.session.scalars(select(Topic))
    }
    offered = offered_contestants(round_)
    assert len({unit.parent_id for _person, unit in offered}) == 3
    for person, _unit in offered:
        seat = seats_of(person)[0]
        assert seat.round.id == round_.id
        assert start_sitting(seat, "0" * 64).created


def test_who_has_begun_is_not_offered_again(demo_app: Flask) -> None:
    round_ = newest_open_round(contest())
    assert round_ is not None
    first, _unit = offered_contestants(round_)[0]
    start_sitting(seats_of(first)[0], "0" * 64)
    assert first.id not in {person.id for person, _unit in offered_contestants(round_)}


@pytest.mark.parametrize(
    ("hour", "minute", "closes"), [(8, 7, (24, 23)), (16, 59, (24, 23)), (20, 15, (25, 3)), (23, 30, (25, 6))]
)
def test_a_round_stays_open_until_the_evening_or_at_least_six_hours(
    hour: int, minute: int, closes: tuple[int, int]
) -> None:
    moment = at(MORNING, MORNING.time()) + timedelta(hours=hour - 1, minutes=minute)
    opens, end = open_hours(moment)
    assert timedelta(0) <= moment - opens < timedelta(minutes=5)
    assert end - moment >= timedelta(hours=6)
    assert (end.day, end.hour) == closes


# --- Again -----------------------------------------------------------------------------------------------------------


def tables() -> dict[str, int]:
    return {model.__name__: count(model) for model in (Unit, Account, Person, Question, Round, Sitting, AuditEntry)}


def test_loading_again_changes_nothing(demo_app: Flask) -> None:
    before = tables()
    assert load() is False
    commands.before_serving()
    assert tables() == before


def test_the_next_round_is_opened_once_the_last_one_is_over(demo_app: Flask, clock: ManualClock) -> None:
    assert not is_over(contest())
    clock.advance(16 * 3600)
    commands.before_serving()
    commands.before_serving()
    assert [r.name for r in contest().rounds] == ["Vòng 1", "Vòng 2", "Vòng 3"]
    round_ = newest_open_round(contest())
    assert round_ is not None
    assert round_.name == "Vòng 3"
    assert len(offered_contestants(round_)) == 3


def test_an_interrupted_load_goes_on_where_it_was(
    interrupted_folder: Path, demo_copy: Path, tmp_path: Path, clock: ManualClock
) -> None:
    for _app in app_over(Path(shutil.copytree(interrupted_folder, tmp_path / "interrupted"))):
        assert loading.state() is Demo.UNFINISHED
        before, passwords = tables(), kept_passwords()
    for _app in app_over(demo_copy):
        assert loading.state() is Demo.LOADED
        after = tables()
        assert kept_passwords() == passwords
    assert {name for name in before if before[name] != after[name]} == {"Round", "Sitting", "AuditEntry"}


def test_a_load_interrupted_amid_the_sittings_ends_with_every_sitting_finished(
    interrupted_folder: Path, tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.demo.rounds.SITTINGS", 12)
    for _app in app_over(Path(shutil.copytree(interrupted_folder, tmp_path / "instance"))):
        with monkeypatch.context() as patched, pytest.raises(Interrupted):
            patched.setattr("contest.demo.simulation._press", interrupt)
            load()
        assert 0 < count(Sitting, Sitting.state == "open") <= 12
        assert load()
        assert count(Sitting) == count(Sitting, Sitting.state == "submitted") == 12
        assert finished().state == "closed"


def interrupt(_engine: object, players: list[object], _clock: object) -> None:
    if players:
        raise Interrupted


def test_a_database_with_other_data_is_left_alone(sqlite_app: Flask) -> None:
    from tests.world import make_world

    make_world()
    with pytest.raises(Refused):
        load()
    commands.before_serving()
    assert count(Account) == 0


# --- Who may come in -------------------------------------------------------------------------------------------------


def test_passwords_are_in_a_file_for_its_owner_only_and_open_the_accounts(demo_app: Flask, demo_copy: Path) -> None:
    file = demo_copy / "demo-accounts.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in demo_copy.glob("*demo-accounts*")} == {"demo-accounts.txt"}
    lines = [line.split() for line in file.read_text().splitlines() if not line.startswith("#")]
    assert len({password for _name, password in lines}) == 4
    for username, password in lines:
        answer = demo_app.test_client().post("/dang-nhap", data={"username": username, "password": password})
        assert answer.status_code in (302, 303), username


def test_the_terminal_shows_how_to_come_in_at_every_start(
    demo_app: Flask, demo_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.before_serving()
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:5000/dang-nhap" in shown
    for line in (demo_copy / "demo-accounts.txt").read_text().splitlines():
        if not line.startswith("#"):
            assert all(word in shown for word in line.split())
    codes = [clean(line[:23]) for line in showing.lines() if clean(line[:23]).isdigit()]
    assert len(codes) == 3
    for code in codes:
        answer = demo_app.test_client().post("/thi", data={"ma": code})
        assert (answer.status_code, answer.location) == (303, "/thi/xac-nhan")


def test_a_lost_file_means_new_passwords(demo_app: Flask, demo_copy: Path) -> None:
    file = demo_copy / "demo-accounts.txt"
    old = file.read_text()
    file.unlink()
    list(showing.lines())
    assert file.read_text() != old
    assert file.stat().st_mode & 0o777 == 0o600
    assert all("đã đổi" not in line for line in showing.lines())


def test_a_password_that_was_changed_is_not_shown_as_valid(demo_app: Flask, demo_copy: Path) -> None:
    file = demo_copy / "demo-accounts.txt"
    file.write_text(file.read_text().replace("rade ", "rade x"))
    rade = next(line for line in showing.lines() if "rade" in line)
    assert "đã đổi" in rade


def test_beyond_loopback_nothing_is_loaded_shown_or_let_in(
    demo_copy: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (demo_copy / "demo-accounts.txt").read_text().splitlines()
    username, password = next(line for line in lines if not line.startswith("#")).split()
    for app in app_over(demo_copy, host="0.0.0.0"):
        answer = app.test_client().post("/dang-nhap", data={"username": username, "password": password})
        assert answer.status_code == 401
        clock.advance(16 * 3600)
        commands.before_serving()
        assert password not in capsys.readouterr().out
        assert len(contest().rounds) == 2


def test_beyond_loopback_an_empty_database_stays_empty(
    sqlite_template: Path, tmp_path: Path, clock: ManualClock
) -> None:
    shutil.copy(sqlite_template, tmp_path / "hoithi.sqlite")
    for app in app_over(tmp_path, host="0.0.0.0"):
        with pytest.raises(Refused):
            load()
        commands.before_serving()
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code != 0
        assert "mở ra ngoài" in result.output
        assert loading.state() is Demo.EMPTY
        assert not (tmp_path / "demo-accounts.txt").exists()
