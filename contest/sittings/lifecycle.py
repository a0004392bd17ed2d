"""Take-over, new epoch, submit: handlers of the group-commit writer, each idempotent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from contest.rounds.clock import accepts
from contest.sittings.control import announce
from contest.sittings.finishing import End, finish
from contest.sittings.journal import Cause
from contest.sittings.models import JournalRow, Sitting, SittingEpoch
from contest.sittings.standing import SittingState, sitting_states
from core.database import table_of

#: Epochs of one sitting. A page without storage begins one at every reload; nobody reloads this often in a sitting.
MAX_EPOCHS = 500


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """A device begins a new epoch at ``at``. ``take_over``: another device than the sitting's, whose person has agreed to it.
    ``agent`` is what its browser calls itself."""

    sitting: int
    device_hash: str
    take_over: bool
    at: datetime
    agent: str = ""


def new_epoch(connection: Connection, requests: Sequence[NewEpoch]) -> list[int | None]:
    """The new epoch of each, or None where the sitting is not open, has had MAX_EPOCHS, or belongs to another device and
    ``take_over`` is False.

    A take-over also moves the first epoch that counts: what the old device sends afterwards is kept apart.
    """
    states = sitting_states(connection, [r.sitting for r in requests], exclusive=True)
    current = {i: (s.epoch, s.device_hash) for i, s in states.items() if s.state == "open"}
    outcomes: list[int | None] = []
    begun: list[dict[str, Any]] = []
    for request in requests:
        if request.sitting not in current:
            outcomes.append(None)
            continue
        epoch, device = current[request.sitting]
        same = device == request.device_hash
        if epoch >= MAX_EPOCHS or (not same and not request.take_over):
            outcomes.append(None)
            continue
        epoch += 1
        current[request.sitting] = (epoch, request.device_hash)
        values: dict[str, Any] = {"epoch": epoch, "device_hash": request.device_hash}
        if not same:
            values["device_epoch"] = epoch
        connection.execute(update(table_of(Sitting)).where(table_of(Sitting).c.id == request.sitting).values(values))
        begun.append(
            {
                "sitting_id": request.sitting,
                "epoch": epoch,
                "device_hash": request.device_hash,
                "began_at": request.at,
                "cause": "reopened" if same else "take_over",
                "agent": request.agent,
            }
        )
        outcomes.append(epoch)
    if begun:
        connection.execute(insert(table_of(SittingEpoch)), begun)
        announce(connection, at=requests[-1].at, sittings={row["sitting_id"] for row in begun})
    return outcomes


@dataclass(frozen=True, slots=True)
class Submit:
    """A contestant presses "Nộp bài"."""

    sitting: int
    epoch: int
    device: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """``cause`` is None when the sitting is submitted (now or before); then ``receipt`` is its receipt."""

    cause: Cause | None
    receipt: str = ""


def submit(connection: Connection, requests: Sequence[Submit]) -> list[Submitted]:
    """Fold, mark and close the sittings of ``requests``. One that is submitted already keeps its receipt.

    A submit after the deadline closes the sitting as the deadline did: time used then ends with the last change.
    """
    states = sitting_states(connection, [r.sitting for r in requests], exclusive=True)
    refused: dict[int, Cause] = {}
    first: dict[int, Submit] = {}
    for number, request in enumerate(requests):
        state = states.get(request.sitting)
        if state is None:
            refused[number] = Cause.UNKNOWN
        elif request.epoch < state.device_epoch or request.device != state.device_hash:
            refused[number] = Cause.OTHER_DEVICE
        elif state.state == "open" and state.is_paused(request.received_at):
            refused[number] = Cause.PAUSED
        else:
            first.setdefault(request.sitting, request)
    receipts = _finish(connection, first, states)
    return [
        Submitted(refused[number]) if number in refused else _submitted(receipts.get(request.sitting))
        for number, request in enumerate(requests)
    ]


def _submitted(receipt: str | None) -> Submitted:
    return Submitted(None, receipt) if receipt else Submitted(Cause.ENDED)


def _finish(
    connection: Connection, requests: Mapping[int, Submit], states: Mapping[int, SittingState]
) -> dict[int, str]:
    """Finish those that are open; the receipts of all, by sitting (none for one that was annulled)."""
    still_open = {i: request for i, request in requests.items() if states[i].state == "open"}
    ends: dict[int, End] = {}
    pressed: list[Submit] = []
    for sitting, request in still_open.items():
        in_time = accepts(request.received_at, states[sitting].deadline, states[sitting].grace)
        ends[sitting] = End(request.received_at, "contestant" if in_time else "deadline")
        if in_time:
            pressed.append(request)
    if pressed:
        _write_submits(connection, pressed, states)
    receipts = finish(connection, ends) if ends else {}
    if ends:
        announce(connection, at=max(end.at for end in ends.values()), sittings=ends)
    over = [i for i in requests if i not in still_open]
    if over:
        c = table_of(Sitting).c
        earlier = connection.execute(select(c.id, c.receipt).where(c.id.in_(over)))
        receipts.update({row.id: row.receipt for row in earlier if row.receipt})
    return receipts


def _write_submits(connection: Connection, requests: Sequence[Submit], states: Mapping[int, SittingState]) -> None:
    """The journal's row of each submit. Its number is 0: devices count from 1, so it never takes the number of an answer that
    is still under way."""
    connection.execute(
        insert(table_of(JournalRow)),
        [
            {
                "sitting_id": r.sitting,
                "epoch": states[r.sitting].epoch,
                "sequence": 0,
                "kind": "submit",
                "step": 1,
                "payload": "null",
                "received_at": r.received_at,
            }
            for r in requests
        ],
    )
