"""What is peculiar to mail: one message, handed over once; what servers say; and what a reader gets to see."""

import io
import re
from dataclasses import replace
from typing import Any, cast

import pytest
from PIL import Image

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core.http import Answer, Door, Request
from tidings.networks.base import Access, Network, Outgoing, Profile
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.email import LIST, EmailServer

EMAIL = networks.get("email")
SUBJECT = {"subject": "Tide tables"}
MINE = {"from": ["Ana", "ana@example.org"], "to": [LIST], "archive": ""}

REFUSALS = [
    Refusal("a text that makes the message too large", Outgoing("x" * 60_000, options=SUBJECT)),
    Refusal("a picture that makes the message too large", Outgoing("Look", (pieces.picture(size=90_000),), SUBJECT)),
    Refusal("no subject", Outgoing("Hello")),
    Refusal("answers to no address", Outgoing("Hello", options={**SUBJECT, "reply_to": "me, please"})),
]


@pytest.fixture
def door(town: Town, server: EmailServer) -> Door:
    """A door that may reach the mail server, which has a port of its own."""
    return Door(private=[town.url.removeprefix("http://"), f"127.0.0.1:{server.port}"])


@pytest.fixture
def server(town: Town) -> EmailServer:
    return cast(EmailServer, town["email"])


def case(server: EmailServer, door: Door, said: str = "Good morning", *media: Any, **options: str) -> Case:
    return Case(server, server.access(), Outgoing(said, media, {**SUBJECT, **options}), door)


def the_message(one: Case) -> dict[str, Any]:
    (message,) = one.out().values()
    return cast(dict[str, Any], message)


def signing_in(server: EmailServer, door: Door, **typed: str) -> tuple[Network, dict[str, str]]:
    fields = {**server.typed(), **typed}
    return EMAIL(Access(Profile("", "", ""), {}, EMAIL.server(fields, door)), door, "connect"), fields


# connecting


def test_a_person_connects_and_it_is_known_how_much_the_server_takes(server: EmailServer, door: Door) -> None:
    network, fields = signing_in(server, door)
    grant = network.sign_in(fields)
    speaker = EMAIL(replace(network.access, secrets=grant.secrets), door, "connect")
    assert speaker.announced() == {**server.access().server, "size": 100_000}
    assert speaker.profile() == server.access().profile
    assert server.posts == {}


@pytest.mark.parametrize(("typed", "says"), [
    ({"password": "wrong"}, "authentication failed"), ({"list": "nobody@example.org"}, "no such user"),
    ({"sender": "bo@example.org"}, "not owned by user"), ({"password": "größer"}, "plain letters"),
])  # fmt: skip
def test_what_would_be_refused_later_is_refused_when_connecting(
    server: EmailServer, door: Door, typed: dict[str, str], says: str
) -> None:
    network, fields = signing_in(server, door, **typed)
    with pytest.raises(Rejected, match=says) as refused:
        network.sign_in(fields)
    assert "größer" not in refused.value.reason


@pytest.mark.parametrize(("typed", "place"), [
    ("smtp.example.org", "smtp://smtp.example.org:587"), ("smtp.example.org:465", "smtps://smtp.example.org:465"),
    ("smtps://smtp.example.org", "smtps://smtp.example.org:465"), ("mail.example.org:25", "smtp://mail.example.org:25"),
])  # fmt: skip
def test_the_port_says_how_tls_begins(server: EmailServer, door: Door, typed: str, place: str) -> None:
    assert EMAIL.server({**server.typed(), "server": typed}, door)["url"] == place


