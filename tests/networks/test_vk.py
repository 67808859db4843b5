"""What is peculiar to VK, over real HTTP against its simulator."""

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
from tidings.networks.answered import Message
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators._vkid import CLIENT
from tidings.simulators.vk import VkNetwork

SITE = Site("Tidings", "https://tidings.example", "https://tidings.example/connect/callback")
VK = networks.get("vk")
POLL: dict[str, Any] = {"choices": ["Rye", "Wheat"], "minutes": 60}
BESIDE = {"views.count", "likes.count", "comments.count", "reposts.count"}

REFUSALS = [
    Refusal("a text of 15,001 characters", Outgoing("x" * 15_001)),
    Refusal("eleven pictures", Outgoing("", (picture(),) * 11)),
    Refusal("nothing at all", Outgoing("")),
    Refusal("a poll of eleven choices", Outgoing("Which?", options={"poll": POLL | {"choices": list("abcdefghijk")}})),
]


@pytest.fixture
def vk(town: Town) -> VkNetwork:
    return cast(VkNetwork, town["vk"])


def case(one: VkNetwork, door: Door, said: str = "", *media: Any, group: bool = False, **options: Any) -> Case:
    access = one.access()
    profile = replace(access.profile, id="-45", handle="@bakers") if group else access.profile
    return Case(one, replace(access, profile=profile), Outgoing(said, media, options), door)


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
    flow = Flow(VK.endpoints({}), App(CLIENT), door)
    pending = flow.begin(cast(OAuth2, VK.connect[0]), SITE)
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))


def signed_in(door: Door, secrets: dict[str, str]) -> Network:
    return VK(Access(Profile("", "", ""), secrets, {}, App(CLIENT)), door, "connect")


def test_a_persons_wall_and_their_communities_are_channels(vk: VkNetwork, door: Door) -> None:
    own, group = signed_in(door, dict(sign_in(door).secrets)).channels()
    assert own == Profile("100", "@demo", "Demo N", f"{vk.url}/faces/demo.png", f"{vk.url}/demo")
    assert (group.id, group.handle, group.name) == ("-45", "@bakers", "Bakers")


def test_a_refresh_goes_along_with_the_device_and_is_good_for_one_use(vk: VkNetwork, door: Door) -> None:
    old = dict(sign_in(door).secrets)
    with clock.shifted(timedelta(hours=2)):
        with pytest.raises(Reconnect):
            signed_in(door, old).profile()
        fresh = dict(signed_in(door, old).renew().secrets)
        assert fresh["device_id"] == old["device_id"]
        assert signed_in(door, fresh).profile().handle == "@demo"
        with pytest.raises(Reconnect):
            signed_in(door, old).renew()
        with pytest.raises(Reconnect):
            signed_in(door, {**fresh, "device_id": "another"}).renew()


def test_after_revoking_the_token_is_dead(vk: VkNetwork, door: Door) -> None:
    speaker = signed_in(door, dict(sign_in(door).secrets))
    speaker.revoke()
    with pytest.raises(Reconnect):
        speaker.profile()


# what is posted


def test_options_arrive_as_chosen(vk: VkNetwork, door: Door) -> None:
    flags = ("signed", "close_comments", "mute_notifications", "mark_as_ads")
    source = {"copyright": "https://bread.example/", "link": "https://bread.example/rye"}
    post = the_post(case(vk, door, "Bread", group=True, **dict.fromkeys(flags, True), **source))
    assert [post[flag] for flag in (*flags, "from_group")] == ["1"] * 5
    assert (post["owner_id"], post["copyright"]) == (-45, "https://bread.example/")
    assert post["attachments"] == [{"type": "link", "link": {"url": "https://bread.example/rye"}}]


def test_a_person_may_write_on_a_communitys_wall_in_their_own_name(vk: VkNetwork, door: Door) -> None:
    assert "from_group" not in the_post(case(vk, door, "Bread", group=True, as_group=False))


def test_media_are_uploaded_and_attached_in_their_order(vk: VkNetwork, door: Door) -> None:
    post = the_post(case(vk, door, "Bread", picture(), film(), picture()))
    assert [one["type"] for one in post["attachments"]] == ["photo", "video", "photo"]
    assert not [seen for seen in vk.seen if "authorization" in seen.headers]


