"""A standing through its services, on both engines: from simulated sittings to a published version and the one after."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from contest.rounds.entries import enter_people, set_ranked
from contest.sittings.models import ItemMark, Result, Sitting
from contest.standings.counting import newest_results
from contest.standings.differences import differences
from contest.standings.drafting import leaf
from contest.standings.jobs import CHUNK, PrepareStanding, clear_discarded
from contest.standings.listing import Publication, line_of, lines, scopes, select_rows
from contest.standings.models import Standing, StandingRow, StandingUnit
from contest.standings.publishing import confirm, publish, withdraw
from contest.standings.service import (
    StandingRefused,
    is_stale,
    newest,
    obstacles,
    prepare,
    published,
    standing_by_public_id,
    versions,
)
from core.access import Actor
from core.audit import AuditEntry, first_break
from core.audit.canonical import merkle_root
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.jobs import run_now
from core.jobs.models import Job
from core.jobs.running import begin, perform
from tests.contest.standings.rounds_for_tests import (
    CONG_AN,
    DONG_MY,
    TAM_HIEP_PT,
    TAM_HIEP_TT,
    Finished,
    Sat,
    finish_round,
    open_for,
    prepared,
    published_standing,
    rows_of,
    settle,
    sit,
)
from tests.world import add_person

PEOPLE = (
    Sat("Trần Văn Bạch", DONG_MY, right=4, seconds=100),
    Sat("Nguyễn Thị Ánh", TAM_HIEP_TT, right=4, seconds=100),
    Sat("Lê Văn Đức", TAM_HIEP_PT, right=4, seconds=130),
    Sat("Phạm Văn Ân", CONG_AN, right=2, seconds=50),
    Sat("Hoàng Thị Vắng", DONG_MY, seconds=None),
    Sat("Vũ Văn Ngoài", DONG_MY, right=4, seconds=20, ranked=False),
)


@pytest.fixture
def finished(app: Flask, clock: ManualClock) -> Finished:
    return finish_round(clock, PEOPLE)


def add_result(sitting_id: int, score: Decimal | None, reason: str = "sửa đáp án") -> None:
    """A later version of a sitting's result."""
    with unit_of_work() as session:
        last = session.scalars(select(Result).where(Result.sitting_id == sitting_id).order_by(Result.number.desc())).first()
        assert last is not None
        session.add(
            Result(
                sitting_id=sitting_id, number=last.number + 1, score=score, max_score=last.max_score, correct=last.correct,
                seconds_used=last.seconds_used, reason=reason, created_at=last.created_at,
            )
        )  # fmt: skip


def test_equals_share_a_rank_and_stand_in_vietnamese_name_order(finished: Finished) -> None:
    standing = prepared(finished)
    assert [(row.rank, row.position, row.name) for row in rows_of(standing)] == [
        (1, 1, "Nguyễn Thị Ánh"),  # Ánh before Bạch, though she is from another unit
        (1, 2, "Trần Văn Bạch"),
        (3, 3, "Lê Văn Đức"),
        (4, 4, "Phạm Văn Ân"),
    ]
    assert standing.number == 1
    assert standing.state == "draft"


def test_ranks_after_equals_go_on_as_the_rules_say(app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, PEOPLE, ties="1,1,2")
    assert [row.rank for row in rows_of(prepared(finished))] == [1, 1, 2, 3]


def test_who_did_not_come_and_who_is_out_of_competition_are_counted_not_ranked(finished: Finished) -> None:
    standing = prepared(finished)
    assert standing.summary == {"entries": 5, "sat": 4, "absent": 1, "annulled": 0, "outside": 1}
    assert "Vũ Văn Ngoài" not in [row.name for row in rows_of(standing)]


def test_ranks_within_each_unit_above_the_cell(finished: Finished) -> None:
    rows = {row.name: row for row in rows_of(prepared(finished))}
    world = finished.world
    thanh_tri, phuc_tho = (str(world.districts[name].id) for name in ("Huyện Thanh Trì", "Huyện Phúc Thọ"))
    commune = str(world.communes["Xã Tam Hiệp, Huyện Phúc Thọ"].id)
    assert rows["Lê Văn Đức"].unit_ranks == {str(world.city.id): 3, phuc_tho: 1, commune: 1}
    assert rows["Phạm Văn Ân"].unit_ranks == {str(world.city.id): 4, thanh_tri: 3}  # a cell directly under the district
    assert rows["Phạm Văn Ân"].unit_name == "Chi bộ Công an huyện · Huyện Thanh Trì"


