"""``records check``: is the audit chain sound?"""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from core.audit.chain import first_break
from core.audit.models import AuditHead
from core.database import db

records = AppGroup("records", help="Nhật ký kiểm toán: kiểm tra chuỗi niêm phong.")


@records.command("check", help="Kiểm tra chuỗi nhật ký; thoát 1 nếu có chỗ bị sửa.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def check(as_json: bool) -> None:
    """Walk the whole chain and say where it breaks, if it does."""
    broken = first_break()
    head = db.session.get(AuditHead, 1)
    entries, digest = (head.count, head.hash) if head else (0, None)
    if as_json:
        click.echo(json.dumps({"entries": entries, "head": digest, "broken_at": broken}))
    elif broken is None:
        click.echo(f"Nhật ký nguyên vẹn: {entries} dòng, dấu niêm cuối {digest}.")
    elif broken == 0:
        click.echo("Nhật ký bị cắt: các dòng không khớp với dấu niêm cuối.")
    else:
        click.echo(f"Nhật ký bị sửa ở dòng số {broken}.")
    sys.exit(0 if broken is None else 1)
