"""The sitting token: what the hot path must know, signed, bound to a device, without a deadline; and the start ticket.

They are checked without a table. They travel in a header or a form field, never in a cookie: a cookie alone authorises nothing
here, so no other site can act for a contestant.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from core.accounts.contestants import hash_of_device


class BadToken(Exception):
    """The token is missing, forged, or belongs to another device."""


@dataclass(frozen=True, slots=True)
class SittingToken:
    """A device's right to write into a sitting. ``items`` is the number of questions on the paper."""

    sitting: int
    public_id: str
    round: int
    epoch: int
    device: str
    items: int


@dataclass(frozen=True, slots=True)
class StartTicket:
    """A device's right to start: which entry, round and window, the ``attempt``-th sitting (from 1, annulled ones left out).

    ``generation`` and ``unit`` are the person's slip and unit when the ticket was written.
    """

    entry: int
    round: int
    window: int
    generation: int
    unit: int
    attempt: int
    device: str


class _Bound(Protocol):
    """What is bound to a device."""

    @property
    def device(self) -> str: ...


T = TypeVar("T", bound=_Bound)

_encoder = msgspec.json.Encoder()


class DeviceSigner(Generic[T]):
    """Makes and reads texts that only this server can have written and only one device can use."""

    def __init__(self, key: bytes, salt: str, kind: type[T]) -> None:
        self._key = hmac.digest(key, salt.encode(), "sha256")
        self._decoder = msgspec.json.Decoder(kind)

    def sign(self, value: T) -> str:
        """``value`` as text for a header or a form field."""
        text = _base64(_encoder.encode(value))
        return b".".join((text, self._signature(text))).decode()

    def _signature(self, text: bytes) -> bytes:
        return _base64(hmac.digest(self._key, text, "sha256"))

    def read(self, text: str, device_cookie: str | None) -> T:
        """The value in ``text``, sent by the device with ``device_cookie``. Raises BadToken."""
        signed, _dot, signature = text.encode().rpartition(b".")
        if not hmac.compare_digest(signature, self._signature(signed)):
            raise BadToken("signature")
        try:
            value = self._decoder.decode(_from_base64(signed))
        except (msgspec.DecodeError, ValueError):  # signed, but by another release
            raise BadToken("form") from None
        if not device_cookie or not hmac.compare_digest(value.device, hash_of_device(device_cookie)):
            raise BadToken("device")
        return value


class TokenSigner(DeviceSigner[SittingToken]):
    """Makes and reads sitting tokens with the server's token key."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key, "sitting", SittingToken)


class TicketSigner(DeviceSigner[StartTicket]):
    """Makes and reads start tickets with the server's token key."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key, "start", StartTicket)


def _base64(data: bytes) -> bytes:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    """The bytes behind ``_base64``. Raises ValueError."""
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
