"""What is peculiar to Reddit, over real HTTP against its simulator."""

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
from tidings.networks.answered import Message
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.metrics import Reading
from tidings.networks.oauth import Flow
from tidings.simulators.reddit import CLIENT, SECRET, RedditNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
REDDIT = networks.get("reddit")
HERE: dict[str, Any] = {"subreddit": "test", "title": "Good morning"}
POLL: dict[str, Any] = {"choices": ["Rye", "Wheat"], "minutes": 1441}

REFUSALS = [
    Refusal("a title of 301 characters", Outgoing("Hi", options=HERE | {"title": "x" * 301})),
    Refusal("no title", Outgoing("Hi", options={"subreddit": "test", "title": ""})),
    Refusal("a text of 40,001 characters", Outgoing("x" * 40_001, options=HERE)),
    Refusal("twenty-one pictures", Outgoing("", (picture(),) * 21, HERE)),
    Refusal("a poll of seven choices", Outgoing("", options=HERE | {"poll": POLL | {"choices": list("abcdefg")}})),
    Refusal("a poll of eight days", Outgoing("", options=HERE | {"poll": POLL | {"minutes": 11_520}})),
    Refusal("a link that is none", Outgoing("", options=HERE | {"url": "bread.example"})),
]


@pytest.fixture
def reddit(town: Town) -> RedditNetwork:
    return cast(RedditNetwork, town["reddit"])


def case(one: RedditNetwork, door: Door, said: str = "", *media: Any, **options: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, media, HERE | options), door)


def the_post(one: Case) -> dict[str, Any]:
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    (post,) = one.out().values()
    assert outcome.receipt
    assert outcome.receipt.id == post["name"]
    return cast(dict[str, Any], post)


# connecting


def sign_in(door: Door) -> Grant:
    """Allow it on the consent page, and come back."""
    flow = Flow(REDDIT.endpoints({}), App(CLIENT, SECRET), door)
    pending = flow.begin(cast(OAuth2, REDDIT.connect[0]), SITE)
    assert "duration=permanent" in pending.url
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(door: Door, secrets: dict[str, str]) -> Network:
    return REDDIT(Access(Profile("", "", ""), secrets, {}, App(CLIENT, SECRET)), door, "connect")


def test_a_person_signs_in_and_it_is_known_who_it_is(reddit: RedditNetwork, door: Door) -> None:
    who = Profile("demo", "u/demo", "demo", f"{reddit.url}/faces/demo.png", f"{reddit.url}/u/demo")
    assert signed_in(door, dict(sign_in(door).secrets)).profile() == who


def test_access_ends_after_an_hour_and_is_renewed(reddit: RedditNetwork, door: Door) -> None:
    old = dict(sign_in(door).secrets)
    with clock.shifted(timedelta(minutes=61)):
        with pytest.raises(Reconnect):
            signed_in(door, old).profile()
        assert signed_in(door, dict(signed_in(door, old).renew().secrets)).profile().handle == "u/demo"


def test_the_app_says_its_name_with_every_request_and_the_store_is_told_no_token(
    reddit: RedditNetwork, door: Door
) -> None:
    the_post(case(reddit, door, "", picture()))
    (stored,) = [seen for seen in reddit.seen if seen.path == "/store"]
    assert "authorization" not in stored.headers
    assert {seen.headers["user-agent"] for seen in reddit.seen if seen.path.startswith("/oauth")} == {
        "web:reddit-client:v1 (by /u/demo)"
    }


# what is posted


def test_words_are_a_text_post_with_the_options_as_chosen(reddit: RedditNetwork, door: Door) -> None:
    marks: dict[str, Any] = {"flair": "f1", "nsfw": True, "spoiler": True, "send_replies": False}
    post = the_post(case(reddit, door, "**Flour**", subreddit="r/Bread", **marks))
    names = ("kind", "sr", "title", "text", "flair_id", "nsfw", "spoiler", "sendreplies", "resubmit")
    assert [post[name] for name in names] == [
        "self", "Bread", "Good morning", "**Flour**", "f1", "true", "true", "false", "false",
    ]


def test_an_address_makes_it_a_link(reddit: RedditNetwork, door: Door) -> None:
    post = the_post(case(reddit, door, url="https://bread.example/rye"))
    assert (post["kind"], post["url"]) == ("link", "https://bread.example/rye")


