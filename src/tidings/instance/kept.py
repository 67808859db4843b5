"""What the data folder gives away, and how long things are kept."""

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.db import DatabaseError

from tidings import networks
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.instance.finding import Finding, Level
from tidings.privacy import keyfile
from tidings.settings import settings
from tidings.workspaces.models import User

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000  # bytes of room
SOON, WEEK = timedelta(days=14), timedelta(days=7)


def home() -> Iterator[Finding]:
    """Nobody else on the machine looks into the data folder."""
    path = settings().home
    if path.stat().st_mode & stat.S_IRWXO:
        sentence = f"Others on this machine may look into the data folder: chmod 750 {path}"
        yield Finding("home", "warning", sentence)
    if path.stat().st_mode & stat.S_IWOTH:
        yield Finding("home", "error", f"Others on this machine may put files into the data folder: chmod 750 {path}")


def key_file() -> Iterator[Finding]:
    """Nobody else on the machine can read the keys."""
    yield from _closed("key-file", settings().home / "keys.json", "the keys")


def secret_file() -> Iterator[Finding]:
    """Nobody else on the machine can read the secret that signs sessions."""
    yield from _closed("secret-file", settings().home / "secret.key", "the secret that signs sessions")


def _closed(name: str, path: Path, what: str) -> Iterator[Finding]:
    if path.exists() and path.stat().st_mode & OTHERS:
        yield Finding(name, "error", f"Others on this machine may read {what}: chmod 600 {path}")


def key_twice() -> Iterator[Finding]:
    """There is one key ring, so nobody backs up the wrong one."""
    path = settings().home / "keys.json"
    if settings().keys and path.exists():
        sentence = f"TIDINGS_KEYS is used and {path} is not: look which of them opens your backups, then move the file "
        yield Finding("key-twice", "warning", f"{sentence}away.")


def room() -> Iterator[Finding]:
    """The disk has room."""
    free = shutil.disk_usage(settings().home).free
    if free < LITTLE:
        level: Level = "error" if free < TOO_LITTLE else "warning"
        sentence = f"Only {free // 1_000_000:,} MB are free where {settings().home} is: make room before it is full."
        yield Finding("room", level, sentence)


def certificate() -> Iterator[Finding]:
    """Our own certificate is there, names this host and has not ended."""
    ours = settings()
    if bool(ours.tls_cert) != bool(ours.tls_key):
        yield Finding("certificate", "error", "TIDINGS_TLS_CERT and TIDINGS_TLS_KEY go together: set both or neither.")
    elif ours.tls_cert:
        try:
            first = x509.load_pem_x509_certificates(Path(ours.tls_cert).read_bytes())[0]
        except (OSError, ValueError):
            yield Finding("certificate", "error", f"TIDINGS_TLS_CERT: {ours.tls_cert} is no certificate in PEM.")
        else:
            yield from _ends(first)


def certificate_ends() -> datetime | None:
    """When our own certificate does; None: there is none, or it cannot be read."""
    try:
        chain = Path(settings().tls_cert).read_bytes() if settings().tls_cert else b""
        return x509.load_pem_x509_certificates(chain)[0].not_valid_after_utc
    except (OSError, ValueError):
        return None


def _ends(first: x509.Certificate) -> Iterator[Finding]:
    ends = first.not_valid_after_utc
    if ends < clock.now().astimezone(UTC) + SOON:
        day = f"{ends:%d %B %Y}"
        sentence = f"The certificate has ended on {day}." if ends < clock.now() else f"The certificate ends on {day}."
        yield Finding("certificate", "warning", f"{sentence} Renew it; the new files are noticed without a restart.")


def log_days() -> Iterator[Finding]:
    """The security log shortens what it keeps before it forgets it."""
    ours = settings()
    if ours.log_gone_days < ours.log_days:
        sentence = "The security log forgets entries before it would shorten them."
        yield Finding("log-days", "error", f"{sentence} TIDINGS_LOG_GONE_DAYS must not be below TIDINGS_LOG_DAYS.")


def erase_days() -> Iterator[Finding]:
    """Nobody waits longer for an erasure than the terms of the connected networks allow."""
    wanted = timedelta(days=settings().erase_days)
    try:
        here = set(Channel.objects.values_list("network", flat=True))
    except DatabaseError:
        return  # said by `database`, or the tables are not there yet
    for name, network in networks.every().items():
        if name in here and wanted > network.erasure:
            most = network.erasure // timedelta(days=1)
            sentence = f"{network.label} wants things gone within {most} days of a wish: set TIDINGS_ERASE_DAYS={most}."
            yield Finding("erase-days", "error", sentence)


def backups() -> Iterator[Finding]:
    """There is a backup, not older than a week."""
    try:
        people = User.objects.exists()
    except DatabaseError:
        return  # said by `database`, or the tables are not there yet
    last = keyfile.last()
    if people and last is None:
        yield Finding("backups", "warning", "This was never backed up: run “tidings backup” once a day.")
    elif people and last and last < clock.now() - WEEK:
        yield Finding("backups", "warning", f"The last backup is of {last:%d %B %Y}: run “tidings backup” once a day.")


EVERY = (home, key_file, secret_file, key_twice, room, certificate, log_days, erase_days, backups)
BEFORE_SERVING = (certificate,)
