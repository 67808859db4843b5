"""Medium, by the API it no longer supports: https://github.com/Medium/medium-api-docs

Only people who already have an integration token can use it. There is no way to ask what became of an article, so it
is made as a draft unless the author says otherwise.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from tidings.core import http
from tidings.core.http import Answer
from tidings.networks import _articles
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Reconnect
from tidings.networks.look import ARTICLE
from tidings.networks.seam import Grant, Outgoing, Profile, Receipt, Rendition

LICENSES = (
    "all-rights-reserved", "cc-40-by", "cc-40-by-sa", "cc-40-by-nd", "cc-40-by-nc", "cc-40-by-nc-nd", "cc-40-by-nc-sa",
    "cc-40-zero", "public-domain",
)


class Medium(Network):
    """A writer on Medium."""

    name, label = "medium", "Medium"
    docs = "https://github.com/Medium/medium-api-docs"
    policy = "https://policy.medium.com/medium-privacy-policy-f03bf92035c9"
    grants = "https://medium.com/me/settings/security"
    checked = date(2026, 11, 23)
    look = ARTICLE
    connect = (Password((
        Field("token", "Integration token", "From Settings → Security and apps, if you have one already.", secret=True),
    ), "Integration token"),)
    hosts = {"api": "https://api.medium.com"}
    limits = Limits(
        text=100_000, needs_text=True, pictures=20, picture_bytes=10_000_000, animations=5, animation_bytes=10_000_000,
        mixed=True,
    )
    options = (
        Option("title", "Title", longest=100, needed=True),
        Option("status", "Publish as", "choice", (
            ("draft", "Draft, published there by hand"), ("public", "Public"), ("unlisted", "Unlisted"),
        ), default="draft"),
        Option("publication", "Publication", "lookup", help="Empty: the profile itself."),
        Option("tags", "Tags", "tags", longest=25, most=3),
        _articles.CANONICAL,
        Option("notify", "Notify followers", "flag", default=False),
        Option("license", "Licence", "choice", tuple((one, one) for one in LICENSES), default="all-rights-reserved"),
    )
    codes = {"6000": Reconnect, "6001": Reconnect, "6002": Reconnect, "6003": Reconnect}
    uncounted = "Medium tells other programs no numbers."
    unheard = "Medium tells other programs nothing that readers write."
    threads = ""
    markup = "markdown"

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The token is all there is; it has no end."""
        return Grant({"access_token": fields["token"].strip()})

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.get("/v1/me")["data"]
        return Profile(me["id"], f"@{me['username']}", me["name"], me.get("imageUrl", ""), me["url"])

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Publications that the person writes for."""
        found = self.get(f"/v1/users/{self.access.profile.id}/publications")["data"]
        return [(one["id"], one["name"]) for one in found if query.lower() in one["name"].lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Pictures first, then the article in one call."""
        shown = [
            (piece, sending.once(f"media-{n}", partial(self._upload, piece)))
            for n, piece in enumerate(outgoing.media)
        ]
        chosen = outgoing.options
        wish = {
            "title": chosen["title"], "contentFormat": "markdown",
            "content": f"# {chosen['title']}\n\n{_articles.markdown(outgoing.text, shown)}",
            "tags": chosen.get("tags"), "canonicalUrl": chosen.get("canonical_url"),
            "publishStatus": chosen.get("status", "draft"), "license": chosen.get("license"),
            "notifyFollowers": bool(chosen.get("notify")),
        }
        owner = f"publications/{chosen['publication']}" if chosen.get("publication") else self._me
        said = {name: value for name, value in wish.items() if value is not None}
        made = sending.commit(lambda: self._data(self.call("POST", self.url(f"/v1/{owner}/posts"), json=said)))
        draft = "Not published yet: it is a draft on Medium." if wish["publishStatus"] == "draft" else ""
        return Receipt(made["id"], made["url"], note=draft)

    def _upload(self, piece: Rendition) -> str:
        body, kind = http.multipart({}, ("image", piece.name or "image", piece.mime, piece.read()))
        return str(self._data(self.call("POST", self.url("/v1/images"), body=body, headers=kind, seconds=300))["url"])

    @property
    def _me(self) -> str:
        return f"users/{self.access.profile.id}"

    def _data(self, answer: Answer) -> Any:
        return answer.json()["data"]

    def code(self, answer: Answer) -> str:
        """Their errors come in a list."""
        return next((str(one.get("code", "")) for one in self._errors(answer)), "")

    def said(self, answer: Answer) -> str:
        """The first of them."""
        return next((str(one.get("message", "")) for one in self._errors(answer)), "")

    def _errors(self, answer: Answer) -> list[dict[str, Any]]:
        said = answer.json()
        return list(said.get("errors", [])) if isinstance(said, dict) else []
