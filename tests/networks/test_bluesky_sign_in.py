"""Connecting to Bluesky, by app password and by OAuth, over real HTTP to its simulator."""

from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import urllib3

from tests.conftest import Town
from tests.networks.tell import journal
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.send import send
from tidings.networks import _atproto, dpop
from tidings.networks.base import Access, Grant, OAuth2, Outgoing, Profile, Site
from tidings.networks.bluesky import Bluesky
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.oauth import Flow, Pending
from tidings.simulators._atauth import PASSWORD, did, handle
from tidings.simulators.bluesky import BlueskyServer

HERE = Site("Tidings", "http://127.0.0.1:8000", "http://127.0.0.1:8000/connect/callback")
PUBLIC = Site("Tidings", "https://social.example.org", "https://social.example.org/connect/callback")
NOBODY = Profile("", "", "")


@pytest.fixture
def bluesky(town: Town) -> BlueskyServer:
    return cast(BlueskyServer, town["bluesky"])


@pytest.fixture
def connected(bluesky: BlueskyServer, door: Door) -> Bluesky:
    """A channel by app password."""
    return Bluesky(bluesky.access(), door, "publish")


def test_a_handle_is_followed_to_the_server_that_keeps_its_posts(bluesky: BlueskyServer, door: Door) -> None:
    server = Bluesky.server({"handle": "@Demo.bluesky.sim "}, door)
    assert server["did"] == did("demo")
    assert server["pds"] == server["issuer"] == bluesky.url
    assert Bluesky.limits_at({**server, "blob_limit": 1_000_000}).picture_bytes == 1_000_000
    assert Bluesky.limits_at(server).picture_bytes == 2_000_000


@pytest.mark.parametrize("name", ["nobody.bluesky.sim", "somebody@example.org", "demo", "", "did:key:z6Mk"])
def test_a_handle_that_leads_nowhere_is_refused_with_a_sentence(bluesky: BlueskyServer, door: Door, name: str) -> None:
    with pytest.raises(Rejected) as refused:
        Bluesky.server({"handle": name}, door)
    assert refused.value.reason.endswith(".")


