"""The whole program as a person uses it, over HTTP only, publishing to a real Synapse. Skipped without that."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image

from tests.networks.tell import journal, until_ended
from tests.real import synapse
from tests.real.test_whole_product import serving as serving_beside_bluesky
from tests.real.visitor import Visitor, until
from tidings import networks, simulators
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.send import send
from tidings.networks.base import Access, Network, Outgoing, Profile
from tidings.networks.metrics import Reading

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]
AHEAD = timedelta(seconds=4)
WAY = {"password": "0", "token": "1"}


class serving(serving_beside_bluesky):
    """`tidings serve` on this port, which may reach the homeserver; ended when the block ends."""

    def __init__(self, port: int, home: Path, server: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        ours = {
            "TIDINGS_HOME": str(home), "TIDINGS_PORT": str(port),
            "TIDINGS_PRIVATE_HOSTS": server.removeprefix("http://"),
        }
        command = [sys.executable, "-m", "tests.real.launch", json.dumps({}), "serve"]
        self.url, self.log = f"http://127.0.0.1:{port}", (home / "log").open("w+")
        self.process = subprocess.Popen(command, env=clean | ours, stderr=self.log)


@dataclass(frozen=True)
class Scene:
    """The program and the homeserver, both running, and who is there."""

    visitor: Visitor
    server: synapse.Server
    resident: synapse.Resident
    room: str
    home: str  # the workspace's pages
    api: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A fresh instance whose first person has connected the only room that is not encrypted."""
    port = simulators.free_port()
    with synapse.running() as server, serving(port, tmp_path_factory.mktemp("home"), server.url) as visitor:
        resident = synapse.resident()
        resident.room("Cabin", encrypted=True)
        room = resident.room("Harbour")
        first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
        visitor.submit("/", **first, workspace="Quay", zone="Europe/Lisbon")
        home = urlsplit(visitor.at).path.rpartition("/")[0]
        made = Scene(visitor, server, resident, room, home, home.replace("/w/", "/api/v1/workspaces/"))
        assert "Harbour" in connect(made)
        yield made


def connect(scene: Scene) -> str:
    """Connect with a password; the page afterwards."""
    place = f"{scene.home}/channels/connect/matrix"
    who = {"server": scene.server.url, "user": synapse.USER, "password": synapse.PASSWORD}
    return scene.visitor.submit(place, way=WAY["password"], **who)


def channel(scene: Scene) -> str:
    """The one channel there is."""
    (found,) = scene.visitor.api("GET", f"{scene.api}/channels")
    assert (found["name"], found["paused"]) == ("Harbour", "")
    return str(found["id"])


def publish(scene: Scene, *parts: str, media: Sequence[dict[str, str]] = ()) -> str:
    """Compose, check, and schedule a few seconds ahead; the address of its page. The first part has the media."""
    items = [{"text": text, "media": list(media) if n == 0 else []} for n, text in enumerate(parts)]
    draft = {"channels": [channel(scene)], "items": items}
    checked = scene.visitor.api("POST", f"{scene.api}/posts/check", draft)
    assert [p for c in checked["channels"] for i in c["items"] for p in i["problems"]] == []
    post = scene.visitor.api("POST", f"{scene.api}/posts", draft)
    at = (datetime.now(UTC) + AHEAD).isoformat()
    scene.visitor.api("POST", f"{scene.api}/posts/{post['id']}/schedule", {"at": at})
    return f"{scene.home}/posts/{post['id']}"


def published(scene: Scene, page: str) -> list[dict[str, Any]]:
    """Wait for the receipts on the post's page; the events that the homeserver has under them."""
    until(lambda: 'data-face="published"' in scene.visitor.look(page), 90)
    listed = scene.visitor.api("GET", f"{scene.api}/posts/{page.rpartition('/')[2]}/deliveries")["deliveries"]
    assert {delivery["state"] for delivery in listed} == {"delivered"}
    out = {event["event_id"]: event for event in scene.resident.messages(scene.room)}
    return [out[delivery["url"].rpartition("/")[2]] for delivery in listed]


def picture(scene: Scene, colour: tuple[int, int, int], alt: str) -> list[dict[str, str]]:
    """A picture brought into the library and described there."""
    raw = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(raw, "JPEG")
    media = scene.visitor.upload(f"{scene.api}/uploads", "quay.jpg", raw.getvalue())
    scene.visitor.api("PATCH", f"{scene.api}/media/{media['id']}", {"alt": alt})
    return [{"id": media["id"], "alt": alt}]


def saying(scene: Scene, text: str) -> list[dict[str, Any]]:
    """The messages of these very words that the homeserver has."""
    return [event for event in scene.resident.messages(scene.room) if event["content"].get("body") == text]


def test_from_the_first_run_to_the_events_on_the_homeserver(scene: Scene) -> None:
    text = "**Grüße** 👋🏽 from the [quay](https://example.org/quay)"

    (event,) = published(scene, publish(scene, text, media=picture(scene, (200, 80, 40), "The quay at noon")))

    assert event["content"]["body"] == text
    assert "<strong>Grüße</strong>" in event["content"]["formatted_body"]
    (image,) = saying(scene, "The quay at noon")
    assert image["content"]["m.relates_to"] == {"rel_type": "m.reference", "event_id": event["event_id"]}
    assert (image["content"]["info"]["w"], image["content"]["info"]["h"]) == (640, 480)
    pixel = Image.open(io.BytesIO(scene.resident.file(image["content"]["url"]))).convert("RGB").getpixel((320, 240))
    assert isinstance(pixel, tuple)
    assert [round(part / 20) for part in pixel] == [10, 4, 2]


