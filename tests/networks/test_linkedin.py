"""What is peculiar to LinkedIn, members and pages, over real HTTP against its simulators."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import animation, film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door, Request
from tidings.networks._linkedin import VERSION
from tidings.networks._littletext import counted, little, plain
from tidings.networks.base import Outgoing, Receipt, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators._linkedin import LinkedInNetwork

LINKEDIN, PAGE = networks.get("linkedin"), networks.get("linkedin_page")
POLL = {"choices": ["Rye", "Spelt"], "minutes": 4320}
REFUSALS = [
    Refusal("a text that is too long once it is escaped", Outgoing("(" * 1501)),
    Refusal("a poll of five choices", Outgoing("Which?", options={"poll": POLL | {"choices": list("abcde")}})),
    Refusal("a question of 141 characters", Outgoing("Which?", options={"poll": POLL, "poll_question": "?" * 141})),
    Refusal("21 pictures", Outgoing("", tuple(picture() for _ in range(21)))),
]


@pytest.fixture(params=["linkedin", "linkedin_page"])
def linkedin(request: pytest.FixtureRequest, town: Town) -> LinkedInNetwork:
    return cast(LinkedInNetwork, town[request.param])


@pytest.fixture
def member(town: Town) -> LinkedInNetwork:
    return cast(LinkedInNetwork, town["linkedin"])


@pytest.fixture
def page(town: Town) -> LinkedInNetwork:
    return cast(LinkedInNetwork, town["linkedin_page"])


def case(one: LinkedInNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def wish(one: Case) -> dict[str, Any]:
    """What the post that is out was asked to be."""
    (post,) = one.out().values()
    return cast(dict[str, Any], post["wish"])


def content(one: LinkedInNetwork, door: Door, *media: Rendition) -> dict[str, Any]:
    """What stands beside the words of a post with these."""
    posted = case(one, door, "Look", media=media)
    assert posted.drive().state == "delivered"
    return cast(dict[str, Any], wish(posted)["content"])


# text


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("Plain words, with dots.", "Plain words, with dots."),
        ("a_b (c) [d] {e} <f> *g* ~h~ i|j k\\l m@n", r"a\_b \(c\) \[d\] \{e\} \<f\> \*g\* \~h\~ i\|j k\\l m\@n"),
        ("Fresh #bread today", r"Fresh {hashtag|\#|bread} today"),
        ("C# and a#b", r"C\# and a\#b"),
        ("With @[Harbour (Books)](urn:li:organization:1002)!", r"With @[Harbour \(Books\)](urn:li:organization:1002)!"),
        ("See https://example.org/a_b#c", r"See https://example.org/a\_b\#c"),
    ],
)
def test_words_are_escaped_so_that_nothing_is_cut_or_garbled(said: str, sent: str) -> None:
    assert little(said) == sent
    assert counted(said) == len(sent)


def test_escaped_words_are_read_as_they_were_written() -> None:
    said = "Fresh #bread (rye_mix) at 50 % | *today*"
    assert plain(little(said)) == said


def test_the_words_that_arrive_are_the_ones_that_were_written(linkedin: LinkedInNetwork, door: Door) -> None:
    one = case(linkedin, door, "Fresh #bread (rye) @[Harbour Books](urn:li:organization:1002)")
    assert one.drive().state == "delivered"
    assert plain(wish(one)["commentary"]) == one.outgoing.text


# media


def test_one_picture_several_pictures_and_a_film_go_out_with_their_descriptions(
    linkedin: LinkedInNetwork, door: Door
) -> None:
    linkedin.works_for = 2
    single, several, moving = (
        content(linkedin, door, *media)
        for media in ((picture(alt="Rye"),), (picture(alt="Rye"), picture(alt="Spelt")), (film(size=5_000_000),))
    )
    assert single["media"]["altText"] == "Rye"
    assert [image["altText"] for image in several["multiImage"]["images"]] == ["Rye", "Spelt"]
    assert "urn:li:video:" in moving["media"]["id"]
    assert "altText" not in moving["media"]


def test_a_film_goes_up_in_parts_each_at_its_own_address(member: LinkedInNetwork, door: Door) -> None:
    one = case(member, door, "Look", media=(film(size=9_000_000),))
    assert one.drive().state == "delivered"
    (media,) = member.media.values()
    assert [size for _tag, size in media["parts"].values()] == [4_194_304, 4_194_304, 611_392]


def test_a_film_that_cannot_be_worked_on_fails_with_a_reason_and_is_made_anew_when_tried_again(
    member: LinkedInNetwork, door: Door
) -> None:
    member.breaks = 1
    one = case(member, door, "Look", media=(film(),))
    failed = one.drive()
    assert (failed.state, failed.reason) == ("failed", "LinkedIn could not work on this film.")
    assert one.drive().state == "delivered"
    assert len(member.media) == 2


def test_pictures_become_a_document_to_leaf_through(linkedin: LinkedInNetwork, door: Door) -> None:
    chosen = {"as_document": True, "document_title": "Our week"}
    one = case(linkedin, door, "Leaf", media=(picture(), picture()), options=chosen)
    assert one.drive().state == "delivered"
    assert wish(one)["content"]["media"]["title"] == "Our week"
    (media,) = linkedin.media.values()
    assert media["kind"] == "document"


def test_a_link_has_a_card_with_the_title_and_picture_that_were_given(linkedin: LinkedInNetwork, door: Door) -> None:
    chosen = {"link": "https://example.org/rye", "link_title": "Rye", "link_description": "How we bake it"}
    one = case(linkedin, door, "Read", media=(picture(),), options=chosen)
    assert one.drive().state == "delivered"
    article = wish(one)["content"]["article"]
    assert (article["source"], article["title"]) == ("https://example.org/rye", "Rye")
    assert article["thumbnail"] in linkedin.media


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (Outgoing("", options={"link": "https://example.org"}), "link_title"),
        (Outgoing("", (film(),), {"link": "https://example.org", "link_title": "A"}), "media"),
        (Outgoing("", (film(),), {"as_document": True}), "as_document"),
        (Outgoing("a", options={"poll": POLL, "link": "https://example.org", "link_title": "A"}), "poll"),
        (Outgoing("", (film(seconds=2),)), "media-0"),
        (Outgoing("", (picture(), film())), "media"),
        (Outgoing("", (animation(), animation())), "media"),
        (Outgoing("x" * 1251, position=1), "text"),
        (Outgoing("x", (picture(),), position=1), "media"),
    ],
)
def test_what_does_not_go_together_is_said_before(said: Outgoing, where: str) -> None:
    assert where in {problem.where for problem in check(LINKEDIN, said, {})}


# options


def test_options_arrive_as_chosen(linkedin: LinkedInNetwork, door: Door) -> None:
    chosen = {"visibility": "LOGGED_IN", "reshare": False, "poll": POLL, "poll_question": "Which bread?"}
    one = case(linkedin, door, "Vote", options=chosen)
    assert one.drive().state == "delivered"
    made = wish(one)
    assert (made["visibility"], made["isReshareDisabledByAuthor"]) == ("LOGGED_IN", True)
    assert made["content"]["poll"] == {
        "question": "Which bread?", "options": [{"text": "Rye"}, {"text": "Spelt"}],
        "settings": {"duration": "THREE_DAYS"},
    }


def test_only_members_have_connections() -> None:
    assert "CONNECTIONS" in dict(LINKEDIN.options[0].choices)
    assert "CONNECTIONS" not in dict(PAGE.options[0].choices)


# access


def test_a_token_ends_after_sixty_days_and_asks_to_connect_again(member: LinkedInNetwork, door: Door) -> None:
    one = case(member, door, "Good morning")
    assert not LINKEDIN.has("renew")
    with clock.shifted(timedelta(days=61)):
        assert one.once(Points()).reconnect
    assert not one.out()


# answers


def answer(status: int, code: str, message: str) -> Answer:
    body, _kind = http.json_body({"status": status, "code": code, "message": message})
    return Answer(status, {}, body)


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", Reconnect),
        (403, "ACCESS_DENIED", "Not enough permissions to access: posts.CREATE", Reconnect),
        (426, "NONEXISTENT_VERSION", "Requested version 20240101 is not active", Later),
        (400, "VERSION_MISSING", "A version must be present", Later),
        (422, "DUPLICATE_POST", "Content is a duplicate of urn:li:share:7", Rejected),
        (400, "FIELD_LENGTH_TOO_LONG", "commentary", Rejected),
        (429, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource is reached.", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(status: int, code: str, message: str, kind: type[Reaction], door: Door) -> None:
    speaker = LINKEDIN(networks.base.Access(networks.base.Profile("demo", "", "")), door, "publish")
    with pytest.raises(kind) as raised:
        speaker.judge(answer(status, code, message))
    assert message in raised.value.reason


def test_a_used_up_quota_begins_anew_at_midnight_utc(door: Door) -> None:
    speaker = LINKEDIN(networks.base.Access(networks.base.Profile("demo", "", "")), door, "publish")
    at = speaker.again_at(answer(429, "", "Resource level throttle limit"))
    assert at
    assert (at.hour, at.minute, at > clock.now()) == (0, 0, True)
    soon = speaker.again_at(answer(429, "", "Comment create throttled"))
    assert soon
    assert soon - clock.now() <= timedelta(minutes=1)


# exactly once


def test_a_lost_answer_is_settled_by_the_refusal_that_names_the_post(member: LinkedInNetwork, door: Door) -> None:
    one = case(member, door, "Good morning")
    member.trick("lose", "POST /rest/posts")
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert member.requests("POST /rest/posts") == 2


def test_a_success_that_names_no_post_is_none_until_the_post_is_found(member: LinkedInNetwork, door: Door) -> None:
    def nameless(request: Request) -> Answer:
        return replace(door(request), headers={})

    one = Case(member, member.access(), Outgoing("Good morning"), nameless)
    assert "did not say" in one.once(Points()).reason
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]


def test_a_lost_answer_that_is_older_than_the_window_is_left_to_a_person(member: LinkedInNetwork, door: Door) -> None:
    one = case(member, door, "Good morning")
    member.trick("lose", "POST /rest/posts")
    one.once(Points())
    with clock.shifted(timedelta(minutes=11)):
        assert one.drive().state == "unsure"
    assert len(one.out()) == 1


def test_the_same_words_as_yesterday_are_refused_at_the_first_try(member: LinkedInNetwork, door: Door) -> None:
    member.remembers = timedelta(days=2)
    case(member, door, "Good morning").drive()
    with clock.shifted(timedelta(days=1)):
        again = case(member, door, "Good morning")
        outcome = again.drive()
    assert outcome.state == "failed"
    assert "duplicate" in outcome.reason
    assert not again.out()


def test_a_twin_that_is_another_delivery_is_not_taken_for_ours(member: LinkedInNetwork, door: Door) -> None:
    one, other = case(member, door, "Good morning"), case(member, door, "Good morning")
    member.trick("down", "POST /rest/posts")
    one.once(Points())
    other.drive()
    outcome = replace(one, there_before=frozenset(member.posts)).drive()
    assert outcome.receipt is None
    assert len(member.posts) == 1


def test_a_lost_comment_is_found_by_a_page_and_left_to_a_person_by_a_member(
    page: LinkedInNetwork, member: LinkedInNetwork, door: Door
) -> None:
    ends = []
    for network in (page, member):
        root = case(network, door, "Good morning").drive().receipt
        network.trick("lose", "/comments")
        one = case(network, door, "And more", reply_to=root, root=root, position=1)
        ends.append(one.drive().state)
        assert len(one.out()) == 1
    assert ends == ["delivered", "unsure"]


# afterwards


def test_a_post_is_changed_and_taken_back_twice_over(linkedin: LinkedInNetwork, door: Door) -> None:
    one = case(linkedin, door, "Good morning")
    receipt = cast(Receipt, one.drive().receipt)
    speaker = networks.get(linkedin.name)(linkedin.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Good #evening"))
    assert plain(wish(one)["commentary"]) == "Good #evening"
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not one.out()


def test_a_comment_is_taken_back(linkedin: LinkedInNetwork, door: Door) -> None:
    root = case(linkedin, door, "Good morning").drive().receipt
    one = case(linkedin, door, "And more", reply_to=root, root=root, position=1)
    receipt = one.drive().receipt
    assert receipt
    networks.get(linkedin.name)(linkedin.access(), door, "publish").delete(receipt)
    assert not one.out()


def test_the_version_of_the_api_lives_on_for_a_month_at_least() -> None:
    """A version lives twelve months; this fails a month before: read what changed, and take a new one."""
    ends = date(int(VERSION[:4]) + 1, int(VERSION[4:]), 1)
    assert date.today() < ends - timedelta(days=31)


# numbers


def measured(member: LinkedInNetwork, door: Door, receipt: Receipt | None, **secrets: str) -> Any:
    """What is counted of this post; `secrets` take the place of what is kept."""
    access = member.access()
    given = replace(access, secrets={**access.secrets, **secrets})
    return LINKEDIN(given, door, "measure").measure([cast(Receipt, receipt)])


def test_a_number_that_linkedin_gives_no_more_does_not_take_the_others_along(
    member: LinkedInNetwork, door: Door
) -> None:
    member.retired, member.unknown = frozenset({"POST_SAVE"}), frozenset({"MEMBERS_REACHED"})  # type: ignore[attr-defined]
    receipt = cast(Receipt, case(member, door, "Good morning").drive().receipt)
    found = measured(member, door, receipt)[receipt.id]
    assert set(found) == {"IMPRESSION", "REACTION", "COMMENT", "RESHARE", "LINK_CLICKS"}


def test_a_sign_in_that_was_not_for_numbers_is_told_by_which_one_to_connect_and_asks_nothing(
    member: LinkedInNetwork, door: Door
) -> None:
    receipt = case(member, door, "Good morning").drive().receipt
    member.seen.clear()
    with pytest.raises(Reconnect, match="“Sign in there, and read numbers”"):
        measured(member, door, receipt, scope="openid,profile,email,w_member_social")
    assert not member.seen


def test_a_permission_that_was_taken_back_is_told_the_same(member: LinkedInNetwork, door: Door) -> None:
    receipt = case(member, door, "Good morning").drive().receipt
    access = member.access()
    member.oauth.tokens[-1].scope = "w_member_social"
    with pytest.raises(Reconnect, match="Community Management API"):
        LINKEDIN(access, door, "measure").measure([cast(Receipt, receipt)])


def test_a_comment_has_no_numbers_and_a_post_that_has_none_left_says_nothing(
    member: LinkedInNetwork, door: Door
) -> None:
    root = cast(Receipt, case(member, door, "Good morning").drive().receipt)
    under = case(member, door, "And more", reply_to=root, root=root, position=1).drive().receipt
    member.seen.clear()
    assert measured(member, door, under) == {}
    assert not member.seen
    member.drop(root.id)
    assert measured(member, door, root) == {}
    assert len(member.seen) == 1


def test_an_app_that_reads_numbers_knows_who_signed_in_without_openid(member: LinkedInNetwork, door: Door) -> None:
    assert "openid" not in LINKEDIN.connect[1].scopes  # type: ignore[union-attr]
    speaker = LINKEDIN(member.access(), door, "connect")
    assert (speaker.profile().id, speaker.profile().name) == ("demo", "Demo")
    assert member.requests("GET /v2/me") == 2
