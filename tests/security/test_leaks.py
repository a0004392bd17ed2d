"""Nothing secret comes out where it should not: in pages, JSON, files, headers or logs, by following links or guessing."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.rounds.models import Round, Window
from contest.sittings.deadlines import close_settled_rounds, finalise_due
from core.database import db
from core.organisation.models import Unit
from tests.security import matrix
from tests.security.house import (
    BORN,
    PHONES,
    ROLES,
    SECRET_DRAFT,
    SECRET_EXPLANATION,
    SECRET_OPTION,
    SECRET_PAST,
    SECRET_STEM,
    House,
)

#: Every GET of the matrix, with its objects.
PAGES = [row for row in matrix.rows() if row.method == "GET"]

UNOPENED = (SECRET_STEM, SECRET_OPTION, SECRET_DRAFT, SECRET_EXPLANATION, SECRET_PAST)

#: Who sees whose telephone numbers and birth dates: those who keep the list, and nobody else.
KEEPS_LIST = {"organiser": {"an", "binh"}, "clerk": {"an", "binh"}, "organiser2": {"cuong"}, "above": set(PHONES)}


def text_of(answer: TestResponse) -> str:
    """Everything that an answer says: status line, headers, and the body with Excel files unpacked."""
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = b"\n".join(package.read(name) for name in package.namelist())
    return f"{answer.status}\n{answer.headers}\n{body.decode('utf-8', 'replace')}"


def secrets_for(role: str, page: matrix.Row) -> set[str]:
    """What must not be in the answer to ``role``."""
    hidden = set() if role in ("setter", "reviewer") else set(UNOPENED)
    if role == "contestant" and page.rule == "/thi/ket-qua/<public_id>" and page.objects == ("an_past",):
        hidden -= {SECRET_PAST}
    for key, phone in PHONES.items():
        if key not in KEEPS_LIST.get(role, set()) and not (role == "contestant" and key == "an"):
            hidden |= {phone, f"{phone[:4]} {phone[4:7]} {phone[7:]}", f"{BORN[key]:%d/%m/%Y}", BORN[key].isoformat()}
    return hidden


@pytest.mark.parametrize("role", (*ROLES, "above"))
def test_no_page_tells_a_role_what_is_not_its_own(house: House, role: str, caplog: pytest.LogCaptureFixture) -> None:
    # The database library's own log repeats every row that was read; nobody runs the server with it.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    for page in PAGES:
        url = house.url(page.rule, page.objects)
        told = text_of(house.ask(role, "GET", url, headers={"Accept": "*/*"}))
        found = {secret for secret in secrets_for(role, page) if secret in told}
        assert not found, f"{role} reads {found} at {url}"
    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    everything = {*UNOPENED, *PHONES.values(), *(born.isoformat() for born in BORN.values())}
    assert not {secret for secret in everything if secret in logged}


def test_the_marked_texts_are_really_in_the_house(house: House) -> None:
    """Else the test above could not fail."""
    seen = ""
    for page in PAGES:
        seen += text_of(house.ask("setter", "GET", house.url(page.rule, page.objects)))
        seen += text_of(house.ask("organiser", "GET", house.url(page.rule, page.objects)))
    seen += text_of(house.ask("contestant", "GET", f"/thi/ket-qua/{house.objects['an_past']}?xem=tat-ca"))
    for secret in (*UNOPENED, PHONES["an"], f"{BORN['an']:%d/%m/%Y}"):
        assert secret in seen, secret


def token_in(page: str) -> str:
    """The sitting token that a sitting's page carries."""
    found = re.search(r'data-token="([^"]+)"|name="the" value="([^"]+)"', page)
    assert found is not None
    return found[1] or found[2]


def test_a_running_paper_tells_no_key_no_order_and_no_other_question(house: House) -> None:
    page = house.ask("contestant", "GET", f"/thi/bai/{house.objects['an_running']}")
    token = token_in(page.text)
    paper = house.ask("contestant", "GET", "/s/de", headers={"Authorization": f"Bearer {token}"})
    both = text_of(page) + text_of(paper)
    for word in ("correct", "explanation", "order", "digest", "source", "approved", "đáp án đúng"):
        assert word not in paper.text, word
    assert "Giải thích" not in both
    body = paper.get_json()
    assert len(body["items"]) == 4
    stems = {item["stem"] for item in body["items"]}
    told = set(re.findall(r"Đảng viên có quyền gì, câu \d+\?", both))
    assert told == stems
    # The right option was written first in every question ("Quyền 7-0"); on paper its place tells nothing.
    texts = [[str(option) for option in item["options"]] for item in body["items"]]
    places = {next(n for n, text in enumerate(options) if "-0" in text) for options in texts}
    other = house.ask("contestant2", "GET", f"/thi/bai/{house.objects['binh_running']}")
    theirs = house.ask("contestant2", "GET", "/s/de", headers={"Authorization": f"Bearer {token_in(other.text)}"}).get_json()
    assert len(places) > 1 or theirs["items"] != body["items"]
    assert "no-store" in page.headers["Cache-Control"]
    assert "no-store" in paper.headers["Cache-Control"]


