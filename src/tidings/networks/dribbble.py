"""Dribbble, by its API v2: https://developer.dribbble.com/v2/

A shot is taken at once and appears later. It takes every repeat for a new shot, so a lost answer is looked for among
the profile's own shots.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock, http
from tidings.core.http import Answer
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Rate
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.metrics import Counting, Metric, Reading
from tidings.networks.seam import Outgoing, Profile, Receipt, Seen

PATIENCE = timedelta(minutes=5)  # a shot that is not listed by then may still come


class Dribbble(Network):
    """A designer on Dribbble who may upload."""

    name, label = "dribbble", "Dribbble"
    docs = "https://developer.dribbble.com/v2/"
    policy = "https://dribbble.com/privacy"
    grants = "https://dribbble.com/account/applications"
    checked = date(2026, 11, 23)
    look = Look(
        "card", ("like", "save", "share"), cut=300, more="read", handle=False, pictures="carousel", most=10,
        ratio=(1.3333, 1.3333), marked=("link",), card="", title="title",
    )
    connect = (OAuth2(("public", "upload"), needs_app=True),)
    console = Console("https://dribbble.com/account/applications", (
        "Register a new application.",
        "Enter {base_url} as website and {redirect_uri} as callback URL.",
        "Copy the client ID and the client secret.",
    ), gate="Only people who may upload shots can be connected.")
    hosts = {"page": "https://dribbble.com", "api": "https://api.dribbble.com"}
    limits = Limits(
        text=40_000, needs="media", pictures=1, picture_bytes=8_000_000, picture_least=(400, 300), animations=1,
        animation_bytes=8_000_000,
    )
    rates = (Rate(60, timedelta(minutes=1)),)
    options = (
        Option("title", "Title", longest=100, needed=True),
        Option("tags", "Tags", "tags", longest=50, most=12),
        Option("team", "Team", "lookup", help="Empty: your own."),
        Option("low_profile", "Without telling followers", "flag", default=False),
        Option("rebound_of", "Rebound of", "number", help="The number of a shot."),
    )
    uncounted = "Dribbble's interface tells no numbers of shots."
    unheard = "Dribbble's interface tells no comments on shots."
    crowd = (Metric("followers_count", "followers", "Designers and others who follow this profile."),)
    counting = Counting(reads=(Rate(60, timedelta(minutes=1)), Rate(10_000, timedelta(days=1))))
    threads = ""
    settle = PATIENCE

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Tokens have no end, and nothing to be revoked by."""
        at = f"{cls.hosts['page']}/oauth"
        return Endpoints(f"{at}/authorize", f"{at}/token", pkce=False)

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.get("/v2/user")
        if me.get("can_upload_shot") is False:
            raise Rejected(f"{me['name']} may not upload shots on Dribbble.")
        return Profile(str(me["id"]), me["login"], me["name"], me.get("avatar_url", ""), me["html_url"])

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """The teams that the person belongs to."""
        found = self.get("/v2/user").get("teams", [])
        return [(str(one["id"]), one["name"]) for one in found if query.lower() in one["name"].lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One upload; Dribbble says where the shot will be."""
        place = sending.commit(lambda: self._upload(outgoing))
        return sending.until(30, lambda: self._shown(place))

    def _upload(self, outgoing: Outgoing) -> str:
        chosen, (piece, *_none) = outgoing.options, outgoing.media
        told = {
            "title": chosen["title"], "description": html.escape(outgoing.text, quote=False).replace("\n", "<br>"),
            "tags": ",".join(chosen.get("tags") or ()), "team_id": chosen.get("team"),
            "low_profile": "true" if chosen.get("low_profile") else "", "rebound_source_id": chosen.get("rebound_of"),
        }
        fields = {name: str(value) for name, value in told.items() if value}
        body, kind = http.multipart(fields, ("image", piece.name or "shot", piece.mime, piece.read()))
        answer = self.call("POST", self.url("/v2/shots"), body=body, headers=kind, seconds=300)
        if "location" not in answer.headers:
            raise Unsure("Dribbble did not say where the shot will be.")
        return answer.headers["location"].rpartition("/")[2]

    def _shown(self, id: str) -> Receipt | None:
        url = self.url(f"/v2/shots/{id}")
        return self._receipt(self.call("GET", url).json()) if self.there(url) else None

    def _receipt(self, shot: Mapping[str, Any]) -> Receipt:
        return Receipt(str(shot["id"]), shot["html_url"])

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through the profile's own shots, where one appears late."""
        latest = self._latest(sending.first_try - timedelta(minutes=1))
        meant = (outgoing.options["title"], _folded(outgoing.text))
        ours = [shot for shot in latest if (shot["title"], _folded(_plain(shot))) == meant]
        return self.the_one([self._receipt(shot) for shot in ours if str(shot["id"]) not in sending.known])

    def recent(self, since: datetime) -> list[Seen]:
        return [Seen(self._receipt(shot), _plain(shot), _at(shot)) for shot in self._latest(since)]

    def _latest(self, since: datetime) -> list[dict[str, Any]]:
        return [shot for shot in self.get("/v2/user/shots", per_page=30) if _at(shot) >= since]

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands; that the API still tells it is not proven."""
        told = self.get("/v2/user").get("followers_count")
        return [] if told is None else [Reading("followers_count", int(told))]

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone is fine."""
        url = self.url(f"/v2/shots/{receipt.id}")
        if self.there(url):
            self.call("DELETE", url)

    def said(self, answer: Answer) -> str:
        """Which field is wrong, if they say."""
        body = answer.json()
        told = body.get("errors") if isinstance(body, dict) else None
        return "; ".join(f"{one.get('attribute')}: {one.get('message')}" for one in told or ()) or super().said(answer)


def _at(shot: Mapping[str, Any]) -> datetime:
    return clock.from_iso(shot["published_at"].replace("Z", "+00:00"))


def _plain(shot: Mapping[str, Any]) -> str:
    """The description without its tags."""
    said = re.sub(r"<br ?/?>", "\n", shot.get("description") or "")
    return html.unescape(re.sub(r"<[^>]+>", "", said))


def _folded(said: str) -> str:
    return " ".join(said.split())
