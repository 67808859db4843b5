"""TikTok, by its Content Posting API: https://developers.tiktok.com/doc/content-posting-api-get-started

A film goes up from here under an id of TikTok's, which is asked after any doubt. Pictures TikTok fetches from us, and
there the first request is the last: if its answer is lost, nobody can know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tidings.core import text
from tidings.networks import _tiktok
from tidings.networks._tiktoknumbers import WAYS, Viewed
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, Rate
from tidings.networks.errors import Later, NotYet, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

DONE = ("PUBLISH_COMPLETE", "SEND_TO_USER_INBOX")


class TikTok(Viewed):
    """A profile on TikTok."""

    name, label = "tiktok", "TikTok"
    docs = "https://developers.tiktok.com/doc/content-posting-api-get-started"
    policy = "https://www.tiktok.com/legal/privacy-policy"
    grants = "https://www.tiktok.com/setting"
    checked = date(2026, 11, 23)
    look = Look(
        "reel", ("like", "comment", "save", "share"), cut=90, lines=2, pictures="carousel", most=35,
        ratio=(0.5625, 0.5625), marked=("tag", "mention"), card="", title="title",
    )
    connect = WAYS
    console = Console("https://developers.tiktok.com/apps/", (
        "Connect an app for the web, and add the products Login Kit and Content Posting API to it.",
        "Enter {redirect_uri} as redirect URI of Login Kit, and under Webhooks {ended_url} as callback URL.",
        "In the Content Posting API switch on Direct Post, and verify {base_url}/ as URL prefix for pictures.",
        "Ask for the scopes user.info.basic, video.upload, video.publish, video.list; for followers user.info.stats.",
        "Copy the client key and the client secret into this page.",
    ), id="Client key", gate=(
        "Until TikTok has audited the app, it publishes for 5 people a day, and only what they alone can see. Drafts, "
        "which are finished in the TikTok app, are the way until then."
    ))
    limits = Limits(
        text=4000, count=text.utf16, needs="media", pictures=35, picture_types=("image/jpeg", "image/webp"),
        picture_bytes=20_000_000, films=1, film_types=("video/mp4", "video/quicktime", "video/webm"),
        film_bytes=4_000_000_000, film_seconds=(0, 600),
    )
    rates = (Rate(6, timedelta(minutes=1)), Rate(15, timedelta(days=1)))
    options = _tiktok.OPTIONS
    unheard = "TikTok lets programs that publish read no comments; they are in its app."
    threads = ""
    fetches = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A film says less than pictures."""
        return replace(cls.limits, text=2200) if _tiktok.is_film(outgoing) else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        if server.get("drafts_only") and _tiktok.direct(outgoing):
            yield Problem("mode", "This profile was connected for drafts only. Connect it again to publish at once.")
        yield from _tiktok.objections(outgoing)

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Web apps prove themselves by their secret; PKCE is for others, in a form of TikTok's own."""
        page, api = f"{cls.hosts['page']}/v2/auth/authorize/", f"{cls.hosts['api']}/v2/oauth"
        return Endpoints(page, f"{api}/token/", f"{api}/revoke/", pkce=False, separator=",", client="client_key")

    def revoke(self) -> None:
        """TikTok wants to be told of the access token only."""
        self.flow().revoke({"access_token": self.access.secrets["access_token"]})

    def profile(self) -> Profile:
        """Whose access this is. The name that addresses have is told only to those who may publish."""
        me = self.data("GET", "/v2/user/info/?fields=open_id,display_name,avatar_url")["user"]
        handle = f"@{self._creator()['creator_username']}" if self._may_publish() else me["display_name"]
        page = f"{self.hosts['page']}/{handle}" if self._may_publish() else self.hosts["page"]
        return Profile(me["open_id"], handle, me["display_name"], me.get("avatar_url", ""), page)

    def announced(self) -> Mapping[str, Any]:
        """For which of both it was connected."""
        return {**self.access.server, "drafts_only": not self._may_publish()}

    def _may_publish(self) -> bool:
        return "video.publish" in self.access.secrets.get("scope", "")

    def _creator(self) -> dict[str, Any]:
        return self.data("POST", "/v2/post/publish/creator_info/query/", {})

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Who may see it, as TikTok offers it to this profile."""
        levels = self._creator()["privacy_level_options"]
        return [(level, _tiktok.LEVELS.get(level, level)) for level in levels]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Send it, and wait until TikTok has worked on it."""
        id = sending.once("sent", lambda: self._sent(outgoing, sending))
        return sending.until(10, lambda: self._out(id))

    def _sent(self, outgoing: Outgoing, sending: Sending) -> str:
        """What the profile may do is asked each time before; never once it is on its way."""
        why = _tiktok.refusal(outgoing, self._creator()) if _tiktok.direct(outgoing) else ""
        if why:
            raise Rejected(why)
        return self.film(outgoing, sending) if _tiktok.is_film(outgoing) else self._pictures(outgoing, sending)

    def _pictures(self, outgoing: Outgoing, sending: Sending) -> str:
        wish, path = _tiktok.pictures(outgoing), "/v2/post/publish/content/init/"
        return sending.commit(lambda: str(self.data("POST", path, wish)["publish_id"]))

    def _out(self, id: str) -> Receipt | None:
        """TikTok's end of it; nothing, while it is at work."""
        said = self.status(id)
        if said["status"] == "FAILED":
            why = said.get("fail_reason", "")
            raise (Reconnect if why == "auth_removed" else Rejected)(f"TikTok could not publish this ({why}).")
        return self._receipt(id, said) if said["status"] in DONE else None

    def _receipt(self, id: str, said: Mapping[str, Any]) -> Receipt:
        """A post that only its author sees, or that is looked at by moderators, has no number of its own yet."""
        if said["status"] == "SEND_TO_USER_INBOX":
            return Receipt(id, "", note="Not published yet: it is waiting for you in the TikTok app.")
        posts = said.get("publicaly_available_post_id") or []  # their spelling
        return self._post(str(posts[0])) if posts else Receipt(id, "")

    def _post(self, id: str) -> Receipt:
        return Receipt(id, f"{self.hosts['page']}/{self.access.profile.handle}/video/{id}")

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """A film has an id to ask for; pictures whose answer was lost have none."""
        begun = sending.recall("init")
        if not begun:
            return None
        said = self.status(begun["publish_id"])
        if said["status"] in DONE:
            return self._receipt(begun["publish_id"], said)
        if said["status"] == "FAILED":
            sending.forget("init")
        if said["status"] in ("FAILED", "PROCESSING_UPLOAD"):
            raise Later("TikTok says that nothing is out.")
        raise NotYet("TikTok is still working on it.", 10)

    def recent(self, since: datetime) -> list[Seen]:
        """Public posts only; who signed in for drafts is asked to sign in for more."""
        path = "/v2/video/list/?fields=id,title,video_description,create_time"
        listed = [(one, datetime.fromtimestamp(one["create_time"], UTC))
                  for one in self.data("POST", path, {"max_count": 20})["videos"]]
        return [
            Seen(self._post(str(one["id"])), one.get("video_description") or one.get("title") or "", at)
            for one, at in listed if at >= since
        ]
