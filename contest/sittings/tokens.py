"""The sitting token: what the hot path must know, signed, bound to a device, without a deadline.

It is checked without a table. It travels in a header or a form field, never in a cookie: a cookie alone authorises nothing
here, so no other site can act for a contestant.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import msgspec
from itsdangerous import BadSignature, Signer

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


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(SittingToken)


class TokenSigner:
    """Makes and reads sitting tokens with the server's token key."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, salt="sitting", key_derivation="hmac", digest_method=hashlib.sha256)

    def sign(self, token: SittingToken) -> str:
        """The token as text for a header or a form field."""
        return self._signer.sign(_base64(_encoder.encode(token))).decode()

    def read(self, text: str, device_cookie: str | None) -> SittingToken:
        """The token in ``text``, sent by the device with ``device_cookie``. Raises BadToken."""
        try:
            token = _decoder.decode(_from_base64(self._signer.unsign(text)))
        except (BadSignature, msgspec.DecodeError, ValueError):
            raise BadToken("signature") from None
        if not device_cookie or not hmac.compare_digest(token.device, hash_of_device(device_cookie)):
            raise BadToken("device")
        return token


def _base64(data: bytes) -> bytes:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    """The bytes behind ``_base64``. Raises ValueError."""
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
