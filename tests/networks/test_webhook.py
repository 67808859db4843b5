"""What is peculiar to webhooks: the signature, what every try has in common, and receivers of several habits."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Door, Request
from tidings.networks.base import Access, Network, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.webhook import SECRET, WebhookReceiver

WEBHOOK = networks.get("webhook")

REFUSALS = [
    Refusal("nothing at all", Outgoing(" ")),
    Refusal("nothing to read, in the words of a chat", Outgoing(" "), {"format": "slack"}),
    Refusal("a text of 100,001 characters", Outgoing("x" * 100_001)),
    Refusal("inline media of 800 KB", Outgoing("Look", (pieces.picture(size=800_000),)), {"media": "inline"}),
]


@pytest.fixture
def receiver(town: Town) -> WebhookReceiver:
    return cast(WebhookReceiver, town["webhook"])


def case(receiver: WebhookReceiver, door: Door, said: str = "Good morning", *media: Any, **server: Any) -> Case:
    access = receiver.access()
    return Case(receiver, replace(access, server={**access.server, **server}), Outgoing(said, media), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post["said"])


def signing_in(receiver: WebhookReceiver, door: Door, **typed: str) -> tuple[Network, dict[str, str]]:
    fields = {**receiver.typed(), **typed}
    return WEBHOOK(Access(Profile("", "", ""), {}, WEBHOOK.server(fields, door)), door, "connect"), fields


# connecting


def test_connecting_pings_the_receiver_and_posts_nothing(receiver: WebhookReceiver, door: Door) -> None:
    network, fields = signing_in(receiver, door, header="Authorization: Bearer letters")
    grant = network.sign_in(fields)
    assert dict(grant.secrets) == {"secret": SECRET, "header": "Authorization: Bearer letters"}
    assert [json.loads(body) for body in receiver.bodies] == [{"type": "tidings.ping"}]
    assert (receiver.seen[-1].headers["authorization"], receiver.posts) == ("Bearer letters", {})
    assert network.profile().handle == receiver.url.split("/")[2]


@pytest.mark.parametrize(("typed", "says"), [
    ({"url": "http://example.org/posts"}, "https"), ({"url": "https://ana:secret@example.org"}, "https"),
    ({"url": "ftp://example.org"}, "https"), ({"url": ""}, "https"), ({"status": "javascript:1"}, "https"),
    ({"numbers": "javascript:{id}"}, "https"), ({"numbers": "https://example.org/numbers"}, "{id}"),
    ({"format": "xml"}, "format"), ({"media": "post"}, "media"), ({"header": "no header"}, "header"),
    ({"header": "A: b\r\nHost: c"}, "header"), ({"secret": "whsec_AAAA"}, "signature"),
])  # fmt: skip
def test_what_is_typed_wrongly_is_refused_with_a_sentence(
    receiver: WebhookReceiver, door: Door, typed: dict[str, str], says: str
) -> None:
    def connect() -> None:
        network, fields = signing_in(receiver, door, **typed)
        network.sign_in(fields)

    with pytest.raises(Rejected, match=says) as refused:
        connect()
    assert "ana:secret" not in refused.value.reason


def test_a_name_inside_the_house_may_be_spoken_to_in_clear_as_far_as_the_operator_lets_it(door: Door) -> None:
    assert WEBHOOK.server({"url": "http://flows:5678/hook"}, door)["url"] == "http://flows:5678/hook"


# the signature and the body


def test_the_signature_is_that_of_the_convention() -> None:
    """Its own published example: the secret, the id, the time, the body, and what comes out."""
    access = Access(Profile("", "", ""), {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    then = clock.from_iso("2021-02-25T15:02:10.500+00:00")
    with clock.shifted(then - clock.now()):
        network = WEBHOOK(access, lambda request: Answer(204), "connect")
        signed = network._signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}')  # type: ignore[attr-defined]
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_post_arrives_with_its_words_media_and_what_it_answers(receiver: WebhookReceiver, door: Door) -> None:
    link = receiver.sample("first.jpg")
    picture = next(iter(receiver.shapes()["a picture"].media))
    one = case(receiver, door, "# High at *six*", picture)
    one.outgoing = replace(one.outgoing, reply_to=Receipt("7", "https://example.org/7"))
    outcome = one.drive()
    post = the_post(one)
    assert (post["type"], post["id"], post["text"]) == ("post.published", one.key, "# High at *six*")
    assert "<h1>High at <em>six</em></h1>" in post["html"]
    assert post["media"] == [{"url": link, "type": "image/jpeg", "bytes": picture.size, "alt": "A blue field",
                              "width": 800, "height": 800, "seconds": 0.0}]
    assert post["reply_to"] == {"id": "7", "url": "https://example.org/7"}
    assert outcome.receipt
    assert outcome.receipt.url == f"{receiver.url}/read/{outcome.receipt.id}"


def test_media_may_lie_in_the_message(receiver: WebhookReceiver, door: Door) -> None:
    one = case(receiver, door, "Look", pieces.picture(), media="inline")
    assert one.drive().state == "delivered"
    assert "url" not in the_post(one)["media"][0]


@pytest.mark.parametrize(("form", "name"), [("slack", "text"), ("discord", "content")])
def test_chats_get_their_words_in_their_own_way(receiver: WebhookReceiver, door: Door, form: str, name: str) -> None:
    one = case(receiver, door, format=form)
    one.drive()
    assert the_post(one) == {name: "Good morning"}


# what became of it


def test_every_try_has_the_same_id_and_the_same_bytes(receiver: WebhookReceiver, door: Door) -> None:
    receiver.trick("lose", "POST /posts")
    one = case(receiver, door, "Look", *receiver.shapes()["a picture"].media)
    assert one.drive().state == "delivered"
    first, second = receiver.bodies
    assert first == second
    times = [seen.headers["webhook-timestamp"] for seen in receiver.seen if seen.method == "POST"]
    assert int(times[1]) - int(times[0]) >= 60
    assert len(one.out()) == 1


def test_a_receiver_that_keeps_no_ids_is_never_told_twice(receiver: WebhookReceiver, door: Door) -> None:
    receiver.keeps_ids = False
    receiver.trick("lose", "POST /posts")
    one = case(receiver, door, once=True)
    assert (one.drive().state, receiver.requests("POST"), len(one.out())) == ("unsure", 1, 1)


@pytest.mark.parametrize("misdeed", ["lose", "down"])
def test_a_receiver_that_can_be_asked_is_asked_before_it_is_told_again(
    receiver: WebhookReceiver, door: Door, misdeed: str
) -> None:
    receiver.keeps_ids, receiver.asked = False, True
    receiver.trick(misdeed, "POST /posts")  # type: ignore[arg-type]
    one = case(receiver, door, once=True)
    assert one.drive().state == "delivered"
    assert (receiver.requests("GET /posts/"), len(one.out())) == (1, 1)
    assert receiver.requests("POST") == (1 if misdeed == "lose" else 2)


def test_a_page_of_whatever_stands_before_the_receiver_does_not_say_that_nothing_is_there(
    receiver: WebhookReceiver, door: Door
) -> None:
    receiver.asked = True
    receiver.trick("lose", "POST /posts")
    one = case(receiver, door, status=f"{receiver.url}/nowhere/{{id}}")
    assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(seconds=61)):
        assert one.once(Points()).state == "settling"
    assert (receiver.requests("POST"), receiver.requests("GET /nowhere/")) == (1, 1)


@pytest.mark.parametrize(("status", "kind"), [
    (301, Rejected), (302, Rejected), (400, Rejected), (401, Reconnect), (403, Reconnect), (404, Rejected),
    (410, Reconnect), (413, Rejected), (422, Rejected), (429, Later), (500, Unsure), (502, Unsure), (503, Later),
])  # fmt: skip
def test_a_status_says_what_to_do(
    receiver: WebhookReceiver, door: Door, status: int, kind: type[Reaction]
) -> None:
    receiver.status = status
    network = WEBHOOK(receiver.access(), door, "publish")
    with pytest.raises(kind) as reaction:
        network._send("one", {"text": "Hello"})  # type: ignore[attr-defined]
    assert ("redirect" if status < 400 else "told to say so") in reaction.value.reason


def test_a_secret_that_the_receiver_has_changed_asks_to_reconnect(receiver: WebhookReceiver, door: Door) -> None:
    one = case(receiver, door)
    receiver.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})


def test_who_has_it_already_has_it(receiver: WebhookReceiver, door: Door) -> None:
    receiver.status = 409
    one = case(receiver, door)
    outcome = one.drive()
    assert (outcome.state, outcome.receipt) == ("delivered", Receipt(one.key, ""))


def test_an_address_that_is_none_does_not_become_the_posts_address(receiver: WebhookReceiver) -> None:
    def door(request: Request) -> Answer:
        return Answer(200, {}, b'{"id": 7, "url": "javascript:alert(1)"}')

    outcome = Case(receiver, receiver.access(), Outgoing("Hello"), door).drive()
    assert outcome.receipt == Receipt("7", "")


# while writing


def test_the_format_says_how_long_a_text_may_be_and_whether_media_go_along() -> None:
    for form, longest in (("tidings", 100_000), ("slack", 40_000), ("discord", 2000)):
        problems = check(WEBHOOK, Outgoing("x" * (longest + 1), (pieces.picture(),)), {"format": form})
        assert [problem.where for problem in problems] == ["text", *(["media"] if form != "tidings" else [])]


# numbers


def measuring(receiver: WebhookReceiver, door: Door, **server: Any) -> Network:
    access = receiver.access()
    return WEBHOOK(replace(access, server={**access.server, **server}), door, "measure")


def test_a_receiver_without_an_address_for_numbers_is_not_asked_for_any(receiver: WebhookReceiver, door: Door) -> None:
    out = cast(Receipt, case(receiver, door).drive().receipt)
    receiver.seen.clear()
    with pytest.raises(Rejected, match="without an address for numbers"):
        measuring(receiver, door, numbers="").measure([out])
    older = receiver.access()  # connected before there were numbers
    without = {name: value for name, value in older.server.items() if name != "numbers"}
    with pytest.raises(Rejected, match="Connect it again"):
        WEBHOOK(replace(older, server=without), door, "measure").measure([out])
    assert receiver.seen == []


def test_numbers_are_asked_for_with_a_signature_and_by_the_receivers_own_id(
    receiver: WebhookReceiver, door: Door
) -> None:
    out = cast(Receipt, case(receiver, door).drive().receipt)
    measuring(receiver, door).measure([out])
    assert receiver.seen[-1].path == f"/posts/{out.id}/numbers"
    receiver.lock_out()
    with pytest.raises(Reconnect, match="signature"):
        measuring(receiver, door).measure([out])


def test_what_a_receiver_says_that_is_no_number_of_ours_is_left_out(receiver: WebhookReceiver, door: Door) -> None:
    out = cast(Receipt, case(receiver, door).drive().receipt)
    receiver.says = {"views": "many", "likes": True, "comments": -1, "clicks": None, "hugs": 7}
    assert (measuring(receiver, door).measure([out])[out.id] or {}).keys() == {"shares"}


def test_a_receiver_that_knows_no_such_post_says_so_in_json(receiver: WebhookReceiver, door: Door) -> None:
    out = cast(Receipt, case(receiver, door).drive().receipt)
    receiver.drop(out.id)
    assert measuring(receiver, door).measure([out]) == {out.id: None}
    with pytest.raises(Rejected):
        measuring(receiver, door, numbers=f"{receiver.url}/nowhere/{{id}}").measure([out])
