"""Send one delivery: the only caller of Network.publish, and the one place where a reaction becomes an outcome.

A lost commit is repeated only inside the network's own window; beyond it the network is asked (`find`), and
where it cannot say, a person is. Nothing is ever sent twice blindly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog

from tidings.deliveries.journal import Journal
from tidings.media.storage import Away
from tidings.networks.base import FOR_EVER, Network, Outgoing, Receipt
from tidings.networks.errors import Later, NotYet, Reaction, Reconnect, Rejected, Unsure

State = Literal["delivered", "waiting", "settling", "failed", "unsure"]
AWAY = "The storage of pictures and films does not answer just now."
LOOKS = 8  # times the network is asked about a lost post before a person is
ABSENCES = 2  # authoritative "not there" answers before it is sent again
MARGIN = timedelta(minutes=1)  # kept from the end of a window of repetition
PATIENCE = timedelta(hours=24)  # for a network that is still working

log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """What a try came to. `at`: when to try again (None: the engine's back-off). `reconnect`: access is gone."""

    state: State
    reason: str = ""
    at: datetime | None = None
    receipt: Receipt | None = None
    reconnect: bool = False
    shut: Mapping[str, datetime] = field(default_factory=dict)  # whose limit is used up ("channel", "app"), until when


def send(network: Network, outgoing: Outgoing, journal: Journal) -> Outcome:
    """One try. Everything a network may raise has become an outcome when this returns."""
    try:
        if journal.lost and not _may_repeat(network, outgoing, journal):
            return _look(network, outgoing, journal)
        _wait_to_settle(network, journal)
        return Outcome("delivered", receipt=network.publish(outgoing, journal))
    except Reaction as reaction:
        return after(type(network), journal, reaction)
    except Away as away:
        log.warning("the storage of media is away", because=str(away))
        return after(type(network), journal, Later(AWAY))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.exception("an answer that the network's file does not understand", network=network.name)
        return fault(type(network), journal, error)


def after(network: type[Network], journal: Journal, reaction: Reaction) -> Outcome:
    """The outcome that a reaction leads to."""
    return _lost(network, journal, reaction) if journal.lost else _safe(journal, reaction)


def fault(network: type[Network], journal: Journal, error: Exception) -> Outcome:
    """The outcome of a fault of our own: no clear answer, like a network that fell silent."""
    unclear = Unsure(f"{network.label} answered in a way this program does not understand ({type(error).__name__}).")
    return after(network, journal, unclear)


def _may_repeat(network: Network, outgoing: Outgoing, journal: Journal) -> bool:
    """Whether a second commit under the same key surely makes no second post."""
    window = network.repeatable_for(network.access.server, outgoing)
    if window >= FOR_EVER:
        return True
    return journal.commits() < 2 and journal.younger_than(window - MARGIN)


def _wait_to_settle(network: Network, journal: Journal) -> None:
    """A server may still be busy with the lost request; a second one at its heels is how doubles are made."""
    if journal.lost and journal.lost_for() < network.settle:
        raise NotYet("Waiting for the network to settle.", (network.settle - journal.lost_for()).total_seconds())


def _safe(journal: Journal, reaction: Reaction) -> Outcome:
    """The outcome when nothing irreversible can have happened."""
    if isinstance(reaction, Rejected):
        return Outcome("failed", reaction.reason)
    if isinstance(reaction, Reconnect):
        return Outcome("waiting", reaction.reason, reconnect=True)
    if isinstance(reaction, NotYet):
        if journal.at_work_for() > PATIENCE:
            return Outcome("failed", "The network was still working on it after a day.")
        return Outcome("settling", reaction.reason, journal.now() + timedelta(seconds=reaction.seconds))
    return Outcome("waiting", reaction.reason, reaction.at if isinstance(reaction, Later) else None)


def _lost(network: Network | type[Network], journal: Journal, reaction: Reaction) -> Outcome:
    """The outcome when it may be out: come back after the settle time, whatever this reaction was."""
    at = journal.now() + network.settle
    if isinstance(reaction, Later) and reaction.at:
        at = max(at, reaction.at)
    if isinstance(reaction, NotYet):
        at = journal.now() + timedelta(seconds=reaction.seconds)
    if journal.sought_for() > PATIENCE:
        return Outcome("unsure", reaction.reason)
    return Outcome("settling", reaction.reason, at, reconnect=isinstance(reaction, Reconnect))


def _look(network: Network, outgoing: Outgoing, journal: Journal) -> Outcome:
    """Ask the network what became of a lost commit."""
    _wait_to_settle(network, journal)
    if not network.has("find"):
        return Outcome("unsure", f"{network.label} did not answer, and cannot be asked whether the post is out.")
    try:
        receipt = network.on("find").find(outgoing, journal)
    except Later as absent:
        return _absent(network, journal, absent)
    except Reconnect as gone:
        return _lost(network, journal, gone)
    except Reaction as reaction:
        if journal.note("looks") >= LOOKS:
            return Outcome("unsure", f"{network.label} could not say whether the post is out.")
        return _lost(network, journal, reaction)
    if receipt is None:
        return Outcome("unsure", f"{network.label} did not answer, and the post was not found. It may still appear.")
    return Outcome("delivered", receipt=receipt)


def _absent(network: Network, journal: Journal, absent: Later) -> Outcome:
    """The network says that nothing is out; believed the second time."""
    if journal.note("absent") < ABSENCES:
        return Outcome("settling", absent.reason, journal.now() + network.settle)
    journal.uncommit()
    return Outcome("waiting", absent.reason, journal.now())
