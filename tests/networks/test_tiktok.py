"""What is peculiar to TikTok, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture, served
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators._tiktok import CLIENT, SCOPES, SECRET
from tidings.simulators.tiktok import TikTokBox

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
TIKTOK = networks.get("tiktok")
DIRECT = {"mode": "direct", "privacy": "PUBLIC_TO_EVERYONE"}
PARTNER: dict[str, Any] = {"disclose": True, "branded_content": True}
MEGA = 1_000_000

REFUSALS = [
    Refusal("a film's title of 2,201 units", Outgoing("x" * 2201, (film(),), DIRECT)),
    Refusal("a film's title of 1,101 emoji", Outgoing("😀" * 1101, (film(),), DIRECT)),
    Refusal("pictures with a title of 91 units", Outgoing("Sea", (picture(),), DIRECT | {"title": "x" * 91})),
    Refusal("pictures described in 4,001 units", Outgoing("x" * 4001, (picture(),), DIRECT)),
    Refusal("no choice of who can see it", Outgoing("Sea", (film(),), {"mode": "direct"})),
    Refusal("branded content for oneself", Outgoing("Sea", (film(),), DIRECT | PARTNER | {"privacy": "SELF_ONLY"})),
    Refusal("36 pictures", Outgoing("Sea", (picture(),) * 36, DIRECT)),
    Refusal("a cover that is not there", Outgoing("Sea", (picture(),), DIRECT | {"cover_index": "1"})),
    Refusal("a film of 4.1 GB", Outgoing("Sea", (film(size=4100 * MEGA),), DIRECT)),
    Refusal("a film of 11 minutes", Outgoing("Sea", (film(seconds=660),), DIRECT)),
]


@pytest.fixture
def tiktok(town: Town) -> TikTokBox:
    return cast(TikTokBox, town["tiktok"])


def case(one: TikTokBox, door: Door, *media: Any, said: str = "By the sea", **options: Any) -> Case:
    pieces = tuple(served(one, piece) for piece in media) or (film(),)
    return Case(one, one.access(), Outgoing(said, pieces, DIRECT | options), door)


def the_post(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (made,) = one.out().values()
    return cast(dict[str, Any], made)


# connecting


def sign_in(door: Door, way: int = 0) -> Grant:
    flow = Flow(TIKTOK.endpoints({}), App(CLIENT, SECRET), door)
    pending = flow.begin(cast(OAuth2, TIKTOK.connect[way]), SITE)
    assert f"client_key={CLIENT}" in pending.url
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(door: Door, grant: Grant) -> Network:
    return TIKTOK(Access(Profile("", "", ""), grant.secrets, {}, App(CLIENT, SECRET)), door, "connect")


def test_a_person_signs_in_and_it_is_known_who_it_is(tiktok: TikTokBox, door: Door) -> None:
    there, face = tiktok.url, f"{tiktok.url}/faces/demo.png"
    assert signed_in(door, sign_in(door)).profile() == Profile("demo", "@demo", "Demo", face, f"{there}/@demo")


def test_a_sign_in_for_drafts_only_asks_for_no_more(tiktok: TikTokBox, door: Door) -> None:
    grant = sign_in(door, 1)
    assert grant.secrets["scope"] == "user.info.basic,video.upload"
    speaker = signed_in(door, grant)
    assert speaker.profile().handle == "Demo"
    found = check(TIKTOK, Outgoing("Sea", (film(),), DIRECT), speaker.announced())
    assert [problem.where for problem in found] == ["mode"]


def test_access_ends_after_a_day_and_a_refresh_token_is_replaced(tiktok: TikTokBox, door: Door) -> None:
    old = sign_in(door)
    with clock.shifted(timedelta(hours=25)):
        with pytest.raises(Reconnect):
            signed_in(door, old).profile()
        fresh = signed_in(door, old).renew()
        assert fresh.secrets["refresh_token"] != old.secrets["refresh_token"]
        assert signed_in(door, fresh).profile().id == "demo"
        with pytest.raises(Reconnect):
            signed_in(door, old).renew()


def test_after_revoking_the_token_is_dead(tiktok: TikTokBox, door: Door) -> None:
    speaker = signed_in(door, sign_in(door))
    speaker.revoke()
    with pytest.raises(Reconnect):
        speaker.profile()


# what must be said of every post


def told(*media: Any, said: str = "Sea", **options: Any) -> list[tuple[str, str]]:
    found = check(TIKTOK, Outgoing(said, media or (film(),), options), {})
    return [(problem.where, problem.level) for problem in found]


def test_who_can_see_it_is_never_chosen_for_the_author() -> None:
    assert told(mode="direct") == [("privacy", "error")]
    assert told(**DIRECT) == []
    assert next(option for option in TIKTOK.options if option.name == "privacy").default == ""


def test_what_promotes_something_says_what() -> None:
    assert told(**DIRECT, disclose=True) == [("disclose", "error")]
    assert told(**DIRECT, your_brand=True) == [("your_brand", "error")]
    assert told(**DIRECT, disclose=True, your_brand=True) == []
    assert told(mode="direct", privacy="SELF_ONLY", **PARTNER) == [("privacy", "error")]


def test_a_films_draft_takes_no_text_along() -> None:
    assert told() == [("text", "warning")]
    assert told(said="") == []
    assert told(picture()) == []


def test_a_picture_and_a_film_do_not_go_together() -> None:
    assert told(film(), picture(), **DIRECT) == [("media", "error")]


def test_who_may_see_it_is_looked_up_for_this_creator(tiktok: TikTokBox, door: Door) -> None:
    tiktok.levels = ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]
    found = TIKTOK(tiktok.access(), door, "look").lookup("privacy", "")
    assert found == [("FOLLOWER_OF_CREATOR", "Followers"), ("SELF_ONLY", "Only you")]


# films


def test_interaction_is_off_unless_it_was_switched_on(tiktok: TikTokBox, door: Door) -> None:
    info = the_post(case(tiktok, door))["wish"]["post_info"]
    assert info == {
        "privacy_level": "PUBLIC_TO_EVERYONE", "title": "By the sea", "disable_comment": True, "disable_duet": True,
        "disable_stitch": True, "brand_content_toggle": False, "brand_organic_toggle": False, "is_aigc": False,
        "video_cover_timestamp_ms": 0,
    }


def test_options_arrive_as_chosen(tiktok: TikTokBox, door: Door) -> None:
    info = the_post(case(
        tiktok, door, privacy="MUTUAL_FOLLOW_FRIENDS", comment=True, duet=True, stitch=True, ai=True, cover_ms="1500",
        your_brand=True, **PARTNER,
    ))["wish"]["post_info"]
    assert info == {
        "privacy_level": "MUTUAL_FOLLOW_FRIENDS", "title": "By the sea", "disable_comment": False,
        "disable_duet": False, "disable_stitch": False, "brand_content_toggle": True, "brand_organic_toggle": True,
        "is_aigc": True, "video_cover_timestamp_ms": 1500,
    }


def test_a_film_goes_up_in_pieces_to_an_address_that_gets_no_token(tiktok: TikTokBox, door: Door) -> None:
    made = the_post(case(tiktok, door, film(size=35 * MEGA)))
    assert made["there"] == 35 * MEGA
    assert made["wish"]["source_info"] == {
        "source": "FILE_UPLOAD", "video_size": 35 * MEGA, "chunk_size": 10 * MEGA, "total_chunk_count": 3,
    }
    sent = [seen for seen in tiktok.seen if seen.path.startswith("/upload/")]
    assert [seen.headers["content-length"] for seen in sent] == ["10000000", "10000000", "15000000"]
    assert not any("authorization" in seen.headers for seen in sent)


def test_every_publishing_is_preceded_by_the_question_what_the_creator_allows(tiktok: TikTokBox, door: Door) -> None:
    the_post(case(tiktok, door))
    assert tiktok.requests("creator_info") == 1


@pytest.mark.parametrize(("trait", "value", "options", "word"), [
    ("levels", ["SELF_ONLY"], {}, "circle of viewers"),
    ("closed", {"comment", "duet"}, {"comment": True, "duet": True}, "comments and duets"),
    ("longest", 10, {}, "up to 10 seconds"),
])
def test_what_the_creator_does_not_allow_is_refused_and_nothing_is_changed_silently(
    tiktok: TikTokBox, door: Door, trait: str, value: Any, options: dict[str, Any], word: str
) -> None:
    setattr(tiktok, trait, value)
    one = case(tiktok, door, **options)
    outcome = one.drive()
    assert (outcome.state, word in outcome.reason, tiktok.media) == ("failed", True, {})


def test_a_draft_waits_in_the_app_and_is_not_called_published(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door, mode="inbox", privacy="")
    receipt = one.drive().receipt
    assert receipt
    assert (receipt.url, receipt.note) == ("", "Not published yet: it is waiting for you in the TikTok app.")
    assert tiktok.requests("creator_info") == 0


def test_a_post_that_moderators_look_at_has_no_address_yet(tiktok: TikTokBox, door: Door) -> None:
    tiktok.moderates = True
    receipt = case(tiktok, door).drive().receipt
    assert receipt
    assert (receipt.id.startswith("v_pub"), receipt.url) == (True, "")


# pictures


def test_pictures_are_fetched_from_here(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door, picture(), picture(), title="Tide", comment=True, music=True, cover_index="1")
    made = the_post(one)
    assert made["fetched"] == [picture().size] * 2
    assert made["wish"]["source_info"]["photo_cover_index"] == 1
    assert made["wish"]["post_info"] == {
        "title": "Tide", "description": "By the sea", "privacy_level": "PUBLIC_TO_EVERYONE", "disable_comment": False,
        "auto_add_music": True, "brand_content_toggle": False, "brand_organic_toggle": False, "is_aigc": False,
    }


def test_a_draft_of_pictures_takes_its_words_along(tiktok: TikTokBox, door: Door) -> None:
    wish = the_post(case(tiktok, door, picture(), mode="inbox", title="Tide"))["wish"]
    assert (wish["post_mode"], wish["post_info"]) == ("MEDIA_UPLOAD", {"title": "Tide", "description": "By the sea"})


def test_pictures_that_cannot_be_fetched_fail_in_a_sentence(tiktok: TikTokBox, door: Door) -> None:
    gone = picture(public=f"{tiktok.url}/nowhere.jpg")
    one = Case(tiktok, tiktok.access(), Outgoing("Sea", (gone,), DIRECT), door)
    assert one.drive().reason == "TikTok could not publish this (photo_pull_failed)."
    assert one.out() == {}


def test_pictures_whose_answer_was_lost_are_left_to_a_person(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door, picture())
    tiktok.trick("lose", "content/init")
    assert one.drive().state == "unsure"
    assert (tiktok.requests("content/init"), len(one.out())) == (1, 1)


def test_public_posts_are_listed_for_them(tiktok: TikTokBox, door: Door) -> None:
    receipt = case(tiktok, door, picture()).drive().receipt
    (seen,) = TIKTOK(tiktok.access(), door, "find").recent(clock.now() - timedelta(minutes=1))
    assert (seen.receipt, seen.text) == (receipt, "By the sea")


# what is lost of films


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down"])
@pytest.mark.parametrize("line", ["video/init", "PUT /upload", "status/fetch"])
def test_a_film_is_out_once_whatever_answer_is_lost(tiktok: TikTokBox, door: Door, line: str, misdeed: str) -> None:
    tiktok.trick(misdeed, line)  # type: ignore[arg-type]
    the_post(case(tiktok, door, film(size=25 * MEGA)))


def test_an_upload_goes_on_where_tiktok_says_it_ended(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door, film(size=35 * MEGA))
    tiktok.trick("lose", "PUT /upload")
    the_post(one)
    assert tiktok.requests("PUT /upload") == 4  # the second time the first piece is refused, and the rest goes up
    assert len(tiktok.media) == 1


def test_an_address_that_has_ended_is_asked_for_anew(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door, film(size=35 * MEGA))
    tiktok.trick("limit", "PUT /upload")
    assert one.once(Points()).state == "waiting"
    with clock.shifted(timedelta(hours=2)):
        the_post(one)
    assert len(tiktok.media) == 2


def test_what_is_on_its_way_is_never_sent_anew_however_long_tiktok_works_on_it(
    tiktok: TikTokBox, door: Door
) -> None:
    tiktok.works_for = 3
    one = case(tiktok, door)
    assert one.once(Points()).state == "settling"
    tiktok.levels = []
    with clock.shifted(timedelta(hours=5)):
        one.access = tiktok.access()
        the_post(one)
    assert (len(tiktok.media), tiktok.requests("creator_info")) == (1, 1)


def test_a_film_that_tiktok_does_not_like_fails_with_its_reason(tiktok: TikTokBox, door: Door) -> None:
    tiktok.fails = "frame_rate_check_failed"
    outcome = case(tiktok, door).drive()
    assert (outcome.state, "frame_rate_check_failed" in outcome.reason) == ("failed", True)


# answers


def answer(status: int, code: str) -> Answer:
    return Answer(status, {}, f'{{"data": {{}}, "error": {{"code": "{code}", "message": "No."}}}}'.encode())


@pytest.mark.parametrize(("said", "reaction"), [
    (answer(401, "access_token_invalid"), Reconnect),
    (answer(200, "scope_not_authorized"), Reconnect),
    (answer(403, "spam_risk_too_many_posts"), Later),
    (answer(403, "reached_active_user_cap"), Later),
    (answer(200, "spam_risk_too_many_pending_share"), Later),
    (answer(403, "unaudited_client_can_only_post_to_private_accounts"), Rejected),
    (answer(403, "url_ownership_unverified"), Rejected),
    (answer(403, "spam_risk_user_banned_from_posting"), Rejected),
    (answer(429, "rate_limit_exceeded"), Later),
    (answer(200, "invalid_params"), Rejected),
    (answer(500, "internal_error"), Unsure),
])
def test_what_it_says_leads_to_a_reaction(
    tiktok: TikTokBox, door: Door, said: Answer, reaction: type[Reaction]
) -> None:
    with pytest.raises(reaction):
        TIKTOK(tiktok.access(), door, "publish").judge(said)


def test_an_error_that_comes_with_a_success_is_one(tiktok: TikTokBox, door: Door) -> None:
    tiktok.at_200, tiktok.busy = True, "spam_risk_user_banned_from_posting"
    outcome = case(tiktok, door).drive()
    assert (outcome.state, tiktok.posts) == ("failed", {})


def test_an_app_without_audit_is_told_what_to_do(tiktok: TikTokBox, door: Door) -> None:
    tiktok.audited = False
    outcome = case(tiktok, door).drive()
    assert (outcome.state, "Send a draft" in outcome.reason) == ("failed", True)


def test_who_has_posted_too_much_today_waits_a_day(tiktok: TikTokBox, door: Door) -> None:
    tiktok.busy = "spam_risk_too_many_posts"
    outcome = case(tiktok, door).once(Points())
    assert outcome.at
    assert timedelta(hours=23) < outcome.at - clock.now() <= timedelta(days=1)


def test_access_without_the_right_to_publish_asks_to_reconnect(tiktok: TikTokBox, door: Door) -> None:
    one = case(tiktok, door)
    tiktok.oauth.tokens[-1].scope = SCOPES.replace("video.publish,", "")
    assert one.once(Points()).reconnect


# numbers


def asking(one: TikTokBox, door: Door, scope: str = SCOPES) -> Network:
    """Whoever signed in for this."""
    access = one.access()
    one.oauth.tokens[-1].scope = scope
    one.seen.clear()
    return TIKTOK(replace(access, secrets={**access.secrets, "scope": scope}), door, "measure")


def test_a_post_that_went_out_before_it_had_a_number_is_counted_once_it_has_one(tiktok: TikTokBox, door: Door) -> None:
    tiktok.moderates = True
    receipt = case(tiktok, door).drive().receipt
    assert receipt
    assert asking(tiktok, door).measure([receipt]) == {}
    tiktok.moderates = False
    (numbers,) = asking(tiktok, door).measure([receipt]).values()
    assert set(numbers or ()) == {metric.theirs for metric in TIKTOK.metrics}


def test_an_id_that_tiktok_forgot_takes_no_numbers_from_other_posts(tiktok: TikTokBox, door: Door) -> None:
    there, known = case(tiktok, door).drive().receipt, Receipt("v_pub~1", "")
    assert there
    assert set(asking(tiktok, door).measure([known, there])) == {there.id}


def test_drafts_are_not_counted(tiktok: TikTokBox, door: Door) -> None:
    receipt = case(tiktok, door, said="", mode="inbox").drive().receipt
    assert receipt
    assert asking(tiktok, door).measure([receipt]) == {}
    assert tiktok.requests("video/query") == 0


def test_who_signed_in_for_drafts_only_is_asked_to_connect_again(tiktok: TikTokBox, door: Door) -> None:
    with pytest.raises(Reconnect, match="drafts only"):
        asking(tiktok, door, "user.info.basic,video.upload").measure([Receipt("1", "")])
    assert tiktok.seen == []


def test_followers_are_asked_for_only_by_who_may_read_them(tiktok: TikTokBox, door: Door) -> None:
    without = SCOPES.replace(",user.info.stats", "")
    assert asking(tiktok, door, without).audience(clock.now().date()) == []
    assert len(asking(tiktok, door).audience(clock.now().date())) == 2
    assert [cast(OAuth2, way).scopes[-1] for way in TIKTOK.connect] == ["video.list", "video.upload", "user.info.stats"]
