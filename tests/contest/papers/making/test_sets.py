"""Sets of forms on both engines: assembled by the job, changed by hand within the rules, confirmed, sat, discarded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from contest.papers.assembly.apart import AssemblyFailed, assemble_apart
from contest.papers.assembly.assemble import assemble
from contest.papers.assembly.checking import violations
from contest.papers.assembly.model import Cell as AssemblyCell
from contest.papers.assembly.model import Task
from contest.papers.making import changes, service
from contest.papers.making.asking import Wish
from contest.papers.making.bank import assembly_items, bank_items, enemy_groups
from contest.papers.making.drawn import drawn_forms
from contest.papers.making.models import FormSet
from contest.papers.making.page_parts import fairness_of
from contest.papers.opening import NotReady, open_round, reopen_preparation
from contest.rounds.entries import enter_people
from contest.rounds.models import Round
from contest.rounds.service import RoundFrozen, WindowPlan, change_round, remove_round, round_rules, rules_of, set_windows
from contest.sittings.models import Sitting
from contest.sittings.service import seats_of
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from tests import world as w
from tests.contest.papers.making.conftest import Made, assembled, make_round
from tests.starts import start_sitting


def faults_of(form_set: FormSet) -> list[str]:
    """What a stranger says of the forms as they stand now: the check of the command, which shares nothing with pages."""
    wish = Wish(**form_set.wanted)
    items = assembly_items(bank_items(form_set.round.contest, wish.statistics), form_set.enemies)
    cells = [AssemblyCell(c["count"], c["topic"], c["level"], c["type"]) for c in form_set.blueprint]
    forms = [[str(place.version_id) for place in form.places] for form in form_set.forms]
    return violations(items, cells, wish.max_shared, forms)


def contents(form_set: FormSet) -> list[list[int]]:
    return [[place.version_id for place in form.places] for form in form_set.forms]


def paper_of(person: Person, round_: Round) -> set[int]:
    """The question versions of the paper that the person gets at Start."""
    seat = next(seat for seat in seats_of(person) if seat.round.id == round_.id)
    started = start_sitting(seat, "a" * 64)
    sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    return {item["version"] for item in sitting.paper}


def open_to(made: Made, form_set: FormSet, *names: str) -> list[set[int]]:
    """Choose the set, open the round, let people start; their papers."""
    with unit_of_work():
        cell = made.world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"]
        people = [w.add_person(cell, name) for name in names]
        enter_people(made.round.contest, people)
        set_windows(made.round, [WindowPlan(made.world.districts["Huyện Thanh Trì"], now(), now() + timedelta(hours=1))])
        service.choose(made.round, form_set)
    with unit_of_work():
        open_round(made.round)
    return [paper_of(person, made.round) for person in people]


def test_a_set_from_asking_to_sittings(app: Flask, clock: ManualClock) -> None:
    made = make_round(w.make_world())
    form_set = assembled(made.round, Wish(forms=2))
    assert (form_set.state, form_set.outcome["status"]) == ("made", "optimal")
    assert [form.code for form in form_set.forms] == ["101", "102"]
    assert [Counter(place.cell for place in form.places) for form in form_set.forms] == [Counter({0: 3, 1: 2})] * 2
    assert faults_of(form_set) == []
    # By level each form expects 3 × 0.85 + 2 × 0.55 = 3.65 right answers.
    assert [str(form.expected) for form in fairness_of(form_set).forms] == ["3.65", "3.65"]

    before = contents(form_set)
    place = form_set.forms[0].places[0]
    offered = changes.offers(place)
    other = next(o for o in offered if o.place is None)
    with unit_of_work():
        changes.replace(place, other.item.candidate.version_id)
    exchange = next(o for o in changes.offers(form_set.forms[0].places[1]) if o.place is not None)
    assert exchange.place is not None
    with unit_of_work():
        changes.exchange(form_set.forms[0].places[1], exchange.place)
    with unit_of_work():
        changes.move(form_set.forms[1].places[0], 4)
    assert contents(form_set) != before
    assert faults_of(form_set) == []
    for _time in range(3):
        with unit_of_work():
            changes.undo(form_set)
    assert contents(form_set) == before
    with pytest.raises(changes.Refused), unit_of_work():
        changes.undo(form_set)

    with unit_of_work():
        service.confirm(form_set)
    deeds: list[Callable[[], None]] = [
        lambda: changes.move(place, 1), lambda: changes.undo(form_set), lambda: service.confirm(form_set)
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises(service.SetFrozen), unit_of_work():
            deed()

    papers = open_to(made, form_set, "Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Đỗ Thị Dung")
    assert all(paper in [set(form) for form in before] for paper in papers)
    with pytest.raises(RoundFrozen), unit_of_work():
        service.choose(made.round, None)
    with pytest.raises(service.SetFrozen), unit_of_work():
        service.discard(form_set)


def test_what_is_short_is_told_for_its_cell_and_a_round_goes_with_its_sets(app: Flask, clock: ManualClock) -> None:
    made = make_round(w.make_world())
    # Three forms need 9 easy ones (there are 9) and 6 hard ones (6 are there); four need 12 and 8.
    form_set = assembled(made.round, Wish(forms=4))
    assert form_set.state == "impossible"
    assert form_set.outcome["short"] == [
        {"cell": 0, "needed": 12, "available": 9}, {"cell": 1, "needed": 8, "available": 6}
    ]  # fmt: skip
    assert form_set.outcome["missing"] == 5
    assembled(made.round, Wish(forms=3))
    with unit_of_work():
        remove_round(made.round)
    assert db.session.query(FormSet).count() == 0


@pytest.fixture
def made(sqlite_app: Flask) -> Made:
    return make_round(w.make_world())


def confirmed(round_: Round, wish: Wish, kind: str = "parallel") -> FormSet:
    form_set = assembled(round_, wish, kind)
    with unit_of_work():
        service.confirm(form_set)
    return form_set


def test_the_same_task_in_a_process_of_its_own_gives_the_same_forms(made: Made) -> None:
    items = assembly_items(bank_items(made.round.contest, "level"), [])
    task = Task(items, [AssemblyCell(3, level="nhận biết"), AssemblyCell(2, level="vận dụng")], 2, 1)
    assert assemble_apart(task, 10, "x") == assemble(task, 10, "x")


def test_a_process_that_fails_says_so(made: Made) -> None:
    items = assembly_items(bank_items(made.round.contest, "level"), [])
    with pytest.raises(AssemblyFailed, match="TypeError"):
        assemble_apart(Task(items, [AssemblyCell(3)], "two"), 1, "x")  # type: ignore[arg-type]


def test_enemies_stay_apart_also_when_questions_are_changed_by_hand(made: Made) -> None:
    foes = tuple(question.id for question in made.questions[:2])
    form_set = assembled(made.round, Wish(forms=2, apart=(foes,)))
    assert form_set.enemies == [sorted(foes)]
    assert faults_of(form_set) == []
    holder = next((f for f in form_set.forms if set(foes) & service.questions_of(f)), None)
    if holder is None:  # neither was taken: the first comes in, then the second may not
        holder = form_set.forms[0]
        with unit_of_work():
            changes.replace(holder.places[0], made.questions[0].approved_version_id or 0)
    free = next(p for p in holder.places if p.cell == 0 and p.question_id not in foes)
    inside = set(foes) & service.questions_of(holder)
    foe = next(q for q in made.questions[:2] if q.id not in inside)
    with pytest.raises(changes.Refused, match="không được đi cùng"), unit_of_work():
        changes.replace(free, foe.approved_version_id or 0)
    assert all(o.item.candidate.question_id != foe.id for o in changes.offers(free))


def test_near_duplicates_are_enemies_where_that_is_asked(made: Made) -> None:
    with unit_of_work():
        topic = made.questions[0].current_version.topic  # type: ignore[union-attr]
        assert topic is not None
        twin = w.add_question(
            made.world.city, topic, "chi bộ chi bộ 0 thì ra sao?", ["chi bộ L", "chi bộ K", "chi bộ M", "chi bộ N"]
        )
    items = bank_items(made.round.contest, "level")
    assert enemy_groups(items, [], alike=True) == [sorted([made.questions[0].id, twin.id])]
    assert enemy_groups(items, [], alike=False) == []
    # Groups with a question in common become one.
    assert enemy_groups(items, [(7, 8), (8, 9), (3, 4)], alike=False) == [[3, 4], [7, 8, 9]]


def test_a_question_of_another_cell_or_of_the_same_form_is_refused(made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=2))
    first = form_set.forms[0]
    with pytest.raises(changes.Refused, match="không thuộc ô"), unit_of_work():
        changes.replace(first.places[0], first.places[-1].version_id)
    with pytest.raises(changes.Refused, match="đã có câu này"), unit_of_work():
        changes.replace(first.places[0], first.places[1].version_id)
    with pytest.raises(changes.Refused, match="chung nhau hơn 0 câu"), unit_of_work():
        changes.replace(first.places[0], form_set.forms[1].places[0].version_id)


def test_windows_with_other_hours_sit_other_forms(made: Made, clock: ManualClock) -> None:
    form_set = confirmed(made.round, Wish(forms=2))
    one, other = (made.world.communes[f"{name}, Huyện Thanh Trì"] for name in ("Xã Đông Mỹ", "Xã Tam Hiệp"))
    with unit_of_work():
        people = [w.add_person(made.world.cells[f"Chi bộ thôn 1, {name}, Huyện Thanh Trì"], "Nguyễn Văn An")
                  for name in ("Xã Đông Mỹ", "Xã Tam Hiệp")]  # fmt: skip
        enter_people(made.round.contest, people)
        later = now() + timedelta(hours=2)
        set_windows(made.round, [WindowPlan(one, now(), now() + timedelta(hours=1)),
                                 WindowPlan(other, later, later + timedelta(hours=1))])  # fmt: skip
        service.choose(made.round, form_set)
    with unit_of_work():
        open_round(made.round)
    first = paper_of(people[0], made.round)
    clock.advance(2 * 3600 + 60)
    assert [first, paper_of(people[1], made.round)] == [set(form) for form in contents(form_set)]


def test_a_fixed_paper_cannot_serve_windows_with_other_hours(made: Made) -> None:
    form_set = confirmed(made.round, Wish(forms=1), "fixed")
    one, other = (made.world.communes[f"{name}, Huyện Thanh Trì"] for name in ("Xã Đông Mỹ", "Xã Tam Hiệp"))
    later = now() + timedelta(hours=2)
    with unit_of_work():
        set_windows(made.round, [WindowPlan(one, now(), later), WindowPlan(other, later, later + timedelta(hours=1))])
    with pytest.raises(service.Unfit, match="chỉ có 1 mã đề"), unit_of_work():
        service.choose(made.round, form_set)


def test_a_set_in_use_that_no_longer_fits_keeps_the_round_from_opening(made: Made) -> None:
    form_set = confirmed(made.round, Wish(forms=1), "fixed")
    with unit_of_work():
        set_windows(made.round, [WindowPlan(made.world.districts["Huyện Thanh Trì"], now(), now() + timedelta(hours=1))])
        enter_people(made.round.contest, [w.add_person(made.world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn An")])
        service.choose(made.round, form_set)
    with unit_of_work():
        question = next(q for q in made.questions if q.id in service.questions_of(form_set.forms[0]))
        question.state = "retired"
    with pytest.raises(NotReady, match="Bộ đề số 1 không dùng được"), unit_of_work():
        open_round(made.round)
    assert service.unfit_for(form_set) == ["1 câu của bộ đề đã được sửa hoặc thôi dùng sau khi chốt. Xin ghép bộ khác."]
    with unit_of_work():
        question.state = "approved"
        rules = round_rules(made.round)
        quiz = rules.quizzes[0]
        fewer = replace(rules, parts=(replace(quiz, blueprint=quiz.blueprint[:1]),))
        change_round(made.round, fewer, rules_of(made.round.contest))
    assert "Ma trận của bộ đề khác" in service.unfit_for(form_set)[0]


def test_a_round_taken_back_lets_go_of_its_forms(made: Made) -> None:
    form_set = confirmed(made.round, Wish(forms=2))
    with unit_of_work():
        begin = now() + timedelta(hours=1)
        set_windows(made.round, [WindowPlan(made.world.districts["Huyện Thanh Trì"], begin, begin + timedelta(hours=1))])
        enter_people(made.round.contest, [w.add_person(made.world.unit("Xã Đông Mỹ, Huyện Thanh Trì"), "Nguyễn An")])
        service.choose(made.round, form_set)
        assert open_round(made.round) == 10
    assert [form.pool_part for form in form_set.forms] == [0, 0]
    with unit_of_work():
        reopen_preparation(made.round)
    db.session.expire_all()
    assert [form.pool_part for form in form_set.forms] == [None, None]
    assert service.set_in_use(made.round) is not None


def test_a_discarded_set_is_taken_back_as_it_was(made: Made) -> None:
    form_set = assembled(made.round, Wish(forms=2))
    with unit_of_work():
        service.discard(form_set)
    with pytest.raises(service.SetFrozen), unit_of_work():
        changes.move(form_set.forms[0].places[0], 1)
    with unit_of_work():
        service.restore(form_set)
    assert form_set.state == "made"


def test_what_stood_in_confirmed_forms_is_taken_less(made: Made) -> None:
    first = confirmed(made.round, Wish(forms=1), "fixed")
    second = assembled(made.round, Wish(forms=1), "fixed")
    # 9 easy and 6 hard ones: two papers of 3 and 2 need not share a question, and using one again costs exposure.
    assert not service.questions_of(first.forms[0]) & service.questions_of(second.forms[0])


def test_forms_are_printed_in_their_order_and_the_same_way_each_time(made: Made) -> None:
    form_set = confirmed(made.round, Wish(forms=2))
    first, again = drawn_forms(form_set), drawn_forms(form_set)
    assert first == again
    assert [[item.version_id for item in items] for _code, items in first] == contents(form_set)
    assert all(sorted(item.order) == [0, 1, 2, 3] for _code, items in first for item in items)
    assert len({item.order for _code, items in first for item in items}) > 1
