"""What is peculiar to Instagram, over real HTTP against its simulator; signing in here is by Facebook."""

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
from tidings.core.http import Door
from tidings.networks.base import Access, Network, Outgoing, Profile, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected
from tidings.simulators.instagram import InstagramNetwork

Instagram = networks.get("instagram")
PICTURE, FILM = served(pieces.picture()), served(pieces.film())
COMMIT = "media_publish"

REFUSALS = [
    Refusal("a caption of 2201 characters", Outgoing("x" * 2201, (PICTURE,))),
    Refusal("31 hashtags", Outgoing(" ".join(f"#tag{n}" for n in range(31)), (PICTURE,))),
    Refusal("21 mentions", Outgoing(" ".join(f"@name{n}" for n in range(21)), (PICTURE,))),
    Refusal("eleven pictures", Outgoing("", (PICTURE,) * 11)),
    Refusal("a panorama", Outgoing("", (served(pieces.picture(800, 400)),))),
    Refusal("a tower", Outgoing("", (served(pieces.picture(400, 800)),))),
    Refusal("four collaborators", Outgoing("", (PICTURE,), {"collaborators": ["ann", "bob", "cid", "dee"]})),
    Refusal("a description of 1001 characters", Outgoing("", (replace(PICTURE, alt="x" * 1001),))),
    Refusal("a trial nobody knows", Outgoing("", (FILM,), {"trial": "MAYBE"})),
]


@pytest.fixture
def instagram(town: Town) -> InstagramNetwork:
    return cast(InstagramNetwork, town["instagram"])


