"""What the connect page shows to be carried over: a word to be posted, or a key that both sides sign with."""

import base64
import re
from html import unescape
from typing import cast

from django.test import Client

from tests import people, walk
from tests.channels.test_connect import everything_kept
from tests.conftest import Town
from tidings.channels.models import Channel
from tidings.simulators.webhook import WebhookReceiver
from tidings.workspaces.models import Member


def shown(client: Client, owner: Member, network: str) -> str:
    """The code on the network's page."""
    page = unescape(client.get(f"{people.home(owner)}/channels/connect/{network}").content.decode())
    found = re.search(r'<code class="code"[^>]*>([^<]+)</code>', page)
    assert found, page
    return found[1]


def test_a_word_to_be_posted_is_short_and_says_whose_it_is(town: Town) -> None:
    owner = people.owner()

    assert re.fullmatch("tidings-[a-z2-9]{10}", shown(people.signed_in(owner), owner, "telegram"))


def test_a_secret_that_is_shown_is_a_fresh_key_of_32_bytes(town: Town) -> None:
    first, second = people.owner(), people.owner()
    keys = [shown(people.signed_in(owner), owner, "webhook") for owner in (first, first, second)]

    assert len(set(keys)) == 3
    assert all(key.startswith("whsec_") for key in keys)
    assert {len(base64.b64decode(key.removeprefix("whsec_"), validate=True)) for key in keys} == {32}
    assert not any(key in everything_kept() for key in keys)


def test_a_receiver_is_told_the_key_and_posts_are_signed_with_it(town: Town) -> None:
    owner, receiver = people.owner(), cast(WebhookReceiver, town["webhook"])
    client = people.signed_in(owner)
    key = shown(client, owner, "webhook")
    too_early = walk.leave(client, owner, receiver)
    receiver.secret = key

    walk.leave(client, owner, receiver)

    assert "The signature is not right" in unescape(too_early.content.decode())
    assert shown(client, owner, "webhook") != key
    assert Channel.objects.get().access().secrets["secret"] == key
