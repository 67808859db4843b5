"""What is peculiar to Nostr: keys, signatures, relays that differ, threads, and files under their hash."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Door, Request
from tidings.networks import _nip19
from tidings.networks._nostrkeys import Key, genuine
from tidings.networks._nostrrelay import TAKEN
from tidings.networks.answered import Message
from tidings.networks.base import Access, Network, Outgoing, Profile, Receipt, Rendition
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.base import Remark
from tidings.simulators.nostr import NostrRelay, secret_of

NOSTR = networks.get("nostr")
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"  # the example of NIP-19
SECRET = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
DEAD = "ws://127.0.0.1:1/relay"

REFUSALS = [
    Refusal("a text of 8197 characters", Outgoing("x" * 8197)),
    Refusal("a text that is too long with the address of its picture", Outgoing("x" * 8190, (pieces.picture(),))),
    Refusal("a document", Outgoing("Read", (pieces.document(),))),
    Refusal("a sound", Outgoing("Listen", (pieces.sound(),))),
    Refusal("a picture, where nobody keeps media", Outgoing("Look", (pieces.picture(),)), {"media": ""}),
]


@pytest.fixture
def relay(town: Town) -> NostrRelay:
    return cast(NostrRelay, town["nostr"])


@pytest.fixture
def network(relay: NostrRelay, door: Door) -> Network:
    return NOSTR(relay.access(), door, "publish")


def case(relay: NostrRelay, door: Door, said: str = "Good morning", **more: Any) -> Case:
    return Case(relay, relay.access(), Outgoing(said, **more), door)


def the_note(one: Case) -> dict[str, Any]:
    (note,) = one.out().values()
    assert genuine(note)
    return note


def tags(note: dict[str, Any], name: str) -> list[list[str]]:
    return [tag[1:] for tag in note["tags"] if tag[0] == name]


# keys and addresses


@pytest.mark.parametrize("typed", [NSEC, f" {NSEC.upper()} ", SECRET])
def test_a_key_is_taken_in_both_ways_it_is_passed_on(door: Door, typed: str) -> None:
    grant = NOSTR(Access(Profile("", "", "")), door, "connect").sign_in({"key": typed})
    assert grant.secrets == {"key": SECRET}
    assert SECRET not in repr(grant)


@pytest.mark.parametrize("typed", ["", "nsec1", NPUB, NSEC[:-1] + "6", SECRET[:-2], "0" * 64, "f" * 64, "hello"])
def test_what_is_no_key_is_refused_and_not_repeated(door: Door, typed: str) -> None:
    with pytest.raises(Rejected) as refused:
        NOSTR(Access(Profile("", "", "")), door, "connect").sign_in({"key": typed})
    assert len(typed) < 6 or typed not in refused.value.reason


def test_addresses_are_those_of_the_convention() -> None:
    known = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    assert (_nip19.encode("npub", bytes.fromhex(known)), _nip19.decode("npub", NPUB).hex()) == (NPUB, known)
    assert _nip19.decode("nevent", _nip19.nevent(known, known, "wss://relay.example"))[2:34].hex() == known


def test_an_event_that_was_changed_is_not_genuine() -> None:
    event = Key(SECRET).sign(1, "Grüße\n\"👋\"", [["t", "x"]])
    assert genuine(event)
    said = json.dumps([0, event["pubkey"], event["created_at"], 1, [["t", "x"]], "Grüße\n\"👋\""],
                      separators=(",", ":"), ensure_ascii=False)
    assert event["id"] == hashlib.sha256(said.encode()).hexdigest()
    for change in ({"content": "no"}, {"sig": "00" * 64}, {"pubkey": Key("01" * 32).public}, {"id": "zz"}):
        assert not genuine({**event, **change})


@pytest.mark.parametrize("tags", ["abc", [1], [{"e": "x"}], None])
def test_an_event_whose_tags_are_none_is_no_event_though_it_is_signed(tags: Any) -> None:
    assert not genuine(Key(SECRET).sign(7, "+", tags))


# connecting


def test_a_relay_says_how_long_a_note_may_be_and_one_that_says_nothing_is_taken_too(
    relay: NostrRelay, door: Door
) -> None:
    relay.longest = 500
    found = NOSTR.server({"relays": f"{relay.relay_url}, {DEAD}", "media": f"{relay.url}/media/"}, door)
    assert found == {"relays": {relay.relay_url: 500, DEAD: 0}, "media": f"{relay.url}/media"}


@pytest.mark.parametrize("relays", ["", "relay.example", "https://relay.example", "wss://a.example javascript:1"])
def test_what_is_no_relay_is_refused_with_a_sentence(door: Door, relays: str) -> None:
    with pytest.raises(Rejected, match="wss://"):
        NOSTR.server({"relays": relays}, door)


def test_a_key_is_known_by_what_it_says_of_itself(relay: NostrRelay, network: Network) -> None:
    stranger = network.profile()
    assert (stranger.id, stranger.name) == (Key(secret_of("demo")).public, stranger.handle)
    about = Key(secret_of("demo")).sign(0, '{"name": "ana", "picture": "https://example.org/ana.png"}', [])
    relay.people[about["pubkey"]] = about
    assert (network.profile().name, network.profile().avatar) == ("ana", "https://example.org/ana.png")


# publishing


def test_text_mentions_and_hashtags_become_a_note_with_its_tags(relay: NostrRelay, door: Door) -> None:
    options = {"warning": "Spiders", "topics": ["#Boats", "harbour"], "expires": "2030-01-01T00:00:00Z"}
    one = case(relay, door, f"nostr:{NPUB} see #Harbour, https://example.org/#top", options=options)
    outcome = one.drive()
    note = the_note(one)
    assert (note["kind"], note["content"]) == (1, one.outgoing.text)
    assert tags(note, "p") == [[_nip19.decode("npub", NPUB).hex()]]
    assert tags(note, "t") == [["harbour"], ["boats"]]
    assert (tags(note, "content-warning"), tags(note, "expiration")) == ([["Spiders"]], [["1893456000"]])
    assert outcome.receipt
    assert outcome.receipt.url.startswith(f"{relay.url}/nevent1")


def test_media_lie_on_the_media_server_and_are_described_in_the_note(relay: NostrRelay, door: Door) -> None:
    one = case(relay, door, "Look", media=(pieces.picture(alt="The quay\nat noon"), pieces.film()))
    assert one.drive().state == "delivered"
    (picture, film), note = tags(the_note(one), "imeta"), the_note(one)
    digest = hashlib.sha256(pieces.picture().read()).hexdigest()
    assert picture == [f"url {relay.url}/media/{digest}", "m image/jpeg", f"x {digest}", "dim 64x48",
                       "alt The quay at noon"]
    assert note["content"] == f"Look\n\n{picture[0][4:]}\n{film[0][4:]}"
    assert NOSTR(one.access, door, "find").recent(one.due)[0].text == "Look"


def test_a_part_of_a_thread_names_its_root_and_what_it_answers(relay: NostrRelay, door: Door) -> None:
    root = case(relay, door, "One").drive().receipt
    answer = case(relay, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    last = case(relay, door, "Three", reply_to=answer, root=root, position=2).drive().receipt
    assert root
    assert answer
    assert last
    first = [root.id, relay.relay_url, "root", Key(secret_of("demo")).public]
    assert tags(relay.posts[answer.id], "e") == [first]
    assert tags(relay.posts[last.id], "e") == [first, [answer.id, relay.relay_url, "reply", first[3]]]


def test_the_same_words_in_the_same_second_are_two_notes(relay: NostrRelay, door: Door) -> None:
    receipts = [case(relay, door).drive().receipt for _ in range(2)]
    assert len({receipt.id for receipt in receipts if receipt}) == 2


@pytest.mark.parametrize("duplicate", [True, False])
def test_a_lost_answer_is_followed_by_the_same_event_which_relays_know(
    relay: NostrRelay, door: Door, duplicate: bool
) -> None:
    relay.duplicate = duplicate
    relay.trick("lose", "WS /relay")
    one = case(relay, door)
    assert one.drive().state == "delivered"
    assert relay.requests("WS /relay") == 2
    assert the_note(one)


def test_one_relay_is_enough_and_the_receipt_says_what_each_said(relay: NostrRelay, door: Door) -> None:
    one = case(relay, door)
    one.access = replace(one.access, server={"relays": {DEAD: 0, relay.relay_url: 0}, "media": ""})
    receipt = one.drive().receipt
    assert receipt
    assert receipt.extra[relay.relay_url] == "taken"
    assert "could not be reached" in receipt.extra[DEAD]
    only = replace(one, key="another", kept={}, outgoing=replace(one.outgoing, options={"relays": [DEAD]}))
    assert (only.once(Points()).state, len(one.out())) == ("waiting", 1)


@pytest.mark.parametrize(("said", "kind"), [
    ("rate-limited: slow down", Later), ("error: database is locked", Later), ("auth-required: who", Reconnect),
    ("blocked: spam", Rejected), ("restricted: members only", Rejected), ("invalid: too old", Rejected),
    ("pow: 28 bits", Rejected), ("no, thank you", Rejected),
])  # fmt: skip
def test_the_beginning_of_a_refusal_says_what_to_do(
    relay: NostrRelay, network: Network, said: str, kind: type[Reaction]
) -> None:
    relay.said_no = said
    with pytest.raises(kind) as refused:
        network._relays().tell(Key(secret_of("demo")).sign(1, "Hello", []))  # type: ignore[attr-defined]
    assert said in refused.value.reason


def test_a_relay_that_wants_to_know_who_asks_is_told_on_the_same_line(relay: NostrRelay, door: Door) -> None:
    relay.asks = True
    one = case(relay, door)
    assert one.drive().state == "delivered"
    assert relay.requests("WS /relay") == 1


def test_a_key_never_ends_but_a_relay_that_lets_it_in_no_more_asks_to_reconnect(relay: NostrRelay, door: Door) -> None:
    one = case(relay, door)
    relay.lock_out()
    assert one.once(Points()).reconnect
    assert not one.out()
    assert not NOSTR.has("renew")


def test_a_relay_that_says_yes_and_keeps_nothing_is_found_out_by_reading_back(relay: NostrRelay, door: Door) -> None:
    relay.drops = True
    receipt = case(relay, door).drive().receipt
    assert receipt
    assert NOSTR(relay.access(), door, "find").present(receipt) is False


def test_a_forged_note_is_not_taken_for_ours(relay: NostrRelay, network: Network) -> None:
    event = Key(secret_of("demo")).sign(1, "True", [])
    relay.posts[event["id"]] = {**event, "content": "Forged"}
    assert network.recent(clock.now().replace(year=2020)) == []


def test_a_note_is_taken_back_at_every_relay_that_took_it(relay: NostrRelay, door: Door) -> None:
    one = case(relay, door)
    receipt = one.drive().receipt
    assert receipt
    deleting = NOSTR(relay.access(), door, "publish")
    with pytest.raises(Later):
        deleting.delete(replace(receipt, extra={**receipt.extra, DEAD: "taken"}))
    deleting.delete(replace(receipt, extra={**receipt.extra, DEAD: "no"}))
    assert one.out() == {}


def test_a_media_server_says_why_it_refuses(relay: NostrRelay, door: Door) -> None:
    relay.most = 100
    outcome = case(relay, door, media=(pieces.picture(),)).drive()
    assert (outcome.state, outcome.reason) == ("failed", "At most 100 bytes")


# while writing


def test_characters_are_counted_as_they_are(relay: NostrRelay, door: Door) -> None:
    fits = "\N{THUMBS UP SIGN}" * 8196
    assert check(NOSTR, Outgoing(fits), relay.access().server) == []
    assert case(relay, door, fits).drive().state == "delivered"
    assert [problem.where for problem in check(NOSTR, Outgoing(f"{fits}!"), relay.access().server)] == ["text"]


def test_a_note_may_be_as_long_as_the_most_patient_relay_lets_it() -> None:
    server = {"relays": {"wss://a.example": 100, "wss://b.example": 300}, "media": "https://media.example"}
    told = {
        says: [problem.where for problem in check(NOSTR, Outgoing("x" * length, options=options), server)]
        for says, length, options in (
            ("all", 300, {}), ("longer", 301, {}), ("one", 101, {"relays": ["wss://a.example"]}),
            ("strange", 1, {"relays": ["wss://c.example"]}),
        )
    }
    assert told == {"all": [], "longer": ["text"], "one": ["text"], "strange": ["relays"]}


@pytest.mark.parametrize(("query", "found"), [
    ("ana@example.org", [(f"nostr:{NPUB}", "ana@example.org")]), ("@example.org", []), ("ana", []),
    ("bo@example.org", []), ("ana@localhost", []), ("ana@example.org/x?", []),
])  # fmt: skip
def test_people_are_found_by_their_name_at_a_domain(
    relay: NostrRelay, query: str, found: list[tuple[str, str]]
) -> None:
    def door(request: Request) -> Answer:
        assert request.url.startswith("https://example.org/.well-known/nostr.json?name=")
        return Answer(200, {}, json.dumps({"names": {"ana": _nip19.decode("npub", NPUB).hex()}}).encode())

    mentions = NOSTR(relay.access(), door, "look").mentions(query)
    assert [(mention.text, mention.label) for mention in mentions] == found


def test_a_film_is_sent_without_being_read_into_memory(relay: NostrRelay, door: Door) -> None:
    class Unread(Rendition):
        def read(self) -> bytes:
            raise AssertionError("a film is streamed")

    film = pieces.film()
    one = case(relay, door, media=(Unread(**{name: getattr(film, name) for name in film.__dataclass_fields__}),))
    assert one.drive().state == "delivered"


# numbers


def test_only_what_is_meant_for_the_note_is_counted_however_little_a_relay_gives_at_a_time(
    relay: NostrRelay, network: Network, door: Door
) -> None:
    receipt = case(relay, door).drive().receipt
    assert receipt
    relay.gives = 70
    at = clock.now() + timedelta(days=3)
    with clock.use(lambda: at):
        numbers = network.measure([receipt])[receipt.id]
        grown = {metric.theirs: relay.grown(receipt.id, metric.theirs) for metric in NOSTR.metrics}
    assert numbers == grown
    assert sum(grown.values()) > 2 * relay.gives


def test_what_two_relays_have_counts_once_and_one_that_is_away_takes_nothing_along(
    relay: NostrRelay, network: Network, door: Door
) -> None:
    receipt = case(relay, door).drive().receipt
    assert receipt
    twice = replace(receipt, extra={relay.relay_url: TAKEN, f"{relay.relay_url}/": TAKEN, DEAD: TAKEN})
    at = clock.now() + timedelta(days=3)
    with clock.use(lambda: at):
        assert network.measure([twice]) == network.measure([receipt]) != {}


def test_relays_that_do_not_count_give_no_followers_rather_than_none_at_all(
    relay: NostrRelay, network: Network
) -> None:
    assert [reading.theirs for reading in network.audience(clock.now().date())] == ["followers"]
    relay.knows = (1, 9, 11, 42)
    assert network.audience(clock.now().date()) == []
    relay.asks, relay.knows = True, (1, 45)
    assert network.audience(clock.now().date())
    relay.locked = True
    with pytest.raises(Reconnect):
        network.audience(clock.now().date())


def test_a_note_that_no_relay_shows_has_no_numbers_though_its_answers_are_still_there(
    relay: NostrRelay, network: Network, door: Door
) -> None:
    receipt = case(relay, door).drive().receipt
    assert receipt
    with clock.shifted(timedelta(days=1)):
        assert network.measure([receipt])
        relay.drop(receipt.id)
        assert relay.pointing(receipt.id)
        assert network.measure([receipt]) == {}


# what others write


def inbox(relay: NostrRelay, door: Door, note: Receipt) -> list[Message]:
    return list(NOSTR(relay.access(), door, "inbox").inbox(clock.now(), [note]))


def put_out(relay: NostrRelay, door: Door, said: str = "Good morning", **more: Any) -> Receipt:
    outcome = case(relay, door, said, **more).drive()
    assert outcome.receipt, outcome.reason
    return outcome.receipt


def test_an_answer_names_the_thread_the_message_and_who_takes_part(relay: NostrRelay, door: Door) -> None:
    first = put_out(relay, door)
    second = put_out(relay, door, "Two", reply_to=first, root=first, position=1)
    relay.remark("Good!", on=second.id)
    relay.remark("Is it?", on=second.id, reply_to=inbox(relay, door, second)[0].receipt.id, author="another")
    message = next(one for one in inbox(relay, door, first) if one.text == "Is it?")
    note = relay.posts[put_out(relay, door, "Yes", reply_to=message.receipt, root=second, position=1).id]
    author = relay.key_of("another").public
    assert tags(note, "e") == [[first.id, "", "root"], [message.receipt.id, relay.relay_url, "reply", author]]
    assert tags(note, "p") == [[author], [relay.key_of("reader").public]]


@pytest.mark.parametrize("marks", [True, False])
def test_what_a_note_answers_is_read_from_marks_or_from_their_order(
    relay: NostrRelay, door: Door, marks: bool
) -> None:
    relay.marks, note = marks, put_out(relay, door)
    above = relay.remark("Good!", on=note.id)
    relay.remark("Is it?", on=note.id, reply_to=above)
    found = {one.text: (one.on, one.reply_to, one.name) for one in inbox(relay, door, note)}
    assert found == {"Good!": (note.id, note.id, "Reader"), "Is it?": (note.id, above, "Reader")}


def test_an_event_that_makes_no_sense_hides_no_other(relay: NostrRelay, door: Door) -> None:
    note = put_out(relay, door)
    odd = relay.key_of("odd").sign(1, "Odd", [[], ["e"], ["imeta"], ["p", "me"], ["e", note.id, "", "root"]], 10**15)
    relay.remark("Good!", on=note.id)
    relay.people["odd"] = relay.key_of("odd").sign(0, "[]", [])
    relay.written[odd["id"]] = odd
    relay.remarks[odd["id"]] = Remark(odd["id"], "Odd", note.id)
    found = {one.text: one.at <= clock.now() for one in inbox(relay, door, note)}
    assert found == {"Good!": True, "Odd": True}
