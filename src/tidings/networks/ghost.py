"""Ghost publications, by their Admin API: https://ghost.org/docs/admin-api/

A slug is not unique there: the same article sent twice is two. So it is kept as a draft first, under a slug that
carries our key, and then published by its id. That is repeatable for ever, and a newsletter goes out once.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from tidings.core import clock
from tidings.networks import _articles
from tidings.networks._ghostnumbers import GhostNumbers
from tidings.networks._multipart import multipart
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Rejected
from tidings.networks.look import ARTICLE
from tidings.networks.seam import Outgoing, Problem, Receipt, Rendition

MAIL_TAKES = timedelta(minutes=5)
MAIL_FAILED = "The article is out, but the mail was not sent: look for the reason in Ghost."
OUT = ("published", "sent")  # sent: by mail only


class Ghost(GhostNumbers):
    """A publication that runs on Ghost."""

    name, label = "ghost", "Ghost"
    docs = "https://ghost.org/docs/admin-api/"
    policy = "https://ghost.org/privacy/"
    checked = date(2026, 11, 23)
    look = ARTICLE
    connect = (Password((
        Field("server", "Address of the publication", "Where its admin pages are, such as https://example.ghost.io"),
        Field("key", "Admin API key", "Settings → Integrations → Add custom integration.", secret=True),
    ), "Admin API key"),)
    limits = Limits(
        text=500_000, pictures=20, picture_types=("image/jpeg", "image/png", "image/webp"), animations=5,
        animation_bytes=5_000_000, films=2, film_types=("video/mp4", "video/webm"), mixed=True, alt=5000,
    )
    options = (
        Option("title", "Title", longest=255, needed=True),
        Option("kind", "Kind", "choice", (("posts", "Post"), ("pages", "Page")), default="posts"),
        Option("tags", "Tags", "tags", longest=191),
        Option("author", "Author", "lookup", help="Empty: the owner of the publication."),
        Option("visibility", "Who may read it", "choice", (
            ("public", "Everybody"), ("members", "Members"), ("paid", "Paying members"),
        ), default="public"),
        Option("newsletter", "Send as newsletter", "lookup", help="What was mailed cannot be taken back."),
        Option("segment", "Mail it to", "choice", (
            ("all", "All subscribers"), ("status:free", "Free subscribers"), ("status:-free", "Paying subscribers"),
        ), default="all"),
        Option("email_only", "Mail only, not on the site", "flag", default=False),
        Option("featured", "Featured", "flag", default=False),
        Option("cover", "First picture as the feature image", "flag", default=True),
        _articles.EXCERPT,
        _articles.CANONICAL,
        _articles.SLUG,
    )
    repeatable = FOR_EVER
    unheard = "Ghost has no documented way for other programs to read comments; they are read on the site."
    reads_free = True
    threads = ""
    markup = "markdown"

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What does not go with a newsletter."""
        chosen = outgoing.options
        if chosen.get("email_only") and not chosen.get("newsletter"):
            yield Problem("newsletter", "Choose the newsletter that it is mailed with.")
        if chosen.get("newsletter") and chosen.get("kind") == "pages":
            yield Problem("newsletter", "A page cannot be sent as a newsletter.")

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Newsletters by their slug, authors by their id."""
        what, id = ("newsletters", "slug") if option == "newsletter" else ("users", "id")
        found = self.call("GET", self.at(what, limit="100")).json()[what]
        return [(one[id], one["name"]) for one in found if query.lower() in one["name"].lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, keep a draft, publish it by its id."""
        chosen, place = outgoing.options, str(outgoing.options.get("kind", "posts"))
        urls = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        draft = sending.once("draft", lambda: self._draft(place, outgoing, urls, sending.key))
        wish = {**draft, "status": "published", "slug": chosen.get("slug") or chosen["title"][:185]}
        mail = {"newsletter": chosen.get("newsletter", ""), "email_segment": chosen.get("segment", "all")}
        made = sending.commit(lambda: self._publish(place, wish, mail if mail["newsletter"] else {}))
        note = self._mailed(made["id"], sending) if mail["newsletter"] else ""
        return Receipt(made["id"], made["url"], {"place": place}, note)

    def _upload(self, piece: Rendition) -> str:
        what = "media" if piece.kind == "film" else "images"
        body, kind = multipart({"ref": piece.name}, {"file": piece})
        made = self.call("POST", self.at(f"{what}/upload"), body=body, headers=kind, seconds=300).json()
        return str(made[what][0]["url"])

    def _draft(self, place: str, outgoing: Outgoing, urls: list[str], key: str) -> dict[str, str]:
        """The draft's id and lock; one whose answer was lost is known by its slug."""
        slug = f"draft-{key}"
        found = self.at(f"{place}/slug/{slug}")
        if self.there(found):
            kept = self.call("GET", found).json()[place][0]
        else:
            wish = {**_article(outgoing, urls), "status": "draft", "slug": slug}
            kept = self.call("POST", self.at(place, source="html"), json={place: [wish]}).json()[place][0]
        return {"id": kept["id"], "updated_at": kept["updated_at"]}

    def _publish(self, place: str, wish: dict[str, str], mail: dict[str, str]) -> dict[str, str]:
        """A repetition changes nothing; one that would is refused for its old lock, and then it is out."""
        path = f"{place}/{wish['id']}"
        try:
            made = self.call("PUT", self.at(path, **mail), json={place: [wish]}).json()[place][0]
        except Rejected:
            made = self.call("GET", self.at(path)).json()[place][0]
            if made["status"] not in OUT:
                raise
        return {"id": made["id"], "url": made["url"]}

    def _mailed(self, id: str, sending: Sending) -> str:
        """What became of the mail, which Ghost sends by the way: waited for, but not for ever."""
        begun = clock.from_iso(sending.once("out", lambda: clock.now().isoformat()))

        def state() -> str | None:
            mail = self.call("GET", self.at(f"posts/{id}", include="email")).json()["posts"][0].get("email") or {}
            ended = mail.get("status") in ("submitted", "failed") or clock.now() - begun > MAIL_TAKES
            return str(mail.get("status", "")) if ended else None

        return MAIL_FAILED if sending.until(20, state) == "failed" else ""

    def present(self, receipt: Receipt) -> bool:
        """Whether it is there, and not a draft again."""
        place = receipt.extra["place"]
        url = self.at(f"{place}/{receipt.id}")
        return self.there(url) and self.call("GET", url).json()[place][0]["status"] in OUT

    def delete(self, receipt: Receipt) -> None:
        """For good, on the site; mail that is out stays out. One that is gone is fine."""
        url = self.at(f"{receipt.extra['place']}/{receipt.id}")
        if self.there(url):
            self.call("DELETE", url)


def _article(outgoing: Outgoing, urls: list[str]) -> dict[str, Any]:
    """The fields of an article. Films stand in cards of their own, which Ghost leaves as they are."""
    chosen, media = outgoing.options, list(zip(outgoing.media, urls, strict=True))
    above, shown = _articles.above(media, chosen.get("cover", True))
    films = (_articles.html("", [one]) for one in shown if one[0].kind == "film")
    html = _articles.html(outgoing.text, [one for one in shown if one[0].kind != "film"])
    wish = {
        "title": chosen["title"], "visibility": chosen.get("visibility"), "featured": chosen.get("featured"),
        "html": html + "".join(f"<!--kg-card-begin: html-->\n{film}<!--kg-card-end: html-->\n" for film in films),
        "feature_image": above and above[1], "feature_image_alt": above and above[0].alt,
        "tags": [{"name": name} for name in chosen.get("tags") or ()], "custom_excerpt": chosen.get("excerpt"),
        "authors": [{"id": chosen["author"]}] if chosen.get("author") else None,
        "canonical_url": chosen.get("canonical_url"), "email_only": chosen.get("email_only"),
    }
    return {name: value for name, value in wish.items() if value}