def test_a_picture_has_no_id_until_it_appears(reddit: RedditNetwork, door: Door) -> None:
    reddit.lag = timedelta(minutes=5)
    one = case(reddit, door, "", picture())
    assert the_post(one)["kind"] == "image"
    assert reddit.requests("GET /oauth/user/demo/submitted") > 5
    assert reddit.requests("POST /oauth/api/submit") == 1


def test_a_picture_that_never_appears_fails_after_an_hour(reddit: RedditNetwork, door: Door) -> None:
    reddit.drops_media = True
    one = case(reddit, door, "", picture())
    assert one.once(Points()).state == "settling"
    with clock.shifted(timedelta(minutes=61)):
        one.access = reddit.access()
        outcome = one.once(Points())
    assert (outcome.state, "within an hour" in outcome.reason) == ("failed", True)


def test_several_pictures_are_a_gallery(reddit: RedditNetwork, door: Door) -> None:
    post = the_post(case(reddit, door, "", picture(), picture(), picture()))
    assert [item["media_id"] for item in post["items"]] == list(reddit.media)


@pytest.mark.parametrize(("silent", "kind"), [(False, "video"), (True, "videogif")])
def test_a_film_starts_from_the_picture_beside_it(
    reddit: RedditNetwork, door: Door, silent: bool, kind: str
) -> None:
    one = case(reddit, door, "", film(), picture(), silent=silent)
    assert check(REDDIT, one.outgoing, {}) == []
    post = the_post(one)
    assert (post["kind"], post["video_poster_url"].rpartition("/")[2]) == (kind, "blue.jpg")


def test_a_poll_is_open_for_whole_days(reddit: RedditNetwork, door: Door) -> None:
    post = the_post(case(reddit, door, "Which?", poll=POLL))
    assert (post["options"], post["duration"], post["text"]) == (["Rye", "Wheat"], 2, "Which?")


def test_the_next_part_is_a_comment_under_the_one_before(reddit: RedditNetwork, door: Door) -> None:
    root = case(reddit, door, "One").drive().receipt
    second = Case(reddit, reddit.access(), Outgoing("Two", reply_to=root, root=root, position=1), door)
    third_to = second.drive().receipt
    third = Case(reddit, reddit.access(), Outgoing("Three", reply_to=third_to, root=root, position=2), door)
    assert third_to
    assert root
    assert [the_post(second)["parent_id"], the_post(third)["parent_id"]] == [root.id, third_to.id]


@pytest.mark.parametrize(("outgoing", "said"), [
    (Outgoing("", (film(),), HERE), "Reddit shows a picture before a film starts: add one."),
    (Outgoing("", (picture(),), HERE | {"url": "https://a.example"}),
     "A post that is a link has no poll, pictures or film."),
    (Outgoing("Hm", (picture(),), HERE), "Beside a link, pictures or a film Reddit may show the title only."),
    (Outgoing("x" * 10_001, position=1), "1 characters too long for Reddit (10000 at most)."),
    (Outgoing("Hm", (picture(),), position=1), "Reddit takes no pictures; this has 1."),
])
def test_what_does_not_go_together_is_said_before(outgoing: Outgoing, said: str) -> None:
    assert said in [problem.message for problem in check(REDDIT, outgoing, {})]


# look-ups


def test_subreddits_are_found_by_name_and_at_first_those_one_reads(reddit: RedditNetwork, door: Door) -> None:
    speaker = REDDIT(reddit.access(), door, "connect")
    assert speaker.lookup("subreddit", "bre") == [("Bread", "r/Bread")]
    assert len(speaker.lookup("subreddit", "")) == 3
    assert reddit.requests("/mine/subscriber") == 1


def test_flairs_are_those_of_the_subreddit_before_the_colon(reddit: RedditNetwork, door: Door) -> None:
    speaker = REDDIT(reddit.access(), door, "connect")
    assert speaker.lookup("flair", "r/Bread: rec") == [("f1", "Recipe")]
    assert len(speaker.lookup("flair", "Bread")) == 2


# answers


def errors(code: str, said: str = "no") -> Answer:
    return Answer(200, {}, f'{{"json": {{"errors": [["{code}", "{said}", null]]}}}}'.encode())


