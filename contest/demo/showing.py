"""What the terminal says about the demo: the address, and how to come in as each of its people."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from config import Settings
from contest.demo.accounts import passwords_file, sign_in_details
from contest.demo.hours import HANOI
from contest.demo.rounds import newest_open_round, offered_contestants, sample_contest
from contest.rounds.models import Contest, Round
from core.accounts.people import code_of
from core.accounts.slips import groups


def lines() -> Iterator[str]:
    """The demo's page in the terminal, line by line; needs a loaded demo and a server on loopback."""
    contest = sample_contest()
    if contest is None:
        yield "Chưa có dữ liệu mẫu."
        return
    yield ""
    yield contest.name
    yield f"  Địa chỉ: {_settings().base_url}"
    yield ""
    yield f"  Cán bộ đăng nhập tại {address('accounts.sign_in')}"
    for details in sign_in_details():
        password = details.password or "(mật khẩu đã đổi)"
        yield f"    {details.label:<24} {details.username:<12} {password}"
    yield f"    (mật khẩu mẫu giữ trong {passwords_file()})"
    yield ""
    yield from _contestants(contest)
    yield ""


def _contestants(contest: Contest) -> Iterator[str]:
    round_ = newest_open_round(contest)
    if round_ is None:
        yield "  Không có vòng thi mẫu nào đang mở."
        return
    yield f"  Thí sinh vào thi tại {address('contestants.enter')}, {round_.name} mở đến {_closes(round_)}"
    for person, unit in offered_contestants(round_):
        names = unit.full_name.split(" / ")
        yield f"    {groups(code_of(person))}   {person.full_name}, {', '.join(reversed(names[1:]))}"


def _closes(round_: Round) -> str:
    return max(w.closes_at for w in round_.windows).astimezone(HANOI).strftime("%H:%M, %d/%m/%Y")


def address(endpoint: str) -> str:
    """The address of a page, as people type it."""
    return _settings().base_url + current_app.url_map.bind("").build(endpoint)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
