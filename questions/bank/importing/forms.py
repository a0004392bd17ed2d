"""Forms of an import: the files, what stands in for what the list leaves open, one question put right."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField, validators

from core.organisation.models import Unit
from questions.bank.content import Content
from questions.bank.importing.models import QuestionImportItem
from questions.bank.levels import LEVELS
from questions.bank.sources import all_sources, label_of
from questions.bank.topics import topic_tree
from questions.types.base import QuestionType
from questions.types.choice.form import tidy


class UploadForm(FlaskForm):
    """A list, and perhaps its answers in a second file."""

    file = FileField(_l("Tệp câu hỏi"))
    key = FileField(_l("Tệp đáp án riêng (nếu có)"))
    unit = SelectField(_l("Ngân hàng của"), validate_choice=False)

    def offer(self, units: list[Unit]) -> None:
        """Fill the list of banks."""
        self.unit.choices = [(unit.public_id, unit.name) for unit in units]


class DefaultsForm(FlaskForm):
    """For the whole file."""

    topic = SelectField(_l("Chủ đề"), validate_choice=False)
    level = SelectField(_l("Mức độ"), validate_choice=False)
    source = SelectField(_l("Văn bản làm căn cứ"), validate_choice=False)
    use_sections = BooleanField(_l("Lấy tiêu đề trong tệp làm chủ đề"))
    target_state = RadioField(
        _l("Sau khi nhập"),
        choices=[("draft", _l("Để ở trạng thái đang soạn")), ("in_review", _l("Gửi thẩm định ngay"))],
        default="draft",
        validate_choice=False,
    )

    def offer(self) -> None:
        """Fill the lists."""
        nothing = ("", _("Theo tệp, không thêm"))
        self.topic.choices = [nothing, *((node.topic.public_id, node.label) for node in topic_tree())]
        self.level.choices = [nothing, *((level, level[:1].upper() + level[1:]) for level in LEVELS)]
        self.source.choices = [nothing, *((s.public_id, label_of(s)) for s in all_sources())]


class ItemFields(FlaskForm):
    """A question of a list, to be put right; its type adds its own fields."""

    stem = TextAreaField(
        _l("Nội dung câu hỏi"),
        validators=[
            validators.DataRequired(message=_l("Chưa có nội dung câu hỏi.")),
            validators.Length(max=10_000, message=_l("Dài quá 10.000 ký tự.")),
        ],
    )
    topic = StringField(_l("Chủ đề"), validators=[validators.Length(max=120, message=_l("Dài quá 120 ký tự."))])
    level = StringField(_l("Mức độ"), validators=[validators.Length(max=40, message=_l("Dài quá 40 ký tự."))])
    source_text = TextAreaField(_l("Căn cứ"), validators=[validators.Length(max=10_000, message=_l("Dài quá 10.000 ký tự."))])
    explanation = TextAreaField(
        _l("Giải thích"), validators=[validators.Length(max=10_000, message=_l("Dài quá 10.000 ký tự."))]
    )
    type = HiddenField()


@cache
def item_form(kind: QuestionType) -> type[ItemFields]:
    """The form for a question of ``kind``."""
    return type(f"{type(kind).__name__}ItemForm", (ItemFields, kind.fields), {})


def item_values(item: QuestionImportItem, kind: QuestionType) -> dict[str, Any]:
    """Values of the form that show ``item`` as a question of ``kind``."""
    return {
        "stem": item.stem,
        "topic": item.topic,
        "level": item.level,
        "source_text": item.source_text,
        "explanation": item.explanation,
        **kind.values_for(item.data),
    }


def item_content(form: ItemFields, kind: QuestionType) -> Content:
    """What a filled-in form states."""
    return Content(
        type=kind.key,
        stem=tidy(form.stem.data or ""),
        data=kind.data_from(form),
        level=tidy(form.level.data or "")[:40],
        source_text=tidy(form.source_text.data or ""),
        explanation=tidy(form.explanation.data or ""),
    )
