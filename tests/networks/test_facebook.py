"""What is peculiar to Facebook pages, over real HTTP against their simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import meta, pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Door
from tidings.networks.base import Access, Network, Outgoing, Profile, Receipt, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Reaction, Reconnect, Rejected
from tidings.simulators.facebook import FacebookNetwork

Facebook = networks.get("facebook")
PICTURE = pieces.picture()
FILM = pieces.film(width=1080, height=1920)
REEL, STORY = {"kind": "reel"}, {"kind": "story"}

REFUSALS = [
    Refusal("a text of 63,207 characters", Outgoing("x" * 63_207)),
    Refusal("eleven pictures", Outgoing("", (PICTURE,) * 11)),
    Refusal("a card beside a picture", Outgoing("Look", (PICTURE,), {"link": "https://example.org"})),
    Refusal("a button that leads nowhere", Outgoing("Look", options={"call_to_action": "LEARN_MORE"})),
]


@pytest.fixture
def facebook(town: Town) -> FacebookNetwork:
    return cast(FacebookNetwork, town["facebook"])


def case(facebook: FacebookNetwork, door: Door, said: str = "", *media: Rendition, **more: Any) -> Case:
    return Case(facebook, facebook.access(), Outgoing(said, media, **more), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def signed_in(door: Door) -> Network:
    short = meta.speaker(Facebook, door, dict(meta.sign_in(Facebook, door).secrets))
    return meta.speaker(Facebook, door, dict(short.lengthen().secrets))


# connecting


def test_one_sign_in_gives_every_page_one_may_post_to_each_with_its_own_token(
    facebook: FacebookNetwork, door: Door
) -> None:
    found = signed_in(door).channels()
    assert [page.id for page in found] == ["demo", "shop"]  # at the club one may only look
    assert replace(found[0], secrets={}) == Profile(
        "demo", "@demo", "Demo", f"{facebook.url}/faces/demo.png", f"{facebook.url}/demo"
    )
    shop = Access(found[1], found[1].secrets, {}, meta.APP)
    with clock.shifted(timedelta(days=400)):
        assert Facebook(shop, door, "look").profile().id == "shop"


def test_pages_of_a_business_are_found_too(facebook: FacebookNetwork, door: Door) -> None:
    facebook.owned["demo"] = ["branch"]
    assert [page.id for page in signed_in(door).channels()] == ["branch", "demo", "shop"]


def test_a_token_that_does_not_end_needs_no_renewal(door: Door) -> None:
    assert meta.speaker(Facebook, door, dict(meta.sign_in(Facebook, door).secrets)).lengthen().ends_at is None
    assert not Facebook.has("renew")


# what goes out


def test_a_post_is_built_where_nobody_sees_it_and_then_shown(facebook: FacebookNetwork, door: Door) -> None:
    options = {
        "link": "https://example.org", "call_to_action": "SHOP_NOW", "place": "110774", "countries": ["DE", "FR"],
    }
    one = case(facebook, door, "Sale", options=options)
    assert check(Facebook, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {
        "message": "Sale", "link": "https://example.org", "place": "110774", "published": False,
        "call_to_action": {"type": "SHOP_NOW", "value": {"link": "https://example.org"}},
        "targeting": {"geo_locations": {"countries": ["DE", "FR"]}},
    }


def test_characters_are_counted_as_they_are() -> None:
    assert check(Facebook, Outgoing("\N{THUMBS UP SIGN}" * 63_206), {}) == []
    assert [problem.where for problem in check(Facebook, Outgoing("x" * 63_207), {})] == ["text"]


def test_words_can_have_a_background(facebook: FacebookNetwork, door: Door) -> None:
    one = case(facebook, door, "Hi", options={"background": "106018623298955"})
    assert check(Facebook, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"]["text_format_preset_id"] == "106018623298955"
    (problem,) = check(Facebook, Outgoing("x" * 131, options=one.outgoing.options), {})
    assert problem.level == "warning"


def test_pictures_go_together_in_one_post_each_described(facebook: FacebookNetwork, door: Door) -> None:
    one = case(facebook, door, "Two", PICTURE, pieces.picture(mime="image/png", alt=""))
    assert one.drive().state == "delivered"
    assert the_post(one)["alts"] == ["A blue field", ""]
    assert len(facebook.drafts) == 1


def test_a_film_goes_in_the_pieces_that_are_asked_for(facebook: FacebookNetwork, door: Door) -> None:
    facebook.piece = 700
    one = case(facebook, door, "Sea", FILM, options={"title": "Waves"})
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {"description": "Sea", "title": "Waves"}
    (film,) = facebook.media.values()
    assert film["got"] == FILM.read()
    assert facebook.requests("/videos") == 2 + -(-FILM.size // 700)


def test_a_reel_is_waited_for_until_it_is_shown(facebook: FacebookNetwork, door: Door) -> None:
    facebook.works_for = 2
    one = case(facebook, door, "Sea", FILM, options={**REEL, "title": "Waves"})
    assert check(Facebook, one.outgoing, {}) == []
    assert one.once(Points()).state == "settling"
    outcome = one.drive()
    assert (outcome.state, the_post(one)["wish"]["title"]) == ("delivered", "Waves")
    assert facebook.requests("POST /v26.0/demo/video_reels") == 2


def test_a_reel_that_cannot_be_shown_fails_in_their_words(facebook: FacebookNetwork, door: Door) -> None:
    facebook.spoils = True
    outcome = case(facebook, door, "Sea", FILM, options=REEL).drive()
    assert (outcome.state, outcome.reason) == ("failed", "The film has no picture.")


def test_a_film_that_cannot_be_worked_on_is_never_shown_and_a_retry_uploads_anew(
    facebook: FacebookNetwork, door: Door
) -> None:
    facebook.spoils = True
    one = case(facebook, door, "Sea", FILM)
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "The film has no picture.", {})
    facebook.spoils = False
    assert one.drive().state == "delivered"


@pytest.mark.parametrize("piece", [PICTURE, FILM], ids=["picture", "film"])
def test_a_story_shows_its_medium_and_says_nothing(facebook: FacebookNetwork, door: Door, piece: Rendition) -> None:
    one = case(facebook, door, "Unheard", piece, options=STORY)
    assert [(problem.where, problem.level) for problem in check(Facebook, one.outgoing, {})] == [("text", "warning")]
    assert one.drive().state == "delivered"
    assert (the_post(one)["media_id"], the_post(one)["wish"]) == (next(iter(facebook.media)), {})


@pytest.mark.parametrize(
    ("options", "media", "fits"),
    [
        (REEL, (FILM,), True), (REEL, (PICTURE,), False), (REEL, (pieces.film(width=1920, height=1080),), False),
        (REEL, (pieces.film(width=360, height=640),), False),
        (REEL, (pieces.film(91, width=1080, height=1920),), False),
        (REEL, (), False), (STORY, (PICTURE,), True), (STORY, (PICTURE, PICTURE), False), (STORY, (), False),
        ({}, (PICTURE, FILM), False), ({}, (pieces.film(3600),), True), ({}, (FILM, FILM), False),
    ],
)
def test_what_each_kind_takes_is_known_before(
    options: dict[str, str], media: tuple[Rendition, ...], fits: bool
) -> None:
    assert (check(Facebook, Outgoing("" if options else "Hi", media, options), {}) == []) is fits


def test_a_second_part_becomes_a_comment_with_a_picture(facebook: FacebookNetwork, door: Door) -> None:
    root = case(facebook, door, "Post").drive().receipt
    one = case(facebook, door, "Comment", PICTURE, reply_to=root, root=root, position=1)
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert root
    assert (the_post(one)["comment_on"], the_post(one)["wish"]) == (
        root.id, {"message": "Comment", "attachment_id": next(iter(facebook.media))}
    )
    third = case(facebook, door, "Another", reply_to=outcome.receipt, root=root, position=2)
    assert third.drive().state == "delivered"
    assert the_post(third)["comment_on"] == root.id


# lost answers

LOST = {
    "words": (Outgoing("Words"), "POST /v26.0/demo_"),
    "pictures": (Outgoing("Two", (PICTURE, PICTURE)), "POST /v26.0/demo_"),
    "a reel": (Outgoing("Sea", (FILM,), REEL), "POST /v26.0/demo/video_reels"),
    "a story": (Outgoing("", (PICTURE,), STORY), "photo_stories"),
    "a film in a story": (Outgoing("", (FILM,), STORY), "POST /v26.0/demo/video_stories"),
}


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
@pytest.mark.parametrize("shape", LOST)
def test_a_post_whose_answer_was_lost_is_found_by_what_was_built(
    facebook: FacebookNetwork, door: Door, shape: str, misdeed: Any
) -> None:
    outgoing, commit = LOST[shape]
    one = Case(facebook, facebook.access(), outgoing, door)
    if "/video_" in commit:  # a film's upload begins at the same address
        facebook.trick("slow", commit, seconds=0)
    facebook.trick(misdeed, commit)
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert facebook.requests(commit) == (2 if "/video_" in commit else 1)


@pytest.mark.parametrize("shape", ["words", "pictures"])
def test_a_showing_that_never_arrived_is_made_again(facebook: FacebookNetwork, door: Door, shape: str) -> None:
    outgoing, commit = LOST[shape]
    one = Case(facebook, facebook.access(), outgoing, door)
    facebook.trick("down", commit)
    assert one.drive().state == "delivered"
    assert (len(one.out()), len(facebook.drafts), facebook.requests(commit)) == (1, 1, 2)


def test_a_reel_that_was_never_told_to_be_shown_is_told_again(facebook: FacebookNetwork, door: Door) -> None:
    outgoing, commit = LOST["a reel"]
    one = Case(facebook, facebook.access(), outgoing, door)
    facebook.trick("slow", commit, seconds=0)
    facebook.trick("down", commit)
    assert one.drive().state == "delivered"
    assert (len(one.out()), len(facebook.media), facebook.requests(commit)) == (1, 1, 3)


def test_a_story_that_is_not_listed_is_left_to_a_person(facebook: FacebookNetwork, door: Door) -> None:
    one = case(facebook, door, "", PICTURE, options=STORY)
    facebook.trick("down", "photo_stories")
    assert (one.drive().state, one.out()) == ("unsure", {})


def test_a_lost_comment_is_found_under_its_post_by_our_page_and_words(facebook: FacebookNetwork, door: Door) -> None:
    root = case(facebook, door, "Post").drive().receipt
    same = Outgoing("Nice", reply_to=root, root=root, position=1)
    Case(facebook, facebook.access("shop"), same, door).drive()
    one = Case(facebook, facebook.access(), same, door)
    facebook.trick("lose", "/comments")
    outcome = one.drive()
    assert outcome.receipt
    assert (outcome.state, list(one.out())) == ("delivered", [outcome.receipt.id])
    assert facebook.requests(f"POST /v26.0/{root.id if root else ''}/comments") == 2


def test_the_same_words_twice_in_a_row_are_refused_in_words_for_people(facebook: FacebookNetwork, door: Door) -> None:
    facebook.refuses_repeats = True
    assert case(facebook, door, "Again").drive().state == "delivered"
    one = case(facebook, door, "Again")
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert outcome.reason == "This is the same as the post before. (Meta's trace AbC123)"


# errors


@pytest.mark.parametrize(("error", "reaction"), meta.REACTIONS)
def test_an_error_of_theirs_becomes_a_reaction_of_ours(
    door: Door, error: dict[str, Any], reaction: type[Reaction]
) -> None:
    with pytest.raises(Reaction) as raised:
        meta.speaker(Facebook, door, {}).judge(meta.fault(error))
    assert type(raised.value) is reaction


def test_a_wrong_app_secret_is_told_to_the_operator(facebook: FacebookNetwork, door: Door) -> None:
    access = replace(facebook.access(), app=replace(meta.APP, client_secret="another"))
    with pytest.raises(Rejected, match="appsecret_proof"):
        Facebook(access, door, "look").profile()


def test_a_page_token_without_a_right_asks_to_reconnect(facebook: FacebookNetwork, door: Door) -> None:
    one = case(facebook, door, "Hello")
    facebook.oauth.tokens[-1].scope = "pages_show_list"
    assert one.once(Points()).reconnect


# afterwards


def test_words_can_be_changed_and_a_post_taken_back(facebook: FacebookNetwork, door: Door) -> None:
    facebook.works_for = 0
    post, film = case(facebook, door, "Helo").drive().receipt, case(facebook, door, "Sae", FILM).drive().receipt
    one = Facebook(facebook.access(), door, "publish")
    assert post
    assert film
    one.edit(post, Outgoing("Hello <all>"))
    one.edit(film, Outgoing("Sea"))
    assert "Hello &lt;all>" in door(http.Request("GET", post.url, "look")).text()
    assert [seen.text for seen in one.recent(clock.now() - timedelta(minutes=5))] == ["Sea", "Hello <all>"]
    one.delete(post)
    one.delete(post)
    assert door(http.Request("GET", post.url, "look")).status == 404


def test_the_end_of_access_ends_all_that_the_person_granted(facebook: FacebookNetwork, door: Door) -> None:
    speaks = signed_in(door)
    assert speaks.person() == "demo"
    page = replace(speaks.channels()[1], person="demo")
    Facebook(Access(page, page.secrets, {}, meta.APP), door, "revoke").revoke()
    assert all(token.revoked for token in facebook.oauth.tokens)
    assert facebook.requests("DELETE /v26.0/demo/permissions") == 1


def test_without_knowing_who_signed_in_nothing_can_be_ended(facebook: FacebookNetwork, door: Door) -> None:
    with pytest.raises(Rejected):
        Facebook(facebook.access(), door, "revoke").revoke()


# numbers


def measured(facebook: FacebookNetwork, door: Door, receipt: Receipt | None, scope: str = "") -> dict[str, Any]:
    """What is read of a post after five hours; with these rights only, if some are named."""
    assert receipt
    one = Facebook(facebook.access(), door, "measure")
    facebook.oauth.tokens[-1].scope = scope or facebook.oauth.tokens[-1].scope
    with clock.shifted(timedelta(hours=5)):
        facebook.seen.clear()
        return dict(one.measure([receipt]).get(receipt.id) or {})


def test_a_film_and_a_reel_have_numbers_of_their_own(facebook: FacebookNetwork, door: Door) -> None:
    facebook.works_for = 0
    film = measured(facebook, door, case(facebook, door, "Sea", FILM).drive().receipt)
    reel = measured(facebook, door, case(facebook, door, "Sea", FILM, options=REEL).drive().receipt)
    said = {"likes.summary.total_count", "comments.summary.total_count"}
    assert (set(film), set(reel)) == ({"total_video_views"} | said, {"fb_reels_total_plays"} | said)


def test_stories_and_comments_are_not_asked_for_numbers(facebook: FacebookNetwork, door: Door) -> None:
    root = case(facebook, door, "Post").drive().receipt
    comment = case(facebook, door, "First", reply_to=root, root=root, position=1).drive().receipt
    for receipt in (comment, case(facebook, door, "", PICTURE, options=STORY).drive().receipt):
        assert measured(facebook, door, receipt) == {}
        assert not facebook.seen


def test_a_number_that_was_removed_takes_no_other_along(facebook: FacebookNetwork, door: Door) -> None:
    facebook.removed = {"post_media_view"}
    found = measured(facebook, door, case(facebook, door, "Hello").drive().receipt)
    assert {"post_total_media_view_unique", "post_clicks", "reactions.summary.total_count"} <= set(found)
    assert "post_media_view" not in found
    assert len(facebook.seen) <= Facebook.counting.calls


def test_a_number_kept_from_small_pages_is_not_taken_for_a_missing_right(
    facebook: FacebookNetwork, door: Door
) -> None:
    facebook.unseen = {"post_total_media_view_unique"}
    found = measured(facebook, door, case(facebook, door, "Hello").drive().receipt)
    assert {"post_media_view", "post_clicks"} <= set(found)
    assert "post_total_media_view_unique" not in found


def test_each_right_gives_the_numbers_that_it_is_for(facebook: FacebookNetwork, door: Door) -> None:
    receipt = case(facebook, door, "Hello").drive().receipt
    found = measured(facebook, door, receipt, "pages_read_engagement,read_insights")
    assert set(found) == {"post_media_view", "post_total_media_view_unique", "post_clicks"}
    with pytest.raises(Reconnect, match="Sign in there, and read numbers and messages"):
        measured(facebook, door, receipt, "pages_read_engagement")


def test_more_days_than_one_question_may_be_about_are_cut_short(facebook: FacebookNetwork, door: Door) -> None:
    told = Facebook(facebook.access(), door, "measure").audience(clock.now().date() - timedelta(days=400))
    assert 85 <= len({one.day for one in told if one.day}) <= 90
