"""Whatever somebody sends, the answer is a page and never a breakdown: addresses, ids, form fields, cookies, headers.

What is sent for a field is drawn by Hypothesis out of what breaks programs; which fields there are is read off the code
and the pages, so that a new one is tried without anybody thinking of it.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import ROOT
from tests.security import matrix
from tests.security.house import ROLES, House

ROWS = matrix.rows()
GETS = [row for row in ROWS if row.method == "GET" and "+" in row.letters]
POSTS = [row for row in ROWS if row.method == "POST"]
WITH_IDS = sorted({(row.method, row.rule) for row in ROWS if row.objects and "static" not in row.rule})

#: What breaks programs, percent-encoded for an address.
HOSTILE = [
    "",
    "-1",
    "0",
    "1",
    "99999999999999999999999999",
    "-0",
    "1.5",
    "1e309",
    "NaN",
    "٣",
    "²",
    "½",
    "０",
    "True",
    "null",
    "[]",
    "{}",
    "'; DROP TABLE person;--",
    '" OR 1=1 --',
    "%",
    "_",
    "\\",
    "\x00",
    "a\x00b",
    "\x7f",
    "\ud7ff",
    "\ufffe",
    "\U0001f9ff" * 40,
    "\u202e",
    "é" * 300,
    "á" * 5000,
    "a" * 20000,
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "%(x)s",
    "{0.__class__}",
    "../../etc/passwd",
    "C:\\",
    "//evil.example",
    "javascript:1",
    "ten",
    "-ten",
    "--ten",
    "-",
    "\r\nX: y",
    " ",
    "\t",
    "​",
    "ﬃ",
    "00/00/0000",
    "31/02/2026",
    "99/99/99999",
    "0001-01-01",
    "9999-12-31",
    "24:00",
    "99:99",
    "08:00",
    "24/11/2026",
    "+84912345678",
    "9.12E+08",
    "Đặng Hữu Hoà",
]
#: Those that break the most, for trying each with every page.
WORST = [
    quote(text, safe="") for text in ("9" * 26, "-1", "²", "\x00", "a\x00b", "\ufffe", "é" * 300, "%", "'", "{0.__class__}")
]
#: Bytes that are no text at all.
RAW = ["%", "%zz", "%00", "%ff%fe", "%c3%28", "%ed%a0%80", "%f0%28%8c%bc", "%u0041", "a%00b", "%C0%AE%C0%AE/"]

hostile = st.one_of(st.sampled_from(HOSTILE).map(lambda text: quote(text, safe="")), st.sampled_from(RAW))
fuzzed = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def argument_names() -> tuple[str, ...]:
    """Every name that some view reads from an address."""
    found: set[str] = set()
    for folder in ("core", "questions", "contest"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r'\bargs(?:\.get|\.getlist)?[(\[]\s*"([\w-]+)"', path.read_text()))
            found |= set(re.findall(r'\bvalues\.get\(\s*"([\w-]+)"', path.read_text()))
    return tuple(sorted(found))


def test_the_names_of_arguments_are_found() -> None:
    assert {"q", "trang", "so_dong", "sap_xep", "don_vi", "don-vi", "xem", "tab", "loai", "tiep", "cau"} <= set(
        argument_names()
    )


def field_names(house: House, row: matrix.Row) -> list[str]:
    """The names of the fields that the row's page shows (or, of a button without a page, those that views read)."""
    found: set[str] = set()
    for role in allowed(row):
        text = house.ask(role, "GET", house.url(row.rule, row.objects)).text
        found |= set(re.findall(r'\bname="([\w-]+)"', text))
    return sorted((found | form_names()) - {"csrf_token", "viewport", "robots"})


@cache
def form_names() -> frozenset[str]:
    """Every name that some view reads from a form by hand."""
    found: set[str] = set()
    for folder in ("core", "questions", "contest"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r'\bform(?:\.get|\.getlist)?[(\[]\s*"([\w-]+)"', path.read_text()))
    return frozenset(found)


def allowed(row: matrix.Row) -> list[str]:
    """The roles that get through: at most two, so that each way through a view is tried."""
    found = [role for role, letter in zip(ROLES, row.letters, strict=True) if letter == "+"]
    return found[:1] + found[-1:] if len(found) > 1 else found or ["contestant"]


@pytest.mark.parametrize("row", GETS, ids=str)
def test_a_hostile_address_gets_a_page(house: House, row: matrix.Row) -> None:
    url, roles = house.url(row.rule, row.objects), allowed(row)

    @fuzzed
    @given(st.dictionaries(st.sampled_from(argument_names()), hostile, min_size=1, max_size=25))
    def ask(arguments: dict[str, str]) -> None:
        query = "&".join(f"{name}={value}" for name, value in arguments.items())
        role = roles[len(query) % len(roles)]
        answer = house.ask(role, "GET", f"{url}?{query}")
        assert answer.status_code < 500, f"{role} {url}?{query}"
        if answer.mimetype == "text/html":
            assert "<script>alert(1)" not in answer.text

    ask()


