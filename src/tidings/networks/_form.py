"""A form with several files in one request (RFC 7578), as chats take pictures."""

import json
from collections.abc import Mapping
from typing import Any

from urllib3 import encode_multipart_formdata

from tidings.networks.base import Rendition


def form(fields: Mapping[str, Any], files: Mapping[str, Rendition]) -> tuple[bytes, dict[str, str]]:
    """The body and its headers. What is no text among the fields goes as JSON."""
    parts: dict[str, Any] = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
    }
    parts |= {name: (piece.name or name, piece.read(), piece.mime) for name, piece in files.items()}
    body, kind = encode_multipart_formdata(parts)
    return body, {"Content-Type": kind}
