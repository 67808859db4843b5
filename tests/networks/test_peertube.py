"""What is peculiar to PeerTube, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, Network, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators._peertube import CODE
from tidings.simulators.peertube import PeerTubeInstance

PEERTUBE = networks.get("peertube")
CHOSEN = {"title": "A walk"}

REFUSALS = [
    Refusal("a title of 2 characters", Outgoing("Sea\nside", (film(),), {"title": "ab"})),
    Refusal("a title of 121 characters", Outgoing("Sea", (film(),), {"title": "x" * 121})),
    Refusal("a description of 10,001 characters", Outgoing("x" * 10_001, (film(),), CHOSEN)),
    Refusal("six tags", Outgoing("Sea", (film(),), CHOSEN | {"tags": ["one", "two", "three", "four", "five", "six"]})),
    Refusal("a tag of one character", Outgoing("Sea", (film(),), CHOSEN | {"tags": ["a"]})),
    Refusal("a film of another kind", Outgoing("Sea", (film(mime="video/x-msvideo"),), CHOSEN)),
]


@pytest.fixture
def peertube(town: Town) -> PeerTubeInstance:
    return cast(PeerTubeInstance, town["peertube"])


def case(one: PeerTubeInstance, door: Door, *media: Any, said: str = "By the sea", **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media or (film(),), CHOSEN | options), door)


def the_film(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (made,) = one.out().values()
    return cast(dict[str, Any], made)


# connecting


def signed_in(one: PeerTubeInstance, door: Door, **more: str) -> Network:
    fields = {**one.typed(), **more}
    nobody = Access(Profile("", "", ""), {}, PEERTUBE.server(fields, door))
    return PEERTUBE(replace(nobody, secrets=PEERTUBE(nobody, door, "connect").sign_in(fields).secrets), door, "connect")


def test_one_sign_in_brings_all_video_channels_and_keeps_no_password(peertube: PeerTubeInstance, door: Door) -> None:
    speaker = signed_in(peertube, door)
    there, place = peertube.url, urlsplit(peertube.url).netloc
    assert [one.handle for one in speaker.channels()] == [f"@demo_films@{place}", f"@demo_talks@{place}"]
    assert speaker.profile() == Profile(
        "1", f"@demo_films@{place}", "Films", f"{there}/faces/demo.png", f"{there}/c/demo_films"
    )
    assert set(speaker.access.secrets) == {"access_token", "refresh_token"}


def test_who_signs_in_by_mail_address_still_comments_by_name(peertube: PeerTubeInstance, door: Door) -> None:
    assert signed_in(peertube, door, username="demo@example.org").announced()["user"] == "demo"


def test_a_wrong_password_is_told_so(peertube: PeerTubeInstance, door: Door) -> None:
    with pytest.raises(Reconnect, match="credentials"):
        signed_in(peertube, door, password="wrong")


def test_a_second_factor_is_asked_for(peertube: PeerTubeInstance, door: Door) -> None:
    peertube.box.second_factor = True
    for otp in ("", "000000"):
        with pytest.raises(Rejected, match="two factor"):
            signed_in(peertube, door, otp=otp)
    assert signed_in(peertube, door, otp=CODE).profile().id == "1"


def test_what_is_no_instance_is_told_so(town: Town, door: Door) -> None:
    for typed in ("nowhere", "http://framatube.example", town["mastodon"].url.replace("/mastodon", "")):
        with pytest.raises(Rejected):
            PEERTUBE.server({"server": typed}, door)


def test_access_ends_after_a_day_and_a_refresh_token_is_spent(peertube: PeerTubeInstance, door: Door) -> None:
    speaker = signed_in(peertube, door)
    with clock.shifted(timedelta(hours=25)):
        with pytest.raises(Reconnect):
            speaker.profile()
        fresh = speaker.renew()
        assert fresh.ends_at
        assert fresh.secrets["refresh_token"] != speaker.access.secrets["refresh_token"]
        with pytest.raises(Reconnect):
            speaker.renew()


def test_after_revoking_the_token_is_dead(peertube: PeerTubeInstance, door: Door) -> None:
    speaker = signed_in(peertube, door)
    speaker.revoke()
    with pytest.raises(Reconnect):
        speaker.profile()


# the film


def test_a_film_goes_up_privately_in_pieces_and_is_opened_when_it_is_transcoded(
    peertube: PeerTubeInstance, door: Door
) -> None:
    peertube.works_for = 3
    made = the_film(case(peertube, door, film(size=20_000_000)))
    (session,) = peertube.sessions.values()
    assert (session.wish["privacy"], made["privacy"], made["size"]) == (3, 1, 20_000_000)
    assert peertube.requests("PUT /api/v1/videos/upload-resumable") == 4  # one question and three pieces


def test_options_arrive_as_chosen(peertube: PeerTubeInstance, door: Door) -> None:
    made = the_film(case(
        peertube, door, privacy="internal", category="2", licence="1", language="de", tags=["sea", "walks"], nsfw=True,
        nsfw_summary="Waves", comments="approval", download=False, support="Buy me a shell",
    ))
    expected = {
        "name": "A walk", "description": "By the sea", "privacy": 4, "category": 2, "licence": 1, "language": "de",
        "tags": ["sea", "walks"], "nsfw": True, "nsfwSummary": "Waves", "commentsPolicy": 3, "downloadEnabled": False,
        "support": "Buy me a shell", "channelId": 1,
    }
    assert {name: made[name] for name in expected} == expected


def test_the_picture_beside_a_film_is_its_thumbnail(peertube: PeerTubeInstance, door: Door) -> None:
    one = case(peertube, door, film(), picture())
    assert check(PEERTUBE, one.outgoing, one.access.server) == []
    assert the_film(one)["thumbnail"] == picture().size


def test_without_a_title_the_first_line_is_it(peertube: PeerTubeInstance, door: Door) -> None:
    one = Case(peertube, peertube.access(), Outgoing("Low tide\nBy the sea", (film(),)), door)
    assert the_film(one)["name"] == "Low tide"


def test_characters_are_counted_as_they_are(peertube: PeerTubeInstance, door: Door) -> None:
    fits = case(peertube, door, said="\N{THUMBS UP SIGN}" * 10_000)
    assert check(PEERTUBE, fits.outgoing, fits.access.server) == []
    assert the_film(fits)["description"] == fits.outgoing.text
    long = replace(fits.outgoing, text=f"{fits.outgoing.text}!")
    assert [problem.where for problem in check(PEERTUBE, long, fits.access.server)] == ["text"]


def test_instances_say_which_films_they_take() -> None:
    found = check(PEERTUBE, Outgoing("By the sea", (film(mime="video/webm"),), CHOSEN), {"types": ["video/mp4"]})
    assert [problem.where for problem in found] == ["media-0"]


def test_a_film_that_cannot_be_transcoded_is_never_opened_and_a_retry_uploads_anew(
    peertube: PeerTubeInstance, door: Door
) -> None:
    peertube.spoils = True
    one = case(peertube, door)
    outcome = one.drive()
    assert (outcome.state, "transcoded" in outcome.reason, one.out()) == ("failed", True, {})
    peertube.spoils = False
    the_film(one)
    assert len(peertube.sessions) == 2


def test_a_film_that_does_not_pass_the_filter_fails_in_the_instances_words(
    peertube: PeerTubeInstance, door: Door
) -> None:
    peertube.filters = True
    outcome = case(peertube, door).drive()
    assert (outcome.state, outcome.reason) == ("failed", "This video cannot be uploaded on this instance.")


# what is lost


@pytest.mark.parametrize("line", ["PUT /api/v1/videos/upload-resumable", "PUT /api/v1/videos/1"])
@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_whatever_answer_is_lost_the_film_is_there_once(
    peertube: PeerTubeInstance, door: Door, line: str, misdeed: str
) -> None:
    peertube.trick(misdeed, line, 2)  # type: ignore[arg-type]
    one = case(peertube, door)
    the_film(one)
    assert (len(peertube.sessions), len(peertube.media)) == (1, 0)


def test_a_session_that_has_gone_is_begun_anew(peertube: PeerTubeInstance, door: Door) -> None:
    one = case(peertube, door)
    peertube.trick("limit", "PUT /api/v1/videos/upload")
    assert one.once(Points()).state == "waiting"
    peertube.sessions.clear()
    the_film(one)


# comments


def under(one: PeerTubeInstance, door: Door, said: str = "More & better soon") -> Case:
    there = case(one, door).drive().receipt
    return Case(one, one.access(), Outgoing(said, reply_to=there, root=there, position=1), door)


def test_a_second_part_is_a_comment_under_the_film(peertube: PeerTubeInstance, door: Door) -> None:
    one = under(peertube, door)
    assert check(PEERTUBE, one.outgoing, one.access.server) == []
    assert the_film(one)["said"] == "More & better soon"


def test_a_comment_whose_answer_was_lost_is_found_in_a_list_that_lags(peertube: PeerTubeInstance, door: Door) -> None:
    peertube.lag = timedelta(minutes=4)
    one = under(peertube, door)
    peertube.trick("lose", "/comment-threads")
    the_film(one)
    assert sum(1 for seen in peertube.seen if seen.method == "POST" and "comment" in seen.path) == 1


# answers, look-ups, afterwards


def told(status: int, code: str) -> Answer:
    return Answer(status, {"retry-after": "9"}, f'{{"code": "{code}", "detail": "No."}}'.encode())


@pytest.mark.parametrize(("answer", "reaction"), [
    (told(401, "invalid_token"), Reconnect),
    (told(400, "invalid_grant"), Reconnect),
    (told(401, "missing_two_factor"), Rejected),
    (told(413, "quota_reached"), Rejected),
    (told(413, "max_file_size_reached"), Rejected),
    (told(415, ""), Rejected),
    (told(422, ""), Rejected),
    (told(429, ""), Later),
    (told(503, ""), Unsure),
])
def test_what_it_says_leads_to_a_reaction(
    peertube: PeerTubeInstance, door: Door, answer: Answer, reaction: type[Reaction]
) -> None:
    with pytest.raises(reaction):
        PEERTUBE(peertube.access(), door, "publish").judge(answer)


def test_choices_are_looked_up_on_the_instance(peertube: PeerTubeInstance, door: Door) -> None:
    speaker = PEERTUBE(peertube.access(), door, "look")
    assert speaker.lookup("category", "film") == [("2", "Films")]
    assert speaker.lookup("licence", "") == [("1", "Attribution")]
    assert speaker.lookup("language", "GER") == [("de", "German")]


def test_a_film_can_be_changed_and_taken_back_with_its_comment(peertube: PeerTubeInstance, door: Door) -> None:
    one = under(peertube, door)
    comment, there = one.drive().receipt, one.outgoing.root
    assert comment
    assert there
    speaker = PEERTUBE(peertube.access(), door, "publish")
    speaker.edit(there, Outgoing("In the rain", (film(),), {"title": "Rain"}))
    assert peertube.posts[there.id]["name"] == "Rain"
    assert "Rain" in door(http.Request("GET", there.url, "look")).text()
    with pytest.raises(Rejected):
        speaker.edit(comment, Outgoing("Never"))
    for receipt in (comment, comment, there, there):
        speaker.delete(receipt)
    assert not peertube.posts


# numbers


def counted(one: PeerTubeInstance, door: Door, receipt: Receipt) -> Any:
    with clock.shifted(timedelta(days=1)):
        return PEERTUBE(one.access(), door, "measure").measure([receipt])[receipt.id]


def test_an_instance_that_does_not_tell_how_a_film_was_watched_tells_the_rest(
    peertube: PeerTubeInstance, door: Door
) -> None:
    receipt = case(peertube, door).drive().receipt
    assert receipt
    assert counted(peertube, door, receipt)["totalWatchTime"] > 0
    peertube.watches = False
    assert set(counted(peertube, door, receipt)) == {"views", "likes", "dislikes", "comments"}


def test_answers_to_a_comment_are_counted_until_it_is_an_empty_place_above_them(
    peertube: PeerTubeInstance, door: Door
) -> None:
    receipt = under(peertube, door).drive().receipt
    assert receipt
    assert set(counted(peertube, door, receipt)) == {"totalReplies"}
    peertube.posts[receipt.id]["deleted"] = True
    assert counted(peertube, door, receipt) is None


def test_followers_are_those_of_the_video_channel_and_not_of_the_person(
    peertube: PeerTubeInstance, door: Door
) -> None:
    access = peertube.access()
    talks = replace(access, profile=replace(access.profile, id="2", handle="@demo_talks@peertube.sim"))
    (reading,) = PEERTUBE(talks, door, "measure").audience(clock.now().date())
    assert reading.value == peertube.crowd("2", "followersCount") != peertube.crowd("1", "followersCount")


# messages


def heard(peertube: PeerTubeInstance, door: Door, *posts: Receipt | None) -> Any:
    network = PEERTUBE(peertube.access(), door, "inbox")
    return network.inbox(clock.now() - timedelta(days=1), [post for post in posts if post])


def test_comments_of_several_films_are_read_in_one_list_and_ours_are_known(
    peertube: PeerTubeInstance, door: Door
) -> None:
    one, other = (case(peertube, door).drive().receipt for _ in range(2))
    assert one
    assert other
    ours = Case(peertube, peertube.access(), Outgoing("More soon", reply_to=one, root=one, position=1), door).drive()
    peertube.remark("Lovely & <calm>", on=one.id)
    peertube.remark("Where is it?", on=other.id)
    peertube.seen.clear()
    told = heard(peertube, door, one, other, ours.receipt)
    assert {(said.text, said.on, said.ours) for said in told} == {
        ("More soon", one.id, True), ("Lovely & <calm>", one.id, False), ("Where is it?", other.id, False),
    }
    assert {said.author for said in told if not said.ours} == {"@reader@elsewhere.sim"}
    assert len(peertube.seen) == 1
    assert {said.on for said in heard(peertube, door, other)} == {other.id}


def test_a_comment_that_waits_for_approval_is_not_told(peertube: PeerTubeInstance, door: Door) -> None:
    post = case(peertube, door).drive().receipt
    assert post
    peertube.held.add(peertube.remark("First!", on=post.id))
    assert heard(peertube, door, post) == []


def test_an_instance_that_is_too_old_to_list_comments_is_named_so(peertube: PeerTubeInstance, door: Door) -> None:
    post = case(peertube, door).drive().receipt
    peertube.young = False
    with pytest.raises(Rejected, match=r"PeerTube 6\.2"):
        heard(peertube, door, post)


def test_an_answer_deep_in_a_thread_is_found_there_and_can_be_taken_back(
    peertube: PeerTubeInstance, door: Door
) -> None:
    post = case(peertube, door).drive().receipt
    assert post
    first = peertube.remark("Lovely", on=post.id)
    (message,) = heard(peertube, door, post)
    one = Case(peertube, peertube.access(), Outgoing("Thanks", reply_to=message.receipt, position=1), door)
    peertube.trick("lose", f"POST /api/v1/videos/{post.id}/comments/{first}")
    receipt = one.drive().receipt
    assert receipt
    assert len(one.out()) == 1
    network = PEERTUBE(peertube.access(), door, "publish")
    assert network.present(receipt)
    network.delete(receipt)
    assert not network.present(receipt)
