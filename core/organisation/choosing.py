"""A form field in which somebody types what they mean and, where several fit, chooses among them. Works without scripts.

A list of choices would hold 17,000 units. The field sends the text and, once several fitted, the id that was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from core.database import fold
from core.organisation.models import Unit
from core.organisation.tree import find_by_words, unit_by_public_id

Thing = TypeVar("Thing")

#: Stands before an id among the values that the field sends.
_CHOSEN = "id:"
#: How many are offered; with more the person is asked to type more.
_OFFERED = 20


class TypedChoice(StringField, Generic[Thing]):
    """``data`` is what was typed, ``chosen`` the thing meant (None: nothing typed), ``matches`` what to choose from.

    Rendered by the macro ``typed_choice`` of ``organisation/_typed_choice.html``.
    """

    def __init__(self, label: Any = None, validators: Any = None, *, needed: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.needed = needed
        self.chosen: Thing | None = None
        self.matches: list[Thing] = []
        self._picked: str | None = None

    def search(self, text: str) -> Sequence[Thing]:
        """What ``text`` may mean, the likeliest first; at most one more than is offered."""
        raise NotImplementedError

    def key_of(self, thing: Thing) -> str:
        """The id that the form sends."""
        raise NotImplementedError

    def label_of(self, thing: Thing) -> str:
        """What people choose by."""
        raise NotImplementedError

    def set_to(self, thing: Thing | None) -> None:
        """Show ``thing`` as what is meant (before anything was sent)."""
        self.chosen = thing
        self.data = self.label_of(thing) if thing is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The text, and the id of what was chosen."""
        texts = [value for value in valuelist if not value.startswith(_CHOSEN)]
        picks = [value.removeprefix(_CHOSEN) for value in valuelist if value.startswith(_CHOSEN)]
        self.data = texts[0].strip()[:600] if texts else ""
        self._picked = picks[0] if picks else None

    def pre_validate(self, form: Any) -> None:
        """Find out what is meant; the error says what to do when it is not clear."""
        self.chosen, self.matches = None, []
        if not fold(self.data or ""):
            if self.needed:
                raise ValidationError(str(self.needed))
            return
        found = list(self.search(self.data or ""))
        if self._picked is not None:
            self.chosen = next((each for each in found if self.key_of(each) == self._picked), None)
        elif len(found) == 1:
            self.chosen = found[0]
        if self.chosen is not None:
            return
        if not found:
            raise ValidationError(_("Không tìm thấy trong phạm vi của đồng chí. Xin xem lại cách viết."))
        self.matches = found[:_OFFERED]
        if len(found) > _OFFERED:
            raise ValidationError(_("Có nhiều hơn %(count)s kết quả. Xin viết rõ hơn.", count=_OFFERED))
        raise ValidationError(_("Xin chọn một trong các kết quả dưới đây."))


class UnitField(TypedChoice[Unit]):
    """A unit of the subtrees that ``scopes`` gives when the form is sent."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, scopes: Callable[[], Sequence[str]], **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self._scopes = scopes

    def search(self, text: str) -> Sequence[Unit]:
        """By name or full name, without accents."""
        return find_by_words(text, self._scopes(), _OFFERED + 1)

    def key_of(self, thing: Unit) -> str:
        return thing.public_id

    def label_of(self, thing: Unit) -> str:
        return thing.full_name

    def set_to_id(self, public_id: str | None) -> None:
        """Show the unit with this id, if it lies within the scopes."""
        unit = unit_by_public_id(public_id) if public_id else None
        if unit is not None and any(unit.path.startswith(path) for path in self._scopes()):
            self.set_to(unit)
