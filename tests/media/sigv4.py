"""AWS Signature Version 4, reckoned by hand from its description, to judge and to make signed requests."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urlencode

KEY, SECRET, REGION = "a key/of ours", "a secret+of/ours", "eu-north-1"


def signature(
    secret: str, scope: str, method: str, path: str, query: str, headers: Mapping[str, str], signed: Iterable[str]
) -> str:
    """What must stand in Authorization. `scope`: day/region/s3/aws4_request; headers in lower case."""
    pairs = sorted((quote(n, safe="-_.~"), quote(v, safe="-_.~")) for n, v in parse_qsl(query, keep_blank_values=True))
    lines = [
        method, quote(unquote(path), safe="/-_.~"), "&".join(f"{name}={value}" for name, value in pairs),
        *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
        "", ";".join(signed), headers["x-amz-content-sha256"],
    ]  # fmt: skip
    request = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    words = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{request}"
    key = f"AWS4{secret}".encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.digest(key, words.encode(), "sha256").hex()


def address_fault(host: str, path: str, query: str) -> str:
    """What is wrong with an address signed by KEY; empty: nothing."""
    said = dict(parse_qsl(query, keep_blank_values=True))
    proof, day = said.pop("X-Amz-Signature"), said["X-Amz-Date"]
    key, _, scope = said["X-Amz-Credential"].rpartition(f"/{day[:8]}/")
    until = datetime.strptime(day, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + timedelta(seconds=int(said["X-Amz-Expires"]))
    if datetime.now(UTC) > until:
        return "AccessDenied"
    headers = {"host": host, "x-amz-date": day, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
    right = signature(SECRET, f"{day[:8]}/{scope}", "GET", path, urlencode(said, quote_via=quote), headers, ["host"])
    good = key == KEY and scope == f"{REGION}/s3/aws4_request" and hmac.compare_digest(right, proof)
    return "" if good else "SignatureDoesNotMatch"


def fault(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> str:
    """What is wrong with a request's signature by KEY; empty: nothing."""
    word, _, said = headers.get("authorization", "").partition(" ")
    fields = dict(pair.strip().partition("=")[::2] for pair in said.split(","))
    key, _, scope = fields.get("Credential", "").rpartition(f"/{headers.get('x-amz-date', '')[:8]}/")
    if word != "AWS4-HMAC-SHA256" or key != KEY:
        return "AccessDenied"
    if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    scope = f"{headers['x-amz-date'][:8]}/{scope}"
    right = signature(SECRET, scope, method, path, query, headers, fields["SignedHeaders"].split(";"))
    good = scope.endswith(f"/{REGION}/s3/aws4_request") and hmac.compare_digest(right, fields["Signature"])
    return "" if good else "SignatureDoesNotMatch"


def signed(method: str, host: str, path: str, key: str, secret: str, region: str) -> dict[str, str]:
    """The headers of a request without a body or a query."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    scope, names = f"{now[:8]}/{region}/s3/aws4_request", ("host", "x-amz-content-sha256", "x-amz-date")
    headers = {"host": host, "x-amz-date": now, "x-amz-content-sha256": hashlib.sha256(b"").hexdigest()}
    proof = signature(secret, scope, method, path, "", headers, names)
    said = f"Credential={key}/{scope}, SignedHeaders={';'.join(names)}, Signature={proof}"
    return headers | {"authorization": f"AWS4-HMAC-SHA256 {said}"}