@pytest.mark.parametrize("value", [*WORST, "%ff%fe", "%00"])
def test_each_hostile_value_in_every_argument_at_once(house: House, value: str) -> None:
    query = "&".join(f"{name}={value}" for name in argument_names())
    for row in GETS:
        role = allowed(row)[0]
        url = house.url(row.rule, row.objects)
        answer = house.ask(role, "GET", f"{url}?{query}")
        assert answer.status_code < 500, f"{role} {url} with {value}"


@pytest.mark.parametrize(("method", "rule"), WITH_IDS)
def test_a_guessed_or_broken_id_finds_nothing(house: House, method: str, rule: str) -> None:
    """Each parameter in its turn, the others right."""
    row = next(row for row in ROWS if (row.method, row.rule) == (method, rule))
    role = allowed(row)[0]
    for place in range(len(row.objects)):
        for value in (*WORST, *RAW[:4], "a" * 3000, house.objects["city"][:15], house.objects["city"]):
            names = [*row.objects[:place], value, *row.objects[place + 1 :]]
            answer = house.ask(role, method, house.url(rule, names), data={} if method == "POST" else None)
            assert answer.status_code < 500, f"{role} {method} {house.url(rule, names)}"
            assert answer.status_code >= 300 or value == house.objects["city"], f"{role} {method} {house.url(rule, names)}"
    house.restore()


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_a_hostile_form_gets_a_page(house: House, row: matrix.Row) -> None:
    url = house.url(row.rule, row.objects)
    names = field_names(house, row)
    values = st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from(
            [value for key, value in house.objects.items() if key in ("an", "cell", "topic", "running", "contest", "item")]
        ),
    )
    role = allowed(row)[0]

    @fuzzed
    @given(st.dictionaries(st.sampled_from(names), st.lists(values, min_size=1, max_size=2), max_size=12))
    def send(fields: dict[str, list[str]]) -> None:
        answer = house.ask(role, "POST", url, data=fields)
        assert answer.status_code < 500, f"{role} {url} {fields}"
        if answer.mimetype == "text/html":
            assert "<script>alert(1)" not in answer.text

    try:
        send()
    finally:
        house.restore()


def test_what_was_typed_is_shown_again_as_text(house: House) -> None:
    typed = '"><script>alert(1)</script>'
    fields = {"full_name": typed, "unit": typed, "position": typed, "phone": typed, "birth_date": typed}
    answer = house.ask("organiser", "POST", "/quan-tri/thi-sinh/them", data=fields)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert answer.text.count("&lt;script&gt;alert(1)") >= 4


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"=&=&=&", b"a" * 100_000, b"%", b"ma=%ff", b"ma=%00", b"[" * 10_000])
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "nonsense",
        "application/x-www-form-urlencoded; charset=x",
    ],
)
def test_a_body_that_is_no_form_gets_a_page(house: House, body: bytes, kind: str) -> None:
    for role, url in (
        ("nobody", "/dang-nhap"),
        ("nobody", "/thi"),
        ("organiser", "/quan-tri/thi-sinh/nhap"),
        ("organiser", "/quan-tri/hoi-thi/moi"),
        ("setter", "/quan-tri/cau-hoi/moi"),
        ("contestant", "/s/luu"),
        ("contestant", "/s/cau"),
    ):
        answer = house.ask(role, "POST", url, data=body, content_type=kind)
        assert answer.status_code < 500, f"{url} {kind}"
    house.restore()


@pytest.mark.parametrize(
    "header",
    [
        "Cookie",
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "If-None-Match",
        "Authorization",
        "Range",
        "User-Agent",
        "Referer",
        "X-Forwarded-For",
        "If-Modified-Since",
        "Host",
    ],
)
def test_a_hostile_header_gets_a_page(house: House, header: str) -> None:
    for value in (
        "",
        "x" * 4000,
        "phien=;thiet_bi=",
        "phien=a.b.c; thiet_bi=%00; ngon_ngu=xx",
        "Bearer",
        "Bearer x.y",
        "\xff\xfe",
        'W/"x", *',
        "bytes=0-,-1",
        "ngon_ngu=../../x",
        "Bearer " + "A" * 3000,
        "a,b;q=zz",
        "999.999.999.999",
    ):
        for url in (
            "/",
            "/thi",
            "/quan-tri",
            "/thi/phong",
            "/s/de",
            f"/ket-qua/{house.objects['past']}",
            "/static/css/base.css",
            f"/viec/{house.objects['job']}/tien-do",
        ):
            answer = house.ask("organiser", "GET", url, headers={header: value})
            assert answer.status_code < 500, f"{url} {header}: {value[:40]!r}"