@pytest.mark.parametrize(("answer", "reaction"), [
    (errors("RATELIMIT"), Later),
    (errors("SUBREDDIT_NOTALLOWED"), Rejected),
    (errors("SUBMIT_VALIDATION_FLAIR_REQUIRED"), Rejected),
    (errors("ALREADY_SUB"), Rejected),
    (errors("BANNED_FROM_SUBREDDIT"), Rejected),
    (Answer(401, {}, b'{"message": "Unauthorized", "error": 401}'), Reconnect),
    (Answer(403, {}, b'{"reason": "private", "message": "Forbidden", "error": 403}'), Rejected),
    (Answer(403, {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}, b"{}"), Reconnect),
    (Answer(403, {"content-type": "text/html"}, b"<h1>whoa there, pardner!</h1>"), Later),
    (Answer(429, {"x-ratelimit-reset": "60"}, b""), Later),
    (Answer(503, {}, b""), Unsure),
])
def test_what_it_says_leads_to_a_reaction(door: Door, answer: Answer, reaction: type[Reaction]) -> None:
    with pytest.raises(reaction):
        signed_in(door, {}).judge(answer)


@pytest.mark.parametrize(("said", "seconds"), [
    ("Looks like you've been doing that a lot. Take a break for 9 minutes before trying again.", 600),
    ("you are doing that too much. try again in 1 minute.", 120),
    ("try again in 44 seconds", 45),
    ("try again in 900 milliseconds", 0.901),
])
def test_a_rate_limit_says_in_words_when_to_come_back(door: Door, said: str, seconds: float) -> None:
    with pytest.raises(Later) as asked:
        signed_in(door, {}).judge(errors("RATELIMIT", said))
    assert asked.value.at
    assert abs((asked.value.at - clock.now()).total_seconds() - seconds) < 1


def test_a_post_that_came_too_soon_waits_and_goes_out(reddit: RedditNetwork, door: Door) -> None:
    reddit.asks_to_wait = "Take a break for 5 minutes before trying again."
    one = case(reddit, door, "Hi")
    outcome = one.once(Points())
    assert (outcome.state, one.out()) == ("waiting", {})
    assert the_post(one)["selftext"] == "Hi"


def test_a_success_with_errors_in_it_is_no_post(reddit: RedditNetwork, door: Door) -> None:
    one = case(reddit, door, "Hi", subreddit="Bread")
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "Your post must contain post flair.", {})


def test_an_app_that_is_shut_out_waits_and_says_so(reddit: RedditNetwork, door: Door) -> None:
    reddit.shuts_out = True
    outcome = case(reddit, door, "Hi").once(Points())
    assert (outcome.state, outcome.reason) == ("waiting", "Reddit lets neither this server nor its app in.")


# lost answers


@pytest.mark.parametrize("media", [(), (picture(),), (picture(), picture())])
def test_a_post_whose_answer_was_lost_is_found_in_the_list(reddit: RedditNetwork, door: Door, media: Any) -> None:
    reddit.lag = timedelta(minutes=11)
    one = case(reddit, door, "", *media) if media else case(reddit, door, "Hi")
    reddit.trick("lose", "POST /oauth/api/submit")
    the_post(one)
    assert reddit.requests("POST /oauth/api/submit") == 1


def test_a_comment_whose_answer_was_lost_is_told_from_the_same_words_elsewhere(
    reddit: RedditNetwork, door: Door
) -> None:
    roots = [case(reddit, door, "One").drive().receipt, case(reddit, door, "Other").drive().receipt]
    other, ours = (Case(reddit, reddit.access(), Outgoing("Yes", reply_to=root, position=1), door) for root in roots)
    the_post(other)
    ours.there_before = frozenset(reddit.posts)
    reddit.trick("lose", "POST /oauth/api/comment")
    assert roots[1]
    assert the_post(ours)["parent_id"] == roots[1].id


def test_two_posts_that_could_both_be_it_are_left_to_a_person(reddit: RedditNetwork, door: Door) -> None:
    one = case(reddit, door, "Twin")
    the_post(case(reddit, door, "Twin"))
    reddit.trick("lose", "POST /oauth/api/submit")
    assert one.drive().state == "unsure"


# afterwards