def test_an_upload_server_that_gives_nothing_back_has_failed(vk: VkNetwork, door: Door) -> None:
    vk.reads_nothing = True
    one = case(vk, door, "Bread", picture())
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "VK could not read this picture.", {})


def test_a_poll_is_attached_and_asks_what_the_text_begins_with(vk: VkNetwork, door: Door) -> None:
    post = the_post(case(vk, door, "Which?\nTell us", poll=POLL, poll_multiple=True))
    ((name, poll),) = vk.polls.items()
    hung = post["attachments"][0]["poll"]
    assert name == f"poll{hung['owner_id']}_{hung['id']}"
    told = (poll["question"], poll["add_answers"], poll["is_anonymous"], poll["is_multiple"])
    assert told == ("Which?", json.dumps(["Rye", "Wheat"]), "1", "1")


def test_the_next_part_is_a_comment_and_the_one_after_hangs_on_that(vk: VkNetwork, door: Door) -> None:
    root = case(vk, door, "One", group=True).drive().receipt
    second = case(vk, door, "", group=True)
    second.outgoing = Outgoing("Two", reply_to=root, root=root, position=1)
    two = the_post(second)
    third = case(vk, door, "", group=True)
    third.outgoing = Outgoing("Three", reply_to=Receipt(two["name"], ""), root=root, position=2)
    three = the_post(third)
    assert root
    assert [f"{one['owner_id']}_{one['post_id']}" for one in (two, three)] == [root.id, root.id]
    assert (two["from_id"], three["reply_to_comment"]) == (-45, str(two["id"]))


def test_characters_are_counted_as_they_are(vk: VkNetwork, door: Door) -> None:
    one = case(vk, door, "\N{THUMBS UP SIGN}" * 15_000)
    assert check(VK, one.outgoing, {}) == []
    the_post(one)


def test_an_animation_is_not_taken_and_too_many_things_are_warned_of() -> None:
    assert check(VK, Outgoing("", (animation(),)), {})
    found = check(VK, Outgoing("", (picture(),) * 10, {"link": "https://a.example/"}), {})
    assert [(problem.level, "11" in problem.message) for problem in found] == [("warning", True)]


# answers


@pytest.mark.parametrize(("code", "reaction"), [
    (5, Reconnect), (6, Later), (7, Reconnect), (9, Later), (14, Reconnect), (15, Reconnect), (17, Reconnect),
    (29, Later), (100, Rejected), (214, Rejected), (219, Rejected), (220, Later), (222, Rejected), (1114, Reconnect),
    (1, Unsure), (10, Unsure),
])
def test_an_error_comes_with_status_200(door: Door, code: int, reaction: type[Reaction]) -> None:
    answer = Answer(200, {}, json.dumps({"error": {"error_code": code, "error_msg": "No"}}).encode())
    with pytest.raises(reaction, match="No"):
        signed_in(door, {}).judge(answer)


def test_a_success_with_an_error_in_it_is_no_post(vk: VkNetwork, door: Door) -> None:
    vk.next_error = (222, "Hyperlinks are forbidden")
    one = case(vk, door, "https://bread.example/")
    outcome = one.drive()
    assert (outcome.state, outcome.reason, one.out()) == ("failed", "Hyperlinks are forbidden", {})


def test_a_wall_that_has_had_its_fifty_posts_takes_no_more(vk: VkNetwork, door: Door) -> None:
    vk.per_day = 1
    the_post(case(vk, door, "Bread"))
    assert "Access to adding post denied" in case(vk, door, "More bread").drive().reason
    assert VK.limits.per_day == 50


def test_flood_control_is_waited_for(vk: VkNetwork, door: Door) -> None:
    vk.next_error = (9, "Flood control")
    one = case(vk, door, "Bread")
    outcome = one.once(Points())
    assert outcome.at
    assert timedelta(minutes=59) < outcome.at - clock.now() <= timedelta(hours=1)
    one.access = vk.access()
    the_post(one)


