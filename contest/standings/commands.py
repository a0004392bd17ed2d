"""Commands about standings."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from contest.rounds.models import Round
from contest.standings.exporting import standing_workbook
from contest.standings.service import versions
from core.database import db

group = AppGroup("standings", help="Bảng kết quả: xuất Excel, xếp hạng một tệp kết quả.")


@group.command("export", help="Xuất bảng kết quả của vòng thi mang mã VONG ra tệp Excel.")
@click.argument("round_id", metavar="VONG")
@click.argument("target", metavar="TEP.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--version", "number", type=int, help="Số bản; nếu không ghi thì lấy bản mới nhất.")
@with_appcontext
def export(round_id: str, target: Path, number: int | None) -> None:
    """The same file as in the browser."""
    round_ = db.session.scalar(select(Round).where(Round.public_id == round_id))
    if round_ is None:
        raise click.ClickException(f"Không có vòng thi nào mang mã {round_id}.")
    found = [each for each in versions(round_) if number in (None, each.number)]
    if not found:
        raise click.ClickException("Vòng thi này chưa có bảng kết quả như vậy.")
    try:
        target.write_bytes(standing_workbook(found[0]))
    except LookupError:
        raise click.ClickException("Bảng kết quả này không có ai.") from None
    except OSError as error:
        raise click.ClickException(f"Không ghi được tệp {target}: {error.strerror}") from None
    click.echo(f"{target}: bản {found[0].number}, {found[0].summary['sat']} người")


@group.command("rank", context_settings={"ignore_unknown_options": True, "help_option_names": []},
               help="Xếp hạng một tệp kết quả CSV (không cần cơ sở dữ liệu); --help để xem cách dùng.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def rank(arguments: tuple[str, ...]) -> None:
    """Listed here for the help page; ``run.py`` runs it without an app."""
    from contest.standings.rank_command import rank_command

    raise click.exceptions.Exit(rank_command(list(arguments)))
