"""Commands: what an organiser can import in the browser can be imported here too."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from core.accounts.importing import batches, workbooks
from core.accounts.importing.batches import ImportRefused
from core.accounts.importing.doubt_kinds import message_of, shown_proposal
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.presenting import FIELD_LABELS
from core.accounts.importing.wording import effect_words
from core.accounts.importing.workings import row_data
from core.database import db, unit_of_work
from core.documents.limits import DocumentRefused
from core.jobs import run_now
from core.jobs.service import OVER, find
from core.organisation.commands import act_as_machine, unit_at

_MOST_SHOWN = 20

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_UNIT = click.option("--unit", default="", help="Chỉ nhập vào đơn vị này trở xuống: tên các cấp, ngăn bằng dấu /.")
_ALL = click.option("--all-or-nothing", is_flag=True, help="Chỉ nhập khi mọi dòng đều tốt.")
_ACCEPT = click.option("--accept-repairs", is_flag=True, help="Nhận mọi đề nghị sửa.")
_BAD = click.option(
    "--bad",
    "bad_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ghi các dòng chưa nhập được, kèm lý do, vào tệp Excel này.",
)


@click.command("import", help="Nhập đơn vị và thí sinh từ một tệp Excel. Kết thúc bằng 1 khi còn dòng chưa nhập được.")
@_FILE
@_UNIT
@_ALL
@_ACCEPT
@_BAD
@click.pass_context
def import_command(
    context: click.Context, file: Path, unit: str, all_or_nothing: bool, accept_repairs: bool, bad_file: Path | None
) -> None:
    """Read, repair where told to, import; the same for ``units import`` and ``people import``."""
    act_as_machine()
    batch = _read(file, unit)
    if accept_repairs:
        _accept_repairs(batch)
    counts = batches.counts(batch)
    click.echo(f"{batch.file_name}: {counts.total} dòng, {counts.good} nhập được, {counts.bad} chưa nhập được.")
    click.echo(effect_words(counts))
    _tell_doubts(batch)
    if bad_file is not None and counts.bad:
        bad_file.write_bytes(workbooks.bad_rows(batch))
        click.echo(f"Các dòng chưa nhập được: {bad_file}")
    if counts.effect:
        _bring_in(batch, all_or_nothing)
    if counts.bad or workbooks.count_left_out(batch):
        context.exit(1)


@click.command("template", help="Ghi tệp Excel mẫu để điền danh sách.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@_UNIT
def template_command(out: Path, unit: str) -> None:
    """The template, with the units of the subtree in its lists."""
    act_as_machine()
    out.write_bytes(workbooks.template(unit_at(unit).path if unit else "/"))
    click.echo(f"Đã ghi {out}")


def _read(file: Path, unit: str) -> ImportBatch:
    scope = unit_at(unit) if unit else None
    try:
        with file.open("rb") as stream:
            token = batches.receive(stream)
    except DocumentRefused as refused:
        raise _Refused(str(refused)) from None
    with unit_of_work():
        batch = batches.open_batch(scope, token, file.name)
    _work(batch)
    if batch.state != "ready":
        raise _Refused(batch.message)
    return batch


class _Refused(click.ClickException):
    """The file is no list: one line, and 2."""

    exit_code = 2


def _work(batch: ImportBatch) -> None:
    """Do here what the worker would do."""
    while True:
        job = find(batch.job_public_id or "")
        if job is None or job.state in OVER:
            return
        done = run_now(job.id)
        db.session.expire_all()
        if done.state == "failed":
            click.echo(done.message, err=True)


def _accept_repairs(batch: ImportBatch) -> None:
    """Take every proposal; a second one may come up where a cell had two faults."""
    for _round in range(3):
        groups = [group for group in batches.doubt_groups(batch) if group.proposals]
        for group in groups:
            with unit_of_work():
                batches.accept_all(batch, group.kind.code)
            _work(batch)
        if not groups:
            return


def _tell_doubts(batch: ImportBatch) -> None:
    bad = ImportRow.state.in_(("error", "review"))
    rows = select(ImportRow).where(ImportRow.batch_id == batch.id, bad).order_by(ImportRow.position)
    for row in db.session.scalars(rows.limit(_MOST_SHOWN)):
        for doubt in row_data(row).doubts:
            proposal = shown_proposal(doubt)
            question = f" Có phải “{proposal}”?" if proposal else ""
            where = f"  {row.sheet}, dòng {row.number}, {FIELD_LABELS[doubt.field]}"
            click.echo(f"{where}: {message_of(doubt)}{question}", err=True)
    total = batches.counts(batch).bad
    if total > _MOST_SHOWN:
        click.echo(f"  … và {total - _MOST_SHOWN} dòng nữa; dùng --bad để ghi tất cả ra tệp.", err=True)


def _bring_in(batch: ImportBatch, all_or_nothing: bool) -> None:
    try:
        with unit_of_work():
            batches.bring_in(batch, all_or_nothing=all_or_nothing)
    except ImportRefused as refused:
        click.echo(str(refused), err=True)
        return
    _work(batch)
    if batch.state != "done":
        raise click.ClickException(batch.message or "Chưa nhập được.")
    done = batch.result["counts"]
    parts = [
        f"{done[name]} {label}"
        for name, label in (
            ("unit_new", "đơn vị mới"),
            ("unit_change", "đơn vị thay đổi"),
            ("person_new", "người mới"),
            ("person_change", "người thay đổi"),
        )
        if done.get(name)
    ]
    click.echo(f"Đã nhập: {', '.join(parts)}.")