def test_a_captcha_asks_a_person_to_act(vk: VkNetwork, door: Door) -> None:
    vk.next_error = (14, "Captcha needed.")
    outcome = case(vk, door, "Bread").once(Points())
    assert outcome.reconnect
    assert "Open VK" in outcome.reason


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_lost_answer_is_asked_for_again_under_the_same_key(vk: VkNetwork, door: Door, misdeed: str) -> None:
    the_post(case(vk, door, "Twin"))
    one = case(vk, door, "Twin")
    vk.trick(misdeed, "POST /method/wall.post")  # type: ignore[arg-type]
    the_post(one)
    assert vk.requests("POST /method/wall.post") == 3
    assert vk.requests("wall.get") == 0


@pytest.mark.parametrize(("media", "state"), [((picture(),), "delivered"), ((), "unsure")])
def test_after_an_hour_it_is_known_by_its_pictures_and_twins_of_words_are_left_to_a_person(
    vk: VkNetwork, door: Door, media: Any, state: str
) -> None:
    one = case(vk, door, "Twin", *media)
    vk.trick("lose", "POST /method/wall.post")
    assert one.once(Points()).state == "settling"
    the_post(case(vk, door, "Twin", *media))
    with clock.shifted(timedelta(minutes=55)):
        assert one.drive().state == state
    assert vk.requests("POST /method/wall.post") == 2


# afterwards


def test_a_post_can_be_changed_and_taken_back(vk: VkNetwork, door: Door) -> None:
    receipt = case(vk, door, "Bread", picture()).drive().receipt
    assert receipt
    speaker = VK(vk.access(), door, "publish")
    speaker.edit(receipt, Outgoing("Better bread"))
    assert "Better bread" in door(http.Request("GET", receipt.url, "look")).text()
    speaker.delete(receipt)
    speaker.delete(receipt)
    assert not vk.posts


@pytest.mark.parametrize("url", ["https://vk.com/wall-45_7", "https://vk.com/bakers?w=wall-45_7", "https://vk.ru/wall-45_7"])
def test_a_post_is_known_by_its_address(url: str) -> None:
    assert VK.recognise(Profile("-45", "@bakers", "Bakers"), {}, url) == Receipt("-45_7", url)
    with pytest.raises(Rejected):
        VK.recognise(Profile("100", "@demo", "Demo"), {}, url)


# its numbers


def community(one: VkNetwork, scope: str) -> Access:
    """Access to a community by a person who signed in with these rights."""
    access, token = one.access(), one.oauth.grant("demo", scope)
    secrets = {**access.secrets, "access_token": token.access, "scope": scope}
    return replace(access, profile=replace(access.profile, id="-45"), secrets=secrets)


def counted(access: Access, door: Door, *receipts: Receipt) -> Any:
    return VK(access, door, "measure").measure(receipts)


@pytest.mark.parametrize(
    ("scope", "hides", "requests"), [("wall stats", False, 1), ("wall stats", True, 1), ("wall", False, 0)],
)
def test_whom_a_communitys_post_reached_is_told_with_the_right_to_it_and_else_the_rest_is(
    scope: str, hides: bool, requests: int, vk: VkNetwork, door: Door
) -> None:
    post = cast(Receipt, case(vk, door, "Bread", group=True).drive().receipt)
    vk.hides_statistics = hides
    more = {"reach_total", "reach_subscribers", "links"} if requests and not hides else set()
    assert set(counted(community(vk, scope), door, post)[post.id]) == BESIDE | more
    assert vk.requests("POST /method/stats.getPostReach") == requests


def test_of_a_persons_wall_nobody_asks_whom_it_reached(vk: VkNetwork, door: Door) -> None:
    post = cast(Receipt, case(vk, door, "Bread").drive().receipt)
    access = vk.access()
    assert set(counted(replace(access, secrets={**access.secrets, "scope": "stats"}), door, post)[post.id]) == BESIDE
    assert vk.requests("POST /method/stats.getPostReach") == 0


def test_posts_that_are_listed_in_the_older_form_are_understood_and_one_marked_as_deleted_is_gone(
    vk: VkNetwork, door: Door
) -> None:
    here = {"owner_id": 100, "id": 1, "likes": {"count": 3}}
    gone = {"owner_id": 100, "id": 2, "is_deleted": True, "likes": {"count": 3}}

    def older(request: http.Request) -> Answer:
        return Answer(200, {}, http.json_body({"response": [here, gone]})[0])

    found = counted(vk.access(), older, *(Receipt(f"100_{number}", "") for number in (1, 2, 3)))
    assert found == {"100_1": {"likes.count": 3}, "100_2": None}


