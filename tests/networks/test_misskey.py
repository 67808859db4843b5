"""What is peculiar to Misskey, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import animation, film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.answered import Message
from tidings.networks.base import Access, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.misskey import MisskeyServer

MISSKEY = networks.get("misskey")
SITE = Site("Tidings", "https://tidings.example", "https://tidings.example/connect/callback")
REFUSALS = [
    Refusal("a note of 3,001 characters", Outgoing("x" * 3001)),
    Refusal("17 files", Outgoing("Look", tuple(picture() for _ in range(9)) + tuple(film() for _ in range(8)))),
    Refusal("a visibility of one's own", Outgoing("Hello", options={"visibility": "friends"})),
    Refusal("a warning of 101 characters", Outgoing("Hello", options={"warning": "x" * 101})),
    Refusal("a film of 11 MB", Outgoing("Look", (film(size=11_000_000),))),
    Refusal("a poll with one choice", Outgoing("Well?", options={"poll": {"choices": ["Yes"], "minutes": 60}})),
]


@pytest.fixture
def misskey(town: Town) -> MisskeyServer:
    return cast(MisskeyServer, town["misskey"])


def case(misskey: MisskeyServer, door: Door, said: str = "Hello", media: Any = (), **chosen: Any) -> Case:
    return Case(misskey, misskey.access(), Outgoing(said, media, chosen), door)


def speaker(misskey: MisskeyServer, door: Door) -> Any:
    return MISSKEY(misskey.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def asked(misskey: MisskeyServer, door: Door, answer: str) -> Any:
    """As far as the person's way back."""
    server = MISSKEY.server(misskey.typed(), door)
    pending = MISSKEY.leave(server, None, SITE)
    body, kind = http.form({"answer": answer})
    back = door(http.Request("POST", pending.url, "connect", kind, body)).headers["location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    return server, pending, query


def test_a_page_of_the_server_asks_and_its_answer_is_fetched_under_our_number(
    misskey: MisskeyServer, door: Door
) -> None:
    server, pending, query = asked(misskey, door, "allow")
    wanted = parse_qs(urlsplit(pending.url).query)["permission"]
    assert wanted == ["read:account,read:channels,write:notes,write:drive"]
    grant = MISSKEY.arrive(server, None, door, pending.keep, query)
    assert grant.ends_at is None
    one = MISSKEY(Access(Profile("", "", ""), grant.secrets, server), door, "connect")
    assert one.profile().handle.startswith("@demo@")
    with pytest.raises(Rejected):
        MISSKEY.arrive(server, None, door, pending.keep, query)


def test_who_says_no_and_who_answers_another_question_is_not_let_in(misskey: MisskeyServer, door: Door) -> None:
    server, pending, query = asked(misskey, door, "deny")
    with pytest.raises(Rejected, match="not granted"):
        MISSKEY.arrive(server, None, door, pending.keep, query)
    with pytest.raises(Rejected, match="not begun here"):
        MISSKEY.arrive(server, None, door, pending.keep, {"session": "another"})


def test_a_server_of_another_kind_is_told(town: Town, door: Door) -> None:
    with pytest.raises(Rejected, match="Misskey server"):
        MISSKEY.server({"server": town["mastodon"].url}, door)


def test_limits_are_the_servers_and_the_roles_own(misskey: MisskeyServer, door: Door) -> None:
    misskey.longest, misskey.most = 8192, 40
    server = MISSKEY.server(misskey.typed(), door)
    nobody = MISSKEY(Access(Profile("", "", ""), misskey.access().secrets, server), door, "connect")
    limits = MISSKEY.limits_at(nobody.announced())
    assert (limits.text, limits.film_bytes, limits.picture_bytes) == (8192, 40_000_000, 40_000_000)


def test_characters_are_counted_as_they_are(misskey: MisskeyServer, door: Door) -> None:
    fits = "\N{THUMBS UP SIGN}" * 3000
    assert check(MISSKEY, Outgoing(fits), {}) == []
    assert case(misskey, door, fits).drive().state == "delivered"
    assert [problem.where for problem in check(MISSKEY, Outgoing(f"{fits}!"), {})] == ["text"]


def test_sixteen_files_of_any_kind_go_together(misskey: MisskeyServer, door: Door) -> None:
    mixed = (picture(), film(), animation())
    assert check(MISSKEY, Outgoing("Look", mixed), misskey.access().server) == []
    one = case(misskey, door, "", mixed)
    assert one.drive().state == "delivered"
    assert len(the_post(one)["fileIds"]) == 3
    assert the_post(one)["text"] is None


def test_the_same_picture_is_described_anew_in_every_note(misskey: MisskeyServer, door: Door) -> None:
    case(misskey, door, media=(picture(alt="A field"),)).drive()
    second = case(misskey, door, media=(picture(alt="Sea"),))
    second.drive()
    (file,) = the_post(second)["fileIds"]
    assert misskey.media[file]["comment"] == "Sea"


def test_options_arrive_as_chosen(misskey: MisskeyServer, door: Door) -> None:
    quoted = cast(Receipt, case(misskey, door, "First").drive().receipt)
    chosen = {"visibility": "home", "warning": "Bread", "reactions": "likeOnly", "channel": "ch1", "quote": quoted.url}
    poll = {"choices": ["Rye", "Oats"], "minutes": 60, "multiple": True}
    one = case(misskey, door, **chosen, local_only=True, poll=poll)
    assert one.drive().state == "delivered"
    told = ("visibility", "cw", "reactionAcceptance", "channelId", "renoteId", "localOnly", "poll")
    assert {name: the_post(one)[name] for name in told} == {
        "visibility": "home", "cw": "Bread", "reactionAcceptance": "likeOnly", "channelId": "ch1",
        "renoteId": quoted.id, "localOnly": True,
        "poll": {"choices": ["Rye", "Oats"], "multiple": True, "expiredAfter": 3_600_000},
    }


def test_sensitive_media_are_marked(misskey: MisskeyServer, door: Door) -> None:
    one = case(misskey, door, media=(picture(),), sensitive=True)
    assert one.drive().state == "delivered"
    assert misskey.media[the_post(one)["fileIds"][0]]["sensitive"] is True


def test_channels_and_people_are_looked_up(misskey: MisskeyServer, door: Door) -> None:
    one = speaker(misskey, door)
    assert one.lookup("channel", "bre") == [("ch1", "Bread")]
    assert len(one.lookup("channel", "")) == 2
    assert [(found.text, found.label) for found in one.mentions("@an")] == [("@anna@elsewhere.example",) * 2]


def test_a_file_that_was_deleted_from_the_drive_is_uploaded_again(misskey: MisskeyServer, door: Door) -> None:
    one = case(misskey, door, media=(picture(),))
    misskey.trick("limit", "notes/create")
    assert one.once(Points()).state == "waiting"
    misskey.media.clear()
    with clock.shifted(timedelta(minutes=2)):
        assert one.drive().state == "delivered"
    assert the_post(one)["fileIds"] == list(misskey.media)


@pytest.mark.parametrize("media", [(), (picture(),)], ids=["words", "a picture"])
def test_a_lost_answer_is_found_among_ones_own_and_posted_once(
    misskey: MisskeyServer, door: Door, media: Any
) -> None:
    case(misskey, door, "Another one").drive()
    one = case(misskey, door, media=media)
    misskey.trick("lose", "notes/create")
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert outcome.receipt.url == f"{misskey.url}/notes/{outcome.receipt.id}"


def test_a_note_that_was_taken_back_may_be_taken_back_again(misskey: MisskeyServer, door: Door) -> None:
    receipt = cast(Receipt, case(misskey, door).drive().receipt)
    for _ in range(2):
        speaker(misskey, door).delete(receipt)
    assert not misskey.posts


def test_a_note_is_known_by_its_address_and_a_strange_one_is_not(misskey: MisskeyServer) -> None:
    access = misskey.access()
    url = f"{misskey.url}/notes/9x8y7z"
    assert MISSKEY.recognise(access.profile, access.server, url) == Receipt("9x8y7z", url)
    with pytest.raises(Rejected, match="not the address"):
        MISSKEY.recognise(access.profile, access.server, "https://elsewhere.example/notes/9x8y7z")


def test_a_token_that_was_withdrawn_asks_to_connect_again(misskey: MisskeyServer, door: Door) -> None:
    one = case(misskey, door)
    misskey.lock_out()
    outcome = one.once(Points())
    assert (outcome.reconnect, "Authentication failed" in outcome.reason, one.out()) == (True, True, {})
    assert not MISSKEY.has("renew")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "AUTHENTICATION_FAILED", Reconnect),
        (403, "PERMISSION_DENIED", Reconnect),
        (403, "YOUR_ACCOUNT_SUSPENDED", Reconnect),
        (429, "RATE_LIMIT_EXCEEDED", Later),
        (400, "CONTAINS_PROHIBITED_WORDS", Rejected),
        (400, "NO_FREE_SPACE", Rejected),
        (418, "I_AM_AI", Unsure),
        (500, "INTERNAL_ERROR", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, code: str, kind: type[Reaction], misskey: MisskeyServer, door: Door
) -> None:
    body, _kind = http.json_body({"error": {"code": code, "message": "No."}})
    with pytest.raises(kind, match="No"):
        speaker(misskey, door).judge(Answer(status, {}, body))


