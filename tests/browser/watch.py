"""Looks on while a page is used: what the console complains of, policy violations, requests to anybody else."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

from tidings.privacy import cookies

DECLARED = {cookie.name for cookie in cookies.EVERY}
REPORT = """addEventListener("securitypolicyviolation", (event) =>
  console.error("policy violation:", event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber));"""


class Watch:
    """What went wrong in the windows of one browser context; a test ends with `assert_clean`."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.origin = context, urlsplit(url).netloc
        self.complaints: list[str] = []
        # the simulators' pages have no icon; no window keeps anything for being offline unless a test wants it
        # and a server that a test ends cuts the line of whoever listens or asks just then
        ended = r"net::ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_(RESET|REFUSED)|EMPTY_RESPONSE)"
        self.forgiven = [r"/favicon\.ico", "Service Worker registration blocked", ended]
        context.add_init_script(REPORT)
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)
        # a window begins to catch its dialogs for files when somebody listens, and does not wait until it does
        context.on("page", lambda page: page.on("filechooser", lambda _chooser: None))

    def forgive(self, pattern: str) -> None:
        """A complaint that this test provokes."""
        self.forgiven.append(pattern)

    def assert_clean(self) -> None:
        """Nothing complained, nobody else was asked, no cookie that is not declared."""
        left = [said for said in self.complaints if not any(re.search(each, said) for each in self.forgiven)]
        assert not left, "\n".join(left)
        assert {cookie.get("name") for cookie in self.context.cookies()} <= DECLARED

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _broke(self, error: WebError) -> None:
        self.complaints.append(f"page error: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.origin:
            self.complaints.append(f"foreign request: {request.url}")
