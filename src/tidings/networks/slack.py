"""Slack, by an app of one's own or by an incoming webhook: https://docs.slack.dev/reference/methods

It takes every repeat for a new message. A message of the app carries the delivery's key unseen and is found by it; what
a webhook has posted nobody can find. Refusals come as successes: HTTP 200 with `ok` false.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from tidings.networks import _slack, _slackevents, _slacknumbers
from tidings.networks._gone import Gone
from tidings.networks._slackapi import SCOPES
from tidings.networks._slackinbox import SlackInbox
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Field, Limits, OAuth2, Option, Password
from tidings.networks.errors import NotYet, Rejected
from tidings.networks.look import Look
from tidings.networks.metrics import Numbers, Reading
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

ADVISED = 4000  # characters; more is folded away


class Slack(SlackInbox):
    """A channel of a Slack workspace."""

    name, label = "slack", "Slack"
    docs = "https://docs.slack.dev/reference/methods"
    policy = "https://slack.com/trust/privacy/privacy-policy"
    grants = "https://slack.com/apps/manage"
    checked = date(2026, 11, 23)
    look = Look(
        "chat", handle=False, square=True, pictures="stack", most=10, marked=("link", "mention"), lines=30,
        more="see",
    )
    connect = (
        OAuth2(SCOPES, needs_app=True),
        Password((Field("webhook", "Webhook address", "It begins with https://hooks.slack.com/services/", secret=True),
                  Field("channel", "Its channel", "Slack does not tell; for you to know it by.")), "Incoming webhook"),
    )  # fmt: skip
    console = Console("https://api.slack.com/apps", (
        "Create a new app, from scratch, in the Slack workspace that you want to post to.",
        "On its page OAuth & Permissions, add this redirect URL: {redirect_uri}",
        f"There, add these bot token scopes: {', '.join(SCOPES)}.",
        "On its page Basic Information, copy the client id, the client secret and the signing secret; keep them here.",
        "Then, on its page Event Subscriptions, switch events on, enter {ended_url} as request URL, and subscribe to "
        "the bot events app_uninstalled, tokens_revoked, message.channels and message.groups.",
    ), more=(_slackevents.SECRET,), gate="An app for the Slack workspace that it was made in is not reviewed.")
    hosts = {"site": "https://slack.com", "hooks": "https://hooks.slack.com"}
    limits = Limits(
        text=40_000, count=lambda text: len(_slack.escaped(text)), pictures=10, picture_bytes=1_000_000_000,
        picture_types=("image/jpeg", "image/png", "image/webp"), animations=10, animation_bytes=1_000_000_000, films=10,
        film_types=("video/mp4", "video/webm", "video/quicktime"), film_bytes=1_000_000_000, mixed=True, alt=2000,
    )
    options = (
        Option("previews", "Previews", "choice", (
            ("", "Of links and media"), ("links", "Of links"), ("media", "Of media"), ("off", "None"),
        )),
        Option("broadcast", "Show in the channel too", "flag", default=False, help="For the later parts of a thread."),
        Option("as_name", "Name to post under", longest=80, help="Without media; empty: the app's own."),
        Option("as_picture", "Picture to post under", "url", help="Without media: its address."),
    )
    reads_free = True
    metrics, crowd, counting = _slacknumbers.METRICS, _slacknumbers.CROWD, _slacknumbers.COUNTING

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """A webhook takes words only."""
        return replace(cls.limits, pictures=0, animations=0, films=0) if server.get("webhook") else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What Slack advises against."""
        if ADVISED < cls.limits.count(outgoing.text) <= cls.limits.text:
            yield Problem("text", f"Slack folds away what is longer than {ADVISED} characters.", "warning")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Come into the channel, then one message. Files are uploaded first, and shared as one message."""
        if self.hook:
            url, words = self.hosts["hooks"] + self.hook, self._words(outgoing)
            sending.commit(lambda: self.call("POST", url, json=words).text())
            return Receipt(sending.key, "")
        if not self.access.server.get("member"):
            sending.once("join", lambda: self.write("conversations.join", {"channel": self.access.profile.id})["ok"])
        say = self._share if outgoing.media else self._say
        ts = say(outgoing, sending)
        return self._receipt(outgoing, ts, sending.once("url", lambda: self.permalink(ts)))

    def _say(self, outgoing: Outgoing, sending: Sending) -> str:
        words = {"channel": self.access.profile.id, **self._words(outgoing), **_slack.thread(outgoing)}
        wish = {**words, **_slack.looks(outgoing), "metadata": _slack.mark(sending.key, outgoing)}
        return sending.commit(lambda: str(self.write("chat.postMessage", wish)["ts"]))

    def _share(self, outgoing: Outgoing, sending: Sending) -> str:
        """Sharing answers before there is a message; its time stands with the file a moment later."""
        files = [sending.once(f"file-{n}", partial(self.upload, piece)) for n, piece in enumerate(outgoing.media)]
        words = {"initial_comment": _slack.escaped(outgoing.text)} if outgoing.text.strip() else {}
        place = {"channel_id": self.access.profile.id, **_slack.thread(outgoing)}
        wish = {"files": [{"id": id} for id in files], **place, **words}
        sending.commit(lambda: bool(self.write("files.completeUploadExternal", wish)["ok"]))
        return sending.until(3, lambda: self.shared(files[0]))

    def _words(self, outgoing: Outgoing) -> dict[str, str]:
        return {"text": _slack.escaped(outgoing.text)}

    def _receipt(self, outgoing: Outgoing, ts: str, url: str) -> Receipt:
        return Receipt(ts, url, {"thread": _slack.thread(outgoing).get("thread_ts", ts)})

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """By the key that it carries; with files, by where the first of them is shared."""
        if self.hook:
            return None
        file, first = sending.recall("file-0"), _slack.thread(outgoing).get("thread_ts", "")
        latest = [] if file else self.latest(sending.first_try - timedelta(minutes=1), first)
        marked = (one["ts"] for one in latest if _slack.key_of(one) == sending.key)
        ts = self.shared(file) if file else next(marked, None)
        if ts is None:
            raise NotYet("The message is not in the channel.", self.settle.total_seconds())
        return self._receipt(outgoing, ts, self.permalink(ts))

    def recent(self, since: datetime) -> list[Seen]:
        """The app's own messages in the channel, without the parts of threads."""
        latest, server = self.latest(since), self.access.server
        ours = [one for one in latest if one.get("user") == server["bot"]]
        return [_slack.seen(one, server["url"], self.access.profile.id) for one in ours]

    def present(self, receipt: Receipt) -> bool:
        """Asked for this one time, the channel or thread shows it, or has nothing there."""
        found = self._one(receipt)
        return found is not None and not _slacknumbers.taken_back(found)

    def _one(self, receipt: Receipt) -> dict[str, Any] | None:
        thread = receipt.extra.get("thread", receipt.id)
        wish = {"oldest": receipt.id, "latest": receipt.id, "inclusive": "true", "limit": 10}
        listed = self.listed(thread if thread != receipt.id else "", wish)
        return next((one for one in listed if one["ts"] == receipt.id), None)

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One message; that it is not listed may only mean that the Slack workspace's plan hides what is old."""
        (receipt,) = receipts
        self._counted()
        try:
            found = self._one(receipt)
        except Gone:  # its thread; that says nothing of this part
            return {}
        if found is None:
            return {}
        return {receipt.id: None if _slacknumbers.taken_back(found) else _slacknumbers.numbers(found)}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who is in the channel, as it stands."""
        self._counted()
        wish = {"channel": self.access.profile.id, "include_num_members": "true"}
        return [Reading("num_members", int(self.read("conversations.info", wish)["channel"]["num_members"]))]

    def _counted(self) -> None:
        if self.hook:
            raise Rejected("An incoming webhook gives no numbers. Connect the channel by an app to see them.")

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Change the words."""
        self.write("chat.update", {"channel": self.access.profile.id, "ts": receipt.id, **self._words(outgoing)})

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        with suppress(Gone):
            self.write("chat.delete", {"channel": self.access.profile.id, "ts": receipt.id})

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A message's address names the channel, and ends in its time; a thread part's also in its thread's."""
        found = re.fullmatch(rf"\S+/archives/{profile.id}/p(\d+)(\d{{6}})(?:\?.*)?", url.strip())
        if not found or not url.strip().startswith(server.get("url", "https://")):
            raise Rejected(f"This is not the address of a message in {profile.name}.")
        thread = re.search(r"thread_ts=([\d.]+)", url)
        ts = f"{found[1]}.{found[2]}"
        return Receipt(ts, url.strip(), {"thread": thread[1] if thread else ts})
