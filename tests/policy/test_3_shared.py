"""3 · Who gets something: nobody before it is due, then only the networks that were chosen."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.conftest import Town
from tests.policy import life
from tests.policy.life import TEXT, Life
from tests.policy.sight import Witness
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door, Forbidden, Request
from tidings.networks.base import Network, Outgoing, Receipt, Sending
from tidings.privacy.policy import policy

pytestmark = pytest.mark.django_db(transaction=True)
# purposes that carry no content
SAYS_NOTHING = {"connect", "refresh", "look", "measure", "inbox", "revoke", "fetch", "preview"}


def _every_page(mine: Life, post: str, channel: str) -> None:
    """What a person opens while writing, and what the composer asks for them."""
    for page in (
        "compose", f"posts/{post}", f"posts/{post}/edit", "calendar?view=month", "calendar?view=week",
        "calendar?view=list", "attention", "channels", "channels/connect", "media", f"posts/{post}/progress",
    ):
        assert mine.client.get(f"{mine.home}/{page}").status_code < 400, page
    mine.api("posts/check", {"channels": [channel], "items": [{"text": TEXT}]})
    mine.client.get(f"/api/v1/workspaces/{mine.member.workspace.slug}/channels/{channel}/mentions?q=ana")


def test_3_sharing_no_network_hears_of_a_post_before_it_is_due_and_only_the_chosen_one_after(
    town: Town, witness: Witness
) -> None:
    mine, chosen = life.connected(town, witness)
    _mine, other = life.connected(town, witness, "bluesky", mine)
    witness.seen.clear()

    post = mine.write(chosen)
    _every_page(mine, post, str(chosen.id))
    mine.schedule(post)
    life.work(witness, timedelta(minutes=59))

    assert witness.carrying(TEXT) == []
    asked = {"look", "refresh", "fetch", "measure"}  # whom to mention; a portrait; how many follow
    assert {one.purpose for one in witness.seen} <= asked
    assert not town["mastodon"].posts

    witness.seen.clear()
    life.work(witness, timedelta(minutes=61))
    out = witness.carrying(TEXT)
    assert {one.purpose for one in out} == {"publish"}
    said = [one for one in witness.seen if one.purpose != "measure"]
    assert said
    assert all(one.url.startswith(town["mastodon"].url) for one in said)
    assert len(town["mastodon"].posts) == 1
    assert not town["bluesky"].posts
    assert other.deliveries.count() == 0


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_3_sharing_what_is_asked_beside_publishing_never_carries_the_text(
    town: Town, witness: Witness, network: str
) -> None:
    mine, channel = life.connected(town, witness, network)
    mine.schedule(mine.write(channel))
    for ahead in (timedelta(hours=2), timedelta(hours=3), timedelta(days=2)):
        life.work(witness, ahead)

    assert town[network].posts
    assert [one for one in witness.carrying(TEXT) if one.purpose in SAYS_NOTHING] == []


def test_3_sharing_a_network_s_file_that_would_tell_the_text_beside_publishing_is_stopped(
    town: Town, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks = networks.get("mastodon")
    asked = []

    def publish(network: Network, outgoing: Outgoing, _sending: Sending) -> Receipt:
        asked.append(outgoing.text)
        network.on("look").call("GET", f"{network.access.server['url']}/api/v2/search?q={outgoing.text}")
        raise AssertionError("it was let through")

    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    monkeypatch.setattr(speaks, "publish", publish)
    life.work(witness, timedelta(hours=2))

    assert asked == [TEXT]
    assert witness.carrying(TEXT) == []
    assert "nothing but publishing" in channel.deliveries.get().reason


def test_3_sharing_the_door_leads_to_no_private_address() -> None:
    for address in ("http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/"):
        with pytest.raises(Forbidden):
            Door()(Request("GET", address, "fetch", seconds=1.0))


def test_3_official_requests_go_to_declared_interfaces_without_cookies(town: Town, witness: Witness) -> None:
    for network in ("mastodon", "bluesky"):
        mine, channel = life.connected(town, witness, network)
        mine.schedule(mine.write(channel))
    life.work(witness, timedelta(hours=2))

    homes = tuple(town[network].url for network in ("mastodon", "bluesky"))
    assert witness.seen
    assert [one.url for one in witness.seen if not one.url.startswith(homes)] == []
    assert [one.url for one in witness.seen if "cookie" in one.headers] == []


@pytest.mark.alike
@pytest.mark.parametrize("name", sorted(networks.every()))
def test_3_official_a_network_names_its_documentation_and_its_hosts(name: str) -> None:
    network = networks.get(name)
    for link in (network.docs, *network.hosts.values()):
        assert urlsplit(link).scheme in ("https", "wss")
        assert urlsplit(link).hostname
    assert network.checked <= clock.now().date()


def test_3_terms_the_policy_and_the_page_to_connect_link_to_each_networks_own_policy() -> None:
    mine = life.begin()
    shown = mine.client.get("/privacy").content.decode()
    rows = policy("en").rows
    assert len(rows) > 10
    for row in rows:
        assert f'href="{row.network.policy}"' in shown, row.network.name
    for name in ("mastodon", "bluesky", "x", "matrix"):  # one page for all of them, made from what they declare
        network = networks.get(name)
        page = mine.client.get(f"{mine.home}/channels/connect/{name}").content.decode()
        assert f'href="{network.policy}"' in page, name


def test_3_terms_what_a_network_wants_to_be_told_is_told_as_soon_as_it_is_on() -> None:
    wanting = [network for network in networks.every().values() if network.terms]
    assert wanting
    mine = life.begin()
    for network in wanting:
        assert network.terms
        page = mine.client.get(f"{mine.home}/channels/connect/{network.name}").content.decode()
        assert network.terms.api in page
        for link in (network.terms.link, network.grants, network.policy):
            assert f'href="{link}"' in page
