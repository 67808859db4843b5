"""How networks prove that a notice is theirs: a signature with a secret of the app's, and a time not long past."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tidings.core import clock
from tidings.networks.seam import App, Heard, Notice

AHEAD = timedelta(minutes=5)  # by which their clock may be before ours
REQUEST_LIVES = timedelta(hours=1)  # a signed_request says when it was made, and nothing of when it was sent
STAMP_LIVES = timedelta(minutes=5)  # a stamp is made at each sending
LONG_PAST = datetime.fromtimestamp(0, UTC)


def request_of(notice: Notice, app: App) -> Heard | None:
    """A form with a `signed_request` (Meta): a signature and its payload, both in base64url."""
    given = parse_qs(notice.body.decode("ascii", "replace")).get("signed_request", [""])[0]
    signature, _, payload = given.partition(".")
    if not same(app.client_secret, payload.encode(), _bytes(signature)):
        return None
    said = mapping(_bytes(payload))
    at = instant(said.get("issued_at"))
    if said.get("algorithm") != "HMAC-SHA256" or not said.get("user_id") or not fresh(at, REQUEST_LIVES):
        return None
    return Heard((str(said["user_id"]),), at)


def stamped(header: str, notice: Notice, app: App) -> dict[str, Any] | None:
    """The JSON of a notice whose header says `t=<seconds>,s=<hex>`, a signature of time and body (TikTok)."""
    parts = dict(part.strip().partition("=")[::2] for part in notice.headers.get(header, "").split(","))
    signed = f"{parts.get('t', '')}.".encode() + notice.body
    if not same(app.client_secret, signed, unhexed(parts.get("s", ""))):
        return None
    return mapping(notice.body) if fresh(instant(parts.get("t")), STAMP_LIVES) else None


def same(secret: str, signed: bytes, signature: bytes) -> bool:
    """Whether it is the HMAC-SHA256 of this. An app without a secret proves nothing: anybody could sign with none."""
    made = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return bool(secret) and hmac.compare_digest(made, signature)


def fresh(at: datetime, lives: timedelta) -> bool:
    """Whether this instant is not long past, nor yet to come."""
    return at - AHEAD <= clock.now() <= at + lives


def instant(seconds: Any) -> datetime:
    """An instant of theirs; long past when it is none."""
    try:
        return max(datetime.fromtimestamp(int(seconds), UTC), LONG_PAST)
    except (TypeError, ValueError, OverflowError, OSError):
        return LONG_PAST


def moment(text: Any) -> datetime:
    """An instant of theirs in ISO 8601, UTC where it names no offset; long past when it is none."""
    try:
        at = datetime.fromisoformat(str(text))
        return max((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), LONG_PAST)
    except (ValueError, OverflowError):
        return LONG_PAST


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def unhexed(text: str) -> bytes:
    """The bytes of a hexadecimal text; none when it is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def mapping(raw: bytes) -> dict[str, Any]:
    """What a JSON object says; nothing when it is none."""
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def inside(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The object at the end of these names; an empty one where there is none."""
    for name in names:
        found = said.get(name)
        said = found if isinstance(found, dict) else {}
    return dict(said)
