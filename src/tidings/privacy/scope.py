"""Which rows are a person's: their own, all of the workspaces they own, and what they made in those of others."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from tidings.privacy.datamap import TABLES, Table, pointing_first
from tidings.workspaces.models import Member, User

# By which look-ups a row in a workspace of others is theirs nevertheless; by none: such rows stay there.
MADE_BY = {
    "workspaces.Workspace": "members__user_id",
    "workspaces.WorkspaceLogo": "",
    "workspaces.Member": "user_id",
    "workspaces.Invitation": "by_id",
    "workspaces.Tag": "posts__author_id media__by_id",
    "workspaces.View": "user_id",
    "workspaces.AuditEntry": "who",
    "workspaces.ApiKey": "user_id",
    "channels.AppCredential": "",
    "channels.Channel": "posts__author_id deliveries__post__author_id variants__item__post__author_id",
    "channels.Slot": "",
    "channels.ConnectLink": "by_id",
    "channels.Portrait": "",
    "channels.Revocation": "",
    "media.Folder": "media__by_id folders__media__by_id folders__folders__media__by_id",  # three deep at most
    "media.Media": "by_id",
    "media.Media_tags": "media__by_id",
    "posts.Post": "author_id",
    "posts.Post_channels": "post__author_id",
    "posts.Post_tags": "post__author_id",
    "posts.Version": "post__author_id",
    "posts.Repeat": "post__author_id",
    "posts.Snippet": "by_id",
    "posts.Item": "post__author_id",
    "posts.Variant": "item__post__author_id",
    "deliveries.Delivery": "post__author_id",
    "deliveries.Attempt": "delivery__post__author_id",
    "analytics.Meter": "",
    "analytics.Standing": "post__author_id",
    "inbox.Listener": "",
    "inbox.Note": "by_id",
    "analytics.ReportLink": "by_id",
    "analytics.ReportMail": "readers__member__user_id",
    "analytics.ReportReader": "member__user_id",
}
# What opens doors of this instance only, or is believed because it was written here. It is told, but no other instance
# can take it in; of these a person gets their own even where the workspace is theirs: those of others name others.
HERE = (
    "mfa.Authenticator", "usersessions.UserSession", "workspaces.Invitation", "workspaces.ApiKey",
    "workspaces.AuditEntry", "channels.ConnectLink", "notifications.Notification",
    "analytics.ReportLink", "analytics.ReportMail", "analytics.ReportReader",
    "inbox.Note",
)


@cache
def tables() -> tuple[Table, ...]:
    """What is exported, each table after those that its rows point to."""
    exported = (table for table in TABLES if table.exported and table.owner in ("user", "workspace"))
    return tuple(reversed(pointing_first(exported)))


def carried() -> tuple[Table, ...]:
    """What another instance takes in."""
    return tuple(table for table in tables() if table.model not in HERE)


def people_in(table: Table) -> tuple[str, ...]:
    """The columns of a workspace's table that point to people."""
    if table.owner != "workspace":
        return ()
    fields = table.rows._meta.local_concrete_fields
    return tuple(f.attname for f in fields if isinstance(f, models.ForeignKey) and f.related_model is User)


@dataclass(frozen=True)
class Scope:
    """What belongs to one person, read over one connection."""

    user: UUID
    owned: tuple[UUID, ...]
    joined: tuple[UUID, ...]
    using: str

    @classmethod
    def of(cls, user: UUID, using: str) -> "Scope":
        """The person's, by the workspaces they are in."""
        mine = list(Member.objects.using(using).filter(user=user).values_list("workspace_id", "role"))
        own = tuple(workspace for workspace, role in mine if role == "owner")
        return cls(user, own, tuple(workspace for workspace, role in mine if role != "owner"), using)

    def rows(self, table: Table) -> QuerySet[Any]:
        """The rows of a table, in the order of their ids."""
        found = table.rows._base_manager.using(self.using).filter(self._theirs(table))
        return found.order_by("pk")

    def people(self) -> QuerySet[User]:
        """Everybody else whom these rows name."""
        named = [self._named(table, column) for table in carried() for column in people_in(table)]
        found = User.objects.using(self.using).filter(reduce(or_, named))
        return found.exclude(pk=self.user).order_by("pk")

    def _named(self, table: Table, column: str) -> Q:
        return Q(pk__in=self.rows(table).order_by().values(column))

    def _theirs(self, table: Table) -> Q:
        if table.owner == "user":
            return Q(**{table.by: self.user})
        made = self._any(table, MADE_BY[table.model].split())
        if table.model in HERE:
            return Q(**{f"{table.by}__in": self.owned + self.joined}) & made
        return Q(**{f"{table.by}__in": self.owned}) | (Q(**{f"{table.by}__in": self.joined}) & made)

    def _any(self, table: Table, ways: Iterable[str]) -> Q:
        """Rows to which one of the ways leads; in a query of its own, for joins would tell a row twice."""
        every = table.rows._base_manager.using(self.using)
        found = (Q(pk__in=every.filter(**{way: self.user}).values("pk")) for way in ways)
        return reduce(or_, found, Q(pk__in=()))
