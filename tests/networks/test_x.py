"""What is peculiar to X, over real HTTP against its simulator."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points, picture
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Rendition, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators.x import CLIENT, SECRET, XNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
X = networks.get("x")
POLL = {"choices": ["Tea", "Coffee"], "minutes": 60}

REFUSALS = [
    Refusal("a text of 141 signs that count twice", Outgoing("日" * 141)),
    Refusal("nothing at all", Outgoing(" ")),
    Refusal("five pictures", Outgoing("", (pieces.picture(),) * 5)),
    Refusal("two films", Outgoing("", (pieces.film(),) * 2)),
    Refusal("a picture beside a film", Outgoing("", (pieces.picture(), pieces.film()))),
    Refusal("a poll beside a picture", Outgoing("Which?", (pieces.picture(),), {"poll": POLL})),
]


@pytest.fixture
def x(town: Town) -> XNetwork:
    return cast(XNetwork, town["x"])


def film(size: int = 9_000_000, kind: str = "film", mime: str = "video/mp4") -> Rendition:
    return Rendition(kind, mime, size, 640, 360, 12.0, alt="Waves", open=lambda: io.BytesIO(b"\0" * size))  # type: ignore[arg-type]


def case(x: XNetwork, door: Door, said: str = "", **more: object) -> Case:
    return Case(x, x.access(), Outgoing(said, **more), door)  # type: ignore[arg-type]


def the_post(one: Case) -> dict[str, object]:
    (post,) = one.out().values()
    return cast(dict[str, object], post)


def test_what_a_link_costs_is_said_while_writing_and_hinders_nothing() -> None:
    (said,) = check(X, Outgoing("Open today: https://bakery.org/menu"), {})
    assert (said.where, said.level) == ("text", "warning")
    assert "20 cents" in said.message
    assert not check(X, Outgoing("Open today, on the corner"), {})


# connecting


def flow(door: Door) -> Flow:
    return Flow(X.endpoints({}), App(CLIENT, SECRET), door)


def come_back(door: Door, url: str) -> dict[str, str]:
    """Allow it on the consent page, and read the way back."""
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", url, "connect", kind, body))
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def sign_in(door: Door) -> Grant:
    pending = flow(door).begin(cast(OAuth2, X.connect[0]), SITE)
    return flow(door).finish(SITE, pending.keep, come_back(door, pending.url))


def signed_in(door: Door, secrets: dict[str, str]) -> Network:
    return X(Access(Profile("", "", ""), secrets, {}, App(CLIENT, SECRET)), door, "connect")


def test_a_person_signs_in_and_it_is_known_who_it_is_and_what_they_pay_for(x: XNetwork, door: Door) -> None:
    x.subscriptions["demo"] = "Premium"
    grant = sign_in(door)
    speaker = signed_in(door, dict(grant.secrets))
    assert speaker.profile() == Profile("demo", "@demo", "Demo", f"{x.url}/faces/demo.png", f"{x.url}/demo")
    assert X.limits_at(speaker.announced()).text == 25_000
    assert grant.ends_at
    assert timedelta(minutes=119) < grant.ends_at - clock.now() <= timedelta(hours=2)


def test_who_does_not_pay_has_280_weighted_characters(x: XNetwork, door: Door) -> None:
    limits = X.limits_at(signed_in(door, dict(sign_in(door).secrets)).announced())
    assert (limits.text, limits.count("日本 https://example.org/" + "a" * 90)) == (280, 28)


def test_a_code_lives_for_thirty_seconds(x: XNetwork, door: Door) -> None:
    pending = flow(door).begin(cast(OAuth2, X.connect[0]), SITE)
    query = come_back(door, pending.url)
    with clock.shifted(timedelta(seconds=31)), pytest.raises(Reconnect):
        flow(door).finish(SITE, pending.keep, query)


def test_a_refresh_gives_another_refresh_token_and_the_old_one_is_spent(x: XNetwork, door: Door) -> None:
    old = dict(sign_in(door).secrets)
    fresh = dict(signed_in(door, old).renew().secrets)
    assert fresh["refresh_token"] != old["refresh_token"]
    assert signed_in(door, fresh).profile().handle == "@demo"
    with pytest.raises(Reconnect):
        signed_in(door, old).renew()


def test_after_revoking_the_token_is_dead(x: XNetwork, door: Door) -> None:
    speaker = signed_in(door, dict(sign_in(door).secrets))
    speaker.revoke()
    with pytest.raises(Reconnect):
        speaker.profile()


def test_it_cannot_register_itself() -> None:
    with pytest.raises(Rejected):
        X.register({}, SITE, lambda request: Answer(200))


# media


def test_a_film_goes_in_segments_and_is_posted_when_x_has_worked_on_it(x: XNetwork, door: Door) -> None:
    x.works_for = 2
    one = case(x, door, "Sea", media=(film(),))
    assert one.drive().state == "delivered"
    (media,) = x.media.values()
    assert list(media["segments"].values()) == [4_194_304, 4_194_304, 611_392]
    assert x.requests("GET /2/media/upload") == 2
    assert the_post(one)["media"] == [{"category": "tweet_video", "alt": "Waves"}]


def test_a_worker_that_died_between_segments_sends_them_again_under_the_same_handle(x: XNetwork, door: Door) -> None:
    one = case(x, door, "Sea", media=(film(),))
    x.trick("down", "/append")
    assert one.drive().state == "delivered"
    assert len(x.media) == 1


def test_a_film_x_cannot_work_on_fails_in_its_words_and_a_retry_uploads_anew(x: XNetwork, door: Door) -> None:
    x.spoils = True
    one = case(x, door, "Sea", media=(film(1000),))
    outcome = one.drive()
    assert (outcome.state, outcome.reason) == ("failed", "InvalidMedia: the film has no picture")
    x.spoils = False
    assert one.drive().state == "delivered"
    assert len(x.media) == 2


def test_an_animation_is_no_film(x: XNetwork, door: Door) -> None:
    one = case(x, door, "Loop", media=(film(2000, "animation", "image/gif"),))
    assert one.drive().state == "delivered"
    assert the_post(one)["media"] == [{"category": "tweet_gif", "alt": "Waves"}]


def test_pictures_carry_their_descriptions(x: XNetwork, door: Door) -> None:
    one = case(x, door, "", media=(picture(), replace(picture(), alt="")))
    assert one.drive().state == "delivered"
    assert [media["alt"] for media in the_post(one)["media"]] == ["A blue field", ""]  # type: ignore[attr-defined]


def test_a_media_handle_older_than_a_day_is_made_anew(x: XNetwork, door: Door) -> None:
    one = case(x, door, "Late", media=(picture(),))
    x.trick("limit", "POST /2/tweets")
    assert one.once(Points()).state == "waiting"
    with clock.shifted(timedelta(hours=25)):
        one.access = x.access()  # the token has been renewed meanwhile
        assert one.drive().state == "delivered"
    assert len(x.media) == 2


# what is said


def test_every_option_is_sent_in_keys_that_x_knows(x: XNetwork, door: Door) -> None:
    options = {
        "who_can_reply": "following", "community": "https://x.com/i/communities/1500", "share_with_followers": True,
        "made_with_ai": True, "paid_partnership": True, "poll": {"choices": ["Tea", "Coffee"], "minutes": 60},
    }
    one = case(x, door, "Which?", options=options)
    assert check(X, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {
        "reply_settings": "following", "community_id": "1500", "share_with_followers": True, "made_with_ai": True,
        "paid_partnership": True, "poll": {"options": ["Tea", "Coffee"], "duration_minutes": 60},
    }


def test_options_left_alone_send_no_key_at_all(x: XNetwork, door: Door) -> None:
    one = case(x, door, "Hello", options={"who_can_reply": "", "made_with_ai": False, "community": ""})
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {}


def test_the_next_part_of_a_thread_replies_to_our_own_post(x: XNetwork, door: Door) -> None:
    root = case(x, door, "One").drive().receipt
    second = case(x, door, "Two", reply_to=root, root=root, position=1)
    assert second.drive().state == "delivered"
    assert root
    assert the_post(second)["referenced_tweets"] == [{"type": "replied_to", "id": root.id}]


def test_replying_to_a_stranger_is_refused_in_words(x: XNetwork, door: Door) -> None:
    theirs = Case(x, x.access("somebody"), Outgoing("Mine"), door).drive().receipt
    outcome = case(x, door, "May I?", reply_to=theirs).drive()
    assert outcome.state == "failed"
    assert "have not been mentioned" in outcome.reason


def test_the_same_text_twice_is_refused_in_words(x: XNetwork, door: Door) -> None:
    assert case(x, door, "Again").drive().state == "delivered"
    again = case(x, door, "Again")
    outcome = again.drive()
    assert (outcome.state, again.out()) == ("failed", {})
    assert "duplicate content" in outcome.reason


def test_a_text_too_long_is_told_before_it_is_sent_and_refused_when_it_is(x: XNetwork, door: Door) -> None:
    one = case(x, door, "日" * 141)
    assert [problem.message for problem in check(X, one.outgoing, {})] == ["2 characters too long for X (280 at most)."]
    assert one.drive().reason == "Your post is too long."


def test_a_200_with_only_errors_is_no_post(x: XNetwork, door: Door) -> None:
    x.only_errors = 1
    one = case(x, door, "Hm")
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "This could not be posted just now.", {})


def test_the_rate_limit_says_when_to_come_back(x: XNetwork, door: Door) -> None:
    x.per_quarter = 1
    assert case(x, door, "First").drive().state == "delivered"
    second = case(x, door, "Second")
    outcome = second.once(Points())
    assert outcome.state == "waiting"
    assert outcome.at
    assert timedelta(minutes=14) < outcome.at - clock.now() < timedelta(minutes=16)
    assert second.drive().state == "delivered"


@pytest.mark.parametrize("answer", [Answer(402), Answer(429, {}, b'{"type": "https://api.x.com/problems/usage-capped"}')])
def test_an_app_without_credit_is_told_to_come_back(door: Door, answer: Answer) -> None:
    with pytest.raises(Later, match="credit"):
        signed_in(door, {}).judge(answer)


def test_a_token_without_a_needed_scope_asks_to_reconnect(door: Door) -> None:
    with pytest.raises(Reconnect):
        signed_in(door, {}).judge(Answer(403, {}, b'{"detail": "Missing required scope: media.write"}'))


@pytest.mark.parametrize(("status", "said", "reaction"), [
    (400, "text: must not be empty", Rejected),
    (401, "Unauthorized", Reconnect),
    (403, "You are not allowed to post a video longer than 2 minutes", Rejected),
    (429, "Too Many Requests", Later),
    (503, "Service Unavailable", Unsure),
])
def test_what_it_says_leads_to_a_reaction(door: Door, status: int, said: str, reaction: type[Reaction]) -> None:
    body, _kind = http.json_body({"detail": said})
    with pytest.raises(reaction, match=said):
        signed_in(door, {}).judge(Answer(status, {}, body))


# lost answers


LOST = {
    "pictures by their media keys": Outgoing("Same words", media=(picture(),)),
    "a text by its words": Outgoing("Tom & Jerry <3 caf\u0065\u0301"),
    "a text whose links X has shortened": Outgoing("Read example.org/a and https://example.com/ now"),
}


@pytest.mark.parametrize("shape", LOST)
@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_post_whose_answer_was_lost_is_found(x: XNetwork, door: Door, shape: str, misdeed: str) -> None:
    one = Case(x, x.access(), LOST[shape], door)
    x.trick(misdeed, "POST /2/tweets")  # type: ignore[arg-type]
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert x.requests("POST /2/tweets") == 1


def test_a_reply_is_told_from_the_same_words_elsewhere(x: XNetwork, door: Door) -> None:
    x.refuses_same_text = False
    root = case(x, door, "Root").drive().receipt
    one = case(x, door, "Yes", reply_to=root)
    case(x, door, "Yes").drive()
    x.trick("lose", "POST /2/tweets")
    outcome = one.drive()
    assert (outcome.state, root is None) == ("delivered", False)
    assert outcome.receipt
    assert x.posts[outcome.receipt.id]["referenced_tweets"] == [{"type": "replied_to", "id": root and root.id}]


def test_a_timeline_that_lags_is_asked_again(x: XNetwork, door: Door) -> None:
    x.lag = timedelta(minutes=4)
    one = case(x, door, "Patience")
    x.trick("lose", "POST /2/tweets")
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1
    assert x.requests("GET /2/users/demo/tweets") > 1


def test_two_posts_that_could_both_be_it_are_left_to_a_person(x: XNetwork, door: Door) -> None:
    x.refuses_same_text = False
    one = case(x, door, "Twin")
    case(x, door, "Twin").drive()
    x.trick("lose", "POST /2/tweets")
    assert one.drive().state == "unsure"


def test_a_request_that_never_arrived_is_not_sent_again_blindly(x: XNetwork, door: Door) -> None:
    one = case(x, door, "Once")
    x.trick("down", "POST /2/tweets")
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("unsure", {})
    assert x.requests("POST /2/tweets") == 1


# afterwards


def test_a_receipt_leads_to_the_post_and_the_post_can_be_taken_back(x: XNetwork, door: Door) -> None:
    receipt = case(x, door, "Hello <world>").drive().receipt
    assert receipt
    assert "Hello &lt;world&gt;" in door(http.Request("GET", receipt.url, "look")).text()
    speaker = X(x.access(), door, "publish")
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert door(http.Request("GET", receipt.url, "look")).status == 404


def test_a_post_is_known_by_its_address(town: Town) -> None:
    ours = Profile("demo", "@Demo", "Demo")
    assert X.recognise(ours, {}, "https://twitter.com/demo/status/123?s=20") == Receipt(
        "123", "https://twitter.com/demo/status/123?s=20"
    )
    for strange in ("https://x.example/demo/status/123", f"{town.url}/x/other/status/123"):
        with pytest.raises(Rejected):
            X.recognise(ours, {}, strange)


# numbers


def numbers(x: XNetwork, door: Door, *receipts: Receipt) -> dict[str, set[str] | None]:
    """The names of what is counted of these posts now."""
    x.seen.clear()
    said = X(x.access(), door, "measure").measure(receipts)
    return {id: None if found is None else set(found) for id, found in said.items()}


def put_out(x: XNetwork, door: Door, said: str, account: str = "demo") -> Receipt:
    return cast(Receipt, Case(x, x.access(account), Outgoing(said), door).drive().receipt)


def test_what_only_the_author_may_know_is_asked_for_while_x_gives_it(x: XNetwork, door: Door) -> None:
    old = put_out(x, door, "Old")
    assert "non_public_metrics.url_link_clicks" in (numbers(x, door, old)[old.id] or ())
    with clock.shifted(timedelta(days=30, minutes=5)):
        young = put_out(x, door, "Young")
        found = numbers(x, door, old, young)
    assert "non_public_metrics.url_link_clicks" in (found[young.id] or ())
    assert {theirs.partition(".")[0] for theirs in found[old.id] or ()} == {"public_metrics"}
    assert x.requests("GET /2/tweets") == 2


def test_a_post_that_x_says_it_has_not_is_gone_and_one_it_will_not_show_is_not(x: XNetwork, door: Door) -> None:
    gone, there, theirs = put_out(x, door, "Gone"), put_out(x, door, "There"), put_out(x, door, "Mine", "somebody")
    x.drop(gone.id)
    found = numbers(x, door, gone, there, theirs)
    assert (set(found), found[gone.id]) == ({gone.id, there.id}, None)


def test_a_hundred_posts_are_read_in_one_request_and_reading_is_said_to_cost(x: XNetwork, door: Door) -> None:
    found = numbers(x, door, put_out(x, door, "One"), *(Receipt(x.new_id(), "") for _ in range(99)))
    assert (len(found), x.requests("GET /2/tweets"), X.counting.batch) == (100, 1, 100)
    assert "cent" in X.counting.price