def test_two_communes_of_one_name_are_two_units(finished: Finished) -> None:
    standing = prepared(finished)
    rows = {row.name: row.unit_name for row in rows_of(standing)}
    assert rows["Nguyễn Thị Ánh"] == "Chi bộ thôn 1 · Xã Tam Hiệp · Huyện Thanh Trì"
    assert rows["Lê Văn Đức"] == "Chi bộ thôn 1 · Xã Tam Hiệp · Huyện Phúc Thọ"
    connection = db.session.connection()
    found = {scope.full_name: scope for scope in scopes(connection, standing.id)}
    for district, who in (("Huyện Thanh Trì", "Nguyễn Thị Ánh"), ("Huyện Phúc Thọ", "Lê Văn Đức")):
        scope = found[f"Thành ủy Hà Nội / {district} / Xã Tam Hiệp"]
        assert [(line.rank, line.name, line.unit) for line in lines(connection, standing.id, scope)] == [
            (1, who, "Chi bộ thôn 1")
        ]


def test_units_totals_count_people_and_marks_exactly(finished: Finished) -> None:
    standing = prepared(finished)
    units = {u.name: u for u in db.session.scalars(select(StandingUnit).where(StandingUnit.standing_id == standing.id))}
    assert (units["Thành ủy Hà Nội"].entries, units["Thành ủy Hà Nội"].sat) == (5, 4)
    thanh_tri = units["Huyện Thanh Trì"]
    assert (thanh_tri.entries, thanh_tri.sat, thanh_tri.total, thanh_tri.mean, thanh_tri.best) == (
        4, 3, Decimal(10), Decimal("3.33"), Decimal(4),
    )  # fmt: skip
    assert not any(unit.level == "cell" for unit in units.values())
    # Who was entered in a district that nobody sat in would still be counted; a unit without entries is left out.
    assert "Xã Hát Môn" not in units


def test_the_newest_result_of_a_sitting_counts(finished: Finished) -> None:
    first = {row.name: row for row in rows_of(prepared(finished))}
    add_result(first["Phạm Văn Ân"].sitting_id, Decimal("4.5"))
    second = prepared(finished, "Sửa đáp án câu 3")
    assert [(row.rank, row.name, row.score) for row in rows_of(second)][0] == (1, "Phạm Văn Ân", Decimal("4.5"))
    assert second.number == 2


def test_an_annulled_sitting_is_left_out(finished: Finished) -> None:
    with unit_of_work() as session:
        entry = finished.entries["Trần Văn Bạch"]
        session.scalars(select(Sitting).where(Sitting.entry_id == entry.id)).one().state = "annulled"
    standing = prepared(finished)
    assert [(row.rank, row.name) for row in rows_of(standing)][:2] == [(1, "Nguyễn Thị Ánh"), (2, "Lê Văn Đức")]
    assert (standing.summary["sat"], standing.summary["annulled"], standing.summary["absent"]) == (3, 1, 1)


def test_of_several_attempts_the_best_counts(app: Flask, clock: ManualClock) -> None:
    finished = open_for(clock, [Sat("Nguyễn Văn An")], attempts=3)
    for right, seconds in ((1, 30), (3, 90), (3, 80)):
        sit(clock, finished, "Nguyễn Văn An", right, seconds)
    settle(clock, finished)
    [row] = rows_of(prepared(finished))
    assert (row.correct, row.seconds) == (3, 80)


def test_the_digest_is_the_root_over_what_is_stored(finished: Finished) -> None:
    standing = prepared(finished)
    entries = {entry.id: entry.public_id for entry in finished.entries.values()}
    sittings = dict(db.session.execute(select(Sitting.id, Sitting.public_id)).tuples().all())
    leaves = [
        leaf({c.key: getattr(row, c.key) for c in StandingRow.__table__.columns},
             entries[row.entry_id], sittings[row.sitting_id])
        for row in rows_of(standing)
    ]  # fmt: skip
    assert standing.digest == merkle_root(leaves)


def test_nothing_is_made_before_the_round_has_settled(app: Flask, clock: ManualClock) -> None:
    finished = open_for(clock, PEOPLE[:1])
    sit(clock, finished, "Trần Văn Bạch", 2, 60)
    assert len(obstacles(finished.round)) == 1
    with unit_of_work(), pytest.raises(StandingRefused, match="chưa kết thúc hẳn"):
        prepare(finished.round)
    settle(clock, finished)
    assert obstacles(finished.round) == []


def test_nothing_is_made_while_an_item_waits_for_its_mark(finished: Finished) -> None:
    sitting_id = db.session.scalars(select(Sitting.id)).first()
    assert sitting_id is not None
    add_result(sitting_id, None)
    assert "chưa chấm xong" in obstacles(finished.round)[0]


