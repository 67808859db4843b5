"""WordPress sites, by their own REST API: https://developer.wordpress.org/rest-api/

A slug is not unique there: the same article sent twice is two. So it is kept as a draft first, and then published by
its id, which can be repeated for ever.
"""

from datetime import date
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote

from tidings.networks import _articles
from tidings.networks._wordpressinbox import PLACE, WordPressInbox
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Field, Limits, Link, Option, Password
from tidings.networks.errors import Rejected
from tidings.networks.look import ARTICLE
from tidings.networks.seam import Outgoing, Receipt, Rendition

SITE = Field("server", "Address of the site", "Such as https://example.org")
NOT_YET = {
    "draft": "Not published yet: it is a draft on the site.",
    "pending": "Not published yet: it waits for a review on the site.",
}
PASSWORD = Field("password", "Application password", "Made on the site, under your profile.", secret=True)


class WordPress(WordPressInbox):
    """A person who may write on a WordPress site."""

    name, label = "wordpress", "WordPress"
    docs = "https://developer.wordpress.org/rest-api/"
    policy = "https://wordpress.org/about/privacy/"
    checked = date(2026, 11, 23)
    look = ARTICLE
    connect = (
        Link((SITE,), label="Ask the site for an application password"),
        Password((SITE, Field("user", "User name"), PASSWORD), "Application password"),
    )
    limits = Limits(
        text=500_000, pictures=20, picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=2_000_000,
        animations=5, animation_bytes=2_000_000, films=2, film_types=("video/mp4", "video/webm", "video/quicktime"),
        mixed=True, alt=5000,
    )
    options = (
        _articles.TITLE,
        Option("status", "Publish as", "choice", (
            ("publish", "Public"), ("private", "Private"), ("pending", "Pending review"), ("draft", "Draft"),
        ), default="publish"),
        Option("type", "Kind", "lookup", default="posts", help="Posts, pages, or what else the site has."),
        Option("category", "Category", "lookup"),
        _articles.TAGS,
        _articles.EXCERPT,
        _articles.SLUG,
        Option("featured", "First picture as the featured picture", "flag", default=True),
        Option("sticky", "Keep on top", "flag", default=False),
        Option("comments", "Comments are open", "flag", default=True),
    )
    repeatable = FOR_EVER
    reads_free = True
    threads = ""
    markup = "markdown"

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Kinds of articles by their address in the API, categories by their id."""
        if option == "type":
            kinds = self.call("GET", self.at("/wp/v2/types", context="edit")).json().values()
            return [(one["rest_base"], one["name"]) for one in kinds if one["viewable"] and one["slug"] != "attachment"]
        found = self.call("GET", self.at("/wp/v2/categories", per_page="50", search=query)).json()
        return [(str(one["id"]), one["name"]) for one in found]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, keep a draft, publish it by its id. What answers somebody is a comment."""
        if outgoing.reply_to:
            return self.answer(outgoing, outgoing.reply_to, sending)
        media = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        tags = sending.once("tags", lambda: [self._tag(name) for name in outgoing.options.get("tags") or ()])
        draft = sending.once("draft", lambda: self._draft(outgoing, media, tags, sending.key))
        made = sending.commit(lambda: self._publish(outgoing, draft))
        note = NOT_YET.get(outgoing.options.get("status", ""), "")
        return Receipt(str(made["id"]), made["link"], {"place": _place(outgoing)}, note)

    def _upload(self, piece: Rendition) -> dict[str, Any]:
        """As it is: a form would be held to what PHP takes in forms, which may be 2 MB. Its name goes as UTF-8."""
        name = piece.name.replace('"', "").encode().decode("latin-1")
        told = {"Content-Type": piece.mime, "Content-Disposition": f'attachment; filename="{name}"'}
        made = self.call("POST", self.at("/wp/v2/media"), body=piece.read(), headers=told, seconds=300).json()
        if piece.alt:
            self.call("POST", self.at(f"/wp/v2/media/{made['id']}"), json={"alt_text": piece.alt})
        return {"id": made["id"], "url": made["source_url"]}

    def _tag(self, name: str) -> int:
        """The tag's id; made if there is none of this name."""
        found = self.call("GET", self.at("/wp/v2/tags", search=name, per_page="100")).json()
        same = [tag["id"] for tag in found if tag["name"].lower() == name.lower()]
        return int(same[0] if same else self.call("POST", self.at("/wp/v2/tags"), json={"name": name}).json()["id"])

    def _draft(self, outgoing: Outgoing, media: list[dict[str, Any]], tags: list[int], key: str) -> int:
        """The draft's id; one whose answer was lost is known by its slug, which carries our key."""
        place, slug = _place(outgoing), f"draft-{key}"
        kept = self.call("GET", self.at(place, slug=slug, status="any", context="edit")).json()
        wish = {**_article(outgoing, media), "tags": tags, "status": "draft", "slug": slug}
        return int(kept[0]["id"] if kept else self.call("POST", self.at(place), json=wish).json()["id"])

    def _publish(self, outgoing: Outgoing, draft: int) -> dict[str, Any]:
        wanted = outgoing.options.get("status", "publish")
        wish = {"status": wanted, "slug": outgoing.options.get("slug", "")}  # empty: the site makes one of the title
        made = self.call("POST", self.at(f"{_place(outgoing)}/{draft}"), json=wish).json()
        if made["status"] != wanted:
            raise Rejected(f"The site keeps the article as “{made['status']}”, not as “{wanted}”.")
        return {"id": made["id"], "link": made["link"]}

    def present(self, receipt: Receipt) -> bool:
        """Whether it is there, and not in the site's bin. Of a comment not everybody may read all."""
        place = receipt.extra["place"]
        url = self.at(f"{place}/{receipt.id}", **({} if place == PLACE else {"context": "edit"}))
        return self.there(url) and self.call("GET", url).json()["status"] != "trash"

    def delete(self, receipt: Receipt) -> None:
        """Into the site's bin; one that is there already, or gone, is fine."""
        if self.present(receipt):
            self.call("DELETE", self.at(f"{receipt.extra['place']}/{receipt.id}"))


def _place(outgoing: Outgoing) -> str:
    return f"/wp/v2/{quote(str(outgoing.options.get('type') or 'posts'), '')}"


def _article(outgoing: Outgoing, media: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of an article; the first picture may stand above it instead of in it."""
    chosen, shown = outgoing.options, list(zip(outgoing.media, media, strict=True))
    above = shown.pop(0)[1]["id"] if chosen.get("featured", True) and shown and shown[0][0].kind != "film" else 0
    wish = {
        "title": escape(chosen["title"], quote=False), "excerpt": escape(chosen.get("excerpt", ""), quote=False),
        "content": _articles.html(outgoing.text, [(piece, m["url"]) for piece, m in shown]),
        "featured_media": above, "sticky": chosen.get("sticky"),
        "categories": [int(chosen["category"])] if chosen.get("category") else None,
        "comment_status": "open" if chosen.get("comments", True) else "closed",
    }
    return {name: value for name, value in wish.items() if value}
