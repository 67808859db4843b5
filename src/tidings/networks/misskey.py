"""Misskey and its relatives (Sharkey, CherryPick …): https://misskey-hub.net/en/docs/for-developers/api/

A server has no key that makes a repetition harmless, so after a lost answer the profile's own latest notes are looked
through: for the very files that were uploaded, or the same words answering the same note.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from tidings.core.http import Transport
from tidings.networks import _mastoapi
from tidings.networks._addresses import receipt_at
from tidings.networks._gone import Gone
from tidings.networks._misskeyapi import NoFile, asked
from tidings.networks._misskeyinbox import MisskeyInbox
from tidings.networks._misskeynotes import note, same, seen
from tidings.networks.base import Sending
from tidings.networks.declare import Field, Limits, Link, Option, Poll, Rate
from tidings.networks.errors import Rejected
from tidings.networks.look import Look
from tidings.networks.oauth import same_state
from tidings.networks.seam import App, Grant, Outgoing, Pending, Problem, Profile, Receipt, Seen, Site

PERMISSIONS = ("read:account", "read:channels", "write:notes", "write:drive")
FILES = 16  # of all kinds


class Misskey(MisskeyInbox):
    """A profile on a Misskey server."""

    name, label = "misskey", "Misskey"
    docs = "https://misskey-hub.net/en/docs/for-developers/api/"
    policy = "https://misskey.io/about/privacy"
    checked = date(2026, 11, 23)
    look = Look("note", ("reply", "repeat", "like"), lines=15, more="show", square=False, ratio=(0.56, 1.78))
    connect = (Link((Field("server", "Server", "Such as misskey.io"),)),)
    limits = Limits(
        text=3000, pictures=FILES, picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=10_000_000,
        animations=FILES, animation_bytes=10_000_000, films=FILES, film_types=("video/mp4", "video/webm"),
        film_bytes=10_000_000, mixed=True, alt=512, poll=Poll(choices=10, characters=50, shortest=1, longest=525_600),
    )
    rates = (Rate(300, timedelta(hours=1)),)
    options = (
        Option("visibility", "Who can see it", "choice", (
            ("public", "Everyone"), ("home", "Everyone, quietly"), ("followers", "Followers only"),
        ), default="public"),
        Option("local_only", "On this server only", "flag", default=False),
        Option("warning", "Content warning", longest=100, help="Shown instead of the note until opened."),
        Option("channel", "Channel of the server", "lookup"),
        Option("reactions", "Reactions", "choice", (
            ("", "Any"), ("likeOnly", "Likes only"), ("likeOnlyForRemote", "Likes only from other servers"),
            ("nonSensitiveOnly", "None that are sensitive"),
        )),
        Option("sensitive", "Mark media as sensitive", "flag", default=False),
        Option("quote", "Quote", "url", help="The address of a note."),
        Option("poll", "Poll", "poll"),
    )

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """What this server, and the profile's role on it, allow."""
        text, most = server.get("text", cls.limits.text), server.get("bytes", cls.limits.picture_bytes)
        return replace(cls.limits, text=text, picture_bytes=most, animation_bytes=most, film_bytes=most)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """Files of all kinds are counted together."""
        if len(outgoing.media) > FILES:
            yield Problem("media", f"{cls.label} takes at most {FILES} files; this has {len(outgoing.media)}.")

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """The server a person typed; raises Rejected when it is none."""
        url = _mastoapi.address(fields["server"], "misskey.io")
        said = asked(door, f"{url}/api/meta", {"detail": False})
        if "maxNoteTextLength" not in said:
            raise Rejected(f"{urlsplit(url).netloc} does not answer like a Misskey server.")
        return {"url": url, "domain": urlsplit(url).netloc, "text": said["maxNoteTextLength"]}

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        """MiAuth: a page of the server, under a number of our own."""
        session = str(uuid.uuid4())
        wish = {"name": site.name, "callback": site.redirect_uri, "permission": ",".join(PERMISSIONS)}
        return Pending(f"{server['url']}/miauth/{session}?{urlencode(wish)}", {"state": session})

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:
        """The server tells, under that number, whether the person allowed it."""
        same_state(keep, {"state": query.get("session", "")})
        said = asked(door, f"{server['url']}/api/miauth/{keep['state']}/check", {})
        if not said.get("token"):
            raise Rejected("Access was not granted.")
        return Grant({"access_token": said["token"]})

    def profile(self) -> Profile:
        """Whose token this is."""
        me, server = self.ask("i"), self.access.server
        handle, page = f"@{me['username']}@{server['domain']}", f"{server['url']}/@{me['username']}"
        return Profile(me["id"], handle, me.get("name") or me["username"], me.get("avatarUrl") or "", page)

    def announced(self) -> Mapping[str, Any]:
        """How large a file may be hangs on the profile's role."""
        most = (self.ask("i").get("policies") or {}).get("maxFileSizeMb")
        return {**self.access.server, **({"bytes": int(most) * 1_000_000} if most else {})}

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, then one note."""
        hidden = bool(outgoing.options.get("sensitive"))
        steps = {f"media-{n}": partial(self.upload, piece, hidden) for n, piece in enumerate(outgoing.media)}
        files = [sending.once(step, upload) for step, upload in steps.items()]
        wish = note(outgoing, files, sending.once("quote", lambda: self.known(outgoing.options.get("quote"))))
        try:
            return self.receipt(sending.commit(lambda: self.ask("notes/create", **wish)["createdNote"]["id"]))
        except NoFile:
            sending.forget(*steps)
            raise

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own latest. A list that does not have it is no proof, so this never says "surely not"."""
        files = [sending.recall(f"media-{n}") for n in range(len(outgoing.media))]
        own = self.own(sending.first_try - timedelta(minutes=1))
        found = [one["id"] for one in own if one["id"] not in sending.known and same(one, outgoing, files)]
        return self.receipt(found[0]) if len(found) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The same latest notes."""
        return [seen(one, self.receipt(one["id"])) for one in self.own(since)]

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A note's address ends in its id."""
        return receipt_at(url, re.escape(server["url"]) + r"/notes/(\w+)", f"a note on {server['domain']}")

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        with suppress(Gone):
            self.ask("notes/delete", noteId=receipt.id)
