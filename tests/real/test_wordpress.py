"""The whole program as a person uses it, publishing to a real WordPress. Skipped where that is not installed."""

import io
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from PIL import Image

from tests.real import wordpress
from tests.real.pds import Cutter
from tests.real.test_whole_product import serving
from tests.real.visitor import Visitor, leads_to, until
from tidings import networks, simulators
from tidings.core.http import Door
from tidings.networks.base import Access, Grant, Network, Profile, Receipt
from tidings.networks.errors import Reconnect

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]
AHEAD = timedelta(seconds=3)
BY_PAGE, BY_PASSWORD = "0", "1"


class product(serving):
    """`tidings serve` on this port, allowed to reach the site; ended when the block ends."""

    def __init__(self, port: int, home: Path, site: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        ours = {"TIDINGS_HOME": str(home), "TIDINGS_PORT": str(port),
                "TIDINGS_PRIVATE_HOSTS": urlsplit(site).netloc}
        command = [sys.executable, "-m", "tests.real.launch", "{}", "serve"]
        self.url, self.log = f"http://127.0.0.1:{port}", (home / "log").open("w+")
        self.process = subprocess.Popen(command, env=clean | ours, stderr=self.log)


@dataclass(frozen=True)
class Scene:
    """The program and the site, both running."""

    visitor: Visitor
    cutter: Cutter
    site: str
    home: str  # the workspace's pages
    api: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A fresh instance whose first person has set it up, beside the site."""
    port = simulators.free_port()
    with (
        wordpress.running() as (cutter, site),
        product(port, tmp_path_factory.mktemp("home"), site) as visitor,
    ):
        first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
        visitor.submit("/", **first, workspace="Harbour", zone="Europe/Lisbon")
        home = urlsplit(visitor.at).path.rpartition("/")[0]
        yield Scene(visitor, cutter, site, home, home.replace("/w/", "/api/v1/workspaces/"))


def by_password(scene: Scene) -> None:
    """Connect with an application password that was made by hand."""
    typed = {"server": scene.site, "user": "author", "password": wordpress.password()}
    assert "author@" in scene.visitor.submit(f"{scene.home}/channels/connect/wordpress", way=BY_PASSWORD, **typed)


def by_page(scene: Scene) -> None:
    """Connect by the site's own page."""
    page = scene.visitor.submit(f"{scene.home}/channels/connect/wordpress", way=BY_PAGE, server=scene.site)
    back = wordpress.approve(leads_to(page))
    assert back.startswith(f"{scene.visitor.url}/connect/callback?")
    assert "author@" in scene.visitor.look(back.removeprefix(scene.visitor.url))


def channel(scene: Scene) -> str:
    (found,) = scene.visitor.api("GET", f"{scene.api}/channels")
    assert found["paused"] == ""
    return str(found["id"])


def picture(scene: Scene, alt: str) -> list[dict[str, str]]:
    """A picture brought into the library."""
    raw = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 80, 40)).save(raw, "JPEG")
    return [{"id": scene.visitor.upload(f"{scene.api}/uploads", "Kai am Süden.jpg", raw.getvalue())["id"], "alt": alt}]


def publish(scene: Scene, text: str, media: list[dict[str, str]], **options: Any) -> dict[str, Any]:
    """Compose, check, schedule, and wait for the receipt; the delivery."""
    item = {"text": text, "media": media, "variants": [{"channel": channel(scene), "options": options}]}
    draft = {"channels": [channel(scene)], "items": [item]}
    checked = scene.visitor.api("POST", f"{scene.api}/posts/check", draft)
    assert [p for c in checked["channels"] for i in c["items"] for p in i["problems"]] == []
    post = scene.visitor.api("POST", f"{scene.api}/posts", draft)
    at = (datetime.now(UTC) + AHEAD).isoformat()
    scene.visitor.api("POST", f"{scene.api}/posts/{post['id']}/schedule", {"at": at})
    page = f"{scene.home}/posts/{post['id']}"
    until(lambda: 'data-face="published"' in scene.visitor.look(page), 90)
    (delivery,) = scene.visitor.api("GET", f"{scene.api}/posts/{post['id']}/deliveries")["deliveries"]
    return dict(delivery)


def named(what: str, ids: list[int]) -> set[str]:
    return {wordpress.ask("GET", f"{what}/{id}")["name"] for id in ids}


