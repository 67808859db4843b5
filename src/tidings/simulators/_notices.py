"""What networks tell a program unasked, signed as they sign it: the headers and the body of a request."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidings.core import clock

Signed = tuple[dict[str, str], bytes]


def request(person: str, secret: str, at: datetime | None = None, **other: Any) -> Signed:
    """A form with Meta's signed_request."""
    said = {"algorithm": "HMAC-SHA256", "issued_at": _seconds(at), "user_id": person, **other}
    payload = _encoded(json.dumps(said).encode())
    signature = _encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())
    body = f"signed_request={signature}.{payload}".encode()
    return {"Content-Type": "application/x-www-form-urlencoded"}, body


def stamped(event: dict[str, Any], secret: str, at: datetime | None = None) -> Signed:
    """One of TikTok's events."""
    body, now = json.dumps(event).encode(), _seconds(at)
    made = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "TikTok-Signature": f"t={now},s={made}"}, body


def versioned(body: bytes, secret: str, at: datetime | None = None) -> dict[str, str]:
    """The headers of one of Slack's events."""
    now = _seconds(at)
    made = hmac.new(secret.encode(), f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
    signed = {"X-Slack-Signature": f"v0={made}", "X-Slack-Request-Timestamp": str(now)}
    return {"Content-Type": "application/json", **signed}


def by_key(event: dict[str, Any], key: Ed25519PrivateKey, at: datetime | None = None) -> Signed:
    """One of Discord's events."""
    body, now = json.dumps(event).encode(), str(_seconds(at))
    signed = {"X-Signature-Ed25519": key.sign(now.encode() + body).hex(), "X-Signature-Timestamp": now}
    return {"Content-Type": "application/json", **signed}, body


def numbered(
    event: dict[str, Any], secret: str, at: datetime | None = None, kind: str = "notification", id: str = ""
) -> Signed:
    """One of Twitch's messages; under this id, or a fresh one."""
    body, id, now = json.dumps(event).encode(), id or str(uuid4()), _nanoseconds(at)
    made = hmac.new(secret.encode(), f"{id}{now}".encode() + body, hashlib.sha256).hexdigest()
    parts = {"Id": id, "Timestamp": now, "Type": kind, "Signature": f"sha256={made}", "Retry": "0"}
    signed = {f"Twitch-Eventsub-Message-{name}": value for name, value in parts.items()}
    return {"Content-Type": "application/json", **signed}, body


def _nanoseconds(at: datetime | None) -> str:
    return f"{at or clock.now():%Y-%m-%dT%H:%M:%S.%f}000Z"


def _seconds(at: datetime | None) -> int:
    return int((at or clock.now()).timestamp())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
