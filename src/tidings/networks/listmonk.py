"""Newsletters by listmonk: https://listmonk.app/docs/apis/apis/

A campaign is kept as a draft whose name carries our key (readers do not see it), and then started by its id. Only what
has not been started can be, so that step can be repeated for ever. What was mailed cannot be taken back.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode, urljoin

from tidings.networks import _articles
from tidings.networks._listmonknumbers import ListmonkNumbers
from tidings.networks._multipart import multipart
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Rejected
from tidings.networks.look import LETTER
from tidings.networks.seam import Outgoing, Problem, Receipt, Rendition

STARTED = ("running", "paused", "finished", "cancelled")


class Listmonk(ListmonkNumbers):
    """A person or program that may send campaigns on a listmonk server."""

    name, label = "listmonk", "listmonk"
    docs = "https://listmonk.app/docs/apis/apis/"
    policy = "https://listmonk.app/"
    checked = date(2026, 11, 23)
    look = LETTER
    connect = (Password((
        Field("server", "Address of listmonk", "Such as https://news.example.org"),
        Field("user", "API user", "Made in listmonk, under Admin → Users, of the type API."),
        Field("token", "Token", "Shown once when the user is made.", secret=True),
    ), "API user"),)
    limits = Limits(
        text=500_000, needs_text=True, pictures=10, animations=3, animation_bytes=5_000_000, mixed=True,
    )
    options = (
        Option("subject", "Subject", longest=300, needed=True),
        Option("list", "List", "lookup", needed=True, help="Who gets it. What was mailed cannot be taken back."),
        Option("template", "Template", "lookup", help="Empty: the one that listmonk uses by default."),
        Option("preview", "Preview", longest=200, help="What mail programs show beside the subject."),
        Option("from", "From", longest=200, help="Empty: as set in listmonk. Such as Ana <ana@example.org>"),
        Option("format", "Format", "choice", (
            ("html", "HTML"), ("markdown", "Markdown, made into HTML by listmonk"), ("plain", "Plain text"),
        ), default="html"),
        Option("tags", "Tags", "tags", longest=100, help="Seen in listmonk only."),
        Option("archive", "Show in the public archive", "flag", default=False),
    )
    repeatable = FOR_EVER
    reads_free = True
    unheard = "Readers' answers go to a mailbox; listmonk itself receives none."
    threads = ""
    markup = "markdown"

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What plain text cannot hold."""
        if outgoing.options.get("format") == "plain":
            if outgoing.media:
                yield Problem("media", "Plain text has no pictures; choose another format.")
            if outgoing.options.get("preview"):
                yield Problem("preview", "Plain text has no preview of its own; choose another format.")

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Lists with how many read them, and templates for campaigns."""
        if option == "list":
            found = self.data("GET", "lists?per_page=all")["results"]
            named = [(str(one["id"]), f"{one['name']} ({one['subscriber_count']})") for one in found]
        else:
            kept = self.data("GET", "templates")
            named = [(str(one["id"]), one["name"]) for one in kept if one.get("type", "campaign") == "campaign"]
        return [(id, name) for id, name in named if query.lower() in name.lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, keep a draft, start it by its id."""
        urls = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        draft = sending.once("draft", lambda: self._draft(outgoing, urls, sending.key.replace("-", "")))
        sending.commit(lambda: self._start(draft["id"]))
        seen_at = f"archive/{draft['uuid']}" if outgoing.options.get("archive") else f"admin/campaigns/{draft['id']}"
        return Receipt(str(draft["id"]), f"{self.access.server['url']}/{seen_at}")

    def _upload(self, piece: Rendition) -> str:
        body, kind = multipart({}, {"file": piece})
        made = self.call("POST", self.at("media"), body=body, headers=kind, seconds=300).json()["data"]
        return urljoin(str(self.access.server["url"]), str(made["url"]))

    def _draft(self, outgoing: Outgoing, urls: list[str], key: str) -> dict[str, Any]:
        """The draft; one whose answer was lost is known by its name. A list that nobody reads is refused."""
        if not self.data("GET", f"lists/{outgoing.options['list']}")["subscriber_count"]:
            raise Rejected("Nobody is on this list.")
        found = self.data("GET", f"campaigns?{urlencode({'query': key, 'status': 'draft'})}")["results"]
        kept = next((one for one in found if key in one["name"]), None)
        wish = {**_campaign(outgoing, urls), "name": f"{outgoing.options['subject']} {key}"}
        made = kept or self.data("POST", "campaigns", wish)
        return {"id": made["id"], "uuid": made["uuid"]}

    def _start(self, id: int) -> str:
        """What runs already is refused, and is out."""
        try:
            made = self.data("PUT", f"campaigns/{id}/status", {"status": "running"})
        except Rejected:
            made = self.data("GET", f"campaigns/{id}")
            if made["status"] not in STARTED:
                raise
        return str(made["status"])

    def present(self, receipt: Receipt) -> bool:
        """Whether listmonk still knows of it."""
        return self.there(self.at(f"campaigns/{receipt.id}"))

    def delete(self, receipt: Receipt) -> None:
        """Stop what has not been mailed yet, and delete the campaign."""
        if self.present(receipt):
            if self.data("GET", f"campaigns/{receipt.id}")["status"] in ("running", "paused"):
                self.data("PUT", f"campaigns/{receipt.id}/status", {"status": "cancelled"})
            self.data("DELETE", f"campaigns/{receipt.id}")


def _campaign(outgoing: Outgoing, urls: list[str]) -> dict[str, Any]:
    """The fields of a campaign. Expressions in the text, such as {{ .Subscriber.Name }}, are listmonk's to fill in."""
    chosen, kind = outgoing.options, outgoing.options.get("format", "html")
    shown = list(zip(outgoing.media, urls, strict=True))
    ahead = f'<div style="display:none">{escape(chosen["preview"])}</div>\n\n' if chosen.get("preview") else ""
    write = _articles.html if kind == "html" else _articles.markdown
    wish = {
        "subject": chosen["subject"], "lists": [int(chosen["list"])], "type": "regular", "content_type": kind,
        "body": ahead + write(outgoing.text, shown), "from_email": chosen.get("from"), "tags": chosen.get("tags"),
        "template_id": int(chosen["template"]) if chosen.get("template") else None, "archive": chosen.get("archive"),
    }
    return {name: value for name, value in wish.items() if value}
