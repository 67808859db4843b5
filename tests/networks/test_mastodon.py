"""What is peculiar to Mastodon and the servers that speak its API."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points, picture
from tests.networks.refusals import Refusal
from tests.networks.tell import journal, until_ended
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door, Request
from tidings.networks import oauth
from tidings.networks.base import Access, Network, Outgoing, Profile, Receipt, Rendition, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.mastodon import MastodonServer

SITE = Site("Tidings", "http://127.0.0.1:8000", "http://127.0.0.1:8000/connect/callback")
POLL = {"choices": ["Tea", "Coffee"], "minutes": 60}
REFUSALS = [
    Refusal("a text of 501 characters", Outgoing("x" * 501)),
    Refusal("five pictures", Outgoing("Look", (picture(),) * 5)),
    Refusal("a poll with a picture", Outgoing("Tea or coffee?", (picture(),), {"poll": POLL})),
    Refusal("nothing at all", Outgoing(" ")),
]


@pytest.fixture
def server(town: Town) -> MastodonServer:
    one = town["mastodon"]
    assert isinstance(one, MastodonServer)
    return one


@pytest.fixture
def network(server: MastodonServer, door: Door) -> Network:
    return networks.get("mastodon")(server.access(), door, "publish")


def test_a_sign_in_registers_the_program_and_ends_with_the_persons_profile(server: MastodonServer, door: Door) -> None:
    mastodon = networks.get("mastodon")
    said = mastodon.server({"server": server.url}, door)
    app = mastodon.register(said, SITE, door)
    flow = oauth.Flow(mastodon.endpoints(said), app, door)
    pending = flow.begin(mastodon.connect[0], SITE)  # type: ignore[arg-type]
    answer = door(Request("POST", pending.url, "connect", {"Content-Type": "application/x-www-form-urlencoded"},
                          b"answer=allow&account=demo"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    grant = flow.finish(SITE, pending.keep, query)
    profile = mastodon(Access(Profile("", "", ""), grant.secrets, said, app), door, "connect").profile()
    assert (profile.handle, grant.ends_at) == ("@demo@mastodon.sim", None)


def test_a_callback_that_was_not_begun_here_is_refused(server: MastodonServer, door: Door) -> None:
    mastodon = networks.get("mastodon")
    said = mastodon.server({"server": server.url}, door)
    flow = oauth.Flow(mastodon.endpoints(said), mastodon.register(said, SITE, door), door)
    pending = flow.begin(mastodon.connect[0], SITE)  # type: ignore[arg-type]
    with pytest.raises(Rejected, match="not begun here"):
        flow.finish(SITE, pending.keep, {"code": "x", "state": "another"})


def test_the_limits_are_the_servers_own(server: MastodonServer, door: Door) -> None:
    server.longest = 5000
    mastodon = networks.get("mastodon")
    limits = mastodon.limits_at(mastodon.server({"server": server.url}, door))
    assert (limits.text, limits.pictures, limits.picture_bytes) == (5000, 4, 16_777_216)


@pytest.mark.parametrize("typed", ["", "no server", "javascript:alert(1)", "http://", "@", "a b.example"])
def test_what_is_no_server_is_refused_with_a_sentence(door: Door, typed: str) -> None:
    with pytest.raises(Rejected, match="name of the server"):
        networks.get("mastodon").server({"server": typed}, door)


def test_a_server_is_spoken_to_over_https_only(door: Door) -> None:
    with pytest.raises(Rejected, match="in clear"):
        networks.get("mastodon").server({"server": "http://mastodon.example"}, door)


def test_a_server_that_is_none_of_mastodons_is_refused(town: Town, door: Door) -> None:
    with pytest.raises(Rejected, match="does not answer like"):
        networks.get("mastodon").server({"server": town["x"].url}, door)


def test_a_link_counts_23_and_of_a_mention_only_the_name(server: MastodonServer, door: Door) -> None:
    thumbs = "\N{THUMBS UP SIGN}" * 468
    fits = f"@friend@elsewhere.example https://example.org/{'a' * 200} {thumbs}"
    mastodon, known = networks.get("mastodon"), server.access().server
    assert check(mastodon, Outgoing(fits), known) == []
    assert Case(server, server.access(), Outgoing(fits), door).drive().state == "delivered"
    assert [problem.where for problem in check(mastodon, Outgoing(f"{fits}!"), known)] == ["text"]


def test_options_and_descriptions_reach_the_server(server: MastodonServer, network: Network) -> None:
    chosen = {"visibility": "unlisted", "warning": "Spiders"}
    until_ended(network, Outgoing("Look", media=(picture(),), options=chosen), journal())
    (post,) = server.posts.values()
    assert (post["visibility"], post["spoiler_text"]) == ("unlisted", "Spiders")
    assert post["media_attachments"][0]["description"] == "A blue field"


def test_a_poll_reaches_the_server_in_seconds(server: MastodonServer, network: Network) -> None:
    until_ended(network, Outgoing("Tea or coffee?", options={"poll": POLL}), journal())
    (post,) = server.posts.values()
    assert post["poll"] == {"options": ["Tea", "Coffee"], "expires_in": 3600, "multiple": False}


def test_a_film_is_waited_for(server: MastodonServer, network: Network) -> None:
    server.works_for = 3
    still = picture()
    film = Rendition("film", "video/mp4", still.size, 640, 480, 5.0, name="film.mp4", open=still.open)
    assert until_ended(network, Outgoing("Film", media=(film,)), journal()).state == "delivered"
    assert server.requests("GET /api/v1/media/") == 3


def test_media_that_waited_more_than_a_day_are_uploaded_again(server: MastodonServer, door: Door) -> None:
    one = Case(server, server.access(), Outgoing("Look", media=(picture(),)), door)
    server.trick("limit", "POST /api/v1/statuses", seconds=60)
    assert one.once(Points()).state == "waiting"
    with clock.shifted(timedelta(hours=25)):
        assert one.drive().state == "delivered"
    assert server.requests("POST /api/v2/media") == 2


def test_a_mention_and_a_link_are_found_again_in_the_servers_html(server: MastodonServer, door: Door) -> None:
    server.keeps_keys, server.software = False, "takahe"
    text = "Thanks @friend@elsewhere.example & <all>!\n\nhttps://example.org/a?b=c"
    one = Case(server, server.access(), Outgoing(text), door)
    server.trick("lose", "POST /api/v1/statuses")
    assert one.drive().state == "delivered"
    assert len(server.posts) == 1


def test_the_same_words_of_an_earlier_post_are_not_taken_for_a_lost_one(server: MastodonServer, door: Door) -> None:
    server.keeps_keys, server.software = False, "takahe"
    Case(server, server.access(), Outgoing("Same words"), door).drive()
    lost = Case(server, server.access(), Outgoing("Same words"), door)
    server.trick("down", "POST /api/v1/statuses")
    assert lost.drive().state == "unsure"


def played(server: MastodonServer, software: str) -> None:
    """As this relative behaves."""
    for trait, value in server.moods[f"that is {software}"].items():
        setattr(server, trait, value)


@pytest.mark.parametrize(
    ("software", "characters", "choices", "needs", "kept"),
    [("Pixelfed", 500, 4, "media", False), ("GoToSocial", 5000, 6, "", False), ("Pleroma", 5000, 20, "", True)],
)
def test_what_a_relative_takes_and_ignores_is_read_when_connecting(
    software: str, characters: int, choices: int, needs: str, kept: bool, server: MastodonServer, door: Door
) -> None:
    played(server, software)
    mastodon = networks.get("mastodon")
    said = mastodon.server({"server": server.url}, door)
    limits = mastodon.limits_at(said)
    assert (said["domain"], said["software"]) == ("mastodon.sim", software.lower())
    assert (limits.text, limits.poll and limits.poll.choices, limits.needs) == (characters, choices, needs)
    assert (mastodon.repeatable_at(said) > timedelta(0)) is kept


@pytest.mark.parametrize("software", ["Pixelfed", "GoToSocial"])
def test_a_relative_whose_keys_are_not_relied_upon_gets_no_second_status(
    software: str, server: MastodonServer, door: Door
) -> None:
    played(server, software)
    one = Case(server, server.access(), Outgoing("Look", media=(picture(),)), door)
    server.trick("lose", "POST /api/v1/statuses")
    assert one.drive().state == "delivered"
    assert server.requests("POST /api/v1/statuses") == 1
    assert len(server.posts) == 1


def test_pleroma_that_is_busy_with_the_key_is_asked_what_became_of_it(server: MastodonServer, door: Door) -> None:
    played(server, "Pleroma")
    one = Case(server, server.access(), Outgoing("Hello"), door)
    server.trick("lose", "POST /api/v1/statuses")
    assert one.drive().state == "delivered"
    assert server.requests("POST /api/v1/statuses") == 2
    assert len(server.posts) == 1


def test_on_pixelfed_a_post_needs_a_picture_and_an_answer_does_not(server: MastodonServer, door: Door) -> None:
    played(server, "Pixelfed")
    mastodon, known = networks.get("mastodon"), server.access().server
    assert [problem.where for problem in check(mastodon, Outgoing("Hello"), known)] == ["media"]
    assert Case(server, server.access(), Outgoing("Hello"), door).drive().state == "failed"
    root = Case(server, server.access(), Outgoing("Look", media=(picture(),)), door).drive().receipt
    answer = Outgoing("More", reply_to=root, root=root, position=1)
    assert check(mastodon, answer, known) == []
    assert Case(server, server.access(), answer, door).drive().state == "delivered"


def test_who_wants_a_poll_on_pixelfed_is_warned_that_it_is_left_out(server: MastodonServer) -> None:
    played(server, "Pixelfed")
    (told,) = networks.get("mastodon").objections(Outgoing("Well?", options={"poll": POLL}), server.access().server)
    assert (told.where, told.level) == ("poll", "warning")


def test_a_post_is_known_by_its_address_and_a_strange_one_is_not(server: MastodonServer) -> None:
    access, mastodon = server.access(), networks.get("mastodon")
    found = mastodon.recognise(access.profile, access.server, f"{server.url}/@demo/123")
    assert found == Receipt("123", f"{server.url}/@demo/123")
    with pytest.raises(Rejected):
        mastodon.recognise(access.profile, access.server, "https://elsewhere.example/@demo/123")


def test_deleting_takes_it_back_and_twice_is_fine(server: MastodonServer, network: Network) -> None:
    receipt = until_ended(network, Outgoing("Hello"), journal()).receipt
    assert receipt
    network.delete(receipt)
    network.delete(receipt)
    assert not server.posts


def test_a_withdrawn_token_is_forgotten_at_the_server_too(server: MastodonServer, door: Door) -> None:
    mastodon = networks.get("mastodon")
    said = mastodon.server({"server": server.url}, door)
    access = server.access()
    app = mastodon.register(said, SITE, door)
    mastodon(Access(access.profile, access.secrets, said, app), door, "revoke").revoke()
    assert server.oauth.tokens[-1].revoked


def test_a_withdrawn_token_asks_to_connect_again(server: MastodonServer, door: Door) -> None:
    one = Case(server, server.access(), Outgoing("Hello"), door)
    server.lock_out()
    assert one.once(Points()).reconnect
    assert not one.out()
    assert not networks.get("mastodon").has("renew")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, "The access token is invalid", Reconnect),
        (400, "Invalid Bearer token", Reconnect),
        (403, "Your login is currently disabled", Reconnect),
        (403, "This action is outside the authorized scopes", Reconnect),
        (400, "Status is too long", Rejected),
        (422, "Validation failed: Text can't be blank", Rejected),
        (422, "Cannot attach files that have not finished processing. Try again in a moment!", NotYet),
        (404, "Record not found", Rejected),
        (409, "An idempotent request is currently being processed.", NotYet),
        (429, "Too many requests", Later),
        (503, "Service unavailable", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(status: int, error: str, kind: type[Reaction], network: Network) -> None:
    body, _kind = http.json_body({"error": error})
    with pytest.raises(kind, match=re.escape(error)):
        network.judge(Answer(status, {}, body))
