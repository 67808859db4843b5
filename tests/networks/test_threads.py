"""What is peculiar to Threads, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import meta, pieces
from tests.networks.meta import served
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Network, Outgoing, Profile, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect
from tidings.simulators.threads import ThreadsNetwork

Threads = networks.get("threads")
PICTURE, FILM = served(pieces.picture()), served(pieces.film())
COMMIT = "POST /v1.0/me/threads_publish"
POLL = {"choices": ["Tea", "Coffee"], "minutes": 1440}

REFUSALS = [
    Refusal("a text of 501 characters", Outgoing("x" * 501)),
    Refusal("126 emoji of four bytes", Outgoing("\N{THUMBS UP SIGN}" * 126)),
    Refusal("six links", Outgoing(" ".join(f"https://example.org/{n}" for n in range(6)))),
    Refusal("21 pictures", Outgoing("", (PICTURE,) * 21)),
    Refusal("a picture eleven times as wide as high", Outgoing("", (served(pieces.picture(1100, 100)),))),
    Refusal("a description of 1001 characters", Outgoing("", (replace(PICTURE, alt="x" * 1001),))),
    Refusal("a topic with a dot", Outgoing("Hello", options={"topic": "node.js"})),
    Refusal("a topic with an ampersand", Outgoing("Hello", options={"topic": "bread & butter"})),
    Refusal("a card beside a picture", Outgoing("Hello", (PICTURE,), {"link": "https://example.org"})),
    Refusal("a poll beside a picture", Outgoing("Hello", (PICTURE,), {"poll": POLL})),
    Refusal("a poll of one choice", Outgoing("Hello", options={"poll": {"choices": ["Tea"], "minutes": 1440}})),
    Refusal("a long text beside a picture", Outgoing("Hello", (PICTURE,), {"long_text": "More"})),
    Refusal("a long text of 10,001 characters", Outgoing("Hello", options={"long_text": "x" * 10_001})),
    Refusal("a reply control nobody knows", Outgoing("Hello", options={"reply_control": "friends"})),
]


@pytest.fixture
def threads(town: Town) -> ThreadsNetwork:
    return cast(ThreadsNetwork, town["threads"])


def case(threads: ThreadsNetwork, door: Door, said: str = "", *media: Rendition, **more: Any) -> Case:
    return Case(threads, threads.access(), Outgoing(said, media, **more), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post["wish"])


def signed_in(door: Door) -> Network:
    return meta.speaker(Threads, door, dict(meta.sign_in(Threads, door).secrets))


# connecting


def test_an_hour_of_access_is_exchanged_for_sixty_days(threads: ThreadsNetwork, door: Door) -> None:
    short = meta.sign_in(Threads, door)
    assert short.ends_at
    assert short.ends_at - clock.now() <= timedelta(hours=1)
    long = meta.speaker(Threads, door, dict(short.secrets)).lengthen()
    assert long.ends_at
    assert timedelta(days=59) < long.ends_at - clock.now() <= timedelta(days=60)
    me = meta.speaker(Threads, door, dict(long.secrets)).profile()
    assert me == Profile("demo", "@demo", "Demo", f"{threads.url}/faces/demo.png", "https://www.threads.com/@demo")


def test_access_is_renewed_when_it_is_a_day_old_and_not_before(door: Door) -> None:
    long = dict(signed_in(door).lengthen().secrets)
    with pytest.raises(Later, match="too fresh"):
        meta.speaker(Threads, door, long).renew()
    with clock.shifted(timedelta(days=7)):
        fresh = meta.speaker(Threads, door, long).renew()
        assert fresh.secrets["access_token"] != long["access_token"]
        assert fresh.ends_at
        assert fresh.ends_at - clock.now() > timedelta(days=59)


def test_the_network_too_refuses_to_renew_what_is_fresh(door: Door) -> None:
    long = dict(signed_in(door).lengthen().secrets)
    with pytest.raises(Reaction, match="less than 24 hours old"):
        meta.speaker(Threads, door, {**long, "since": ""}).renew()


def test_access_that_has_ended_cannot_be_renewed(door: Door) -> None:
    long = dict(signed_in(door).lengthen().secrets)
    with clock.shifted(timedelta(days=61)), pytest.raises(Reconnect):
        meta.speaker(Threads, door, long).renew()


# what is said


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("Hello", 5), ("Grüße, 世界", 9), ("\N{THUMBS UP SIGN}", 4), ("1\ufe0f\u20e3", 7), ("2026 #7", 7),
        ("\U0001f1eb\U0001f1f7", 8), ("\U0001f469\u200d\U0001f4bb", 11), ("\u2764\ufe0f", 6), ("a\u0301", 2),
    ],
)
def test_an_emoji_counts_as_its_bytes_and_everything_else_as_one(said: str, counts: int) -> None:
    assert Threads.limits.count(said) == counts


def test_500_is_taken_and_nothing_is_said_against_it(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "x" * 496 + "\N{THUMBS UP SIGN}")
    assert check(Threads, one.outgoing, {}) == []
    assert one.drive().state == "delivered"


def test_every_option_is_sent_as_threads_calls_it(threads: ThreadsNetwork, door: Door) -> None:
    options = {
        "reply_control": "followers_only", "approve_replies": True, "topic": "tea time", "quote": "18000000000000001",
        "link": "https://example.org", "ghost": True, "countries": ["DE", "FR"], "poll": POLL,
    }
    one = case(threads, door, "Which?", options=options)
    assert check(Threads, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one) == {
        "media_type": "TEXT", "text": "Which?", "reply_control": "followers_only", "enable_reply_approvals": True,
        "topic_tag": "tea time", "quote_post_id": "18000000000000001", "link_attachment": "https://example.org",
        "is_ghost_post": True, "allowlisted_country_codes": "DE,FR",
        "poll_attachment": {"option_a": "Tea", "option_b": "Coffee"},
    }


def test_a_long_text_and_a_spoiler_are_sent_too(threads: ThreadsNetwork, door: Door) -> None:
    long = case(threads, door, "Read on", options={"long_text": "Once upon a time"})
    assert long.drive().state == "delivered"
    assert the_post(long)["text_attachment"] == {"plaintext": "Once upon a time"}
    hidden = case(threads, door, "Look", PICTURE, options={"spoiler": True})
    assert hidden.drive().state == "delivered"
    assert the_post(hidden)["is_spoiler_media"] is True


def test_options_left_alone_send_no_key_at_all(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "Hello", options={"reply_control": "", "ghost": False, "approve_replies": False})
    assert one.drive().state == "delivered"
    assert the_post(one) == {"media_type": "TEXT", "text": "Hello"}


def test_pictures_and_films_go_together_each_described(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "Both", PICTURE, FILM, served(pieces.picture(mime="image/png", alt="")))
    assert check(Threads, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    children = [threads.media[id]["wish"] for id in the_post(one)["children"].split(",")]
    assert [(child["media_type"], child.get("alt_text")) for child in children] == [
        ("IMAGE", "A blue field"), ("VIDEO", "Waves"), ("IMAGE", None),
    ]


def test_the_next_part_replies_to_our_own_post_and_stands_in_the_other_list(
    threads: ThreadsNetwork, door: Door
) -> None:
    root = case(threads, door, "One").drive().receipt
    second = case(threads, door, "Two", reply_to=root, root=root, position=1)
    threads.trick("lose", COMMIT)
    outcome = second.drive()
    assert outcome.state == "delivered"
    assert root
    assert the_post(second)["reply_to_id"] == root.id
    assert threads.requests("GET /v1.0/me/replies") == 1


def test_a_topic_that_is_not_allowed_is_told_in_words_for_people(threads: ThreadsNetwork, door: Door) -> None:
    threads.forbidden = frozenset({"gambling"})
    outcome = case(threads, door, "Hello", options={"topic": "gambling"}).drive()
    assert (outcome.state, outcome.reason) == ("failed", "Choose another topic. (Meta's trace AbC123)")


def test_posts_of_our_own_can_be_looked_for_to_be_quoted(threads: ThreadsNetwork, door: Door) -> None:
    receipt = case(threads, door, "Tea time").drive().receipt
    case(threads, door, "Something else").drive()
    assert receipt
    assert Threads(threads.access(), door, "look").lookup("quote", "tea") == [(receipt.id, "Tea time")]


# containers


def test_a_film_is_waited_for(threads: ThreadsNetwork, door: Door) -> None:
    threads.works_for = 3
    one = case(threads, door, "Sea", FILM)
    assert one.once(Points()).state == "settling"
    assert one.drive().state == "delivered"
    assert len(threads.media) == 1


def test_media_that_cannot_be_fetched_are_told_and_built_anew_afterwards(threads: ThreadsNetwork, door: Door) -> None:
    there = PICTURE.public
    one = case(threads, door, "Look", replace(PICTURE, public=lambda: f"{threads.url}/nowhere.jpg"))
    outcome = one.drive()
    assert outcome.state == "failed"
    assert "FAILED_DOWNLOADING_IMAGE" in outcome.reason
    assert "reach this server from outside" in outcome.reason
    one.outgoing = replace(one.outgoing, media=(replace(PICTURE, public=there),))
    assert one.drive().state == "delivered"


def test_a_container_that_is_not_known_yet_is_published_a_little_later(threads: ThreadsNetwork, door: Door) -> None:
    threads.propagates = 2
    one = case(threads, door, "Hello")
    assert one.once(Points()).state == "settling"
    assert one.drive().state == "delivered"
    assert len(threads.media) == 1


def test_a_container_older_than_a_day_is_made_anew(threads: ThreadsNetwork, door: Door) -> None:
    threads.trick("limit", COMMIT)
    one = case(threads, door, "Late", PICTURE)
    assert one.once(Points()).state == "waiting"
    with clock.shifted(timedelta(hours=25)):
        assert one.drive().state == "delivered"
    assert len(threads.media) == 2


def test_what_a_day_may_have_is_asked_before_anything_is_built(threads: ThreadsNetwork, door: Door) -> None:
    threads.quota = 1
    assert case(threads, door, "First").drive().state == "delivered"
    one = case(threads, door, "Second")
    outcome = one.once(Points())
    assert (outcome.state, len(threads.media)) == ("waiting", 1)
    assert outcome.at
    assert timedelta(minutes=59) < outcome.at - clock.now() <= timedelta(hours=1)


def test_replies_are_counted_by_themselves(threads: ThreadsNetwork, door: Door) -> None:
    root = case(threads, door, "First").drive().receipt
    threads.quota = 1
    assert case(threads, door, "Reply", reply_to=root).once(Points()).state == "delivered"
    threads.replies_quota = 1
    assert case(threads, door, "Another", reply_to=root).once(Points()).state == "waiting"


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
@pytest.mark.parametrize(
    ("said", "media"), [("Same words #tea #time", ()), ("", (PICTURE,)), ("Caf\u0065\u0301", (PICTURE, FILM))]
)
def test_a_post_whose_answer_was_lost_is_found(
    threads: ThreadsNetwork, door: Door, said: str, media: tuple[Rendition, ...], misdeed: Any
) -> None:
    one = case(threads, door, said, *media)
    threads.trick(misdeed, COMMIT)
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert outcome.receipt.url == f"{threads.url}/@demo/post/{outcome.receipt.id}"
    assert threads.requests(COMMIT) == 1


def test_a_request_that_never_arrived_is_made_again_because_the_container_says_so(
    threads: ThreadsNetwork, door: Door
) -> None:
    one = case(threads, door, "Once")
    threads.trick("down", COMMIT)
    assert one.drive().state == "delivered"
    assert (len(one.out()), len(threads.media)) == (1, 1)


def test_a_container_that_ended_unpublished_is_built_anew(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "Once")
    threads.trick("down", COMMIT)
    assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(hours=25)):
        one.access = threads.access()
        assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(hours=25, minutes=2)):
        assert one.drive().state == "delivered"
    assert (len(one.out()), len(threads.media)) == (1, 2)


def test_a_publishing_that_was_only_slow_is_not_repeated(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "Slow")
    threads.trick("down", COMMIT)
    assert one.once(Points()).state == "settling"
    for minutes, state in ((2, "settling"), (4, "waiting")):  # twice the container says: not out
        with clock.shifted(timedelta(minutes=minutes)):
            assert one.once(Points()).state == state
    (container,) = threads.media.values()
    container["published"] = True  # the request has arrived after all
    threads.posts["18"] = {"id": "18", "account": "demo", "at": clock.now(), "wish": container["wish"]}
    outcome = one.drive()
    assert (outcome.state, list(one.out())) == ("delivered", ["18"])
    assert threads.requests(COMMIT) == 1


def test_two_posts_that_could_both_be_it_are_left_to_a_person(threads: ThreadsNetwork, door: Door) -> None:
    case(threads, door, "Twin").drive()
    one = case(threads, door, "Twin")
    one.there_before = frozenset()
    threads.trick("lose", COMMIT)
    assert one.drive().state == "unsure"


def test_a_list_that_lags_is_asked_again(threads: ThreadsNetwork, door: Door) -> None:
    threads.lag = timedelta(minutes=4)
    one = case(threads, door, "Patience")
    threads.trick("lose", COMMIT)
    assert one.drive().state == "delivered"
    assert threads.requests("GET /v1.0/me/threads") > 2


# errors


@pytest.mark.parametrize(("error", "reaction"), [*meta.REACTIONS, ({"code": 24, "error_subcode": 4279009}, NotYet)])
def test_an_error_of_theirs_becomes_a_reaction_of_ours(
    door: Door, error: dict[str, Any], reaction: type[Reaction]
) -> None:
    with pytest.raises(Reaction) as raised:
        meta.speaker(Threads, door, {}).judge(meta.fault(error))
    assert type(raised.value) is reaction


def test_who_is_to_wait_is_told_for_how_long(door: Door) -> None:
    used = '{"17": [{"type": "threads", "call_count": 100, "estimated_time_to_regain_access": 20}]}'
    one = meta.speaker(Threads, door, {})
    with pytest.raises(Later) as raised:
        one.judge(meta.fault({"code": 4}, headers={"x-business-use-case-usage": used}))
    assert raised.value.at
    assert timedelta(minutes=19) < raised.value.at - clock.now() <= timedelta(minutes=20)
    assert one.shut["channel"] >= raised.value.at - timedelta(seconds=1)


def test_an_app_that_is_nearly_used_up_rests(door: Door) -> None:
    one = meta.speaker(Threads, door, {})
    one.judge(Answer(200, {"x-app-usage": '{"call_count": 96, "total_time": 3, "total_cputime": 2}'}, b"{}"))
    assert one.shut["app"] > clock.now() + timedelta(minutes=9)
    calm = meta.speaker(Threads, door, {})
    calm.judge(Answer(200, {"x-app-usage": '{"call_count": 60}', "x-business-use-case-usage": "?"}, b"{}"))
    assert calm.shut == {}


def test_a_profile_that_meta_blocks_is_left_alone_for_a_day(door: Door) -> None:
    one = meta.speaker(Threads, door, {})
    with pytest.raises(Reaction):
        one.judge(meta.fault({"code": 368}))
    assert one.shut["channel"] > clock.now() + timedelta(hours=23)


def test_a_token_that_may_not_publish_asks_to_reconnect(threads: ThreadsNetwork, door: Door) -> None:
    one = case(threads, door, "Hello")
    for token in threads.oauth.tokens:
        token.scope = "threads_basic"
    assert one.once(Points()).reconnect


# afterwards


def test_a_receipt_leads_to_the_post_and_the_post_can_be_taken_back(threads: ThreadsNetwork, door: Door) -> None:
    receipt = case(threads, door, "Hello <world>").drive().receipt
    assert receipt
    assert "Hello &lt;world>" in door(http.Request("GET", receipt.url, "look")).text()
    one = Threads(threads.access(), door, "publish")
    one.delete(receipt)
    one.delete(receipt)
    assert door(http.Request("GET", receipt.url, "look")).status == 404


def test_what_is_listed_can_be_picked_from(threads: ThreadsNetwork, door: Door) -> None:
    root = case(threads, door, "Root").drive().receipt
    case(threads, door, "Reply", reply_to=root).drive()
    seen = Threads(threads.access(), door, "look").recent(clock.now() - timedelta(minutes=5))
    assert [(one.text, one.receipt.id in threads.posts) for one in seen] == [("Root", True), ("Reply", True)]
