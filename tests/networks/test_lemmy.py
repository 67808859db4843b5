"""What is peculiar to Lemmy, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.answered import Message
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.lemmy import LemmyServer

LEMMY = networks.get("lemmy")
CHOSEN = {"community": "bread@bakers.example", "title": "Good morning"}
NOBODY = Profile("", "", "")
REFUSALS = [
    Refusal("a title of two characters", Outgoing("Hello", options={**CHOSEN, "title": "Hi"})),
    Refusal("a title of 201 characters", Outgoing("Hello", options={**CHOSEN, "title": "x" * 201})),
    Refusal("a text of 50,001 characters", Outgoing("x" * 50_001, options=CHOSEN)),
    Refusal("a link that is none", Outgoing("Hello", options={**CHOSEN, "url": "bread"})),
    Refusal("a post to no community", Outgoing("Hello", options={**CHOSEN, "community": ""})),
]


@pytest.fixture
def lemmy(town: Town) -> LemmyServer:
    return cast(LemmyServer, town["lemmy"])


def case(lemmy: LemmyServer, door: Door, said: str = "Fresh *rye*", media: Any = (), **chosen: Any) -> Case:
    return Case(lemmy, lemmy.access(), Outgoing(said, media, CHOSEN | chosen), door)


def speaker(lemmy: LemmyServer, door: Door) -> Any:
    return LEMMY(lemmy.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def entering(lemmy: LemmyServer, door: Door, **typed: str) -> Any:
    fields = {**lemmy.typed(), **typed}
    server = LEMMY.server(fields, door)
    nobody = LEMMY(Access(NOBODY, {}, server), door, "connect")
    return nobody.sign_in(fields), server


def test_the_password_is_exchanged_for_a_token_of_a_year_and_not_kept(lemmy: LemmyServer, door: Door) -> None:
    grant, server = entering(lemmy, door)
    assert set(grant.secrets) == {"access_token"}
    assert cast(Any, grant.ends_at) - clock.now() > timedelta(days=360)
    one = LEMMY(Access(NOBODY, grant.secrets, server), door, "connect")
    assert one.profile().handle.startswith("@demo@")
    one.revoke()
    with pytest.raises(Reconnect):
        one.profile()


def test_a_second_factor_is_asked_for(lemmy: LemmyServer, door: Door) -> None:
    lemmy.code = "123456"
    with pytest.raises(Rejected, match="missing totp token"):
        entering(lemmy, door, code="")
    assert entering(lemmy, door, code="123456")


def test_a_wrong_password_and_a_server_of_another_kind_are_told(lemmy: LemmyServer, town: Town, door: Door) -> None:
    with pytest.raises(Reconnect, match="incorrect login"):
        entering(lemmy, door, password="wrong")
    with pytest.raises(Rejected, match="Lemmy server"):
        entering(lemmy, door, server=town["mastodon"].url)
    with pytest.raises(Rejected, match=r"lemmy\.world"):
        entering(lemmy, door, server="nothing")


def test_a_community_that_the_server_has_not_heard_of_is_asked_for_over_there(lemmy: LemmyServer, door: Door) -> None:
    lemmy.knows = False
    one = case(lemmy, door)
    assert one.drive().state == "delivered"
    assert the_post(one)["community_id"] == 7
    assert lemmy.requests("resolve_object") == 1


def test_the_first_picture_is_the_link_and_the_others_stand_below_the_text(lemmy: LemmyServer, door: Door) -> None:
    one = case(lemmy, door, media=(picture(alt="Rye"), picture(alt="Wheat [new]")))
    assert one.drive().state == "delivered"
    first, second = lemmy.media
    made = the_post(one)
    assert (made["url"], made["alt_text"]) == (f"{lemmy.url}/pictrs/image/{first}", "Rye")
    assert made["body"] == f"Fresh *rye*\n\n![Wheat (new)]({lemmy.url}/pictrs/image/{second})"


def test_the_first_link_of_the_text_is_what_the_title_leads_to(lemmy: LemmyServer, door: Door) -> None:
    one = case(lemmy, door, "At https://example.org/rye, and https://example.org/oats")
    assert one.drive().state == "delivered"
    assert the_post(one)["url"] == "https://example.org/rye"


def test_options_arrive_as_chosen(lemmy: LemmyServer, door: Door) -> None:
    chosen: dict[str, Any] = {"url": "https://example.org/a", "thumbnail": "https://example.org/a.jpg"}
    chosen |= {"nsfw": True, "language": "37"}
    one = case(lemmy, door, **chosen)
    assert one.drive().state == "delivered"
    told = {name: the_post(one)[name] for name in ("name", "url", "custom_thumbnail", "nsfw", "language_id")}
    assert told == {
        "name": "Good morning", "url": "https://example.org/a", "custom_thumbnail": "https://example.org/a.jpg",
        "nsfw": True, "language_id": 37,
    }


def test_communities_languages_and_people_are_looked_up(lemmy: LemmyServer, door: Door) -> None:
    one = speaker(lemmy, door)
    assert one.lookup("community", "bread") == [("bread@bakers.example", "Bread – bread@bakers.example")]
    assert "(moderators only)" in one.lookup("community", "news")[0][1]
    assert one.lookup("language", "eng") == [("37", "English")]
    assert [mention.text for mention in one.mentions("oth")] == ["@other@lemmy.sim"]


def test_where_only_moderators_post_the_server_says_so(lemmy: LemmyServer, door: Door) -> None:
    outcome = case(lemmy, door, community="news@lemmy.sim").drive()
    assert (outcome.state, outcome.reason) == ("failed", "only mods can post in community")


def test_a_comment_hangs_under_the_comment_before(lemmy: LemmyServer, door: Door) -> None:
    root = cast(Receipt, case(lemmy, door).drive().receipt)
    first = Case(lemmy, lemmy.access(), Outgoing("One", reply_to=root, root=root, position=1), door)
    above = cast(Receipt, first.drive().receipt)
    assert above.extra == {"post": root.id}
    second = Case(lemmy, lemmy.access(), Outgoing("Two", reply_to=above, root=root, position=2), door)
    assert second.drive().state == "delivered"
    assert (the_post(second)["post_id"], the_post(second)["parent_id"]) == (int(root.id), int(above.id))
    assert "parent_id" not in lemmy.posts[above.id]


def test_a_comment_is_shorter_and_takes_no_pictures() -> None:
    long = Outgoing("x" * 10_001, (picture(),), position=1)
    assert {problem.where for problem in check(LEMMY, long, {})} == {"text", "media"}
    assert check(LEMMY, replace(long, text="x" * 10_000, media=()), {}) == []


def test_a_lost_answer_is_found_among_ones_own_and_posted_once(lemmy: LemmyServer, door: Door) -> None:
    case(lemmy, door, title="Another one").drive()
    one = case(lemmy, door, media=(picture(),))
    lemmy.trick("lose", "POST /api/v3/post")
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]


def test_two_that_are_alike_leave_it_to_a_person(lemmy: LemmyServer, door: Door) -> None:
    one, twin = case(lemmy, door), case(lemmy, door)
    lemmy.trick("lose", "POST /api/v3/post", times=2)
    one.once(Points())
    assert twin.drive().state == "unsure"


def test_a_post_that_was_taken_back_is_gone_and_may_be_taken_back_again(lemmy: LemmyServer, door: Door) -> None:
    receipt = cast(Receipt, case(lemmy, door).drive().receipt)
    one = speaker(lemmy, door)
    for _ in range(2):
        one.delete(receipt)
    assert one.present(receipt) is False


def test_what_was_taken_and_then_removed_by_a_moderator_is_not_there(lemmy: LemmyServer, door: Door) -> None:
    one = case(lemmy, door)
    receipt = cast(Receipt, one.drive().receipt)
    assert speaker(lemmy, door).present(receipt)
    the_post(one)["removed"] = True
    assert speaker(lemmy, door).present(receipt) is False


def test_a_token_that_was_withdrawn_asks_to_connect_again(lemmy: LemmyServer, door: Door) -> None:
    one = case(lemmy, door)
    lemmy.lock_out()
    assert one.once(Points()).reconnect
    assert not one.out()
    assert not LEMMY.has("renew")


def test_a_post_is_known_by_its_address_and_a_strange_one_is_not(lemmy: LemmyServer) -> None:
    access = lemmy.access()
    url = f"{lemmy.url}/post/123"
    assert LEMMY.recognise(access.profile, access.server, url) == Receipt("123", url)
    with pytest.raises(Rejected, match="not the address"):
        LEMMY.recognise(access.profile, access.server, "https://elsewhere.example/post/123")


def test_characters_are_counted_as_they_are(lemmy: LemmyServer, door: Door) -> None:
    fits = "\N{THUMBS UP SIGN}" * 50_000
    assert check(LEMMY, Outgoing(fits, options=CHOSEN), {}) == []
    assert case(lemmy, door, fits).drive().state == "delivered"
    assert [problem.where for problem in check(LEMMY, Outgoing(f"{fits}!", options=CHOSEN), {})] == ["text"]


def test_films_are_not_taken() -> None:
    assert {problem.where for problem in check(LEMMY, Outgoing("Look", (film(),), CHOSEN), {})} >= {"media"}


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, "incorrect_login", Reconnect),
        (400, "not_logged_in", Reconnect),
        (400, "site_ban", Reconnect),
        (400, "rate_limit_error", Later),
        (429, "too_many", Later),
        (400, "banned_from_community", Rejected),
        (404, "couldnt_find_community", Rejected),
        (400, "slurs", Rejected),
        (502, "", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, error: str, kind: type[Reaction], lemmy: LemmyServer, door: Door
) -> None:
    body, _kind = http.json_body({"error": error})
    with pytest.raises(kind):
        speaker(lemmy, door).judge(Answer(status, {}, body))


# its numbers


def counted(lemmy: LemmyServer, door: Door, receipt: Receipt) -> Any:
    return LEMMY(lemmy.access(), door, "measure").measure([receipt])[receipt.id]


@pytest.mark.parametrize("flat", [False, True], ids=["0.19", "1.0"])
def test_numbers_are_found_beside_a_post_or_in_it_and_a_comment_has_its_own(
    flat: bool, lemmy: LemmyServer, door: Door
) -> None:
    lemmy.flat = flat
    post = cast(Receipt, case(lemmy, door).drive().receipt)
    under = Outgoing("More", options=CHOSEN, reply_to=post, root=post, position=1)
    comment = cast(Receipt, Case(lemmy, lemmy.access(), under, door).drive().receipt)
    with clock.shifted(timedelta(hours=5)):
        assert counted(lemmy, door, post).keys() == {"upvotes", "downvotes", "comments"}
        assert counted(lemmy, door, comment).keys() == {"upvotes", "downvotes", "child_count"}


@pytest.mark.parametrize("how", ["deleted", "removed"])
def test_a_post_that_only_its_author_still_sees_is_gone(how: str, lemmy: LemmyServer, door: Door) -> None:
    post = cast(Receipt, case(lemmy, door).drive().receipt)
    lemmy.posts[post.id][how] = True
    assert counted(lemmy, door, post) is None


def test_a_server_that_refuses_to_say_does_not_say_that_a_post_is_gone(lemmy: LemmyServer, door: Door) -> None:
    def closed(request: http.Request) -> Answer:
        return Answer(404, {}, http.json_body({"error": "instance_is_private"})[0])

    post = cast(Receipt, case(lemmy, door).drive().receipt)
    with pytest.raises(Rejected, match="instance is private"):
        LEMMY(lemmy.access(), closed, "measure").measure([post])


# what others write there


def heard(lemmy: LemmyServer, door: Door, post: Receipt) -> dict[str, Message]:
    said = LEMMY(lemmy.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])
    return {message.text: message for message in said}


def test_a_comment_is_told_with_the_server_of_its_author_and_what_it_answers(lemmy: LemmyServer, door: Door) -> None:
    post = cast(Receipt, case(lemmy, door).drive().receipt)
    first = lemmy.remark("Which flour?", on=post.id)
    second = lemmy.remark("Rye", on=post.id, reply_to=first)
    lemmy.remark("Thanks", on=post.id, reply_to=second)
    said = heard(lemmy, door, post)
    assert (said["Which flour?"].author, said["Which flour?"].reply_to) == ("@reader@elsewhere.sim", post.id)
    assert (said["Rye"].reply_to, said["Thanks"].reply_to) == (first, second)
    assert lemmy.requests("GET /api/v3/comment/list") == 1


@pytest.mark.parametrize("state", ["deleted", "removed"])
def test_a_comment_that_was_deleted_or_removed_is_left_out(state: str, lemmy: LemmyServer, door: Door) -> None:
    post = cast(Receipt, case(lemmy, door).drive().receipt)
    words = Outgoing("Second thoughts", reply_to=post, root=post, position=1)
    own = cast(Receipt, Case(lemmy, lemmy.access(), words, door).drive().receipt)
    assert heard(lemmy, door, post)["Second thoughts"].ours
    lemmy.posts[own.id][state] = True
    assert not heard(lemmy, door, post)


def test_the_same_words_to_two_people_are_told_apart_after_a_lost_answer(lemmy: LemmyServer, door: Door) -> None:
    post = cast(Receipt, case(lemmy, door).drive().receipt)
    lemmy.remark("Which flour?", on=post.id)
    lemmy.remark("How long?", on=post.id, author="another")
    made = []
    for message in heard(lemmy, door, post).values():
        lemmy.trick("lose", "POST /api/v3/comment")
        words = Outgoing("See above", reply_to=message.receipt, root=post, position=1)
        made.append((Case(lemmy, lemmy.access(), words, door), message.receipt.id))
    for one, _to in made:
        assert one.once(Points()).state == "settling"
    listed = LEMMY(lemmy.access(), door, "inbox").inbox(clock.now(), [post])
    for one, to in made:
        found = one.drive().receipt
        assert [own.reply_to for own in listed if found and own.receipt.id == found.id] == [to]
