"""What is left of somebody outside the rows that name them: sessions, sealed as they are, and mails in a folder."""

import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session

from tidings.channels.carry import FOUND, FOUND_AT, PATIENCE
from tidings.core import clock
from tidings.settings import settings
from tidings.workspaces.sessions import SessionStore


def sign_out(words: Collection[str]) -> int:
    """End every session that says one of these: of somebody signed in, or halfway there. How many."""
    found = [row.pk for row, held in _opened() if _says(json.dumps(held, ensure_ascii=False), words)]
    return Session.objects.filter(pk__in=found).delete()[0]


def drop_from_sessions(words: Collection[str]) -> None:
    """Others' sessions forget what is exactly one of these: the workspace they were in last."""
    for row, held in _opened():
        kept = {name: value for name, value in held.items() if not (isinstance(value, str) and value in words)}
        if kept != held:
            Session.objects.filter(pk=row.pk).update(session_data=SessionStore(row.pk).encode(kept))


def drop_unpicked(now: datetime) -> int:
    """Sessions forget what a sign-in at a network gave whose profiles nobody picked in time: it lets somebody post."""
    found = [(row, held) for row, held in _opened() if FOUND in held and _past(held.get(FOUND_AT, ""), now)]
    for row, held in found:
        kept = {name: value for name, value in held.items() if name not in (FOUND, FOUND_AT)}
        same = Session.objects.filter(pk=row.pk, session_data=row.session_data)  # nobody wrote to it meanwhile
        same.update(session_data=SessionStore(row.pk).encode(kept))
    return len(found)


def _past(since: str, now: datetime) -> bool:
    return not since or clock.from_iso(since) + PATIENCE < now


def _opened() -> Iterator[tuple[Session, dict[str, Any]]]:
    """Every session with what it holds; the framework can only look them up by their keys."""
    for row in Session.objects.iterator(500):
        yield row, SessionStore(row.pk).decode(row.session_data)


def drop_mails(words: Collection[str]) -> int:
    """Delete the mails in the home folder that are to, from or about somebody; how many. There are some only where
    no mail server is set."""
    found = [path for path in (settings().home / "mail").glob("*.eml") if _says(_text(path), words)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _text(path: Path) -> str:
    """What a mail says, unpacked, with its header."""
    mail = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    parts = (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    return "\n".join((*(f"{name}: {value}" for name, value in mail.items()), *parts))


def _says(text: str, words: Collection[str]) -> bool:
    """Whether one of them stands there, whole; addresses in whatever case."""
    found = "|".join(f"(?i:{re.escape(word)})" if "@" in word else re.escape(word) for word in words if word)
    return bool(found) and re.search(rf"(?<!\w)(?:{found})(?!\w)", text) is not None
