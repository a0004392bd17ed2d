"""Commands about staff accounts and people: the first organiser is made here."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from core.access import Role, label_of_role
from core.accounts import grants, service, staff
from core.accounts.exporting import people_workbook
from core.accounts.models import Account
from core.accounts.passwords import weakness_of
from core.database import db, unit_of_work
from core.organisation.commands import act_as_machine, create_at, unit_at
from core.organisation.tree import find_by_path

accounts = AppGroup("accounts", help="Tài khoản của ban tổ chức và các tổ: lập, xem, đặt lại mật khẩu, thu hồi.")
people = AppGroup("people", help="Thí sinh: xuất ra Excel.")

_ROLE = click.Choice([role.value for role in Role])


@accounts.command("create", help="Lập tài khoản với một vai trò; mật khẩu in ra một lần.")
@click.option("--username", required=True, help="Tên đăng nhập.")
@click.option("--name", "display_name", required=True, help="Họ và tên.")
@click.option("--role", type=_ROLE, required=True, help="Vai trò.")
@click.option("--unit", "unit_path", required=True, help="Đơn vị, viết từ cấp trên xuống, ngăn bằng dấu /.")
@click.option("--create-unit", is_flag=True, help="Lập đơn vị đó nếu chưa có.")
@click.option("--level", default="", help="Cấp của đơn vị khi lập mới; bỏ trống thì đoán theo tên.")
@click.option("--ask-password", is_flag=True, help="Hỏi mật khẩu thay vì tự tạo.")
def create_command(
    username: str, display_name: str, role: str, unit_path: str, create_unit: bool, level: str, ask_password: bool
) -> None:
    """The account, its role and, when asked for, the unit stand or fall together."""
    act_as_machine()
    password = _asked(username) if ask_password else None
    try:
        with unit_of_work():
            missing = create_unit and find_by_path(unit_path) is None
            unit = create_at(unit_path, level) if missing else unit_at(unit_path)
            account, initial = service.create_account(username, display_name, password=password, must_change=password is None)
            grants.grant_role(account, Role(role), unit)
    except (service.AccountError, grants.GrantError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Đã lập tài khoản {account.username}: {label_of_role(Role(role))}, {unit.full_name}")
    if password is None:
        click.echo(f"Mật khẩu (chỉ hiện lần này, phải đổi khi đăng nhập): {initial}")


def _asked(username: str) -> str:
    password: str = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại")
    if weakness_of(password, username) is not None:
        raise click.ClickException("Mật khẩu cần ít nhất 10 ký tự và không dễ đoán. Một câu ngắn là mật khẩu tốt.")
    return password


@accounts.command("list", help="Các tài khoản, mỗi vai trò một dòng.")
def list_command() -> None:
    """User name, name, role, unit; a mark where the account is closed."""
    for account in db.session.scalars(select(Account).order_by(Account.username)):
        held = staff.active_grants(account)
        closed = "" if account.active else "  [đã khóa]"
        for grant in held:
            role = label_of_role(Role(grant.role))
            click.echo(f"{account.username}  {account.display_name}  {role}  {grant.unit.full_name}{closed}")
        if not held:
            click.echo(f"{account.username}  {account.display_name}  (không còn vai trò){closed}")


def _found(username: str) -> Account:
    account = staff.by_username(username)
    if account is None:
        raise click.ClickException(f"Không có tài khoản nào tên “{username}”.")
    return account


@accounts.command("reset-password", help="Đặt lại mật khẩu; mật khẩu mới in ra một lần.")
@click.argument("username")
def reset_command(username: str) -> None:
    """Every session of the account ends."""
    act_as_machine()
    account = _found(username)
    with unit_of_work():
        initial = service.reset_password(account)
    click.echo(f"Mật khẩu mới của {account.username} (chỉ hiện lần này, phải đổi khi đăng nhập): {initial}")


@accounts.command("revoke", help="Thu hồi vai trò; không ghi vai trò thì thu hồi hết và khóa tài khoản.")
@click.argument("username")
@click.option("--role", type=_ROLE, default=None, help="Chỉ vai trò này.")
@click.option("--unit", "unit_path", default="", help="Chỉ ở đơn vị này.")
def revoke_command(username: str, role: str | None, unit_path: str) -> None:
    """Rows stay; the account cannot be used from now on."""
    act_as_machine()
    account = _found(username)
    unit = unit_at(unit_path) if unit_path else None
    with unit_of_work():
        count = 0
        for grant in staff.active_grants(account):
            if role in (None, grant.role) and unit in (None, grant.unit):
                grants.revoke_role(grant)
                count += 1
        if role is None and unit is None:
            service.deactivate(account)
    click.echo(f"Đã thu hồi {count} vai trò của {account.username}.")


@people.command("export", help="Xuất thí sinh ra tệp Excel.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unit", "unit_path", default="", help="Chỉ thí sinh thuộc đơn vị này và các đơn vị dưới nó.")
def export_command(file: Path, unit_path: str) -> None:
    """The same file as the button on the page of people."""
    act_as_machine()
    file.write_bytes(people_workbook([unit_at(unit_path).path if unit_path else "/"]))
    click.echo(f"Đã ghi {file}")
