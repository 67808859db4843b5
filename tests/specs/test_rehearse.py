"""The rehearsal: what it makes a network do, and as what its requests are remembered."""

import json
from urllib.parse import urlsplit

import pytest

from tidings import networks, simulators
from tidings.commands.specs.record import Recorder
from tidings.commands.specs.rehearse import Rehearsal, rehearse
from tidings.core.http import Answer, Request


@pytest.fixture(scope="module")
def played() -> Rehearsal:
    return rehearse("mastodon")


def test_a_rehearsal_goes_from_signing_in_over_every_kind_of_post_to_revoking(played: Rehearsal) -> None:
    made = [f"{one.method} {urlsplit(one.addresses[0]).path}" for one in played.sent]
    assert played.failures == ()
    for line in ("POST /oauth/token", "GET /api/v1/accounts/verify_credentials", "POST /api/v2/media",
                 "POST /api/v1/statuses", "POST /oauth/revoke"):
        assert line in made
    assert any(line.startswith("DELETE /api/v1/statuses/") for line in made)


def test_every_value_of_every_option_is_sent_once(played: Rehearsal) -> None:
    posts = [json.loads(one.body) for one in played.sent if one.method == "POST" and "statuses" in one.addresses[0]]
    assert {post.get("visibility") for post in posts} == {None, "public", "unlisted", "private", "direct"}
    assert {"spoiler_text", "poll", "language", "sensitive", "in_reply_to_id", "media_ids"} <= set().union(*posts)


def test_the_hosts_are_the_real_ones_again_after_a_rehearsal() -> None:
    before = dict(networks.get("x").hosts)
    rehearse("x")
    assert networks.get("x").hosts == before


def test_requests_are_remembered_as_they_would_have_gone_to_the_real_hosts() -> None:
    one = simulators.every("http://127.0.0.1:1")["bluesky"]
    door = Recorder(lambda request: Answer(200), one, networks.get("bluesky").hosts)
    for url in (f"{one.url}/plc/did:plc:a", f"{one.url}/xrpc/a?b=c"):
        door(Request("GET", url, "look"))
    directory, server = (sent.addresses for sent in door.sent)
    assert directory == ("https://plc.directory/did:plc:a",)
    assert "https://video.bsky.app/xrpc/a?b=c" in server


def test_a_streamed_body_arrives_whole_and_is_remembered() -> None:
    arrived: list[object] = []

    def end(request: Request) -> Answer:
        arrived.append(request.body)
        return Answer(200)

    door = Recorder(end, simulators.every("http://127.0.0.1:1")["mastodon"], {})
    door(Request("POST", "http://127.0.0.1:1/mastodon/a", "publish", {}, iter([b"one ", b"two"])))
    assert arrived == [b"one two"]
    assert door.sent[0].body == b"one two"


def test_posts_are_made_again_for_each_way_of_connecting() -> None:
    posts = [one for one in rehearse("bluesky").sent if one.addresses[0].endswith("putRecord")]
    assert {"dpop" in one.headers for one in posts} == {True, False}