def test_a_post_can_be_changed_and_taken_back(reddit: RedditNetwork, door: Door) -> None:
    receipt = case(reddit, door, "Hi").drive().receipt
    assert receipt
    speaker = REDDIT(reddit.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Hello"))
    assert reddit.posts[receipt.id]["selftext"] == "Hello"
    assert "Good morning" in door(http.Request("GET", receipt.url, "look")).text()
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not reddit.posts


def test_what_a_moderator_removed_is_gone(reddit: RedditNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    speaker = REDDIT(reddit.access(), door, "find")
    assert speaker.present(receipt) is True
    reddit.posts[receipt.id]["removed_by_category"] = "automod_filtered"
    assert speaker.present(receipt) is False


# its numbers


def counted(one: RedditNetwork, door: Door, *receipts: Receipt) -> Any:
    return REDDIT(one.access(), door, "measure").measure(receipts)


def test_posts_and_their_comments_are_counted_with_one_request(reddit: RedditNetwork, door: Door) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    comment = cast(Receipt, Case(reddit, reddit.access(), Outgoing("More", reply_to=post), door).drive().receipt)
    with clock.shifted(timedelta(hours=5)):
        said = counted(reddit, door, post, comment)
    assert set(said[post.id]) == {"score", "num_comments", "num_crossposts"}, "it does not say how often it was seen"
    assert set(said[comment.id]) == {"score"}
    assert reddit.requests("GET /oauth/api/info") == 1


def test_a_score_that_a_subreddit_hides_is_left_out(reddit: RedditNetwork, door: Door) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    comment = cast(Receipt, Case(reddit, reddit.access(), Outgoing("More", reply_to=post), door).drive().receipt)
    reddit.hides_scores = True
    said = counted(reddit, door, post, comment)
    assert (set(said[post.id]), said[comment.id]) == ({"num_comments", "num_crossposts"}, {})


@pytest.mark.parametrize(("by", "gone"), [("moderator", True), ("deleted", True), ("automod_filtered", False)])
def test_a_post_that_waits_for_a_moderator_is_counted_and_a_removed_one_is_gone(
    by: str, gone: bool, reddit: RedditNetwork, door: Door
) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    reddit.posts[post.id]["removed_by_category"] = by
    assert (counted(reddit, door, post)[post.id] is None) is gone


def test_a_post_that_its_author_deleted_is_gone_and_one_that_is_not_listed_may_not_be(
    reddit: RedditNetwork, door: Door
) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    reddit.drop(post.id)
    assert counted(reddit, door, post, Receipt("t3_unknown", "")) == {post.id: None}


def test_a_profile_without_a_page_has_karma_only(reddit: RedditNetwork, door: Door) -> None:
    def pageless(request: http.Request) -> Answer:
        return Answer(200, {}, http.json_body({"id": "demo", "subreddit": None, "total_karma": 7})[0])

    assert REDDIT(reddit.access(), pageless, "measure").audience(date(2026, 1, 1)) == [Reading("total_karma", 7)]


# what others write there


def heard(one: RedditNetwork, door: http.Transport, *posts: Receipt) -> dict[str, Message]:
    said = REDDIT(one.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), posts)
    return {message.text: message for message in said}


def test_comments_come_as_a_tree_and_a_deleted_one_only_holds_its_place(reddit: RedditNetwork, door: Door) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    first = reddit.remark("Which flour?", on=post.id)
    second = reddit.remark("Rye, I think", on=post.id, reply_to=first, author="miller")
    assert (heard(reddit, door, post)["Rye, I think"].author, reddit.requests("GET /oauth/comments")) == ("u/miller", 1)
    del reddit.remarks[first]
    (left,) = heard(reddit, door, post).values()
    assert (left.receipt.id, left.reply_to) == (second, first)


def test_of_very_many_comments_the_newest_are_listed(reddit: RedditNetwork, door: Door) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    for said in ("one", "two", "three"):
        reddit.remark(said, on=post.id)
    reddit.most = 2
    assert set(heard(reddit, door, post)) == {"two", "three"}


def test_a_comment_of_the_profile_itself_is_listed_as_its_own(reddit: RedditNetwork, door: Door) -> None:
    post = cast(Receipt, case(reddit, door, "Hi").drive().receipt)
    own = cast(Receipt, Case(reddit, reddit.access(), Outgoing("More", reply_to=post), door).drive().receipt)
    reddit.remark("Thanks", on=post.id, reply_to=own.id)
    said = heard(reddit, door, post)
    assert (said["More"].ours, said["More"].reply_to) == (True, post.id)
    assert (said["Thanks"].ours, said["Thanks"].reply_to) == (False, own.id)


def test_access_without_the_right_to_read_has_to_be_given_again(reddit: RedditNetwork) -> None:
    def narrow(request: http.Request) -> Answer:
        return Answer(403, {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}, b"{}")

    with pytest.raises(Reconnect, match="was not asked for all"):
        heard(reddit, narrow, Receipt("t3_1", ""))
