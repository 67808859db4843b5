"""Facebook pages, by Meta's Graph API: https://developers.facebook.com/docs/pages-api

Whatever goes out is built where nobody sees it, and then shown by its id. So its id is known before the commit, and can
be asked what became of it. Only a comment is made in one go, and is looked for where it hangs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urljoin

from tidings.networks import _facebook
from tidings.networks._facebook import kind_of
from tidings.networks._facebookinbox import FacebookComments
from tidings.networks._facebookmedia import LOOK, FacebookMedia
from tidings.networks._facebooknumbers import TO_READ, FacebookNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Limits, OAuth2
from tidings.networks.errors import Later, NotYet, Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

RIGHTS = (
    "pages_manage_posts", "pages_read_engagement", "pages_manage_engagement", "business_management", "publish_video",
)
READ = "id,message,created_time,permalink_url"
WHO = "name,username,link,picture{url}"
PHOTO_LIVES = timedelta(hours=23)  # what no post names is cleared away after a day
SESSION_LIVES = timedelta(hours=20)
STREAMS = {"reel": "video_reels", "film story": "video_stories"}  # what takes a film as one stream, and where


class Facebook(FacebookComments, FacebookNumbers, FacebookMedia):
    """A page on Facebook. Profiles and groups cannot be posted to by programs."""

    name, label = "facebook", "Facebook page"
    docs = "https://developers.facebook.com/docs/pages-api"
    policy = "https://www.facebook.com/privacy/policy"
    checked = date(2026, 11, 23)
    look = Look(
        "feed", ("like", "comment", "share"), named=True, cut=477, lines=5, more="see", handle=False, most=5,
        ratio=(0.8, 1.91), link="link",
    )
    threads = "comments"
    connect = (
        OAuth2(("pages_show_list", *RIGHTS), needs_app=True),
        OAuth2(
            ("pages_show_list", *RIGHTS, *TO_READ), needs_app=True, label="Sign in there, and read numbers and messages"
        ),
    )
    console = Console("https://developers.facebook.com/apps", (
        "Make an app, and choose the use case Manage everything on your Page.",
        f"In it, add {', '.join(RIGHTS)}.",
        f"To read numbers and messages, too, add {' and '.join(TO_READ)}.",
        "Under Facebook Login, Settings, enter {redirect_uri} as valid OAuth redirect URI.",
        "There, enter {ended_url} as deauthorize callback URL and {erase_url} as data deletion request URL.",
        "Under App roles, add everybody who is to connect a page.",
        "Copy App ID and App secret from App settings, Basic.",
    ), id="App ID", secret="App secret", gate=(  # noqa: S106 -- what Meta calls it
        "People with a role in the app need no review. For others Meta wants App Review of each right and a verified "
        "business."
    ))
    limits = Limits(
        text=63_206, pictures=10, picture_bytes=4_000_000, films=1, film_types=("video/mp4", "video/quicktime"),
    )
    options = _facebook.OPTIONS

    # connecting

    def profile(self) -> Profile:
        """The page whose token this is."""
        return _facebook.profile(self.read("me", fields=f"id,{WHO}"))

    def channels(self) -> list[Profile]:
        """Every page that the person may post to, with its own token."""
        return [_facebook.profile(page) for page in self.pages(WHO)]

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A comment, a reel and a story each take something else."""
        if outgoing.position:
            return replace(cls.limits, pictures=1, films=0)
        return _facebook.narrowed(cls.limits, kind_of(outgoing))

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What does not go together."""
        return _facebook.objections(outgoing)

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Build it, wait for a film, then the one request that shows it."""
        kind = kind_of(outgoing)
        handle = self._built(kind, outgoing, sending)
        made = sending.commit(lambda: self._show(kind, handle, outgoing))
        if kind == "reel":
            sending.until(LOOK, lambda: self.shown(made))
        return Receipt(made, sending.once("url", lambda: self._address(made)), _extra(kind))

    def _built(self, kind: str, outgoing: Outgoing, sending: Sending) -> str:
        """The id of what will be shown; a comment has only its picture's."""
        if kind in STREAMS:
            return sending.once("film", lambda: self.hand_over(STREAMS[kind], outgoing.media[0]), SESSION_LIVES)
        if kind == "film":
            film = sending.once("film", lambda: self.upload_film(outgoing.media[0], _facebook.about_film(outgoing)))
            sending.until(LOOK, lambda: self.worked_on(film, sending))
            return film
        steps = [(f"photo-{n}", partial(self.upload_photo, piece)) for n, piece in enumerate(outgoing.media)]
        photos = [sending.once(step, upload, PHOTO_LIVES) for step, upload in steps]
        if kind == "post":
            return sending.once("draft", lambda: self._draft(outgoing, photos))
        return photos[0] if photos else ""

    def _show(self, kind: str, handle: str, outgoing: Outgoing) -> str:
        """The commit."""
        finish = {"upload_phase": "finish", "video_id": handle}
        if kind == "comment":
            said = self.say(outgoing, handle)
        elif kind == "reel":
            words = _facebook.about_film(outgoing)
            said = self.tell(self.page("video_reels"), **finish, video_state="PUBLISHED", **words)
        elif kind == "film story":
            said = self.tell(self.page("video_stories"), **finish)
        elif kind == "story":
            said = self.tell(self.page("photo_stories"), photo_id=handle)
        else:
            said = self.tell(handle, **{"published" if kind == "film" else "is_published": True})
        if said.get("success") is False:
            raise Unsure("Facebook did not say that it worked.")
        return str(said.get("post_id") or (said["id"] if kind == "comment" else handle))

    def _draft(self, outgoing: Outgoing, photos: list[str]) -> str:
        return str(self.tell(self.page("feed"), **_facebook.draft(outgoing, photos), published=False)["id"])

    def _address(self, made: str) -> str:
        """It is out whatever becomes of this question; then the page must do."""
        try:
            return urljoin(f"{self.hosts['page']}/", str(self.read(made, fields="permalink_url")["permalink_url"]))
        except (Rejected, KeyError):
            return self.access.profile.url

    # what is out

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Ask what was built. It is our own, so it can say that nothing is out; lists cannot."""
        kind = kind_of(outgoing)
        handle = sending.recall({"post": "draft", "story": "photo-0", "comment": "photo-0"}.get(kind, "film"))
        if kind == "comment":
            made = self.listed_comment(outgoing, sending)
        elif "story" in kind:
            made = self._listed_story(handle, sending)
        else:
            made = handle if self._is_out(kind, handle) else ""
        if made:
            return Receipt(made, self._address(made), _extra(kind))
        if made is None:
            return None
        raise Later("Facebook says that this is not out.")

    def _is_out(self, kind: str, handle: str) -> bool:
        if kind != "reel":
            field = "published" if kind == "film" else "is_published"
            return bool(self.read(handle, fields=field)[field])
        phase = self.phase(handle)[0]
        if phase in ("working", "in_progress"):
            raise NotYet("Facebook is still working on the reel.", LOOK)
        return phase == "complete"

    def _listed_story(self, handle: str, sending: Sending) -> str:
        """Stories name the picture or film they show."""
        query = {"fields": "post_id,media_id", "since": int(sending.first_try.timestamp()) - 60}
        there = self.read(self.page("stories"), **query).get("data", [])
        found = [story for story in there if str(story.get("media_id")) == handle]
        if not found:
            raise NotYet("The story is not in the page's list yet.", self.settle.total_seconds())
        return str(found[0]["post_id"])

    def recent(self, since: datetime) -> list[Seen]:
        query = {"fields": READ, "since": int(since.timestamp()), "limit": 25}
        return [_facebook.seen(post) for post in self.read(self.page("published_posts"), **query).get("data", [])]

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """The words of a post of ours."""
        self.tell(receipt.id, **{receipt.extra.get("words", "message"): outgoing.text})

    def delete(self, receipt: Receipt) -> None:
        self.drop(receipt.id)


def _extra(kind: str) -> dict[str, str]:
    """What it became, where that is no plain post, and what the words of a film are called: to count and edit them."""
    words = {"words": "description"} if kind in ("film", "reel") else {}
    return words if kind == "post" else {"kind": kind.removeprefix("film "), **words}
