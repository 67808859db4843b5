"""A network is added and used without a change to any file that was there: `tidings new-network` to the receipt."""

import http.client
import io
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from PIL import Image

from tests.checkout import Checkout
from tests.real.visitor import Visitor, leads_to, until
from tidings import simulators

NEW = "quayside"
AHEAD = timedelta(seconds=3)


@dataclass(frozen=True)
class Scene:
    """The copy's program, a person at it, and the simulated networks beside it."""

    visitor: Visitor
    there: str
    home: str = "/w/quay"
    api: str = "/api/v1/workspaces/quay"

    def consent(self, url: str, account: str) -> str:
        """Say yes on the network's own page; where that leads."""
        there, said = urlsplit(url), urlencode({"answer": "allow", "account": account})
        line = http.client.HTTPConnection(there.netloc, timeout=30)
        line.request("POST", f"{there.path}?{there.query}", said, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        assert answer.status == 303, answer.read()
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"

    def out(self) -> list[dict[str, Any]]:
        """What is out on the new network."""
        with urllib.request.urlopen(f"{self.there}/_posts/{NEW}", timeout=30) as answer:
            return list(json.load(answer))

    def problems(self, draft: dict[str, Any]) -> list[str]:
        """What the author is told of this draft."""
        checked = self.visitor.api("POST", f"{self.api}/posts/check", draft)
        return [p["message"] for c in checked["channels"] for i in c["items"] for p in i["problems"]]


@contextmanager
def serving(checkout: Checkout) -> Iterator[Scene]:
    """`tidings serve` of the copy, set up by its first person; ended when the block ends."""
    port, beside = simulators.free_port(), simulators.free_port()
    env = checkout.env(TIDINGS_PORT=str(port), TIDINGS_PRIVATE_HOSTS=f"127.0.0.1:{beside}")
    command = [sys.executable, "-m", "tests.journeys.simulated", str(beside), "serve"]
    checkout.home.mkdir()
    with (checkout.home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=checkout.root, env=env, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", process, checkout.home / "log")
            scene = Scene(Visitor(f"http://127.0.0.1:{port}"), f"http://127.0.0.1:{beside}")
            first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
            scene.visitor.submit("/", **first, workspace="Quay", zone="Europe/Lisbon")
            yield scene
        finally:
            process.kill()
            process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def connect(scene: Scene) -> str:
    """Enter app credentials as an operator, then connect on the network's consent page; the channel's id."""
    guide = scene.visitor.look(f"{scene.home}/channels/apps/{NEW}")
    assert f"{scene.visitor.url}/connect/callback" in guide
    scene.visitor.submit(f"{scene.home}/channels/apps/{NEW}", client_id=f"{NEW}-client", client_secret=f"{NEW}-secret")
    page = scene.visitor.submit(f"{scene.home}/channels/connect/{NEW}", way="0")
    scene.visitor.look(scene.consent(leads_to(page), "ana"))
    (channel,) = scene.visitor.api("GET", f"{scene.api}/channels")
    assert (channel["network"], channel["handle"], channel["limits"]["text"]) == (NEW, "@ana", 500)
    assert [option["name"] for option in channel["options"]] == ["audience", "board"]
    return str(channel["id"])


def picture(scene: Scene) -> list[dict[str, str]]:
    """One from the library, with a description."""
    raw = io.BytesIO()
    Image.new("RGB", (640, 480), (40, 120, 200)).save(raw, "JPEG")
    media = scene.visitor.upload(f"{scene.api}/uploads", "quay.jpg", raw.getvalue())
    return [{"id": media["id"], "alt": "The quay at noon"}]


def published(scene: Scene, draft: dict[str, Any]) -> dict[str, Any]:
    """Schedule it a moment ahead; the delivery, once its post's page says that it is out."""
    post = scene.visitor.api("POST", f"{scene.api}/posts", draft)
    assert scene.out() == []
    at = (datetime.now(UTC) + AHEAD).isoformat()
    scene.visitor.api("POST", f"{scene.api}/posts/{post['id']}/schedule", {"at": at})
    until(lambda: 'data-face="published"' in scene.visitor.look(f"{scene.home}/posts/{post['id']}"), 30)
    (delivery,) = scene.visitor.api("GET", f"{scene.api}/posts/{post['id']}/deliveries")["deliveries"]
    return dict(delivery)


def journey(scene: Scene) -> None:
    """What a person does with a network that the program has never heard of."""
    channel = connect(scene)
    (board,) = scene.visitor.api("GET", f"{scene.api}/channels/{channel}/options/board?q=notes")
    long = {"channels": [channel], "items": [{"text": "x" * 501}]}
    assert scene.problems(long) == [f"1 characters too long for {NEW.title()} (500 at most)."]
    chosen = {"board": board["value"], "audience": "followers"}
    item = {"text": "The first boat is in", "media": picture(scene)}
    draft = {"channels": [channel], "items": [{**item, "variants": [{"channel": channel, "options": chosen}]}]}
    assert scene.problems(draft) == ["What is on a board can be seen by everyone."]
    chosen["audience"] = ""
    assert scene.problems(draft) == []

    delivery = published(scene, draft)

    (post,) = scene.out()
    assert (post["text"], post["board"], post["alts"]) == ("The first boat is in", "b2", ["The quay at noon"])
    assert (delivery["state"], delivery["url"]) == ("delivered", post["page"])
    with urllib.request.urlopen(delivery["url"], timeout=30) as seen:
        assert "The first boat is in" in unescape(seen.read().decode())
    for page in ("compose", "channels", "calendar?view=list"):
        assert re.search(NEW, scene.visitor.look(f"{scene.home}/{page}"), re.I)
    assert scene.visitor.look(f"/static/networks/{NEW}.svg").startswith("<svg")


def test_a_network_that_was_just_added_takes_a_post_and_no_file_that_was_there_has_changed(tmp_path: Path) -> None:
    checkout = Checkout.made(tmp_path)
    before = checkout.files()
    added = checkout.tidings("new-network", NEW)
    assert added.returncode == 0, added.stderr
    with serving(checkout) as scene:
        journey(scene)
    after = checkout.files()
    assert {path: after.get(path) for path in before} == before
    assert len(set(after) - set(before)) == 5