@pytest.mark.parametrize("mode", ["lose", "refuse", "part"])
def test_an_answer_that_is_swallowed_at_the_commit_leaves_exactly_one_message(scene: Scene, mode: str) -> None:
    text = f"Only once, {mode}"
    page = publish(scene, text, media=picture(scene, (90, 90, 90), f"Fog, {mode}"))
    hits = scene.server.cutter.order("state")["hits"]
    scene.server.cutter.order(f"once {mode} m.room.message")

    published(scene, page)

    assert scene.server.cutter.order("state")["hits"] == hits + 1
    assert (len(saying(scene, text)), len(saying(scene, f"Fog, {mode}"))) == (1, 1)


def test_the_parts_of_a_thread_are_a_thread_there(scene: Scene) -> None:
    first, second, third = published(scene, publish(scene, "One", "Two", "Three"))

    hangs = [event["content"]["m.relates_to"] for event in (second, third)]
    assert [hang["rel_type"] for hang in hangs] == ["m.thread", "m.thread"]
    assert {hang["event_id"] for hang in hangs} == {first["event_id"]}
    assert hangs[1]["m.in_reply_to"]["event_id"] == second["event_id"]


def test_reconnecting_before_a_repeat_makes_no_second_message(scene: Scene) -> None:
    """The transaction id is known to the old session only; the message carries its delivery."""
    text = "Said by the session before"
    told, network = journal("over-two-sessions"), by_hand(scene)
    scene.server.cutter.order("once lose m.room.message")
    assert send(network, Outgoing(text), told).state == "settling"
    outcome = until_ended(by_hand(scene), Outgoing(text), journal("over-two-sessions", told.data))
    assert outcome.receipt
    assert [event["event_id"] for event in saying(scene, text)] == [outcome.receipt.id]


def test_a_message_is_listed_edited_seen_and_taken_back(scene: Scene) -> None:
    network, since = by_hand(scene), clock.now() - timedelta(seconds=5)
    receipt = until_ended(network, Outgoing("To be taken back"), journal("taken back")).receipt
    assert receipt
    looking = network.on("find")
    assert next(seen for seen in looking.recent(since) if seen.text == "To be taken back").receipt == receipt
    for _time in range(2):
        network.edit(receipt, Outgoing("Edited"))
    assert len(saying(scene, "* Edited")) == 1
    assert looking.present(receipt)
    for _time in range(2):
        network.delete(receipt)
    assert not looking.present(receipt)
    network.revoke()


def test_reactions_the_thread_and_members_are_counted_and_a_message_that_was_taken_back_is_gone(scene: Scene) -> None:
    network = by_hand(scene)
    receipt = until_ended(network, Outgoing("Counted"), journal("counted")).receipt
    assert receipt
    counting, room = network.on("measure"), f"{synapse.CLIENT}/rooms/{quote(scene.room, safe='')}"
    assert counting.measure([receipt]) == {receipt.id: {"m.reaction": 0, "m.thread": 0}}
    hangs = [("m.reaction", {"rel_type": "m.annotation", "key": key}) for key in ("+1", "!", "?")]
    hangs += [("m.room.message", {"rel_type": "m.thread"})] * 2
    for n, (kind, how) in enumerate(hangs):
        said = {"m.relates_to": {**how, "event_id": receipt.id}, "msgtype": "m.text", "body": "Aye"}
        scene.resident.ask("PUT", f"{room}/send/{kind}/counted-{n}", said)
    assert counting.measure([receipt]) == {receipt.id: {"m.reaction": 3, "m.thread": 2}}
    assert counting.audience(clock.now().date()) == [Reading("joined", 1)]
    network.delete(receipt)
    assert counting.measure([receipt]) == {receipt.id: None}
    network.revoke()


def test_a_session_that_may_be_refreshed_is(scene: Scene) -> None:
    who = {"type": "m.id.user", "user": synapse.USER}
    wish = {"type": "m.login.password", "identifier": who, "password": synapse.PASSWORD, "refresh_token": True}
    said = synapse.Resident("").ask("POST", f"{synapse.CLIENT}/login", wish)
    secrets = {name: said[name] for name in ("access_token", "refresh_token", "device_id")}
    fresh = spoken(scene, secrets).renew()
    assert fresh.ends_at
    assert timedelta(minutes=4) < fresh.ends_at - clock.now() <= timedelta(minutes=5)
    assert spoken(scene, {**secrets, **fresh.secrets}).channels()


def by_hand(scene: Scene) -> Network:
    """A session of the program's own, without the program around it."""
    fields = {"server": scene.server.url, "user": synapse.USER, "password": synapse.PASSWORD}
    return spoken(scene, dict(spoken(scene, {}).sign_in(fields).secrets))


def spoken(scene: Scene, secrets: dict[str, str]) -> Network:
    """The network with these secrets, in the room."""
    door = Door(private=[scene.server.url.removeprefix("http://")])
    access = Access(Profile(scene.room, "Harbour", "Harbour"), secrets, {"url": scene.server.url})
    return networks.get("matrix")(access, door, "publish")
