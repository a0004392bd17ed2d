"""Forms of the bank: a question (its type adds its own fields), topics, sources."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, validators

from core.organisation.models import Unit
from questions.bank.content import BankError, Content, ContentError
from questions.bank.levels import LEVELS
from questions.bank.models import QuestionVersion, Source, Topic
from questions.bank.sources import SourceFacts, all_sources, find_source, label_of
from questions.bank.topics import find_topic, topic_tree
from questions.types.base import QuestionType
from questions.types.choice.form import tidy


class QuestionFields(FlaskForm):
    """What every question has, whatever its type."""

    stem = TextAreaField(
        _l("Nội dung câu hỏi"),
        validators=[
            validators.DataRequired(message=_l("Chưa có nội dung câu hỏi.")),
            validators.Length(max=10_000, message=_l("Dài quá 10.000 ký tự.")),
        ],
    )
    topic = SelectField(_l("Chủ đề"), validate_choice=False)
    level = SelectField(_l("Mức độ"), validate_choice=False)
    source = SelectField(_l("Văn bản làm căn cứ"), validate_choice=False)
    article = StringField(_l("Điều, mục"), validators=[validators.Length(max=120, message=_l("Dài quá 120 ký tự."))])
    clause = StringField(_l("Khoản, điểm"), validators=[validators.Length(max=120, message=_l("Dài quá 120 ký tự."))])
    source_text = StringField(
        _l("Căn cứ ghi bằng lời"), validators=[validators.Length(max=2000, message=_l("Dài quá 2.000 ký tự."))]
    )
    explanation = TextAreaField(
        _l("Giải thích"), validators=[validators.Length(max=10_000, message=_l("Dài quá 10.000 ký tự."))]
    )
    unit = SelectField(_l("Ngân hàng của"), validate_choice=False)
    based_on = HiddenField()
    type = HiddenField()


@cache
def question_form(kind: QuestionType) -> type[QuestionFields]:
    """The form for questions of ``kind``."""
    return type(f"{type(kind).__name__}Form", (QuestionFields, kind.fields), {})


def offer_choices(form: QuestionFields, units: list[Unit]) -> None:
    """Fill the form's lists; what a version has and the lists no longer offer stays choosable."""
    nothing = ("", _("Chưa chọn"))
    form.topic.choices = [nothing, *((node.topic.public_id, node.label) for node in topic_tree())]
    levels = list(LEVELS)
    if form.level.data and form.level.data not in levels and len(form.level.data) <= 40:
        levels.append(form.level.data)
    form.level.choices = [nothing, *((level, level[:1].upper() + level[1:]) for level in levels)]
    form.source.choices = [nothing, *((s.public_id, label_of(s)) for s in all_sources())]
    form.unit.choices = [(unit.public_id, unit.name) for unit in units]


def values_of(version: QuestionVersion, kind: QuestionType) -> dict[str, Any]:
    """Values of the form that show ``version``."""
    return {
        "stem": version.stem,
        "topic": version.topic.public_id if version.topic else "",
        "level": version.level,
        "source": version.source.public_id if version.source else "",
        "article": version.article,
        "clause": version.clause,
        "source_text": version.source_text,
        "explanation": version.explanation,
        "based_on": str(version.number),
        **kind.values_for(version.data),
    }


def content_from(form: QuestionFields, kind: QuestionType) -> Content:
    """The content that a filled-in form states. Raises BankError for a topic or source that is not there."""
    topic: Topic | None = None
    source: Source | None = None
    if form.topic.data and (topic := find_topic(form.topic.data)) is None:
        raise BankError(_("Không có chủ đề này."), "topic")
    if form.source.data and (source := find_source(form.source.data)) is None:
        raise BankError(_("Không có văn bản này."), "source")
    return Content(
        type=kind.key,
        stem=tidy(form.stem.data or ""),
        data=kind.data_from(form),
        topic_id=topic.id if topic else None,
        level=tidy(form.level.data or "")[:40],
        source_id=source.id if source else None,
        article=tidy(form.article.data or ""),
        clause=tidy(form.clause.data or ""),
        source_text=tidy(form.source_text.data or ""),
        explanation=tidy(form.explanation.data or ""),
    )


def show_error(form: QuestionFields, kind: QuestionType, error: BankError) -> None:
    """Put ``error`` at the field (or the option) that it is about."""
    if not isinstance(error, ContentError):
        _append(form._fields.get(error.field), str(error), form)
        return
    for problem in error.problems:
        _append(kind.field_of(form, problem), kind.explain(problem), form)


def _append(field: Any, message: str, form: QuestionFields) -> None:
    if field is None:
        form.form_errors.append(message)
    else:
        field.errors = [*field.errors, message] if field.errors else [message]


class TopicForm(FlaskForm):
    """A topic's name and the topic it belongs to."""

    name = StringField(_l("Tên chủ đề"), validators=[validators.DataRequired(message=_l("Chưa có tên chủ đề."))])
    parent = SelectField(_l("Thuộc chủ đề"), validate_choice=False)


class SourceForm(FlaskForm):
    """What is known of a document."""

    title = StringField(_l("Tên văn bản"), validators=[validators.DataRequired(message=_l("Chưa có tên văn bản."))])
    number = StringField(_l("Số, ký hiệu"))
    issued_on = DateField(_l("Ngày ban hành"), validators=[validators.Optional()])
    issuer = StringField(_l("Cơ quan ban hành"))
    in_force_from = DateField(_l("Có hiệu lực từ"), validators=[validators.Optional()])
    in_force_until = DateField(_l("Hết hiệu lực từ"), validators=[validators.Optional()])
    replaced_by = SelectField(_l("Được thay thế bằng"), validate_choice=False)

    def facts(self) -> SourceFacts:
        """What was typed."""
        return SourceFacts(
            self.title.data or "",
            self.number.data or "",
            self.issued_on.data,
            self.issuer.data or "",
            self.in_force_from.data,
            self.in_force_until.data,
        )
