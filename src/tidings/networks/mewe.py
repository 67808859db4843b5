"""MeWe, by the API of its developer programme, which has no public documentation: https://mewe.com

Its answer to a post names none, and nothing can be listed. So a lost answer is left to a person.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from tidings.core import clock, http
from tidings.core.http import Answer, Transport
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Console, Limits, Link, Option
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.oauth import same_state
from tidings.networks.seam import Access, App, Grant, Outgoing, Pending, Problem, Profile, Receipt, Rendition, Site

CALM = timedelta(minutes=15)  # after "Enhance Your Calm"


class MeWe(Network):
    """A person on MeWe, and the groups they are in."""

    name, label = "mewe", "MeWe"
    docs = "https://mewe.com"
    policy = "https://mewe.com/privacy-policy"
    checked = date(2026, 11, 23)
    look = Look(
        "feed", ("like", "comment", "share"), cut=400, lines=8, more="see", handle=False, marked=("link", "tag"),
    )
    connect = (Link(needs_app=True),)
    console = Console("https://mewe.com", (
        "Apply for MeWe's developer programme, for an app of the type “standalone”.",
        "Give {redirect_uri} as the address that people come back to.",
        "Copy the app's id and its API key.",
    ), "App id", "API key", gate="The programme is a trial with few places; nothing works before MeWe admits you.")
    hosts = {"api": "https://mewe.com"}
    limits = Limits(text=63_206, pictures=10)
    options = (
        Option("where", "Where", "choice", (("timeline", "Timeline"), ("group", "A group")), default="timeline"),
        Option("group", "Group", "lookup"),
    )
    uncounted = "MeWe tells other programs no numbers, as far as is known."
    words = {"Unauthorized": Reconnect, "Enhance Your Calm": Later}
    unheard = "MeWe tells other programs nothing that others write, as far as is known."
    threads = ""

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """A post in a group says in which."""
        if outgoing.options.get("where") == "group" and not outgoing.options.get("group"):
            yield Problem("group", "Choose the group.")

    # connecting

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        """MeWe's own page, where the person allows it."""
        state = secrets.token_urlsafe(24)
        wish = {"client_id": app.client_id if app else "", "redirect_uri": site.redirect_uri, "state": state}
        return Pending(f"{cls.hosts['api']}/login?{urlencode(wish)}", {"state": state})

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:
        """What the person brings back is exchanged for a token of about a month, which cannot be renewed."""
        same_state(keep, query)
        if not query.get("loginRequestToken"):
            raise Rejected("Access was not granted.")
        asked = cls(Access(Profile("", "", ""), {}, server, app), door, "connect")
        brought = urlencode({"loginRequestToken": query["loginRequestToken"]})
        said = asked.call("GET", asked._at(f"/api/dev/token?{brought}")).json()
        if not said.get("apiToken"):
            raise Rejected("You have not agreed on MeWe yet. Agree there, then connect again.")
        return Grant({"access_token": said["apiToken"]}, _ends(said.get("expiresAt")))

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.call("GET", self._at("/api/dev/me")).json()
        return Profile(str(me["userId"]), me["handle"], me["name"], "", self._at(f"/{me['handle']}/posts"))

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Groups of this person, page after page."""
        found, path = [], "/api/dev/groups"
        for _ in range(5):  # pages are small, and nobody reads more
            said = self.call("GET", self._at(path)).json()
            found += [(str(one["id"]), str(one["name"])) for one in said["groups"]]
            path = said.get("nextPage") or ""
            if not path.startswith("/"):  # never to another host
                break
        return [(id, name) for id, name in found if query.lower() in name.lower()]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Pictures first, then the post, which is known by our own key: MeWe gives it no name."""
        pictures = [sending.once(f"photo-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        group = f"group/{quote(outgoing.options['group'], '')}" if outgoing.options.get("where") == "group" else ""
        wish = {"text": outgoing.text, **({"uploadedPhotoIds": pictures} if pictures else {})}
        sending.commit(lambda: self.call("POST", self._at(f"/api/dev/{group or 'me'}/post"), json=wish).status)
        return Receipt(sending.key, self._at(f"/{group}") if group else self.access.profile.url)

    def _upload(self, piece: Rendition) -> str:
        body, kind = http.multipart({}, ("file", piece.name or "photo", piece.mime, piece.read()))
        url = self._at("/api/dev/photo/upload")
        return str(self.call("POST", url, body=body, headers=kind, seconds=300).json()["id"])

    # speaking

    def _at(self, path: str) -> str:
        return f"{self.hosts['api']}{path}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The app's two names on every call, and the person's token once there is one."""
        app, token = self.access.app or App(""), self.access.secrets.get("access_token")
        ours = {"X-App-Id": app.client_id, "X-Api-Key": app.client_secret}
        return {**ours, "Authorization": f"Bearer {token}"} if token else ours

    def judge(self, answer: Answer) -> None:
        """420 is theirs for "too fast"."""
        if answer.status == 420:
            raise Later(self.said(answer) or "MeWe asks to slow down.", self.again_at(answer))
        super().judge(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """They do not say when; a quarter of an hour has been enough for others."""
        return super().again_at(answer) or clock.now() + CALM


def _ends(said: Any) -> datetime:
    """The end of a token: ISO 8601, or milliseconds since 1970."""
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said / 1000, clock.now().tzinfo)
    return clock.from_iso(said) if said else clock.now() + timedelta(days=30)
