"""Posts that are built out of sight in a container and made public by its id: Threads and Instagram.
https://developers.facebook.com/docs/threads/posts · https://developers.facebook.com/docs/instagram-platform/content-publishing

A container shows nobody anything, dies after a day, and can be asked what became of it. So whatever is lost before
the commit is built again, and after a lost commit the container says whether the post is out; only the post's id is
then looked for in the profile's own list, which runs behind.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from tidings.core import clock
from tidings.networks._meta import Meta
from tidings.networks.base import Sending
from tidings.networks.errors import Later, NotYet, Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt, Rendition, Seen

LIVES = timedelta(hours=23)  # an hour less than Meta lets a container live
LOOK = 30.0  # seconds until a container is looked at again
HOUR = timedelta(hours=1)


class Containers(Meta):
    """The story of such a post. A network says what goes into a container, and where its posts are listed."""

    state: ClassVar[str]  # the field of a container that says how far it is
    fault: ClassVar[str]  # the field that says what is wrong with it

    def edge(self) -> str:
        """Where containers are made; what publishes them is called the same, with _publish at its end."""
        raise NotImplementedError

    def child(self, piece: Rendition) -> Mapping[str, Any]:
        """The container of one medium among several."""
        raise NotImplementedError

    def body(self, outgoing: Outgoing, children: list[str]) -> Mapping[str, Any]:
        """The container of the post."""
        raise NotImplementedError

    def room(self, outgoing: Outgoing) -> tuple[int, int]:
        """How many posts of this kind the last day has had, and how many a day may have."""
        raise NotImplementedError

    def listed(self, since: datetime, outgoing: Outgoing | None = None) -> Iterator[Mapping[str, Any]]:
        """The profile's own posts since then; of this one's kind, if one is given."""
        raise NotImplementedError

    def same(self, post: Mapping[str, Any], outgoing: Outgoing) -> bool:
        """Whether a listed post is the one that was meant."""
        raise NotImplementedError

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Build it, wait until Meta has fetched its media, then publish it by its id."""
        container = self._container(outgoing, sending)
        state = self._ready(container, outgoing, sending)
        made = sending.commit(lambda: self._publish(container, state))
        return Receipt(made, sending.once("url", lambda: self._address(made)))

    def _container(self, outgoing: Outgoing, sending: Sending) -> str:
        """One for the post; several media each have one of their own before."""
        if len(outgoing.media) < 2:
            return sending.once("container", lambda: self._begin(outgoing, []), LIVES)
        children = [
            sending.once(f"child-{n}", partial(self._build, self.child, piece), LIVES)
            for n, piece in enumerate(outgoing.media)
        ]
        for child in children:
            self._ready(child, outgoing, sending)
        return sending.once("container", lambda: self._begin(outgoing, children), LIVES)

    def _begin(self, outgoing: Outgoing, children: list[str]) -> str:
        """Nothing is built that could not be published: how much a day may have is Meta's to say."""
        used, most = self.room(outgoing)
        if used >= most:
            raise Later(f"{self.label} takes {most} of these in 24 hours, and has had them.", clock.now() + HOUR)
        return self._build(partial(self.body, outgoing), children)

    def _build(self, what: Any, of: Any) -> str:
        return str(self.tell(self.edge(), **what(of))["id"])

    def _ready(self, container: str, outgoing: Outgoing, sending: Sending) -> str:
        return sending.once(
            f"ready-{container}", lambda: sending.until(LOOK, lambda: self._built(container, outgoing, sending))
        )

    def _built(self, container: str, outgoing: Outgoing, sending: Sending) -> str | None:
        state, fault = self._look(container)
        if state in ("ERROR", "EXPIRED"):
            sending.forget(*_steps(outgoing))
            raise Rejected(self.refusal(fault)) if state == "ERROR" else Later("The container has ended.")
        return state if state in ("FINISHED", "PUBLISHED") else None

    def _look(self, container: str) -> tuple[str, str]:
        said = self.read(container, fields=f"{self.state},{self.fault}")
        return str(said[self.state]), str(said.get(self.fault) or "")

    def refusal(self, fault: str) -> str:
        """What is wrong with a container, in a sentence."""
        hint = " It must be able to reach this server from outside." if "DOWNLOAD" in fault.upper() else ""
        return f"{self.label} could not take the picture or film ({fault or 'no reason given'}).{hint}"

    def _publish(self, container: str, state: str) -> str:
        if state == "PUBLISHED":  # by a request whose answer was lost, and which was slow
            raise Unsure(f"{self.label} says that this is out already.")
        return str(self.tell(f"{self.edge()}_publish", creation_id=container)["id"])

    def _address(self, made: str) -> str:
        """It is out whatever becomes of this question; then the profile's page must do."""
        try:
            return str(self.read(made, fields="permalink")["permalink"])
        except (Rejected, KeyError):
            return self.access.profile.url

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """The container is our own, so it can say that nothing is out. A list that lags cannot."""
        container = sending.recall("container")
        state = self._look(container)[0] if container else "EXPIRED"
        if state == "IN_PROGRESS":
            raise NotYet(f"{self.label} is still working on it.", LOOK)
        if state == "PUBLISHED":
            return self._named(outgoing, sending)
        sending.forget(f"ready-{container}", *(_steps(outgoing) if state == "EXPIRED" else ()))
        raise Later(f"{self.label} says that this is not out.")

    def _named(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        latest = self.listed(sending.first_try - timedelta(minutes=1), outgoing)
        return self.the_one(
            [receipt(post) for post in latest if post["id"] not in sending.known and self.same(post, outgoing)]
        )

    def recent(self, since: datetime) -> list[Seen]:
        return [Seen(receipt(post), said(post), at(post)) for post in self.listed(since)]

    def since(self, path: str, fields: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """What an edge lists from then on."""
        found = self.read(path, fields=fields, since=int(since.timestamp()), limit=50).get("data", [])
        return (post for post in found if at(post) >= since)


def receipt(post: Mapping[str, Any]) -> Receipt:
    """The receipt of a listed post."""
    return Receipt(str(post["id"]), str(post.get("permalink") or ""))


def said(post: Mapping[str, Any]) -> str:
    """What a listed post says."""
    return str(post.get("text") or post.get("caption") or "")


def at(post: Mapping[str, Any]) -> datetime:
    """Since when it is there."""
    return clock.from_iso(post["timestamp"])


def plain(words: str) -> str:
    """NFC and white space folded, so that texts can be compared."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def _steps(outgoing: Outgoing) -> list[str]:
    return ["container", *(f"child-{n}" for n in range(len(outgoing.media)))]
