"""A job is planned, done step by step and closed; what was done is never done again."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, g
from sqlalchemy import select

from core.access import Actor
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.jobs import Job, enqueue, run_now, running
from core.jobs.service import request_cancel
from tests.core.jobs.kinds_for_tests import Counting, happenings, steps_recorded


def asked(steps: int, **more: int) -> Job:
    with unit_of_work():
        return enqueue("test.count", {"steps": steps, **more}, title="Đếm", unit_path="/1/")


def test_a_job_runs_to_its_end(app: Flask) -> None:
    job = run_now(asked(3).id)
    assert (job.state, job.steps_done, job.steps_total, job.message) == ("done", 3, 3, "Đã đếm 3")
    assert job.result == {"url": "/noi-khac", "label": "Xem số đếm"}
    assert job.finished_at is not None
    assert steps_recorded() == [1, 2, 3]
    assert happenings() == ["plan", "finish"]


def test_a_job_without_steps_is_done_at_once(app: Flask) -> None:
    assert run_now(asked(0).id).state == "done"


def test_a_repeated_step_is_not_done_twice(app: Flask) -> None:
    job = asked(3)
    assert running.begin(job.id) == 3
    assert running.perform(job.id, 1)
    assert running.perform(job.id, 1)
    assert running.begin(job.id) == 3
    assert run_now(job.id).state == "done"
    assert run_now(job.id).state == "done"
    assert steps_recorded() == [1, 2, 3]
    assert happenings() == ["plan", "finish"]


def test_the_mark_of_a_step_falls_with_the_step(app: Flask) -> None:
    job = asked(3, break_at=2)
    running.begin(job.id)
    running.perform(job.id, 1)
    with pytest.raises(ZeroDivisionError):
        running.perform(job.id, 2)
    db.session.expire_all()
    assert db.session.get_one(Job, job.id).steps_done == 1
    assert steps_recorded() == [1]


def test_a_broken_step_closes_the_job_without_technical_words(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        job = run_now(asked(3, break_at=2).id)
    assert job.state == "failed"
    assert "lỗi của hệ thống" in job.message and job.public_id in job.message
    assert "secret" not in job.message and "Error" not in job.message
    assert "ZeroDivisionError: secret detail" in caplog.text
    assert steps_recorded() == [1]
    assert happenings() == ["plan", "failed"]


def test_what_a_kind_says_about_bad_input_reaches_the_person(app: Flask) -> None:
    job = run_now(asked(3, refuse_at=2).id)
    assert (job.state, job.message) == ("failed", "Tệp này không có dòng nào.")


def test_tidying_up_that_fails_too_still_closes_the_job(
    app: Flask, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(job: Job) -> None:
        raise RuntimeError

    monkeypatch.setattr(counting, "failed", broken)
    assert run_now(asked(2, refuse_at=1).id).state == "failed"


def test_a_job_stops_between_two_steps(app: Flask) -> None:
    job = asked(3)
    running.begin(job.id)
    running.perform(job.id, 1)
    with unit_of_work():
        assert request_cancel(db.session.get_one(Job, job.id))
    assert running.perform(job.id, 2) is False
    running.finish(job.id)
    assert run_now(job.id).state == "cancelled"
    assert steps_recorded() == [1]
    assert happenings() == ["plan", "cancelled"]


def test_a_job_cancelled_while_waiting_is_never_planned(app: Flask) -> None:
    job = asked(3)
    with unit_of_work():
        request_cancel(db.session.get_one(Job, job.id))
    assert run_now(job.id).state == "cancelled"
    assert happenings() == ["cancelled"]


def test_nothing_is_left_to_cancel_in_a_job_that_is_over(app: Flask) -> None:
    job = run_now(asked(1).id)
    with unit_of_work():
        assert not request_cancel(db.session.get_one(Job, job.id))


def test_slow_work_is_prepared_outside_the_unit_of_work(
    app: Flask, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []

    def prepare(job: Job, number: int) -> int:
        inside.append(g.get("unit_of_work_open", False))
        return number * 10

    monkeypatch.setattr(counting, "prepare", prepare)
    run_now(asked(2).id)
    assert inside == [False, False, False]
    details = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "test.step")).all()
    assert details == [{"prepared": 10}, {"prepared": 20}]


def test_the_audit_chain_names_who_asked(app: Flask) -> None:
    g.actor = Actor(5, "Nguyễn Thị Lan")
    job = asked(1)
    g.actor = Actor(6, "người khác")
    run_now(job.id)
    assert set(db.session.scalars(select(AuditEntry.actor))) == {"Nguyễn Thị Lan"}
    assert g.actor.label == "người khác"
    assert job.account_id == 5


def test_a_kind_that_this_version_does_not_know_is_said_so(app: Flask) -> None:
    with unit_of_work():
        job = enqueue("test.count", {"steps": 1}, title="Đếm", unit_path="/1/")
        job.kind = "kind.of.yesterday"
    assert run_now(job.id).message == "Phiên bản phần mềm đang chạy không biết loại công việc này."