def case(instagram: InstagramNetwork, door: Door, said: str = "", *media: Rendition, **more: Any) -> Case:
    return Case(instagram, instagram.access(), Outgoing(said, media, **more), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    wish = {name: value for name, value in post["wish"].items() if not name.endswith("_url") or name == "cover_url"}
    return cast(dict[str, Any], wish)


def signed_in(door: Door) -> Network:
    short = meta.speaker(Instagram, door, dict(meta.sign_in(Instagram, door).secrets))
    return meta.speaker(Instagram, door, dict(short.lengthen().secrets))


# connecting


def test_each_profile_that_is_linked_to_a_page_is_a_channel_with_the_pages_token(
    instagram: InstagramNetwork, door: Door
) -> None:
    (found,) = signed_in(door).channels()  # the shop is linked to nothing, and at the club one may only look
    assert replace(found, secrets={}) == Profile(
        "demo", "@demo", "Demo", f"{instagram.url}/faces/demo.png", "https://www.instagram.com/demo"
    )
    access = Access(found, found.secrets, {}, meta.APP)
    with clock.shifted(timedelta(days=400)):
        assert Instagram(access, door, "look").profile().id == "demo"


def test_a_page_known_only_by_a_business_is_found_too(instagram: InstagramNetwork, door: Door) -> None:
    instagram.owned["demo"] = ["branch"]
    assert {profile.id for profile in signed_in(door).channels()} == {"demo", "branch"}


def test_without_the_right_to_see_businesses_the_pages_of_ones_own_are_there(
    instagram: InstagramNetwork, door: Door
) -> None:
    one = signed_in(door)
    for token in instagram.oauth.tokens:
        token.scope = "pages_show_list"
    assert [profile.id for profile in one.channels()] == ["demo"]


def test_every_request_proves_that_it_comes_from_the_apps_server(instagram: InstagramNetwork, door: Door) -> None:
    access = replace(instagram.access(), app=replace(meta.APP, client_secret="stolen? no: wrong"))
    with pytest.raises(Rejected, match="appsecret_proof"):
        Instagram(access, door, "look").profile()


# kinds and options


def test_a_reel_carries_what_was_chosen(instagram: InstagramNetwork, door: Door) -> None:
    options = {
        "share_to_feed": False, "cover_url": "https://example.org/cover.jpg", "thumb_offset": "1500",
        "audio_name": "Waves", "trial": "SS_PERFORMANCE", "collaborators": ["ann"], "user_tags": ["@bob"],
        "location": "110774", "ai": True,
    }
    one = case(instagram, door, "Sea", FILM, options=options)
    assert check(Instagram, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one) == {
        "media_type": "REELS", "caption": "Sea", "share_to_feed": False, "cover_url": "https://example.org/cover.jpg",
        "thumb_offset": "1500", "audio_name": "Waves", "trial_params": {"graduation_strategy": "SS_PERFORMANCE"},
        "collaborators": ["ann"], "user_tags": [{"username": "bob"}], "location_id": "110774", "is_ai_generated": True,
    }


def test_people_in_a_picture_have_a_place_and_the_picture_its_description(
    instagram: InstagramNetwork, door: Door
) -> None:
    one = case(instagram, door, "Us", PICTURE, options={"user_tags": ["ann"], "ai": False})
    assert one.drive().state == "delivered"
    assert the_post(one) == {
        "caption": "Us", "alt_text": "A blue field", "user_tags": [{"username": "ann", "x": 0.5, "y": 0.5}]
    }


def test_a_carousel_mixes_pictures_and_films(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "All", PICTURE, FILM, options={"collaborators": ["ann"]})
    assert check(Instagram, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    post = the_post(one)
    kinds = [instagram.media[id]["wish"].get("media_type") for id in post["children"].split(",")]
    assert (post["media_type"], post["collaborators"], kinds) == ("CAROUSEL", ["ann"], [None, "VIDEO"])


def test_a_story_says_nothing_and_the_author_is_told(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Unheard", PICTURE, options={"kind": "story"})
    (problem,) = check(Instagram, one.outgoing, {})
    assert (problem.level, problem.where) == ("warning", "text")
    assert one.drive().state == "delivered"
    assert the_post(one) == {"media_type": "STORIES"}


@pytest.mark.parametrize(
    ("kind", "media", "fits"),
    [
        ("story", (FILM,), True), ("story", (served(pieces.picture(400, 800)),), True), ("reel", (FILM,), True),
        ("post", (PICTURE, FILM), True), ("reel", (PICTURE,), False), ("story", (PICTURE, PICTURE), False),
        ("story", (served(pieces.film(61)),), False), ("reel", (FILM, FILM), False), ("", (), False),
        ("", (served(pieces.film(2)),), False), ("", (served(pieces.film(size=300_000_001)),), False),
    ],
)
def test_what_each_kind_takes_is_known_before(kind: str, media: tuple[Rendition, ...], fits: bool) -> None:
    assert (check(Instagram, Outgoing("", media, {"kind": kind}), {}) == []) is fits


def test_characters_hashtags_and_mentions_are_counted() -> None:
    for text in ("\N{THUMBS UP SIGN}" * 2200, "#tag " * 30, "@name " * 20):
        assert check(Instagram, Outgoing(text, (PICTURE,)), {}) == []
    for text in ("x" * 2201, "#tag " * 31, "@name " * 21):
        assert [problem.where for problem in check(Instagram, Outgoing(text, (PICTURE,)), {})] == ["text"]


def test_only_a_reel_can_be_tried_out() -> None:
    found = check(Instagram, Outgoing("", (PICTURE,), {"trial": "MANUAL"}), {})
    assert [problem.where for problem in found] == ["trial"]


def test_comments_are_switched_off_after_publishing(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Quiet", PICTURE, options={"comments": False})
    assert one.drive().state == "delivered"
    assert the_post(one)["comment_enabled"] is False


# comments


def test_a_second_part_becomes_a_comment_under_the_post(instagram: InstagramNetwork, door: Door) -> None:
    root = case(instagram, door, "Post", PICTURE).drive().receipt
    assert root
    one = case(instagram, door, "Comment", reply_to=root, root=root, position=1)
    assert check(Instagram, one.outgoing, {}) == []
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert the_post(one) == {"text": "Comment", "comment_on": root.id}
    third = case(instagram, door, "Another", reply_to=outcome.receipt, root=root, position=2)
    assert third.drive().state == "delivered"
    assert the_post(third)["comment_on"] == root.id


def test_a_comment_takes_no_picture() -> None:
    found = check(Instagram, Outgoing("Look", (PICTURE,), position=1), {})
    assert [problem.message for problem in found] == ["Instagram takes no pictures; this has 1."]


def test_a_lost_comment_is_found_among_those_under_the_post(instagram: InstagramNetwork, door: Door) -> None:
    root = case(instagram, door, "Post", PICTURE).drive().receipt
    theirs = Case(instagram, instagram.access("shop"), Outgoing("Nice", reply_to=root, root=root, position=1), door)
    theirs.drive()
    one = case(instagram, door, "Nice", reply_to=root, root=root, position=1)
    instagram.trick("lose", "/comments")
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert root
    assert (list(one.out()), outcome.receipt.url) == ([outcome.receipt.id], root.url)


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
@pytest.mark.parametrize("kind", ["", "story"])
@pytest.mark.parametrize("media", [(PICTURE,), (FILM,)], ids=["picture", "film"])
def test_a_post_whose_answer_was_lost_is_found(
    instagram: InstagramNetwork, door: Door, media: tuple[Rendition, ...], kind: str, misdeed: Any
) -> None:
    one = case(instagram, door, "Same words", *media, options={"kind": kind})
    instagram.trick(misdeed, COMMIT)
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    place = "stories/demo" if kind else "p"
    assert outcome.receipt.url == f"{instagram.url}/{place}/{outcome.receipt.id}/"
    assert instagram.requests(COMMIT) == 1


def test_a_publishing_that_never_arrived_is_made_again(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Once", PICTURE)
    instagram.trick("down", COMMIT)
    assert one.drive().state == "delivered"
    assert (len(one.out()), len(instagram.media), instagram.requests(COMMIT)) == (1, 1, 2)


def test_a_container_that_ended_unpublished_is_built_anew(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Late", PICTURE, PICTURE)
    instagram.trick("down", COMMIT)
    assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(hours=25)):
        assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(hours=25, minutes=2)):
        assert one.drive().state == "delivered"
    assert (len(one.out()), len(instagram.media)) == (1, 6)


# refusals


def test_a_picture_that_cannot_be_fetched_is_told_in_their_words(instagram: InstagramNetwork, door: Door) -> None:
    lost = replace(PICTURE, public=lambda: f"{instagram.url}/nowhere.jpg")
    outcome = case(instagram, door, "Look", lost).drive()
    assert outcome.state == "failed"
    assert "could not be fetched" in outcome.reason


def test_a_film_that_is_none_fails_and_a_retry_builds_anew(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Sea", replace(FILM, public=PICTURE.public))
    outcome = one.drive()
    assert outcome.state == "failed"
    assert "FAILED_PROCESSING_VIDEO" in outcome.reason
    one.outgoing = replace(one.outgoing, media=(FILM,))
    assert one.drive().state == "delivered"


def test_a_png_is_not_even_taken() -> None:
    assert Instagram.limits.picture_types == ("image/jpeg",)


def test_how_many_a_day_may_have_is_asked_before_anything_is_built(instagram: InstagramNetwork, door: Door) -> None:
    instagram.quota = 1
    assert case(instagram, door, "First", PICTURE).drive().state == "delivered"
    outcome = case(instagram, door, "Second", PICTURE).once(Points())
    assert (outcome.state, len(instagram.media)) == ("waiting", 1)
    assert outcome.reason == "Instagram takes 1 of these in 24 hours, and has had them."


@pytest.mark.parametrize(
    ("error", "reaction"),
    [
        *meta.REACTIONS,
        ({"code": 9004, "error_subcode": 2207052}, Rejected),
        ({"code": -1, "error_subcode": 2207026}, Rejected),
        ({"code": 9007, "error_subcode": 2207027}, NotYet),
        ({"code": 9, "error_subcode": 2207042}, Later),
        ({"code": 4, "error_subcode": 2207051}, Rejected),
        ({"code": 25, "error_subcode": 2207050}, Reconnect),
        ({"code": 36003, "error_subcode": 2207009}, Rejected),
    ],
)
def test_an_error_of_theirs_becomes_a_reaction_of_ours(
    door: Door, error: dict[str, Any], reaction: type[Reaction]
) -> None:
    with pytest.raises(Reaction) as raised:
        meta.speaker(Instagram, door, {}).judge(meta.fault(error))
    assert type(raised.value) is reaction


def test_a_profile_blocked_as_spam_is_left_alone_for_a_day(door: Door) -> None:
    one = meta.speaker(Instagram, door, {})
    with pytest.raises(Rejected):
        one.judge(meta.fault({"code": 4, "error_subcode": 2207051}))
    assert one.shut["channel"] > clock.now() + timedelta(hours=23)


def test_a_token_without_end_that_was_withdrawn_asks_to_reconnect(instagram: InstagramNetwork, door: Door) -> None:
    one = case(instagram, door, "Hello", PICTURE)
    instagram.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})
    assert not Instagram.has("renew")


# afterwards


def test_a_receipt_leads_to_the_post_and_the_post_can_be_taken_back(instagram: InstagramNetwork, door: Door) -> None:
    receipt = case(instagram, door, "Hello <world>", PICTURE).drive().receipt
    assert receipt
    assert "Hello &lt;world>" in door(http.Request("GET", receipt.url, "look")).text()
    one = Instagram(instagram.access(), door, "publish")
    one.delete(receipt)
    one.delete(receipt)
    assert door(http.Request("GET", receipt.url, "look")).status == 404


def test_posts_and_stories_can_be_picked_from(instagram: InstagramNetwork, door: Door) -> None:
    case(instagram, door, "Post", PICTURE).drive()
    case(instagram, door, "", PICTURE, options={"kind": "story"}).drive()
    seen = Instagram(instagram.access(), door, "look").recent(clock.now() - timedelta(minutes=5))
    assert [one.text for one in seen] == ["Post", ""]


# numbers


def test_a_story_has_numbers_for_a_day_and_a_post_without_end(instagram: InstagramNetwork, door: Door) -> None:
    post = case(instagram, door, "Post", PICTURE).drive().receipt
    story = case(instagram, door, "", PICTURE, options={"kind": "story"}).drive().receipt
    assert post
    assert story
    assert (Instagram.lasts_of(post), Instagram.lasts_of(story)) == (None, timedelta(days=1))


def counted(instagram: InstagramNetwork, door: Door, *media: Rendition, **more: Any) -> dict[str, int] | None:
    """What is read of a post after five hours; None: nothing."""
    receipt = case(instagram, door, "", *media, **more).drive().receipt
    assert receipt
    with clock.shifted(timedelta(hours=5)):
        instagram.seen.clear()
        said = Instagram(instagram.access(), door, "measure").measure([receipt])
    return dict(said[receipt.id] or {}) if said else None


def test_what_is_counted_hangs_on_what_the_post_became(instagram: InstagramNetwork, door: Door) -> None:
    instagram.works_for = 0
    post, reel = counted(instagram, door, PICTURE) or {}, counted(instagram, door, FILM) or {}
    story = counted(instagram, door, PICTURE, options={"kind": "story"}) or {}
    assert "profile_visits" in post
    assert "ig_reels_video_view_total_time" in reel
    assert "profile_visits" not in reel
    assert "replies" in story
    assert "saved" not in story
    assert len(instagram.seen) == 2


def test_a_story_that_few_saw_or_that_is_over_has_no_numbers(instagram: InstagramNetwork, door: Door) -> None:
    receipt = case(instagram, door, "", PICTURE, options={"kind": "story"}).drive().receipt
    assert receipt
    one = Instagram(instagram.access(), door, "measure")
    assert one.measure([receipt]) == {}
    with clock.shifted(timedelta(hours=25)):
        assert one.measure([receipt]) == {}


def test_a_comment_is_not_asked_for_numbers(instagram: InstagramNetwork, door: Door) -> None:
    root = case(instagram, door, "Post", PICTURE).drive().receipt
    comment = case(instagram, door, "First", reply_to=root, root=root, position=1).drive().receipt
    assert comment
    instagram.seen.clear()
    assert Instagram(instagram.access(), door, "measure").measure([comment]) == {}
    assert not instagram.seen


def test_a_number_that_is_not_of_this_kind_takes_no_other_along(instagram: InstagramNetwork, door: Door) -> None:
    instagram.removed = {"reposts", "views"}
    numbers = counted(instagram, door, PICTURE) or {}
    assert {"reach", "likes", "saved"} <= set(numbers)
    assert not {"reposts", "views"} & set(numbers)
    assert len(instagram.seen) <= Instagram.counting.calls


def test_without_the_right_to_numbers_it_is_said_how_to_get_them(instagram: InstagramNetwork, door: Door) -> None:
    receipt = case(instagram, door, "", PICTURE).drive().receipt
    assert receipt
    one = Instagram(instagram.access(), door, "measure")
    instagram.oauth.tokens[-1].scope = "instagram_basic"
    for ask in (lambda: one.measure([receipt]), lambda: one.audience(clock.now().date() - timedelta(days=3))):
        with pytest.raises(Reconnect, match="Sign in with Facebook, and read numbers"):
            ask()
