"""5.rest · Encrypted at rest: every sealed column opens with its key only, and nothing of it stands in clear."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from tidings.channels.models import Channel
from tidings.commands.proofs.said import Proof, few, sample
from tidings.core import secrets
from tidings.core.secrets import CannotOpen
from tidings.instance import checks, kept
from tidings.privacy.datamap import TABLES, Table
from tidings.privacy.reseal import FACTORS
from tidings.workspaces.models import User
from tidings.workspaces.sessions import PLACE

SEALED = re.compile(r"[12]\.[\w.-]+")
WRAPPED = re.compile(r"\+?\w+\.[\w-]+( \+?\w+\.[\w-]+)*")
OPENING = re.compile("token|secret|password|key|webhook|header|signer")  # beside these, ids and scopes are sealed
SHORTEST = 12
TOKENS, NEWEST = 10, 50_000  # how many are looked for, in so many rows of a table
Opens = Callable[[Any], None]  # raises CannotOpen


def _matches(column: str, pattern: str) -> Opens:
    """A hash or a random word: nothing can be read from it."""

    def opened(row: Any) -> None:
        if not re.fullmatch(pattern, getattr(row, column)):
            raise CannotOpen(f"{column} is not what it should be")

    return opened


def _sealed(column: str, open: Callable[[Any], Any], form: re.Pattern[str] = SEALED) -> Opens:
    def opened(row: Any) -> None:
        value = getattr(row, column)
        if value and not form.fullmatch(value):
            raise CannotOpen(f"{column} is not sealed")
        if value:
            open(row)

    return opened


def _factor(row: Any) -> None:
    place = f"mfa_authenticator:{row.user_id}:secret"
    values = [row.data[name] for name in FACTORS if row.data.get(name)]
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            row.user.key().open(each, place)


def _session(row: Any) -> None:
    place, (wrapped, _, sealed) = PLACE.format(pk=row.pk), row.session_data.partition("~")
    secrets.ring().unwrap(wrapped, place).open(sealed, place)


HASH = r"[0-9a-f]{64}"
WAYS: Mapping[str, Opens] = {
    "workspaces.User.password": _matches("password", r"argon2\$argon2id\$.+|!.*"),
    "workspaces.User.data_key": _sealed("data_key", lambda row: row.key(), WRAPPED),
    "account.EmailConfirmation.key": _matches("key", r"[a-z0-9]{64}"),
    "mfa.Authenticator.data": _factor,
    "usersessions.UserSession.session_key": _matches("session_key", r"[a-z0-9]{32,40}"),
    "sessions.Session.session_key": _matches("session_key", r"[a-z0-9]{32,40}"),
    "sessions.Session.session_data": _session,
    "workspaces.SecurityEvent.whom": _matches("whom", f"({HASH})?"),
    "workspaces.Knock.key": _matches("key", HASH),
    "workspaces.Workspace.data_key": _sealed("data_key", lambda row: row.key(), WRAPPED),
    "workspaces.Invitation.token_hash": _matches("token_hash", HASH),
    "workspaces.CalendarLink.token_hash": _matches("token_hash", HASH),
    "channels.ConnectLink.token_hash": _matches("token_hash", HASH),
    "analytics.ReportLink.token_hash": _matches("token_hash", HASH),
    "workspaces.ApiKey.hash": _matches("hash", HASH),
    "channels.AppCredential.data_key": _sealed("data_key", lambda row: row.app(), WRAPPED),
    "channels.AppCredential.sealed_secret": _sealed("sealed_secret", lambda row: row.app()),
    "channels.AppCredential.sealed_more": _sealed("sealed_more", lambda row: row.app()),
    "channels.Channel.sealed": _sealed("sealed", lambda row: row.access()),
}


def values() -> Iterator[Proof]:
    """Every sealed value is one, and opens in its place."""
    for table in TABLES:
        columns = table.sealed.split()
        if columns:
            rows = sample(table.rows._base_manager.all())
            faults = (fault for column in columns for row in rows for fault in _fault(table, column, row))
            yield Proof("5.rest", f"rows of {table.model}: {', '.join(columns)}", len(rows), few(faults))


def _fault(table: Table, column: str, row: Any) -> Iterator[str]:
    try:
        WAYS[f"{table.model}.{column}"](row)
    except KeyError:
        yield f"nobody knows how {column} is sealed"
    except CannotOpen as error:
        yield f"{row.pk}: {error}"


def moved() -> Iterator[Proof]:
    """A sealed value that is put into another row opens nothing."""
    rows = sample(Channel.objects.exclude(sealed="").select_related("workspace"))
    faults = (f"{row.pk}" for row in rows if _opens_elsewhere(row))
    yield Proof("5.rest", "secrets of channels, each refused in the place of another", len(rows), few(faults))


def _opens_elsewhere(row: Channel) -> bool:
    try:
        row.workspace.key().open(row.sealed, f"channel:{row.workspace_id}:sealed")
    except CannotOpen:
        return False
    return True


def clear() -> Iterator[Proof]:
    """No access token of a sample stands in clear in any text of the database: of big tables the newest rows."""
    tokens = list(islice(_tokens(), TOKENS))
    texts = [(table, field) for table in TABLES for field in _texts(table)]
    faults = [f"a token in {table.model}.{field.name}" for table, field in texts if _holds(table, field, tokens)]
    yield Proof("5.rest", f"columns of text, searched for {len(tokens)} tokens in clear", len(texts), few(faults))


def _tokens() -> Iterator[str]:
    for channel in sample(Channel.objects.exclude(sealed="").select_related("workspace", "app")):
        try:
            kept = channel.access().secrets.items()
            yield from (value for name, value in kept if len(value) >= SHORTEST and OPENING.search(name))
        except CannotOpen:
            continue  # said by `values`


def _texts(table: Table) -> "Iterator[models.Field[Any, Any]]":
    kinds = (models.TextField, models.CharField, models.JSONField)
    yield from (field for field in table.rows._meta.local_concrete_fields if isinstance(field, kinds))


def _holds(table: Table, field: "models.Field[Any, Any]", tokens: list[str]) -> bool:
    if not tokens:
        return False
    asked = Q()
    for token in tokens:
        asked |= Q(plain_text__contains=token)
    every = table.rows._base_manager
    newest = every.order_by("-pk").values("pk")[:NEWEST]
    rows = every.filter(pk__in=newest).annotate(plain_text=Cast(field.name, models.TextField()))
    return bool(rows.filter(asked).exists())


def files() -> Iterator[Proof]:
    """Nobody else on the machine can read the keys."""
    people = User.objects.count()
    yield Proof("5.rest", "people whose keys the key ring opens; its file is ours alone", people, _said())


def _said() -> tuple[str, ...]:
    return few(finding.sentence for check in (checks.keys, kept.key_file, kept.secret_file) for finding in check())
