"""The steps of setting up a contest, each with what is still missing: the organiser's way from a name to results."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from contest.papers.opening import Check, Step, checklist
from contest.rounds.entries import count_entries, count_without_entry
from contest.rounds.models import Contest, Round
from core.web.filters import show_number


@dataclass(frozen=True)
class Missing:
    """One thing to do. ``target`` names the page where it is done; ``blocks``: the round cannot open without it."""

    text: str
    detail: str
    target: str
    blocks: bool = True


@dataclass
class Stage:
    """A step: ``state`` is done, now (the first that is not done) or later."""

    title: str
    target: str
    summary: str = ""
    missing: list[Missing] = field(default_factory=list)
    state: str = "later"

    @property
    def done(self) -> bool:
        """True when nothing that blocks is missing."""
        return self.state == "done"


#: The page on which each kind of check is put right.
TARGETS = {Step.SETTINGS: "settings", Step.WINDOWS: "windows", Step.QUESTIONS: "settings", Step.PEOPLE: "entries"}


def current_round(contest: Contest) -> Round | None:
    """The round that the wizard is about: the first that is not closed, or the last."""
    return next((r for r in contest.rounds if r.state != "closed"), contest.rounds[-1] if contest.rounds else None)


def stages_of(contest: Contest) -> list[Stage]:
    """The seven steps, for the contest's current round."""
    round_ = current_round(contest)
    checks = checklist(round_) if round_ is not None and round_.state == "draft" else []
    windows = _("%(count)s ca thi", count=len(round_.windows) if round_ else 0)
    opened = round_ is not None and round_.state != "draft"
    stages = [
        _information(contest),
        _round(contest, round_, checks),
        _people(contest, checks),
        _from_checks(_("Câu hỏi"), Step.QUESTIONS, round_, checks, _("Đề thi đủ câu")),
        _from_checks(_("Ca thi"), Step.WINDOWS, round_, checks, windows),
        _opening(round_),
        _results(round_),
    ]
    for stage, done in zip(stages, _done(stages, round_, opened), strict=True):
        stage.state = "done" if done else "later"
    first = next((s for s in stages if not s.done), None)
    if first is not None:
        first.state = "now"
    return stages


def _done(stages: list[Stage], round_: Round | None, opened: bool) -> list[bool]:
    ready = [not any(m.blocks for m in stage.missing) for stage in stages]
    ready[1] = ready[1] and round_ is not None
    ready[3], ready[4] = ready[3] and round_ is not None, ready[4] and round_ is not None
    ready[5] = opened
    ready[6] = round_ is not None and round_.published_at is not None
    return ready


def _information(contest: Contest) -> Stage:
    stage = Stage(_("Thông tin"), "edit", contest.unit.name)
    if not contest.hotline:
        stage.missing.append(Missing(_("Chưa có số điện thoại hỗ trợ"), _("Số này in trên phiếu dự thi."), "edit"))
    if not contest.introduction:
        stage.missing.append(
            Missing(_("Chưa có lời giới thiệu"), _("Không bắt buộc; thí sinh đọc ở trang thể lệ."), "edit", blocks=False)
        )
    return stage


def _round(contest: Contest, round_: Round | None, checks: list[Check]) -> Stage:
    stage = Stage(_("Vòng thi"), "settings", round_.name if round_ else "")
    if round_ is None:
        stage.target = "new_round"
        stage.missing.append(Missing(_("Chưa có vòng thi nào"), _("Thêm vòng thi đầu tiên."), "new_round"))
    stage.missing += _missing(checks, Step.SETTINGS)
    return stage


def _people(contest: Contest, checks: list[Check]) -> Stage:
    total, waiting = count_entries(contest), count_without_entry(contest)
    stage = Stage(_("Đơn vị và thí sinh"), "entries", _("%(count)s thí sinh", count=show_number(total)) if total else "")
    if not total and not waiting:
        stage.missing.append(
            Missing(_("Chưa có thí sinh nào"), _("Nạp danh sách đơn vị và thí sinh từ tệp Excel."), "import")
        )
    elif waiting:
        text = _("%(count)s người trong danh sách đơn vị chưa được đưa vào hội thi", count=show_number(waiting))
        how = _("Mở danh sách thí sinh rồi bấm “Đưa %(count)s người vào hội thi”.", count=show_number(waiting))
        stage.missing.append(Missing(text, how, "entries", blocks=not total))
    if total:
        stage.missing += _missing(checks, Step.PEOPLE)
    return stage


def _from_checks(title: str, step: Step, round_: Round | None, checks: list[Check], summary: str) -> Stage:
    missing = _missing(checks, step)
    return Stage(title, TARGETS[step], summary if round_ is not None and not missing else "", missing)


def _missing(checks: list[Check], step: Step) -> list[Missing]:
    return [Missing(c.text, c.detail, TARGETS[step], c.blocks) for c in checks if c.step is step and not c.done]


def _opening(round_: Round | None) -> Stage:
    stage = Stage(_("Mở vòng"), "open")
    if round_ is not None and round_.state != "draft":
        stage.target, stage.summary = "monitor", _("%(round)s đã mở", round=round_.name)
    return stage


def _results(round_: Round | None) -> Stage:
    stage = Stage(_("Kết quả"), "standing")
    if round_ is not None and round_.published_at is not None:
        stage.summary = _("Đã công bố")
    return stage
