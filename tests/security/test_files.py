"""Files that come in are bounded and refused in plain words; those that go out hold nothing that runs."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path

import docx
import pytest
from sqlalchemy import select

from config import Settings
from contest.standings.models import StandingRow
from core.accounts.importing.models import ImportRow
from core.accounts.models import Person
from core.database import db
from core.documents.limits import DEFAULT_LIMITS
from core.jobs import run_now
from core.jobs.service import find
from core.organisation.models import Unit
from run import create_app
from tests.core.accounts.importing.conftest import people as people_workbook
from tests.security import matrix
from tests.security.house import House

PEOPLE, QUESTIONS = "/quan-tri/thi-sinh/nhap", "/quan-tri/cau-hoi/nhap/moi"


def _package(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def workbook() -> bytes:
    return people_workbook([1, "Hoàng Thị Hoa", "Chi bộ thôn 1, Xã Đông Mỹ", None, "", ""])


def document() -> bytes:
    target = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Câu 1. Ai bầu ra chi ủy?")
    made.save(target)
    return target.getvalue()


def bomb() -> bytes:
    """A workbook of a few hundred kilobytes that unzips to more than anybody's list."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    return _package({**parts, "xl/media/image1.bin": bytes(230 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """The same, with a header that says it is small."""
    return bomb().replace(struct.pack("<I", 230 * 1024 * 1024), struct.pack("<I", 30))


def nested_entities() -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    return _package({**parts, "xl/workbook.xml": laughs})


