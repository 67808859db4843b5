"""A form with several files in one request (RFC 7578), as chats take pictures: what is no text goes as JSON."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tidings.networks._multipart import multipart
from tidings.networks.seam import Rendition


def form(fields: Mapping[str, Any], files: Mapping[str, Rendition]) -> tuple[Iterable[bytes], dict[str, str]]:
    """The body and its headers."""
    told = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
    }
    return multipart(told, files)
