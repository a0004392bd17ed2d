"""Changing units: founding, renaming, moving, ending, lineage. Path, depth and full name stay right in subtrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, literal, select, update

from core.audit import record
from core.database import canonical, db, fold, public_id, sort_key
from core.organisation.levels import is_level, level_of
from core.organisation.models import Unit, UnitAlias, UnitLineage
from core.organisation.tree import (
    SEPARATOR,
    children_named,
    descendants,
    exists,
    find_child,
    same_spelling,
    today,
    under,
)

MAX_NAME = 200
MAX_FULL_NAME = 600
MAX_ELIGIBLE = 100_000


class UnitError(ValueError):
    """A change of units that cannot be; ``field`` names what is wrong, the text says it to people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def subject(unit: Unit) -> str:
    """How the audit chain names ``unit``."""
    return f"unit:{unit.public_id}"


def new_unit(
    parent: Unit | None,
    level: str,
    name: str,
    *,
    eligible: int | None = None,
    valid_from: date | None = None,
    visible: bool = True,
    import_batch_id: int | None = None,
) -> Unit:
    """A unit under ``parent`` (None: at the top) without an entry in the audit chain, for bulk changes that make one.

    Raises UnitError for a level that cannot stand there, an ended parent, an empty or taken name.
    """
    check_level(level, parent)
    if parent is not None and not exists(parent):
        raise UnitError("parent", _("%(unit)s đã kết thúc hoạt động, không lập đơn vị mới ở dưới.", unit=parent.name))
    name = check_name(parent, name)
    check_eligible(eligible)
    full_name = name if parent is None else parent.full_name + SEPARATOR + name
    if len(full_name) > MAX_FULL_NAME:
        raise UnitError("name", _("Tên đầy đủ từ cấp trên xuống dài quá %(max)s chữ.", max=MAX_FULL_NAME))
    unit = Unit(
        public_id=public_id(),
        parent_id=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        level=level,
        name=name,
        folded=fold(name),
        sort_key=sort_key(name),
        full_name=full_name,
        eligible=eligible,
        valid_from=valid_from,
        visible=visible,
        import_batch_id=import_batch_id,
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit


def create_unit(
    parent: Unit | None,
    level: str,
    name: str,
    *,
    eligible: int | None = None,
    valid_from: date | None = None,
    aliases: Sequence[str] = (),
) -> Unit:
    """Found a unit under ``parent`` (None: at the top). Raises UnitError like ``new_unit``."""
    unit = new_unit(parent, level, name, eligible=eligible, valid_from=valid_from)
    for alias in aliases:
        add_alias(unit, alias)
    record("unit.create", subject(unit), {"name": unit.full_name, "level": level, "eligible": eligible})
    return unit


def check_level(level: str, parent: Unit | None) -> None:
    """Raise UnitError unless a unit of ``level`` may stand under ``parent``."""
    if not is_level(level):
        raise UnitError("level", _("Xin chọn cấp của đơn vị."))
    above = level_of(parent.level) if parent else None
    if not level_of(level).may_stand_under(above):
        if above is None:
            raise UnitError("level", _("Chi bộ phải thuộc một tổ chức đảng cấp trên."))
        raise UnitError(
            "level",
            _("%(level)s không đặt dưới %(above)s được.", level=level_of(level).label, above=above.label),
        )


def check_name(parent: Unit | None, name: str, but: Unit | None = None) -> str:
    """``name`` in its official spelling. Raises UnitError when it is empty, too long, or a sibling's (but ``but``)."""
    name = canonical(name)
    if not fold(name):
        raise UnitError("name", _("Xin ghi tên đơn vị."))
    if len(name) > MAX_NAME:
        raise UnitError("name", _("Tên dài quá %(max)s chữ.", max=MAX_NAME))
    if "/" in name:
        raise UnitError("name", _("Tên không chứa dấu “/”, vì dấu này ngăn cách các cấp."))
    for other in children_named(parent, name):
        if other is not but and same_spelling(other.name, name):
            raise UnitError("name", _("Ở đây đã có đơn vị tên “%(name)s”.", name=other.name))
    return name


def check_eligible(eligible: int | None) -> None:
    """Raise UnitError for a number of members that cannot be."""
    if eligible is not None and not 0 <= eligible <= MAX_ELIGIBLE:
        raise UnitError("eligible", _("Số người thuộc diện dự thi phải từ 0 đến 100.000."))


def rename(unit: Unit, name: str, *, keep_old: bool = True) -> None:
    """Give ``unit`` another name; lists may still call it by the old one (``keep_old``). Raises UnitError."""
    name = check_name(unit.parent, name, but=unit)
    if name == unit.name:
        return
    old_name, old_full = unit.name, unit.full_name
    full_name = name if unit.parent is None else unit.parent.full_name + SEPARATOR + name
    _rewrite_subtree(unit, unit.path, unit.depth, full_name)
    unit.name, unit.folded, unit.sort_key = name, fold(name), sort_key(name)
    if keep_old:
        add_alias(unit, old_name)
    db.session.flush()
    record("unit.rename", subject(unit), {"from": old_full, "to": full_name})


def move(unit: Unit, parent: Unit) -> None:
    """Put ``unit`` with everything below it under ``parent``. Raises UnitError where that cannot be."""
    if parent.id == unit.parent_id:
        return
    if parent.path.startswith(unit.path):
        raise UnitError("parent", _("Không chuyển một đơn vị vào chính nó hoặc vào đơn vị ở dưới nó."))
    if not exists(parent):
        raise UnitError("parent", _("%(unit)s đã kết thúc hoạt động.", unit=parent.name))
    check_level(unit.level, parent)
    check_name(parent, unit.name, but=unit)
    old_full = unit.full_name
    _rewrite_subtree(unit, f"{parent.path}{unit.id}/", parent.depth + 1, parent.full_name + SEPARATOR + unit.name)
    unit.parent_id = parent.id
    db.session.flush()
    db.session.refresh(unit)
    record("unit.move", subject(unit), {"from": old_full, "to": unit.full_name})


def _rewrite_subtree(unit: Unit, path: str, depth: int, full_name: str) -> None:
    """Put the new beginnings before what follows them, in the whole subtree, in one statement."""
    old_path, old_full = unit.path, unit.full_name
    longest = db.session.scalar(select(func.max(func.length(Unit.full_name))).where(under(old_path))) or 0
    if longest - len(old_full) + len(full_name) > MAX_FULL_NAME:
        raise UnitError("name", _("Tên đầy đủ từ cấp trên xuống dài quá %(max)s chữ.", max=MAX_FULL_NAME))
    db.session.execute(
        update(Unit)
        .where(under(old_path))
        .values(
            path=literal(path) + func.substr(Unit.path, len(old_path) + 1),
            full_name=literal(full_name) + func.substr(Unit.full_name, len(old_full) + 1),
            depth=Unit.depth + (depth - unit.depth),
        )
        .execution_options(synchronize_session=False)
    )
    for loaded in list(db.session.identity_map.values()):
        if isinstance(loaded, Unit):
            db.session.expire(loaded, ["path", "full_name", "depth"])


def set_eligible(unit: Unit, eligible: int | None) -> None:
    """Note how many of the unit's members may take part (None: not told). Raises UnitError."""
    check_eligible(eligible)
    if eligible == unit.eligible:
        return
    record("unit.eligible", subject(unit), {"from": unit.eligible, "to": eligible})
    unit.eligible = eligible


def add_alias(unit: Unit, name: str) -> None:
    """Let lists call ``unit`` by ``name`` too. Doing so twice changes nothing."""
    name = canonical(name)
    known = db.session.scalar(select(UnitAlias.id).where(UnitAlias.unit_id == unit.id, UnitAlias.folded == fold(name)))
    if known is None and fold(name) and len(name) <= MAX_NAME:
        db.session.add(UnitAlias(unit_id=unit.id, name=name, folded=fold(name)))
        db.session.flush()


def close(unit: Unit, day: date, successors: Sequence[Unit] = (), note: str = "") -> int:
    """``unit`` and what is below it no longer exist from ``day`` on; returns how many ended.

    Nothing is deleted: people and results keep their unit. ``successors`` take its place. Raises UnitError.
    """
    if unit.valid_from is not None and day < unit.valid_from:
        raise UnitError("day", _("Ngày kết thúc phải sau ngày thành lập."))
    if unit.valid_until is not None and unit.valid_until <= day:
        raise UnitError("day", _("%(unit)s đã kết thúc hoạt động từ trước.", unit=unit.name))
    for successor in successors:
        if successor.path.startswith(unit.path):
            raise UnitError("successor", _("Đơn vị kế tục không thể là chính nó hoặc đơn vị ở dưới nó."))
    ending = [
        each
        for each in db.session.scalars(descendants(unit.path, itself=True))
        if each.valid_until is None or each.valid_until > day
    ]
    for each in ending:
        each.valid_until = day
    for successor in successors:
        link(unit, successor, day, note)
    record(
        "unit.close",
        subject(unit),
        {
            "day": day.isoformat(),
            "count": len(ending),
            "successors": [each.public_id for each in successors],
        },
    )
    return len(ending)


def reopen(unit: Unit) -> int:
    """Take an ending back, with what ended on the same day below it; returns how many exist again. Raises UnitError."""
    day = unit.valid_until
    if day is None:
        raise UnitError("day", _("%(unit)s đang hoạt động.", unit=unit.name))
    if unit.parent is not None and unit.parent.valid_until is not None:
        raise UnitError("day", _("Xin khôi phục đơn vị cấp trên trước: %(unit)s.", unit=unit.parent.name))
    other = find_child(unit.parent, unit.name)
    if other is not None and other is not unit and same_spelling(other.name, unit.name):
        raise UnitError("name", _("Ở đây đã có đơn vị tên “%(name)s”.", name=other.name))
    returning = [each for each in db.session.scalars(descendants(unit.path, itself=True)) if each.valid_until == day]
    for each in returning:
        each.valid_until = None
    record("unit.reopen", subject(unit), {"day": day.isoformat(), "count": len(returning)})
    return len(returning)


def link(predecessor: Unit, successor: Unit, day: date | None = None, note: str = "") -> None:
    """Note that ``successor`` came, wholly or in part, out of ``predecessor``. Doing so twice changes nothing."""
    if db.session.get(UnitLineage, (predecessor.id, successor.id)) is None:
        db.session.add(
            UnitLineage(predecessor_id=predecessor.id, successor_id=successor.id, on_day=day or today(), note=note[:300])
        )
        db.session.flush()
