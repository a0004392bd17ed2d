"""The route that starts a sitting. The waiting room's ticket authorises it: signed, bound to the device, of one entry, round
and window; it is also what no other site can forge."""

from __future__ import annotations

from flask import Response, request

from contest.sittings.hot_path import HotPath, answer, browser_name, see_other
from contest.sittings.preparing import begin
from contest.sittings.starting import Started
from contest.sittings.tokens import BadToken, StartTicket, TicketSigner
from core.accounts.contestants import DEVICE_COOKIE
from core.database import DATABASE_AWAY
from core.database.server_time import now
from core.database.writer import WriterBusy

#: Where somebody goes who cannot start: it says why.
LOBBY = "/thi/phong"


class StartRoutes:
    """The route, over the hot path's shared parts and the key that papers are drawn with."""

    def __init__(self, path: HotPath, tickets: TicketSigner, paper_key: bytes) -> None:
        self.path = path
        self.tickets = tickets
        self.paper_key = paper_key

    def start(self) -> Response:
        """Start, however often it is pressed. The script gets JSON ({"url"}, or 409 with the cause), a form is led on."""
        try:
            ticket = self.tickets.read(request.form.get("ve", ""), request.cookies.get(DEVICE_COOKIE))
            started = self._begin(ticket)
        except BadToken:
            return _back_to_lobby(answer({"cause": "token", "url": LOBBY}, 401), 0)
        except (WriterBusy, *DATABASE_AWAY) as error:
            seconds = error.retry_after if isinstance(error, WriterBusy) else WriterBusy().retry_after
            return _back_to_lobby(answer({"cause": "busy"}, 503, seconds), seconds)
        if not _asked_by_script():
            return see_other(LOBBY if started.refusal is not None else page_of(started))
        if started.refusal is not None:
            return answer({"cause": started.refusal, "url": LOBBY}, 409)
        return answer({"cause": None, "url": page_of(started)})

    def _begin(self, ticket: StartTicket) -> Started:
        path = self.path
        return begin(path.engine, path.writer, ticket, now(), self.paper_key, browser_name())


def page_of(started: Started) -> str:
    """Where the sitting goes on: here, by asking for it from the other device, or nowhere any more."""
    if not started.open:
        return f"/thi/xong/{started.public_id}"
    return f"/thi/bai/{started.public_id}" if started.own else f"/thi/tiep-quan/{started.public_id}"


def _asked_by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _back_to_lobby(response: Response, seconds: int) -> Response:
    """Scripts read the cause; a form's page goes back by itself to where the button is offered."""
    if not _asked_by_script():
        response.headers["Refresh"] = f"{seconds};url={LOBBY}"
    return response
