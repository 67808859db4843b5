"""What a network says may name people. It stands where it can be erased with them, and in no log line."""

from datetime import timedelta
from typing import Any

import pytest

from tests import people
from tidings import networks
from tidings.channels import revoke
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel, Revocation
from tidings.channels.refresh import refresh
from tidings.channels.verify import verify
from tidings.core import clock
from tidings.networks.errors import Later

SAID = "Quagmirezebra is on holiday"


@pytest.mark.parametrize("asked", ["renew", "profile", "revoke"])
def test_a_log_line_does_not_repeat_what_a_network_says(
    asked: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def away(*_: Any) -> None:
        raise Later(SAID)

    monkeypatch.setattr(networks.get("mastodon"), asked, away)
    owner = people.owner()
    channel = people.channel(owner, token_ends_at=clock.now() + timedelta(hours=2), refresh_again_at=clock.now())

    if asked == "revoke":
        disconnect(owner, channel)
        assert Revocation.objects.get().reason == SAID
    else:
        {"renew": refresh, "profile": verify}[asked](Channel.objects.get())

    revoke.end()
    told = capfd.readouterr()
    assert "mastodon" in told.out + told.err
    assert SAID not in told.out + told.err