def test_nothing_is_made_while_a_sitting_is_open(finished: Finished) -> None:
    with unit_of_work() as session:
        session.scalars(select(Sitting)).first().state = "open"  # type: ignore[union-attr]
    assert "chưa nộp" in " ".join(obstacles(finished.round))


def test_who_made_the_draft_does_not_confirm_it(finished: Finished) -> None:
    standing = prepared(finished)
    with unit_of_work(), pytest.raises(StandingRefused, match="người thứ hai"):
        confirm(standing, finished.organiser)
    assert standing.state == "draft"


def test_another_account_of_the_same_person_is_no_second_person(finished: Finished) -> None:
    standing = prepared(finished)
    with unit_of_work():
        finished.organiser.person_id = finished.checker.person_id = finished.people["Vũ Văn Ngoài"].id
    with unit_of_work(), pytest.raises(StandingRefused, match="người thứ hai"):
        confirm(standing, finished.checker)


def test_a_draft_is_not_published(finished: Finished) -> None:
    standing = prepared(finished)
    with unit_of_work(), pytest.raises(StandingRefused, match="xác nhận"):
        publish(standing, finished.organiser)
    assert finished.round.published_at is None


def test_published_once_confirmed(finished: Finished) -> None:
    standing = published_standing(finished)
    db.session.refresh(finished.round)
    assert standing.state == "published"
    assert finished.round.published_at == standing.published_at is not None
    assert published(finished.round) is standing


def test_the_next_version_needs_a_reason_and_takes_the_place_of_the_last(finished: Finished) -> None:
    first = published_standing(finished)
    first_published = finished.round.published_at
    with unit_of_work(), pytest.raises(StandingRefused, match="lý do"):
        prepare(finished.round, "  ")
    second = prepared(finished, "Sửa đáp án")
    assert (first.state, second.state, second.number) == ("published", "draft", 2)
    with unit_of_work():
        confirm(second, finished.checker)
    with unit_of_work():
        publish(second, finished.organiser)
    assert (first.state, second.state) == ("replaced", "published")
    assert finished.round.published_at == first_published
    assert [v.number for v in versions(finished.round)] == [2, 1]
    assert len(rows_of(first)) == 4


def test_a_new_draft_replaces_one_that_was_not_published(finished: Finished) -> None:
    first = prepared(finished)
    second = prepared(finished, "Lập lại")
    db.session.refresh(first)
    assert (first.state, second.state) == ("replaced", "draft")
    with unit_of_work(), pytest.raises(StandingRefused):
        confirm(first, finished.checker)


def test_what_changed_since_is_noticed_before_confirming_and_publishing(finished: Finished) -> None:
    standing = prepared(finished)
    with unit_of_work():
        confirm(standing, finished.checker)
    with unit_of_work():
        set_ranked(finished.entries["Trần Văn Bạch"], False, "xin rút")
    with unit_of_work(), pytest.raises(StandingRefused, match="đã thay đổi"):
        publish(standing, finished.organiser)


def test_people_entered_after_the_last_window_belong_to_later_rounds(finished: Finished) -> None:
    standing = published_standing(finished)
    with unit_of_work():
        late = add_person(finished.world.cells[DONG_MY], "Hoàng Văn Muộn")
        enter_people(finished.contest, [late])
    assert not is_stale(standing)
    assert prepared(finished, "Lập lại").summary["absent"] == standing.summary["absent"]


def test_withdrawing_says_why(finished: Finished) -> None:
    standing = published_standing(finished)
    with unit_of_work(), pytest.raises(StandingRefused, match="lý do"):
        withdraw(standing, finished.organiser, " ")
    with unit_of_work():
        withdraw(standing, finished.organiser, "Nhầm đáp án câu 7")
    assert (standing.state, standing.withdrawn_reason) == ("withdrawn", "Nhầm đáp án câu 7")
    assert published(finished.round) is None
    assert finished.round.published_at is None


def test_every_step_is_in_the_audit_chain(finished: Finished) -> None:
    standing = published_standing(finished)
    with unit_of_work():
        withdraw(standing, finished.organiser, "Xem lại")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"standing:{standing.public_id}").order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == [
        "standing.prepared", "standing.confirmed", "standing.published", "standing.withdrawn",
    ]  # fmt: skip
    assert entries[0].actor == "Ban tổ chức"
    assert {entry.details["digest"] for entry in entries} == {standing.digest}
    assert first_break() is None


