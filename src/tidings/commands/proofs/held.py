"""1 · What is kept: nothing that the data map does not name, passwords only hashed, the log no longer than said."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import get_args

from django.apps import apps
from django.db import connection
from django.db.models import Q

from tidings.channels.models import Channel
from tidings.commands.proofs.said import Proof, few, sample
from tidings.core import clock
from tidings.core.request import Purpose
from tidings.posts.models import Item
from tidings.privacy import datamap
from tidings.settings import settings
from tidings.workspaces.models import SecurityEvent, User

NOBODYS = frozenset({"django_migrations"})  # which changes the database has seen
LATE = timedelta(days=1)  # the worker sweeps now and then
WIDTHS = {4: 24, 6: 48}  # bits that are left of an address
UNUSABLE = "!"
# Each purpose of a request, and which of the four uses it serves.
USES = {
    "connect": "publish", "refresh": "publish", "publish": "publish", "find": "publish", "look": "publish",
    "fetch": "publish", "preview": "publish", "revoke": "secure", "measure": "show", "inbox": "show",
}  # fmt: skip


def columns() -> Iterator[Proof]:
    """The database itself holds what the data map names, and no table or column beside it."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        faults = [f"table {name}" for name in sorted(there - set(models) - NOBODYS)]
        for table in sorted(there & set(models)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")  # noqa: S608 -- our own table
            known = {field.column for field in models[table]._meta.local_concrete_fields}
            faults += [f"column {table}.{column[0]}" for column in cursor.description or () if column[0] not in known]
    yield Proof("1.account", "tables in the database that the data map names", len(there), few(faults))
    yield Proof("1.account", "tables in the data map", len(datamap.TABLES), few(datamap.unknown()))


def passwords() -> Iterator[Proof]:
    """Every password is an Argon2id hash, or none that could be used."""
    rows = sample(User.objects.all())
    faults = (f"{user.pk}" for user in rows if not user.password.startswith(("argon2$argon2id$", UNUSABLE)))
    yield Proof("1.account", "passwords, all Argon2id hashes", len(rows), few(faults))


def tokens() -> Iterator[Proof]:
    """What lets us speak for a channel stands in its one sealed column."""
    live = sample(Channel.objects.filter(paused="").select_related("workspace"))
    faults = (f"channel {channel.pk} is live without a secret" for channel in live if not channel.sealed)
    yield Proof("1.tokens", "live channels, each with one sealed secret", len(live), few(faults))


def content() -> Iterator[Proof]:
    """Whatever was written belongs to a post of a workspace."""
    lost = Item.objects.filter(Q(post=None) | Q(post__workspace=None))
    yield Proof("1.content", "texts, each of a post of a workspace", Item.objects.count(), few(map(str, lost[:9])))


def log() -> Iterator[Proof]:
    """The security log is truncated and forgotten when the policy says so."""
    now, ours = clock.now() - LATE, settings()
    every, gone = SecurityEvent.objects, timedelta(days=ours.log_gone_days)
    late = few(f"{event.pk} from {event.at:%F}" for event in every.filter(at__lt=now - gone))
    yield Proof("1.logs", f"log entries, none older than {ours.log_gone_days} days", every.count(), late)
    old = sample(every.filter(at__lt=now - timedelta(days=ours.log_days)))
    whole = few(f"{event.pk} from {event.at:%F}" for event in old if not _forgotten(event))
    yield Proof("1.logs", f"log entries older than {ours.log_days} days, without address", len(old), whole)


def _forgotten(event: SecurityEvent) -> bool:
    return not (event.browser or event.place) and _truncated(event.ip)


def _truncated(address: str | None) -> bool:
    if not address:
        return True
    ip = ip_address(address)
    return int(ip) == int(ip_network(f"{ip}/{WIDTHS[ip.version]}", strict=False).network_address)


def uses() -> Iterator[Proof]:
    """No request can be made for anything but the four uses."""
    purposes = get_args(Purpose)
    faults = (f"requests can be made to {name}" for name in purposes if name not in USES)
    yield Proof("2.use", "purposes a request can have, each of a declared use", len(purposes), few(faults))
