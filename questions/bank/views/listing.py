"""The list of questions: words without accents, filters, states, counts by topic and level."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from core.access import Action, current_actor, permits
from core.web.tables import Listing
from questions.bank import search
from questions.bank.levels import LEVELS
from questions.bank.models import Question, QuestionVersion, Topic
from questions.bank.search import Filters
from questions.bank.sources import all_sources, find_source, label_of
from questions.bank.states import STATES, older_version_in_use, state_of
from questions.bank.topics import find_topic, subtree_ids, topic_tree
from questions.bank.views.blueprint import blueprint
from questions.types.registry import all_types

SORTS = {
    "moi": Question.id,
    "noi-dung": (QuestionVersion.folded, Question.id),
    "chu-de": (Topic.sort_key, QuestionVersion.level, Question.id),
    "muc-do": (QuestionVersion.level, Question.id),
}


def filters_from_request(words: str) -> Filters:
    """What the address asks for; values that mean nothing are left aside."""
    topic = find_topic(request.args.get("chu_de", ""))
    source = find_source(request.args.get("van_ban", ""))
    author = {a.public_id: a.id for a in search.authors(current_actor())}
    kind = request.args.get("loai", "")
    state = request.args.get("trang_thai", "")
    return Filters(
        words=words,
        state=state if state in {*STATES, "in_use"} else "",
        topics=tuple(subtree_ids(topic)) if topic else (),
        level=request.args.get("muc_do", "")[:40],
        type=kind if kind in all_types() else "",
        author_id=author.get(request.args.get("nguoi_soan", "")),
        source_id=source.id if source else None,
        import_batch_id=_number(request.args.get("lan_nhap", "")),
    )


def _number(text: str) -> int | None:
    """An id of ours, or None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def with_versions(statement: Any) -> Any:
    """``statement`` over questions, with what a list shows of each read along."""
    return statement.options(selectinload(Question.current_version), selectinload(Question.unit), selectinload(Question.author))


@blueprint.get("")
@permits(Action.QUESTION_VIEW)
def index() -> ResponseReturnValue:
    """Every question that the person may see."""
    actor = current_actor()
    listing = Listing.from_request(SORTS, default="-moi", size=25)
    filters = filters_from_request(listing.query)
    page = listing.page(with_versions(search.find_questions(actor, filters)))
    counts = search.counts_by_state(actor, filters)
    return render_template(
        "questions/index.html",
        listing=listing,
        page=page,
        filters=filters,
        tabs=_state_tabs(listing, filters, counts),
        counts=_matrix(search.counts_by_topic_and_level(actor, filters)),
        topics=[(node.topic.public_id, node.label) for node in topic_tree()],
        levels=[(level, level[:1].upper() + level[1:]) for level in LEVELS],
        kinds=all_types(),
        kind_choices=[(key, kind.label) for key, kind in all_types().items()],
        authors=[(a.public_id, a.display_name) for a in search.authors(actor)],
        sources=[(s.public_id, label_of(s)) for s in all_sources()],
        state_of=state_of,
        older_in_use=older_version_in_use,
        may_write=actor.may(Action.QUESTION_WRITE),
        may_review=actor.may(Action.QUESTION_REVIEW),
        any_at_all=page.total or filters != Filters() or counts,
    )


def _state_tabs(listing: Listing, filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(counts.values())
    tabs = [
        {
            "label": _("Tất cả"),
            "url": listing.url(trang_thai=None),
            "active": not filters.state,
            "count": total,
        }
    ]
    for key, state in STATES.items():
        active = filters.state == key
        entry = {"label": state.label, "url": listing.url(trang_thai=key), "active": active}
        tabs.append({**entry, "count": counts.get(key, 0)})
    return tabs


def _matrix(counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Counts as a table: levels across, topics down, each with its sum."""
    levels = [level for level in LEVELS if any(found == level for _topic, found in counts)]
    levels += sorted({level for _topic, level in counts if level and level not in LEVELS})
    if any(not level for _topic, level in counts):
        levels.append("")
    order = {node.topic.name: i for i, node in enumerate(topic_tree())}
    topics = sorted({topic for topic, _level in counts}, key=lambda t: order.get(t, len(order)))
    rows = []
    for topic in topics:
        cells = [counts.get((topic, level), 0) for level in levels]
        rows.append((topic, cells, sum(cells)))
    return {"levels": levels, "rows": rows, "most": max((total for _t, _c, total in rows), default=0)}
