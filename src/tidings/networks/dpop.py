"""Proof of possession (RFC 9449): every request carries a fresh JWT signed by the grant's own key.

A server that wants a nonce refuses the first request by design; that is repeated once and is no failure.
"""

import base64
import hashlib
import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tidings.core import clock
from tidings.core.http import Answer, Request, Transport

_nonces: dict[str, str] = {}  # the last nonce of each server, by origin; losing it costs one repeat


def new_key() -> str:
    """A fresh P-256 private key as a JWK."""
    return str(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1())))


def public(key: str) -> dict[str, str]:
    """The public half of a private JWK."""
    return {name: value for name, value in json.loads(key).items() if name in ("kty", "crv", "x", "y")}


def thumbprint(key: str) -> str:
    """The id of a key that its public half alone gives (RFC 7638)."""
    return _hash(json.dumps(public(key), sort_keys=True, separators=(",", ":")))


def sign(claims: Mapping[str, str | int], key: str, headers: Mapping[str, Any]) -> str:
    """A JWT signed with this private JWK."""
    return jwt.encode(dict(claims), _signer(key), algorithm="ES256", headers=dict(headers))


def proving(door: Transport, key: str, access_token: str = "") -> Transport:
    """The door, with a proof (and the token it belongs to) on every request."""

    def send(request: Request) -> Answer:
        answer = door(_proved(request, key, access_token))
        if _wants_nonce(request, answer):
            if isinstance(request.body, io.IOBase):
                request.body.seek(0)  # a film that was streamed to be refused
            answer = door(_proved(request, key, access_token))
        return answer

    return send


def _proved(request: Request, key: str, access_token: str) -> Request:
    headers = {**request.headers, "DPoP": _proof(request, key, access_token)}
    if access_token:
        headers["Authorization"] = f"DPoP {access_token}"
    return replace(request, headers=headers)


def _proof(request: Request, key: str, access_token: str) -> str:
    claims: dict[str, str | int] = {
        "jti": str(uuid.uuid4()),
        "htm": request.method,
        "htu": request.url.partition("?")[0],
        "iat": int(clock.now().timestamp()),
    }
    if nonce := _nonces.get(_origin(request.url)):
        claims["nonce"] = nonce
    if access_token:
        claims["ath"] = _hash(access_token)
    return sign(claims, key, {"typ": "dpop+jwt", "jwk": public(key)})


@lru_cache(maxsize=256)
def _signer(key: str) -> ec.EllipticCurvePrivateKey:
    found = ECAlgorithm.from_jwk(key)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError("this JWK is no private key")
    return found


def _wants_nonce(request: Request, answer: Answer) -> bool:
    """Keep the nonce the server gave; whether it refused for want of one."""
    if nonce := answer.headers.get("dpop-nonce"):
        _nonces[_origin(request.url)] = nonce
    said = answer.headers.get("www-authenticate", "") + answer.body[:500].decode("utf-8", "replace")
    return answer.status in (400, 401) and bool(nonce) and "use_dpop_nonce" in said


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _hash(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
