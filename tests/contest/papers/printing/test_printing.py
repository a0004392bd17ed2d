"""Printing a round's paper: who may, what the forms hold, the files of the job, and what stays of them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from contest.papers.opening import open_round
from contest.papers.pool import PoolShort
from contest.papers.printing.drawn import OWN, Order, paper_of
from contest.papers.printing.jobs import ask_for_paper, discard_old_papers
from contest.papers.printing.model import PrintedForm
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Round
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.documents import uploads
from core.jobs import Job, run_now
from questions.interchange.docx import read
from tests import world as w
from tests.contest.conftest import Enter, text_of

TT = "Huyện Thanh Trì"
COUNT = 4


def make_round(world: w.World, questions: int = 10) -> Round:
    """A round of Thanh Trì in preparation: its own questions, four a paper, one window tomorrow."""
    district = world.districts[TT]
    with unit_of_work():
        topic = w.add_topic("Điều lệ Đảng")
        for number in range(questions):
            w.add_question(district, topic, f"Câu hỏi thứ {number}?", correct=[number % 4])
        contest: Contest = create_contest(district, "Hội thi Bí thư chi bộ giỏi", bank_unit=district, hotline="1")
        round_ = add_round(contest, "Vòng 1", cells=[BlueprintCell(topic="Điều lệ Đảng", count=COUNT)])
        begin = now() + timedelta(days=1)
        set_windows(round_, [WindowPlan(district, begin, begin + timedelta(hours=1))])
        enter_people(contest, [w.add_person(world.cells[f"Chi bộ thôn 1, Xã Đông Mỹ, {TT}"], "Nguyễn Văn An")])
    return round_


def stems(form: PrintedForm) -> list[str]:
    return [question.printed.stem for question in form.questions]


def fetched(job: Job) -> bytes:
    return uploads.path_of((job.result or {})["file"]).read_bytes()


# ---- the forms ----


def test_a_round_is_printed_before_and_after_it_is_opened_and_the_seed_gives_the_same_again(app: Flask) -> None:
    round_ = make_round(w.make_world())
    order = Order(seed="2026", forms=3)
    coming = paper_of(round_, order)
    assert coming == paper_of(round_, order) != paper_of(round_, Order(seed="2027", forms=3))
    with unit_of_work():
        open_round(round_)
    opened = paper_of(round_, order)
    assert opened == paper_of(round_, order)
    for printed in (coming, opened):
        assert [form.code for form in printed.forms] == ["101", "102", "103"]
        first = stems(printed.forms[0])
        assert all(len(form.questions) == COUNT == len(set(stems(form))) for form in printed.forms)
        assert all(set(stems(form)) == set(first) for form in printed.forms[1:])
        assert len({tuple(stems(form)) for form in printed.forms}) > 1


def test_each_key_is_the_letter_under_which_its_form_shows_the_right_option(sqlite_app: Flask) -> None:
    printed = paper_of(make_round(w.make_world()), Order(seed="1", forms=6))
    shown = [question for form in printed.forms for question in form.questions]
    assert len({question.printed.key for question in shown}) > 1
    for question in shown:
        number = int(re.findall(r"\d+", question.printed.stem)[0])
        right = ("Một", "Hai", "Ba", "Bốn")[number % 4]
        assert [one.letter for one in question.printed.options if one.text == right] == [question.printed.key]
        assert question.explanation == f"Giải thích: {question.printed.stem}"
        assert question.source == "Điều 1 Điều lệ Đảng"


def test_forms_may_draw_questions_of_their_own(sqlite_app: Flask) -> None:
    printed = paper_of(make_round(w.make_world(), questions=40), Order(seed="1", forms=4, questions=OWN))
    assert len({frozenset(stems(form)) for form in printed.forms}) > 1


def test_a_bank_that_is_too_small_fails_in_plain_words(sqlite_app: Flask) -> None:
    round_ = make_round(w.make_world(), questions=COUNT - 1)
    with pytest.raises(PoolShort):
        paper_of(round_, Order(seed="1"))
    with unit_of_work():
        job = ask_for_paper(round_, Order(seed="1"))
    done = run_now(job.id)
    assert done.state == "failed" and "không đủ câu" in done.message
    assert list(uploads.folder().iterdir()) == []


# ---- the job ----


def test_the_job_packs_papers_sheets_and_keys_with_the_keys_apart(app: Flask) -> None:
    round_ = make_round(w.make_world())
    with unit_of_work():
        job = ask_for_paper(round_, Order(seed="bí mật", forms=2))
    done = run_now(job.id)
    assert (done.state, done.message) == ("done", "Đã in xong 6 tệp")
    with zipfile.ZipFile(io.BytesIO(fetched(done))) as pack:
        assert pack.namelist() == [
            "de-thi-101.pdf", "de-thi-102.pdf", "phieu-tra-loi.pdf",
            "dap-an/dap-an.pdf", "dap-an/giai-thich-101.pdf", "dap-an/giai-thich-102.pdf",
        ]  # fmt: skip
        for name in pack.namelist()[:3]:
            text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pack.read(name))).pages)
            assert "Đáp án" not in text and "Giải thích" not in text
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("paper.print"))).all()
    assert [entry.action for entry in entries] == ["paper.print_asked", "paper.printed"]
    assert entries[0].details["forms"] == 2 and entries[0].details["keys"] is True
    assert "bí mật" not in str([entry.details for entry in entries])


def test_one_form_alone_is_one_word_file_that_says_no_key(sqlite_app: Flask) -> None:
    round_ = make_round(w.make_world())
    with unit_of_work():
        job = ask_for_paper(round_, Order(seed="1", format="docx", sheets=False, keys=False))
    done = run_now(job.id)
    assert (done.result or {})["name"] == "de-thi-101.docx"
    found = read(fetched(done))
    assert len(found.questions) == COUNT and not any(question.correct for question in found.questions)


def test_after_a_day_the_file_is_gone(sqlite_app: Flask, clock: ManualClock) -> None:
    round_ = make_round(w.make_world())
    with unit_of_work():
        job = ask_for_paper(round_, Order(seed="1"))
    run_now(job.id)
    clock.advance(23 * 3600)
    assert discard_old_papers() == 0
    clock.advance(2 * 3600)
    assert discard_old_papers() == 1
    assert list(uploads.folder().iterdir()) == []
    assert discard_old_papers() == 0


# ---- the pages ----


def form_for(**more: Any) -> dict[str, Any]:
    """The form as the page offers it, with two forms."""
    plain = {"part": "0", "forms": "2", "first_code": "201", "questions": "same", "seed": "7", "columns": "2", "format": "pdf"}
    return {**plain, "sheets": "y", "keys": "y", **more}


def test_a_setter_finds_the_round_asks_and_fetches_the_file(as_: Enter, world: w.World) -> None:
    round_ = make_round(world)
    browser = as_("rade")
    assert "Vòng 1" in text_of(browser.get("/quan-tri/in-de"))
    url = f"/quan-tri/vong-thi/{round_.public_id}/in-de"
    page = browser.get(url)
    assert page.status_code == 200 and "4 câu, " in text_of(page)
    answer = browser.post(url, data=form_for())
    job = db.session.scalars(select(Job)).one()
    assert answer.status_code == 303 and answer.location == f"/viec/{job.public_id}?theo=1"
    result = run_now(job.id).result or {}
    file = browser.get(result["url"])
    assert file.status_code == 200 and file.headers["Cache-Control"] == "no-store"
    assert "de-thi.zip" in file.headers["Content-Disposition"] and "ETag" not in file.headers
    with zipfile.ZipFile(io.BytesIO(file.data)) as pack:
        assert "de-thi-202.pdf" in pack.namelist()
    fetches = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "paper.fetched")).all()
    assert [entry.details["job"] for entry in fetches] == [job.public_id]
    uploads.discard(result["file"])
    assert "chỉ giữ một ngày" in text_of(browser.get(result["url"], follow_redirects=True))


def test_what_cannot_be_printed_is_said_at_its_field(as_: Enter, world: w.World) -> None:
    browser, url = as_("rade"), f"/quan-tri/vong-thi/{make_round(world).public_id}/in-de"
    for wrong, said in (
        ({"forms": "13"}, "Từ 1 đến 12 mã đề."),
        ({"forms": "không"}, "Xin nhập một số nguyên."),
        ({"first_code": "0"}, "Xin ghi một số từ 1 đến 9987."),
        ({"seed": " "}, "Xin ghi số bốc thăm."),
        ({"columns": "3"}, "Xin chọn một mục trong danh mục."),
        ({"format": "exe"}, "Xin chọn một mục trong danh mục."),
        ({"questions": "x"}, "Xin chọn một mục trong danh mục."),
        ({"part": "9"}, "Xin chọn một mục trong danh mục."),
    ):
        answer = browser.post(url, data=form_for(**wrong))
        assert answer.status_code == 422 and said in text_of(answer), wrong
    assert db.session.scalars(select(Job)).all() == []


def test_a_bank_that_is_too_small_is_said_before_anything_is_asked(as_: Enter, world: w.World) -> None:
    round_ = make_round(world, questions=1)
    browser, url = as_("rade"), f"/quan-tri/vong-thi/{round_.public_id}/in-de"
    assert "Ngân hàng chưa đủ câu" in text_of(browser.get(url))
    assert browser.post(url, data=form_for()).status_code == 409


def test_nobody_prints_questions_of_a_bank_that_they_may_not_see(as_: Enter, world: w.World) -> None:
    """The city's questions go into Thanh Trì's papers: the city's setter prints them, Thanh Trì's does not."""
    round_ = make_round(world)
    with unit_of_work():
        w.add_account("rade_tt", ("question_setter", world.districts[TT]))
    url = f"/quan-tri/vong-thi/{round_.public_id}/in-de"
    assert as_("rade_tt").get(url).status_code == 200
    with unit_of_work():
        round_.contest.bank_unit = world.city
        topic = w.add_topic("Của thành phố")
        w.add_question(world.city, topic, "Câu của thành phố?")
    assert as_("rade_tt").get(url).status_code == 403
    assert "Vòng 1" not in text_of(as_("rade_tt").get("/quan-tri/in-de"))
    assert as_("rade").get(url).status_code == 200


def test_the_organiser_who_sees_no_questions_prints_none(as_: Enter, world: w.World) -> None:
    round_ = make_round(world)
    for name in ("thanhtri", "thuky", "kiemtra"):
        assert as_(name).get(f"/quan-tri/vong-thi/{round_.public_id}/in-de").status_code == 403
