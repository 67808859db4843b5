"""The whole program as a person uses it, over HTTP only, publishing to Bluesky's own server. Skipped without that."""

import io
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from PIL import Image

from tests.real import pds
from tests.real.visitor import Visitor, leads_to, until
from tidings import networks, simulators
from tidings.networks.base import OAuth2

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]
AHEAD = timedelta(seconds=4)
WAY = {"oauth": "0", "password": "1"}


@dataclass(frozen=True)
class Scene:
    """The program and the network, both running, and who is there."""

    visitor: Visitor
    cutter: pds.Cutter
    person: pds.Person
    home: str  # the workspace's pages
    api: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A fresh instance whose first person has set it up, beside an empty Bluesky server."""
    port = simulators.free_port()
    with pds.running(port) as cutter, serving(port, tmp_path_factory.mktemp("home")) as visitor:
        first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
        visitor.submit("/", **first, workspace="Harbour", zone="Europe/Lisbon")
        home = urlsplit(visitor.at).path.rpartition("/")[0]
        assert home == "/w/harbour"
        yield Scene(visitor, cutter, pds.person(), home, home.replace("/w/", "/api/v1/workspaces/"))


class serving:
    """`tidings serve` on this port, its Bluesky being the server of tests.real.pds; ended when the block ends."""

    def __init__(self, port: int, home: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        ours = {
            "TIDINGS_HOME": str(home), "TIDINGS_PORT": str(port),
            "TIDINGS_PRIVATE_HOSTS": f"localhost:{pds.PORT},localhost:{pds.PLC}",
        }
        command = [sys.executable, "-m", "tests.real.launch", json.dumps({"bluesky": pds.HOSTS}), "serve"]
        self.url, self.log = f"http://127.0.0.1:{port}", (home / "log").open("w+")
        self.process = subprocess.Popen(command, env=clean | ours, stderr=self.log)

    def __enter__(self) -> Visitor:
        end = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=10).close()
                return Visitor(self.url)
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise AssertionError(Path(self.log.name).read_text())

    def __exit__(self, *_raised: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self.log.close()


def by_password(scene: Scene) -> str:
    """Connect with an app password; the page afterwards."""
    place = f"{scene.home}/channels/connect/bluesky"
    who = scene.person
    return scene.visitor.submit(place, way=WAY["password"], handle=who.handle, password=who.app_password)


def by_consent(scene: Scene) -> str:
    """Connect on Bluesky's own consent page; the page afterwards."""
    way = networks.get("bluesky").connect[0]
    assert isinstance(way, OAuth2)
    place = f"{scene.home}/channels/connect/bluesky"
    url = leads_to(scene.visitor.submit(place, way=WAY["oauth"], handle=scene.person.handle))
    assert "request_uri" in parse_qs(urlsplit(url).query), "the request was not pushed"
    answer = pds.allow(url, scene.person, " ".join(way.scopes))
    return scene.visitor.look(f"/connect/callback?{urlencode(answer)}")


def channel(scene: Scene) -> str:
    """The one channel there is."""
    (found,) = scene.visitor.api("GET", f"{scene.api}/channels")
    assert (found["handle"], found["paused"]) == (scene.person.handle, "")
    return str(found["id"])


def publish(scene: Scene, text: str, media: list[dict[str, str]]) -> str:
    """Compose, check, and schedule a few seconds ahead; the address of its page."""
    draft = {"channels": [channel(scene)], "items": [{"text": text, "media": media}]}
    checked = scene.visitor.api("POST", f"{scene.api}/posts/check", draft)
    assert [p for c in checked["channels"] for i in c["items"] for p in i["problems"]] == []
    post = scene.visitor.api("POST", f"{scene.api}/posts", draft)
    at = (datetime.now(UTC) + AHEAD).isoformat()
    scene.visitor.api("POST", f"{scene.api}/posts/{post['id']}/schedule", {"at": at})
    return f"{scene.home}/posts/{post['id']}"


def published(scene: Scene, page: str) -> dict[str, Any]:
    """Wait for the receipt on the post's page; the one record that Bluesky's server has under it."""
    until(lambda: 'data-face="published"' in scene.visitor.look(page), 60)
    (delivery,) = scene.visitor.api("GET", f"{scene.api}/posts/{page.rpartition('/')[2]}/deliveries")["deliveries"]
    assert delivery["state"] == "delivered"
    assert datetime.fromisoformat(delivery["delivered_at"]) > datetime.fromisoformat(delivery["due_at"])
    assert f'href="{delivery["url"]}"' in scene.visitor.look(page)
    rkey = delivery["url"].rpartition("/")[2]
    (record,) = [post for post in pds.posts(scene.person.did) if post["uri"].endswith(f"/{rkey}")]
    return dict(record["value"])


def picture(scene: Scene, colour: tuple[int, int, int], alt: str) -> list[dict[str, str]]:
    """A picture brought into the library and described there."""
    raw = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(raw, "JPEG")
    media = scene.visitor.upload(f"{scene.api}/uploads", "quay.jpg", raw.getvalue())
    scene.visitor.api("PATCH", f"{scene.api}/media/{media['id']}", {"alt": alt})
    assert alt in scene.visitor.look(f"{scene.home}/media/{media['id']}")
    return [{"id": media["id"], "alt": alt}]


def shown(scene: Scene, value: dict[str, Any]) -> tuple[tuple[int, ...], str]:
    """Colour and description of the record's one picture, the bytes read back from the server."""
    (image,) = value["embed"]["images"]
    data = pds.blob(scene.person.did, image["image"]["ref"]["$link"])
    assert (image["aspectRatio"]["width"], image["aspectRatio"]["height"]) == (640, 480)
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel((320, 240))
    assert isinstance(pixel, tuple)
    return tuple(round(part / 20) for part in pixel), image["alt"]


def copies(scene: Scene, text: str) -> int:
    """How many posts of this text the server holds."""
    return sum(post["value"]["text"] == text for post in pds.posts(scene.person.did))


@pytest.mark.parametrize(("connect", "colour"), [(by_password, (200, 80, 40)), (by_consent, (40, 120, 200))])
def test_from_the_first_run_to_the_record_on_blueskys_own_server(
    scene: Scene, connect: Any, colour: tuple[int, int, int]
) -> None:
    assert scene.person.handle in connect(scene)
    text = f"Grüße 👋🏽 from @{scene.person.handle}, https://example.org/quay #harbour {connect.__name__}"

    value = published(scene, publish(scene, text, picture(scene, colour, "The quay at noon")))

    assert value["text"] == text
    marked = {
        text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][0]
        for f in value["facets"]
    }
    assert set(marked) == {f"@{scene.person.handle}", "https://example.org/quay", "#harbour"}
    assert marked[f"@{scene.person.handle}"]["did"] == scene.person.did
    assert shown(scene, value) == (tuple(round(part / 20) for part in colour), "The quay at noon")
    assert copies(scene, text) == 1


@pytest.mark.parametrize("connect", [by_password, by_consent])
@pytest.mark.parametrize("mode", ["lose", "refuse"])
def test_an_answer_that_is_swallowed_at_the_commit_leaves_exactly_one_record(
    scene: Scene, connect: Any, mode: str
) -> None:
    connect(scene)
    text = f"Only once, {connect.__name__} {mode}"
    page = publish(scene, text, picture(scene, (90, 90, 90), "Fog"))
    hits = scene.cutter.order("state")["hits"]
    scene.cutter.order(f"once {mode} putRecord")

    published(scene, page)

    assert scene.cutter.order("state")["hits"] == hits + 1
    assert copies(scene, text) == 1
