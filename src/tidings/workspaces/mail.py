"""Mail goes out by the operator's SMTP server, or, when there is none, into files the operator can read."""

import logging
import smtplib
from collections.abc import Mapping, Sequence
from functools import cached_property
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db.models import Q

from tidings.core import clock
from tidings.core.ids import new_id
from tidings.settings import settings
from tidings.workspaces.models import User

log = logging.getLogger(__name__)
CANNOT_SEND = (OSError, smtplib.SMTPException)
TIMEOUT = 10  # seconds


def smtp(url: str) -> Smtp:
    """A connection as the URL says: smtps:// is TLS from the start, smtp:// starts it, unless ?tls=no."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("mail must be smtp://user:password@host:port or smtps://…")
    implicit = parts.scheme == "smtps"
    plain = parse_qs(parts.query).get("tls") == ["no"]
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if implicit else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=implicit,
        use_tls=not implicit and not plain,
        timeout=TIMEOUT,
    )


class Backend(BaseEmailBackend):
    """Django's way to our mail."""

    @cached_property
    def _smtp(self) -> Smtp:
        return smtp(settings().mail)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send all; answers how many went. Raises what SMTP raises."""
        if settings().mail:
            return self._smtp.send_messages(email_messages) or 0
        folder = settings().home / "mail"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = folder / f"{clock.now():%Y%m%dT%H%M%S}-{new_id()}.eml"
            path.touch(0o600)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


def deliver(subject: str, text: str, to: str, headers: Mapping[str, str] | None = None) -> bool:
    """Send one mail; False, and a line in the log, when the server does not take it, and False to who takes none.

    Mails that keep a login safe do not come by here: they are sent whatever people wish (accounts.Adapter).
    """
    if User.objects.filter(Q(mailed=False) | Q(frozen_at__isnull=False), email__iexact=to).exists():
        return False
    return tell(to, subject, text, headers)


def tell(to: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> bool:
    """Send one mail that keeps a login safe, whatever the person wishes; False, and a line in the log, when it cannot
    be sent."""
    try:
        return EmailMessage(subject, text, to=[to], headers=dict(headers or {})).send() == 1
    except CANNOT_SEND as error:
        log.error("mail could not be sent: %s", type(error).__name__)
        return False
