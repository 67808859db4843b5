"""JSON Web Tokens signed with a secret that both sides know (RFC 7519, RFC 7518)."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any


def signed(claims: Mapping[str, Any], secret: bytes, **head: str) -> str:
    """The token; `head` says more of the key, such as its `kid`."""
    parts = ({"alg": "HS256", "typ": "JWT", **head}, claims)
    said = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    return b".".join((said, _base64(hmac.digest(secret, said, "sha256")))).decode()


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
