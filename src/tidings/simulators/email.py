"""A mail server and a mailing list in a box: https://www.rfc-editor.org/rfc/rfc5321

Switches: `size` (bytes of a message), `greylists` (sends every caller away once), `says` (a reply to every whole
message, which then is not taken).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parseaddr
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, Profile
from tidings.simulators import _smtp
from tidings.simulators._mischief import Seen, Trick, next_trick
from tidings.simulators._smtp import OK, Reply
from tidings.simulators.base import Simulator

LIST = "list@example.org"


class EmailServer(Simulator):
    """Whoever knows the password may write as themselves to the list; `posts` is what the list got."""

    name = "email"
    moods = {"that greylists": {"greylists": True}}
    chosen = {"subject": "Tide tables"}
    size = 100_000
    greylists = False
    says: Reply | None = None
    password = "letters"  # noqa: S105 -- a simulator keeps no secrets

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.port, self.callers = 0, set[str]()

    def routes(self) -> list[Route]:
        """The list's archive."""
        return [Route("/archive", self.archive)]

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Mail has a port of its own."""
        with _smtp.listening(self) as self.port:
            yield

    def typed(self) -> dict[str, str]:
        """A sender, and the list."""
        return {"server": f"127.0.0.1:{self.port}", "user": "demo", "password": self.password,
                "sender": "Demo <demo@example.org>", "list": LIST, "archive": f"{self.url}/archive"}

    def access(self, account: str = "demo") -> Access:
        """A sender of this name."""
        address, archive = f"{account}@example.org", f"{self.url}/archive"
        server = {"url": f"smtp://127.0.0.1:{self.port}", "from": [account.title(), address], "to": [LIST],
                  "archive": archive, "size": self.size}
        profile = Profile(f"{address} > {LIST}", address, account.title(), "", archive)
        return Access(profile, {"user": account, "password": self.password}, server)

    def lock_out(self) -> None:
        """Somebody changes the password."""
        self.password = "new letters"  # noqa: S105 -- see above

    # what the mail server asks

    def proven(self, name: str, password: str) -> Reply:
        """One password for everybody."""
        if password == self.password:
            return 235, "2.7.0 Authentication successful"
        return 535, "5.7.8 Error: authentication failed"

    def begun(self) -> Trick | None:
        """A message is a line that misbehaviour may be played on."""
        self.seen.append(Seen("MAIL", "/", {}))
        return next_trick(self.tricks, "MAIL /")

    def sender(self, name: str, address: str) -> Reply:
        """People write as themselves."""
        return OK if address == f"{name}@example.org" else (553, "5.7.1 Sender address rejected: not owned by user")

    def recipient(self, address: str) -> Reply:
        """There is one mailbox."""
        if address != LIST:
            return 550, f"5.1.1 <{address}>: Recipient address rejected: no such user"
        if self.greylists and address not in self.callers:
            self.callers.add(address)
            return 450, "4.2.0 Greylisted, try again later"
        return OK

    def take(self, recipients: list[str], message: bytes) -> Reply:
        """A message that is taken twice is delivered twice, whatever it calls itself."""
        if self.says:
            return self.says
        if len(message) > self.size:
            return 552, "5.3.4 Message size exceeds fixed limit"
        read: Any = message_from_bytes(message, policy=SMTP)
        if why := _malformed(read):
            return 554, f"5.6.0 {why}"
        name = str(read["Message-ID"]).strip("<>")
        self.posts[name if name not in self.posts else f"{name} again"] = {
            "id": name, "account": parseaddr(read["From"])[1], "to": recipients, "raw": message,
            "headers": {header: str(value) for header, value in read.items()},
            "text": read.get_body(("plain",)).get_content(), "html": read.get_body(("html",)).get_content(),
            "pictures": {part["Content-ID"]: part.get_content() for part in read.walk() if part["Content-ID"]},
        }
        return 250, "2.0.0 Ok: queued as 4F1A2"

    async def archive(self, request: Request) -> Response:
        """What a reader of the list's archive sees."""
        sent = "".join(f"<h2>{escape(post['headers']['Subject'])}</h2>{post['html']}" for post in self.posts.values())
        return HTMLResponse(f"<title>Mailing list simulator</title>{sent}")


def _malformed(message: Any) -> str:
    """What this list does not let through."""
    if not message["Subject"]:
        return "A subject is required"
    answers = message["Reply-To"]
    return "Reply-To is not an address" if answers and not all(a.domain for a in answers.addresses) else ""


def simulator(url: str) -> Simulator:
    """A fresh mail server at this address."""
    return EmailServer(url)
