"""Starting and going on with a sitting without a browser: what the waiting room, Start and the page's token come to."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import Client

from contest.sittings.models import Sitting
from contest.sittings.preparing import begin
from contest.sittings.service import Seat, ticket_for, writer
from contest.sittings.starting import Refusal, Started
from contest.sittings.tokens import SittingToken, TokenSigner
from core.database import db
from core.database.keys import key
from run import create_server


class NotStarted(Exception):
    """Start was refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def start_sitting(seat: Seat, device_hash: str, attempt: int = 1) -> Started:
    """Start the person's ``attempt``-th sitting at the moment of ``seat``. Raises NotStarted."""
    started = begin(db.engine, writer(), ticket_for(seat, device_hash, attempt), seat.at, key("paper"))
    db.session.rollback()  # the test's session sees what was committed
    if started.refusal is not None:
        raise NotStarted(started.refusal)
    return started


def token_for(sitting: Sitting, device_hash: str) -> str | None:
    """The sitting token for this device, or None when the sitting belongs to another one."""
    if sitting.device_hash != device_hash:
        return None
    token = SittingToken(
        sitting.id, sitting.public_id, sitting.round_id, sitting.epoch, sitting.device_hash, len(sitting.paper)
    )
    return TokenSigner(key("token")).sign(token)


def on_server(phone: FlaskClient) -> Client:
    """The same browser before the whole server, bare apps and all."""
    server = Client(create_server(phone.application))
    server._cookies = dict(phone._cookies)  # type: ignore[attr-defined]
    return server
