"""Asking for what others write, beside numbers, keeps to every limit, and no post waits for it.

What one `inbox` costs is declared by each network, and tests/contract/test_inbox.py holds them to it; here those costs
are counted as the engine incurs them, in the same buckets as those of numbers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests import people
from tests.analytics import test_calls as numbers
from tests.analytics.test_calls import START, Ledger, put_out, silent
from tidings import networks, outside
from tidings.analytics.collect import collect_due
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.inbox.gather import gather_due
from tidings.inbox.models import Listener
from tidings.networks.answered import Message
from tidings.networks.base import Network
from tidings.networks.seam import Receipt
from tidings.workspaces.models import Member

ledger = numbers.ledger  # the fixture
OF_ONE = 3  # channels of a network that share its app
SPAN, ROUND = timedelta(hours=4), timedelta(minutes=10)
EVERY = timedelta(hours=2)  # between two posts of a channel


@pytest.fixture
def questions(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Networks on which nobody writes anything, and which write down who asked, and under how many posts."""
    asked: list[tuple[str, int]] = []

    def inbox(self: Network, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        assert len(receipts) <= self.hearing.batch
        ledger.note(self, self.hearing.calls)
        asked.append((self.access.profile.id, len(receipts)))
        return []

    for speaks in networks.every().values():
        if speaks.has("inbox"):
            monkeypatch.setattr(speaks, "inbox", inbox)
    return asked


def town(member: Member, ledger: Ledger) -> list[Channel]:
    """Some channels on every network with an inbox, those of one network sharing its app."""
    made = []
    for name in [name for name, one in networks.every().items() if one.has("inbox")]:
        app = AppCredential(workspace=member.workspace, network=name, client_id=name)
        app.keep_secret("secret")
        app.save()
        for n in range(OF_ONE):
            channel = people.channel(member, name, app=app, remote_id=f"{name}-{n}")
            ledger.channels[channel.remote_id] = channel
            made.append(channel)
    return made


@pytest.mark.alike
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_every_limit_is_kept_while_numbers_and_messages_are_read_and_no_post_waits_for_it(
    ledger: Ledger, questions: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ("analytics.collect", "inbox.gather"):
        monkeypatch.setattr(f"tidings.{engine}.ROUND", timedelta(days=1))  # this machine's time is not the clock's
        monkeypatch.setattr(f"tidings.{engine}.CHANNELS", 1000)
    outside.use(silent)
    channels = town(people.owner(), ledger)
    now = START
    while now < START + SPAN:
        now += ROUND
        with clock.use(lambda now=now: now):
            for channel in channels if (now - START) % EVERY == ROUND else ():
                put_out(channel, now)
            collect_due(now)
            gather_due(now)
    outside.use(None)
    assert {who for who, _posts in questions} == {channel.remote_id for channel in channels}
    assert not Listener.objects.exclude(trouble="").exists()
    numbers.no_limit_was_passed(ledger, 20)
