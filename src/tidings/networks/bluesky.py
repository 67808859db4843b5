"""Bluesky and every server that keeps Bluesky's records. https://docs.bsky.app

We choose a record's key and freeze it at the first try, so the same record sent again makes no second post.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock, http
from tidings.core.text import graphemes
from tidings.networks import _atproto
from tidings.networks._blueskyinbox import BlueskyInbox, above
from tidings.networks.base import FOR_EVER, Sending, ask
from tidings.networks.declare import Field, Limits, OAuth2, Option, Password, Rate
from tidings.networks.errors import Later, Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Profile, Receipt, Rendition

POST, GATE = "app.bsky.feed.post", "app.bsky.feed.threadgate"
RULES = {"nobody": "", "mentioned": "mentionRule", "following": "followingRule", "followers": "followerRule"}
BLOB_LASTS = timedelta(minutes=45)  # a blob that no record names may go after an hour
HANDLE = Field("handle", "Handle", "Such as name.bsky.social.")
SECRET = Field("password", "App password", "Made there under Settings, Privacy and security.", secret=True)
SERVER = Field("server", "Server", "Only if bsky.social does not know your handle.", optional=True)


class Bluesky(BlueskyInbox):
    """Posts, pictures, films and reply gates as records of an account's repository."""

    name, label = "bluesky", "Bluesky"
    docs = "https://docs.bsky.app"
    policy = "https://bsky.social/about/support/privacy-policy"
    grants = "https://bsky.app/settings/app-passwords"
    checked = date(2026, 11, 23)
    look = Look("note", ("comment", "repeat", "like", "share"), ratio=(0.5, 2))
    scopes = ("atproto", f"repo:{POST}", f"repo:{GATE}", "blob:*/*", "rpc:com.atproto.repo.uploadBlob?aud=*")
    connect = (OAuth2(scopes, (HANDLE, SERVER)), Password((HANDLE, SECRET, SERVER)))
    hosts = {
        "entry": "https://bsky.social", "plc": "https://plc.directory",
        "app": "https://bsky.app", "video": "https://video.bsky.app", "view": "https://public.api.bsky.app",
    }
    limits = Limits(
        text=300, count=graphemes, text_bytes=3000,
        pictures=4, picture_bytes=2_000_000, picture_types=("image/jpeg", "image/png", "image/webp"),
        films=1, film_bytes=300_000_000, film_seconds=(0, 180), alt=2000,
    )
    rates = (Rate(1666, timedelta(hours=1)), Rate(11_666, timedelta(days=1)))  # 5,000 and 35,000 points; a post: 3
    options = (
        Option("who_can_reply", "Who can reply", "choice", (
            ("everyone", "Everyone"), ("nobody", "Nobody"), ("mentioned", "People you mention"),
            ("following", "People you follow"), ("followers", "Your followers"),
        ), "everyone"),
        Option("labels", "Content warning", "choice", (
            ("none", "None"), ("sexual", "Suggestive"), ("nudity", "Nudity"), ("porn", "Adult"),
            ("graphic-media", "Graphic media"),
        ), "none"),
        Option("langs", "Languages", help="Up to three codes, such as en, de.", longest=30),
    )
    posts, repeatable, settle = POST, FOR_EVER, timedelta(seconds=2)

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        most = server.get("blob_limit") or cls.limits.picture_bytes
        return replace(cls.limits, picture_bytes=min(cls.limits.picture_bytes, most))

    def profile(self) -> Profile:
        handle = self.session()["handle"]
        said = (self.record("app.bsky.actor.profile", "self") or {}).get("value", {})
        avatar = said.get("avatar", {}).get("ref", {}).get("$link", "")
        picture = self.xrpc("sync.getBlob", did=self.did, cid=avatar) if avatar else ""
        name, url = said.get("displayName") or handle, f"{self.hosts['app']}/profile/{self.did}"
        return Profile(self.did, handle, name, picture, url)

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        key = sending.once("key", lambda: _atproto.stamp(sending.first_try, sending.key))
        post = self._post(outgoing, sending, key["created_at"])
        try:
            made = sending.commit(lambda: self._commit(key["rkey"], post))
        except Later as later:
            if "BlobNotFound" in later.reason:  # they went with the last record that named them
                sending.forget("film", "film-ready", *(f"media-{n}" for n in range(len(outgoing.media))))
            raise
        rule = outgoing.options.get("who_can_reply") or "everyone"
        if rule != "everyone" and not outgoing.reply_to:
            sending.once("gate", lambda: self._gate(key, made["uri"], rule))
        return self.receipt(made)

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        key = sending.recall("key")
        there = self.record(POST, key["rkey"]) if key else None
        if not there:
            raise Later("Bluesky says that the post is not there.")
        return self.receipt(there)

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        rkey = url.rstrip("/").rpartition("/post/")[2]
        if not url.startswith(f"{cls.hosts['app']}/profile/") or not _atproto.is_tid(rkey):
            raise Rejected("This is not the address of a post on Bluesky.")
        return Receipt(f"at://{profile.id}/{POST}/{rkey}", url)

    def delete(self, receipt: Receipt) -> None:
        rkey = receipt.id.rpartition("/")[2]
        self.drop(GATE, rkey)
        self.drop(POST, rkey)

    def _commit(self, rkey: str, post: Mapping[str, Any]) -> Mapping[str, str]:
        try:
            return self.put(POST, rkey, post)
        except Unsure as refused:
            if "InvalidSwap" in refused.reason and (there := self.record(POST, rkey)):
                return {"uri": there["uri"], "cid": there["cid"]}  # an earlier try: only we know this key
            raise

    def _gate(self, key: Mapping[str, str], uri: str, rule: str) -> dict[str, str]:
        """Comes after the post: readers' servers mark a post as gated only if they know it already."""
        allow = [{"$type": f"{GATE}#{RULES[rule]}"}] if RULES[rule] else []
        gate = {"$type": GATE, "post": uri, "allow": allow, "createdAt": key["created_at"]}
        try:
            return self.put(GATE, key["rkey"], gate)
        except Rejected as refused:
            raise Rejected(f"The post is out ({uri}), but everyone can reply: {refused.reason}") from refused

    def receipt(self, made: Mapping[str, Any]) -> Receipt:
        uri = str(made["uri"])
        url = f"{self.hosts['app']}/profile/{self.did}/post/{uri.rpartition('/')[2]}"
        return Receipt(uri, url, {"cid": str(made["cid"])})

    # the record

    def _post(self, outgoing: Outgoing, sending: Sending, created_at: str) -> dict[str, Any]:
        post: dict[str, Any] = {"$type": POST, "text": outgoing.text, "createdAt": created_at}
        handles = _atproto.mentioned(outgoing.text)
        dids = sending.once("mentions", lambda: self.resolved(handles)) if handles else {}
        if facets := _atproto.facets(outgoing.text, dids):
            post["facets"] = facets
        if langs := str(outgoing.options.get("langs") or "").replace(",", " ").split():
            post["langs"] = langs[:3]
        if (label := outgoing.options.get("labels") or "none") != "none":
            post["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": label}]}
        if parent := outgoing.reply_to:
            root = above(parent) or outgoing.root or parent
            post["reply"] = {"root": self._reference(root), "parent": self._reference(parent)}
        if outgoing.media:
            post["embed"] = self._embed(outgoing.media, sending)
        return post

    def _reference(self, receipt: Receipt) -> dict[str, str]:
        """uri and cid; a receipt that a person found by its address has no cid yet."""
        if cid := receipt.extra.get("cid"):
            return {"uri": receipt.id, "cid": cid}
        there = self.record(POST, receipt.id.rpartition("/")[2])
        if not there:
            raise Rejected("The post this one answers is gone.")
        return {"uri": receipt.id, "cid": str(there["cid"])}

    def _embed(self, media: tuple[Rendition, ...], sending: Sending) -> dict[str, Any]:
        if media[0].kind == "film":
            film = self._film(media[0], sending)
            return {"$type": "app.bsky.embed.video", "video": film, **_atproto.described(media[0])}
        images = [self._image(f"media-{place}", piece, sending) for place, piece in enumerate(media)]
        return {"$type": "app.bsky.embed.images", "images": images}

    def _image(self, step: str, piece: Rendition, sending: Sending) -> dict[str, Any]:
        return {"image": sending.once(step, lambda: self._upload(piece), BLOB_LASTS), **_atproto.described(piece)}

    def _upload(self, piece: Rendition) -> Any:
        kind = {"Content-Type": piece.mime}
        return self.call("POST", self.xrpc("repo.uploadBlob"), body=piece.read(), headers=kind).json()["blob"]

    def _film(self, piece: Rendition, sending: Sending) -> Any:
        """The video service makes the film ready and puts it on the account's own server."""
        film = sending.once("film", lambda: self._upload_film(piece), BLOB_LASTS)
        return sending.once("film-ready", lambda: sending.until(5, lambda: self._film_ready(film)), BLOB_LASTS)

    def _upload_film(self, piece: Rendition) -> str:
        ends = str(int(clock.now().timestamp()) + 1800)
        wish = {"aud": self.access.server["service"], "lxm": "com.atproto.repo.uploadBlob", "exp": ends}
        token = self.call("GET", self.xrpc("server.getServiceAuth", **wish)).json()["token"]
        kind = {"Content-Type": piece.mime, "Content-Length": str(piece.size)}
        url = self._video("uploadVideo", did=self.did, name=f"{piece.id or 'film'}.mp4")
        with piece.stream() as film:
            proof = {"Authorization": f"Bearer {token}", **kind}
            answer = ask(self.plain, http.Request("POST", url, self.purpose, proof, film, 600))
        body = answer.json() or {}
        named = body.get("jobStatus", body).get("jobId")
        if answer.status != 409 or not named:  # 409 already_exists names the work on it of the first time
            self.judge(answer)
        return str(named)

    def _film_ready(self, film: str) -> Any:
        answer = ask(self.plain, http.Request("GET", self._video("getJobStatus", jobId=film), self.purpose))
        self.judge(answer)
        status = answer.json()["jobStatus"]
        if status["state"] == "JOB_STATE_FAILED":
            raise Rejected(f"Bluesky could not prepare the film: {status.get('message', 'no reason given')}.")
        return status.get("blob")

    def _video(self, method: str, **query: str) -> str:
        return f"{self.hosts['video']}/xrpc/app.bsky.video.{method}?{urlencode(query)}"
