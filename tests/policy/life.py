"""Somebody who uses the program: a channel on a simulator, a post that waits, a picture."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image

from tests import people, walk
from tests.conftest import Town
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Transport
from tidings.deliveries.worker import Worker
from tidings.privacy import chores
from tidings.workspaces.models import Member

JSON = "application/json"
TEXT = "Lighthouse-keepers-only"


@dataclass
class Life:
    """A person at their browser."""

    member: Member
    client: Client

    @property
    def home(self) -> str:
        """Where their pages are."""
        return people.home(self.member)

    def api(self, path: str, body: Any = None) -> Any:
        """What the API says to this, or has there."""
        url = f"{people.api(self.member)}/{path}"
        answer = self.client.get(url) if body is None else self.client.post(url, body, JSON)
        assert answer.status_code < 300, answer.content.decode()
        return answer.json()

    def write(self, *channels: Channel, text: str = TEXT) -> str:
        """A draft; its id."""
        draft = {"channels": [str(channel.id) for channel in channels], "items": [{"text": text}]}
        return str(self.api("posts", draft)["id"])

    def schedule(self, post: str, ahead: timedelta = timedelta(hours=1)) -> None:
        """Let it go out then."""
        self.api(f"posts/{post}/schedule", {"at": (clock.now() + ahead).isoformat()})


def begin() -> Life:
    """Somebody fresh, with a workspace of their own."""
    member = people.owner()
    return Life(member, people.signed_in(member))


def connected(town: Town, door: Transport, network: str = "mastodon", life: Life | None = None) -> tuple[Life, Channel]:
    """Somebody who has connected a channel as people do: on the network's own page."""
    life = life or begin()
    walk.connect(life.client, life.member, door, town[network])  # type: ignore[arg-type]
    return life, Channel.objects.get(workspace=life.member.workspace, network=network)


def work(door: Transport, ahead: timedelta = timedelta(0)) -> None:
    """Let a worker do all that is due then, its chores as well."""
    worker = Worker(door, senders=2)
    try:
        with clock.shifted(ahead):
            worker.run_until_idle()
            for chore, _pace in chores.PACES:
                chore(clock.now())
    finally:
        worker.stop()


def picture() -> bytes:
    """A small PNG."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()
