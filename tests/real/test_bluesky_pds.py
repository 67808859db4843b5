"""Bluesky's own server decides whether what we send is right. Skipped where it is not installed."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.networks.tell import journal, until_ended
from tests.real import pds
from tidings import networks, simulators
from tidings.core import clock
from tidings.deliveries.send import send
from tidings.networks.base import Access, Grant, OAuth2, Outgoing, Profile, Receipt, Rendition, Site
from tidings.networks.bluesky import Bluesky
from tidings.networks.errors import Later, Reconnect
from tidings.networks.oauth import Flow

pytestmark = pytest.mark.real
NOBODY = Profile("", "", "")
LOOPBACK = Site("Tidings", "http://127.0.0.1:8000", "http://127.0.0.1:8000/connect/callback")
PUBLIC = Site("Tidings", pds.PUBLIC, f"{pds.PUBLIC}/connect/callback")
FAMILY = "👨‍👩‍👧‍👦"
DOCUMENTS: dict[str, Any] = {}


class Documents(http.server.BaseHTTPRequestHandler):
    """What the server fetches from us."""

    def do_GET(self) -> None:
        body = json.dumps(DOCUMENTS[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[pds.Cutter]:
    """The real server behind its proxy, and every handle looked for there."""
    ours = http.server.ThreadingHTTPServer(("127.0.0.1", simulators.free_port()), Documents)
    threading.Thread(target=ours.serve_forever, daemon=True).start()
    real = Bluesky.hosts
    networks.lead("bluesky", pds.HOSTS)
    try:
        with pds.running(ours.server_port) as cutter:
            yield cutter
    finally:
        networks.lead("bluesky", real)
        ours.shutdown()


@pytest.fixture(scope="module")
def person(server: pds.Cutter) -> pds.Person:
    return pds.person()


@pytest.fixture(scope="module")
def by_password(person: pds.Person) -> Bluesky:
    """Signed in with an app password."""
    found = Bluesky.server({"handle": person.handle}, pds.door())
    grant = Bluesky(Access(NOBODY, {}, found), pds.door(), "connect").sign_in({"password": person.app_password})
    return Bluesky(Access(NOBODY, grant.secrets, found), pds.door(), "publish")


def sign_in(person: pds.Person, site: Site) -> Bluesky:
    """Signed in on the server's own consent page."""
    found = Bluesky.server({"handle": person.handle}, pds.door())
    app = Bluesky.register(found, site, pds.door())
    folder = "/connect/documents/bluesky"
    DOCUMENTS.update({f"{folder}/{name}": said for name, said in Bluesky.documents(site, app).items()})
    flow = Flow(Bluesky.endpoints(found), app, pds.door(), Bluesky.assertion)
    way = Bluesky.connect[0]
    assert isinstance(way, OAuth2)
    pending = flow.begin(way, site, person.handle)
    grant = flow.finish(site, pending.keep, pds.allow(pending.url, person, " ".join(way.scopes)))
    return Bluesky(Access(NOBODY, grant.secrets, found, app), pds.door(), "publish")


def renewed(network: Bluesky, grant: Grant) -> Bluesky:
    access = Access(NOBODY, grant.secrets, network.access.server, network.access.app)
    return Bluesky(access, network.plain, "publish")


def picture() -> Rendition:
    raw = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 40)).save(raw, "JPEG")
    data = raw.getvalue()
    return Rendition("picture", "image/jpeg", len(data), 64, 48, alt="Orange", open=lambda: io.BytesIO(data))


def out(receipt: Receipt | None) -> list[dict[str, Any]]:
    """The posts on the server under this receipt's id."""
    assert receipt
    return [post for post in pds.posts(receipt.id.split("/")[2]) if post["uri"] == receipt.id]


def test_an_app_password_signs_in_and_a_picture_arrives_whole(by_password: Bluesky, person: pds.Person) -> None:
    assert by_password.profile().handle == person.handle
    text = f"Grüße 👋🏽 @{person.handle} https://example.org/a_(b) #hallo"
    wish = Outgoing(text, (picture(),), {"langs": "de", "labels": "nudity", "who_can_reply": "nobody"})
    outcome = send(by_password, wish, journal("picture"))
    (post,) = out(outcome.receipt)
    value = post["value"]
    assert (value["text"], value["langs"]) == (text, ["de"])
    (image,) = value["embed"]["images"]
    assert pds.blob(person.did, image["image"]["ref"]["$link"]) == picture().read()
    assert (image["alt"], image["aspectRatio"]) == ("Orange", {"width": 64, "height": 48})
    said = {text.encode()[f["index"]["byteStart"]:f["index"]["byteEnd"]].decode() for f in value["facets"]}
    assert said == {f"@{person.handle}", "https://example.org/a_(b)", "#hallo"}
    assert by_password.record("app.bsky.feed.threadgate", post["uri"].rpartition("/")[2])


