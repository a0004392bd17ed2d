"""What is still missing before a round can open, opening it, and taking that back before anybody could sit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from contest.papers.making.freezing import freeze_forms, thaw_forms
from contest.papers.making.service import set_in_use, unfit_for
from contest.papers.pool import PoolShort, freeze_pool, supply, thaw_pool
from contest.rounds.entries import count_by_window, count_entries, count_without_entry
from contest.rounds.models import Round
from contest.rounds.service import RoundFrozen, newest_rules, round_rules, rules_of
from contest.rules.checking import check_round
from core.audit import record
from core.database.server_time import now


class NotReady(Exception):
    """The round cannot open yet; ``missing`` says why, for people."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


class TooLate(Exception):
    """A window has opened: the round can no longer go back to preparation."""


class Step(StrEnum):
    """The steps of preparing a round, in the order of the wizard."""

    SETTINGS = "settings"
    WINDOWS = "windows"
    QUESTIONS = "questions"
    PEOPLE = "people"


@dataclass(frozen=True)
class Check:
    """One line of the list of what must be in order; ``blocks`` says whether the round can open without it."""

    step: Step
    done: bool
    text: str
    detail: str = ""
    blocks: bool = True


def checklist(round_: Round) -> list[Check]:
    """Everything that must be (or had better be) in order before ``round_`` opens."""
    return [*_settings(round_), *_windows(round_), *_questions(round_), *_people(round_)]


def _settings(round_: Round) -> list[Check]:
    rules = round_rules(round_)
    faults = check_round(rules)
    if faults:
        return [Check(Step.SETTINGS, False, _("Nội dung thi chưa hợp lệ"), str(fault.message)) for fault in faults]
    return [
        Check(
            Step.SETTINGS,
            True,
            _("Nội dung thi: %(count)s câu, %(minutes)s phút", count=rules.questions, minutes=rules.minutes),
        )
    ]


def _windows(round_: Round) -> list[Check]:
    if not round_.windows:
        return [Check(Step.WINDOWS, False, _("Chưa có ca thi nào"), _("Thêm ca thi cho từng đơn vị."))]
    moment = now()
    checks = []
    for window in round_.windows:
        if window.opens_at >= window.closes_at:
            checks.append(
                Check(Step.WINDOWS, False, _("Ca thi của %(unit)s kết thúc trước khi bắt đầu", unit=window.unit.name))
            )
        elif window.closes_at <= moment:
            checks.append(Check(Step.WINDOWS, False, _("Ca thi của %(unit)s đã qua", unit=window.unit.name)))
    return checks or [Check(Step.WINDOWS, True, _("%(count)s ca thi", count=len(round_.windows)))]


def _questions(round_: Round) -> list[Check]:
    chosen = set_in_use(round_)
    if chosen is not None:
        reasons = unfit_for(chosen)
        if reasons:
            text = _("Bộ đề số %(number)s không dùng được", number=chosen.number)
            return [Check(Step.QUESTIONS, False, text, reason) for reason in reasons]
        said = _("Đề thi: bộ đề số %(number)s, %(forms)s mã đề", number=chosen.number, forms=len(chosen.forms))
        return [Check(Step.QUESTIONS, True, said)]
    cells = supply(round_)
    short = [c for c in cells if c.short]
    if short:
        return [
            Check(
                Step.QUESTIONS,
                False,
                _("Thiếu %(count)s câu: %(cell)s", count=c.short, cell=cell_label(c.cell.topic, c.cell.level)),
                _("Cần %(needed)s câu cho mọi ca thi, mới xếp được %(got)s.", needed=c.needed, got=c.available),
            )
            for c in short
        ]
    if not cells:
        return [Check(Step.QUESTIONS, False, _("Ma trận đề còn trống"))]
    return [Check(Step.QUESTIONS, True, _("Đề thi đủ câu cho mọi ô ma trận"))]


def cell_label(topic: str | None, level: str | None) -> str:
    """What screens call a cell of the blueprint."""
    return " · ".join(part for part in (topic or _("mọi chủ đề"), level or _("mọi mức độ")) if part)


def _people(round_: Round) -> list[Check]:
    total = count_entries(round_.contest)
    if not total:
        waiting = count_without_entry(round_.contest)
        reason = (
            _("%(count)s người trong danh sách đơn vị chưa được đưa vào hội thi.", count=waiting)
            if waiting
            else _("Nạp danh sách từ Excel.")
        )
        return [Check(Step.PEOPLE, False, _("Chưa có thí sinh nào"), reason)]
    outside = people_without_window(round_)
    checks = [Check(Step.PEOPLE, True, _("%(count)s thí sinh", count=total))]
    if outside:
        checks.append(
            Check(Step.PEOPLE, False, _("%(count)s thí sinh không thuộc ca thi nào", count=outside), blocks=False)
        )
    return checks


def people_without_window(round_: Round) -> int:
    """How many entered people have no window in ``round_``."""
    return count_by_window(round_.contest_id, round_.windows)[1]


def open_round(round_: Round) -> int:
    """Freeze the rules and the pool of questions: from here on the windows open by the clock. Returns the pool's size.

    Raises NotReady with what is missing, RoundFrozen when it is open already.
    """
    if round_.state != "draft":
        raise RoundFrozen(round_.public_id)
    missing = [c.text for c in checklist(round_) if c.blocks and not c.done]
    if missing:
        raise NotReady(missing)
    try:
        chosen = set_in_use(round_)
        size = freeze_pool(round_) if chosen is None else freeze_forms(round_, chosen)
    except PoolShort:
        raise NotReady([_("Ngân hàng câu hỏi vừa thay đổi và không còn đủ câu.")]) from None
    version = newest_rules(round_.contest)
    version.frozen_at = version.frozen_at or now()
    round_.rules_version = version
    round_.state = "open"
    round_.opened_at = now()
    rules_of(round_.contest)
    record(
        "round.opened",
        f"round:{round_.public_id}",
        {"pool": size, "rules": version.number, "windows": len(round_.windows)},
    )
    return size


def reopen_preparation(round_: Round) -> None:
    """Take an opened round back to preparation. Raises TooLate once its first window has opened."""
    if round_.state != "open" or any(w.opens_at <= now() for w in round_.windows):
        raise TooLate(round_.public_id)
    thaw_forms(round_)
    thaw_pool(round_)
    round_.state = "draft"
    round_.opened_at = None
    round_.rules_version = None
    record("round.taken_back", f"round:{round_.public_id}", {})