def test_a_token_of_one_sitting_opens_no_other(house: House) -> None:
    token = token_in(house.ask("contestant2", "GET", f"/thi/bai/{house.objects['binh_running']}").text)
    answer = house.ask("contestant", "GET", "/s/de", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_the_running_sitting_tells_its_organiser_no_answer(house: House) -> None:
    token = token_in(house.ask("contestant", "GET", f"/thi/bai/{house.objects['an_running']}").text)
    rows = {"rows": [{"n": 1, "k": "answer", "i": 0, "p": [2]}]}
    saved = house.ask("contestant", "POST", "/s/luu", json=rows, headers={"Authorization": f"Bearer {token}"})
    page = house.ask("organiser", "GET", f"/quan-tri/luot-thi/{house.objects['an_running']}")
    house.restore()
    assert saved.status_code == 200
    assert page.status_code == 200
    assert "Chọn C" not in page.text
    assert "chọn C" not in page.text


def test_results_and_answers_wait_for_the_last_window_to_settle(house: House) -> None:
    """Thanh Trì sits 08:00-09:00, one of its communes only at 14:00-15:00: nobody is told anything before 15:10."""
    begin = house.clock.moment - timedelta(minutes=10)

    def add_afternoon_window() -> None:
        round_ = db.session.scalars(select(Round).where(Round.public_id == house.objects["running"])).one()
        commune = db.session.scalars(select(Unit).where(Unit.public_id == house.objects["commune"])).one()
        opens = begin + timedelta(hours=6)
        window = Window(
            round_id=round_.id,
            unit_id=commune.id,
            opens_at=opens,
            closes_at=opens + timedelta(hours=1),
            pool_part=round_.windows[0].pool_part,
        )
        db.session.add(window)

    own = f"/thi/ket-qua/{house.objects['an_running']}?xem=tat-ca"
    with house.changed(add_afternoon_window):
        house.clock.moment = begin + timedelta(hours=1, minutes=30)
        with house.app.app_context():
            finalise_due(db.engine)
            close_settled_rounds()
        for at in (timedelta(hours=1, minutes=30), timedelta(hours=6, minutes=30), timedelta(hours=7, minutes=5)):
            house.clock.moment = begin + at
            answer = house.ask("contestant", "GET", own)
            assert answer.status_code == 303, at
            done = house.ask("contestant", "GET", answer.headers["Location"]).text
            for told in ("Quyền", SECRET_EXPLANATION, "Đúng 0", "0/4", "0 điểm"):
                assert told not in done
            staff = house.ask("organiser", "GET", f"/quan-tri/luot-thi/{house.objects['an_running']}").text
            assert "Quyền" not in staff
        house.clock.moment = begin + timedelta(hours=7, minutes=10, seconds=10)
        answer = house.ask("contestant", "GET", own)
        assert answer.status_code == 200
        assert SECRET_EXPLANATION in answer.text


def test_what_the_rules_never_show_is_never_shown(house: House) -> None:
    page = house.ask("contestant", "GET", f"/thi/ket-qua/{house.objects['an_checked']}?xem=tat-ca").text
    assert "Kỳ" in page
    assert SECRET_EXPLANATION not in page


def test_public_pages_ask_not_to_be_indexed(house: House) -> None:
    for page in PAGES:
        answer = house.ask("nobody", "GET", house.url(page.rule, page.objects))
        assert "noindex" in answer.headers.get("X-Robots-Tag", ""), str(page)
        if answer.status_code == 200 and answer.mimetype == "text/html" and "<html" in answer.text:
            assert re.search(r'<meta name="robots" content="noindex', answer.text), str(page)


def test_the_board_names_the_leading_places_and_nobodys_data(house: House) -> None:
    page = house.ask("nobody", "GET", f"/ket-qua/{house.objects['past']}").text
    assert "Nguyễn Văn An" in page
    assert "Phạm Văn Dũng" not in page


def test_a_person_of_another_unit_is_in_no_list(house: House) -> None:
    """Whatever an organiser of Phúc Thọ opens, nobody of Thanh Trì's list is on it (the public board apart)."""
    for page in PAGES:
        if page.rule.startswith("/quan-tri") or page.rule.startswith("/viec"):
            told = text_of(house.ask("organiser2", "GET", house.url(page.rule, page.objects)))
            for name in ("Văn An", "Trần Thị Bình", "Phạm Văn Dũng", "Hoàng Thị Hoa"):
                assert name not in told, str(page)


def test_errors_tell_nothing_of_what_is_inside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_arguments: object) -> str:
        raise RuntimeError(SECRET_STEM)

    monkeypatch.setitem(house.app.view_functions, "public.home", broken)
    answer = house.ask("nobody", "GET", "/")
    assert answer.status_code == 500
    for told in (SECRET_STEM, "RuntimeError", "Traceback", "werkzeug", ".py"):
        assert told not in text_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/config.py",
        "/.env",
        "/instance/hoithi.sqlite",
        "/static/../config.py",
        "/static/..%2fconfig.py",
        "/static/%2e%2e/instance/keys/session",
        "/static//etc/passwd",
        "/.git/config",
        "/ket-qua/../instance",
        "/s/../config.py",
    ],
)
def test_no_file_of_the_server_is_served(house: House, path: str) -> None:
    answer = house.ask("nobody", "GET", path)
    assert answer.status_code in (308, 404), answer.status_code
    assert "ROOT = Path" not in answer.text
