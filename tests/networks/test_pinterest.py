"""What is peculiar to Pinterest, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
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
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators.pinterest import CLIENT, SECRET, PinterestNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
PINTEREST = networks.get("pinterest")
BOARD = {"board": "1001"}

REFUSALS = [
    Refusal("a description of 801 characters", Outgoing("x" * 801, (picture(),), BOARD)),
    Refusal("a title of 101 characters", Outgoing("Soup", (picture(),), BOARD | {"title": "x" * 101})),
    Refusal("a picture described in 501 characters", Outgoing("Soup", (picture(alt="x" * 501),), BOARD)),
    Refusal("six pictures", Outgoing("Soup", (picture(),) * 6, BOARD)),
    Refusal("pictures of different ratios", Outgoing("Soup", (picture(64, 48), picture(48, 64)), BOARD)),
    Refusal("no board", Outgoing("Soup", (picture(),))),
    Refusal("a section of another board", Outgoing("Soup", (picture(),), BOARD | {"section": "1003/53"})),
    Refusal("a colour by its name", Outgoing("Soup", (picture(),), BOARD | {"dominant_color": "red"})),
    Refusal("a link that is none", Outgoing("Soup", (picture(),), BOARD | {"link": "soup.example"})),
]


@pytest.fixture
def pinterest(town: Town) -> PinterestNetwork:
    return cast(PinterestNetwork, town["pinterest"])


def case(one: PinterestNetwork, door: Door, *media: Any, said: str = "Soup", **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media or (picture(),), BOARD | options), door)


def the_pin(one: Case) -> dict[str, Any]:
    assert one.drive().state == "delivered"
    (pin,) = one.out().values()
    return cast(dict[str, Any], pin)


# connecting


def sign_in(door: Door) -> Grant:
    """Allow it on the consent page, and come back."""
    flow = Flow(PINTEREST.endpoints({}), App(CLIENT, SECRET), door)
    pending = flow.begin(cast(OAuth2, PINTEREST.connect[0]), SITE)
    assert "scope=boards%3Aread%2Cboards%3Awrite" in pending.url
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(door: Door, secrets: dict[str, str]) -> Network:
    return PINTEREST(Access(Profile("", "", ""), secrets, {}, App(CLIENT, SECRET)), door, "connect")


def test_a_person_signs_in_and_it_is_known_who_it_is(pinterest: PinterestNetwork, door: Door) -> None:
    there = pinterest.url
    who = Profile("demo", "@demo", "Demo", f"{there}/faces/demo.png", f"{there}/demo/")
    assert signed_in(door, dict(sign_in(door).secrets)).profile() == who


def test_access_ends_after_thirty_days_and_the_newest_refresh_token_is_kept(
    pinterest: PinterestNetwork, door: Door
) -> None:
    old = dict(sign_in(door).secrets)
    with clock.shifted(timedelta(days=31)):
        with pytest.raises(Reconnect):
            signed_in(door, old).profile()
        fresh = dict(signed_in(door, old).renew().secrets)
        assert fresh["refresh_token"] != old["refresh_token"]
        assert signed_in(door, fresh).profile().handle == "@demo"


def test_access_without_the_right_to_pin_asks_to_reconnect(pinterest: PinterestNetwork, door: Door) -> None:
    one = case(pinterest, door)
    pinterest.oauth.tokens[-1].scope = "pins:read"
    outcome = one.once(Points())
    assert (outcome.reconnect, "pins:write" in outcome.reason) == (True, True)


# what is pinned


def test_options_arrive_as_chosen(pinterest: PinterestNetwork, door: Door) -> None:
    chosen = {"section": "1001/52", "title": "Leek", "link": "https://soup.example/leek", "dominant_color": "#6E7874"}
    pin = the_pin(case(pinterest, door, **chosen))
    fields = ("board_id", "board_section_id", "title", "link", "dominant_color", "alt_text", "description")
    assert [pin[field] for field in fields] == [
        "1001", "52", "Leek", "https://soup.example/leek", "#6E7874", "A blue field", "Soup",
    ]


def test_without_a_link_of_its_own_the_first_in_the_text_is_where_a_pin_leads(
    pinterest: PinterestNetwork, door: Door
) -> None:
    pin = the_pin(case(pinterest, door, said="See https://example.org/a and https://example.org/b"))
    assert pin["link"] == "https://example.org/a"


def test_characters_are_counted_as_they_are(pinterest: PinterestNetwork, door: Door) -> None:
    fits = case(pinterest, door, said="\N{THUMBS UP SIGN}" * 800)
    assert check(PINTEREST, fits.outgoing, {}) == []
    assert the_pin(fits)["description"] == fits.outgoing.text
    long = replace(fits.outgoing, text=f"{fits.outgoing.text}!")
    assert [problem.where for problem in check(PINTEREST, long, {})] == ["text"]


def test_several_pictures_are_one_pin(pinterest: PinterestNetwork, door: Door) -> None:
    assert the_pin(case(pinterest, door, picture(), picture()))["images"] == 2


def test_a_film_is_shown_by_the_picture_beside_it(pinterest: PinterestNetwork, door: Door) -> None:
    one = case(pinterest, door, film(), picture())
    assert check(PINTEREST, one.outgoing, {}) == []
    assert the_pin(one)["cover"] == "a picture"


def test_or_else_by_one_of_its_own(pinterest: PinterestNetwork, door: Door) -> None:
    assert the_pin(case(pinterest, door, film(), cover="3"))["cover"] == 3


def test_a_film_is_pinned_when_it_has_been_worked_on(pinterest: PinterestNetwork, door: Door) -> None:
    pinterest.works_for = 3
    the_pin(case(pinterest, door, film()))
    assert pinterest.requests("GET /api/v5/media/") == 3
    assert pinterest.requests("POST /store") == 1


def test_a_film_that_cannot_be_worked_on_fails_and_a_retry_uploads_anew(
    pinterest: PinterestNetwork, door: Door
) -> None:
    pinterest.spoils = True
    one = case(pinterest, door, film())
    assert one.drive().reason == "Pinterest could not work on this film."
    pinterest.spoils = False
    the_pin(one)
    assert len(pinterest.media) == 2


def test_the_store_that_takes_films_never_sees_our_token(pinterest: PinterestNetwork, door: Door) -> None:
    the_pin(case(pinterest, door, film()))
    (stored,) = [seen for seen in pinterest.seen if seen.path == "/store"]
    assert "authorization" not in stored.headers


def test_a_pin_needs_something_to_see_and_no_second_part() -> None:
    assert [p.message for p in check(PINTEREST, Outgoing("Soup", options=BOARD), {})] == [
        "Pinterest needs a picture or a film."
    ]
    assert check(PINTEREST, Outgoing("Soup", (picture(),), position=1), {})[0].where == "text"


# look-ups


def test_boards_are_found_by_their_names_over_all_pages(pinterest: PinterestNetwork, door: Door) -> None:
    speaker = PINTEREST(pinterest.access(), door, "connect")
    assert speaker.lookup("board", "RECIPES") == [("1001", "Recipes"), ("1003", "Garden recipes")]
    assert len(speaker.lookup("board", "")) == 3


def test_sections_are_found_by_the_names_of_their_boards(pinterest: PinterestNetwork, door: Door) -> None:
    speaker = PINTEREST(pinterest.access(), door, "connect")
    assert speaker.lookup("section", "garden") == [("1003/53", "Garden recipes: Herbs")]


# answers


@pytest.mark.parametrize(("answer", "reaction"), [
    (Answer(401, {}, b'{"code": 2, "message": "Authentication failed."}'), Reconnect),
    (Answer(403, {}, b'{"code": 29, "message": "You are not permitted to access that resource."}'), Reconnect),
    (Answer(403, {}, b'{"code": 29, "message": "Apps with Trial access may not create Pins"}'), Rejected),
    (Answer(404, {}, b'{"code": 40, "message": "Board not found."}'), Rejected),
    (Answer(400, {}, b'{"code": 1, "message": "Invalid link."}'), Rejected),
    (Answer(429, {"x-ratelimit-reset": "7"}, b'{"code": 8, "message": "Slow down"}'), Later),
    (Answer(500, {}, b'{"code": 12, "message": "Something went wrong"}'), Unsure),
])
def test_what_it_says_leads_to_a_reaction(door: Door, answer: Answer, reaction: type[Reaction]) -> None:
    with pytest.raises(reaction):
        signed_in(door, {}).judge(answer)


def test_what_an_app_on_trial_pins_is_taken_and_seen_by_nobody_which_is_told_before(
    pinterest: PinterestNetwork, door: Door
) -> None:
    """Nothing in the answer tells such a pin from others, so the guide to the app credentials must."""
    pinterest.trial = True
    outcome = case(pinterest, door).drive()
    assert outcome.receipt
    assert door(http.Request("GET", outcome.receipt.url, "find")).status == 404
    assert PINTEREST.console
    assert "Trial access: its pins are seen by their maker only" in PINTEREST.console.gate


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_pin_whose_answer_was_lost_is_found_in_a_list_that_lags(
    pinterest: PinterestNetwork, door: Door, misdeed: str
) -> None:
    pinterest.lag = timedelta(minutes=4)
    one = case(pinterest, door)
    pinterest.trick(misdeed, "POST /api/v5/pins")  # type: ignore[arg-type]
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert pinterest.requests("POST /api/v5/pins") == 1


def test_two_pins_that_could_both_be_it_are_left_to_a_person(pinterest: PinterestNetwork, door: Door) -> None:
    one = case(pinterest, door)
    the_pin(case(pinterest, door))
    pinterest.trick("lose", "POST /api/v5/pins")
    assert one.drive().state == "unsure"


def test_a_marked_link_tells_a_pin_from_its_twin(pinterest: PinterestNetwork, door: Door) -> None:
    chosen: dict[str, Any] = {"link": "https://soup.example/?a=1#top", "marker": True}
    one = case(pinterest, door, **chosen)
    the_pin(case(pinterest, door, **chosen))
    pinterest.trick("lose", "POST /api/v5/pins")
    outcome = one.drive()
    assert outcome.receipt
    link = str(one.out()[outcome.receipt.id]["link"])
    assert link.startswith("https://soup.example/?a=1&utm_content=")
    assert link.endswith("#top")


# afterwards


def test_a_pin_can_be_changed_and_taken_back(pinterest: PinterestNetwork, door: Door) -> None:
    receipt = case(pinterest, door).drive().receipt
    assert receipt
    speaker = PINTEREST(pinterest.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Better soup", (picture(),), BOARD))
    assert pinterest.posts[receipt.id]["description"] == "Better soup"
    assert "Better soup" in door(http.Request("GET", receipt.url, "look")).text()
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not pinterest.posts


def test_a_pin_is_known_by_its_address(town: Town) -> None:
    ours = Profile("demo", "@demo", "Demo")
    url = "https://www.pinterest.com/pin/123/"
    assert PINTEREST.recognise(ours, {}, url) == Receipt("123", url)
    with pytest.raises(Rejected):
        PINTEREST.recognise(ours, {}, "https://www.pinterest.com/demo/soups/")


# numbers


def asking(one: PinterestNetwork, door: Door) -> Network:
    return PINTEREST(one.access(), door, "measure")


def put_out(one: PinterestNetwork, door: Door, *media: Any) -> Receipt:
    receipt = case(one, door, *media).drive().receipt
    assert receipt
    return receipt


@pytest.mark.parametrize("form", ["", "older"])
def test_the_numbers_of_a_pin_are_the_same_whatever_form_the_answer_has(
    pinterest: PinterestNetwork, door: Door, form: str
) -> None:
    receipt = put_out(pinterest, door)
    pinterest.form = form
    with clock.shifted(timedelta(hours=5)):
        numbers = asking(pinterest, door).measure([receipt])[receipt.id]
        counted = ("impression", "clickthrough", "pin_click", "save", "reaction", "comment")
        assert numbers == {theirs: pinterest.grown(receipt.id, theirs) for theirs in counted}


def test_only_a_film_is_viewed(pinterest: PinterestNetwork, door: Door) -> None:
    moving = put_out(pinterest, door, film())
    assert "video_mrc_view" in (asking(pinterest, door).measure([moving])[moving.id] or {})


def test_a_pin_of_which_nothing_was_counted_yet_has_no_numbers_and_one_that_is_gone_is_gone(
    pinterest: PinterestNetwork, door: Door
) -> None:
    receipt = put_out(pinterest, door)
    pinterest.form = "none"
    assert asking(pinterest, door).measure([receipt]) == {}
    pinterest.drop(receipt.id)
    assert asking(pinterest, door).measure([receipt]) == {receipt.id: None}


def test_a_personal_profile_has_followers_and_no_days(pinterest: PinterestNetwork, door: Door) -> None:
    pinterest.personal = True
    readings = asking(pinterest, door).audience(clock.now().date() - timedelta(days=3))
    assert [one.theirs for one in readings] == ["follower_count"]
    assert pinterest.requests("/analytics") == 0


def test_a_business_is_asked_for_ninety_days_at_most_and_today_is_not_known_yet(
    pinterest: PinterestNetwork, door: Door
) -> None:
    today = clock.now().date()
    readings = asking(pinterest, door).audience(today - timedelta(days=400))
    days = {one.day for one in readings if one.theirs == "IMPRESSION" and one.day}
    assert (len(days), max(days)) == (89, today - timedelta(days=1))
