"""How networks prove that a notice is theirs: an HMAC-SHA256 with the app's secret, and a time not long past."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tidings.core import clock
from tidings.networks.seam import App, Heard, Notice

AHEAD = timedelta(minutes=5)  # by which their clock may be before ours
REQUEST_LIVES = timedelta(hours=1)  # a signed_request says when it was made, and nothing of when it was sent
STAMP_LIVES = timedelta(minutes=5)  # a stamp is made at each sending


def request_of(notice: Notice, app: App) -> Heard | None:
    """A form with a `signed_request` (Meta): a signature and its payload, both in base64url."""
    given = parse_qs(notice.body.decode("ascii", "replace")).get("signed_request", [""])[0]
    signature, _, payload = given.partition(".")
    if not _same(app, payload.encode(), _bytes(signature)):
        return None
    said = _json(_bytes(payload))
    at = instant(said.get("issued_at"))
    if said.get("algorithm") != "HMAC-SHA256" or not said.get("user_id") or not _fresh(at, REQUEST_LIVES):
        return None
    return Heard((str(said["user_id"]),), at)


def stamped(header: str, notice: Notice, app: App) -> dict[str, Any] | None:
    """The JSON of a notice whose header says `t=<seconds>,s=<hex>`, a signature of time and body (TikTok)."""
    parts = dict(part.strip().partition("=")[::2] for part in notice.headers.get(header, "").split(","))
    signed = f"{parts.get('t', '')}.".encode() + notice.body
    if not _same(app, signed, _hex(parts.get("s", ""))) or not _fresh(instant(parts.get("t")), STAMP_LIVES):
        return None
    return _json(notice.body)


def _same(app: App, signed: bytes, signature: bytes) -> bool:
    """An app without a secret proves nothing: anybody could sign with none."""
    made = hmac.new(app.client_secret.encode(), signed, hashlib.sha256).digest()
    return bool(app.client_secret) and hmac.compare_digest(made, signature)


def _fresh(at: datetime, lives: timedelta) -> bool:
    return at - AHEAD <= clock.now() <= at + lives


def instant(seconds: Any) -> datetime:
    """An instant of theirs; long past when it is none."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _json(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
