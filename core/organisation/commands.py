"""Commands about units: what an organiser can do in the browser can be done here too."""

from __future__ import annotations

from pathlib import Path

import click
from flask import g
from flask.cli import AppGroup
from sqlalchemy import select

from core.access import Actor, Grant, Role
from core.database import db, unit_of_work
from core.organisation.exporting import units_workbook
from core.organisation.levels import all_levels, guess_level, level_by_label, level_of
from core.organisation.models import Unit
from core.organisation.service import UnitError, create_unit
from core.organisation.tree import exists, find_by_path, in_tree_order

units = AppGroup("units", help="Đơn vị: xem, thêm, xuất ra Excel.")


def act_as_machine() -> None:
    """Whoever runs commands on the machine may do everything an organiser of the whole tree may."""
    g.actor = Actor(None, "dòng lệnh", (Grant(Role.ORGANISER, "/"),))


def unit_at(path: str) -> Unit:
    """The unit at "Hà Nội / Thanh Trì", or a clear message."""
    unit = find_by_path(path)
    if unit is None:
        raise click.ClickException(f"Không tìm thấy đơn vị “{path}”. Viết tên các cấp từ trên xuống, ngăn bằng dấu /.")
    return unit


@units.command("list", help="Cây đơn vị, mỗi đơn vị một dòng.")
@click.option("--under", default="", help="Chỉ các đơn vị dưới đường dẫn này.")
@click.option("--depth", default=3, show_default=True, help="Số cấp kể từ trên xuống.")
def list_command(under: str, depth: int) -> None:
    """Name, level and number of eligible people, indented by depth."""
    top = unit_at(under) if under else None
    statement = select(Unit).where(Unit.visible)
    if top is not None:
        statement = statement.where(Unit.path.startswith(top.path, autoescape=True))
    base = top.depth if top else 0
    for unit in in_tree_order(db.session.scalars(statement).all()):
        if unit.depth - base < depth:
            told = "" if unit.eligible is None else f"  ({unit.eligible} người)"
            ended = "" if exists(unit) else "  [đã kết thúc]"
            click.echo(f"{'  ' * (unit.depth - base)}{unit.name} · {level_of(unit.level).label}{told}{ended}")


@units.command("create", help="Thêm một đơn vị; các cấp trên nó phải có sẵn.")
@click.argument("path")
@click.option("--level", default="", help="Cấp (tên hoặc mã); bỏ trống thì đoán theo tên.")
@click.option("--eligible", type=int, default=None, help="Số người thuộc diện dự thi.")
def create_command(path: str, level: str, eligible: int | None) -> None:
    """The last name of PATH is the new unit's."""
    act_as_machine()
    with unit_of_work():
        unit = create_at(path, level, eligible)
    click.echo(f"Đã thêm: {unit.full_name}")


def create_at(path: str, level: str = "", eligible: int | None = None) -> Unit:
    """Found the unit at ``path`` inside the caller's unit of work; a clear message where that cannot be."""
    above, _slash, name = (part.strip() for part in path.rpartition("/"))
    parent = unit_at(above) if above else None
    chosen = level_by_label(level) if level else guess_level(name, level_of(parent.level) if parent else None)
    if chosen is None:
        labels = "; ".join(f"{each.key} ({each.label})" for each in all_levels())
        raise click.ClickException(f"Xin ghi cấp của “{name}” bằng --level. Các cấp: {labels}.")
    try:
        return create_unit(parent, chosen.key, name, eligible=eligible)
    except UnitError as error:
        raise click.ClickException(str(error)) from None


@units.command("export", help="Xuất đơn vị ra tệp Excel.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--under", default="", help="Chỉ các đơn vị dưới đường dẫn này.")
def export_command(file: Path, under: str) -> None:
    """The same file as the button on the page of units."""
    act_as_machine()
    file.write_bytes(units_workbook([unit_at(under).path if under else "/"]))
    click.echo(f"Đã ghi {file}")
