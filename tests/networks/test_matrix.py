"""What is peculiar to Matrix and its homeservers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door, Request, Transport
from tidings.networks.base import Access, Grant, Mention, Network, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.matrix import MatrixServer

MATRIX = networks.get("matrix")
NOBODY = Profile("", "", "")
SEND = "PUT /_matrix/client/v3/rooms/!demo:sim/send/"

REFUSALS = [
    Refusal("a text of 70,000 bytes", Outgoing("x" * 70_000)),
    Refusal("a text that is too long once it is HTML", Outgoing("<" * 29_000)),
    Refusal("a film larger than the server takes", Outgoing("", (pieces.film(size=50_000_001),))),
]


@pytest.fixture
def matrix(town: Town) -> MatrixServer:
    return cast(MatrixServer, town["matrix"])


def case(one: MatrixServer, door: Transport, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def content(one: Case) -> dict[str, Any]:
    (event,) = one.out().values()
    return cast(dict[str, Any], event["content"])


def speaker(one: MatrixServer, door: Door) -> Network:
    return MATRIX(one.access(), door, "publish")


# connecting


def sign_in(one: MatrixServer, door: Transport, **typed: str) -> tuple[Grant, Network]:
    fields = {**one.typed(), "token": "", **typed}
    server = MATRIX.server(fields, door)
    grant = MATRIX(Access(NOBODY, {}, server), door, "connect").sign_in(fields)
    return grant, MATRIX(Access(NOBODY, grant.secrets, server), door, "connect")


@pytest.mark.parametrize("way", ["password", "token"])
def test_rooms_that_are_not_encrypted_and_open_to_us_are_offered(matrix: MatrixServer, door: Door, way: str) -> None:
    typed = {"token": matrix.typed()["token"]} if way == "token" else {}
    grant, network = sign_in(matrix, door, **typed)
    assert [(one.id, one.name) for one in network.channels()] == [("!demo:sim", "Demo"), ("!other:sim", "Other")]
    assert network.announced() == {"url": matrix.url, "user": "@demo:sim", "upload": 50_000_000}
    assert "password" not in str(grant.secrets)


def test_when_all_rooms_are_encrypted_a_sentence_says_so(matrix: MatrixServer, door: Door) -> None:
    for state in matrix.rooms.values():
        state["m.room.encryption"] = {}
    with pytest.raises(Rejected, match="encrypted"):
        sign_in(matrix, door)[1].channels()


def test_a_wrong_password_is_refused_in_the_servers_words(matrix: MatrixServer, door: Door) -> None:
    with pytest.raises(Reconnect, match="Invalid username or password"):
        sign_in(matrix, door, password="wrong")


def test_where_the_domain_points_elsewhere_that_is_followed(matrix: MatrixServer, door: Door) -> None:
    def pointing(request: Request) -> Answer:
        if request.url == "https://harbour.example/.well-known/matrix/client":
            body, _kind = http.json_body({"m.homeserver": {"base_url": f"{matrix.url}/"}})
            return Answer(200, {}, body)
        return door(request)

    assert MATRIX.server({"server": "harbour.example"}, pointing) == {"url": matrix.url}


@pytest.mark.parametrize("typed", ["http://harbour.example", "not a server", "ftp://harbour.example"])
def test_what_is_no_safe_address_is_refused(door: Door, typed: str) -> None:
    with pytest.raises(Rejected):
        MATRIX.server({"server": typed}, door)


def test_a_server_that_does_not_speak_matrix_is_refused(town: Town, door: Door) -> None:
    with pytest.raises(Rejected, match="does not answer like"):
        MATRIX.server({"server": town["mastodon"].url}, door)


def test_a_token_that_does_not_end_is_not_refreshed(matrix: MatrixServer, door: Door) -> None:
    grant, network = sign_in(matrix, door)
    assert (grant.ends_at, "refresh_token" in grant.secrets) == (None, False)
    with pytest.raises(Reconnect, match="cannot be renewed"):
        network.renew()


def test_where_tokens_end_they_are_refreshed_each_once(matrix: MatrixServer, door: Door) -> None:
    matrix.plain_lives = timedelta(hours=1)
    grant, network = sign_in(matrix, door)
    assert grant.ends_at
    assert grant.ends_at - clock.now() <= timedelta(minutes=5)
    fresh = network.renew()
    assert fresh.secrets["refresh_token"] != grant.secrets["refresh_token"]
    with pytest.raises(Reconnect):
        network.renew()
    live = replace(network.access, secrets={**grant.secrets, **fresh.secrets})
    assert MATRIX(live, door, "connect").channels()


def test_our_own_session_is_ended_and_a_pasted_one_is_left_alone(matrix: MatrixServer, door: Door) -> None:
    _grant, ours = sign_in(matrix, door)
    _grant, theirs = sign_in(matrix, door, token=matrix.typed()["token"])
    ours.revoke()
    with pytest.raises(Reconnect):
        ours.channels()
    with pytest.raises(Rejected, match="End it there"):
        theirs.revoke()
    assert theirs.channels()


# what is sent


def test_markdown_goes_as_it_is_and_as_html(matrix: MatrixServer, door: Door) -> None:
    one = case(matrix, door, "**Low tide** <script>\nat [six](https://example.org)")
    assert one.drive().state == "delivered"
    said = content(one)
    assert said["body"] == one.outgoing.text
    assert said["formatted_body"] == (
        '<p><strong>Low tide</strong> &lt;script&gt;<br />\nat <a href="https://example.org">six</a></p>'
    )
    assert (said["msgtype"], said["m.mentions"]) == ("m.text", {})


def test_words_come_first_and_every_medium_hangs_on_them(matrix: MatrixServer, door: Door) -> None:
    one = case(matrix, door, "Look", media=(pieces.picture(), pieces.film(), pieces.animation(alt="")))
    receipt = one.drive().receipt
    assert receipt
    hung = [matrix.events[id]["content"] for id in receipt.extra["all"].split()[1:]]
    assert [(said["msgtype"], said["body"], said["filename"]) for said in hung] == [
        ("m.image", "A blue field", "blue.jpg"), ("m.video", "Waves", "waves.mp4"),
        ("m.image", "blink.gif", "blink.gif"),
    ]
    assert {said["m.relates_to"]["event_id"] for said in hung} == {receipt.id}
    assert hung[1]["info"] | {"size": 0} == {
        "mimetype": "video/mp4", "size": 0, "w": 640, "h": 360, "duration": 12_000,
    }


def test_a_post_without_words_begins_with_its_first_picture(matrix: MatrixServer, door: Door) -> None:
    one = case(matrix, door, "", media=(pieces.picture(), pieces.picture()))
    assert one.drive().state == "delivered"
    assert (content(one)["msgtype"], len(matrix.events)) == ("m.image", 2)


def test_options_and_mentions_ring_as_chosen(matrix: MatrixServer, door: Door) -> None:
    (found,) = speaker(matrix, door).mentions("demo")
    assert found == Mention("[Demo](https://matrix.to/#/@demo:sim)", "Demo (@demo:sim)")
    options = {"kind": "notice", "mention_room": True, "pin": True}
    one = case(matrix, door, f"Hello {found.text}", options=options)
    assert check(MATRIX, one.outgoing, {}) == []
    receipt = one.drive().receipt
    assert receipt
    assert content(one)["m.mentions"] == {"user_ids": ["@demo:sim"], "room": True}
    assert content(one)["msgtype"] == "m.notice"
    assert matrix.rooms["!demo:sim"]["m.room.pinned_events"] == {"pinned": [receipt.id]}


def test_a_power_to_pin_that_is_missing_does_not_undo_the_post(matrix: MatrixServer, door: Door) -> None:
    matrix.rooms["!demo:sim"]["m.room.power_levels"] = {"state_default": 50}
    assert case(matrix, door, "Pin me", options={"pin": True}).drive().state == "delivered"


def test_a_thread_hangs_on_its_first_part_and_answers_the_one_before(matrix: MatrixServer, door: Door) -> None:
    root = case(matrix, door, "One").drive().receipt
    second = case(matrix, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    third = case(matrix, door, "Three", reply_to=second, root=root, position=2, media=(pieces.picture(),))
    receipt = third.drive().receipt
    assert root
    assert second
    assert receipt
    assert content(third)["m.relates_to"] == {
        "rel_type": "m.thread", "event_id": root.id, "is_falling_back": True, "m.in_reply_to": {"event_id": second.id},
    }
    medium = matrix.events[receipt.extra["all"].split()[1]]["content"]["m.relates_to"]
    assert (medium["event_id"], medium["m.in_reply_to"], medium["is_falling_back"]) == (
        root.id, {"event_id": receipt.id}, False,
    )


def test_bytes_are_counted_not_characters(matrix: MatrixServer, door: Door) -> None:
    fits = "ü" * 14_900
    assert check(MATRIX, Outgoing(fits), {}) == []
    assert case(matrix, door, fits).drive().state == "delivered"
    (told,) = check(MATRIX, Outgoing("ü" * 15_001), {})
    assert (told.where, "2 bytes too long" in told.message) == ("text", True)


def test_the_limits_are_the_servers_own() -> None:
    server = {"upload": 1_000_000}
    assert MATRIX.limits_at(server).film_bytes == 1_000_000
    assert [one.where for one in check(MATRIX, Outgoing("", (pieces.film(size=1_000_001),)), server)] == ["media-0"]


# what can go wrong


@pytest.mark.parametrize(("status", "code", "reaction"), [
    (401, "M_UNKNOWN_TOKEN", Reconnect), (401, "M_MISSING_TOKEN", Reconnect), (403, "M_FORBIDDEN", Reconnect),
    (403, "M_CONSENT_NOT_GIVEN", Reconnect), (403, "M_USER_DEACTIVATED", Reconnect), (413, "M_TOO_LARGE", Rejected),
    (400, "M_BAD_JSON", Rejected), (404, "M_NOT_FOUND", Rejected), (429, "M_LIMIT_EXCEEDED", Later),
])
def test_their_codes_lead_to_what_we_do(
    matrix: MatrixServer, door: Door, status: int, code: str, reaction: type[Reaction]
) -> None:
    body, _kind = http.json_body({"errcode": code, "error": "No"})
    with pytest.raises(reaction, match="No"):
        speaker(matrix, door).judge(Answer(status, {}, body))


def test_the_rate_limit_is_kept_to_the_millisecond(matrix: MatrixServer, door: Door) -> None:
    matrix.burst = 1
    case(matrix, door, "First").drive()
    second = case(matrix, door, "Second")
    outcome = second.once(Points())
    assert outcome.at
    assert timedelta(seconds=4) < outcome.at - clock.now() <= timedelta(seconds=4.5)
    assert second.drive().state == "delivered"


def test_a_room_that_was_encrypted_since_gets_no_words_in_clear(matrix: MatrixServer, door: Door) -> None:
    matrix.rooms["!demo:sim"]["m.room.encryption"] = {"algorithm": "m.megolm.v1.aes-sha2"}
    one = case(matrix, door, "Psst")
    outcome = one.once(Points())
    assert (outcome.reconnect, matrix.events) == (True, {})
    assert "encrypted" in outcome.reason


def test_a_room_that_we_were_put_out_of_asks_to_reconnect(matrix: MatrixServer, door: Door) -> None:
    matrix.rooms["!demo:sim"]["m.room.power_levels"] = {"events_default": 50}
    assert case(matrix, door, "Hello?").once(Points()).reconnect


def test_what_was_taken_and_then_emptied_by_a_moderator_is_not_there(matrix: MatrixServer, door: Door) -> None:
    receipt = case(matrix, door, "Hello").drive().receipt
    assert receipt
    matrix.drop(receipt.id)
    assert speaker(matrix, door).present(receipt) is False


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
@pytest.mark.parametrize("where", ["first", "second", "third"])
def test_whichever_of_its_events_loses_its_answer_each_is_there_once(
    matrix: MatrixServer, door: Door, misdeed: Any, where: str
) -> None:
    one = case(matrix, door, "Look", media=(pieces.picture(), pieces.picture()))
    place = {"first": one.key, "second": f"{one.key}-1", "third": f"{one.key}-2"}[where]
    matrix.trick(misdeed, SEND + f"m.room.message/{place}")
    outcome = one.drive()
    assert outcome.receipt
    assert outcome.receipt.extra["all"].split() == list(matrix.events)
    assert len(matrix.events) == 3


def test_signing_in_anew_before_a_repeat_makes_no_second_message(matrix: MatrixServer, door: Door) -> None:
    one = case(matrix, door, "Once")
    matrix.trick("lose", SEND)
    one.once(Points())
    grant, _network = sign_in(matrix, door)
    one.access = replace(one.access, secrets=grant.secrets)
    outcome = one.drive()
    assert (outcome.state, list(one.out())) == ("delivered", [outcome.receipt and outcome.receipt.id])
    assert matrix.requests(SEND) == 1


def test_after_half_a_day_the_message_is_looked_for(matrix: MatrixServer, door: Door) -> None:
    one = case(matrix, door, "Once")
    matrix.trick("lose", SEND)
    one.once(Points())
    with clock.shifted(timedelta(hours=13)):
        one.access = matrix.access()
        outcome = one.drive()
    assert (outcome.state, matrix.requests(SEND)) == ("delivered", 1)


# afterwards


def test_a_message_can_be_changed_looked_at_and_taken_back_whole(matrix: MatrixServer, door: Door) -> None:
    receipt = case(matrix, door, "Helo", media=(pieces.picture(),)).drive().receipt
    assert receipt
    network = speaker(matrix, door)
    for _time in range(2):
        network.edit(receipt, Outgoing("Hello"))
    edits = [e["content"] for e in matrix.events.values() if "m.new_content" in e["content"]]
    assert [(one["body"], one["m.new_content"]["body"]) for one in edits] == [("* Hello", "Hello")]
    assert network.present(receipt)
    for _time in range(2):
        network.delete(receipt)
    assert not network.present(receipt)
    assert [matrix.events[id]["content"] for id in receipt.extra["all"].split()] == [{}, {}]


def test_a_reaction_that_came_twice_counts_once_and_a_thread_is_counted_with_or_without_the_servers_help(
    matrix: MatrixServer, door: Door
) -> None:
    receipt = case(matrix, door, "Hello").drive().receipt
    assert receipt
    network = speaker(matrix, door)
    later = clock.now() + timedelta(hours=12)
    with clock.use(lambda: later):
        expected = {theirs: matrix.grown(receipt.id, theirs) for theirs in ("m.reaction", "m.thread")}
        assert min(expected.values()) > 1
        for bundles in (True, False):
            matrix.bundles = bundles
            assert network.measure([receipt]) == {receipt.id: expected}


def test_what_is_longer_than_we_read_is_left_out_and_takes_nothing_with_it(matrix: MatrixServer, door: Door) -> None:
    receipt = case(matrix, door, "Hello").drive().receipt
    assert receipt
    matrix.lists = 1
    later = clock.now() + timedelta(hours=12)
    with clock.use(lambda: later):
        assert speaker(matrix, door).measure([receipt]) == {
            receipt.id: {"m.thread": matrix.grown(receipt.id, "m.thread")},
        }


def test_a_part_of_a_thread_has_no_answers_of_its_own(matrix: MatrixServer, door: Door) -> None:
    root = case(matrix, door, "One").drive().receipt
    part = case(matrix, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    assert part
    (said,) = speaker(matrix, door).measure([part]).values()
    assert set(said or ()) == {"m.reaction"}


def test_a_message_that_was_emptied_is_gone_and_one_that_is_not_found_may_be_hidden(
    matrix: MatrixServer, door: Door
) -> None:
    receipt = case(matrix, door, "Hello").drive().receipt
    assert receipt
    matrix.drop(receipt.id)
    network = speaker(matrix, door)
    assert network.measure([receipt]) == {receipt.id: None}
    matrix.events.clear()
    assert network.measure([receipt]) == {}


def test_what_hangs_on_a_message_is_not_listed_as_another(matrix: MatrixServer, door: Door) -> None:
    receipt = case(matrix, door, "Look", media=(pieces.picture(),)).drive().receipt
    assert receipt
    network = speaker(matrix, door)
    network.edit(receipt, Outgoing("Look again"))
    assert [seen.text for seen in network.recent(clock.now() - timedelta(minutes=1))] == ["Look"]


def test_a_message_is_known_by_its_address(matrix: MatrixServer) -> None:
    ours = Profile("!demo:sim", "#harbour:sim", "Harbour")
    for room in ("!demo:sim", "#harbour:sim", "%23harbour%3Asim"):
        url = f"https://matrix.to/#/{room}/$abc-D_e?via=sim"
        assert MATRIX.recognise(ours, {}, url) == Receipt("$abc-D_e", url, {"all": "$abc-D_e"})
    for strange in ("https://matrix.to/#/!other:sim/$abc", "https://matrix.to/#/!demo:sim"):
        with pytest.raises(Rejected):
            MATRIX.recognise(ours, {}, strange)