def encrypted() -> bytes:
    """What Office makes of a workbook with a password: an OLE container."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


#: What somebody may send, by what is wrong with it.
BAD: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blanks": lambda: b" \r\n\t ",
    "text called xlsx": lambda: "không phải Excel".encode(),
    "half a workbook": lambda: workbook()[:900],
    "half a document": lambda: document()[:900],
    "a workbook with a broken sheet": lambda: _package({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<T"}),
    "a document with a broken body": lambda: _package({"word/document.xml": b"<w:document", "[Content_Types].xml": b"<T"}),
    "a zip of something else": lambda: _package({"anh.txt": b"x"}),
    "zip bomb": bomb,
    "zip bomb that lies": lying_bomb,
    "entities": nested_entities,
    "password": encrypted,
    "old Excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
    "PDF": lambda: b"%PDF-1.7\n" + zlib.compress(b"x" * 1000),
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(2000),
    "null bytes": lambda: bytes(5000),
    "random": lambda: bytes(n * 7919 % 251 for n in range(5000)),
}

#: Words of a machine that no person should read.
NOT_FOR_PEOPLE = ("Traceback", "Error", "Exception", "BadZip", "lxml", "openpyxl", "calamine", "None", "lỗi của hệ thống")


SENT = [
    *(("organiser", PEOPLE, "xlsx", name) for name in BAD),
    # A text is a list of questions, whatever it is called.
    *(("setter", QUESTIONS, "docx", name) for name in BAD if name != "text called xlsx"),
]


@pytest.mark.parametrize(("role", "page", "ending", "name"), SENT)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(
    house: House, role: str, page: str, ending: str, name: str
) -> None:
    data = {"unit": house.objects["district"], "file": (io.BytesIO(BAD[name]()), f"danh sách.{ending}")}
    client = house.browser(role)
    answer = client.post(page, data=data)
    try:
        if answer.status_code in (302, 303):
            job_id = answer.headers["Location"].rpartition("/")[2].partition("?")[0]
            assert answer.headers["Location"].startswith("/viec/")
            with house.app.app_context():
                job = find(job_id)
                assert job is not None
                done = run_now(job.id)
                assert done.state == "done", done.message
                url = str((done.result or {})["url"])
            answer = client.get(url)
            assert answer.status_code == 200
            told = re.search(r'class="alert[^"]*danger.*?</(?:div|section|aside)>', answer.text, re.S)
        else:
            assert answer.status_code in (200, 422)
            told = re.search(r'<[^>]*class="error-list">.*?</ul>', answer.text, re.S)
        assert told is not None, answer.text
        words = unescape(re.sub(r"<[^>]+>", " ", told[0]))
        assert len(words.split()) > 4
        assert not [inside for inside in NOT_FOR_PEOPLE if inside in words], words
    finally:
        house.restore()


@pytest.mark.parametrize(("role", "page"), [("organiser", PEOPLE), ("setter", QUESTIONS)])
def test_a_form_without_a_file_says_so_at_the_field(house: House, role: str, page: str) -> None:
    for sent in ({}, {"file": "a text in the file's place"}, {"file": (io.BytesIO(b""), "")}):
        answer = house.ask(role, "POST", page, data={"unit": house.objects["district"], **sent})
        assert answer.status_code in (200, 422)
        assert "Xin chọn" in unescape(answer.text)


def test_a_file_just_over_the_bound_meets_its_field_and_not_an_error_page(house: House) -> None:
    """The server takes in a little more than the largest document, so that the form can say what to do."""
    assert house.app.config["MAX_CONTENT_LENGTH"] >= DEFAULT_LIMITS.upload_bytes + 512 * 1024
    data = {"unit": house.objects["district"], "file": (io.BytesIO(bytes(DEFAULT_LIMITS.upload_bytes + 1)), "lớn.xlsx")}
    answer = house.ask("organiser", "POST", PEOPLE, data=data)
    assert answer.status_code in (200, 422)
    assert "Tệp quá lớn" in unescape(answer.text)


def test_a_file_name_is_only_a_name(house: House) -> None:
    """A path in it leads nowhere, markup in it is text, and nothing of it reaches the disk."""
    uploads = house.app.config["SETTINGS"].instance / "uploads"
    for name in (
        "../../../tmp/x.xlsx",
        "C:\\fakepath\\danh sách.xlsx",
        "<script>x</script>.xlsx",
        "a" * 400 + ".xlsx",
        "\u202exslx.exe",
    ):
        data = {"unit": house.objects["district"], "file": (io.BytesIO(workbook()), name)}
        client = house.browser("organiser")
        answer = client.post(PEOPLE, data=data)
        assert answer.status_code == 303
        page = client.get(answer.headers["Location"]).text
        assert "<script>x" not in page
        assert "../" not in page.replace("../static", "")
        assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in uploads.iterdir())
        house.restore()


def test_uploads_and_everything_of_the_instance_are_the_owners_alone(house: House) -> None:
    instance: Path = house.app.config["SETTINGS"].instance
    assert instance.stat().st_mode & 0o777 == 0o700
    for folder in (instance / "keys", instance / "uploads"):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
        for path in folder.iterdir():
            assert path.stat().st_mode & 0o777 == 0o600, path
    assert {path.name for path in (instance / "keys").iterdir()} >= {"session.key", "slip.key", "paper.key", "token.key"}


def test_the_first_start_makes_a_folder_for_nobody_else(tmp_path: Path) -> None:
    app = create_app(Settings(instance=tmp_path / "new", testing=True))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    app.extensions["writer"].close()


def test_a_key_that_others_can_read_stops_the_server(tmp_path: Path) -> None:
    from core.database.keys import KeyFileError, load_keys

    keys = load_keys(tmp_path / "keys")
    assert [len(key) for key in {*keys.values()}] == [32] * len(keys)
    (tmp_path / "keys" / "session.key").chmod(0o644)
    with pytest.raises(KeyFileError):
        load_keys(tmp_path / "keys")


# ---- what goes out ----

HOSTILE = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "＝1+1", " =1+1", "=cmd|' /C calc'!A0")


def _hostile_names() -> None:
    """Every name of people, units and rows begins like a formula."""
    for number, person in enumerate(db.session.scalars(select(Person))):
        person.full_name = HOSTILE[number % len(HOSTILE)]
        person.position = HOSTILE[(number + 1) % len(HOSTILE)]
    for number, unit in enumerate(db.session.scalars(select(Unit))):
        unit.name = HOSTILE[number % len(HOSTILE)]
        unit.full_name = HOSTILE[(number + 3) % len(HOSTILE)]
    for row in db.session.scalars(select(ImportRow)):
        row.cells = {
            name: {**cell, "text": HOSTILE[0]} if isinstance(cell, dict) else HOSTILE[0] for name, cell in row.cells.items()
        }
    for number, ranked in enumerate(db.session.scalars(select(StandingRow))):
        ranked.name = HOSTILE[number % len(HOSTILE)]
        ranked.unit_name = HOSTILE[(number + 2) % len(HOSTILE)]


#: Every route that answers with a workbook: those of the matrix that say so, and those that give one on a press.
WORKBOOKS = [
    *(
        row
        for row in matrix.rows()
        if row.method == "GET" and ("xlsx" in row.rule or "tai-excel" in row.rule) and "+" in row.letters
    ),
    *(row for row in matrix.rows() if row.method == "POST" and row.rule.endswith("/excel")),
]


@pytest.mark.parametrize("row", WORKBOOKS, ids=str)
def test_no_workbook_holds_a_cell_that_can_run(house: House, row: matrix.Row) -> None:
    with house.changed(_hostile_names):
        answer = house.ask("organiser", row.method, house.url(row.rule, row.objects))
        assert answer.status_code == 200, answer.status_code
        body = answer.get_data()
    assert body[:2] == b"PK"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for name in package.namelist():
            part = package.read(name).decode()
            assert "<f>" not in part and "<f " not in part, name
            assert not re.search(r"<hyperlink\b", part), name
            assert not re.search(r'TargetMode="External"', part), name
            for text in re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", part):
                first = unescape(text).lstrip(" \u00a0")[:1]
                assert first not in set("=+-@\t\r＝＋－＠") or not first, f"{name}: {text}"


def test_the_list_of_workbooks_is_not_empty_and_the_names_do_reach_them(house: House) -> None:
    assert len(WORKBOOKS) >= 8
    with house.changed(_hostile_names):
        body = house.ask("organiser", "GET", "/quan-tri/thi-sinh/tai-excel").get_data()
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        everything = "".join(package.read(name).decode() for name in package.namelist())
    assert "'=" in unescape(everything)
