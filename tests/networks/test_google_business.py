"""What is peculiar to Google Business Profile, over real HTTP against its simulator."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.deliveries.journal import Journal
from tidings.networks.answered import Message
from tidings.networks.base import Access, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Rendition, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators.google_business import GoogleBusinessNetwork

SITE = Site("Tidings", "https://tidings.example", "https://tidings.example/connect/callback")
GOOGLE = networks.get("google_business")
WHEN = {"event_title": "Two for one", "start": "2026-12-01T09:00+01:00", "end": "2026-12-02T18:30+01:00"}

REFUSALS = [
    Refusal("a text of 1,501 characters", Outgoing("x" * 1501)),
    Refusal("a button that leads nowhere", Outgoing("Rye", options={"action": "BOOK"})),
    Refusal("a button that calls an address", Outgoing("Rye", options={"action": "CALL", "action_url": "https://a.example"})),
    Refusal("an event without a title", Outgoing("Rye", options={"topic": "EVENT", **WHEN, "event_title": ""})),
    Refusal("an event that ends before it begins",
            Outgoing("Rye", options={"topic": "EVENT", **WHEN, "end": "2026-11-30T09:00+01:00"})),
    Refusal("a coupon without an offer", Outgoing("Rye", options={"coupon": "RYE"})),
]


@pytest.fixture
def google(town: Town) -> GoogleBusinessNetwork:
    return cast(GoogleBusinessNetwork, town["google_business"])


def case(one: GoogleBusinessNetwork, door: Door, said: str = "Rye", *media: Rendition, **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media, options), door)


def the_post(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (post,) = one.out().values()
    assert outcome.receipt == Receipt(post["name"], post["searchUrl"])
    return cast(dict[str, Any], post)


# connecting


def sign_in(one: GoogleBusinessNetwork, door: Door) -> Grant:
    """Allow it on the consent page, and come back."""
    flow = Flow(GOOGLE.endpoints({}), one.google.app(), door)
    pending = flow.begin(cast(OAuth2, GOOGLE.connect[0]), SITE)
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(one: GoogleBusinessNetwork, door: Door, secrets: dict[str, str]) -> Network:
    return GOOGLE(Access(Profile("", "", ""), secrets, {}, one.google.app()), door, "connect")


def test_every_location_of_every_account_is_a_channel_with_both_of_its_names(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    found = signed_in(google, door, dict(sign_in(google, door).secrets)).channels()
    assert [(one.id, one.server["location"], one.name) for one in found] == [
        ("accounts/1/locations/9", "locations/9", "Corner bakery"), ("accounts/1/locations/8", "locations/8", "Mill"),
        ("accounts/2/locations/7", "locations/7", "Tea room"),
    ]
    assert {(one.handle, one.url) for one in found} == {("Ghent", "https://maps.google.com/?cid=1")}


def test_access_ends_after_an_hour_and_its_refresh_token_goes_on(google: GoogleBusinessNetwork, door: Door) -> None:
    old = dict(sign_in(google, door).secrets)
    with clock.shifted(timedelta(minutes=61)):
        with pytest.raises(Reconnect):
            signed_in(google, door, old).channels()
        for _ in range(2):
            fresh = dict(signed_in(google, door, old).renew().secrets)
            assert fresh["refresh_token"] == old["refresh_token"]
            assert signed_in(google, door, fresh).channels()


def test_an_app_in_testing_loses_its_access_after_a_week(google: GoogleBusinessNetwork, door: Door) -> None:
    google.google.testing = True
    old = dict(sign_in(google, door).secrets)
    with clock.shifted(timedelta(days=8)), pytest.raises(Reconnect):
        signed_in(google, door, old).renew()


def test_with_one_token_the_whole_access_is_taken_back(google: GoogleBusinessNetwork, door: Door) -> None:
    speaker = signed_in(google, door, dict(sign_in(google, door).secrets))
    speaker.revoke()
    with pytest.raises(Reconnect):
        speaker.channels()
    with pytest.raises(Reconnect):
        speaker.renew()


# what is posted


def test_a_post_has_its_button_and_language(google: GoogleBusinessNetwork, door: Door) -> None:
    post = the_post(case(google, door, action="BOOK", action_url="https://bakery.example/", language="en"))
    assert (post["topicType"], post["languageCode"]) == ("STANDARD", "en")
    assert post["callToAction"] == {"actionType": "BOOK", "url": "https://bakery.example/"}
    assert the_post(case(google, door, "Call us", action="CALL"))["callToAction"] == {"actionType": "CALL"}


def test_an_offer_has_its_times_as_they_were_chosen(google: GoogleBusinessNetwork, door: Door) -> None:
    offer = {"coupon": "RYE", "redeem_url": "https://bakery.example/", "terms": "One each"}
    one = case(google, door, topic="OFFER", **WHEN, **offer)
    assert check(GOOGLE, one.outgoing, {}) == []
    post = the_post(one)
    assert post["event"] == {"title": "Two for one", "schedule": {
        "startDate": {"year": 2026, "month": 12, "day": 1}, "startTime": {"hours": 9, "minutes": 0},
        "endDate": {"year": 2026, "month": 12, "day": 2}, "endTime": {"hours": 18, "minutes": 30},
    }}
    assert post["offer"] == {
        "couponCode": "RYE", "redeemOnlineUrl": "https://bakery.example/", "termsConditions": "One each",
    }


def test_a_picture_is_fetched_from_our_address(google: GoogleBusinessNetwork, door: Door) -> None:
    link = google.sample("first.jpg")
    post = the_post(case(google, door, "Rye", picture(800, 800, public=link)))
    assert post["media"] == [{"mediaFormat": "PHOTO", "sourceUrl": link}]
    assert len(google.media) == 1


def test_a_picture_that_cannot_be_fetched_fails_in_googles_words(google: GoogleBusinessNetwork, door: Door) -> None:
    one = case(google, door, "Rye", picture(800, 800, public=f"{google.url}/nowhere.jpg"))
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "Fetching image failed.", {})


@pytest.mark.parametrize(("outgoing", "said"), [
    (Outgoing("", (picture(200, 200),)), "takes pictures from 250 × 250 pixels"),
    (Outgoing("", (film(),)), "takes no films"),
    (Outgoing("Two", position=1), "takes one part only"),
    (Outgoing("Call +32 9 123 45 67 now"), "often rejects posts with a telephone number"),
    (Outgoing("Rye", options={"topic": "EVENT"}), "An event or offer has a title"),
    (Outgoing("Rye", options={"topic": "EVENT", **WHEN, "end": "soon"}), "this is no time"),
])
def test_what_google_would_not_take_is_said_before(outgoing: Outgoing, said: str) -> None:
    assert any(said in problem.message for problem in check(GOOGLE, outgoing, {}))


def test_characters_are_counted_as_they_are() -> None:
    assert check(GOOGLE, Outgoing("\N{THUMBS UP SIGN}" * 1500), {}) == []
    assert [problem.where for problem in check(GOOGLE, Outgoing("x" * 1501), {})] == ["text"]


def test_years_and_prices_are_no_telephone_numbers() -> None:
    assert check(GOOGLE, Outgoing("Since 1987, from 9.50 to 12.50, until 24 December 2026"), {}) == []


# google looks it over


def test_it_is_delivered_when_it_is_live(google: GoogleBusinessNetwork, door: Door) -> None:
    google.looks_for = 3
    one = case(google, door)
    assert one.once(Points()).state == "settling"
    assert the_post(one)["state"] == "LIVE"


def test_a_post_that_google_rejects_fails_although_it_was_taken(google: GoogleBusinessNetwork, door: Door) -> None:
    google.rejects = True
    outcome = case(google, door).drive()
    assert (outcome.state, "has rejected this post" in outcome.reason) == ("failed", True)


def test_a_post_that_google_rejects_later_is_gone(google: GoogleBusinessNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(google, door).drive().receipt)
    speaker = GOOGLE(google.access(), door, "find")
    assert speaker.present(receipt) is True
    google.posts[receipt.id]["state"] = "REJECTED"
    assert speaker.present(receipt) is False


# answers


def told(status: int, state: str, reason: str = "", **more: Any) -> Answer:
    details = [{"reason": reason, **more}] if reason or more else []
    return Answer(status, {}, json.dumps({"error": {"status": state, "message": "No", "details": details}}).encode())


@pytest.mark.parametrize(("answer", "reaction", "said"), [
    (told(401, "UNAUTHENTICATED"), Reconnect, "No"),
    (told(403, "PERMISSION_DENIED"), Reconnect, "No"),
    (told(403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED"), Reconnect, "No"),
    (told(403, "PERMISSION_DENIED", "SERVICE_DISABLED"), Later, "No"),
    (told(404, "NOT_FOUND"), Reconnect, "No"),
    (told(429, "RESOURCE_EXHAUSTED"), Later, "No"),
    (told(429, "RESOURCE_EXHAUSTED", metadata={"quota_limit_value": "0"}), Later, "has not granted"),
    (told(400, "INVALID_ARGUMENT", errorDetails=[{"field": "event", "message": "is bad"}]), Rejected, "event: is bad"),
    (told(503, "UNAVAILABLE"), Unsure, "No"),
])
def test_what_it_says_leads_to_a_reaction(
    google: GoogleBusinessNetwork, door: Door, answer: Answer, reaction: type[Reaction], said: str
) -> None:
    with pytest.raises(reaction, match=said):
        signed_in(google, door, {}).judge(answer)


def test_without_googles_approval_a_post_waits_and_says_so(google: GoogleBusinessNetwork, door: Door) -> None:
    google.granted = False
    outcome = case(google, door).once(Points())
    assert (outcome.state, "has not granted" in outcome.reason) == ("waiting", True)


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_post_whose_answer_was_lost_is_found_in_a_list_that_lags(
    google: GoogleBusinessNetwork, door: Door, misdeed: str
) -> None:
    google.lag = timedelta(minutes=3)
    the_post(case(google, door, action="CALL"))
    one = case(google, door, action="BOOK", action_url="https://bakery.example/")
    google.trick(misdeed, "POST /business/v4/")  # type: ignore[arg-type]
    the_post(one)
    assert google.requests("POST /business/v4/") == 2


def test_two_posts_that_could_both_be_it_are_left_to_a_person(google: GoogleBusinessNetwork, door: Door) -> None:
    one = case(google, door)
    the_post(case(google, door))
    google.trick("lose", "POST /business/v4/")
    assert one.drive().state == "unsure"


# afterwards


def test_a_post_can_be_changed_and_taken_back(google: GoogleBusinessNetwork, door: Door) -> None:
    receipt = case(google, door).drive().receipt
    assert receipt
    speaker = GOOGLE(google.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Wheat", options={"action": "CALL"}))
    assert google.posts[receipt.id]["callToAction"] == {"actionType": "CALL"}
    assert "Wheat" in door(http.Request("GET", receipt.url, "look")).text()
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not google.posts


# numbers


def counted(google: GoogleBusinessNetwork, door: Door, day: date) -> dict[str, int]:
    """What is said of a day."""
    found = GOOGLE(google.access(), door, "measure").audience(clock.now().date() - timedelta(days=9))
    return {one.theirs: one.value for one in found if one.day == day}


def test_a_day_on_which_nothing_was_counted_is_a_nought_once_it_is_old(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    today = clock.now().date()
    fresh, old = today - timedelta(days=1), today - timedelta(days=6)
    assert counted(google, door, fresh)["CALL_CLICKS"] > 0
    google.quiet = (fresh, old)
    assert counted(google, door, fresh) == {}
    assert set(counted(google, door, old).values()) == {0}


def test_every_number_of_a_location_is_asked_for_at_once(google: GoogleBusinessNetwork, door: Door) -> None:
    day = clock.now().date() - timedelta(days=5)
    assert set(counted(google, door, day)) == {metric.theirs for metric in GOOGLE.crowd}
    assert google.requests(":fetchMultiDailyMetricsTimeSeries") == 1


def test_the_numbers_of_a_location_that_one_no_longer_manages_ask_to_reconnect(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    access = google.access()
    lost = replace(access, profile=replace(access.profile, id="accounts/1/locations/404"))
    with pytest.raises(Reconnect, match="permission"):
        GOOGLE(lost, door, "measure").audience(clock.now().date())


# reviews


def heard(one: GoogleBusinessNetwork, door: Door) -> list[Message]:
    one.seen.clear()
    return list(GOOGLE(one.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), ()))


def answer(one: GoogleBusinessNetwork, door: Door, review: Message, said: str = "Thanks") -> Case:
    return Case(one, one.access(), Outgoing(said, reply_to=review.receipt, position=1), door)


def test_stars_without_words_are_listed_and_so_is_who_wants_no_name(google: GoogleBusinessNetwork, door: Door) -> None:
    google.remark("", author="", kind="review", stars=2)
    (review,) = heard(google, door)
    assert (review.kind, review.text, review.stars, review.author) == ("review", "", 2, "A Google user")


def test_reviews_are_read_as_far_back_as_is_asked_for_and_no_further(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    with clock.shifted(-timedelta(days=3)):
        for n in range(60):
            google.remark(f"Long ago {n}", kind="review", stars=5)
    assert heard(google, door) == []
    assert google.requests("GET ") == 1
    for n in range(60):
        google.remark(f"Today {n}", kind="review", stars=5)
    assert len(heard(google, door)) == 60
    assert google.requests("GET ") == 2


def test_a_second_answer_takes_the_place_of_the_first(google: GoogleBusinessNetwork, door: Door) -> None:
    google.remark("Good rye", kind="review", stars=5)
    (review,) = heard(google, door)
    first = answer(google, door, review).drive().receipt
    second = answer(google, door, review, "Thanks again").drive().receipt
    assert first
    assert first == second
    one = answer(google, door, review, "Thanks again")
    journal = Journal(one.key, one.due, lambda kept: None)
    assert GOOGLE(google.access(), door, "find").find(one.outgoing, journal) == first
    with pytest.raises(NotYet):
        GOOGLE(google.access(), door, "find").find(answer(google, door, review, "Never").outgoing, journal)
    (again, ours) = heard(google, door)
    assert again == review
    assert (ours.text, ours.ours, ours.reply_to, ours.receipt) == ("Thanks again", True, review.receipt.id, first)


def test_an_answer_that_google_rejects_counts_as_gone_and_one_that_stands_can_be_taken_back(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    google.remark("Good rye", kind="review", stars=5)
    (review,) = heard(google, door)
    receipt = answer(google, door, review).drive().receipt
    assert receipt
    speaker = GOOGLE(google.access(), door, "find")
    assert speaker.present(receipt)
    speaker.edit(receipt, Outgoing("Thank you"))
    assert [one.text for one in heard(google, door)] == ["Good rye", "Thank you"]
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not speaker.present(receipt)
    google.rejects_answers = True
    answer(google, door, review).drive()
    assert not speaker.present(receipt)
    assert [one.text for one in heard(google, door)] == ["Good rye"]


def test_an_answer_to_a_review_that_is_gone_is_refused_and_ends_no_access(
    google: GoogleBusinessNetwork, door: Door
) -> None:
    google.remark("Good rye", kind="review", stars=5)
    (review,) = heard(google, door)
    google.remarks.clear()
    outcome = answer(google, door, review).drive()
    assert (outcome.state, outcome.reconnect) == ("failed", False)
    assert outcome.reason == "This review is not there any more."


def test_an_answer_may_be_longer_than_a_post_and_is_counted_in_bytes() -> None:
    review = Receipt("accounts/1/locations/9/reviews/r1", "")
    assert check(GOOGLE, Outgoing("x" * 4096, reply_to=review, position=1), {}) == []
    assert check(GOOGLE, Outgoing("é" * 2049, reply_to=review, position=1), {})
