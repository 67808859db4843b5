"""Where a bucket is and how it is spoken to: s3://key:secret@host/bucket/folder?region=…&style=path|virtual&tls=no"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

SAID = {"region": "us-east-1", "style": "path", "tls": "yes"}  # what may stand behind the question mark
NAMES = re.compile(r"[\w.-]{3,63}", re.ASCII)  # of buckets
HOSTS = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", re.ASCII | re.IGNORECASE)
CHOICES = {"style": ("path", "virtual"), "tls": ("yes", "no")}


class Wrong(ValueError):
    """This is no address of a bucket; the text says why, without any of its secrets."""


@dataclass(frozen=True)
class Address:
    """One bucket, or a folder of it."""

    host: str  # with its port
    bucket: str
    folder: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    region: str
    style: str
    tls: bool

    @property
    def endpoint(self) -> str:
        """What requests go to; it names the bucket when that is how the host wants it."""
        host = f"{self.bucket}.{self.host}" if self.style == "virtual" else self.host
        return f"{'https' if self.tls else 'http'}://{host}"


def read(said: str) -> Address:
    """The address of a setting; raises Wrong."""
    parts = urlsplit(said)
    host = parts.netloc.rpartition("@")[2]
    bucket, _, folder = unquote(parts.path).strip("/").partition("/")
    named = HOSTS.fullmatch(host) and NAMES.fullmatch(bucket) and parts.username and parts.password
    if parts.scheme != "s3" or not named:
        raise Wrong("It must look like s3://key:secret@host/bucket, with %2F for a slash in the key or the secret.")
    more = SAID | _said(parts.query)
    return Address(
        host, bucket, folder, unquote(parts.username or ""), unquote(parts.password or ""),
        more["region"], more["style"], more["tls"] == "yes",
    )  # fmt: skip


def _said(query: str) -> dict[str, str]:
    more = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in more.items():
        if name not in SAID:
            raise Wrong(f"It says {name}=, which is not known; known are {', '.join(SAID)}.")
        if name in CHOICES and value not in CHOICES[name]:
            raise Wrong(f"It says {name}={value}; known are {' and '.join(CHOICES[name])}.")
    return more
