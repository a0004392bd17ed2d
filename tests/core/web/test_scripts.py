"""The small scripts, in a real browser over the real macros, without a server: every answer is given here."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, Request, Route
from wtforms import FileField, Form

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[3]
HOME = "http://trang.test/"


class Site:
    """Answers what the page asks: the page, the fragment of a poll, and files of static/."""

    def __init__(self) -> None:
        self.html = ""
        self.fragments: list[tuple[int, str, str]] = []
        self.asked: list[Request] = []

    def answer(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(HOME).partition("?")[0]
        self.asked.append(request)
        if path.startswith("static/"):
            file = ROOT / path
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path == "phan" and self.fragments:
            status, etag, body = self.fragments.pop(0)
            route.fulfill(status=status, body=body, headers={"ETag": etag, "Content-Type": "text/html"})
        else:
            policy = {"Content-Security-Policy": "default-src 'self'"}
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=policy)

    def polls(self) -> list[Request]:
        return [request for request in self.asked if request.url == HOME + "phan"]


Show = Callable[..., Page]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def show(browser: Browser, site: Site) -> Iterator[Show]:
    """Renders a bit of template inside a bare page and opens it."""
    environment = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    environment.globals.update(
        _=lambda text, **values: text % values if values else text,
        csrf_token=lambda: "dau-bao-ve",
        request=SimpleNamespace(args={}),
    )
    environment.filters["number"] = str
    context = browser.new_context(viewport={"width": 360, "height": 740})

    def render(template: str, *, script: bool = True, **values: Any) -> Page:
        modules = '<script type="module" src="/static/js/main.js"></script>' if script else ""
        site.html = (
            '<!doctype html><html lang="vi" data-size="1"><head><meta charset="utf-8"><title>x</title>'
            '<script src="/static/js/fontsize.js"></script></head><body>'
            + environment.from_string(template).render(**values)
            + modules
            + "</body></html>"
        )
        page = context.new_page()
        page.set_default_timeout(5000)
        page.route("**/*", site.answer)
        page.goto(HOME)
        return page

    yield render
    context.close()


CONFIRM = """{% import "macros/dialog.html" as d %}
{{ d.confirm('Xóa vòng thi', 'Xóa Vòng 1?', 'Không lấy lại được.', '/xoa', 'Xóa', danger=True, fields={'ban': 3}) }}"""


def test_a_question_is_asked_in_a_dialog_and_the_safe_answer_has_the_focus(show: Show) -> None:
    page = show(CONFIRM)
    page.get_by_text("Xóa vòng thi").click()
    dialog = page.get_by_role("dialog", name="Xóa Vòng 1?")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Thôi"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.get_by_text("Xóa vòng thi").click()
    assert dialog.is_visible()


def test_yes_posts_the_form_with_its_token(show: Show, site: Site) -> None:
    page = show(CONFIRM)
    page.get_by_text("Xóa vòng thi").click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    page.wait_for_url(HOME + "xoa")
    assert [request.post_data for request in site.asked if request.method == "POST"] == ["csrf_token=dau-bao-ve&ban=3"]


def test_without_scripts_the_question_unfolds_in_the_page(show: Show, site: Site) -> None:
    page = show(CONFIRM, script=False)
    page.get_by_text("Xóa vòng thi").click()
    assert page.get_by_text("Không lấy lại được.").is_visible()
    page.get_by_role("button", name="Xóa", exact=True).click()
    page.wait_for_url(HOME + "xoa")
    assert any(request.method == "POST" for request in site.asked)


POLL = """{% import "macros/page.html" as ui %}
{% call ui.poll('/phan', seconds=0.05, lost_text='Mất liên lạc.') %}<p>0 dòng</p>{% endcall %}"""


def test_a_region_is_kept_fresh_until_the_work_is_done(show: Show, site: Site) -> None:
    site.fragments = [
        (200, '"a"', "<p>100 dòng</p>"),
        (304, '"a"', ""),
        (200, '"b"', "<p data-poll-done>xong</p>"),
    ]
    page = show(POLL)
    page.get_by_text("xong").wait_for()
    tags = [request.headers.get("if-none-match") for request in site.polls()]
    assert tags == [None, '"a"', '"a"']
    assert site.fragments == []


def test_a_lost_connection_is_said_and_then_forgotten(show: Show, site: Site) -> None:
    site.fragments = [(500, "", ""), (200, '"a"', "<p>đã có lại</p><i data-poll-done></i>")]
    page = show(POLL)
    page.get_by_text("Mất liên lạc.").wait_for()
    page.get_by_text("đã có lại").wait_for()
    assert page.get_by_text("Mất liên lạc.").count() == 0


def test_done_may_lead_to_another_page(show: Show, site: Site) -> None:
    site.fragments = [(200, "", '<i data-poll-done="/ket-qua"></i>')]
    page = show(POLL)
    page.wait_for_url(HOME + "ket-qua")


def test_done_never_leads_to_another_site(show: Show, site: Site) -> None:
    site.fragments = [(200, "", '<p>hết</p><i data-poll-done="http://khac.test/"></i>')]
    page = show(POLL)
    page.get_by_text("hết").wait_for()
    assert page.url == HOME
    assert not any(request.url.startswith("http://khac.test") for request in site.asked)


class Upload(Form):
    """A form with one file."""

    file = FileField("Tệp danh sách")


DROP = (
    """{% import "macros/forms.html" as f %}<form>{{ f.file_drop(form.file, accept='.xlsx', max_bytes=10) }}</form>"""
)


def test_a_chosen_file_is_named_with_its_size(show: Show) -> None:
    page = show(DROP, form=Upload())
    page.set_input_files("input[type=file]", {"name": "ds.xlsx", "mimeType": "x/y", "buffer": b"12345"})
    assert page.locator("[data-drop-chosen]").text_content() == "ds.xlsx (5 B)"
    assert page.evaluate("document.querySelector('form').checkValidity()") is True


@pytest.mark.parametrize(
    ("name", "size", "words"), [("ds.xlsx", 11, "Tệp này quá lớn"), ("ds.docx", 5, "Không nhận loại tệp này")]
)
def test_a_file_too_big_or_of_another_kind_is_refused_at_once(show: Show, name: str, size: int, words: str) -> None:
    page = show(DROP, form=Upload())
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "x/y", "buffer": b"1" * size})
    assert words in (page.locator("[data-drop-chosen]").text_content() or "")
    assert page.evaluate("document.querySelector('form').checkValidity()") is False


def test_a_dropped_file_lands_in_the_field(show: Show) -> None:
    page = show(DROP, form=Upload())
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["1"], "keo.xlsx"));
            const zone = document.querySelector("[data-file-drop]");
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert page.evaluate("document.querySelector('input[type=file]').files[0].name") == "keo.xlsx"


SIZES = """{% import "macros/page.html" as ui %}{{ ui.font_sizes() }}"""


def test_a_chosen_letter_size_is_remembered(show: Show) -> None:
    page = show(SIZES)
    page.get_by_role("button", name="Chữ rất to").click()
    assert page.evaluate("document.documentElement.dataset.size") == "3"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.size") == "3"
    assert page.get_by_role("button", name="Chữ rất to").get_attribute("aria-pressed") == "true"


def test_without_storage_the_cookie_remembers(show: Show) -> None:
    page = show(SIZES)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.reload()
    page.get_by_role("button", name="Chữ to", exact=True).click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.size") == "2"


def test_a_filter_chosen_is_applied_and_empty_fields_stay_out_of_the_address(show: Show) -> None:
    page = show(
        """<form data-autosubmit><input name="q" value=""><select name="xa"><option value="">-</option>
        <option value="5">5</option></select></form>"""
    )
    page.select_option("select", "5")
    page.wait_for_url(HOME + "?xa=5")


def test_leaving_with_unsaved_words_asks_first(show: Show) -> None:
    page = show('<form data-unsaved><input name="a"></form><a href="/khac">khác</a>')
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("input", "đang viết")
    page.get_by_text("khác").click(no_wait_after=True)
    page.wait_for_function("document.readyState === 'complete'")
    assert asked == ["beforeunload"]
    assert page.url == HOME


def test_copying_says_so(show: Show) -> None:
    page = show(
        """{% import "macros/page.html" as ui %}{{ ui.copy_button('http://x.vn/1', 'Chép đường dẫn', 'Đã chép') }}"""
    )
    page.get_by_role("button", name="Chép đường dẫn").click()
    page.get_by_text("Đã chép").wait_for()
