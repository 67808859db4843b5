"""Pages in German: dates, plurals and what is kept in English are said as Germans say them."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import people
from tests.web.test_calendar import DAY, planned
from tidings.media.faults import FAULTS
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
INDOORS = FAULTS["indoors"]


def german(member: Member) -> Client:
    member.user.language = "de"
    member.user.save()
    return people.signed_in(member)


def page(member: Member, path: str) -> str:
    answer = german(member).get(f"{people.home(member)}/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_days_and_stretches_of_days_are_written_as_in_german() -> None:
    owner = people.owner(zone="UTC")
    planned(owner, DAY, "Brot", people.channel(owner))

    month = page(owner, "calendar?day=2031-03-10")
    week = page(owner, "calendar?view=week&day=2031-03-10")

    assert '<html lang="de" dir="ltr"' in month
    assert 'aria-label="Montag, 10. März' in month
    assert "<h1>März 2031</h1>" in month
    assert "<h1>10. – 16. Mär 2031</h1>" in week


def test_one_and_several_are_told_apart() -> None:
    owner = people.owner(zone="UTC")
    channel = people.channel(owner)
    for minute in range(6):
        planned(owner, DAY + timedelta(minutes=minute), f"Brot {minute}", channel)

    assert "+2 weitere" in page(owner, "calendar?day=2031-03-10")

    planned(owner, DAY - timedelta(days=2), "Brot", channel)
    for minute in range(4):
        planned(owner, DAY - timedelta(days=2, minutes=minute), f"Salz {minute}", channel)
    assert "+1 weiterer" in page(owner, "calendar?day=2031-03-10")


def test_why_a_post_failed_is_kept_in_english_and_said_in_german() -> None:
    owner = people.owner()
    post = planned(owner, DAY, "Brot", people.channel(owner), state="failed")
    reason = "Given up after 8 tries. The network could not be reached (ConnectTimeout)."
    post.deliveries.update(reason=reason)

    shown = page(owner, f"posts/{post.pk}")

    assert "Nach 8 Versuchen aufgegeben. Das Netzwerk war nicht zu erreichen (ConnectTimeout)." in shown
    assert post.deliveries.get().reason == reason


def test_a_sentence_with_a_name_in_it_and_the_one_behind_it_are_both_said_in_german() -> None:
    owner = people.owner()
    post = planned(owner, DAY, "Brot", people.channel(owner), state="failed")
    post.deliveries.update(reason=f"{INDOORS[0] % {'host': '127.0.0.1'}} {INDOORS[1]}")

    shown = page(owner, f"posts/{post.pk}")

    assert "Nur diese Maschine oder ihr eigenes Netz kennt 127.0.0.1. Gib der Instanz" in shown
    assert "Give the instance" not in shown


def test_an_operator_reads_days_and_counts_as_in_german() -> None:
    owner = people.owner(is_operator=True)
    client = german(owner)
    owner.user.last_login = datetime(2031, 3, 9, 12, tzinfo=UTC)
    owner.user.save()

    storage = client.get("/instance/storage").content.decode()
    assert "1 Arbeitsbereich<" in storage
    assert storage.count(f'href="{people.home(owner)}/calendar"') == client.get("/instance").content.decode().count(
        f'href="{people.home(owner)}/calendar"'
    )
    assert "9. Mär 2031" in client.get("/instance/users").content.decode()


def test_another_proof_that_it_is_you_is_offered_in_our_own_words() -> None:
    owner = people.owner()
    owner.user.set_password("seven quiet harbours")
    Authenticator.objects.create(user=owner.user, type="totp", data={})

    shown = german(owner).get("/accounts/reauthenticate/").content.decode()

    assert "Einen Code aus der App nehmen" in shown
    assert "Verwenden Sie" not in shown