@pytest.mark.parametrize("connect", [by_password, by_page])
def test_an_article_arrives_whole_on_the_site(scene: Scene, connect: Any) -> None:
    connect(scene)
    mark = secrets.token_hex(4)
    title = f"1 < 2 & Grüße <b>{mark}</b> 👋🏽"
    group = wordpress.ask("POST", "categories", {"name": f"Bread {mark}"})
    looked_up = scene.visitor.api("GET", f"{scene.api}/channels/{channel(scene)}/options/category?q={mark}")
    assert [one["value"] for one in looked_up] == [str(group["id"])]

    delivery = publish(
        scene, f"Fresh *rye* {mark}\n\n<script>alert(1)</script>", picture(scene, "The quay"), title=title,
        tags=["harbour", f"new {mark}"], category=str(group["id"]), excerpt="Short & good", comments=False,
    )

    (made,) = wordpress.articles(title)
    assert (made["status"], made["comment_status"], made["link"]) == ("publish", "closed", delivery["url"])
    assert made["slug"].startswith("1-2-gruse")
    assert f"<p>Fresh <em>rye</em> {mark}</p>" in made["content"]["raw"]
    assert "<script" not in made["content"]["raw"]
    assert made["excerpt"]["raw"] == "Short &amp; good"
    assert named("tags", made["tags"]) == {"harbour", f"new {mark}"}
    assert named("categories", made["categories"]) == {f"Bread {mark}"}
    featured = wordpress.ask("GET", f"media/{made['featured_media']}")
    assert featured["alt_text"] == "The quay"
    seen = Image.open(io.BytesIO(urllib3.request("GET", featured["source_url"]).data))
    assert seen.size == (640, 480)
    page = urllib3.request("GET", delivery["url"]).data.decode()
    assert f"<em>rye</em> {mark}" in page
    assert f"<b>{mark}" not in page


@pytest.mark.parametrize(("step", "mode"), [
    ("POST /wp-json/wp/v2/tags", "lose"), ("POST /wp-json/wp/v2/posts ", "lose"),
    ("POST /wp-json/wp/v2/posts/", "lose"), ("POST /wp-json/wp/v2/posts/", "part"),
])
def test_an_answer_that_was_lost_leaves_exactly_one_article(scene: Scene, step: str, mode: str) -> None:
    by_password(scene)
    title = f"Only once {secrets.token_hex(4)}"
    hits = scene.cutter.order("state")["hits"]
    scene.cutter.order(f"once {mode} {step}")
    publish(scene, "Fog", [], title=title, tags=[title])
    assert scene.cutter.order("state")["hits"] == hits + 1
    (made,) = wordpress.articles(title)
    assert made["status"] == "publish"
    assert len(wordpress.ask("GET", f"tags?search={title.rpartition(' ')[2]}")) == 1


def test_who_disconnects_has_no_password_left_on_the_site(scene: Scene) -> None:
    by_page(scene)
    before = len(wordpress.passwords())
    scene.visitor.press(f"{scene.home}/channels/{channel(scene)}/disconnect")
    assert len(wordpress.passwords()) == before - 1


# what no page asks for yet


def speaker(user: str = "author") -> Network:
    speaks, door = networks.get("wordpress"), Door(private=[urlsplit(wordpress.URL).netloc])
    found = speaks.server({"server": wordpress.URL}, door)
    grant = Grant({"user": user, "password": wordpress.password(user)})
    return speaks(Access(Profile("", "", ""), grant.secrets, found), door, "publish")


def test_what_is_taken_back_lies_in_the_bin_and_a_second_time_is_fine(scene: Scene) -> None:
    title = f"Taken back {secrets.token_hex(4)}"
    made = wordpress.ask("POST", "posts", {"title": title, "content": "Fog", "status": "publish"}, "author")
    receipt, network = Receipt(str(made["id"]), made["link"], {"place": "/wp/v2/posts"}), speaker()
    assert network.present(receipt)
    network.delete(receipt)
    network.delete(receipt)
    assert [one["status"] for one in wordpress.articles(title)] == ["trash"]
    assert not network.present(receipt)
    wordpress.ask("DELETE", f"posts/{made['id']}?force=true")
    network.delete(receipt)
    assert not network.present(receipt)


def test_a_password_that_is_given_back_is_dead(scene: Scene) -> None:
    network = speaker()
    network.revoke()
    with pytest.raises(Reconnect):
        network.profile()


def test_an_author_is_offered_no_pages_and_nobody_the_library(scene: Scene) -> None:
    assert speaker("author").lookup("type", "") == [("posts", "Posts")]
    assert speaker("admin").lookup("type", "") == [("posts", "Posts"), ("pages", "Pages")]
