"""Take out of a sentence what only its owner may read, before it is logged, kept or shown.

What a network or a library says may repeat what it was sent. Names of secrets, and what looks like nothing but a
secret, are known here; who holds the very secrets says them (`without`).
"""

import re
from collections.abc import Iterable

HIDDEN = "…"
SHORTEST = 6  # of a secret that is looked for by itself; shorter ones are parts of words
_NAMES = (
    r"(?:[a-z_-]{0,20}(?:token|secret|password|passwd|verifier|signature|assertion|api_?-?key|apikey|authorization)|sig|jwt)"
)
_VALUE = r"[^\s\"',;&})]"
_RULES = (
    (re.compile(r"(?i)\b(bearer|basic|dpop|bot|token)\s+(?=[\w.+/~-]{0,200}\d)[\w.+/~=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(rf"(?i)(\b{_NAMES}\b(?:[\"']\s*:|[\"']?\s*=)\s*[\"']?){_VALUE}+"), rf"\1{HIDDEN}"),
    (re.compile(rf"(?i)(\b{_NAMES}:\s*[\"']?)(?={_VALUE}{{0,200}}\d|{_VALUE}{{16}}){_VALUE}+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)([?&](?:code|state|key|auth|sid|k|t)=)[^\s&\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)[^/\s@\"']{1,300}@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(?<![\w-])bot\d{1,20}:[\w-]+"), f"bot{HIDDEN}"),
    (re.compile(r"(?m)^(DETAIL|CONTEXT|HINT): .*$"), rf"\1: {HIDDEN}"),  # PostgreSQL tells the whole row
)
_WORD = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]{10,})*")
_MIXED = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]")))
_HEX = re.compile(r"(?<![0-9a-f])(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{32,}")


def clean(text: str) -> str:
    """The same without what is named as a secret, or is a long word that no language has."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return _HEX.sub(HIDDEN, _WORD.sub(_judged, text))


def without(text: str, secrets: Iterable[str]) -> str:
    """The same without these very words; the longest first, since one may hold another."""
    for secret in sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _judged(found: re.Match[str]) -> str:
    word = found[0]
    return HIDDEN if all(kind.search(word) for kind in _MIXED) else word