def test_comments_cost_no_request(vk: VkNetwork, door: Door) -> None:
    vk.seen.clear()
    assert counted(vk.access(), door, Receipt("100_1?reply=2", "")) == {}
    assert not vk.seen


def test_a_community_has_members_and_a_person_has_followers(vk: VkNetwork, door: Door) -> None:
    (group,) = VK(community(vk, "wall"), door, "measure").audience(date(2026, 1, 1))
    (person,) = VK(vk.access(), door, "measure").audience(date(2026, 1, 1))
    assert (group.theirs, group.value) == ("members_count", vk.crowd("-45", "members_count"))
    assert (person.theirs, person.value) == ("followers_count", vk.crowd("100", "followers_count"))


# what others write there


def heard(access: Access, door: http.Transport, post: Receipt) -> dict[str, Message]:
    said = VK(access, door, "inbox").inbox(clock.now() - timedelta(days=1), [post])
    return {message.text: message for message in said}


def test_a_thread_that_is_too_long_to_be_listed_along_is_asked_for(vk: VkNetwork, door: Door) -> None:
    one = case(vk, door, "Bread", group=True)
    post = cast(Receipt, one.drive().receipt)
    top = vk.remark("Which flour?", on=post.id)
    for n in range(12):
        vk.remark(f"Rye {n}", on=post.id, reply_to=top)
    vk.seen.clear()
    said = heard(one.access, door, post)
    assert {said[f"Rye {n}"].reply_to for n in range(12)} == {top}
    assert vk.requests("wall.getComments") == 2


def test_a_deleted_comment_is_left_out_and_what_answers_it_is_not(vk: VkNetwork, door: Door) -> None:
    post = cast(Receipt, case(vk, door, "Bread").drive().receipt)
    top = vk.remark("Which flour?", on=post.id)
    vk.remark("Rye", on=post.id, reply_to=top)
    del vk.remarks[top]
    assert set(heard(vk.access(), door, post)) == {"Rye"}


def test_an_answer_within_a_thread_says_whom_it_answers_and_is_found_there(vk: VkNetwork, door: Door) -> None:
    one = case(vk, door, "Bread", group=True)
    post = cast(Receipt, one.drive().receipt)
    top = vk.remark("Which flour?", on=post.id)
    vk.remark("Rye?", on=post.id, reply_to=top)
    vk.remark("Or wheat?", on=post.id, reply_to=top)
    told = heard(one.access, door, post)
    answers = []
    for to in (told["Rye?"], told["Or wheat?"]):
        words = Outgoing("Yes", reply_to=to.receipt, root=post, position=1)
        answers.append(Case(vk, one.access, words, door))
    assert answers[0].drive().state == "delivered"
    vk.trick("lose", "POST /method/wall.createComment")
    assert answers[1].once(Points()).state == "settling"
    with clock.shifted(timedelta(minutes=55)):
        found = answers[1].drive().receipt
    assert found
    own = VK(one.access, door, "inbox").inbox(clock.now(), [post])
    assert {(m.receipt.id, m.reply_to) for m in own if m.ours} >= {(found.id, told["Or wheat?"].receipt.id)}
    assert vk.requests("POST /method/wall.createComment") == 2


def test_who_is_mentioned_stands_by_their_name(vk: VkNetwork, door: Door) -> None:
    post = cast(Receipt, case(vk, door, "Bread").drive().receipt)
    vk.remark("[id7|Mill Er], rye &amp; wheat from [club45|Bakers]", on=post.id)
    (said,) = heard(vk.access(), door, post).values()
    assert (said.text, said.author, said.name) == ("Mill Er, rye & wheat from Bakers", "@reader", "Reader N")


def test_comments_that_may_not_be_seen_stop_nothing_else_and_say_what_to_do(vk: VkNetwork, door: Door) -> None:
    post = cast(Receipt, case(vk, door, "Bread").drive().receipt)
    vk.closed = frozenset({post.id})
    with pytest.raises(Rejected, match="connect again"):
        heard(vk.access(), door, post)