def test_an_app_password_is_renewed_twice_alike(by_password: Bluesky) -> None:
    assert by_password.renew().secrets == by_password.renew().secrets


@pytest.mark.parametrize("site", [LOOPBACK, PUBLIC], ids=["development client", "client with a key"])
def test_oauth_signs_in_publishes_renews_and_dies_of_a_replay(person: pds.Person, site: Site) -> None:
    network = sign_in(person, site)
    assert network.profile().id == person.did
    outcome = send(network, Outgoing(f"Proof of possession, {site.base_url}", (picture(),)), journal(site.base_url))
    assert len(out(outcome.receipt)) == 1
    fresh = renewed(network, network.renew())
    assert fresh.profile().id == person.did
    with pytest.raises(Reconnect, match="replayed"):
        network.renew()
    with pytest.raises(Reconnect):
        fresh.profile()


def test_oauth_is_revoked(person: pds.Person) -> None:
    network = sign_in(person, LOOPBACK)
    network.revoke()
    with pytest.raises(Reconnect):
        network.profile()


@pytest.mark.parametrize("mode", ["lose", "part", "refuse"])
@pytest.mark.parametrize("step", ["uploadBlob", "putRecord"])
@pytest.mark.parametrize("way", ["password", "oauth"])
def test_an_answer_that_was_lost_leaves_exactly_one_post(
    server: pds.Cutter, by_password: Bluesky, person: pds.Person, way: str, step: str, mode: str
) -> None:
    network = sign_in(person, LOOPBACK) if way == "oauth" else by_password
    network.profile()  # so that no nonce has to be learned on the way
    before = len(pds.posts(person.did))
    hits = server.order("state")["hits"]
    server.order(f"once {mode} {step}")
    outcome = until_ended(network, Outgoing("Once", (picture(),)), journal(f"{way} {step} {mode}"))
    assert server.order("state")["hits"] == hits + 1
    assert outcome.state == "delivered"
    assert len(out(outcome.receipt)) == 1
    assert len(pds.posts(person.did)) == before + 1


def test_a_reply_is_taken(by_password: Bluesky) -> None:
    root = send(by_password, Outgoing("Part one"), journal("root")).receipt
    reply = send(by_password, Outgoing("Part two", reply_to=root, root=root, position=1), journal("reply")).receipt
    assert root
    (post,) = out(reply)
    assert post["value"]["reply"]["root"] == {"uri": root.id, "cid": root.extra["cid"]}


def test_a_blob_that_vanished_is_uploaded_again(by_password: Bluesky) -> None:
    told, wish = journal("vanished"), Outgoing("Look", (picture(),))
    for post in pds.posts(by_password.did):
        by_password.drop("app.bsky.feed.post", post["uri"].rpartition("/")[2])
    first = send(by_password, wish, told).receipt
    assert first
    by_password.delete(first)
    with pytest.raises(Later):
        by_password.find(wish, told)
    del told.data["commit"]
    outcome = send(by_password, wish, journal("vanished", told.data))
    assert outcome.state == "waiting"
    assert "BlobNotFound" in outcome.reason
    assert len(out(until_ended(by_password, wish, told).receipt)) == 1


def test_another_text_under_the_same_key_finds_the_first(by_password: Bluesky) -> None:
    told = journal("swap")
    first = send(by_password, Outgoing("The first"), told).receipt
    del told.data["commit"]
    assert send(by_password, Outgoing("Another"), journal("swap", told.data)).receipt == first
    assert out(first)[0]["value"]["text"] == "The first"


@pytest.mark.parametrize(("text", "taken"), [
    ("ä" * 300, True), ("ä" * 301, False), (FAMILY * 120, True), (FAMILY * 121, False),
])
def test_the_server_counts_as_we_do(by_password: Bluesky, text: str, taken: bool) -> None:
    outcome = send(by_password, Outgoing(text), journal(f"{len(text)}{text[0]}"))
    assert (outcome.state == "delivered") is taken
    assert taken or "too big" in outcome.reason


@pytest.mark.parametrize("way", ["password", "consent page"])
def test_a_post_is_listed_and_seen_until_it_is_deleted(by_password: Bluesky, person: pds.Person, way: str) -> None:
    network = by_password if way == "password" else sign_in(person, LOOPBACK)
    since = clock.now() - timedelta(seconds=5)
    receipts = [send(network, Outgoing(f"{way} {n}"), journal(f"{way} {n}")).receipt for n in range(2)]
    first, second = (receipt for receipt in receipts if receipt)
    looking = network.on("find")
    mine = [seen for seen in looking.recent(since) if seen.text.startswith(way)]
    assert [(seen.text, seen.receipt) for seen in mine] == [(f"{way} 1", second), (f"{way} 0", first)]
    assert all(since <= seen.at <= clock.now() for seen in mine)
    assert looking.recent(clock.now() + timedelta(minutes=1)) == []
    assert looking.present(first)
    network.delete(first)
    assert (looking.present(first), looking.present(second)) == (False, True)
