"""The last step of an import: everything new is shown at once, and one entry in the audit chain says what came."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.models import Person
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db
from core.database.server_time import now
from core.organisation.models import Unit


def summary_of(batch_id: int) -> dict[str, Any]:
    """Counts of what has been done ("person_new" and so on), and the Merkle root over the rows that changed something."""
    counts: dict[str, int] = {}
    leaves: list[dict[str, Any]] = []
    columns = (ImportRow.outcome, ImportRow.action, ImportRow.full_name)
    in_order = (ImportRow.batch_id == batch_id, ImportRow.position)

    def counted(kind: str, outcome: str, action: str) -> bool:
        done = outcome or (action if action in ("same", "skip") else "left_out")
        counts[f"{kind}_{done}"] = counts.get(f"{kind}_{done}", 0) + 1
        return done in ("new", "change")

    units = (
        select(*columns, ImportRow.level, ImportRow.eligible, Unit.public_id)
        .outerjoin(Unit, Unit.id == ImportRow.target_id)
        .where(in_order[0], ImportRow.kind == "unit")
    )
    for outcome, action, name, level, eligible, unit in db.session.execute(units.order_by(in_order[1])):
        if counted("unit", outcome, action):
            leaves.append({"outcome": outcome, "unit": unit, "name": name, "level": level, "eligible": eligible})
    people = (
        select(*columns, ImportRow.birth_date, ImportRow.phone, ImportRow.title, Person.public_id, Unit.public_id)
        .outerjoin(Person, Person.id == ImportRow.target_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(in_order[0], ImportRow.kind == "person")
    )
    for outcome, action, name, born, phone, title, person, unit in db.session.execute(people.order_by(in_order[1])):
        if counted("person", outcome, action):
            birth = born.isoformat() if born else None
            leaf = {"outcome": outcome, "person": person, "unit": unit, "name": name, "birth": birth}
            leaves.append({**leaf, "phone": phone, "position": title})
    return {"counts": counts, "rows": len(leaves), "root": merkle_root(leaves)}


def reveal(batch: ImportBatch, summary: dict[str, Any]) -> None:
    """Show the new units and people at once, and note it in the chain."""
    for model in (Unit, Person):
        db.session.execute(
            update(model)
            .where(model.import_batch_id == batch.id, model.visible.is_(False))
            .values(visible=True)
            .execution_options(synchronize_session=False)
        )
    record(
        "people.import",
        f"import:{batch.public_id}",
        {"file": batch.file_name, "rows": summary["rows"], "counts": summary["counts"], "root": summary["root"]},
    )
    batch.revealed = True
    batch.state, batch.message = "done", ""
    batch.finished_at = now()
    batch.result = summary
