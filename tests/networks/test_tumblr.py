"""What is peculiar to Tumblr, over real HTTP against its simulator."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import animation, film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.metrics import Reading
from tidings.networks.oauth import Flow
from tidings.simulators.tumblr import CLIENT, SECRET, TumblrNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
TUMBLR = networks.get("tumblr")
LINKS = " ".join(["https://example.org/"] * 101)

REFUSALS = [
    Refusal("thirty-one pictures", Outgoing("", (picture(),) * 31)),
    Refusal("thirty pictures and an animation", Outgoing("", (*(picture(),) * 30, animation()))),
    Refusal("two films", Outgoing("", (film(), film()))),
    Refusal("a picture described in 4,097 characters", Outgoing("", (picture(alt="x" * 4097),))),
    Refusal("a title of 4,097 characters", Outgoing("Hi", options={"title": "x" * 4097})),
    Refusal("more than a megabyte", Outgoing("x" * 1_000_001)),
    Refusal("101 links", Outgoing(LINKS)),
]


@pytest.fixture
def tumblr(town: Town) -> TumblrNetwork:
    return cast(TumblrNetwork, town["tumblr"])


def case(one: TumblrNetwork, door: Door, said: str = "", *media: Any, **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media, options), door)


def the_post(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (post,) = one.out().values()
    assert outcome.receipt
    assert (outcome.receipt.id, outcome.receipt.url) == (post["id"], post["post_url"])
    return cast(dict[str, Any], post)


# connecting


def sign_in(door: Door) -> Grant:
    """Allow it on the consent page, and come back."""
    flow = Flow(TUMBLR.endpoints({}), App(CLIENT, SECRET), door)
    pending = flow.begin(cast(OAuth2, TUMBLR.connect[0]), SITE)
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(door: Door, secrets: dict[str, str]) -> Network:
    return TUMBLR(Access(Profile("", "", ""), secrets, {}, App(CLIENT, SECRET)), door, "connect")


def test_every_blog_of_a_person_is_a_channel_and_the_first_one_is_first(tumblr: TumblrNetwork, door: Door) -> None:
    found = signed_in(door, dict(sign_in(door).secrets)).channels()
    face, page = f"{tumblr.url}/v2/blog/demo/avatar/128", f"{tumblr.url}/demo"
    assert found[0] == Profile("t:demo", "@demo", "Demo", face, page)
    assert [profile.id for profile in found] == ["t:demo", "t:demo-two"]


def test_access_ends_after_42_minutes_and_its_renewal_is_good_for_one_use(tumblr: TumblrNetwork, door: Door) -> None:
    old = dict(sign_in(door).secrets)
    with clock.shifted(timedelta(minutes=43)):
        with pytest.raises(Reconnect):
            signed_in(door, old).profile()
        fresh = dict(signed_in(door, old).renew().secrets)
        assert signed_in(door, fresh).profile().handle == "@demo"
        with pytest.raises(Reconnect):
            signed_in(door, old).renew()


def test_the_program_always_says_the_same_name(tumblr: TumblrNetwork, door: Door) -> None:
    the_post(case(tumblr, door, "Hello", picture()))
    assert len({seen.headers["user-agent"] for seen in tumblr.seen}) == 1


# what is posted


def test_words_are_blocks_and_what_is_a_link_there_can_be_followed(tumblr: TumblrNetwork, door: Door) -> None:
    content = the_post(case(tumblr, door, "🎈 See https://example.org/a\nnow\n\nBye", title="Balloons"))["content"]
    assert content == [
        {"type": "text", "subtype": "heading1", "text": "Balloons"},
        {"type": "text", "text": "🎈 See https://example.org/a\nnow", "formatting": [
            {"start": 6, "end": 27, "type": "link", "url": "https://example.org/a"},
        ]},
        {"type": "text", "text": "Bye"},
    ]


def test_a_long_text_is_divided(tumblr: TumblrNetwork, door: Door) -> None:
    content = the_post(case(tumblr, door, "é" * 5000))["content"]
    assert [len(block["text"]) for block in content] == [4096, 904]


def test_options_arrive_as_chosen(tumblr: TumblrNetwork, door: Door) -> None:
    options: dict[str, Any] = {
        "tags": ["red", "hot air"], "link": "https://example.org/", "source_url": "https://example.org/source",
        "slug": "up", "reblogs": "noone",
    }
    one = case(tumblr, door, "Up", **options)
    assert check(TUMBLR, one.outgoing, {}) == []
    post = the_post(one)
    names = ("tags", "source_url", "slug", "interactability_reblog")
    assert [post[name] for name in names] == ["red,hot air", "https://example.org/source", "up", "noone"]
    assert post["content"][-1] == {"type": "link", "url": "https://example.org/"}


def test_a_tag_with_a_comma_is_no_tag() -> None:
    assert [p.where for p in check(TUMBLR, Outgoing("Up", options={"tags": ["red,hot"]}), {})] == ["tags"]


def test_media_travel_with_the_draft_once_and_are_named_by_their_address_after(
    tumblr: TumblrNetwork, door: Door
) -> None:
    content = the_post(case(tumblr, door, "Look", picture(), animation(), picture()))["content"]
    assert [block["type"] for block in content] == ["image", "image", "image", "text"]
    assert content[0]["alt_text"] == "A blue field"
    assert [one["type"] for one in tumblr.media.values()] == ["image/jpeg", "image/gif", "image/jpeg"]


def test_a_film_is_published_when_it_has_been_worked_on(tumblr: TumblrNetwork, door: Door) -> None:
    tumblr.works_for = 3
    post = the_post(case(tumblr, door, "Look", film(), picture()))
    assert post["content"][0]["media"]["url"]
    assert tumblr.requests("POST /v2/blog/t:demo/posts") == 1


def test_a_draft_that_was_taken_is_no_post_while_its_film_cannot_be_worked_on(
    tumblr: TumblrNetwork, door: Door
) -> None:
    tumblr.works_for = 1000
    one = case(tumblr, door, "Look", film())
    assert (one.once(Points()).state, one.out(), len(tumblr.drafts)) == ("settling", {}, 1)
    assert tumblr.requests("PUT /v2/blog/") == 0


def test_a_film_waits_while_another_is_worked_on(tumblr: TumblrNetwork, door: Door) -> None:
    tumblr.busy_for = 1
    one = case(tumblr, door, "Look", film())
    outcome = one.once(Points())
    assert outcome.state == "waiting"
    assert outcome.at
    assert timedelta(minutes=1) < outcome.at - clock.now() <= timedelta(minutes=2)
    the_post(one)


def test_the_next_part_of_a_thread_reblogs_the_one_before(tumblr: TumblrNetwork, door: Door) -> None:
    root = case(tumblr, door, "One").drive().receipt
    assert root
    second = Case(tumblr, tumblr.access(), Outgoing("Two", reply_to=root, root=root, position=1), door)
    post = the_post(second)
    assert (post["parent_post_id"], post["parent_tumblelog_uuid"]) == (int(root.id), "t:demo")
    assert [p.message for p in check(TUMBLR, Outgoing("Three", (film(),), position=2), {})] == [
        "Tumblr takes no films; this has 1."
    ]


# answers


def refused(status: int, code: int = 0) -> Answer:
    said = {"meta": {"status": status, "msg": "No"}, "errors": [{"title": "No", "code": code}]}
    return Answer(status, {}, json.dumps(said).encode())


@pytest.mark.parametrize(("answer", "reaction"), [
    (refused(401, 1016), Reconnect), (refused(403, 8004), Later), (refused(403, 8008), Rejected),
    (refused(403, 8010), Later), (refused(403, 8011), Later), (refused(403, 8022), Rejected),
    (refused(403, 8023), Later), (refused(400, 8001), Rejected), (refused(400, 8005), Rejected),
    (refused(429), Later), (refused(500, 8006), Unsure), (refused(503), Unsure),
])
def test_what_it_says_leads_to_a_reaction(door: Door, answer: Answer, reaction: type[Reaction]) -> None:
    with pytest.raises(reaction):
        signed_in(door, {}).judge(answer)


def test_a_blog_that_has_posted_enough_today_waits(tumblr: TumblrNetwork, door: Door) -> None:
    tumblr.full = True
    one = case(tumblr, door, "Enough")
    outcome = one.once(Points())
    assert (outcome.state, one.out()) == ("waiting", {})
    assert "daily posting limit" in outcome.reason
    tumblr.full = False
    the_post(one)


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_post_whose_answer_was_lost_is_known_by_the_draft_it_was(
    tumblr: TumblrNetwork, door: Door, misdeed: str
) -> None:
    tumblr.lag = timedelta(minutes=3)
    the_post(case(tumblr, door, "Twin"))
    one = case(tumblr, door, "Twin")
    tumblr.trick(misdeed, "PUT /v2/blog/")  # type: ignore[arg-type]
    the_post(one)
    assert tumblr.requests("PUT /v2/blog/") == 2


def test_a_draft_that_is_still_there_is_published_after_all(tumblr: TumblrNetwork, door: Door) -> None:
    one = case(tumblr, door, "Patience")
    tumblr.trick("down", "PUT /v2/blog/")
    the_post(one)
    assert tumblr.requests("POST /v2/blog/") == 1


def test_a_draft_that_somebody_deleted_is_written_anew(tumblr: TumblrNetwork, door: Door) -> None:
    one = case(tumblr, door, "Again", picture())
    tumblr.trick("limit", "PUT /v2/blog/")
    assert one.once(Points()).state == "waiting"
    tumblr.drafts.clear()
    the_post(one)
    assert not tumblr.drafts


# afterwards


def test_a_post_can_be_changed_without_its_media_and_taken_back(tumblr: TumblrNetwork, door: Door) -> None:
    receipt = case(tumblr, door, "Look", picture()).drive().receipt
    assert receipt
    speaker = TUMBLR(tumblr.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Look again", (picture(),)))
    assert [block["type"] for block in tumblr.posts[receipt.id]["content"]] == ["image", "text"]
    assert "Look again" in door(http.Request("GET", receipt.url, "look")).text()
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not tumblr.posts


@pytest.mark.parametrize("url", ["https://www.tumblr.com/demo/123/up", "https://demo.tumblr.com/post/123"])
def test_a_post_is_known_by_its_address(url: str) -> None:
    assert TUMBLR.recognise(Profile("t:demo", "@demo", "Demo"), {}, url) == Receipt("123", url)
    with pytest.raises(Rejected):
        TUMBLR.recognise(Profile("t:other", "@other", "Other"), {}, url)


# its numbers


def test_one_request_tells_how_many_notes_there_are_of_each_kind(tumblr: TumblrNetwork, door: Door) -> None:
    post = cast(Receipt, case(tumblr, door, "Hi").drive().receipt)
    with clock.shifted(timedelta(hours=5)):
        said = TUMBLR(tumblr.access(), door, "measure").measure([post])
    assert set(said[post.id] or ()) == {"total_likes", "total_reblogs", "total_notes"}
    assert tumblr.requests("/notes") == 1


@pytest.mark.parametrize("there", [True, False])
def test_a_post_whose_notes_are_not_to_be_had_is_gone_only_if_the_post_is(
    there: bool, tumblr: TumblrNetwork, door: Door
) -> None:
    post = cast(Receipt, case(tumblr, door, "Hi").drive().receipt)

    def noteless(request: http.Request) -> Answer:
        refused = {"meta": {"status": 404, "msg": "Not Found"}}
        return Answer(404, {}, http.json_body(refused)[0]) if "/notes" in request.url else door(request)

    if not there:
        tumblr.drop(post.id)
    assert TUMBLR(tumblr.access(), noteless, "measure").measure([post]) == ({} if there else {post.id: None})


def test_followers_are_those_of_this_blog_and_nobody_reads_who_they_are(tumblr: TumblrNetwork, door: Door) -> None:
    access = tumblr.access()
    second = replace(access, profile=replace(access.profile, id="t:demo-two"))
    first, other = (TUMBLR(one, door, "measure").audience(date(2026, 1, 1)) for one in (access, second))
    assert first == [Reading("followers", tumblr.crowd("t:demo", "followers"))]
    assert other == [Reading("followers", tumblr.crowd("t:demo-two", "followers"))]
    assert not tumblr.requests("/followers")


def test_a_blog_that_the_person_left_has_no_numbers_and_it_is_said_why(tumblr: TumblrNetwork, door: Door) -> None:
    access = tumblr.access()
    left = replace(access, profile=replace(access.profile, id="t:another"))
    with pytest.raises(Rejected, match="Connect it again"):
        TUMBLR(left, door, "measure").audience(date(2026, 1, 1))


# messages


def heard(tumblr: TumblrNetwork, door: Door, hours: int = 1) -> Any:
    return TUMBLR(tumblr.access(), door, "inbox").inbox(clock.now() - timedelta(hours=hours), [])


def test_replies_and_what_reblogs_add_are_told_and_stand_where_they_were_written(
    tumblr: TumblrNetwork, door: Door
) -> None:
    post = the_post(case(tumblr, door, "Fresh rye"))["id"]
    first = tumblr.remark("Lovely", on=post)
    second = tumblr.remark("Look at this", on=post, author="baker")
    empty = tumblr.remark("", on=post, author="baker")
    tumblr.reblogs |= {second, empty}
    told = {one.receipt.id: one for one in heard(tumblr, door)}
    assert set(told) == {first, second}
    assert told[first].receipt.url.endswith(f"/demo/{post}")
    assert told[second].receipt.url.endswith(f"/baker/{second}0")
    assert {(one.on, one.reply_to) for one in told.values()} == {(post, post)}


def test_activity_is_read_page_by_page_no_further_back_than_asked(tumblr: TumblrNetwork, door: Door) -> None:
    post, ids, tumblr.shows = the_post(case(tumblr, door, "Fresh rye"))["id"], [], 2
    for hours in (0, 1, 2, 3):
        with clock.shifted(timedelta(hours=hours)):
            ids += [tumblr.remark(f"At {hours}", on=post), tumblr.remark(f"And at {hours}", on=post)]
    with clock.shifted(timedelta(hours=3, minutes=1)):
        access = tumblr.access()
        tumblr.seen.clear()
        told = TUMBLR(access, door, "inbox").inbox(clock.now() - timedelta(minutes=90), [])
    assert [one.receipt.id for one in told] == ids[:1:-1]
    assert tumblr.requests("/notifications") == 3
