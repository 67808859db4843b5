"""What is peculiar to Farcaster, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture, served
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.answered import Message
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.farcaster import FarcasterNetwork

FARCASTER = networks.get("farcaster")
LINK = "https://example.org/rye"
REFUSALS = [
    Refusal("a cast of 1,025 characters", Outgoing("x" * 1025)),
    Refusal("257 emoji, which are 1,028 bytes", Outgoing("\N{BREAD}" * 257)),
    Refusal("three pictures", Outgoing("Look", (picture(), picture(), picture()))),
    Refusal("two pictures and a link", Outgoing("Look", (picture(), picture()), {"link": LINK})),
    Refusal("nothing at all", Outgoing("")),
]


@pytest.fixture
def farcaster(town: Town) -> FarcasterNetwork:
    return cast(FarcasterNetwork, town["farcaster"])


def case(farcaster: FarcasterNetwork, door: Door, said: str = "Hello", media: Any = (), **chosen: Any) -> Case:
    pieces = tuple(served(farcaster, piece) for piece in media)
    return Case(farcaster, farcaster.access(), Outgoing(said, pieces, chosen), door)


def speaker(farcaster: FarcasterNetwork, door: Door) -> Any:
    return FARCASTER(farcaster.access(), door, "connect")


def the_wish(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post["wish"])


def test_whose_signer_it_is_is_asked_of_neynar(farcaster: FarcasterNetwork, door: Door) -> None:
    grant = speaker(farcaster, door).sign_in({"signer": " signer-other ", "key": "neynar-key"})
    found = FARCASTER(Access(Profile("", "", ""), grant.secrets), door, "connect").profile()
    assert (found.id, found.handle, grant.ends_at) == ("102", "other", None)


@pytest.mark.parametrize("status", ["generated", "pending_approval", "revoked"])
def test_a_signer_that_is_not_approved_is_told(status: str, farcaster: FarcasterNetwork, door: Door) -> None:
    farcaster.status = status
    with pytest.raises(Reconnect, match=status):
        speaker(farcaster, door).profile()


def test_a_wrong_key_is_told(farcaster: FarcasterNetwork, door: Door) -> None:
    stranger = FARCASTER(Access(Profile("", "", ""), {"signer": "signer-demo", "key": "x"}), door, "connect")
    with pytest.raises(Reconnect, match="API key"):
        stranger.profile()


def test_bytes_are_counted() -> None:
    assert check(FARCASTER, Outgoing("\N{BREAD}" * 256), {}) == []
    (problem,) = check(FARCASTER, Outgoing("\N{BREAD}" * 257), {})
    assert "4 bytes too long" in problem.message


def test_pictures_go_out_as_addresses_that_can_be_fetched_and_the_author_is_warned(
    farcaster: FarcasterNetwork, door: Door
) -> None:
    one = case(farcaster, door, media=(picture(), film()))
    assert one.drive().state == "delivered"
    assert [embed["url"].rpartition("-")[2] for embed in the_wish(one)["embeds"]] == ["blue.jpg", "waves.mp4"]
    (warned,) = check(FARCASTER, one.outgoing, {})
    assert (warned.level, "in the library" in warned.message) == ("warning", True)


def test_options_arrive_as_chosen(farcaster: FarcasterNetwork, door: Door) -> None:
    quoted = cast(Receipt, case(farcaster, door, "First").drive().receipt)
    one = case(farcaster, door, channel="bread", link=LINK, quote=quoted.url)
    assert one.drive().state == "delivered"
    wish = the_wish(one)
    assert wish["channel_id"] == "bread"
    assert wish["embeds"] == [{"url": LINK}, {"cast_id": {"hash": quoted.id, "fid": 101}}]


def test_an_answer_hangs_on_the_cast_before(farcaster: FarcasterNetwork, door: Door) -> None:
    root = cast(Receipt, case(farcaster, door).drive().receipt)
    second = Case(farcaster, farcaster.access(), Outgoing("Two", reply_to=root, root=root, position=1), door)
    assert second.drive().state == "delivered"
    wish = the_wish(second)
    assert (wish["parent"], wish["parent_author_fid"], "channel_id" in wish) == (root.id, 101, False)


def test_a_lost_answer_is_sent_again_under_its_key_and_stays_one_cast(farcaster: FarcasterNetwork, door: Door) -> None:
    one = case(farcaster, door)
    farcaster.trick("lose", "POST /v2/farcaster/cast")
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert farcaster.requests("POST /v2/farcaster/cast") == 2
    assert len(the_wish(one)["idem"]) == 16


def test_beyond_five_minutes_it_is_looked_for_and_not_sent_again(farcaster: FarcasterNetwork, door: Door) -> None:
    one = case(farcaster, door)
    farcaster.trick("lose", "POST /v2/farcaster/cast")
    one.once(Points())
    with clock.shifted(timedelta(minutes=20)):
        outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert farcaster.requests("POST /v2/farcaster/cast") == 1


def test_a_feed_that_lags_leaves_it_to_a_person(farcaster: FarcasterNetwork, door: Door) -> None:
    farcaster.lag = timedelta(hours=1)
    one = case(farcaster, door)
    farcaster.trick("lose", "POST /v2/farcaster/cast")
    one.once(Points())
    with clock.shifted(timedelta(minutes=20)):
        assert one.drive().state == "unsure"
    assert len(one.out()) == 1


def test_a_signer_that_was_revoked_asks_to_connect_again(farcaster: FarcasterNetwork, door: Door) -> None:
    one = case(farcaster, door)
    farcaster.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})
    assert not FARCASTER.has("renew")


def test_channels_and_people_are_looked_up(farcaster: FarcasterNetwork, door: Door) -> None:
    one = speaker(farcaster, door)
    assert one.lookup("channel", "bre") == [("bread", "Bread")]
    assert len(one.lookup("channel", "")) == 2
    assert [found.text for found in one.mentions("@oth")] == ["@other"]


def test_a_cast_that_was_taken_back_may_be_taken_back_again(farcaster: FarcasterNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(farcaster, door).drive().receipt)
    for _ in range(2):
        speaker(farcaster, door).delete(receipt)
    assert not farcaster.posts


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Reconnect), (403, Reconnect), (402, Rejected), (400, Rejected), (404, Rejected), (409, NotYet), (429, Later),
     (500, Unsure)],
)
def test_its_errors_lead_to_what_we_do(
    status: int, kind: type[Reaction], farcaster: FarcasterNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"code": "X", "message": "No."})
    with pytest.raises(kind, match="No"):
        speaker(farcaster, door).judge(Answer(status, {}, body))


def test_a_cast_that_was_taken_and_not_kept_by_the_network_is_noticed(farcaster: FarcasterNetwork, door: Door) -> None:
    receipt = cast(Receipt, case(farcaster, door).drive().receipt)
    reader = FARCASTER(farcaster.access(), door, "find")
    assert reader.present(receipt) is True
    farcaster.drop(receipt.id)
    assert reader.present(receipt) is False


# numbers


@pytest.mark.parametrize("wraps", [True, False])
def test_several_casts_are_counted_by_one_question_in_either_form_of_the_answer(
    wraps: bool, farcaster: FarcasterNetwork, door: Door
) -> None:
    receipts = [case(farcaster, door, said).drive().receipt for said in ("One", "Two", "Three")]
    farcaster.wraps = wraps
    farcaster.drop(receipts[0].id)
    farcaster.seen.clear()
    with clock.shifted(timedelta(days=1)):
        numbers = speaker(farcaster, door).measure(receipts)
    assert set(numbers) == {receipt.id for receipt in receipts[1:]}
    assert set(numbers[receipts[1].id]) == {"reactions.likes_count", "reactions.recasts_count", "replies.count"}
    assert len(farcaster.seen) == 1


def test_numbers_need_no_signer_and_a_wrong_key_asks_to_connect_again(
    farcaster: FarcasterNetwork, door: Door
) -> None:
    receipt = case(farcaster, door).drive().receipt
    farcaster.lock_out()
    assert receipt.id in speaker(farcaster, door).measure([receipt])
    access = farcaster.access()
    wrong = FARCASTER(Access(access.profile, {**access.secrets, "key": "no"}), door, "measure")
    with pytest.raises(Reconnect):
        wrong.measure([receipt])


def test_a_count_that_neynar_leaves_out_is_not_known(farcaster: FarcasterNetwork, door: Door) -> None:
    cast = {"hash": "0x1", "reactions": {"likes_count": 3, "recasts_count": None}}
    assert speaker(farcaster, door)._numbers(cast) == {"reactions.likes_count": 3}


def put_out(farcaster: FarcasterNetwork, door: Door, outgoing: Outgoing | None = None) -> Receipt:
    outcome = Case(farcaster, farcaster.access(), outgoing or Outgoing("Hello"), door).drive()
    assert outcome.receipt, outcome.reason
    return outcome.receipt


def inbox(farcaster: FarcasterNetwork, door: Door, post: Receipt) -> list[Message]:
    return list(FARCASTER(farcaster.access(), door, "inbox").inbox(clock.now(), [post]))


def test_answers_are_listed_page_by_page_the_latest_first_and_no_further_than_three(
    farcaster: FarcasterNetwork, door: Door
) -> None:
    post = put_out(farcaster, door)
    made = [farcaster.remark(f"Remark {n}", on=post.id) for n in range(151)]
    assert [one.receipt.id for one in inbox(farcaster, door, post)] == made[:0:-1]
    assert farcaster.requests("cast/conversation") == 3


def test_an_answer_names_whose_cast_it_answers(farcaster: FarcasterNetwork, door: Door) -> None:
    post = put_out(farcaster, door)
    remark = farcaster.remark("Is it rye?", on=post.id)
    (message,) = inbox(farcaster, door, post)
    ours = put_out(farcaster, door, Outgoing("Yes", reply_to=message.receipt, root=post, position=1))
    wish = farcaster.posts[ours.id]["wish"]
    assert (wish["parent"], wish["parent_author_fid"]) == (remark, farcaster.readers["reader"])


def test_what_is_said_to_an_answer_of_ours_is_listed_under_the_cast(farcaster: FarcasterNetwork, door: Door) -> None:
    post = put_out(farcaster, door)
    farcaster.remark("Is it rye?", on=post.id)
    (message,) = inbox(farcaster, door, post)
    ours = put_out(farcaster, door, Outgoing("Yes", reply_to=message.receipt, root=post, position=1))
    farcaster.remark("I knew it", on=post.id, reply_to=ours.id)
    listed = [(one.text, one.ours, one.on, one.reply_to) for one in inbox(farcaster, door, post)]
    assert listed == [
        ("Is it rye?", False, post.id, post.id), ("Yes", True, post.id, message.receipt.id),
        ("I knew it", False, post.id, ours.id),
    ]


def test_a_cast_that_neynar_does_not_know_has_no_empty_list_of_answers(
    farcaster: FarcasterNetwork, door: Door
) -> None:
    with pytest.raises(Rejected):
        inbox(farcaster, door, Receipt("0x" + "0" * 40, ""))
