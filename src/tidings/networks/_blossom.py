"""Blossom media servers, where a file's name is its hash: https://github.com/hzrd149/blossom (BUD-02, BUD-11)"""

import base64
import hashlib
from typing import Any, cast

from tidings.core import clock
from tidings.networks._nostrkeys import Key, line
from tidings.networks.seam import Rendition

UPLOAD = 24242  # the kind of event that allows an upload
HOUR = 3600


def digest(piece: Rendition) -> str:
    """The name of its bytes."""
    with piece.stream() as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


def claim(key: Key, piece: Rendition, digest: str) -> dict[str, str]:
    """What goes along with the upload: whose it is, what it is, and leave for an hour."""
    ends = str(int(clock.now().timestamp()) + HOUR)
    proof = key.sign(UPLOAD, "Upload", [["t", "upload"], ["x", digest], ["expiration", ends]])
    return {
        "Authorization": f"Nostr {base64.b64encode(line(proof)).decode()}", "X-SHA-256": digest,
        "Content-Type": piece.mime, "Content-Length": str(piece.size),
    }
