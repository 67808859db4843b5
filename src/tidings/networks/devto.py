"""DEV and other Forem sites: https://developers.forem.com/api/v1

An article is kept as a draft first and then published by its id, which can be repeated for ever. There is no upload:
pictures are fetched from addresses of ours.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from tidings.core import clock, http
from tidings.core.http import Transport
from tidings.networks import _articles
from tidings.networks._devtoapi import ACCEPT
from tidings.networks._devtoinbox import DevToInbox
from tidings.networks.base import FOR_EVER, Sending, ask
from tidings.networks.declare import Field, Limits, Option, Password, Rate
from tidings.networks.errors import Later, Rejected
from tidings.networks.look import ARTICLE
from tidings.networks.seam import Grant, Outgoing, Problem, Profile, Receipt

TWICE = "five minutes"  # they refuse a title that the same person used in the last five minutes


class DevTo(DevToInbox):
    """A writer on DEV, or on another site that runs Forem."""

    name, label = "devto", "DEV"
    docs = "https://developers.forem.com/api/v1"
    policy = "https://dev.to/privacy"
    grants = "https://dev.to/settings/extensions"
    checked = date(2026, 11, 23)
    look = ARTICLE
    connect = (Password((
        Field("server", "Site", "Another one that runs Forem, or as it stands.", default="https://dev.to"),
        Field("key", "API key", "From Settings → Extensions → DEV Community API Keys.", secret=True),
    ), "API key"),)
    limits = Limits(
        text=800_000, count=lambda text: len(text.encode()), unit="bytes", needs_text=True, pictures=20,
        picture_bytes=10_000_000, animations=5, animation_bytes=10_000_000, mixed=True, alt=5000,
    )
    rates = (Rate(10, timedelta(seconds=30)),)
    options = (
        Option("title", "Title", longest=128, needed=True),
        Option("tags", "Tags", "tags", longest=30, most=4, help="Letters and digits."),
        _articles.CANONICAL,
        Option("series", "Series", longest=100),
        Option("description", "Description", longest=150),
        Option("organization", "Organization", "number", help="Its number, if you write for one."),
        Option("cover", "First picture as the cover", "flag", default=True),
    )
    repeatable = FOR_EVER
    fetches = True
    threads = ""
    markup = "markdown"

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """The site that was named, if it speaks this API."""
        typed = fields["server"].strip().rstrip("/")
        site = typed if "://" in typed else f"https://{typed}"
        told = {"Accept": ACCEPT}
        said = ask(door, http.Request("GET", f"{site}/api/tags?per_page=1", "connect", told)).json()
        if not isinstance(said, list):
            raise Rejected("There is no Forem site at this address.")
        return {"url": site}

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What Forem reads from the text, and how its tags look."""
        if outgoing.text.lstrip().startswith("---"):
            yield Problem("text", "The text begins with a block of settings, which would win over the options here.")
        odd = [tag for tag in outgoing.options.get("tags") or () if not str(tag).isalnum()]
        if odd:
            yield Problem("tags", f"Tags have letters and digits only; {odd[0]!r} has others.")

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The key is all there is; it has no end."""
        return Grant({"key": fields["key"].strip()})

    def profile(self) -> Profile:
        """Whose key this is."""
        me, site = self.call("GET", self._at("users/me")).json(), self.access.server["url"]
        handle, face = f"{me['username']}@{urlsplit(site).netloc}", me.get("profile_image", "")
        return Profile(str(me["id"]), handle, me["name"], face, f"{site}/{me['username']}")

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Keep a draft, publish it by its id."""
        draft = sending.once("draft", lambda: self._draft(outgoing))
        made = sending.commit(lambda: self._put(draft, published=True))
        if not made.get("published_at", True):
            raise Rejected("The site took the article and did not publish it.")
        return Receipt(str(draft), str(made["url"]))

    def _draft(self, outgoing: Outgoing) -> int:
        """The draft's id. One whose answer was lost is refused for its title, and taken."""
        article = _article(outgoing)
        try:
            made = self.call("POST", self._at("articles"), json={"article": {**article, "published": False}}).json()
        except Rejected as refused:
            if TWICE not in refused.reason:
                raise
            made = self._twin(article)
            if made is None:
                raise Later(refused.reason, clock.now() + timedelta(minutes=5)) from refused
        return int(made["id"])

    def _twin(self, article: Mapping[str, Any]) -> dict[str, Any] | None:
        listed = self.call("GET", self._at("articles/me/unpublished?per_page=30")).json()
        said = (article["title"], article["body_markdown"])
        return next((one for one in listed if (one["title"], one["body_markdown"]) == said), None)

    def _put(self, id: int, **change: Any) -> dict[str, Any]:
        return dict(self.call("PUT", self._at(f"articles/{id}"), json={"article": change}).json())

    def delete(self, receipt: Receipt) -> None:
        """Out of sight, as a draft: no program may delete there."""
        self._put(int(receipt.id), published=False)


def _article(outgoing: Outgoing) -> dict[str, Any]:
    """The fields of an article; the first picture may stand above it instead of in it."""
    chosen, shown = outgoing.options, list(outgoing.media)
    above = shown.pop(0).link() if chosen.get("cover", True) and shown else None
    wish = {
        "title": chosen["title"], "main_image": above, "canonical_url": chosen.get("canonical_url"),
        "body_markdown": _articles.markdown(outgoing.text, [(piece, piece.link()) for piece in shown]),
        "tags": ", ".join(chosen.get("tags") or ()), "series": chosen.get("series"),
        "description": chosen.get("description"),
        "organization_id": int(chosen["organization"]) if chosen.get("organization") else None,
    }
    return {name: value for name, value in wish.items() if value}
