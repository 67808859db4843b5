"""Pages in German: dates, plurals and what is kept in English are said as Germans say them."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import people
from tests.web.test_calendar import DAY, planned
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


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
