"""Pinterest, by its API v5: https://developers.pinterest.com/docs/api/v5/

A pin is one picture, two to five pictures, or a film with a cover, on a board. It takes every repeat for a new pin, so
a lost answer is looked for among the profile's own pins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from tidings.networks import _pins
from tidings.networks._addresses import receipt_at
from tidings.networks._multipart import multipart
from tidings.networks._pinnumbers import PinNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Rendition, Seen

LOOKED_THROUGH = 10  # boards whose sections are asked for at once


class Pinterest(PinNumbers):
    """A profile on Pinterest."""

    name, label = "pinterest", "Pinterest"
    docs = "https://developers.pinterest.com/docs/api/v5/"
    policy = "https://policy.pinterest.com/privacy-policy"
    grants = "https://www.pinterest.com/settings/security"
    checked = date(2026, 11, 23)
    look = Look(
        "pin", ("like", "share"), cut=220, lines=4, pictures="carousel", most=5, ratio=(0.5, 1.5), marked=("tag",),
        card="", title="title", place="board", link="link",
    )
    connect = (
        OAuth2(("boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read"), needs_app=True),
    )
    console = Console("https://developers.pinterest.com/apps/", (
        "Sign in with a business profile and connect an app.",
        "Enter {redirect_uri} among the app's redirect links.",
        "Copy the app id and the app secret key into this page.",
    ), id="App id", secret="App secret key", gate=(  # noqa: S106 -- what Pinterest calls it
        "A new app has Trial access: its pins are seen by their maker only. Standard access is given after a review, "
        "for which Pinterest wants a film of how you sign in and publish."
    ))
    hosts = {"page": "https://www.pinterest.com", "api": "https://api.pinterest.com"}
    limits = Limits(
        text=800, needs="media", pictures=5, picture_bytes=10_000_000, films=1,
        film_types=("video/mp4", "video/quicktime"), alt=500,
    )
    options = (
        Option("board", "Board", "lookup", needed=True),
        Option("section", "Section", "lookup", help="Of this board; look for it by the board's name."),
        Option("title", "Title", longest=100),
        Option("link", "Link", "url", longest=2048, help="Empty: the first link in the text."),
        Option("marker", "Mark the link", "flag", default=False,
               help="Adds utm_content to the link, so that a pin whose answer was lost is surely told from others."),
        Option("dominant_color", "Colour while it loads", longest=7, help="Such as #6E7874."),
        Option("cover", "Second shown as cover", "number", help="Of a film without a picture beside it."),
    )
    words = {"Trial access": Rejected, "not permitted": Reconnect, "scope": Reconnect}
    unheard = "Pinterest counts comments for other programs, but lets none read them."
    threads = ""
    reads_free = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A picture beside a film is its cover."""
        film = any(piece.kind == "film" for piece in outgoing.media)
        return replace(cls.limits, pictures=1, mixed=True) if film else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What the parts of a pin have to do with each other."""
        chosen = outgoing.options
        if chosen.get("section") and not chosen["section"].startswith(f"{chosen.get('board')}/"):
            yield Problem("section", "This section is on another board.")
        if chosen.get("dominant_color") and not re.fullmatch("#[0-9a-fA-F]{6}", chosen["dominant_color"]):
            yield Problem("dominant_color", "Write the colour as # and six digits from 0 to F.")
        ratios = [piece.width / piece.height for piece in outgoing.media if piece.height]
        if all(piece.kind == "picture" for piece in outgoing.media) and ratios and max(ratios) > min(ratios) * 1.02:
            yield Problem("media", "The pictures of one pin need the same ratio of width to height.")

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        token = f"{cls.hosts['api']}/v5/oauth/token"
        return Endpoints(
            f"{cls.hosts['page']}/oauth/", token, f"{token}/revoke", client_auth="basic", pkce=False, separator=","
        )

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.get("/v5/user_account")
        handle = me["username"]
        return Profile(str(me.get("id") or handle), f"@{handle}", me.get("business_name") or handle,
                       me.get("profile_image") or "", f"{self.hosts['page']}/{handle}/")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A film goes up and is worked on first; pictures travel in the pin itself."""
        film = next((piece for piece in outgoing.media if piece.kind == "film"), None)
        media = sending.once("film", partial(self._upload, film)) if film else ""
        if media:
            sending.until(10, partial(self._processed, media, sending))
        colour = outgoing.options.get("dominant_color")
        wish = {**_pins.words(outgoing, sending.key), "media_source": _pins.source(outgoing, media)}
        wish |= {"dominant_color": colour} if colour else {}
        made = sending.commit(lambda: str(self.call("POST", self.url("/v5/pins"), json=wish, seconds=300).json()["id"]))
        return self._receipt(made)

    def _upload(self, film: Rendition) -> str:
        """Register a film, and hand it to the store that is named in the answer."""
        place = self.call("POST", self.url("/v5/media"), json={"media_type": "video"}).json()
        body, kind = multipart(place["upload_parameters"], {"file": film})
        self.call("POST", place["upload_url"], body=body, headers=kind, seconds=600)
        return str(place["media_id"])

    def _processed(self, media: str, sending: Sending) -> bool | None:
        state = self.get(f"/v5/media/{media}").get("status")
        if state == "failed":
            sending.forget("film")
            raise Rejected("Pinterest could not work on this film.")
        return True if state == "succeeded" else None

    def _receipt(self, made: str) -> Receipt:
        return Receipt(made, f"{self.hosts['page']}/pin/{made}/")

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own pins, which may lag: absence there is no proof."""
        words, pins = _pins.words(outgoing, sending.key).items(), self._pins(sending.first_try - timedelta(minutes=1))
        ours = [p["id"] for p in pins if p["id"] not in sending.known and all(p.get(k) == said for k, said in words)]
        return self.the_one([self._receipt(id) for id in ours])

    def recent(self, since: datetime) -> list[Seen]:
        return [
            Seen(self._receipt(pin["id"]), pin.get("description") or pin.get("title") or "", _pins.made_at(pin))
            for pin in self._pins(since)
        ]

    def _pins(self, since: datetime) -> list[dict[str, Any]]:
        return [pin for pin in self.get("/v5/pins", page_size=25)["items"] if _pins.made_at(pin) >= since]

    def present(self, receipt: Receipt) -> bool:
        return self.there(self.url(f"/v5/pins/{receipt.id}"))

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A pin's address ends in its number."""
        site = rf"(?:{re.escape(cls.hosts['page'])}|https://\w+\.pinterest\.\w+)"
        return receipt_at(url, rf"{site}/pin/(\d+)/?", "a pin")

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Everything but the media and the colour."""
        self.call("PATCH", self.url(f"/v5/pins/{receipt.id}"), json=_pins.words(outgoing, ""))

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        if self.present(receipt):
            self.call("DELETE", self.url(f"/v5/pins/{receipt.id}"))

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Boards by their names; sections by the names of their boards."""
        boards = [board for board in self._listed("/v5/boards") if query.lower() in board["name"].lower()]
        if option == "board":
            return [(board["id"], board["name"]) for board in boards]
        return [
            (f"{board['id']}/{section['id']}", f"{board['name']}: {section['name']}")
            for board in boards[:LOOKED_THROUGH] for section in self._listed(f"/v5/boards/{board['id']}/sections")
        ]

    def _listed(self, path: str) -> Iterator[dict[str, Any]]:
        page = {"page_size": "250"}
        while True:
            said = self.get(path, **page)
            yield from said["items"]
            if not said.get("bookmark"):
                return
            page["bookmark"] = said["bookmark"]

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The store that takes films is another's, and has no business with our token."""
        return super().headers(method, url) if url.startswith(self.hosts["api"]) else {}
