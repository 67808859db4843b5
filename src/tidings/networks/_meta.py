"""What Facebook, Instagram and Threads share: Meta's Graph API. https://developers.facebook.com/docs/graph-api

An error has a code and a subcode, and says in words what a person should read; what is used up of a limit stands in two
headers, in percent. Nothing here publishes.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _signed
from tidings.networks._gone import Gone
from tidings.networks._metarefusals import Forbidden, Uncounted
from tidings.networks.base import Network
from tidings.networks.declare import Endpoints
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure, retry_at
from tidings.networks.seam import Access, App, Grant, Heard, Notice

BLOCKED = "368"  # by Meta's rules against abuse
FAULT = "2"
CODES: Mapping[str, type[Reaction]] = {
    **dict.fromkeys(("102", "190"), Reconnect), **dict.fromkeys(("10", *map(str, range(200, 300))), Forbidden),
    **dict.fromkeys(("4", "17", "32", "613", "80001", "80002"), Later),
    **dict.fromkeys(("1", FAULT), Unsure),
    BLOCKED: Rejected,
}
FULL = 95  # percent of a limit; from here on Meta is left alone
UNCOUNTED = ("valid insights metric", "must be one of", "not support", "nonexisting field")  # in their words
PAUSE = timedelta(minutes=10)  # until a full limit is tried again, where Meta does not say
DAY = timedelta(days=1)
POSTS = {"CREATE_CONTENT", "MANAGE"}  # what a person may have to do on a page, for us to post there


class Meta(Network):
    """Nodes and edges of a graph, read and told by forms."""

    version: ClassVar[str] = "v26.0"
    codes = CODES
    words: ClassVar[Mapping[str, type[Reaction]]] = {"does not exist": Gone, **dict.fromkeys(UNCOUNTED, Uncounted)}
    blocks: ClassVar[frozenset[str]] = frozenset({BLOCKED})  # codes after which a profile is left alone for a day
    hears = ("ended", "erase")

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """Both callbacks name the person by the number they have for this app."""
        return _signed.request_of(notice, app)

    def at(self, path: str, **query: Any) -> str:
        """The address of a node or an edge."""
        asked = urlencode(encoded(query))
        return f"{self.hosts['api']}/{self.version}/{path}" + (f"?{asked}" if asked else "")

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        """What a node or an edge says."""
        return dict(self.call("GET", self.at(path, **query)).json())

    def tell(self, path: str, **said: Any) -> dict[str, Any]:
        """Change something; the answer mostly names what was made."""
        return dict(self.call("POST", self.at(path), form=encoded(said)).json())

    def drop(self, id: str) -> None:
        """Take something back; what is gone already is fine."""
        with suppress(Gone):
            self.call("DELETE", self.at(id))

    def code(self, answer: Answer) -> str:
        """The subcode where we know it, else the code; a fault they call passing is one of theirs."""
        error = _error(answer)
        codes = [str(error.get(name, "")) for name in ("error_subcode", "code")]
        known = next((code for code in codes if code in self.codes), "")
        return known or (FAULT if error.get("is_transient") else codes[1])

    def said(self, answer: Answer) -> str:
        """Their sentence for people, and the number that Meta's support asks for."""
        error = _error(answer)
        people = ": ".join(str(error[n]) for n in ("error_user_title", "error_user_msg") if error.get(n))
        words = people or str(error.get("message") or "") or super().said(answer)
        trace = error.get("fbtrace_id")
        return f"{words} (Meta's trace {trace})" if words and trace else words

    def again_at(self, answer: Answer) -> datetime | None:
        """When a business use case has its calls back."""
        waits = [float(use.get("estimated_time_to_regain_access") or 0) for use in _business(answer)]
        return clock.now() + timedelta(minutes=max(waits)) if any(waits) else retry_at(answer)

    def judge(self, answer: Answer) -> None:
        """What is nearly used up is left alone for a while, and a profile that Meta blocks for a day."""
        now = clock.now()
        if max((_percent(use) for use in _business(answer)), default=0) >= FULL:
            self.shut["channel"] = self.again_at(answer) or now + PAUSE
        if _percent(_header(answer, "x-app-usage")) >= FULL:
            self.shut["app"] = now + PAUSE
        if self.code(answer) in self.blocks:
            self.shut["channel"] = now + DAY
        super().judge(answer)


