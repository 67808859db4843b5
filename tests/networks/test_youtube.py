"""What is peculiar to YouTube, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from tidings.networks.base import Access, Grant, Network, OAuth2, Outgoing, Profile, Site
from tidings.networks.check import check, count
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators._youtubenumbers import ANALYTICS
from tidings.simulators.youtube import SCOPE, YouTubeBox

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
YOUTUBE = networks.get("youtube")
CHOSEN = {"title": "A walk", "made_for_kids": "no"}
MEGA = 1_000_000

REFUSALS = [
    Refusal("a title of 101 characters", Outgoing("Sea", (film(),), CHOSEN | {"title": "x" * 101})),
    Refusal("no title", Outgoing("Sea", (film(),), {"made_for_kids": "no"})),
    Refusal("a title with <", Outgoing("Sea", (film(),), CHOSEN | {"title": "1 < 2"})),
    Refusal("a description of 5,001 bytes", Outgoing("é" * 2500 + "x", (film(),), CHOSEN)),
    Refusal("a description with >", Outgoing("a > b", (film(),), CHOSEN)),
    Refusal("tags of 501 characters", Outgoing("Sea", (film(),), CHOSEN | {"tags": ["x" * 99] * 5 + ["y"]})),
    Refusal("a film of 257 GB", Outgoing("Sea", (film(size=275_000 * MEGA),), CHOSEN)),
]


@pytest.fixture
def youtube(town: Town) -> YouTubeBox:
    return cast(YouTubeBox, town["youtube"])


def case(one: YouTubeBox, door: Door, *media: Any, said: str = "By the sea", **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media or (film(),), CHOSEN | options), door)


def the_film(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (made,) = one.out().values()
    return cast(dict[str, Any], made)


# connecting


def sign_in(one: YouTubeBox, door: Door, name: str = "demo") -> Grant:
    flow = Flow(YOUTUBE.endpoints({}), one.google.app(), door)
    pending = flow.begin(cast(OAuth2, YOUTUBE.connect[0]), SITE)
    body, kind = http.form({"answer": "allow", "account": name})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(one: YouTubeBox, door: Door, grant: Grant) -> Network:
    return YOUTUBE(Access(Profile("", "", ""), grant.secrets, {}, one.google.app()), door, "connect")


def test_a_person_signs_in_and_it_is_known_which_channel_that_is(youtube: YouTubeBox, door: Door) -> None:
    speaker = signed_in(youtube, door, sign_in(youtube, door))
    there = youtube.url
    assert speaker.profile() == Profile("demo", "@demo", "Demo", f"{there}/faces/demo.png", f"{there}/channel/demo")
    assert speaker.announced() == {"country": "DE", "long_films": "allowed"}


def test_who_has_no_channel_is_told_so(youtube: YouTubeBox, door: Door) -> None:
    with pytest.raises(Rejected, match="no channel"):
        signed_in(youtube, door, sign_in(youtube, door, "nobody")).profile()


def test_access_ends_after_an_hour_and_the_refresh_token_stays(youtube: YouTubeBox, door: Door) -> None:
    old = sign_in(youtube, door)
    with clock.shifted(timedelta(hours=2)):
        with pytest.raises(Reconnect):
            signed_in(youtube, door, old).profile()
        fresh = signed_in(youtube, door, old).renew()
        assert fresh.secrets["refresh_token"] == old.secrets["refresh_token"]
        assert signed_in(youtube, door, fresh).profile().id == "demo"


def test_access_of_an_app_in_testing_ends_after_a_week(youtube: YouTubeBox, door: Door) -> None:
    youtube.google.testing = True
    old = sign_in(youtube, door)
    with clock.shifted(timedelta(days=8)), pytest.raises(Reconnect):
        signed_in(youtube, door, old).renew()


# the film


def test_a_film_goes_up_privately_in_pieces_and_is_then_opened(youtube: YouTubeBox, door: Door) -> None:
    youtube.works_for = 3
    made = the_film(case(youtube, door, film(size=20 * MEGA)))
    assert (made["size"], made["status"]["privacyStatus"]) == (20 * MEGA, "public")
    (session,) = youtube.sessions.values()
    assert session.wish["status"]["privacyStatus"] == "private"
    assert youtube.requests("PUT /upload/youtube/v3/videos") == 4  # one question and three pieces
    assert youtube.requests("GET /youtube/v3/videos") == 4  # three times at work, once read back


def test_options_arrive_as_chosen(youtube: YouTubeBox, door: Door) -> None:
    made = the_film(case(
        youtube, door, made_for_kids="yes", privacy="unlisted", category="27", tags=["sea", "long walks"],
        synthetic=True, language="en", license="creativeCommon", embeddable=False, show_stats=False, notify=False,
        playlist="PL1",
    ))
    assert made["snippet"] == {
        "title": "A walk", "description": "By the sea", "tags": ["sea", "long walks"], "categoryId": "27",
        "defaultLanguage": "en",
    }
    assert made["status"] == {
        "privacyStatus": "unlisted", "selfDeclaredMadeForKids": True, "containsSyntheticMedia": True,
        "license": "creativeCommon", "embeddable": False, "publicStatsViewable": False,
    }
    assert (made["notify"], made["beside"]) == ("false", ["PL1"])


def test_a_private_film_stays_private(youtube: YouTubeBox, door: Door) -> None:
    assert the_film(case(youtube, door, privacy="private"))["status"]["privacyStatus"] == "private"


def test_the_picture_beside_a_film_is_its_thumbnail(youtube: YouTubeBox, door: Door) -> None:
    one = case(youtube, door, film(), picture())
    assert check(YOUTUBE, one.outgoing, {}) == []
    assert "a thumbnail of" in the_film(one)["beside"][0]


def test_a_thumbnail_that_is_refused_keeps_no_film_from_going_out(youtube: YouTubeBox, door: Door) -> None:
    youtube.verified = False
    one = case(youtube, door, film(), picture())
    receipt = one.drive().receipt
    assert receipt
    assert "not verified" in receipt.note


def test_whether_it_is_made_for_kids_must_be_said() -> None:
    found = check(YOUTUBE, Outgoing("Sea", (film(),), {"title": "Sea"}), {})
    assert [problem.where for problem in found] == ["made_for_kids"]


def test_a_description_is_counted_in_bytes_where_they_are_more() -> None:
    told = count(YOUTUBE.limits, "é" * 2501)
    assert (told.used, told.limit, told.unit) == (5002, 5000, "bytes")


def test_long_films_of_unverified_channels_are_warned_of() -> None:
    outgoing = Outgoing("Sea", (film(seconds=1000),), CHOSEN)
    assert [p.level for p in check(YOUTUBE, outgoing, {"long_films": "eligible"})] == ["warning"]
    assert check(YOUTUBE, outgoing, {"long_films": "allowed"}) == []


def test_a_picture_alone_is_no_post() -> None:
    assert check(YOUTUBE, Outgoing("Sea", (picture(),), CHOSEN), {})[0].message == "YouTube needs a film."


# successes that are none


def test_a_film_that_youtube_rejects_afterwards_is_never_opened_and_a_retry_uploads_anew(
    youtube: YouTubeBox, door: Door
) -> None:
    youtube.spoils = "copyright"
    one = case(youtube, door)
    outcome = one.drive()
    assert (outcome.state, outcome.reason) == ("failed", "YouTube does not take this film (copyright).")
    youtube.spoils = ""
    the_film(one)
    assert len(youtube.sessions) == 2


def test_a_film_that_is_locked_as_private_is_not_called_public(youtube: YouTubeBox, door: Door) -> None:
    youtube.audited = False
    outcome = case(youtube, door).drive()
    assert (outcome.state, "audit" in outcome.reason) == ("failed", True)


# what is lost


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_piece_whose_answer_was_lost_is_asked_for_and_not_sent_twice(
    youtube: YouTubeBox, door: Door, misdeed: str
) -> None:
    youtube.trick("slow", "PUT /upload", seconds=0)
    youtube.trick(misdeed, "PUT /upload")  # type: ignore[arg-type]
    one = case(youtube, door, film(size=20 * MEGA))
    assert the_film(one)["size"] == 20 * MEGA
    assert len(youtube.sessions) == 1


def test_a_film_whose_last_answer_was_lost_is_there_once(youtube: YouTubeBox, door: Door) -> None:
    youtube.trick("slow", "PUT /upload", seconds=0)
    youtube.trick("lose", "PUT /upload")
    one = case(youtube, door)
    the_film(one)
    assert (len(youtube.sessions), len(youtube.media)) == (1, 0)


def test_a_session_that_has_gone_is_begun_anew(youtube: YouTubeBox, door: Door) -> None:
    one = case(youtube, door)
    youtube.trick("limit", "PUT /upload")
    assert one.once(Points()).state == "waiting"
    youtube.sessions.clear()
    the_film(one)


def test_an_opening_whose_answer_was_lost_is_repeated(youtube: YouTubeBox, door: Door) -> None:
    youtube.trick("lose", "PUT /youtube/v3/videos")
    the_film(case(youtube, door))
    assert youtube.requests("PUT /youtube/v3/videos") == 2


# comments


def under(one: YouTubeBox, door: Door, said: str = "More of it soon") -> Case:
    film_there = case(one, door).drive().receipt
    return Case(one, one.access(), Outgoing(said, reply_to=film_there, root=film_there, position=1), door)


def test_a_second_part_is_a_comment_under_the_film(youtube: YouTubeBox, door: Door) -> None:
    one = under(youtube, door)
    assert check(YOUTUBE, one.outgoing, {}) == []
    made = the_film(one)
    assert one.outgoing.root
    assert (made["film"], made["said"]) == (one.outgoing.root.id, "More of it soon")


def test_a_comment_whose_answer_was_lost_is_found_in_a_list_that_lags(youtube: YouTubeBox, door: Door) -> None:
    youtube.lag = timedelta(minutes=4)
    one = under(youtube, door)
    youtube.trick("lose", "POST /youtube/v3/commentThreads")
    the_film(one)
    assert youtube.requests("POST /youtube/v3/commentThreads") == 1


def test_two_comments_that_could_both_be_it_are_left_to_a_person(youtube: YouTubeBox, door: Door) -> None:
    one = under(youtube, door)
    replace(one).drive()
    youtube.trick("lose", "POST /youtube/v3/commentThreads")
    assert one.drive().state == "unsure"


# answers


def told(status: int, reason: str) -> Answer:
    return Answer(status, {}, f'{{"error": {{"message": "No.", "errors": [{{"reason": "{reason}"}}]}}}}'.encode())


@pytest.mark.parametrize(("answer", "reaction"), [
    (told(401, "authError"), Reconnect),
    (told(403, "quotaExceeded"), Later),
    (told(403, "dailyLimitExceeded"), Later),
    (told(400, "uploadLimitExceeded"), Later),
    (told(403, "rateLimitExceeded"), Later),
    (told(403, "userRateLimitExceeded"), Later),
    (told(403, "forbidden"), Reconnect),
    (told(401, "youtubeSignupRequired"), Reconnect),
    (told(403, "insufficientPermissions"), Reconnect),
    (told(400, "invalidTitle"), Rejected),
    (told(400, "mediaBodyRequired"), Rejected),
    (told(503, "backendError"), Unsure),
])
def test_what_it_says_leads_to_a_reaction(
    youtube: YouTubeBox, door: Door, answer: Answer, reaction: type[Reaction]
) -> None:
    with pytest.raises(reaction):
        YOUTUBE(youtube.access(), door, "publish").judge(answer)


def test_a_quota_that_is_used_up_begins_anew_at_midnight_in_california(youtube: YouTubeBox, door: Door) -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    with clock.shifted(noon - clock.now()):
        at = YOUTUBE(youtube.access(), door, "publish").again_at(told(403, "quotaExceeded"))
    assert at == datetime(2026, 7, 2, 7, tzinfo=UTC)
    youtube.uploads = 0
    assert case(youtube, door).once(Points()).state == "waiting"


def test_access_without_the_scope_asks_to_reconnect(youtube: YouTubeBox, door: Door) -> None:
    one = case(youtube, door)
    youtube.oauth.tokens[-1].scope = SCOPE.replace("force-ssl", "readonly")
    assert one.once(Points()).reconnect


# look-ups and afterwards


def test_categories_are_those_that_films_may_have_and_playlists_are_ones_own(youtube: YouTubeBox, door: Door) -> None:
    speaker = YOUTUBE(youtube.access(), door, "look")
    assert speaker.lookup("category", "m") == [("10", "Music")]
    assert ("30", "Movies") not in speaker.lookup("category", "")
    assert speaker.lookup("playlist", "walk") == [("PL1", "Walks")]


def test_a_film_and_a_comment_can_be_changed_and_taken_back(youtube: YouTubeBox, door: Door) -> None:
    one = under(youtube, door)
    comment, there = one.drive().receipt, one.outgoing.root
    assert comment
    assert there
    speaker = YOUTUBE(youtube.access(), door, "publish")
    speaker.edit(there, Outgoing("In the rain", (film(),), CHOSEN | {"title": "Rain", "privacy": "unlisted"}))
    assert youtube.posts[there.id]["snippet"]["title"] == "Rain"
    assert "Rain" in door(http.Request("GET", there.url, "look")).text()
    speaker.edit(comment, Outgoing("Never"))
    assert youtube.posts[comment.id]["said"] == "Never"
    for receipt in (comment, comment, there, there):
        speaker.delete(receipt)
    assert not youtube.posts


# numbers


def asking(one: YouTubeBox, door: Door, scope: str = f"{SCOPE} {ANALYTICS}") -> Network:
    """Whoever signed in for this."""
    access = one.access()
    one.oauth.tokens[-1].scope = scope
    one.seen.clear()
    return YOUTUBE(replace(access, secrets={**access.secrets, "scope": scope}), door, "measure")


def test_films_are_asked_for_together_and_comments_apart(youtube: YouTubeBox, door: Door) -> None:
    one = under(youtube, door)
    comment, first, second = one.drive().receipt, one.outgoing.root, case(youtube, door).drive().receipt
    assert comment
    assert first
    assert second
    with clock.shifted(timedelta(days=2)):
        said = asking(youtube, door).measure([first, comment, second])
    of_film = [*(f"statistics.{one}Count" for one in ("view", "like", "comment")), "shares", "estimatedMinutesWatched"]
    named = {id: list(numbers or ()) for id, numbers in said.items()}
    assert named == {comment.id: ["snippet.likeCount"], first.id: of_film, second.id: of_film}
    assert youtube.requests("GET /youtube/v3/videos") == youtube.requests("GET /youtube/v3/comments") == 1
    assert youtube.requests("GET /v2/reports") == 1


def test_who_signed_in_without_numbers_is_asked_nothing_of_youtube_analytics(youtube: YouTubeBox, door: Door) -> None:
    film_there = case(youtube, door).drive().receipt
    assert film_there
    speaker = asking(youtube, door, SCOPE)
    numbers = speaker.measure([film_there])[film_there.id]
    readings = speaker.audience(clock.now().date() - timedelta(days=9))
    assert set(numbers or ()) == {"statistics.viewCount", "statistics.likeCount", "statistics.commentCount"}
    assert {(one.theirs, one.day) for one in readings} == {
        ("statistics.viewCount", None), ("statistics.subscriberCount", None),
    }
    assert youtube.requests("/v2/reports") == 0


def test_numbers_that_a_channel_hides_are_no_zeros(youtube: YouTubeBox, door: Door) -> None:
    film_there = case(youtube, door).drive().receipt
    assert film_there
    youtube.hides = ("likeCount", "subscriberCount")
    speaker = asking(youtube, door)
    assert "statistics.likeCount" not in (speaker.measure([film_there])[film_there.id] or {"statistics.likeCount": 0})
    assert "statistics.subscriberCount" not in {one.theirs for one in speaker.audience(clock.now().date())}


def test_a_project_without_youtube_analytics_is_told_to_enable_it(youtube: YouTubeBox, door: Door) -> None:
    youtube.analysis = False
    with pytest.raises(Later, match="YouTube Analytics API has not been used"):
        asking(youtube, door).audience(clock.now().date())


def test_access_that_lost_the_right_to_read_numbers_asks_to_reconnect(youtube: YouTubeBox, door: Door) -> None:
    speaker = asking(youtube, door)
    youtube.oauth.tokens[-1].scope = SCOPE
    with pytest.raises(Reconnect):
        speaker.audience(clock.now().date())


def test_reading_numbers_is_a_second_way_to_sign_in(youtube: YouTubeBox, door: Door) -> None:
    ways = [cast(OAuth2, way).scopes for way in YOUTUBE.connect]
    assert ways == [(SCOPE,), (SCOPE, ANALYTICS)]
    assert sign_in(youtube, door).secrets["scope"] == SCOPE