def test_two_versions_compared(finished: Finished) -> None:
    first = published_standing(finished)
    add_result({row.name: row for row in rows_of(first)}["Phạm Văn Ân"].sitting_id, Decimal(5))
    with unit_of_work():
        set_ranked(finished.entries["Lê Văn Đức"], False, "xin rút")
    second = prepared(finished, "Sửa đáp án")
    assert [(c.name, c.rank_before, c.rank, c.own_result) for c in differences(second, first)] == [
        ("Lê Văn Đức", 3, None, True),
        ("Phạm Văn Ân", 4, 1, True),
        ("Nguyễn Thị Ánh", 1, 2, False),
        ("Trần Văn Bạch", 1, 2, False),
    ]
    district = finished.world.districts["Huyện Phúc Thọ"].path
    assert [c.name for c in differences(second, first, [district])] == ["Lê Văn Đức"]


def test_the_public_sees_everybody_who_shares_the_last_named_place(finished: Finished) -> None:
    standing = prepared(finished)
    connection = db.session.connection()
    assert [line.name for line in lines(connection, standing.id, public=Publication(1, True, False))] == [
        "Nguyễn Thị Ánh", "Trần Văn Bạch",
    ]  # fmt: skip
    assert lines(connection, standing.id, public=Publication(0, True, False)) == []
    assert len(lines(connection, standing.id, public=Publication(0, True, True))) == 4


def test_people_are_found_without_accents_by_name_or_unit(finished: Finished) -> None:
    standing = prepared(finished)

    def found(query: str) -> list[str]:
        rows = db.session.execute(select_rows(standing.id, query=query).order_by(StandingRow.position))
        return [line_of(row).name for row in rows]

    assert found("bach") == ["Trần Văn Bạch"]
    assert found("tam hiep  DUC") == ["Lê Văn Đức"]
    assert found("Tam Hiệp") == ["Nguyễn Thị Ánh", "Lê Văn Đức"]
    assert found("100%") == []


# ---- the job ----


def test_nothing_is_seen_of_a_draft_that_is_not_complete(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.standings.jobs.CHUNK", 1)
    with unit_of_work():
        job_id = prepare(finished.round).id
    assert begin(job_id) == 4 + 6
    assert perform(job_id, 1)
    assert db.session.scalar(select(func.count()).select_from(StandingRow)) == 1
    assert versions(finished.round) == []
    hidden = db.session.scalars(select(Standing)).one()
    assert standing_by_public_id(hidden.public_id) is None
    with unit_of_work(), pytest.raises(StandingRefused, match="đang được lập"):
        prepare(finished.round)
    assert run_now(job_id).state == "done"
    assert len(rows_of(versions(finished.round)[0])) == 4


def test_a_worker_that_was_killed_goes_on_at_the_unfinished_step(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.standings.jobs.CHUNK", 1)
    with unit_of_work():
        job_id = prepare(finished.round).id
    begin(job_id)
    perform(job_id, 1)
    from core import jobs

    jobs.register(PrepareStanding())  # another process: nothing is kept in memory
    assert run_now(job_id).state == "done"
    assert [row.position for row in rows_of(versions(finished.round)[0])] == [1, 2, 3, 4]


def test_a_draft_whose_results_changed_meanwhile_is_given_up_and_cleared_away(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.standings.jobs.CHUNK", 1)
    with unit_of_work():
        job_id = prepare(finished.round).id
    begin(job_id)
    perform(job_id, 1)
    sitting_id = db.session.scalars(select(Sitting.id)).first()
    assert sitting_id is not None
    add_result(sitting_id, Decimal(0))
    job = run_now(job_id)
    assert (job.state, job.message) == ("failed", "Kết quả thi vừa thay đổi trong lúc lập bảng. Xin lập lại.")
    assert versions(finished.round) == []
    assert clear_discarded() == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 0
    assert db.session.scalar(select(func.count()).select_from(StandingRow)) == 0
    assert [row.rank for row in rows_of(prepared(finished))][0] == 1


def test_a_chunk_is_small_enough_for_the_write_lock() -> None:
    assert CHUNK <= 300


def test_who_asked_is_who_prepared(finished: Finished) -> None:
    g.actor = Actor(finished.checker.id, "Người kiểm tra")
    with unit_of_work():
        job_id = prepare(finished.round).id
    g.pop("actor")
    run_now(job_id)
    standing = newest(finished.round)
    assert standing is not None
    assert standing.prepared_by_id == finished.checker.id


def test_results_without_marks_are_found_by_their_newest_version(finished: Finished) -> None:
    assert db.session.scalar(select(func.count()).select_from(newest_results(finished.round.id).subquery())) == 5
    assert db.session.scalar(select(func.count()).select_from(ItemMark)) == 20
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0
