"""A sitting's story on its page, on paper and as Excel: what stands there, who may see it, how long a long one takes."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import insert

from contest.sittings.models import ApartRow, JournalRow, Sitting, SittingEpoch
from core.database import db, table_of, unit_of_work
from core.database.server_time import ManualClock, now
from tests.contest.conftest import Enter, text_of
from tests.contest.sittings.test_monitor_pages import city_round, sit
from tests.world import World


def url(sitting: Sitting, rest: str = "") -> str:
    return f"/quan-tri/luot-thi/{sitting.public_id}{rest}"


def write(sitting: Sitting, model: type[JournalRow | ApartRow] = JournalRow, **values: object) -> None:
    defaults = {"epoch": 1, "kind": "answer", "item": 0, "payload": "[1]", "received_at": now()}
    with unit_of_work():
        db.session.add(model(sitting_id=sitting.id, **{**defaults, **values}))


def test_the_page_tells_everything_but_the_answers_until_the_round_has_settled(
    as_: Enter, world: World, clock: ManualClock
) -> None:
    sitting = sit(city_round(world).entries[0])
    with unit_of_work():
        for epoch, device, cause in ((1, "a" * 64, "start"), (2, "b" * 64, "take_over")):
            began = now() + timedelta(minutes=epoch - 1)
            db.session.add(
                SittingEpoch(sitting_id=sitting.id, epoch=epoch, device_hash=device, began_at=began, cause=cause, agent="")
            )
    clock.advance(30)
    write(sitting, sequence=1)
    write(sitting, sequence=2, kind="focus", item=None, payload=json.dumps("hidden"))
    clock.advance(12)
    write(sitting, sequence=3, kind="focus", item=None, payload=json.dumps("visible"))
    clock.advance(30)
    write(sitting, epoch=2, sequence=1, item=1, payload="[0,2]")
    write(sitting, ApartRow, sequence=4, item=2, reason="old_epoch")
    browser = as_("thanhpho")
    page = text_of(browser.get(url(sitting)))
    for words in ("08:00:00 Bắt đầu làm bài", "08:00:30 Lưu câu 1", "Rời trang thi 12 giây", "08:01:00 Chuyển sang máy khác",
                  "Lưu câu 2", "Gửi từ máy đã bị thay, không tính.", "2 lần lưu câu trả lời",
                  "1 lần rời trang thi, tổng cộng 12 giây", "2 máy đã dùng", "1 câu trả lời để riêng"):  # fmt: skip
        assert words in page
    assert "Chọn" not in page
    only = text_of(browser.get(url(sitting, "?xem=roi-trang")))
    assert "Rời trang thi 12 giây" in only and "Lưu câu" not in only
    clock.advance(8 * 3600)
    assert "Chọn A, C" in text_of(browser.get(url(sitting)))


def test_the_file_holds_every_line(as_: Enter, world: World, clock: ManualClock) -> None:
    sitting = sit(city_round(world).entries[0])
    clock.advance(30)
    write(sitting, sequence=1, client_at=now())
    write(sitting, sequence=2, kind="report", item=None, payload=json.dumps('=HYPERLINK("http://x")'))
    answer = as_("thanhpho").get(url(sitting, "/dien-bien.xlsx"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="dien-bien-{sitting.public_id}.xlsx"'
    rows = [row for row in load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [(row[2], row[4]) for row in rows] == [
        ("08:00:00", "Bắt đầu làm bài"), ("08:00:30", "Lưu câu 1"), ("08:00:30", "Thí sinh báo sự cố"),
    ]  # fmt: skip
    assert rows[1][6] == "08:00:30" and str(rows[2][5]).startswith("'=")


def test_a_story_of_five_thousand_rows_is_told_in_pages_and_quickly(as_: Enter, world: World, clock: ManualClock) -> None:
    sitting = sit(city_round(world).entries[0])
    begin = now()
    rows = [
        {"sitting_id": sitting.id, "epoch": 1, "sequence": n + 1, "kind": ("answer", "display", "focus")[n % 3],
         "step": 1, "item": n % 4, "payload": ("[1]", "null", '"hidden"')[n % 3], "version_id": None,
         "received_at": begin + timedelta(seconds=n / 4), "client_at": begin + timedelta(seconds=n / 4)}
        for n in range(5_000)
    ]  # fmt: skip
    with unit_of_work() as session:
        session.execute(insert(table_of(JournalRow)), rows)
    clock.advance(1300)
    browser = as_("thanhpho")
    began = time.process_time()
    page = browser.get(url(sitting))
    spent = time.process_time() - began
    assert page.status_code == 200 and page.text.count("<li><span class=\"figure muted\">") == 100
    assert len(page.data) < 120_000 and spent < 2, f"{spent:.2f} s of processor time"
    assert "trang=2" in page.text
    whole = browser.get(url(sitting, "?in=1"))
    assert whole.text.count("<li><span class=\"figure muted\">") > 3_000
    for odd in ("?trang=999999", "?trang=-3", "?trang=x", "?xem=khong-co", "?so_dong=7", "?in="):
        assert browser.get(url(sitting, odd)).status_code == 200


def test_it_is_open_to_staff_of_the_persons_unit_only(as_: Enter, world: World) -> None:
    sitting = sit(city_round(world).entries[0])
    for rest in ("", "/dien-bien.xlsx"):
        assert as_("thanhtri").get(url(sitting, rest)).status_code == 200
        for somebody in ("phuctho", "thuky", "rade"):
            assert as_(somebody).get(url(sitting, rest)).status_code == 403
        assert as_("thanhpho").get(f"/quan-tri/luot-thi/khong-co{rest}").status_code == 404
