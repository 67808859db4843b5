"""Whether what leaves this machine for mail, database and media is encrypted on its way."""

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from tidings.instance.finding import Finding
from tidings.media.reach import indoors
from tidings.settings import settings

CHECKED = ("verify-ca", "verify-full")


def _split(address: str) -> tuple[str, dict[str, str]]:
    """The host and what stands behind the question mark."""
    parts = urlsplit(address)
    return unquote(parts.hostname or ""), {name: values[-1] for name, values in parse_qs(parts.query).items()}


def mail_line() -> Iterator[Finding]:
    """Mails go to their server encrypted, unless it is close by."""
    host, said = _split(settings().mail)
    if said.get("tls") == "no" and not indoors(host):
        sentence = f"Mails, and the password for {host}, go there in clear: take ?tls=no out of TIDINGS_MAIL."
        yield Finding("mail-line", "error", sentence)


def database_line() -> Iterator[Finding]:
    """The database is spoken to encrypted, unless it is close by."""
    address = settings().database
    host, said = _split(address)
    host = said.get("host", host)
    if not address.startswith("postgres") or not host or host.startswith("/") or indoors(host):
        return
    mode = said.get("sslmode", "prefer")
    if mode == "require":
        sentence = f"Nobody checks that it is {host} that answers: use sslmode=verify-full in TIDINGS_DATABASE."
        yield Finding("database-line", "warning", sentence)
    elif mode not in CHECKED:
        sentence = f"The database may be spoken to in clear on the way to {host}: add ?sslmode=verify-full to "
        yield Finding("database-line", "error", f"{sentence}TIDINGS_DATABASE.")


def media_line() -> Iterator[Finding]:
    """Pictures and films go to their storage encrypted, unless it is close by."""
    host, said = _split(settings().media)
    if said.get("tls") == "no" and not indoors(host):
        sentence = f"Pictures, films and the key for {host} go there in clear: take tls=no out of TIDINGS_MEDIA."
        yield Finding("media-line", "error", sentence)


EVERY = (mail_line, database_line, media_line)
