"""What Instagram takes and does, whichever way one signs in.
https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tidings.networks._containers import Containers
from tidings.networks._instagraminbox import InstagramComments, about, alike
from tidings.networks._instagramnumbers import InstagramNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Limits, Option, Rate
from tidings.networks.errors import Later, NotYet, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Receipt, Rendition

READ = "id,caption,permalink,timestamp,media_type"
MOST = 10  # media in one post
SPAM = "2207051"
LIMITS = Limits(
    text=2200, hashtags=30, mentions=20, needs="media", pictures=MOST, picture_types=("image/jpeg",),
    picture_bytes=8_000_000, picture_ratio=(0.8, 1.91), films=MOST, film_types=("video/mp4", "video/quicktime"),
    film_bytes=300_000_000, film_seconds=(3, 900), film_ratio=(0.01, 10), mixed=True, per_day=100,
)
STORY = replace(
    LIMITS, pictures=1, picture_ratio=(0, 0), films=1, film_bytes=100_000_000, film_seconds=(3, 60), mixed=False
)
REEL = replace(LIMITS, needs="film", pictures=0, films=1)
COMMENT = replace(LIMITS, needs="", pictures=0, films=0)


class InstagramPosts(InstagramComments, InstagramNumbers, Containers):
    """Pictures, carousels, reels and stories by containers, and comments under them."""

    policy = "https://privacycenter.instagram.com/policy"
    checked = date(2026, 11, 23)
    look = Look(
        "photo", ("like", "comment", "repeat", "send", "save"), cut=125, lines=2, handle=False, pictures="carousel",
        most=10, ratio=(0.75, 1.91), marked=("tag", "mention"), card="",
    )
    state, fault = "status_code", "status"
    fetches = True
    threads = "comments"
    limits = LIMITS
    rates = (Rate(100, timedelta(days=1)),)
    options = (
        Option("kind", "What it becomes", "choice", (
            ("", "A reel from one film, else a post"), ("post", "Post"), ("reel", "Reel"), ("story", "Story"),
        )),
        Option("share_to_feed", "Show the reel in the feed too", "flag", default=True),
        Option("cover_url", "Cover of the reel", "url", help="The address of a JPEG."),
        Option("thumb_offset", "Or a moment of it as cover", "number", help="In milliseconds."),
        Option("audio_name", "Name of the reel's sound", longest=100),
        Option("trial", "Trial reel", "choice", (
            ("", "No: everybody sees it"), ("MANUAL", "Strangers first; shared with followers by hand"),
            ("SS_PERFORMANCE", "Strangers first; shared with followers if it does well"),
        )),
        Option("collaborators", "Collaborators", "tags", longest=30, most=3, help="Names of public profiles."),
        Option("user_tags", "People in it", "tags", longest=30, most=20, help="On one picture or film."),
        Option("location", "Place", longest=30, help="The number of a Facebook page that has an address."),
        Option("ai", "Made with AI", "flag", default=False),
        Option("comments", "Allow comments", "flag", default=True),
    )
    codes = {
        **Containers.codes, **dict.fromkeys(("2207026", "2207052", "2207005", SPAM), Rejected),
        **dict.fromkeys(("9007", "2207027"), NotYet), **dict.fromkeys(("9", "2207042"), Later),
        **dict.fromkeys(("25", "2207050"), Reconnect),
    }
    blocks = Containers.blocks | {SPAM}

    # what it takes

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A story, a reel and a comment each take something else."""
        return COMMENT if outgoing.position else {"story": STORY, "reel": REEL}.get(_chosen(outgoing), LIMITS)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """Ten media of both kinds together, and options that go with some kinds only."""
        if outgoing.position:
            return
        kind, several = kind_of(outgoing), len(outgoing.media) > 1
        if len(outgoing.media) > MOST or (kind == "story" and several):
            at_most, one = f"{cls.label} takes at most {MOST} of these.", f"{cls.label} takes one of these."
            yield Problem("media", at_most if kind == "post" else one)
        if outgoing.options.get("trial") and kind != "reel":
            yield Problem("trial", "Only a reel can be tried out.")
        if outgoing.options.get("user_tags") and several:
            yield Problem("user_tags", "People are marked on a single picture or film only.", "warning")
        if kind == "story" and outgoing.text.strip():
            yield Problem("text", "A story shows no text; this is left out.", "warning")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A post, and then its comments switched off if so chosen; or a comment, or an answer to one."""
        if outgoing.position:
            return about(outgoing, sending.commit(lambda: self.say(outgoing)))
        made = super().publish(outgoing, sending)
        if outgoing.options.get("comments") is False:
            sending.once("quiet", lambda: self._quieten(made))
        return made

    def _quieten(self, made: Receipt) -> dict[str, Any]:
        try:
            return self.tell(made.id, comment_enabled=False)
        except Rejected as refused:
            raise Rejected(f"The post is out ({made.url}), but takes comments: {refused.reason}") from refused

    def edge(self) -> str:
        return f"{self.access.profile.id}/media"

    def child(self, piece: Rendition) -> dict[str, Any]:
        return {**_piece(piece, "VIDEO"), "is_carousel_item": True}

    def body(self, outgoing: Outgoing, children: list[str]) -> dict[str, Any]:
        """What was chosen, as far as it goes with this kind."""
        chosen, kind = outgoing.options, kind_of(outgoing)
        if kind == "story":
            return {**_piece(outgoing.media[0], "STORIES"), "media_type": "STORIES", "alt_text": ""}
        piece = {"media_type": "CAROUSEL", "children": ",".join(children)} if children else {
            **_piece(outgoing.media[0], "REELS"), "user_tags": _marks(outgoing)
        }
        return {
            **piece, **(_reel(chosen) if kind == "reel" else {}), "caption": outgoing.text,
            "collaborators": chosen.get("collaborators"), "location_id": chosen.get("location"),
            "is_ai_generated": chosen.get("ai") or None,
        }

    def room(self, outgoing: Outgoing) -> tuple[int, int]:
        """Meta's pages contradict each other on how many a day may have, so it is asked."""
        path = f"{self.access.profile.id}/content_publishing_limit"
        said = self.read(path, fields="quota_usage,config")["data"][0]
        return int(said["quota_usage"]), int(said["config"]["quota_total"])

    # what is out

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """A comment has no container; it is looked for where it hangs."""
        if not outgoing.position:
            return super().find(outgoing, sending)
        return self.the_one([about(outgoing, id) for id in self.listed_comments(outgoing, sending)])

    def listed(self, since: datetime, outgoing: Outgoing | None = None) -> Iterator[Mapping[str, Any]]:
        """Stories stand in a list of their own."""
        edge = {"story": "stories"}.get(kind_of(outgoing), "media") if outgoing else ""
        for one in (edge,) if edge else ("media", "stories"):
            yield from self.since(f"{self.access.profile.id}/{one}", READ, since)

    def same(self, post: Mapping[str, Any], outgoing: Outgoing) -> bool:
        """Of a kind, and saying the same; a story says nothing."""
        several, film = len(outgoing.media) > 1, outgoing.media[0].kind == "film"
        kind = "CAROUSEL_ALBUM" if several else "VIDEO" if film else "IMAGE"
        return post.get("media_type") == kind and (kind_of(outgoing) == "story" or alike(post, outgoing))


