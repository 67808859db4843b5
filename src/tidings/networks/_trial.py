"""Try app credentials out without a person: what a network says to a made-up code, and what its sign-in page says.

A network that knows an app complains about the code, one that does not about the app. A network whose words are
read wrongly here says more with a classmethod `trial(app, site, door)` of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from tidings.core import http
from tidings.core.http import Answer, Transport
from tidings.networks.base import Network, ask
from tidings.networks.declare import OAuth2
from tidings.networks.errors import Later, Reaction, Unsure
from tidings.networks.oauth import Flow
from tidings.networks.seam import App, Site

MADE_UP = "made-up-code-of-a-self-test"
UNKNOWN_APP = (
    "invalid_client", "unauthorized_client", "client_secret", "client secret", "invalid client", "unknown client",
    "client authentication", "client key", "client_key", "incorrect_client", "app_id", "app id", "invalid platform app",
    "validating application",
)  # fmt: skip
REDIRECT = ("redirect_uri_mismatch", "bad_redirect_uri", "invalid_redirect_uri")  # error codes, said to a code
REDIRECT_PAGE = (
    *REDIRECT, "redirect_uri is not", "redirect uri is not", "redirect url is not", "redirect_uri does not",
    "redirect uri does not", "redirect url does not", "redirect_uri did not", "redirect uri did not",
    "invalid redirect", "url blocked",
)  # fmt: skip
SCOPE = ("invalid_scope", "invalid scope", "scope is not", "scopes are not", "unauthorized_scope", "scope_not")
REVIEW = (
    "app not active", "app is not active", "not live", "development mode", "not been verified", "not verified",
    "verification process", "not been approved", "not approved", "under review", "app not setup", "sandbox",
)  # fmt: skip
SAID_MOST = 200  # characters of theirs in a sentence of ours
NOISE = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.S | re.I)


def standing(site: Site) -> list[str]:
    """What about this instance's own address will keep networks from sending people back to it."""
    address = urlsplit(site.redirect_uri)
    if address.scheme == "https":
        return []
    if address.hostname in ("localhost", "127.0.0.1", "::1"):
        return [
            f"This instance's address is {site.base_url}, which only this machine can reach. Some networks accept such "
            "a redirect URL for trying things out, many want https."
        ]
    return [
        f"This instance's address is {site.base_url}. Networks want a redirect URL that begins with https: serve it "
        "over https and set TIDINGS_BASE_URL."
    ]


def trial(network: type[Network], app: App, site: Site, door: Transport) -> list[str]:
    """What is wrong with these credentials, in sentences; none: as far as one can ask, all is well."""
    way = next((way for way in network.connect if isinstance(way, OAuth2) and way.needs_app), None)
    if way is None:
        return []
    asked = _Trial(network, way, app, site, door)
    return list(asked.by_code()) or list(asked.by_page())


@dataclass(frozen=True)
class _Trial:
    network: type[Network]
    way: OAuth2
    app: App
    site: Site
    door: Transport

    def by_code(self) -> Iterator[str]:
        """Ask for tokens for a code that nobody gave: what is complained about first is what is wrong."""
        answers: list[Answer] = []

        def listening(request: http.Request) -> Answer:
            answers.append(self.door(request))
            return answers[-1]

        endpoints = self.network.endpoints({})
        flow = Flow(endpoints, self.app, listening, self.network.assertion)
        named = {"iss": endpoints.issuer} if endpoints.issuer else {}
        keep, query = {"state": "s", "verifier": MADE_UP}, {"state": "s", "code": MADE_UP, **named}
        try:
            flow.finish(self.site, keep, query)
        except (Later, Unsure) as reaction:
            yield f"{self.network.label} could not be asked just now: {reaction.reason}"
            return
        except Reaction:
            pass
        if answers:
            yield from self._of_code(answers[-1])

    def _of_code(self, answer: Answer) -> Iterator[str]:
        body, said = answer.json(), answer.text().lower()
        code = str(body.get("error", "")) if isinstance(body, dict) else ""
        if code == "invalid_grant":
            return
        if _any(UNKNOWN_APP, said) or answer.status == 401:
            yield self._unknown_app(answer)
        elif _any(REDIRECT, said):
            yield self._redirect()

    def by_page(self) -> Iterator[str]:
        """Ask for the sign-in page, without following where it leads."""
        try:
            flow = Flow(self.network.endpoints({}), self.app, self.door, self.network.assertion)
            url = flow.begin(self.way, self.site).url
            answer = ask(self.door, http.Request("GET", url, "connect", {"Accept": "text/html"}))
        except Reaction as reaction:
            yield f"The sign-in page of {self.network.label} could not be asked for: {reaction.reason}"
            return
        leads = answer.headers.get("location", "")
        yield from self._sent_back(leads) if leads.startswith(self.site.redirect_uri) else self._of_page(answer, leads)

    def _sent_back(self, leads: str) -> Iterator[str]:
        """An app that is known, but may not do what was asked, is told so at once."""
        query = dict(parse_qsl(urlsplit(leads).query))
        if "error" not in query:
            return
        said = f"{query['error']} {query.get('error_description', '')}".strip()
        yield self._scope(said) if _any(SCOPE, said.lower()) else self._turned_away(said)

    def _of_page(self, answer: Answer, leads: str) -> Iterator[str]:
        said = unquote_plus(leads) if leads else visible(answer)
        words, refused = said.lower(), 400 <= answer.status < 500
        if _any(REDIRECT_PAGE, words) or (refused and "redirect" in words):
            yield self._redirect()
        elif _any(SCOPE, words):
            yield self._scope(said)
        elif _any(REVIEW, words) or (refused and answer.status not in (403, 429)):  # those two keep programs out
            yield self._turned_away(said)

    def _unknown_app(self, answer: Answer) -> str:
        console = self.network.console
        id, secret = (console.id, console.secret) if console else ("client id", "client secret")
        said = f" It says: “{_short(visible(answer))}”"
        return f"{self.network.label} does not know this {id} with this {secret}. Copy both again.{said}"

    def _redirect(self) -> str:
        return (
            f"{self.network.label} does not have this instance's redirect URL. Enter {self.site.redirect_uri} in the "
            "app's settings, exactly so."
        )

    def _scope(self, said: str) -> str:
        wanted = ", ".join(self.way.scopes)
        label = self.network.label
        return f"The app may not ask for everything that is needed ({wanted}). {label} says: “{_short(said)}”"

    def _turned_away(self, said: str) -> str:
        return (
            f"{self.network.label} turns this app away; it may not be live, or wait for its review. "
            f"It says: “{_short(said)}”"
        )


def visible(answer: Answer) -> str:
    """What a person would read of this answer."""
    return " ".join(NOISE.sub(" ", answer.body[:200_000].decode("utf-8", "replace")).split())


def _any(words: tuple[str, ...], said: str) -> bool:
    return any(word in said for word in words)


def _short(said: str) -> str:
    return said if len(said) <= SAID_MOST else f"{said[:SAID_MOST]}…"
