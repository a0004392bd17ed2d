"""Security headers of every answer; shared by the full app and the bare ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}

#: Of files that are the same for everybody.
STATIC_CACHING = "public, max-age=3600"

STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")


def is_static() -> bool:
    """Whether the request asks for a file of a static folder."""
    return request.endpoint == "static" or (request.endpoint or "").endswith(".static")


class PageSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, renewed by pages only. A file that every cache may keep neither varies by cookie nor sets
    one: else a browser would ask for each script and style again with every page."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """As Flask makes it, but once and not twice a request: the keys do not change while the app runs."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not is_static():
            super().save_session(app, session, response)


def add_headers(response: Response) -> Response:
    """Put the security headers on ``response``; pages are kept by no cache unless they say otherwise."""
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 (iterating over it gives pairs)
    response.headers.extend([pair for pair in HEADERS.items() if pair[0].lower() not in given])
    if is_static():
        response.headers["Cache-Control"] = STATIC_CACHING
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault(*STRICT_TRANSPORT)
    return response


class BareHeaders:
    """The headers of ``add_headers`` for a bare app, as WSGI middleware (``app.wsgi_app = BareHeaders(app.wsgi_app)``).

    Put on one by one, Flask's way, they cost a save as much as writing its row does.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._always = [*HEADERS.items(), ("Cache-Control", "no-store")]
        self._over_tls = [*self._always, STRICT_TRANSPORT]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ours = self._over_tls if environ["wsgi.url_scheme"] == "https" else self._always

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            given = {name for name, _value in headers}
            return start_response(status, headers + [header for header in ours if header[0] not in given], *rest)

        return self._app(environ, start)


def init_security(app: Flask) -> None:
    """Send the headers with every answer of ``app``."""
    app.session_interface = PageSessions()
    app.after_request(add_headers)