def kind_of(outgoing: Outgoing) -> str:
    """Post, reel or story; a single film has long become a reel."""
    film = [piece.kind for piece in outgoing.media] == ["film"]
    return "story" if _chosen(outgoing) == "story" else "reel" if film else "post"


def _chosen(outgoing: Outgoing) -> str:
    return str(outgoing.options.get("kind") or "")


def _piece(piece: Rendition, film: str) -> dict[str, Any]:
    if piece.kind == "film":
        return {"media_type": film, "video_url": piece.link()}
    return {"image_url": piece.link(), "alt_text": piece.alt}


def _reel(chosen: Mapping[str, Any]) -> dict[str, Any]:
    trial = chosen.get("trial")
    return {
        "share_to_feed": chosen.get("share_to_feed") is not False, "audio_name": chosen.get("audio_name"),
        "cover_url": chosen.get("cover_url"), "thumb_offset": str(chosen.get("thumb_offset") or ""),
        "trial_params": {"graduation_strategy": trial} if trial else None,
    }


def _marks(outgoing: Outgoing) -> list[dict[str, Any]]:
    """People in a film have no place in it; in a picture they all get its middle."""
    place = {} if outgoing.media[0].kind == "film" else {"x": 0.5, "y": 0.5}
    return [{"username": name.lstrip("@"), **place} for name in outgoing.options.get("user_tags") or ()]
