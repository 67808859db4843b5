"""1 · What is kept about people is what the policy says, and no more."""

from datetime import timedelta

import pytest
from django.db import models
from django.test import Client

from tests.conftest import Town
from tests.policy import life, sight
from tests.policy.sight import Witness
from tests.web import people as typed
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.privacy import datamap
from tidings.privacy.policy import policy
from tidings.privacy.retain import retain
from tidings.settings import settings
from tidings.workspaces.models import SecurityEvent, User

ADDRESS, BROWSER = "203.0.113.77", "Quillbrowser/7"


def test_1_account_a_password_is_kept_as_an_argon2id_hash_only(db: None) -> None:
    typed.person()
    typed.register(typed.browser(), "new@example.org", "a harbour of quiet boats")

    assert User.objects.get(email="new@example.org").password.startswith("argon2$argon2id$")
    assert "a harbour of quiet boats" not in sight.kept()


def test_1_account_the_policy_names_every_personal_column_about_a_person(db: None) -> None:
    said = policy("en").facts.held
    for table in datamap.owned("user"):
        personal = {name for name, kind in table.columns().items() if kind == "personal"}
        assert set(said.get(table.model, ())) == personal
    assert list(datamap.unknown()) == []


@pytest.mark.django_db(transaction=True)
def test_1_tokens_a_token_is_kept_sealed_and_lets_the_program_post(town: Town, witness: Witness) -> None:
    mine, channel = life.connected(town, witness)
    (token,) = [token.access for token in town["mastodon"].oauth.tokens]

    assert channel.access().secrets["access_token"] == token
    assert token not in sight.kept()
    mine.schedule(mine.write(channel))
    life.work(witness, timedelta(hours=2))
    assert len(town["mastodon"].posts) == 1
    assert any(token in one.headers.get("authorization", "") for one in witness.seen if one.purpose == "publish")


def test_1_content_what_is_written_is_kept_in_the_workspace_and_seen_by_nobody_else(db: None, witness: Witness) -> None:
    mine, stranger = life.begin(), life.begin()
    post = mine.write()

    assert mine.api(f"posts/{post}")["items"][0]["text"] == life.TEXT
    assert life.TEXT in sight.kept()
    assert stranger.client.get(f"{mine.home}/posts/{post}").status_code == 404
    assert stranger.client.get(f"/api/v1/workspaces/{stranger.member.workspace.slug}/posts/{post}").status_code == 404


def _knock(password: str, email: str = typed.ANN) -> int:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    return int(typed.sign_in(client, email, password).status_code)


def test_1_logs_a_sign_in_is_logged_and_shown_to_nobody_but_the_person(db: None) -> None:
    ann, ben = typed.person(), typed.person(typed.BEN)
    _knock("wrong"), _knock(typed.PASSWORD)

    logged = SecurityEvent.objects.filter(user=ann)
    assert {"failed_password", "signed_in"} <= {event.kind.removesuffix("_new") for event in logged}
    assert {(event.ip, event.browser) for event in logged} == {(ADDRESS, BROWSER)}
    assert ADDRESS in typed.browser(ann).get("/settings/security/log").content.decode()
    assert ADDRESS not in typed.browser(ben).get("/settings/security/log").content.decode()


def test_1_logs_the_log_is_used_against_guessing(db: None) -> None:
    typed.person()
    assert any(_knock(f"guess {n}") == 429 for n in range(15))


def test_1_logs_an_address_is_shortened_and_then_gone_after_the_days_that_the_policy_says(db: None) -> None:
    typed.person()
    _knock(typed.PASSWORD)
    assert ADDRESS in sight.kept()

    retain(clock.now() + timedelta(days=settings().log_days, hours=1))
    (event,) = SecurityEvent.objects.filter(kind__startswith="signed_in")
    assert (event.ip, event.browser) == ("203.0.113.0", "")
    assert not SecurityEvent.objects.filter(ip=ADDRESS).exists()

    retain(clock.now() + timedelta(days=settings().log_gone_days, hours=1))
    assert not SecurityEvent.objects.exists()


def test_1_tokens_no_column_outside_the_sealed_ones_may_hold_a_secret() -> None:
    (table,) = [table for table in datamap.TABLES if table.rows is Channel]
    texts = [f.name for f in Channel._meta.local_concrete_fields if isinstance(f, models.TextField)]
    assert texts == table.sealed.split()
