"""What is peculiar to Telegram and its bots."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, Grant, Network, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.networks.metrics import Reading
from tidings.simulators.telegram import BOT, TelegramNetwork, refusal

TELEGRAM = networks.get("telegram")
CODE = "tidings-abcdefghjk"
POLL = {"choices": ["Tea", "Coffee"], "minutes": 60}

REFUSALS = [
    Refusal("a text of 4097 characters", Outgoing("x" * 4097)),
    Refusal("a text whose emoji make it longer than 4096 for Telegram", Outgoing("👋" * 2049)),
    Refusal("a caption of 1025 characters", Outgoing("x" * 1025, (pieces.picture(),))),
    Refusal("an animation in an album", Outgoing("", (pieces.picture(), pieces.animation()))),
    Refusal("eleven pictures", Outgoing("", (pieces.picture(),) * 11)),
    Refusal("a film of more than 50 MB", Outgoing("", (pieces.film(size=50_000_001),))),
    Refusal("a question of 301 characters", Outgoing("x" * 301, options={"poll": POLL})),
]


@pytest.fixture
def telegram(town: Town) -> TelegramNetwork:
    return cast(TelegramNetwork, town["telegram"])


def case(one: TelegramNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def sent(one: Case) -> dict[str, Any]:
    """What arrived, and by which method."""
    (post,) = one.out().values()
    return {"method": post["method"], "files": post["files"], **post["wish"]}


def speaker(one: TelegramNetwork, door: Door) -> Network:
    return TELEGRAM(one.access(), door, "publish")


# connecting


def sign_in(door: Door, code: str = CODE, token: str = BOT) -> Grant:
    nobody = Access(Profile("", "", ""))
    return TELEGRAM(nobody, door, "connect").sign_in({"token": token, "code": code})


def channels(door: Door, grant: Grant) -> list[Profile]:
    return TELEGRAM(Access(Profile("", "", ""), grant.secrets), door, "connect").channels()


def test_every_chat_in_which_the_code_was_posted_can_be_connected(telegram: TelegramNetwork, door: Door) -> None:
    telegram.chats[-55] = {"id": -55, "type": "group", "title": "Neighbours"}
    telegram.say(-55, f"/connect {CODE}")
    telegram.say(-1001, CODE)
    telegram.say(-1002, "tidings-another")
    assert channels(door, sign_in(door)) == [
        Profile("-55", "Neighbours", "Neighbours"),
        Profile("-1001", "@demo", "Demo", "", f"{telegram.url}/demo"),
    ]


@pytest.mark.parametrize("code", [CODE, ""])
def test_a_code_that_nobody_posted_opens_no_chat(telegram: TelegramNetwork, door: Door, code: str) -> None:
    telegram.say(-1001, "hello")
    with pytest.raises(Rejected, match="not seen"):
        sign_in(door, code)


def test_a_code_told_to_the_bot_alone_opens_nothing(telegram: TelegramNetwork, door: Door) -> None:
    telegram.chats[7] = {"id": 7, "type": "private", "first_name": "Ana"}
    telegram.say(7, CODE)
    with pytest.raises(Rejected, match="not seen"):
        sign_in(door)


@pytest.mark.parametrize(("chat", "right"), [
    (-1001, {"status": "administrator", "can_post_messages": False}), (-1001, {"status": "member"}),
    (-55, {"status": "left"}), (-55, {"status": "restricted", "can_send_messages": False}),
])
def test_a_chat_where_the_bot_may_not_write_is_refused(
    telegram: TelegramNetwork, door: Door, chat: int, right: dict[str, Any]
) -> None:
    telegram.chats[-55] = {"id": -55, "type": "group", "title": "Neighbours"}
    telegram.may[chat] = right
    telegram.say(chat, CODE)
    with pytest.raises(Rejected, match="may not post"):
        channels(door, sign_in(door))


@pytest.mark.parametrize(("token", "reaction"), [("letters", Rejected), ("1:revoked", Reconnect)])
def test_a_wrong_token_is_refused(door: Door, token: str, reaction: type[Reaction]) -> None:
    with pytest.raises(reaction):
        sign_in(door, CODE, token)


# what is sent


def test_one_medium_goes_by_its_own_method_and_several_as_an_album(telegram: TelegramNetwork, door: Door) -> None:
    for piece, method in (
        (pieces.picture(), "sendPhoto"), (pieces.film(), "sendVideo"), (pieces.animation(), "sendAnimation"),
    ):
        one = case(telegram, door, "Look", media=(piece,))
        assert one.drive().state == "delivered"
        assert sent(one) == {"method": method, "files": [piece.name], "caption": "Look"}
    album = case(telegram, door, "Both", media=(pieces.picture(), pieces.film()))
    receipt = album.drive().receipt
    assert receipt
    assert sent(album)["media"] == [
        {"type": "photo", "media": "attach://file-0", "caption": "Both"}, {"type": "video", "media": "attach://file-1"},
    ]
    assert len(receipt.extra["all"].split()) == 2


def test_every_option_arrives_as_chosen(telegram: TelegramNetwork, door: Door) -> None:
    options = {"silent": True, "protect": True, "topic": "17", "preview": "large", "pin": True,
               "buttons": ["Read on https://example.org/a?b=1"]}
    one = case(telegram, door, "News at https://example.org", options=options)
    assert check(TELEGRAM, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert sent(one) == {
        "method": "sendMessage", "files": [], "text": "News at https://example.org", "disable_notification": True,
        "protect_content": True, "message_thread_id": 17,
        "link_preview_options": {"prefer_large_media": True, "url": "https://example.org"},
        "reply_markup": {"inline_keyboard": [[{"text": "Read on", "url": "https://example.org/a?b=1"}]]},
    }
    assert next(iter(one.out().values()))["pinned"]


@pytest.mark.parametrize(("chosen", "preview"), [("off", {"is_disabled": True}), ("above", {"show_above_text": True})])
def test_a_preview_is_shown_as_chosen(
    telegram: TelegramNetwork, door: Door, chosen: str, preview: dict[str, bool]
) -> None:
    one = case(telegram, door, "No links here", options={"preview": chosen})
    assert one.drive().state == "delivered"
    assert sent(one)["link_preview_options"] == preview


def test_media_can_be_hidden_below_their_text(telegram: TelegramNetwork, door: Door) -> None:
    options = {"spoiler": True, "caption_above": True}
    one = case(telegram, door, "Guess", media=(pieces.picture(),), options=options)
    assert one.drive().state == "delivered"
    assert (sent(one)["has_spoiler"], sent(one)["show_caption_above_media"]) == (True, True)


def test_a_poll_is_open_as_long_as_it_was_wished(telegram: TelegramNetwork, door: Door) -> None:
    one = case(telegram, door, "Which?", options={"poll": POLL, "several_answers": True, "open_votes": True})
    assert one.drive().state == "delivered"
    assert sent(one) == {
        "method": "sendPoll", "files": [], "question": "Which?", "options": [{"text": "Tea"}, {"text": "Coffee"}],
        "open_period": 3600, "is_anonymous": False, "allows_multiple_answers": True,
    }


def test_the_next_part_replies_to_the_one_before(telegram: TelegramNetwork, door: Door) -> None:
    root = case(telegram, door, "One").drive().receipt
    second = case(telegram, door, "Two", reply_to=root, root=root, position=1)
    assert second.drive().state == "delivered"
    assert root
    assert sent(second)["reply_parameters"] == {"message_id": int(root.id)}


def test_a_right_to_pin_that_is_missing_does_not_undo_the_post(telegram: TelegramNetwork, door: Door) -> None:
    telegram.may[-1001] = {"status": "administrator", "can_post_messages": True}
    one = case(telegram, door, "Pin me", options={"pin": True})
    assert one.drive().state == "delivered"
    assert not next(iter(one.out().values()))["pinned"]


@pytest.mark.parametrize(("options", "media", "where"), [
    ({"buttons": ["Read on https://example.org"]}, (pieces.picture(), pieces.picture()), "buttons"),
    ({"buttons": ["nowhere"]}, (), "buttons"),
    ({"topic": "general"}, (), "topic"),
    ({}, (pieces.picture(6000, 4001),), "media-0"),
])
def test_what_does_not_go_together_is_told_before(options: dict[str, Any], media: Any, where: str) -> None:
    assert [problem.where for problem in check(TELEGRAM, Outgoing("Hm", media, options), {})] == [where]


# what can go wrong


def test_a_group_that_became_a_supergroup_is_followed(telegram: TelegramNetwork, door: Door) -> None:
    telegram.moved[-1001] = -1002
    one = case(telegram, door, "Still here")
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert outcome.receipt.extra["chat"] == "-1002"
    speaker(telegram, door).delete(outcome.receipt)
    assert one.out() == {}


def test_flood_control_says_when_to_come_back(telegram: TelegramNetwork, door: Door) -> None:
    telegram.per_minute = 1
    assert case(telegram, door, "First").drive().state == "delivered"
    second = case(telegram, door, "Second")
    outcome = second.once(Points())
    assert (outcome.state, bool(outcome.at)) == ("waiting", True)
    assert outcome.at
    assert timedelta(seconds=50) < outcome.at - clock.now() < timedelta(seconds=65)
    assert second.drive().state == "delivered"


@pytest.mark.parametrize(("status", "said", "reaction"), [
    (401, "Unauthorized", Reconnect),
    (404, "Not Found", Reconnect),
    (403, "Forbidden: bot was kicked from the channel chat", Reconnect),
    (403, "Forbidden: bot is not a member of the channel chat", Reconnect),
    (400, "Bad Request: chat not found", Reconnect),
    (400, "Bad Request: need administrator rights in the channel chat", Reconnect),
    (400, "Bad Request: not enough rights to send photos to the chat", Reconnect),
    (400, "Bad Request: message to be replied not found", Rejected),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", Rejected),
    (429, "Too Many Requests: retry after 5", Later),
])
def test_their_words_lead_to_what_we_do(
    telegram: TelegramNetwork, door: Door, status: int, said: str, reaction: type[Reaction]
) -> None:
    body, _kind = http.json_body(refusal(status, said).body)
    with pytest.raises(reaction, match=said[:20]):
        speaker(telegram, door).judge(Answer(status, {}, body))


def test_a_bot_that_was_thrown_out_asks_to_reconnect(telegram: TelegramNetwork, door: Door) -> None:
    telegram.kicked.add(-1001)
    assert case(telegram, door, "Hello?").once(Points()).reconnect


def test_a_token_that_was_replaced_cannot_be_renewed_and_asks_to_reconnect(
    telegram: TelegramNetwork, door: Door
) -> None:
    one = case(telegram, door, "Hello?")
    telegram.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})


def test_a_success_that_names_no_message_is_left_to_a_person(telegram: TelegramNetwork) -> None:
    outcome = case(telegram, lambda request: Answer(200, {}, b'{"ok": true}'), "Hello").drive()  # type: ignore[arg-type]
    assert outcome.state == "unsure"


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_lost_answer_is_left_to_a_person_and_nothing_is_sent_twice(
    telegram: TelegramNetwork, door: Door, misdeed: Any
) -> None:
    one = case(telegram, door, "Once", media=(pieces.picture(),))
    telegram.trick(misdeed, "/sendPhoto")
    outcome = one.drive()
    assert (outcome.state, len(one.out()), telegram.requests("/sendPhoto")) == ("unsure", 1, 1)


# afterwards


def test_a_post_can_be_edited_twice_and_taken_back_twice(telegram: TelegramNetwork, door: Door) -> None:
    one, album = case(telegram, door, "Helo"), case(telegram, door, "Two", media=(pieces.picture(), pieces.picture()))
    first, second = one.drive().receipt, album.drive().receipt
    assert first
    assert second
    for _time in range(2):
        speaker(telegram, door).edit(first, Outgoing("Hello"))
    assert telegram.posts[first.id]["wish"]["text"] == "Hello"
    for receipt in (first, second, first):
        speaker(telegram, door).delete(receipt)
    assert telegram.posts == {}


@pytest.mark.parametrize(("chat", "place"), [
    ({"id": -1001, "type": "channel", "title": "Demo", "username": "demo"}, "/demo/1"),
    ({"id": -1001, "type": "supergroup", "title": "Demo"}, "/c/1/1"),
    ({"id": -1001, "type": "group", "title": "Demo"}, "/c/1/1"),
])
def test_a_receipt_leads_to_the_message(
    telegram: TelegramNetwork, door: Door, chat: dict[str, Any], place: str
) -> None:
    access = telegram.access()
    telegram.chats[-1001] = chat
    receipt = Case(telegram, access, Outgoing("Here"), door).drive().receipt
    assert receipt
    assert receipt.url == telegram.url + place


def test_members_are_counted_also_where_a_group_has_become_a_supergroup(
    telegram: TelegramNetwork, door: Door
) -> None:
    network, today = speaker(telegram, door), clock.now().date()
    assert network.audience(today) == [Reading("getChatMemberCount", telegram.crowd("-1001", "getChatMemberCount"))]
    telegram.moved[-1001], telegram.chats[-1009] = -1009, {"id": -1009, "type": "supergroup", "title": "Demo"}
    assert network.audience(today) == [Reading("getChatMemberCount", telegram.crowd("-1009", "getChatMemberCount"))]


def test_a_bot_that_was_thrown_out_says_so_instead_of_a_number(telegram: TelegramNetwork, door: Door) -> None:
    telegram.kicked.add(-1001)
    with pytest.raises(Reconnect, match="kicked"):
        speaker(telegram, door).audience(clock.now().date())


def test_a_message_is_known_by_its_address(telegram: TelegramNetwork) -> None:
    ours = telegram.access().profile
    for place in ("/Demo/5", "/demo/9/5?single", "/c/1/5"):
        url = telegram.url + place
        assert TELEGRAM.recognise(ours, {}, url) == Receipt("5", url, {"chat": "-1001"})
    for strange in ("/another/5", "/demo", "/c/2/5"):
        with pytest.raises(Rejected):
            TELEGRAM.recognise(ours, {}, telegram.url + strange)
