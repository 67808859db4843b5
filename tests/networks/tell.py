"""Tells one delivery to a network as the worker does, without its rows."""

from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.deliveries.journal import Journal
from tidings.deliveries.send import Outcome, send
from tidings.networks.base import Network, Outgoing

TRIES = 20


def journal(key: str = "one", kept: dict[str, Any] | None = None) -> Journal:
    """The journal of one try, in memory."""
    return Journal(key, clock.now(), lambda data: None, {} if kept is None else kept)


def until_ended(network: Network, outgoing: Outgoing, told: Journal) -> Outcome:
    """Try on until it has ended, as the worker does, at the times the engine names."""
    waited = timedelta(0)
    for _ in range(TRIES):
        with clock.shifted(waited):
            told = journal(told.key, told.data)
            outcome = send(network, outgoing, told)
            if outcome.state in ("delivered", "failed", "unsure"):
                return outcome
            waited += max((outcome.at or clock.now()) - clock.now(), timedelta(0)) + timedelta(seconds=1)
    raise AssertionError(outcome)
