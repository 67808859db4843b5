"""What is peculiar about publishing to Bluesky, over real HTTP to its simulator."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import urllib3

from tests.conftest import SHARED, Town
from tests.networks.tell import journal, until_ended
from tidings.core import clock, http
from tidings.core.http import Door
from tidings.deliveries.send import send
from tidings.networks import _atproto
from tidings.networks.answered import Message
from tidings.networks.base import Outgoing, Receipt, Rendition
from tidings.networks.bluesky import Bluesky
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators._atauth import did
from tidings.simulators.bluesky import BlueskyServer

POSTS, GATES = "app.bsky.feed.post", "app.bsky.feed.threadgate"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def bluesky(town: Town) -> BlueskyServer:
    return cast(BlueskyServer, town["bluesky"])


@pytest.fixture
def connected(bluesky: BlueskyServer, door: Door) -> Bluesky:
    """A channel by app password, ready to publish."""
    return Bluesky(bluesky.access(), door, "publish")


def publish(network: Bluesky, outgoing: Outgoing, key: str = "one") -> Receipt:
    outcome = send(network, outgoing, journal(key))
    assert outcome.receipt, outcome.reason
    return outcome.receipt


def picture(data: bytes = b"a picture", alt: str = "A blue field") -> Rendition:
    return Rendition("picture", "image/jpeg", len(data), 64, 48, alt=alt, open=lambda: io.BytesIO(data))


def film() -> Rendition:
    return Rendition("film", "video/mp4", 6, 640, 360, 2.0, open=lambda: io.BytesIO(b"a film"))


def only(bluesky: BlueskyServer) -> dict[str, Any]:
    """The one post that is out."""
    (post,) = bluesky.posts.values()
    value: dict[str, Any] = post["value"]
    return value


def test_a_post_is_a_record_with_pictures_described(bluesky: BlueskyServer, connected: Bluesky) -> None:
    receipt = publish(connected, Outgoing("Two", (picture(), picture(b"another", "")), {"langs": "en, de"}))
    post = only(bluesky)
    first, second = post["embed"]["images"]
    assert (first["alt"], second["alt"]) == ("A blue field", "")
    assert first["aspectRatio"] == {"width": 64, "height": 48}
    assert post["langs"] == ["en", "de"]
    assert receipt.url == f"{bluesky.url}/profile/{did('demo')}/post/{receipt.id.rpartition('/')[2]}"
    assert "Two" in urllib3.request("GET", receipt.url).data.decode()


def test_a_second_send_under_one_key_is_one_post(bluesky: BlueskyServer, connected: Bluesky) -> None:
    first = journal()
    made = send(connected, Outgoing("Once"), first)
    forgot = {name: value for name, value in first.data.items() if name != "commit"}
    again = send(connected, Outgoing("Once"), journal(kept=forgot))
    assert again.receipt == made.receipt
    assert len(bluesky.posts) == 1
    assert bluesky.requests("putRecord") == 2


def test_another_text_under_a_key_that_is_out_finds_what_is_out(bluesky: BlueskyServer, connected: Bluesky) -> None:
    first = journal()
    made = send(connected, Outgoing("Once"), first)
    forgot = {name: value for name, value in first.data.items() if name != "commit"}
    assert send(connected, Outgoing("Twice"), journal(kept=forgot)).receipt == made.receipt
    assert only(bluesky)["text"] == "Once"


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down"])
def test_a_lost_answer_is_repeated_and_makes_no_second_post(
    bluesky: BlueskyServer, connected: Bluesky, misdeed: Any
) -> None:
    bluesky.trick(misdeed, "putRecord", times=3)
    outcome = until_ended(connected, Outgoing("Exactly once"), journal())
    assert outcome.state == "delivered"
    assert len(bluesky.posts) == 1
    assert bluesky.requests("putRecord") == 4


def test_its_key_sorts_by_the_time_of_the_first_try(connected: Bluesky) -> None:
    told = journal()
    early = publish(connected, Outgoing("first"))
    with clock.shifted(timedelta(seconds=1)):
        late = publish(connected, Outgoing("second"), "two")
    assert early.id < late.id
    assert _atproto.tid(told.first_try, "one") != _atproto.tid(told.first_try, "two")


def test_find_says_surely_not_only_when_the_server_says_so(bluesky: BlueskyServer, connected: Bluesky) -> None:
    looking, told = cast(Bluesky, connected.on("find")), journal()
    with pytest.raises(Later):
        looking.find(Outgoing("x"), told)
    made = send(connected, Outgoing("x"), told)
    bluesky.trick("limit", "getRecord")
    with pytest.raises(NotYet):
        looking.find(Outgoing("x"), told)
    assert looking.find(Outgoing("x"), told) == made.receipt
    connected.delete(cast(Receipt, made.receipt))
    with pytest.raises(Later, match="not there"):
        looking.find(Outgoing("x"), told)


def test_facets_are_byte_offsets(bluesky: BlueskyServer, connected: Bluesky) -> None:
    text = "👋🏽 Grüße @demo.bluesky.sim, seht https://example.org/a_(b)?c=d#e. #Tagwerk! @nobody.example.org"
    publish(connected, Outgoing(text))
    raw, said = text.encode(), {}
    for facet in only(bluesky)["facets"]:
        (feature,) = facet["features"]
        said[raw[facet["index"]["byteStart"]:facet["index"]["byteEnd"]].decode()] = feature
    assert said == {
        "@demo.bluesky.sim": {"$type": "app.bsky.richtext.facet#mention", "did": did("demo")},
        "https://example.org/a_(b)?c=d#e": {
            "$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/a_(b)?c=d#e",
        },
        "#Tagwerk": {"$type": "app.bsky.richtext.facet#tag", "tag": "Tagwerk"},
    }


@pytest.mark.parametrize("text", ["a#b", "# ", "#1", "me@demo.bluesky.sim", "@demo", "(https://)", "plain.example.org"])
def test_what_only_looks_like_a_facet_is_text(text: str) -> None:
    assert _atproto.facets(text, {"demo.bluesky.sim": "did:plc:x"}) == []


def test_a_thread_names_its_root_and_the_part_before(bluesky: BlueskyServer, connected: Bluesky) -> None:
    root = publish(connected, Outgoing("1"), "a")
    middle = publish(connected, Outgoing("2", reply_to=root, root=root, position=1), "b")
    end = publish(connected, Outgoing("3", reply_to=middle, root=root, position=2), "c")
    reply = bluesky.posts[end.id]["value"]["reply"]
    assert reply == {
        "root": {"uri": root.id, "cid": root.extra["cid"]}, "parent": {"uri": middle.id, "cid": middle.extra["cid"]},
    }


def test_a_post_that_a_person_found_can_be_replied_to(bluesky: BlueskyServer, connected: Bluesky) -> None:
    made = publish(connected, Outgoing("1"), "a")
    found = Bluesky.recognise(connected.access.profile, {}, made.url)
    assert (found.id, found.url) == (made.id, made.url)
    end = publish(connected, Outgoing("2", reply_to=found), "b")
    assert bluesky.posts[end.id]["value"]["reply"]["root"] == {"uri": made.id, "cid": made.extra["cid"]}
    with pytest.raises(Rejected):
        Bluesky.recognise(connected.access.profile, {}, "https://example.org/post/3jzfcijpj2z2a")


@pytest.mark.parametrize(("rule", "allow"), [
    ("nobody", []), ("mentioned", [{"$type": f"{GATES}#mentionRule"}]),
    ("following", [{"$type": f"{GATES}#followingRule"}]), ("followers", [{"$type": f"{GATES}#followerRule"}]),
])
def test_who_can_reply_is_a_record_beside_the_post(
    bluesky: BlueskyServer, connected: Bluesky, rule: str, allow: list[Any]
) -> None:
    receipt = publish(connected, Outgoing("Hush", options={"who_can_reply": rule}))
    gate = bluesky.records[receipt.id.replace(POSTS, GATES)]["value"]
    assert gate["post"] == receipt.id
    assert gate["allow"] == allow
    connected.delete(receipt)
    assert bluesky.records == {}


def test_a_reply_has_no_gate_of_its_own(bluesky: BlueskyServer, connected: Bluesky) -> None:
    root = publish(connected, Outgoing("1"), "a")
    publish(connected, Outgoing("2", reply_to=root, options={"who_can_reply": "nobody"}), "b")
    assert len(bluesky.records) == len(bluesky.posts) == 2


def test_a_gate_that_was_lost_is_set_without_posting_again(bluesky: BlueskyServer, connected: Bluesky) -> None:
    shy, told = Outgoing("Hush", options={"who_can_reply": "nobody"}), journal()
    first = _Cut(connected.door, lambda request: b"threadgate" in cast(bytes, request.body or b""))
    outcome = send(Bluesky(connected.access, first, "publish"), shy, told)
    assert outcome.state == "waiting"
    assert len(bluesky.posts) == 1
    assert until_ended(connected, shy, told).state == "delivered"
    assert len(bluesky.records) == 2
    assert bluesky.requests("putRecord") == 2


class _Cut:
    """A door that is cut for the requests a test names."""

    def __init__(self, door: http.Transport, cut: Callable[[http.Request], bool]) -> None:
        self.door, self.cut = door, cut

    def __call__(self, request: http.Request) -> http.Answer:
        if self.cut(request):
            raise http.NotSent("cut")
        return self.door(request)


def test_a_content_warning_is_a_label(bluesky: BlueskyServer, connected: Bluesky) -> None:
    publish(connected, Outgoing("Art", options={"labels": "nudity"}))
    assert only(bluesky)["labels"]["values"] == [{"val": "nudity"}]


def test_a_blob_that_vanished_is_uploaded_again(bluesky: BlueskyServer, connected: Bluesky) -> None:
    told, post = journal(), Outgoing("Look", (picture(),))
    bluesky.trick("down", "putRecord")
    assert send(connected, post, told).state == "settling"
    bluesky.media.clear()
    assert until_ended(connected, post, told).state == "delivered"
    assert bluesky.requests("uploadBlob") == 2
    assert len(bluesky.posts) == 1


def test_deleting_takes_the_blobs_along_unless_another_post_shows_them(
    bluesky: BlueskyServer, connected: Bluesky
) -> None:
    one = publish(connected, Outgoing("1", (picture(),)), "a")
    two = publish(connected, Outgoing("2", (picture(),)), "b")
    connected.delete(one)
    assert bluesky.media
    connected.delete(two)
    connected.delete(two)
    assert not bluesky.media


def test_a_film_is_made_ready_by_the_video_service(bluesky: BlueskyServer, connected: Bluesky) -> None:
    bluesky.works_for = 2
    told = journal()
    first = send(connected, Outgoing("Film", (film(),)), told)
    assert first.state == "settling"
    assert until_ended(connected, Outgoing("Film", (film(),)), told).state == "delivered"
    assert only(bluesky)["embed"]["video"]["size"] == 6
    assert bluesky.requests("uploadVideo") == 1


def test_a_film_that_is_known_already_is_used(bluesky: BlueskyServer, connected: Bluesky) -> None:
    publish(connected, Outgoing("1", (film(),)), "a")
    publish(connected, Outgoing("2", (film(),)), "b")
    assert len(bluesky.jobs) == 1
    assert len(bluesky.posts) == 2


# limits


def test_text_is_counted_as_people_count_and_in_bytes(bluesky: BlueskyServer, connected: Bluesky) -> None:
    assert check(Bluesky, Outgoing("ä" * 300), {}) == []
    assert "1 characters too long" in check(Bluesky, Outgoing("ä" * 301), {})[0].message
    assert check(Bluesky, Outgoing(FAMILY * 120), {}) == []
    assert "bytes too long" in check(Bluesky, Outgoing(FAMILY * 121), {})[0].message


@pytest.mark.parametrize("text", ["ä" * 301, FAMILY * 121])
def test_the_server_refuses_what_the_check_would_have(bluesky: BlueskyServer, connected: Bluesky, text: str) -> None:
    outcome = send(connected, Outgoing(text), journal())
    assert outcome.state == "failed"
    assert "too big" in outcome.reason
    assert not bluesky.posts


def test_a_picture_over_the_servers_own_limit_fails_with_its_words(bluesky: BlueskyServer, connected: Bluesky) -> None:
    bluesky.blob_limit = 5
    outcome = send(connected, Outgoing("Big", (picture(),)), journal())
    assert (outcome.state, "too large" in outcome.reason) == ("failed", True)


def test_a_busy_server_is_asked_again_when_it_says(bluesky: BlueskyServer, connected: Bluesky) -> None:
    bluesky.trick("limit", "uploadBlob", seconds=90)
    outcome = send(connected, Outgoing("Soon", (picture(),)), journal())
    assert outcome.state == "waiting"
    assert outcome.at
    assert timedelta(seconds=80) < outcome.at - clock.now() < timedelta(seconds=91)


@pytest.mark.parametrize("media", [(picture(),) * 5, (film(), film()), (picture(), film())])
def test_five_pictures_two_films_or_both_kinds_are_told_before(media: tuple[Rendition, ...]) -> None:
    assert "media" in {problem.where for problem in check(Bluesky, Outgoing("Look", media), {})}


@pytest.mark.parametrize(("status", "error", "kind"), [
    (400, "ExpiredToken", Reconnect), (400, "InvalidToken", Reconnect), (401, "AccountTakedown", Reconnect),
    (401, "AccountDeactivated", Reconnect), (403, "ScopeMissingError", Reconnect), (400, "BlobNotFound", Later),
    (400, "InvalidSwap", Unsure), (400, "BlobTooLarge", Rejected), (413, "PayloadTooLarge", Rejected),
    (429, "RateLimitExceeded", Later), (500, "InternalServerError", Unsure),
])  # fmt: skip
def test_its_errors_lead_to_what_we_do(connected: Bluesky, status: int, error: str, kind: type[Reaction]) -> None:
    body, _kind = http.json_body({"error": error, "message": "No"})
    with pytest.raises(Reaction) as raised:
        connected.judge(http.Answer(status, {}, body))
    assert type(raised.value) is kind


def test_a_film_that_is_ready_is_no_post_yet(bluesky: BlueskyServer, connected: Bluesky) -> None:
    bluesky.trick("limit", "putRecord", seconds=1)
    told = journal()
    outcome = send(connected, Outgoing("Film", (film(),)), told)
    assert (outcome.state, outcome.receipt, len(bluesky.jobs), bluesky.posts) == ("waiting", None, 1, {})
    assert until_ended(connected, Outgoing("Film", (film(),)), told).state == "delivered"
    assert len(bluesky.posts) == 1


# numbers


def test_numbers_are_asked_for_as_anybody_without_the_access_that_publishes(
    bluesky: BlueskyServer, connected: Bluesky, door: Door
) -> None:
    receipt = publish(connected, Outgoing("Hello"))
    bluesky.seen.clear()
    bluesky.lock_out()
    with clock.shifted(timedelta(hours=9)):
        numbers = Bluesky(bluesky.access(), door, "measure").measure([receipt])[receipt.id]
    assert numbers
    assert "authorization" not in bluesky.seen[0].headers
    assert (numbers["likeCount"], numbers["quoteCount"]) > (0, 0)


def test_a_count_that_the_view_leaves_out_is_not_known_rather_than_none(
    bluesky: BlueskyServer, connected: Bluesky
) -> None:
    receipt = publish(connected, Outgoing("Hello"))
    bluesky.counts = ("likeCount", "replyCount")
    numbers = connected.measure([receipt])[receipt.id]
    assert set(numbers or {}) == {"likeCount", "replyCount"}


def test_a_post_that_the_view_does_not_list_is_not_called_gone(bluesky: BlueskyServer, connected: Bluesky) -> None:
    receipts = [publish(connected, Outgoing("One")), publish(connected, Outgoing("Two"), "two")]
    del bluesky.posts[receipts[0].id]
    assert set(connected.measure(receipts)) == {receipts[1].id}
    assert connected.present(receipts[0])


def test_no_more_posts_are_asked_for_at_once_than_the_view_takes(bluesky: BlueskyServer, connected: Bluesky) -> None:
    receipt = publish(connected, Outgoing("Hello"))
    most = connected.counting.batch
    assert len(connected.measure([receipt] * most)) == 1
    with pytest.raises(Rejected, match="not have more"):
        connected.measure([receipt] * (most + 1))


# the protocol's own examples


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_record_keys_are_known_as_the_protocols_own_examples_say(kind: str) -> None:
    path = SHARED / "specs" / "bluesky" / "interop-test-files" / "syntax" / f"tid_syntax_{kind}.txt"
    if not path.exists():
        pytest.skip("the protocol's example files are not beside this checkout")
    lines = [line for line in Path(path).read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert {_atproto.is_tid(line) for line in lines} == {kind == "valid"}


def inbox(bluesky: BlueskyServer, door: Door, post: Receipt) -> list[Message]:
    return list(Bluesky(bluesky.access(), door, "inbox").inbox(clock.now(), [post]))


def test_an_answer_to_a_comment_names_the_first_post_of_the_whole_thread(
    bluesky: BlueskyServer, connected: Bluesky, door: Door
) -> None:
    first = publish(connected, Outgoing("One"))
    second = publish(connected, Outgoing("Two", reply_to=first, root=first, position=1), "two")
    bluesky.remark("And three?", on=second.id)
    (message,) = inbox(bluesky, door, second)
    made = publish(connected, Outgoing("No", reply_to=message.receipt, root=second, position=1), "three")
    reply = bluesky.posts[made.id]["value"]["reply"]
    assert reply["root"] == {"uri": first.id, "cid": first.extra["cid"]}
    assert reply["parent"] == {"uri": message.receipt.id, "cid": message.receipt.extra["cid"]}


def test_an_answer_that_is_blocked_is_left_out_with_all_below_it(
    bluesky: BlueskyServer, connected: Bluesky, door: Door
) -> None:
    post = publish(connected, Outgoing("One"))
    blocked = bluesky.remark("Read my site", on=post.id)
    bluesky.remark("Why should we", on=post.id, reply_to=blocked)
    seen = bluesky.remark("Well said", on=post.id)
    bluesky.hidden = {blocked}
    (message,) = inbox(bluesky, door, post)
    assert message.receipt.url == f"{bluesky.url}/profile/{did('reader')}/post/{seen.rpartition('/')[2]}"
    assert bluesky.seen[-1].headers.get("authorization") is None
