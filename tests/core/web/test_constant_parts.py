"""Parts of pages that are rendered once, and the short ways of templates to texts and addresses."""

from __future__ import annotations

from flask import Flask, render_template_string
from jinja2 import DictLoader

from core.web.constant_parts import CAPACITY, constant_part


def with_templates(app: Flask, **texts: str) -> None:
    app.jinja_env.loader = DictLoader(texts)


def test_a_part_is_rendered_once_for_each_address_of_the_site(sqlite_app: Flask) -> None:
    rendered: list[str] = []
    sqlite_app.jinja_env.globals["seen"] = lambda: rendered.append("once") or "<b>"
    with_templates(sqlite_app, **{"part.html": "{{ seen() }}{{ url_for('contestants.enter', _external=True) }}"})
    for base in ("http://a.vn", "http://a.vn", "https://b.vn", "http://a.vn"):
        with sqlite_app.test_request_context(base_url=base):
            assert render_template_string("{{ constant_part('part.html') }}") == f"&lt;b&gt;{base}/thi"
    assert len(rendered) == 2


def test_invented_addresses_of_the_site_fill_no_memory(sqlite_app: Flask) -> None:
    with_templates(sqlite_app, **{"part.html": "x"})
    for number in range(2 * CAPACITY):
        with sqlite_app.test_request_context(base_url=f"http://h{number}.vn"):
            assert constant_part("part.html") == "x"
    assert len(sqlite_app.extensions["constant_parts"]) <= CAPACITY


def test_texts_in_templates_escape_what_is_put_into_them(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        said = render_template_string("{{ _('Chào %(name)s', name='<An>') }} {{ _('Đúng 50%% <b>') }} {{ gettext('Vào') }}")
        assert said == "Chào &lt;An&gt; Đúng 50% <b> Vào"
        assert render_template_string("{% trans n=3 %}{{ n }} câu{% endtrans %}") == "3 câu"


def test_addresses_of_static_files_know_where_the_site_lies(sqlite_app: Flask) -> None:
    page = "{{ url_for('static', filename='css/base.css') }} {{ url_for('contestants.enter', x=1) }}"
    for root in ("", "/thi-thu"):
        expected = f"{root}/static/css/base.css {root}/thi?x=1"
        with sqlite_app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            assert render_template_string(page) == expected
