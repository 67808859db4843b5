"""Hashnode blogs, by their GraphQL API: https://github.com/Hashnode/gql-skill

An article is kept as a draft under a slug of our own and then published by the draft's id. A draft can be published
once: at a repetition it is gone, and the article stands under its slug.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tidings.networks import _articles
from tidings.networks import _hashnodeapi as api
from tidings.networks._hashnodeinbox import HashnodeInbox
from tidings.networks._multipart import multipart
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import ARTICLE
from tidings.networks.seam import Grant, Outgoing, Profile, Receipt, Rendition


class Hashnode(HashnodeInbox):
    """A blog on Hashnode; one that has the Pro plan."""

    name, label = "hashnode", "Hashnode"
    docs = "https://github.com/Hashnode/gql-skill"
    policy = "https://hashnode.com/privacy"
    grants = "https://hashnode.com/settings/developer"
    checked = date(2026, 11, 23)
    look = ARTICLE
    connect = (Password((
        Field("token", "Personal access token", "From Account settings → Developer. The blog needs Pro.", secret=True),
    ), "Personal access token"),)
    limits = Limits(
        text=90_000, count=lambda text: len(text.encode()), unit="bytes", needs_text=True, pictures=20,
        picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=8_000_000, animations=5,
        animation_bytes=8_000_000, mixed=True,
    )
    options = (
        _articles.TITLE,
        Option("subtitle", "Subtitle", longest=250),
        Option("tags", "Tags", "tags", most=15),
        Option("series", "Series", "lookup"),
        _articles.CANONICAL,
        _articles.SLUG,
        Option("cover", "First picture as the cover", "flag", default=True),
        Option("contents", "Table of contents", "flag", default=False),
        Option("newsletter", "Send as newsletter", "flag", default=False, help="What was mailed cannot be taken back."),
        Option("comments", "Comments are open", "flag", default=True),
        Option("delisted", "Not in Hashnode's feeds", "flag", default=False),
    )
    repeatable = FOR_EVER
    threads = ""
    markup = "markdown"

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The token is all there is; it has no end."""
        return Grant({"access_token": fields["token"].strip()})

    def profile(self) -> Profile:
        """The first blog that this token may write to."""
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        """Every blog of the person that has Pro; raises what is said of the last when none has."""
        found, refused = [], Rejected("There is no blog yet; begin one on Hashnode first.")
        for blog in api.nodes(self.asked(api.ME)["me"]["publications"]):
            try:
                self.asked(api.PRO, id=blog["id"])
            except Reconnect as without:
                refused = Rejected(without.reason)
            else:
                url = blog["url"] or ""
                found.append(Profile(blog["id"], urlsplit(url).netloc, blog["title"], blog["favicon"] or "", url))
        if not found:
            raise refused
        return found

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """The blog's series."""
        series = api.nodes(self.asked(api.SERIES, id=self.access.profile.id)["publication"]["seriesList"])
        return [(one["id"], one["name"]) for one in series if query.lower() in one["name"].lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, keep a draft, publish it by its id."""
        urls = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        chosen = outgoing.options
        slug = _ascii(chosen.get("slug", "")) or f"{_ascii(chosen['title'])}-{sending.key[-8:]}".lstrip("-")
        draft = sending.once("draft", lambda: self._draft(outgoing, urls, slug))
        made = sending.commit(lambda: self._publish(draft, slug))
        return Receipt(made["id"], made["url"])

    def _upload(self, piece: Rendition) -> str:
        """To a place that is signed for this one picture; readers get it from another."""
        place = self.asked(api.UPLOAD, input={"contentType": piece.mime})["createImageUploadURL"]["presignedPost"]
        body, kind = multipart(place["fields"], {"file": piece})
        self.call("POST", place["url"], body=body, headers=kind, seconds=300)
        return f"{self.hosts['cdn']}/{place['fields']['key']}"

    def _draft(self, outgoing: Outgoing, urls: list[str], slug: str) -> str:
        """The draft's id; one whose answer was lost is known by its slug."""
        blog = self.access.profile.id
        for kept in api.nodes(self.asked(api.DRAFTS, id=blog)["publication"]["drafts"]):
            if kept["slug"] == slug:
                return str(kept["id"])
        wish = {**_article(outgoing, urls), "publicationId": blog, "slug": slug}
        return str(self.asked(api.DRAFT, input=wish)["createDraft"]["draft"]["id"])

    def _publish(self, draft: str, slug: str) -> dict[str, str]:
        """A draft that is gone was published before, if an article has its slug. Reads are up to 25 seconds old."""
        try:
            return dict(self.asked(api.PUBLISH, input={"draftId": draft})["publishDraft"]["post"])
        except api.Gone:
            made = self.asked(api.FIND, id=self.access.profile.id, slug=slug)["publication"]["post"]
            if made is None:
                raise
            return dict(made)


def _slug(said: str) -> str:
    """Letters and digits, with dashes between them."""
    return "-".join("".join(c if c.isalnum() else " " for c in said.lower()).split())[:150]


def _ascii(said: str) -> str:
    """A slug that Hashnode has no reason to change, for it is looked for afterwards."""
    return _slug(unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode())


def _article(outgoing: Outgoing, urls: list[str]) -> dict[str, Any]:
    """The fields of a draft; the first picture may stand above the text instead of in it."""
    chosen = outgoing.options
    above, shown = _articles.above(list(zip(outgoing.media, urls, strict=True)), chosen.get("cover", True))
    wish = {
        "title": chosen["title"], "subtitle": chosen.get("subtitle"), "seriesId": chosen.get("series"),
        "contentMarkdown": _articles.markdown(outgoing.text, shown), "originalArticleURL": chosen.get("canonical_url"),
        "tags": [{"slug": _slug(name), "name": name} for name in chosen.get("tags") or ()],
        "coverImageOptions": {"coverImageURL": above[1]} if above else None,
        "disableComments": not chosen.get("comments", True),
        "settings": {
            "slugOverridden": True, "enableTableOfContent": bool(chosen.get("contents")),
            "activateNewsletter": bool(chosen.get("newsletter")), "delist": bool(chosen.get("delisted")),
        },
    }
    return {name: value for name, value in wish.items() if value}
