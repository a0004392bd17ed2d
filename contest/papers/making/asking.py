"""Asking for a set of forms, and the job that assembles it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from contest.papers.allotment import Cell
from contest.papers.assembly.apart import assemble_apart
from contest.papers.assembly.assemble import Assembly
from contest.papers.assembly.model import Cell as AssemblyCell
from contest.papers.assembly.model import Task
from contest.papers.assembly.selecting import missing
from contest.papers.making.bank import BankItem, assembly_items, bank_items, enemy_groups
from contest.papers.making.models import FormPlace, FormSet, PaperForm
from contest.papers.making.service import cells_asked, next_number, subject
from contest.rounds.models import Round
from core.access import current_actor
from core.audit import record
from core.database import db
from core.database.server_time import now
from core.jobs import Job, JobError, JobKind, enqueue, prepared

KIND = "papers.assemble"

MOST_FORMS = 24
#: The first mã đề; the others count on.
FIRST_CODE = 101
#: So long the search may take; the proof that nothing is better ends earlier as a rule.
SECONDS = 15.0


@dataclass(frozen=True)
class Wish:
    """What is asked for beside the cells: so many ``forms``, at most ``max_shared`` questions common to two of them;
    ``statistics``: measured or level; ``alike``: near-duplicates never in one form; ``apart``: further groups of question
    ids of which a form holds one at most."""

    forms: int
    max_shared: int = 0
    statistics: str = "measured"
    alike: bool = True
    apart: tuple[tuple[int, ...], ...] = ()


def ask_for_forms(round_: Round, cells: Sequence[Cell], wish: Wish, *, kind: str) -> tuple[FormSet, Job]:
    """Ask for forms of the blueprint ``cells``, inside a unit of work: the set, and the job that fills it."""
    form_set = FormSet(
        round_id=round_.id,
        number=next_number(round_),
        kind=kind,
        blueprint=[asdict(cell) for cell in cells],
        wanted=asdict(wish),
        seed=secrets.token_hex(8),
        asked_by_id=current_actor().account_id,
        asked_at=now(),
    )
    db.session.add(form_set)
    db.session.flush()
    record("papers.asked", subject(form_set), {"round": round_.public_id, "forms": wish.forms, "seed": form_set.seed})
    title = _("Ghép %(count)s mã đề: %(round)s", count=wish.forms, round=round_.name)
    job = enqueue(KIND, {"set": form_set.id}, title=title, unit_path=round_.contest.unit.path)
    return form_set, job


@dataclass(frozen=True)
class _Made:
    items: list[BankItem]
    enemies: list[list[int]]
    assembly: Assembly
    missing: int


class AssembleForms(JobKind):
    """Arguments: ``set`` (its id). The search runs in a process of its own; the same set gives the same forms again."""

    name = KIND

    def prepare(self, job: Job, number: int) -> Any:
        """Read the bank and assemble; no lock is held, no transaction stays open meanwhile."""
        if number == 0:
            return None
        form_set = db.session.get(FormSet, job.arguments["set"])
        if form_set is None:
            return None
        wish = Wish(**form_set.wanted)
        asked = cells_asked(form_set)
        known = bank_items(form_set.round.contest, wish.statistics)
        items = [item for item in known if any(cell.matches(item.candidate) for cell in asked)]
        enemies = enemy_groups(items, wish.apart, wish.alike)
        cells = [AssemblyCell(c.count, c.topic, c.level, c.type) for c in asked]
        seed = form_set.seed
        db.session.rollback()
        task = Task(assembly_items(items, enemies), cells, wish.forms, wish.max_shared)
        assembly = assemble_apart(task, SECONDS, seed)
        return _Made(items, enemies, assembly, 0 if assembly.forms else missing(task))

    def plan(self, job: Job) -> int:
        """One step."""
        return 1

    def step(self, job: Job, number: int) -> str | None:
        """Store the forms, or what is short."""
        form_set = db.session.get(FormSet, job.arguments["set"])
        if form_set is None or prepared() is None:
            raise JobError(_("Vòng thi đã bị xóa nên không còn bộ đề để ghép."))
        return str(_store(form_set, prepared()))

    def finish(self, job: Job) -> dict[str, Any]:
        """To the set's page."""
        form_set = db.session.get(FormSet, job.arguments["set"])
        url = f"/quan-tri/bo-de/{form_set.public_id}" if form_set is not None else "/quan-tri/de-thi"
        return {"url": url, "go_on": True, "label": str(_("Xem bộ đề"))}

    def cancelled(self, job: Job) -> None:
        """The set stays, without forms."""
        self._give_up(job)

    def failed(self, job: Job) -> None:
        """The set stays, without forms."""
        self._give_up(job)

    def _give_up(self, job: Job) -> None:
        form_set = db.session.get(FormSet, job.arguments["set"])
        if form_set is not None and form_set.state == "asked":
            form_set.state = "failed"


def _store(form_set: FormSet, made: _Made) -> str:
    assembly = made.assembly
    form_set.enemies = made.enemies
    form_set.outcome = {
        "status": assembly.status,
        "in_time": assembly.in_time,
        "short": [asdict(one) for one in assembly.short],
        "missing": made.missing,
    }
    if not assembly.forms:
        form_set.state = "impossible"
        return _("Ngân hàng không đủ câu")  # type: ignore[no-any-return]
    for index, form in enumerate(assembly.forms):
        form_set.forms.append(PaperForm(code=str(FIRST_CODE + index), places=_places(made.items, form)))
    form_set.state = "made"
    db.session.flush()
    return _("Đã ghép %(count)s mã đề", count=len(assembly.forms))  # type: ignore[no-any-return]


def _places(items: Sequence[BankItem], form: Sequence[Sequence[int]]) -> list[FormPlace]:
    """Cell by cell, inside a cell from what most answer right to what fewest do."""
    places: list[FormPlace] = []
    for cell, inside in enumerate(form):
        for item in sorted((items[at] for at in inside), key=lambda one: (-one.difficulty, one.candidate.question_id)):
            places.append(
                FormPlace(
                    number=len(places) + 1,
                    cell=cell,
                    question_id=item.candidate.question_id,
                    version_id=item.candidate.version_id,
                    difficulty=item.difficulty,
                    exposure=item.exposure,
                )
            )
    return places
