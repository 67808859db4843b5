"""An address that a bucket signs: whoever has it may fetch one file, for a minute. Only downloads get one, and only
where the operator wishes it (docs/decisions/0013).

AWS Signature Version 4 in the query. Written out here because what the answer is to say of itself – that it is a
download, under which name, kept by nobody – must be part of what is signed, and the client of buckets signs only paths.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

from tidings.core import clock
from tidings.media.address import Address

SECONDS = 60
MARKED = "AWS4-HMAC-SHA256"


def address(place: Address, key: str, said: Mapping[str, str]) -> str:
    """Where the file is for the next minute. `said`: headers that the answer is to carry."""
    now = f"{clock.now():%Y%m%dT%H%M%SZ}"
    scope = f"{now[:8]}/{place.region}/s3/aws4_request"
    path = _path(place, key)
    query = _query({
        "X-Amz-Algorithm": MARKED, "X-Amz-Credential": f"{place.key}/{scope}", "X-Amz-Date": now,
        "X-Amz-Expires": str(SECONDS), "X-Amz-SignedHeaders": "host",
        **{f"response-{name}": value for name, value in said.items()},
    })  # fmt: skip
    host = place.endpoint.partition("://")[2]
    asked = "\n".join(("GET", path, query, f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"))
    words = "\n".join((MARKED, now, scope, hashlib.sha256(asked.encode()).hexdigest()))
    return f"{place.endpoint}{path}?{query}&X-Amz-Signature={_signature(place.secret, scope, words)}"


def _path(place: Address, key: str) -> str:
    parts = ("" if place.style == "virtual" else place.bucket, place.folder, key)
    return "/" + quote("/".join(part for part in parts if part), safe="/-_.~")


def _query(said: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(said[name], safe='-_.~')}" for name in sorted(said))


def _signature(secret: str, scope: str, words: str) -> str:
    key = f"AWS4{secret}".encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.digest(key, words.encode(), "sha256").hex()