def test_a_server_that_speaks_for_somebody_elses_account_is_not_believed(
    bluesky: BlueskyServer, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.simulators.bluesky.did", lambda account: did("demo"))
    bluesky.oauth.accounts = ("demo", "thief")
    with pytest.raises(Rejected, match="does not call itself so"):
        Bluesky.server({"handle": handle("thief")}, door)


def test_a_server_in_clear_on_the_open_internet_is_refused() -> None:
    with pytest.raises(Rejected, match="https"):
        _atproto.safe("http://pds.example.org")
    assert _atproto.safe("pds.example.org/") == "https://pds.example.org"


def test_an_app_password_signs_in_and_is_renewed(bluesky: BlueskyServer, door: Door) -> None:
    server = Bluesky.server({"handle": handle("demo")}, door)
    grant = Bluesky(Access(NOBODY, {}, server), door, "connect").sign_in({"password": f" {PASSWORD} "})
    assert PASSWORD not in str(dict(grant.secrets))
    network = Bluesky(Access(NOBODY, grant.secrets, server), door, "refresh")
    who = network.profile()
    assert (who.id, who.handle, who.name) == (did("demo"), handle("demo"), "Demo")
    assert "sync.getBlob" in who.avatar
    fresh = network.renew()
    assert fresh.secrets["refresh_token"] != grant.secrets["refresh_token"]
    assert fresh.ends_at
    assert fresh.ends_at > clock.now()


def test_an_app_password_renewed_twice_gives_the_same_pair(connected: Bluesky) -> None:
    assert connected.renew().secrets == connected.renew().secrets


def test_a_wrong_app_password_is_refused_not_reconnected(bluesky: BlueskyServer, door: Door) -> None:
    server = Bluesky.server({"handle": handle("demo")}, door)
    with pytest.raises(Rejected, match="did not accept this app password"):
        Bluesky(Access(NOBODY, {}, server), door, "connect").sign_in({"password": "hunter2"})


def test_disconnecting_ends_the_session(connected: Bluesky) -> None:
    connected.revoke()
    with pytest.raises(Reconnect):
        connected.renew()


class SignIn:
    """A sign-in by OAuth: everything but the browser."""

    def __init__(self, door: Door, site: Site = HERE) -> None:
        self.door, self.site = door, site
        self.server = Bluesky.server({"handle": handle("demo")}, door)
        self.app = Bluesky.register(self.server, site, door)
        self.flow = Flow(Bluesky.endpoints(self.server), self.app, door, Bluesky.assertion)

    def begin(self) -> Pending:
        way = Bluesky.connect[0]
        assert isinstance(way, OAuth2)
        return self.flow.begin(way, self.site, handle("demo"))

    def allow(self, pending: Pending, **said: str) -> dict[str, str]:
        """What comes back to us when the person has pressed Allow on the consent page."""
        assert "Allow" in urllib3.request("GET", pending.url).data.decode()
        answer = urllib3.request("POST", pending.url, fields={"answer": "allow", **said}, redirect=False)
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def whole(self, **said: str) -> Grant:
        pending = self.begin()
        return self.flow.finish(self.site, pending.keep, self.allow(pending, **said))

    def network(self, grant: Grant) -> Bluesky:
        return Bluesky(Access(NOBODY, grant.secrets, self.server, self.app), self.door, "publish")


@pytest.mark.parametrize("site", [HERE, PUBLIC], ids=["loopback", "public"])
def test_oauth_from_the_consent_page_to_a_post(bluesky: BlueskyServer, door: Door, site: Site) -> None:
    signing = SignIn(door, site)
    grant = signing.whole()
    assert grant.secrets["sub"] == did("demo")
    network = signing.network(grant)
    assert network.profile().handle == handle("demo")
    assert send(network, Outgoing("Signed by a key of my own"), journal()).state == "delivered"
    (post,) = bluesky.posts.values()
    assert post["value"]["text"] == "Signed by a key of my own"
    sent = [seen for seen in bluesky.seen if seen.path.endswith("putRecord")]
    assert sent[0].headers["authorization"].startswith("DPoP ")


def test_a_nonce_demanded_at_first_contact_is_no_failure(
    bluesky: BlueskyServer, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dpop, "_nonces", {})
    SignIn(door).begin()
    assert bluesky.requests("POST /oauth/par") == 2


def test_a_sign_in_as_somebody_else_is_refused(bluesky: BlueskyServer, door: Door) -> None:
    bluesky.oauth.accounts = ("demo", "other")
    signing = SignIn(door)
    with pytest.raises(Rejected, match=r"You signed in as @other\.bluesky\.sim"):
        signing.network(signing.whole(account="other")).profile()


def test_an_answer_from_another_server_is_refused(bluesky: BlueskyServer, door: Door) -> None:
    signing = SignIn(door)
    pending = signing.begin()
    back = signing.allow(pending)
    with pytest.raises(Rejected, match="another server"):
        signing.flow.finish(HERE, pending.keep, back | {"iss": "https://evil.example.org"})


def test_oauth_is_renewed_and_the_new_token_works(bluesky: BlueskyServer, door: Door) -> None:
    signing = SignIn(door)
    fresh = signing.network(signing.whole()).renew()
    assert signing.network(fresh).profile().id == did("demo")


def test_a_replayed_refresh_token_kills_the_session_and_asks_to_reconnect(bluesky: BlueskyServer, door: Door) -> None:
    signing = SignIn(door)
    network = signing.network(signing.whole())
    fresh = network.renew()
    with pytest.raises(Reconnect, match="replayed"):
        network.renew()
    with pytest.raises(Reconnect):
        signing.network(fresh).profile()


def test_a_stolen_token_is_worth_nothing_without_its_key(bluesky: BlueskyServer, door: Door) -> None:
    signing = SignIn(door)
    grant = signing.whole()
    thief = Grant({**grant.secrets, "dpop_key": dpop.new_key()})
    with pytest.raises(Reconnect):
        signing.network(thief).profile()
    bearer = Grant({k: v for k, v in grant.secrets.items() if k != "dpop_key"})
    with pytest.raises(Reconnect):
        signing.network(bearer).profile()


def test_disconnecting_revokes_oauth_tokens(bluesky: BlueskyServer, door: Door) -> None:
    signing = SignIn(door)
    network = signing.network(signing.whole())
    network.revoke()
    with pytest.raises(Reconnect):
        network.profile()


def test_the_public_documents_hold_the_public_half_of_the_key_only() -> None:
    app = Bluesky.register({}, PUBLIC, cast(Door, None))
    said = Bluesky.documents(PUBLIC, app)
    about, keys = said["client-metadata.json"], said["jwks.json"]["keys"]
    assert about["client_id"] == app.client_id == f"{PUBLIC.base_url}/connect/documents/bluesky/client-metadata.json"
    assert about["redirect_uris"] == [PUBLIC.redirect_uri]
    assert about["jwks_uri"] == f"{PUBLIC.base_url}/connect/documents/bluesky/jwks.json"
    assert "d" not in keys[0]
    proof = Bluesky.assertion(app, "https://bsky.social")
    assert jwt.get_unverified_header(proof)["kid"] == keys[0]["kid"]
    claims = jwt.decode(proof, jwt.PyJWK(keys[0]), ["ES256"], audience="https://bsky.social")
    assert claims["iss"] == claims["sub"] == app.client_id


@pytest.mark.parametrize("address", ["http://localhost:8000", "https://tidings.lan:8443", "http://social.example.org"])
def test_where_the_consent_page_cannot_send_people_back_it_says_what_to_do(address: str) -> None:
    with pytest.raises(Rejected, match=r"127\.0\.0\.1|app password"):
        Bluesky.register({}, Site("Tidings", address, f"{address}/connect/callback"), cast(Door, None))


def test_a_server_without_a_sign_in_page_still_takes_app_passwords() -> None:
    with pytest.raises(Rejected, match="app password"):
        Bluesky.endpoints({"pds": "https://pds.example.org"})


def test_an_expired_token_asks_to_reconnect(bluesky: BlueskyServer, connected: Bluesky) -> None:
    with clock.shifted(timedelta(hours=3)):
        outcome = send(connected, Outgoing("Late"), journal())
    assert outcome.reconnect
    assert "expired" in outcome.reason
