"""What networks tell us unasked, believed only when it is signed with the secret of an app that was entered here.

A message that is repeated changes nothing more: what was connected after it was said is not meant by it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tidings.channels import forget
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.database.scour import scour
from tidings.networks.base import App, Network
from tidings.networks.seam import Heard, Notice
from tidings.workspaces.audit import record
from tidings.workspaces.rates import Rate, knock

ENDED = "Its access was ended at the network. Connect it again."
ONCE = Rate(1, timedelta(days=1))  # a message; networks try again for hours at most
APART = timedelta(minutes=1)  # by which their clock and ours may differ


@dataclass(frozen=True)
class Told:
    """Whom a proven notice is about, and the channels here that are theirs."""

    people: tuple[str, ...]
    channels: tuple[Channel, ...]
    reply: str = ""  # what the network wants to read back
    id: str = ""  # of the message; empty: its time says well enough what it is about
    written: tuple[tuple[Channel, str], ...] = ()  # where somebody wrote, and our post's id there


def can(speaks: type[Network]) -> bool:
    """Whether an app was entered here with what proves its notices, where that is a secret of its own."""
    return not speaks.proof or any(app.more.get(speaks.proof) for _row, app in _apps(speaks))


def hear(speaks: type[Network], notice: Notice) -> Told | None:
    """What a notice means here; None when it is not proven to come from the network."""
    found = list(_proven(speaks, notice))
    if not found:
        return None
    people = {person for _row, heard in found for person in heard.people}
    meant = {channel.pk: channel for row, heard in found for channel in _meant(_kin(speaks), row, heard)}
    said = found[0][1]
    written = tuple(where for row, heard in found for where in _written(_kin(speaks), row, heard))
    return Told(tuple(sorted(people)), tuple(meant.values()), said.reply, said.id, written)


def _kin(speaks: type[Network]) -> tuple[str, ...]:
    return speaks.kin or (speaks.name,)


def _apps(speaks: type[Network]) -> Iterator[tuple[AppCredential, App]]:
    """Every app that was entered here and can be opened."""
    for row in AppCredential.objects.filter(network__in=_kin(speaks)).order_by("created_at"):
        with suppress(CannotOpen):
            yield row, row.app()


def _proven(speaks: type[Network], notice: Notice) -> Iterator[tuple[AppCredential, Heard]]:
    """Every app that it is signed for. Each is tried: some networks do not say for which they sign."""
    for row, app in _apps(speaks):
        heard = speaks.hear(notice, app)
        if heard:
            yield row, heard


def _written(kin: tuple[str, ...], row: AppCredential, heard: Heard) -> Iterator[tuple[Channel, str]]:
    for profile, post in heard.written:
        for channel in Channel.objects.filter(_spoken_for(row), remote_id=profile, network__in=kin):
            yield channel, post


def _spoken_for(row: AppCredential) -> Q:
    """A secret that a workspace has entered speaks for its own channels only, and for those connected with it."""
    bare = Q(app=None, workspace=row.workspace_id) if row.workspace_id else Q(app=None)
    return Q(app=row) | bare


def _meant(kin: tuple[str, ...], row: AppCredential, heard: Heard) -> QuerySet[Channel]:
    who = Q(person_id__in=heard.people) | Q(person_id="", remote_id__in=heard.people)
    before = Q(connected_at__lte=min(heard.at, clock.now()) + APART)
    return Channel.objects.filter(_spoken_for(row), who, before, network__in=kin).select_related("workspace")


@transaction.atomic
def end(told: Told) -> tuple[Channel, ...]:
    """The person took our access back: the secrets go at once, the channels stand still; those it changed."""
    live = tuple(channel for channel in told.channels if channel.sealed)
    if live and told.id and knock(ONCE, "notice", told.id):
        return ()
    forget.secrets(Channel.objects.filter(pk__in=[channel.pk for channel in live]), ENDED)
    transaction.on_commit(lambda: bool(scour()))
    for channel in sorted(live, key=lambda channel: channel.workspace_id):
        record(None, channel.workspace_id, "ended", "channel", channel.pk, network=channel.network)
    return live