@pytest.mark.parametrize("from_now", [True, False])
def test_when_a_limit_ends_stands_in_the_body(from_now: bool, misskey: MisskeyServer, door: Door) -> None:
    ends = clock.now() + timedelta(minutes=20)
    reset = 1_200_000 if from_now else int(ends.timestamp() * 1000)
    told_so = {"code": "RATE_LIMIT_EXCEEDED", "message": "No.", "info": {"resetMs": reset}}
    body, _kind = http.json_body({"error": told_so})
    with pytest.raises(Later) as told:
        speaker(misskey, door).judge(Answer(429, {}, body))
    assert abs(cast(Any, told.value.at) - ends) < timedelta(seconds=2)


# numbers


def test_a_server_that_does_not_add_reactions_up_has_them_added_up(misskey: MisskeyServer, door: Door) -> None:
    receipt = case(misskey, door).drive().receipt
    with clock.shifted(timedelta(days=1)):
        said = speaker(misskey, door).measure([receipt])
        misskey.adds_up = False
        assert speaker(misskey, door).measure([receipt]) == said
    assert said[receipt.id]["reactionCount"] > 0


def test_a_note_that_the_server_does_not_know_is_gone(misskey: MisskeyServer, door: Door) -> None:
    receipt = case(misskey, door).drive().receipt
    misskey.drop(receipt.id)
    assert speaker(misskey, door).measure([receipt]) == {receipt.id: None}