@pytest.mark.parametrize("typed", [
    {"server": ""}, {"server": "https://example.org"}, {"server": "ana:secret@example.org"}, {"server": "a:b:c"},
    {"sender": "Ana"}, {"sender": "Ana <ana>"}, {"list": ""}, {"list": "one two"}, {"archive": "javascript:alert(1)"},
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(
    server: EmailServer, door: Door, typed: dict[str, str]
) -> None:
    with pytest.raises(Rejected):
        EMAIL.server({**server.typed(), **typed}, door)


# the message


def test_readers_get_the_words_twice_and_the_pictures_inside(server: EmailServer, door: Door) -> None:
    picture = pieces.picture(alt='A "blue" field')
    one = case(server, door, "# High at *six*\n\n<b>low</b> at noon", picture, preheader="Rain & wind")
    outcome = one.drive()
    message = the_message(one)
    assert message["text"].replace("\r\n", "\n") == f"{one.outgoing.text}\n"
    assert "<h1>High at <em>six</em></h1>" in message["html"]
    assert "&lt;b&gt;low&lt;/b&gt;" in message["html"]
    assert "Rain &amp; wind</div>" in message["html"]
    ((cid, data),) = message["pictures"].items()
    assert f'<img src="cid:{cid.strip("<>")}" alt="A &quot;blue&quot; field"' in message["html"]
    assert Image.open(io.BytesIO(data)).size == (64, 48)
    assert outcome.receipt
    assert outcome.receipt.url == f"{server.url}/archive"
    assert outcome.receipt.extra == {"queued": "2.0.0 Ok: queued as 4F1A2"}


def test_a_message_says_who_wrote_to_whom_and_that_nobody_need_answer_by_machine(
    server: EmailServer, door: Door
) -> None:
    one = case(server, door, subject="Grüße,\r\nBcc: x@example.org", reply_to="desk@example.org")
    one.drive()
    headers = the_message(one)["headers"]
    assert headers["From"] == "Demo <demo@example.org>"
    assert headers["Message-ID"] == f"<{one.key}@example.org>"
    assert (headers["To"], headers["Reply-To"]) == (LIST, "desk@example.org")
    assert headers["Subject"] == "Grüße, Bcc: x@example.org"
    assert (headers["Auto-Submitted"], "Bcc" in headers) == ("auto-generated", False)


def test_every_try_makes_the_same_message_with_the_same_name(server: EmailServer, door: Door) -> None:
    server.trick("limit", "MAIL", seconds=1)
    one = case(server, door)
    assert one.once(Points()).state == "waiting"
    assert one.drive().state == "delivered"
    assert list(one.out()) == [f"{one.key}@example.org"]


# what became of it


def test_a_line_that_breaks_after_the_last_dot_is_never_tried_again(server: EmailServer, door: Door) -> None:
    server.trick("lose", "MAIL")
    one = case(server, door)
    outcome = one.drive()
    assert (outcome.state, server.requests("MAIL"), len(one.out())) == ("unsure", 1, 1)
    assert "cannot be asked" in outcome.reason


def test_a_server_that_is_not_there_was_given_nothing(server: EmailServer, door: Door) -> None:
    one = case(server, door)
    one.access = replace(one.access, server={**one.access.server, "url": "smtp://127.0.0.1:1"})
    assert one.once(Points()).state == "waiting"
    assert "commit" not in one.kept


@pytest.mark.parametrize(("code", "said", "kind"), [
    (535, "5.7.8 authentication failed", Reconnect), (530, "5.7.0 authentication required", Reconnect),
    (421, "4.3.2 shutting down", Later), (450, "4.2.1 mailbox busy", Later), (451, "4.7.1 try again later", Later),
    (452, "4.3.1 no space", Later), (454, "4.7.0 temporary failure", Later), (550, "5.1.1 no such user", Rejected),
    (552, "5.3.4 too big", Rejected), (553, "5.7.1 not owned", Rejected), (554, "5.7.1 spam", Rejected),
])  # fmt: skip
def test_a_code_says_what_to_do(code: int, said: str, kind: type[Reaction]) -> None:
    def door(request: Request) -> Answer:
        return Answer(code, {}, said.encode())

    access = Access(Profile("", "", ""), {}, {**MINE, "url": "smtp://mail.example.org:587"})
    with pytest.raises(kind) as reaction:
        EMAIL(access, door, "connect").announced()
    assert reaction.value.reason == f"{code} {said}"


@pytest.mark.parametrize(("code", "state"), [(451, "waiting"), (554, "failed")])
def test_a_message_that_was_refused_whole_is_not_out(server: EmailServer, door: Door, code: int, state: str) -> None:
    server.says = (code, "no")
    one = case(server, door)
    assert (one.once(Points()).state, one.out()) == (state, {})


def test_a_password_that_was_changed_asks_to_reconnect(server: EmailServer, door: Door) -> None:
    one = case(server, door)
    server.lock_out()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})
    assert not EMAIL.has("renew")


# while writing


def test_more_than_one_part_is_not_taken() -> None:
    part = Outgoing("And then", position=1, options=SUBJECT)
    assert [problem.message for problem in check(EMAIL, part, MINE)] == [
        "E-mail newsletter takes one part only; this is part 2."
    ]


def test_where_the_server_names_no_size_none_is_looked_at() -> None:
    assert check(EMAIL, Outgoing("x" * 60_000, options=SUBJECT), MINE) == []


def test_films_are_not_taken() -> None:
    assert "media" in {problem.where for problem in check(EMAIL, Outgoing("Look", (pieces.film(),), SUBJECT), MINE)}


# numbers


def test_nothing_is_put_into_a_message_to_count_its_readers(server: EmailServer, door: Door) -> None:
    one = case(server, door, "Read [the tables](https://example.org/tides).", pieces.picture())
    one.drive()
    message = the_message(one)
    assert set(re.findall(r'(?:src|background)="([^":]*):', message["html"])) == {"cid"}
    assert set(re.findall(r'href="([^"]*)"', message["html"])) == {"https://example.org/tides"}
    assert not EMAIL.has("measure")
    assert "does not tell who reads" in EMAIL.uncounted
