"""Flask for the paths that a whole city walks in the same minute: routing, errors and answers, and nothing besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Answer(Response):
    """A whole answer: a body in memory, its length known, headers as they are given.

    Werkzeug's own goes through the headers once more, for relative addresses and bodies that stream; there are none here. And
    the server sends a list in one piece, anything else piece by piece.
    """

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else list(self.iter_encoded())


class Page(Response):
    """An answer of the full app: sent in one piece where it is in memory."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent = super().__call__(environ, start_response)
        if not self.is_sequence:
            return sent
        whole = list(sent)
        self.close()
        return whole


def whole_body(at_most: int) -> bytes:
    """The body of this request, without werkzeug's streams where its length is known.

    Raises RequestEntityTooLarge where it is longer than ``at_most`` bytes, ClientDisconnected where not all of it came.
    """
    length = request.content_length
    if length is None:
        return request.get_data(cache=False)
    if length > at_most:
        raise RequestEntityTooLarge
    body: bytes = request.environ["wsgi.input"].read(length)
    if len(body) < length:
        raise ClientDisconnected
    return body


class _NoSessions(SessionInterface):
    """Every request has the same empty session, which cannot be written."""

    _empty = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._empty


class BareFlask(Flask):
    """A Flask app without signals, hooks before and after requests, or hosts to tell apart. They are a third of what an empty
    request costs; so whoever adds a hook to such an app finds it unused: put it into a middleware."""

    response_class = Answer
    session_interface = _NoSessions()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes are told apart by path and method alone."""
        if request is None:
            return None
        return MapAdapter(self.url_map, "", request.root_path, "", request.scheme, request.path, request.method)

    def full_dispatch_request(self) -> Response:
        """The view's answer, or its error's."""
        try:
            return self.make_response(self.dispatch_request())
        except Exception as error:
            return self.make_response(self.handle_user_exception(error))

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Nothing is to be torn down."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Nothing is to be torn down."""