def test_days_are_counted_back_from_today_without_a_hole(misskey: MisskeyServer, door: Door) -> None:
    today = clock.now().date()
    said = speaker(misskey, door).audience(today - timedelta(days=6))
    days = {reading.day: reading.value for reading in said if reading.theirs == "pv.visitor"}
    assert sorted(days) == [today - timedelta(days=ago) for ago in range(6, -1, -1)]
    assert days == {day: misskey.day("demo", "pv.visitor", day) for day in days}


@pytest.mark.parametrize("charts", ["none", "zeros"])
def test_a_relative_without_charts_gives_no_days_rather_than_days_without_anybody(
    charts: str, misskey: MisskeyServer, door: Door
) -> None:
    misskey.charts = charts
    said = speaker(misskey, door).audience(clock.now().date() - timedelta(days=6))
    assert [reading.theirs for reading in said] == ["followersCount"]


def put_out(misskey: MisskeyServer, door: Door, outgoing: Outgoing | None = None) -> Receipt:
    outcome = Case(misskey, misskey.access(), outgoing or Outgoing("Hello"), door).drive()
    assert outcome.receipt, outcome.reason
    return outcome.receipt


def inbox(misskey: MisskeyServer, door: Door, since: timedelta = timedelta(days=1)) -> list[Message]:
    return list(MISSKEY(misskey.access(), door, "inbox").inbox(clock.now() - since, ()))


def test_what_mentions_the_profile_is_listed_page_by_page_and_no_further_than_three(
    misskey: MisskeyServer, door: Door
) -> None:
    made = [misskey.remark(f"Remark {n}", kind="mention") for n in range(301)]
    assert [one.receipt.id for one in inbox(misskey, door)] == made[:0:-1]
    assert misskey.requests("notes/mentions") == 3


def test_what_is_older_than_asked_for_is_not_listed_and_ends_the_list(misskey: MisskeyServer, door: Door) -> None:
    with clock.shifted(timedelta(hours=-2)):
        misskey.remark("Long ago", kind="mention")
    misskey.remark("Just now", kind="mention")
    assert [one.text for one in inbox(misskey, door, timedelta(hours=1))] == ["Just now"]
    assert misskey.requests("notes/mentions") == 1


def test_a_note_to_named_people_is_none_of_our_business(misskey: MisskeyServer, door: Door) -> None:
    post = put_out(misskey, door)
    private = misskey.remark("Between you and me", on=post.id)
    misskey.visible[private] = "specified"
    assert inbox(misskey, door) == []


def test_what_stands_over_a_note_is_a_part_of_it(misskey: MisskeyServer, door: Door) -> None:
    misskey.warned[misskey.remark("It was the baker", kind="mention")] = "How it ends"
    (message,) = inbox(misskey, door)
    assert (message.text, message.author) == ("How it ends\n\nIt was the baker", "@reader@far.sim")


@pytest.mark.parametrize(("theirs", "chosen", "seen_by"), [
    ("followers", "public", "followers"), ("home", "", "home"), ("public", "home", "home"),
])
def test_an_answer_is_shown_to_no_more_people_than_what_it_answers(
    misskey: MisskeyServer, door: Door, theirs: str, chosen: str, seen_by: str
) -> None:
    post = put_out(misskey, door)
    misskey.visible[misskey.remark("For your followers", on=post.id)] = theirs
    (message,) = inbox(misskey, door)
    options = {"visibility": chosen} if chosen else {}
    ours = put_out(misskey, door, Outgoing("Thanks", options=options, reply_to=message.receipt, position=1))
    assert misskey.posts[ours.id]["visibility"] == seen_by


def test_what_is_said_to_an_answer_of_ours_names_that_answer(misskey: MisskeyServer, door: Door) -> None:
    post = put_out(misskey, door)
    misskey.remark("Is it rye?", on=post.id)
    (message,) = inbox(misskey, door)
    ours = put_out(misskey, door, Outgoing("Yes", reply_to=message.receipt, root=post, position=1))
    misskey.remark("I knew it", on=post.id, reply_to=ours.id)
    listed = {one.text: one for one in inbox(misskey, door)}
    assert (listed["Yes"].ours, listed["Yes"].reply_to) == (True, message.receipt.id)
    assert (listed["I knew it"].ours, listed["I knew it"].reply_to) == (False, ours.id)
