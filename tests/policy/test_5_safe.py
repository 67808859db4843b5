"""5 · Encrypted at rest and on the way."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session

from tests import people
from tests.conftest import Town
from tests.media.stack import browser, served
from tests.policy import life, sight
from tests.policy.sight import Witness
from tidings.channels.credentials import enter
from tidings.channels.models import AppCredential, Channel
from tidings.core import secrets
from tidings.core.secrets import CannotOpen, Ring
from tidings.instance import checks, exposed
from tidings.networks import get
from tidings.networks.base import App
from tidings.privacy.policy import policy
from tidings.settings import settings
from tidings.web.vouch import marked
from tidings.workspaces.members import invite
from tidings.workspaces.models import Invitation

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "an-app-secret-of-some-length"


def test_5_rest_no_byte_of_the_database_holds_a_token_or_a_secret_in_clear(town: Town, witness: Witness) -> None:
    mine, channel = life.connected(town, witness)
    enter(mine.member, get("x"), App("client-id", SECRET), everywhere=False)

    bytes_kept = sight.raw()
    assert channel.sealed.encode() in bytes_kept
    for word in (SECRET, *(token.access for token in town["mastodon"].oauth.tokens)):
        assert word.encode() not in bytes_kept
    assert AppCredential.objects.get(network="x").app().client_secret == SECRET


def test_5_rest_what_was_sealed_for_one_row_does_not_open_in_another() -> None:
    mine = people.owner()
    first, second = people.channel(mine), people.channel(mine)
    Channel.objects.filter(pk=second.pk).update(sealed=first.sealed)

    with pytest.raises(CannotOpen):
        Channel.objects.get(pk=second.pk).access()


def test_5_rest_a_sign_in_that_was_put_into_another_session_signs_nobody_in() -> None:
    theirs, mine = people.signed_in(people.owner()), people.signed_in(people.owner())
    assert mine.get("/settings/profile").status_code == 200
    stolen = Session.objects.get(pk=theirs.session.session_key)
    Session.objects.filter(pk=mine.session.session_key).update(session_data=stolen.session_data)

    assert mine.get("/settings/profile").status_code == 302


def test_5_rest_what_the_database_knows_of_a_session_signs_nobody_in(transactional_db: None) -> None:
    key = str(people.signed_in(people.owner()).session.session_key)
    with served() as port:
        asked = browser(port, None)

        def seen(cookie: str) -> int:
            return asked.ask("GET", "/settings/profile", Cookie=cookie).status

        other = marked(str(people.signed_in(people.owner()).session.session_key)).partition(".")[2]
        assert seen(f"session={marked(key)}") == 200
        for forged in (key, f"{key}.", f"{key}.{other}", f'"{key}"', f"{key}.{'0' * 64}"):
            assert seen(f"session={forged}") == 302
        for name in (" session ", "session\x85", "session\xa0", "\xe3\x80\x80session", "session;session"):
            assert seen(f"{name}={key}") == 302


def test_5_rest_another_key_ring_opens_nothing_and_is_found_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channel = people.channel(people.owner())
    wrong = Ring.parse('{"other": "' + "A" * 43 + '"}')
    monkeypatch.setattr(secrets, "_held", secrets._Held())
    secrets.use(wrong)

    with pytest.raises(CannotOpen):
        channel.access()
    found = checks.keys()
    assert [finding.level for finding in found] == ["error"]


def test_5_rest_an_invitation_is_kept_as_a_hash() -> None:
    mine = people.owner()
    token = invite(mine, "guest@example.org", "editor")
    assert Invitation.objects.get(workspace=mine.workspace).email == "guest@example.org"
    assert str(token) not in sight.kept()


@pytest.fixture
def port() -> Iterator[int]:
    """The application over real HTTP."""
    with served() as port:
        yield port


def test_5_tls_a_public_address_is_https_and_nothing_else(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")

    plain = browser(port, None).ask("GET", "/privacy", Host="social.example.org")
    assert plain.status in (301, 308)
    assert plain.headers["Location"].startswith("https://social.example.org/")
    safe = browser(port, None).ask("GET", "/privacy", Host="social.example.org", X_Forwarded_Proto="https")
    assert safe.status == 200
    assert "max-age=" in safe.headers["Strict-Transport-Security"]
    assert next(one for one in policy("en").sentences if one.id == "5.tls").kept


def test_5_tls_a_public_address_without_https_is_said_and_doctor_complains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "base_url", "http://social.example.org")
    sentence = next(one for one in policy("en").sentences if one.id == "5.tls")

    assert not sentence.kept
    assert "http://social.example.org" in sentence.text
    assert "error" in [finding.level for finding in exposed.address()]