class LongLived(Meta):
    """Sign-ins that give an hour, are exchanged for sixty days, and renewed once they are a day old."""

    family: ClassVar[str]  # how the names of their grants begin

    def lengthen(self) -> Grant:
        wish = {"grant_type": f"{self.family}_exchange_token", "client_secret": app_of(self).client_secret}
        return self._exchanged("access_token", wish)

    def renew(self) -> Grant:
        """A token younger than a day is refused, so it is not even tried."""
        since = self.access.secrets.get("since")
        if since and clock.from_iso(since) + DAY > clock.now():
            raise Later("This access is too fresh to be renewed.", clock.from_iso(since) + DAY)
        return self._exchanged("refresh_access_token", {"grant_type": f"{self.family}_refresh_token"})

    def _exchanged(self, path: str, wish: Mapping[str, str]) -> Grant:
        asked = urlencode({**wish, "access_token": self.access.secrets["access_token"]})
        said = self.call("GET", f"{self.hosts['api']}/{path}?{asked}").json()
        now = clock.now()
        kept = {"access_token": str(said["access_token"]), "since": now.isoformat()}
        return Grant(kept, now + timedelta(seconds=int(said["expires_in"])))


class ByFacebook(Meta):
    """Access by Facebook Login: one sign-in, and a token of its own for each page, which does not end by itself."""

    hosts = {"page": "https://www.facebook.com", "api": "https://graph.facebook.com"}
    grants = "https://www.facebook.com/settings?tab=business_tools"
    one_grant = True
    kin = ("facebook", "instagram")

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """A server-side app proves itself by its secret, not by PKCE."""
        dialog, api = (f"{cls.hosts[host]}/{cls.version}" for host in ("page", "api"))
        return Endpoints(
            f"{dialog}/dialog/oauth", f"{api}/oauth/access_token", by="query", pkce=False, separator=","
        )

    def lengthen(self) -> Grant:
        """Pages' tokens live as long as the access they are taken with; with this one they do not end."""
        app, short = app_of(self), self.access.secrets["access_token"]
        wish = {"client_id": app.client_id, "client_secret": app.client_secret, "fb_exchange_token": short}
        said = self.read("oauth/access_token", grant_type="fb_exchange_token", **wish)
        return Grant({"access_token": str(said["access_token"])})

    def person(self) -> str:
        """Who signed in: their number for this app."""
        return str(self.read("me", fields="id")["id"])

    def revoke(self) -> None:
        """All that the person granted to the app; the tokens of pages end with it."""
        person, app = self.access.profile.person, app_of(self)
        if not person:
            raise Rejected("Who signed in is not known.")
        secrets = {"access_token": f"{app.client_id}|{app.client_secret}"}
        ours = type(self)(Access(self.access.profile, secrets, self.access.server, app), self.door, self.purpose)
        ours.call("DELETE", ours.at(f"{person}/permissions"))

    def pages(self, fields: str) -> list[dict[str, Any]]:
        """Every page that the person may post to, their own and those of their businesses."""
        asked = f"id,access_token,tasks,{fields}"
        found = {page["id"]: page for page in [*self._of_businesses(asked), *self._rows("me/accounts", asked)]}
        return [page for page in found.values() if page.get("access_token") and POSTS & set(page.get("tasks", POSTS))]

    def _of_businesses(self, fields: str) -> Iterator[dict[str, Any]]:
        """Pages that are only known through a business; none where that right was not given."""
        with suppress(Rejected, Reconnect):
            for business in self._rows("me/businesses", "id"):
                yield from self._rows(f"{business['id']}/owned_pages", fields)
                yield from self._rows(f"{business['id']}/client_pages", fields)

    def _rows(self, path: str, fields: str) -> Iterator[dict[str, Any]]:
        after: str | None = ""
        while after is not None:
            said = self.read(path, fields=fields, limit=100, after=after)
            yield from said["data"]
            paging = said.get("paging", {})
            after = paging["cursors"]["after"] if "next" in paging else None

    def at(self, path: str, **query: Any) -> str:
        """Every request also proves that it comes from the app's own server."""
        return super().at(path, **query, appsecret_proof=_proof(app_of(self), self.access.secrets["access_token"]))


def app_of(network: Network) -> App:
    """The app that this access was given to."""
    if network.access.app is None:
        raise Reconnect("The app this profile was connected with is no longer known.")
    return network.access.app


def encoded(said: Mapping[str, Any]) -> dict[str, str]:
    """As forms and queries take it: what is empty is left out, what has parts is JSON."""
    given = {name: value for name, value in said.items() if value not in (None, "", [], {})}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}


def _proof(app: App, token: str) -> str:
    return hmac.new(app.client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _error(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _header(answer: Answer, name: str) -> dict[str, Any]:
    try:
        said = json.loads(answer.headers.get(name, "{}"))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _business(answer: Answer) -> list[dict[str, Any]]:
    return [use for uses in _header(answer, "x-business-use-case-usage").values() for use in uses]


def _percent(use: Mapping[str, Any]) -> float:
    return max(float(use.get(name) or 0) for name in ("call_count", "total_time", "total_cputime"))
