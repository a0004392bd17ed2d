"""What a reader of a question should know: what is missing, a source out of force, options that keep their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from questions.bank.models import QuestionVersion, Source
from questions.bank.sources import in_force, label_of
from questions.types.choice.data import letter_of
from questions.types.option_references import references
from questions.types.registry import type_of


def remarks_on(version: QuestionVersion) -> list[str]:
    """Sentences about ``version`` for whoever writes or reviews it."""
    found: list[str] = []
    if version.topic_id is None:
        found.append(_("Chưa có chủ đề: đề thi chia theo chủ đề sẽ không lấy câu này."))
    if not version.level:
        found.append(_("Chưa có mức độ."))
    if version.source_id is None and not version.source_text:
        found.append(_("Chưa có căn cứ chứng minh đáp án."))
    if version.source is not None and not in_force(version.source):
        found.append(_source_remark(version.source))
    return found + option_remarks(version.type, version.stem, version.data)


def _source_remark(source: Source) -> str:
    text: str = _("Căn cứ không còn (hoặc chưa có) hiệu lực: %(source)s.", source=label_of(source))
    return text


def option_remarks(type_key: str, stem: str, data: Mapping[str, Any]) -> list[str]:
    """What the options' references to one another mean for shuffling."""
    kind = type_of(type_key)
    options = kind.options(data)
    if not kind.shuffles or not options:
        return []
    found = references(options, stem)
    if not found.certain:
        return [_("Phương án hoặc câu hỏi nhắc đến chữ cái của phương án khác: giữ nguyên thứ tự, không đảo.")]
    return [
        _(
            "Phương án %(letter)s nhắc “%(named)s”: giữ ở cuối khi đảo, chữ cái đổi theo thứ tự hiện ra.",
            letter=letter_of(index),
            named=", ".join(letter_of(i) for i in reference.indexes),
        )
        for index, reference in enumerate(found.each)
        if reference is not None
    ]
