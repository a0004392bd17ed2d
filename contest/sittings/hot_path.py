"""The hot path: what its routes share. They live in bare Flask apps of their own (``hot_apps``).

No session, no Login, Babel or Limiter: they cost more than the work. What authorises is the sitting token, in the header
``Authorization: Bearer …`` or, without JavaScript, in a form field, together with the device's cookie; a cookie alone never
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from flask import Response, request
from sqlalchemy import Connection, Engine
from werkzeug.http import parse_cookie

from contest.sittings.control import EVERY, Remembered
from contest.sittings.journal import Cause, NewRow, Save, Saved, save
from contest.sittings.presence import Presence
from contest.sittings.standing import SittingState
from contest.sittings.tokens import BadToken, SittingToken, TokenSigner
from core.accounts.contestants import DEVICE_COOKIE
from core.database.reading import GroupReader, Key, Value
from core.database.server_time import now
from core.database.writer import GroupCommitWriter
from core.web.bare import Answer

_encoder = msgspec.json.Encoder()

#: Pairs of headers whose reading is remembered: more than a city sends.
KEPT = 20_000

#: HTTP status of each cause. 409 names its cause, so that the page can say what to do.
STATUS: dict[Cause | None, int] = {None: 200, **dict.fromkeys(Cause, 409), Cause.UNKNOWN: 404}


def browser_name() -> str:
    """What the browser that asks calls itself, shortened: evidence for the organiser."""
    return request.headers.get("User-Agent", "")[:200]


def milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds since 1970, as scripts count time."""
    return None if moment is None else int(moment.timestamp() * 1000)


def answer(value: dict[str, Any], status: int = 200, retry_after: int | None = None) -> Response:
    """A JSON answer."""
    response = Answer(_encoder.encode(value), status, content_type="application/json")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


class HotPath:
    """An engine, a writer, the token key, and what this process remembers of sittings; ``refresh`` is how often, in seconds,
    it looks for what others have changed of them."""

    def __init__(
        self, engine: Engine, writer: GroupCommitWriter, signer: TokenSigner, refresh: float = EVERY
    ) -> None:
        self.engine = engine
        self.writer = writer
        self.signer = signer
        self.presence = Presence(writer)
        self.remembered = Remembered(engine, refresh)
        # A pure function of what it is given, asked a thousand times a second for the same; what it refuses is not kept.
        self._token_in = lru_cache(KEPT)(self._read_headers)
        self._readers: list[GroupReader[Any, Any]] = []

    def reader(self, read: Callable[[Connection, Sequence[Key]], Mapping[Key, Value]]) -> GroupReader[Key, Value]:
        """A group reader of this path's database, closed with it."""
        made = GroupReader(self.engine, read)
        self._readers.append(made)
        return made

    def close(self) -> None:
        """Close the connections that are kept open for reading; they are opened again when somebody asks."""
        self.remembered.close()
        for reader in self._readers:
            reader.close()

    def token_from_header(self) -> SittingToken:
        """The token of this request. Raises BadToken."""
        environ = request.environ
        return self._token_in(environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_COOKIE", ""))

    def _read_headers(self, authorization: str, cookies: str) -> SittingToken:
        scheme, _space, text = authorization.partition(" ")
        if scheme != "Bearer":
            raise BadToken("no header")
        return self.signer.read(text, parse_cookie(cookies).get(DEVICE_COOKIE))

    def token_from_form(self) -> SittingToken:
        """The token of a form. Raises BadToken."""
        return self.signer.read(request.form.get("the", ""), request.cookies.get(DEVICE_COOKIE))

    def standing_of(self, token: SittingToken, moment: datetime) -> tuple[SittingState | None, Cause | None]:
        """How the sitting of ``token`` stands at ``moment``, and why its device may not go on (None: it may).

        What is remembered may be a second old, so nobody is sent away by it: a device that has just taken over would be.
        """
        standing = self.remembered.state_of(token.sitting, moment)
        if standing is not None and cause_for(token, standing) is not None:
            standing = self.remembered.look_up(token.sitting)
        return standing, Cause.UNKNOWN if standing is None else cause_for(token, standing)

    def append(self, token: SittingToken, rows: tuple[NewRow, ...]) -> Saved:
        """Append ``rows`` to the sitting of ``token``; returns after the commit. Raises WriterBusy."""
        moment = now()
        self.presence.heard(token.sitting, moment)
        ticket = self.remembered.ticket()
        outcome = self.writer.call(save, Save(token.sitting, token.epoch, token.device, rows, moment))
        if outcome.standing is not None:
            self.remembered.remember(outcome.standing, ticket)
        return outcome


def html_page(page: str, status: int = 200) -> Response:
    """A page as an answer."""
    return Answer(page, status, content_type="text/html; charset=utf-8")


def font_size() -> str:
    """The size of letters that this browser has chosen, "1" to "3"."""
    chosen = request.cookies.get("co_chu", "")
    return chosen if chosen in ("1", "2", "3") else "1"


def see_other(url: str) -> Response:
    """Go there with GET."""
    return Response("", 303, {"Location": url})


def cause_for(token: SittingToken, sitting: Any) -> Cause | None:
    """Why the device of ``token`` may not go on with the sitting, or None."""
    if token.epoch < sitting.device_epoch or token.device != sitting.device_hash:
        return Cause.OTHER_DEVICE
    return Cause.ENDED if sitting.state != "open" else None
