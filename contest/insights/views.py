"""Pages of statistics: the rounds that have some, and a round's papers and questions with their files."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.insights.exporting import csv_file, workbook
from contest.insights.jobs import occasion_of, running_job, source_for
from contest.insights.listing import SORTS, Line, Wanted, line_of, points_of, statement, topics_of
from contest.insights.plotting import scatter_of, totals_of
from contest.rounds.links import round_tabs
from contest.rounds.models import Contest, Round
from contest.rounds.reach import round_or_404
from core.access import Action, authorise, current_actor, permits, scopes_for
from core.database import db
from core.organisation.models import Unit
from core.organisation.tree import within
from core.web.tables import Listing
from questions.statistics.models import Analysis
from questions.statistics.stored import current_analysis, flags_in
from questions.statistics.wording import FLAG_WORDS, SHOWN, show_figure, show_share

blueprint = Blueprint("insights", __name__, url_prefix="/quan-tri")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/thong-ke")
@permits(Action.STATISTICS_VIEW)
def index() -> ResponseReturnValue:
    """Closed rounds of the person's units, newest first, with what their statistics say."""
    listing = Listing.from_request({"moi": Round.id}, "-moi", 25)
    rounds = (
        select(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .join(Unit, Unit.id == Contest.unit_id)
        .where(within(scopes_for(current_actor().grants, Action.STATISTICS_VIEW)), Round.state == "closed")
        .options(joinedload(Round.contest).joinedload(Contest.unit))
    )
    page = listing.page(rounds)
    rows = [(round_, current_analysis(occasion_of(round_))) for round_ in page.items]
    return render_template("insights/index.html", listing=listing, page=page, rows=rows, figure=show_figure)


def _round(public_id: str) -> Round:
    round_ = round_or_404(public_id)
    authorise(Action.STATISTICS_VIEW, round_.contest.unit.path)
    if round_.state == "draft":
        abort(404)
    return round_


def _analysis_or_404(public_id: str) -> Analysis:
    return current_analysis(occasion_of(_round(public_id))) or abort(404)


@blueprint.get("/vong-thi/<public_id>/thong-ke")
@permits(Action.STATISTICS_VIEW)
def of_round(public_id: str) -> ResponseReturnValue:
    """The papers as a whole with their plots, and every question."""
    round_ = _round(public_id)
    analysis = current_analysis(occasion_of(round_))
    shared = {"round": round_, "contest": round_.contest, "tabs": round_tabs(round_), "analysis": analysis}
    if analysis is None or not analysis.people:
        return render_template("insights/none.html", **shared, job=running_job(round_))
    listing = Listing.from_request(SORTS, "-can-xem", 50)
    wanted = _wanted(listing.query)
    actor = current_actor()
    page = listing.page(statement(analysis, wanted, actor), scalars=False)
    return render_template(
        "insights/round.html",
        **shared,
        stale=analysis.source != source_for(round_),
        listing=listing,
        page=page,
        wanted=wanted,
        lines=[line_of(found, actor) for found in page.items],
        totals=totals_of(analysis.details["totals"]),
        scatter=scatter_of(points_of(analysis)),
        topics=topics_of(analysis),
        flag_words=FLAG_WORDS,
        flags_in=lambda row: [code for code in flags_in(row) if code in SHOWN],
        shown_flags=SHOWN,
        flag_choices=[(code, FLAG_WORDS[code].label) for code in SHOWN],
        figure=show_figure,
        share=show_share,
    )


@blueprint.get("/vong-thi/<public_id>/thong-ke.xlsx")
@permits(Action.STATISTICS_VIEW)
def excel(public_id: str) -> ResponseReturnValue:
    """What the page lists, as an Excel file."""
    analysis = _analysis_or_404(public_id)
    return _file(workbook(analysis, _all_lines(analysis)), _XLSX, "thong-ke.xlsx")


@blueprint.get("/vong-thi/<public_id>/thong-ke.csv")
@permits(Action.STATISTICS_VIEW)
def as_csv(public_id: str) -> ResponseReturnValue:
    """What the page lists, as CSV."""
    return _file(csv_file(_all_lines(_analysis_or_404(public_id))), "text/csv; charset=utf-8", "thong-ke.csv")


def _wanted(words: str) -> Wanted:
    return Wanted(words, request.args.get("dau", "")[:40], request.args.get("chu_de", "")[:16])


def _all_lines(analysis: Analysis) -> list[Line]:
    """Every question in the order and with the filters of the address."""
    listing = Listing.from_request(SORTS, "cau", 50)
    actor = current_actor()
    found = db.session.execute(listing.ordered(statement(analysis, _wanted(listing.query), actor)))
    return [line_of(each, actor) for each in found]


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, headers={
        "Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
    })  # fmt: skip
