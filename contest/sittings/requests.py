"""What devices send to the hot path, typed and bounded; anything else is refused before it reaches the writer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

#: Bytes of one row's payload: enough for an essay.
MAX_PAYLOAD = 64 * 1024

#: Bytes of a request: a full batch of rows.
MAX_REQUEST = 256 * 1024

#: Rows in one request: a phone that comes back after an hour sends its backlog in several.
MAX_ROWS = 200

#: The kinds of rows a device may send; "step" and "submit" are written by the server.
Kind = Literal["display", "answer", "flag", "focus", "report"]


class RowIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row for the journal: sequence ``n``, kind ``k``, item ``i`` (from 0), version ``v``, payload ``p``, the device's
    own time ``t`` in milliseconds since 1970 (evidence only, it can be forged)."""

    n: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    k: Kind
    i: Annotated[int, msgspec.Meta(ge=0, le=999)] | None = None
    v: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    p: Any = None
    t: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class SaveIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A save: some rows of one epoch."""

    rows: Annotated[list[RowIn], msgspec.Meta(min_length=1, max_length=MAX_ROWS)]


class BadRequest(Exception):
    """The request cannot be read; the message says why, in English, for logs."""


_save_decoder = msgspec.json.Decoder(SaveIn)
_encoder = msgspec.json.Encoder(order="sorted")


def read_save(body: bytes) -> list[RowIn]:
    """The rows of a save. Raises BadRequest."""
    try:
        return _save_decoder.decode(body).rows
    except msgspec.MsgspecError as error:
        raise BadRequest(str(error)) from None
    except RecursionError:
        raise BadRequest("nested too deep") from None


def payload_text(payload: Any) -> str:
    """A payload in the one form in which it is kept and compared. Raises BadRequest when it is larger than MAX_PAYLOAD."""
    encoded = _encoder.encode(payload)
    if len(encoded) > MAX_PAYLOAD:
        raise BadRequest("payload too large")
    return encoded.decode()


def payload_of(text: str) -> Any:
    """The payload behind ``payload_text``; what cannot be read any more (it was forged) is None, no answer."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None
