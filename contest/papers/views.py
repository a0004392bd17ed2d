"""Pages of rounds: a contest's overview with what is still missing, a round's settings against the bank, opening it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.papers.opening import NotReady, TooLate, checklist, open_round, reopen_preparation
from contest.papers.page_parts import cell_rows, check_items, stage_links, target_url
from contest.papers.pool import count_pool, parts_of, supply
from contest.papers.wizard import stages_of
from contest.rounds.entries import count_by_window, count_entries
from contest.rounds.forms import EmptyForm
from contest.rounds.links import round_tabs, url_if
from contest.rounds.planning import nested
from contest.rounds.reach import contest_or_404, reach_in, require_reach, round_or_404
from contest.rounds.service import RoundFrozen, contest_rules_for, remove_round, round_rules
from contest.rounds.states import CONTEST_STATES, state_of_contest, state_of_round
from contest.rules.reading_back import read_back_round
from core.access import Action, authorise, current_actor, permits
from core.database import unit_of_work
from core.database.server_time import now

blueprint = Blueprint("rounds", __name__, url_prefix="/quan-tri")


@blueprint.get("/hoi-thi/<public_id>")
@permits(Action.CONTEST_VIEW)
def overview(public_id: str) -> ResponseReturnValue:
    """A contest: the steps with what is missing, its rounds, how many take part. Below its unit: one's own part of it."""
    contest = contest_or_404(public_id)
    reach = require_reach(contest)
    moment = now()
    rounds = []
    for round_ in contest.rounds:
        shown = [w for w in round_.windows if reach.touches(w.unit.path)]
        rounds.append((round_, round_rules(round_), state_of_round(round_, moment), shown))
    return render_template(
        "papers/overview.html",
        contest=contest,
        reach=reach,
        state=CONTEST_STATES[state_of_contest(contest)],
        stages=stage_links(contest, stages_of(contest)) if reach.whole else [],
        rounds=rounds,
        entries=count_entries(contest, None if reach.whole else reach.paths),
        may_edit=current_actor().may(Action.CONTEST_EDIT, contest.unit.path),
        slips_url=target_url("slips", contest),
        import_url=target_url("import", contest),
        url_if=url_if,
        may_watch=reach_in(current_actor(), contest, Action.SITTING_VIEW) is not None,
        may_see_results=reach_in(current_actor(), contest, Action.STANDING_VIEW) is not None,
    )


@blueprint.get("/vong-thi/<public_id>")
@permits(Action.CONTEST_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """A round: its settings, windows, the bank against its blueprint, and what is missing before it can open."""
    round_ = round_or_404(public_id)
    contest = round_.contest
    reach = require_reach(contest)
    rules = round_rules(round_)
    draft = round_.state == "draft"
    checks = checklist(round_) if draft and reach.whole else []
    counts, outside = count_by_window(contest.id, round_.windows)
    moment = now()
    return render_template(
        "papers/round.html",
        round=round_,
        contest=contest,
        reach=reach,
        rules=rules,
        state=state_of_round(round_, moment),
        tabs=round_tabs(round_),
        checks=check_items(round_, checks),
        ready=draft and all(c.done or not c.blocks for c in checks),
        cells=cell_rows(supply(round_)) if draft and reach.whole else [],
        parts=parts_of(round_),
        pool=count_pool(round_),
        windows=[(w, counts[n]) for n, w in enumerate(round_.windows) if reach.touches(w.unit.path)],
        outside=outside if reach.whole else 0,
        nested=nested(round_.windows),
        sections=read_back_round(contest_rules_for(round_), rules),
        may_edit=draft and current_actor().may(Action.CONTEST_EDIT, contest.unit.path),
        may_open=current_actor().may(Action.ROUND_OPEN, contest.unit.path),
        may_take_back=round_.state == "open" and all(w.opens_at > moment for w in round_.windows),
        move_url=lambda w: url_if("monitor.move_end", public_id=w.public_id) if w.closes_at > moment and not draft else None,
    )


@blueprint.route("/vong-thi/<public_id>/mo", methods=["GET", "POST"])
@permits(Action.ROUND_OPEN)
def open_(public_id: str) -> ResponseReturnValue:
    """Ask, then open: the pool of questions and the rules are frozen, the windows open by the clock."""
    round_ = round_or_404(public_id)
    authorise(Action.ROUND_OPEN, round_.contest.unit.path)
    if round_.state != "draft":
        return redirect(url_for("rounds.show", public_id=public_id))
    form, missing, status = EmptyForm(), [], 200
    if form.validate_on_submit():
        try:
            with unit_of_work():
                size = open_round(round_)
        except NotReady as error:
            missing, status = error.missing, 409
        except RoundFrozen:
            return redirect(url_for("rounds.show", public_id=public_id), 303)
        else:
            said = _("Đã mở %(round)s với %(size)s câu hỏi. Các ca thi tự mở theo giờ.", round=round_.name, size=size)
            flash(said, "success")
            return redirect(url_for("rounds.show", public_id=public_id), 303)
    checks = checklist(round_)
    return (
        render_template(
            "papers/open.html",
            round=round_,
            contest=round_.contest,
            rules=round_rules(round_),
            form=form,
            missing=missing,
            checks=check_items(round_, checks),
            blocked=any(c.blocks and not c.done for c in checks),
            entries=count_entries(round_.contest),
        ),
        status,
    )


@blueprint.post("/vong-thi/<public_id>/chuan-bi")
@permits(Action.ROUND_OPEN)
def take_back(public_id: str) -> ResponseReturnValue:
    """Back to preparation, before the first window opens."""
    round_ = round_or_404(public_id)
    authorise(Action.ROUND_OPEN, round_.contest.unit.path)
    if EmptyForm().validate_on_submit():
        try:
            with unit_of_work():
                reopen_preparation(round_)
        except TooLate:
            flash(_("Ca thi đầu tiên đã mở nên vòng thi không đưa về chuẩn bị được nữa."), "warn")
        else:
            flash(_("Vòng thi đã trở về chuẩn bị. Sửa xong, xin mở lại."), "success")
    return redirect(url_for("rounds.show", public_id=public_id), 303)


@blueprint.post("/vong-thi/<public_id>/xoa")
@permits(Action.CONTEST_EDIT)
def remove(public_id: str) -> ResponseReturnValue:
    """Take a round in preparation out of its contest."""
    round_ = round_or_404(public_id)
    contest = round_.contest
    authorise(Action.CONTEST_EDIT, contest.unit.path)
    name, target = round_.name, contest.public_id
    if EmptyForm().validate_on_submit():
        try:
            with unit_of_work():
                remove_round(round_)
        except RoundFrozen:
            flash(_("Vòng thi đã mở thì không xóa được."), "warn")
        else:
            flash(_("Đã xóa %(round)s.", round=name), "success")
    return redirect(url_for("rounds.overview", public_id=target), 303)
