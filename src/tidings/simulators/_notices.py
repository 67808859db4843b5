"""What networks tell a program unasked, signed as they sign it: the headers and the body of a request."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

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


def _seconds(at: datetime | None) -> int:
    return int((at or clock.now()).timestamp())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
