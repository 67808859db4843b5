"""Every network, by every way it declares: connected on its pages as a person does it, a first post, its receipt."""

import base64
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests import people, walk
from tests.conftest import Town
from tests.media import films
from tests.media.stack import served
from tidings import networks, outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door, Request
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import Worker
from tidings.networks.declare import Password
from tidings.networks.seam import Outgoing, Rendition
from tidings.settings import settings
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json"
WAYS = [(name, place) for name, network in networks.every().items() for place, _way in enumerate(network.connect)]
OF_A_KIND = {(type(way), network.fetches, network.threads): (name, place)
             for name, network in networks.every().items() for place, way in enumerate(network.connect)}
# every network leaves rows of the same form: the other database keeps those of one of each kind
ONCE = [pytest.param(*way, marks=[] if way in OF_A_KIND.values() else pytest.mark.alike) for way in WAYS]
DRAFTS = ("medium",)  # keep what is published first where only its writer sees it
OTHERWISE = {("tiktok", 1): {"mode": "inbox"}}  # what has to be chosen because of the way
ENDS = ("delivered", "failed", "unsure")
OFFSETS = "application/offset+octet-stream"


@dataclass(frozen=True)
class Scene:
    """Somebody signed in, a network's simulator, and the way out."""

    owner: Member
    client: Client
    door: Door
    one: Simulator

    @property
    def page(self) -> str:
        """Where the network is connected."""
        return f"{people.home(self.owner)}/channels/connect/{self.one.name}"

    def api(self, path: str, body: Any) -> Any:
        """What the API says to this."""
        answer = self.client.post(f"{people.api(self.owner)}/{path}", body, JSON)
        assert answer.status_code < 300, answer.content.decode()
        return answer.json()


@pytest.fixture
def scene(town: Town, door: Door, network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The program is served where networks fetch from it."""
    outside.use(door)
    owner = people.owner()
    with ExitStack() as stack:
        if networks.get(network).fetches:
            monkeypatch.setattr(settings(), "base_url", f"http://127.0.0.1:{stack.enter_context(served())}")
        yield Scene(owner, people.signed_in(owner), door, town[network])
    outside.use(None)


def introduced(scene: Scene) -> None:
    """App credentials are entered in the guide, where the network wants any."""
    app, guide = scene.one.access().app, f"{people.home(scene.owner)}/channels/apps/{scene.one.name}"
    if app:
        typed = {"client_id": app.client_id, "client_secret": app.client_secret, **app.more}
        scene.client.post(guide, typed, follow=True)


def carried_over(scene: Scene, way: int) -> None:
    """The code that the page shows for this way, if any, is typed into the network's own page."""
    page = scene.client.get(scene.page).content.decode()
    for code in re.findall(rf'<code class="code" id="code-{way}-\d+"[^>]*>([^<]+)</code>', page):
        walk.submitted(scene.door, scene.one.url + scene.one.carried_to, unescape(code))


def connected(scene: Scene, way: int) -> Channel:
    """Through the page, there and back; of several profiles the one that the simulator's posts are made for."""
    introduced(scene)
    carried_over(scene, way)
    page = walk.leave(scene.client, scene.owner, scene.one, way)
    if not isinstance(networks.get(scene.one.name).connect[way], Password):
        back = walk.submitted(scene.door, walk.consent_url(page))
        page = scene.client.get(back.removeprefix(settings().url), follow=True)
    if profiles := re.findall(r'name="profile" value="([^"]+)"', page.content.decode()):
        pick = f"{people.home(scene.owner)}/channels/pick"
        page = scene.client.post(pick, {"profile": list(map(unescape, profiles))}, follow=True)
    channels = {channel.remote_id: channel for channel in Channel.objects.all()}
    assert channels, page.content.decode()
    return channels.get(scene.one.access().profile.id) or next(iter(channels.values()))


def uploaded(scene: Scene, piece: Rendition) -> dict[str, str]:
    """The medium in the library."""
    data = films.film() if piece.kind == "film" else piece.read()
    named = f"filename {base64.b64encode(piece.name.encode()).decode()}"
    told = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": named}
    made = scene.client.post(f"{people.api(scene.owner)}/uploads", data, OFFSETS, headers=told)
    said = scene.client.get(made["Location"]).json()
    assert said["media"], said
    return {"id": said["media"]["id"], "alt": piece.alt}


def published(scene: Scene, channel: Channel, said: Outgoing) -> Delivery:
    """Written, and told to go out now; the delivery when it has come to an end."""
    chosen = {"channel": str(channel.id), "options": dict(said.options)}
    media = [uploaded(scene, piece) for piece in said.media]
    item = {"text": said.text, "media": media, "variants": [chosen]}
    post = scene.api("posts", {"channels": [str(channel.id)], "items": [item]})
    scene.api(f"posts/{post['id']}/schedule", {"now": True})
    worker = Worker(scene.door, senders=1)
    try:
        for minutes in range(0, 20, 2):
            with clock.shifted(timedelta(minutes=minutes)):
                worker.run_until_idle()
            delivery = channel.deliveries.get()
            if delivery.state in ENDS:
                break
    finally:
        worker.stop()
    return delivery


@pytest.mark.parametrize(("network", "way"), ONCE)
def test_from_connecting_to_the_receipt(scene: Scene, way: int) -> None:
    channel = connected(scene, way)

    first = next(iter(scene.one.shapes().values()))
    chosen = {**first.options, **OTHERWISE.get((scene.one.name, way), {})}
    delivery = published(scene, channel, replace(first, options=chosen))

    assert (delivery.state, delivery.reason) == ("delivered", "")
    receipt = delivery.receipt or {}
    assert receipt["id"]
    if receipt["url"] and scene.one.name not in DRAFTS:
        assert scene.door(Request("GET", receipt["url"], "look")).status == 200, receipt
