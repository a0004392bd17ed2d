"""Topics: the tree, a new one, renaming and moving, taking away."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Action, current_actor, permits
from core.database import unit_of_work
from questions.bank import topics
from questions.bank.content import BankError
from questions.bank.forms import TopicForm
from questions.bank.models import Topic
from questions.bank.search import Filters, counts_by_topic_and_level
from questions.bank.views.blueprint import blueprint


@blueprint.route("/chu-de", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def topic_list() -> ResponseReturnValue:
    """Every topic with how many questions it has, and a form for a new one."""
    form = TopicForm()
    _offer(form, None)
    status = 200
    if form.validate_on_submit():
        try:
            with unit_of_work():
                made = topics.create_topic(form.name.data or "", _parent(form))
            flash(_("Đã thêm chủ đề “%(name)s”.", name=made.name), "ok")
            return redirect(url_for("questions.topic_list"))
        except BankError as error:
            _show(form, error)
    if form.errors:
        status = 422
    counts: dict[str, int] = {}
    for (name, _level), count in counts_by_topic_and_level(current_actor(), Filters()).items():
        counts[name] = counts.get(name, 0) + count
    page = render_template("questions/topics.html", form=form, nodes=topics.topic_tree(), counts=counts)
    return page, status


@blueprint.route("/chu-de/<public_id>", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def topic(public_id: str) -> ResponseReturnValue:
    """Rename or move a topic."""
    found = _topic(public_id)
    parent = next((n.topic.public_id for n in topics.topic_tree() if n.topic.id == found.parent_id), "")
    form = TopicForm(data={"name": found.name, "parent": parent})
    _offer(form, found)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                topics.change_topic(found, form.name.data or "", _parent(form))
            flash(_("Đã lưu chủ đề “%(name)s”.", name=found.name), "ok")
            return redirect(url_for("questions.topic_list"))
        except BankError as error:
            _show(form, error)
    page = render_template("questions/topic.html", form=form, topic=found)
    return page, 422 if form.errors else 200


@blueprint.post("/chu-de/<public_id>/bo")
@permits(Action.QUESTION_WRITE)
def topic_delete(public_id: str) -> ResponseReturnValue:
    """Take away a topic that nothing uses."""
    found = _topic(public_id)
    name = found.name
    try:
        with unit_of_work():
            topics.delete_topic(found)
        flash(_("Đã bỏ chủ đề “%(name)s”.", name=name), "ok")
    except BankError as error:
        flash(str(error), "danger")
    return redirect(url_for("questions.topic_list"))


def _topic(public_id: str) -> Topic:
    found = topics.find_topic(public_id)
    if found is None:
        abort(404)
    return found


def _offer(form: TopicForm, own: Topic | None) -> None:
    barred = set(topics.subtree_ids(own)) if own else set()
    nodes = [node for node in topics.topic_tree() if node.topic.id not in barred]
    form.parent.choices = [("", _("Đứng riêng")), *((n.topic.public_id, n.label) for n in nodes)]


def _parent(form: TopicForm) -> Topic | None:
    if not form.parent.data:
        return None
    found = topics.find_topic(form.parent.data)
    if found is None:
        raise BankError(_("Không có chủ đề này."), "parent")
    return found


def _show(form: TopicForm, error: BankError) -> None:
    field = form._fields.get(error.field, form.name)
    field.errors = [*field.errors, str(error)]
