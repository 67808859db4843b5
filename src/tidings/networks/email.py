"""A newsletter by SMTP, to a mailing list that takes care of its subscribers: https://www.rfc-editor.org/rfc/rfc5321

The message is the commit. A server that was given a whole message and did not answer may have taken it; given the same
one again it would deliver it twice, and nobody can ask it. So a person is asked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from email.utils import getaddresses, parseaddr
from typing import Any
from urllib.parse import urlsplit

from tidings.core.http import Answer, Transport
from tidings.networks import _letter, _sites
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.look import LETTER
from tidings.networks.seam import Grant, Outgoing, Problem, Profile, Receipt

_WORD = r"[!-+.-;=?A-~-]+"  # what may be in an address and need no quotes
ADDRESS = re.compile(f"{_WORD}@{_WORD}")
NO_ACCESS = (530, 534, 535, 538)  # what a server says that does not know us (RFC 4954)


class Email(Network):
    """A sender, and the mailing list it writes to."""

    name, label = "email", "E-mail newsletter"
    docs = "https://www.rfc-editor.org/rfc/rfc5321"
    policy = "https://www.rfc-editor.org/rfc/rfc5321#section-7"  # each server has its own; this says what it learns
    checked = date(2026, 11, 23)
    look = LETTER
    connect = (Password((
        Field("server", "Mail server", "Such as smtp.example.org:587, or :465 for TLS from the first word on."),
        Field("user", "User name", "Empty: the server asks for none.", optional=True),
        Field("password", "Password", secret=True, optional=True),
        Field("sender", "From", "Such as Harbour News <news@example.org>."),
        Field("list", "Mailing list", "Its address; several with commas between."),
        Field("archive", "Archive", "The web address where the list keeps what was sent.", optional=True),
    ), label="Mail server"),)
    limits = Limits(
        text=100_000, pictures=20, picture_types=("image/jpeg", "image/png", "image/gif"), picture_bytes=5_000_000,
        animations=4, animation_bytes=5_000_000, mixed=True,
    )
    options = (
        Option("subject", "Subject", longest=200, needed=True, help="Most readers see the first 60 characters."),
        Option("preheader", "Preview line", longest=200, help="Shown after the subject, before it is opened."),
        Option("reply_to", "Answers go to", longest=250, help="An address; empty: the sender."),
    )
    threads = ""
    markup = "markdown"
    unheard = "Readers' answers go to the address named for replies, not to this program."
    uncounted = "A mail server does not tell who reads, and nothing is hidden in your readers' mail to find out."

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Where mail is handed over, from whom and to whom."""
        sender, archive = parseaddr(fields.get("sender", "")), fields.get("archive", "").strip()
        lists = [address for _, address in getaddresses([fields.get("list", "")]) if address]
        if not lists or not all(ADDRESS.fullmatch(address) for address in (sender[1], *lists)):
            raise Rejected("Sender and list are addresses such as news@example.org.")
        if archive and not archive.startswith(("https://", "http://")):
            raise Rejected("The archive has a web address, which begins with https://.")
        return {"url": _place(fields.get("server", "")), "from": list(sender), "to": lists, "archive": archive}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """Go as far as a message would, without one."""
        secrets = {name: fields.get(name, "") for name in ("user", "password")}
        if not "".join(secrets.values()).isascii():
            raise Rejected("Mail servers take names and passwords in plain letters only.")
        try:
            type(self)(replace(self.access, secrets=secrets), self.door, "connect")._hand_over(None)
        except Reconnect as refused:
            raise Rejected(f"The mail server says: {refused.reason}") from refused
        return Grant(secrets)

    def announced(self) -> Mapping[str, Any]:
        """The largest message that the server takes."""
        size = self._hand_over(None).headers.get("size", "")
        return {**self.access.server, "size": int(size) if size.isdigit() else 0}

    def profile(self) -> Profile:
        """The sender's name; the same sender may write to several lists."""
        (name, address), lists = self.access.server["from"], ", ".join(self.access.server["to"])
        return Profile(f"{address} > {lists}"[:255], address, name or address, "", self.access.server["archive"])

    # publishing

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What the server would refuse, as far as it can be reckoned without building the message."""
        most, answers = server.get("size", 0), outgoing.options.get("reply_to")
        if most and _letter.weight(outgoing) > most:
            yield Problem("media", f"This is too large: the mail server takes {most / 1_000_000:.1f} MB.")
        if answers and not ADDRESS.fullmatch(answers):
            yield Problem("reply_to", "Answers go to: this is no address.")

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One message, handed over once."""
        message = _letter.written(outgoing, self.access.server, sending.key, sending.first_try)
        queued = sending.commit(lambda: self._hand_over(message.as_bytes()).text())
        return Receipt(message["Message-ID"].strip("<>"), self.access.server["archive"], {"queued": queued})

    def _hand_over(self, message: bytes | None) -> Answer:
        return self.call("MAIL", self.access.server["url"], body=message, seconds=300)

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The envelope, and who we are."""
        user, password = (self.access.secrets.get(name, "") for name in ("user", "password"))
        envelope = {"From": self.access.server["from"][1], "To": ", ".join(self.access.server["to"])}
        return {**envelope, **_sites.basic(user, password)} if user else envelope

    def judge(self, answer: Answer) -> None:
        """4xx is for a while here, 5xx for good."""
        said = f"{answer.status} {answer.text()}"
        if answer.status in NO_ACCESS:
            raise Reconnect(said)
        if answer.status >= 400:
            raise Later(said) if answer.status < 500 else Rejected(said)


def _place(typed: str) -> str:
    """The server's address; port 465 is TLS from the first word on."""
    scheme, _, rest = typed.strip().rpartition("://")
    parts = urlsplit(f"//{rest}")
    try:
        port = parts.port or (465 if scheme == "smtps" else 587)
    except ValueError:
        port = 0
    if not port or not parts.hostname or parts.path or parts.username or scheme not in ("", "smtp", "smtps"):
        raise Rejected("The mail server is a name, with a colon and its port: smtp.example.org:587.")
    return f"{scheme or ('smtps' if port == 465 else 'smtp')}://{parts.hostname}:{port}"
