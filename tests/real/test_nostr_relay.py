"""A real Nostr relay decides whether what we say is right: through the product, and its engine. Skipped without one."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.networks.tell import journal, until_ended
from tests.real import relay
from tests.real.pds import Cutter
from tests.real.test_whole_product import serving
from tests.real.visitor import Visitor, until
from tidings import networks, simulators
from tidings.core.http import Door
from tidings.deliveries.send import send
from tidings.networks import _nip19
from tidings.networks._nostrkeys import Key, genuine
from tidings.networks.base import Access, Network, Outgoing, Profile
from tidings.networks.errors import Later, Rejected

pytestmark = [pytest.mark.real, pytest.mark.timeout(200)]
NOSTR = networks.get("nostr")


class product(serving):
    """`tidings serve` on this port, which may reach the relay."""

    def __init__(self, port: int, home: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        private = ",".join(relay.PRIVATE)
        ours = {"TIDINGS_HOME": str(home), "TIDINGS_PORT": str(port), "TIDINGS_PRIVATE_HOSTS": private}
        command = [sys.executable, "-m", "tests.real.launch", "{}", "serve"]
        self.url, self.log = f"http://127.0.0.1:{port}", (home / "log").open("w+")
        self.process = subprocess.Popen(command, env=clean | ours, stderr=self.log)


@pytest.fixture(scope="module")
def cutter() -> Iterator[Cutter]:
    with relay.running() as cutter:
        yield cutter


@pytest.fixture(scope="module")
def visitor(cutter: Cutter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A fresh instance whose first person has set it up."""
    with product(simulators.free_port(), tmp_path_factory.mktemp("home")) as visitor:
        first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
        visitor.submit("/", **first, workspace="Harbour", zone="Europe/Lisbon")
        yield visitor


@pytest.fixture
def secret() -> str:
    """A key that nobody has used."""
    return secrets.token_hex(32)


def network(secret: str, door: Any = None, url: str = relay.URL) -> Network:
    """Connected as the program connects."""
    door = door or Door(relay.PRIVATE)
    server = NOSTR.server({"relays": url, "media": ""}, Door(relay.PRIVATE))
    grant = NOSTR(Access(Profile("", "", ""), {}, server), door, "connect").sign_in({"key": secret})
    return NOSTR(Access(Profile("", "", ""), grant.secrets, server), door, "publish")


def test_a_person_connects_a_key_and_a_thread_is_on_the_relay(visitor: Visitor, secret: str) -> None:
    home = f"/w/{urlsplit(visitor.at).path.split('/')[2]}"
    api = home.replace("/w/", "/api/v1/workspaces/")
    typed = {"key": _nip19.encode("nsec", bytes.fromhex(secret)), "relays": relay.URL, "media": ""}
    page = visitor.submit(f"{home}/channels/connect/nostr", way="0", **typed)
    assert Key(secret).npub[:12] in page
    assert secret not in page
    (channel,) = visitor.api("GET", f"{api}/channels")
    draft = {"channels": [channel["id"]], "items": [{"text": "Grüße 👋🏽 #harbour"}, {"text": "And then"}]}
    post = visitor.api("POST", f"{api}/posts", draft)
    at = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    visitor.api("POST", f"{api}/posts/{post['id']}/schedule", {"at": at})

    until(lambda: 'data-face="published"' in visitor.look(f"{home}/posts/{post['id']}"), 60)

    first, second = sorted(relay.notes(Key(secret).public), key=lambda note: note["content"], reverse=True)
    assert all(map(genuine, (first, second)))
    assert (first["content"], second["content"]) == ("Grüße 👋🏽 #harbour", "And then")
    assert ["t", "harbour"] in first["tags"]
    assert ["e", first["id"], relay.URL, "root", Key(secret).public] in second["tags"]


@pytest.mark.parametrize("mode", ["lose", "part", "refuse"])
def test_an_answer_that_is_lost_leaves_exactly_one_note(cutter: Cutter, secret: str, mode: str) -> None:
    hits = cutter.order("state")["hits"]
    cut = network(secret, relay.losing(cutter, mode), relay.CUT)
    told = journal(mode)
    assert send(cut, Outgoing("Only once"), told).state == "settling"
    assert cutter.order("state")["hits"] == hits + 1
    outcome = until_ended(cut, Outgoing("Only once"), journal(mode, told.data))
    assert outcome.receipt
    assert [note["id"] for note in relay.notes(Key(secret).public)] == [outcome.receipt.id]


def test_a_note_is_listed_and_seen_until_it_is_deleted(cutter: Cutter, secret: str) -> None:
    speaker = network(secret)
    receipt = send(speaker, Outgoing("Here for a while"), told := journal("seen")).receipt
    assert receipt
    assert speaker.find(Outgoing("Here for a while"), told) == receipt
    assert [(seen.text, seen.receipt) for seen in speaker.recent(told.first_try - timedelta(seconds=2))] == [
        ("Here for a while", receipt)
    ]
    assert speaker.present(receipt) is True
    speaker.delete(receipt)
    assert speaker.present(receipt) is False
    with pytest.raises(Later):
        speaker.find(Outgoing("Here for a while"), told)


def test_what_the_relay_refuses_is_told_in_its_words(cutter: Cutter, secret: str) -> None:
    outcome = send(network(secret), Outgoing("x" * 5000), journal("long"))
    assert outcome.state == "failed"
    assert relay.URL in outcome.reason
    assert relay.notes(Key(secret).public) == []


def test_a_key_that_says_who_it_is_is_known_by_its_name(cutter: Cutter, secret: str) -> None:
    speaker = network(secret)
    assert speaker.profile().name == speaker.profile().handle
    about = Key(secret).sign(0, json.dumps({"name": "ana"}), [])
    speaker._relays().tell(about)  # type: ignore[attr-defined]
    assert speaker.profile().name == "ana"


def test_a_changed_event_is_refused(cutter: Cutter, secret: str) -> None:
    forged = {**Key(secret).sign(1, "True", []), "content": "Forged"}
    with pytest.raises(Rejected, match="invalid"):
        network(secret)._relays().tell(forged)  # type: ignore[attr-defined]
