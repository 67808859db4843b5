"""WordPress sites, by their own REST API: https://developer.wordpress.org/rest-api/

A slug is not unique there: the same article sent twice is two. So it is kept as a draft first, and then published by
its id, which can be repeated for ever.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tidings.core import http
from tidings.core.http import Transport
from tidings.networks import _articles, _sites
from tidings.networks.base import FOR_EVER, Network, Sending, ask
from tidings.networks.declare import Field, Limits, Link, Option, Password
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.oauth import same_state
from tidings.networks.seam import App, Grant, Outgoing, Pending, Profile, Receipt, Rendition, Site

SITE = Field("server", "Address of the site", "Such as https://example.org")
PASSWORD = Field("password", "Application password", "Made on the site, under your profile.", secret=True)


class WordPress(Network):
    """A person who may write on a WordPress site."""

    name, label = "wordpress", "WordPress"
    docs = "https://developer.wordpress.org/rest-api/"
    policy = "https://wordpress.org/about/privacy/"
    checked = date(2026, 11, 23)
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
    metrics = {"comments": "X-WP-Total"}
    codes = {
        "application_passwords_disabled": Reconnect, "rest_cannot_edit": Reconnect, "rest_cannot_publish": Reconnect,
        "rest_forbidden": Reconnect, "rest_no_route": Reconnect,
        "rest_upload_sideload_error": Rejected, "rest_upload_unknown_error": Rejected,  # both with a 500
    }
    repeatable = FOR_EVER
    reads_free = True
    threads = ""
    markup = "markdown"

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Where the site's API is; raises Rejected when there is none."""
        site = _sites.address(fields["server"])
        for api in (f"{site}/wp-json", f"{site}/?rest_route="):
            said = ask(door, http.Request("GET", f"{api}/", "connect")).json()
            if isinstance(said, dict) and "wp/v2" in said.get("namespaces", ()):
                offered = (said.get("authentication") or {}).get("application-passwords", {}).get("endpoints", {})
                return {"url": site, "api": api, "title": said["name"], "authorize": offered.get("authorization", "")}
        raise Rejected("There is no WordPress site with an open REST API at this address.")

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        """The page of the site on which a person makes an application password for us."""
        if not server["authorize"]:
            raise Rejected("This site offers no application passwords; they need WordPress 5.6 and https.")
        state, name = secrets.token_urlsafe(24), f"{site.name} {secrets.token_hex(3)}"  # no name is taken twice
        wish = {"app_name": name, "success_url": f"{site.redirect_uri}?state={state}"}
        return Pending(f"{server['authorize']}?{urlencode(wish)}", {"state": state})

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:
        """Who approved brings back the name and the password."""
        same_state(keep, query)
        if not query.get("password"):
            raise Rejected("Access was not granted.")
        return Grant({"user": query["user_login"], "password": query["password"]})

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """What was typed is what is kept: an application password, never the person's own."""
        return Grant({"user": fields["user"].strip(), "password": fields["password"].strip()})

    def profile(self) -> Profile:
        """Whose password this is, and whether they may write."""
        me = self.call("GET", self._at("/wp/v2/users/me", context="edit")).json()
        if not me.get("capabilities", {}).get("publish_posts"):
            raise Rejected(f"{me['name']} may not publish on this site.")
        site, faces = self.access.server["url"], me.get("avatar_urls") or {}
        handle = f"{me['slug']}@{urlsplit(site).netloc}"
        return Profile(str(me["id"]), handle, self.access.server["title"] or handle, faces.get("96", ""), site)

    def revoke(self) -> None:
        """Forget the password that is in use."""
        own = self._at("/wp/v2/users/me/application-passwords")
        self.call("DELETE", f"{own}/{self.call('GET', f'{own}/introspect').json()['uuid']}")

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Kinds of articles by their address in the API, categories by their id."""
        if option == "type":
            kinds = self.call("GET", self._at("/wp/v2/types", context="edit")).json().values()
            return [(one["rest_base"], one["name"]) for one in kinds if one["viewable"] and one["slug"] != "attachment"]
        found = self.call("GET", self._at("/wp/v2/categories", per_page="50", search=query)).json()
        return [(str(one["id"]), one["name"]) for one in found]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, keep a draft, publish it by its id."""
        media = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        tags = sending.once("tags", lambda: [self._tag(name) for name in outgoing.options.get("tags") or ()])
        draft = sending.once("draft", lambda: self._draft(outgoing, media, tags, sending.key))
        made = sending.commit(lambda: self._publish(outgoing, draft))
        return Receipt(str(made["id"]), made["link"], {"place": _place(outgoing)})

    def _upload(self, piece: Rendition) -> dict[str, Any]:
        """As it is: a form would be held to what PHP takes in forms, which may be 2 MB. Its name goes as UTF-8."""
        name = piece.name.replace('"', "").encode().decode("latin-1")
        told = {"Content-Type": piece.mime, "Content-Disposition": f'attachment; filename="{name}"'}
        made = self.call("POST", self._at("/wp/v2/media"), body=piece.read(), headers=told, seconds=300).json()
        if piece.alt:
            self.call("POST", self._at(f"/wp/v2/media/{made['id']}"), json={"alt_text": piece.alt})
        return {"id": made["id"], "url": made["source_url"]}

    def _tag(self, name: str) -> int:
        """The tag's id; made if there is none of this name."""
        found = self.call("GET", self._at("/wp/v2/tags", search=name, per_page="100")).json()
        same = [tag["id"] for tag in found if tag["name"].lower() == name.lower()]
        return int(same[0] if same else self.call("POST", self._at("/wp/v2/tags"), json={"name": name}).json()["id"])

    def _draft(self, outgoing: Outgoing, media: list[dict[str, Any]], tags: list[int], key: str) -> int:
        """The draft's id; one whose answer was lost is known by its slug, which carries our key."""
        place, slug = _place(outgoing), f"draft-{key}"
        kept = self.call("GET", self._at(place, slug=slug, status="any", context="edit")).json()
        wish = {**_article(outgoing, media), "tags": tags, "status": "draft", "slug": slug}
        return int(kept[0]["id"] if kept else self.call("POST", self._at(place), json=wish).json()["id"])

    def _publish(self, outgoing: Outgoing, draft: int) -> dict[str, Any]:
        wanted = outgoing.options.get("status", "publish")
        wish = {"status": wanted, "slug": outgoing.options.get("slug", "")}  # empty: the site makes one of the title
        made = self.call("POST", self._at(f"{_place(outgoing)}/{draft}"), json=wish).json()
        if made["status"] != wanted:
            raise Rejected(f"The site keeps the article as “{made['status']}”, not as “{wanted}”.")
        return {"id": made["id"], "link": made["link"]}

    def present(self, receipt: Receipt) -> bool:
        """Whether it is there, and not in the site's bin."""
        url = self._at(f"{receipt.extra['place']}/{receipt.id}", context="edit")
        return self.there(url) and self.call("GET", url).json()["status"] != "trash"

    def delete(self, receipt: Receipt) -> None:
        """Into the site's bin; one that is there already, or gone, is fine."""
        if self.present(receipt):
            self.call("DELETE", self._at(f"{receipt.extra['place']}/{receipt.id}"))

    def _at(self, path: str, **query: str) -> str:
        """An address of the site's API; sites without pretty addresses carry it in the query."""
        url, joins = f"{self.access.server['api']}{path}", "&" if "?" in self.access.server["api"] else "?"
        return f"{url}{joins}{urlencode(query)}" if query else url

    def headers(self, method: str, url: str) -> dict[str, str]:
        """HTTP Basic."""
        return _sites.basic(self.access.secrets["user"], self.access.secrets["password"])


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
