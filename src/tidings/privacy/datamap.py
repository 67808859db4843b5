"""What every table holds, about whom, and what becomes of it: export, erasure, backup and policy read this one list.

A column is `personal` (it says something about a person, or a person wrote it), `sealed` (encrypted or hashed; it never
leaves), `points` (to the person who made a row: it is emptied when she goes) or `plain` (ids, times, states, sizes). A
column that stands nowhere, and a table without an entry, fail a house test.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Literal

from django.apps import apps
from django.db import models

Owner = Literal["user", "workspace", "login", "instance"]


@dataclass(frozen=True)
class Table:
    """One table. `owner`: whose rows these are; `by`: the look-up from a row to its owner's id; `goes_with`: the
    look-up to a person with whom a row goes although it is the workspace's; `files`: columns that name stored files.

    login: a row that is found by the person, and is gone with each sign-out (a session); instance: nobody's.
    """

    model: str
    owner: Owner
    by: str
    personal: str = ""
    sealed: str = ""
    points: str = ""
    goes_with: str = ""
    plain: str = ""
    files: str = ""
    exported: bool = True

    @property
    def rows(self) -> type[models.Model]:
        """The model's class."""
        return apps.get_model(self.model)

    def columns(self) -> dict[str, str]:
        """What kind each named column is of."""
        kinds = ("personal", "sealed", "points", "plain")
        return {name: kind for kind in kinds for name in getattr(self, kind).split()}

    def of(self, owner: object) -> models.QuerySet[Any]:
        """The rows of this owner."""
        return self.rows._base_manager.filter(**{self.by: owner})


TABLES = (
    Table(
        "workspaces.User", "user", "pk",
        personal="email name language zone clock24 week_starts theme is_operator joined_at last_login frozen_at mailed "
        "watched single_keys",
        sealed="password data_key",
        plain="id is_active told_until storage portrait",
    ),
    Table("workspaces.UserPortrait", "user", "user_id", personal="picture", plain="user"),
    Table("account.EmailAddress", "user", "user_id", personal="email verified primary", plain="id user"),
    Table(
        "account.EmailConfirmation", "user", "email_address__user_id",
        sealed="key", plain="id email_address created sent", exported=False,
    ),
    Table(
        "mfa.Authenticator", "user", "user_id",
        personal="type created_at last_used_at", sealed="data", plain="id user",
    ),
    Table(
        "usersessions.UserSession", "user", "user_id",
        personal="created_at ip last_seen_at user_agent data", sealed="session_key", plain="id user",
    ),
    Table("sessions.Session", "login", "", sealed="session_key session_data", plain="expire_date", exported=False),
    Table(
        "workspaces.SecurityEvent", "user", "user_id",
        personal="kind about ip place browser at", sealed="whom", plain="id user",
    ),
    Table(
        "privacy.Export", "user", "user_id",
        plain="id user state done parts size reason asked_at lease_until ready_at ends_at", exported=False,
    ),
    Table("privacy.Erasure", "instance", "", plain="id kind subject code asked_at due_at stopped_at done_at counts"),
    Table(
        "workspaces.Workspace", "workspace", "pk",
        personal="name slug zone", sealed="data_key", plain="id late_policy late_minutes created_at",
    ),
    Table("workspaces.WorkspaceLogo", "workspace", "workspace_id", personal="picture", plain="workspace"),
    Table(
        "workspaces.Member", "workspace", "workspace_id",
        personal="role joined_at", plain="id workspace user",
        goes_with="user_id",
    ),
    Table("workspaces.Tag", "workspace", "workspace_id", personal="name", plain="id workspace colour"),
    Table(
        "workspaces.View", "workspace", "workspace_id",
        personal="name query", plain="id workspace user created_at", goes_with="user_id",
    ),
    Table(
        "workspaces.CalendarLink", "workspace", "member__workspace_id",
        sealed="token_hash", plain="id member created_at used_at", exported=False, goes_with="member__user_id",
    ),
    Table(
        "notifications.Notification", "user", "user_id",
        personal="kind thing thing_id at seen_at", plain="id workspace user mark mail_at",
    ),
    Table("notifications.Preference", "user", "user_id", personal="kind page mail", plain="id user"),
    Table(
        "workspaces.Invitation", "workspace", "workspace_id",
        personal="email role", sealed="token_hash", plain="id workspace by created_at ends_at used_at",
        goes_with="by_id",
    ),
    Table(
        "workspaces.AuditEntry", "workspace", "workspace_id",
        personal="who verb thing thing_id details at", plain="id workspace number before hash",
    ),
    Table(
        "workspaces.ApiKey", "workspace", "workspace_id",
        personal="name prefix scopes created_at used_at ends_at", sealed="hash", plain="id workspace user",
        goes_with="user_id",
    ),
    Table(
        "channels.AppCredential", "workspace", "workspace_id",
        personal="network server client_id", sealed="data_key sealed_secret sealed_more",
        plain="id workspace created_at tried_at findings",
    ),
    Table(
        "channels.Channel", "workspace", "workspace_id",
        personal="network server_url remote_id handle name avatar portrait_of url group zone person_id",
        sealed="sealed",
        plain="id workspace portrait server app sign_in token_ends_at refresh_again_at refresh_lease paused paused_at "
        "connected_at verified_at observed",
    ),
    Table("channels.Slot", "workspace", "channel__workspace_id", personal="weekday at", plain="id channel"),
    Table(
        "channels.ConnectLink", "workspace", "workspace_id",
        personal="name network group", sealed="token_hash", plain="id workspace by created_at ends_at used_at",
        goes_with="by_id",
    ),
    Table("channels.Portrait", "workspace", "channel__workspace_id", personal="picture", plain="channel"),
    Table(
        "channels.Revocation", "workspace", "workspace_id",
        personal="network handle", plain="id workspace asked_at tries done_at given_up_at reason",
    ),
    Table("media.Folder", "workspace", "workspace_id", personal="name", plain="id workspace parent created_at"),
    Table("media.Media_tags", "workspace", "media__workspace_id", plain="id media tag"),
    Table(
        "media.Media", "workspace", "workspace_id",
        personal="name alt", points="by",
        plain="id workspace kind mime size width height seconds codecs alpha folder focus_x focus_y poster_at key "
        "thumbnail thumbnail_size created_at",
        files="key thumbnail",
    ),
    Table(
        "media.Rendition", "workspace", "media__workspace_id",
        plain="id media fits mime size width height key created_at", exported=False,
        files="key",
    ),
    Table(
        "media.Upload", "workspace", "workspace_id",
        personal="name source", plain="id workspace by size offset folder media problem created_at", exported=False,
        goes_with="by_id",
    ),
    Table(
        "posts.Post", "workspace", "workspace_id",
        personal="note", points="author", plain="id workspace stage revision wish_at answer copy_of "
        "created_at changed_at",
    ),
    Table("posts.Post_tags", "workspace", "post__workspace_id", plain="id post tag"),
    Table(
        "posts.Version", "workspace", "post__workspace_id",
        personal="draft", points="by", plain="id post revision at",
    ),
    Table(
        "posts.Repeat", "workspace", "workspace_id",
        personal="reason", points="by",
        plain="post workspace kind every unit zone rest_days until times made last_at next_at",
    ),
    Table(
        "posts.Snippet", "workspace", "workspace_id",
        personal="name text draft", points="by", plain="id workspace kind always created_at",
    ),
    Table("posts.Post_channels", "workspace", "post__workspace_id", plain="id post channel"),
    Table("posts.Item", "workspace", "post__workspace_id", personal="text media", plain="id post position delay"),
    Table(
        "posts.Variant", "workspace", "item__post__workspace_id",
        personal="text media options", plain="id item channel",
    ),
    Table(
        "deliveries.Delivery", "workspace", "workspace_id",
        personal="receipt answers reason journal",
        plain="id workspace post item channel after due_at state again_at lease_owner lease_until fence revision tries "
        "delivered_at look_at seen_at gone_at gone_known created_at",
    ),
    Table("deliveries.Lane", "workspace", "workspace_id", plain="channel workspace wake_at", exported=False),
    Table(
        "deliveries.Attempt", "workspace", "delivery__workspace_id",
        personal="reason", plain="id delivery started_at ended_at outcome",
    ),
    Table(
        "analytics.Meter", "workspace", "workspace_id",
        personal="trouble",
        plain="channel workspace wanted budget taken_up_at again_at audience_at read_at spent spent_in",
    ),
    Table(
        "analytics.Standing", "workspace", "workspace_id",
        plain="delivery workspace channel post out_at shape next_at read_at gone_at impressions reach views likes "
        "comments shares saves clicks watched engaged",
    ),
    Table(
        "analytics.Series", "workspace", "workspace_id",
        plain="id workspace channel delivery theirs ours daily", exported=False,
    ),
    Table(
        "analytics.Measurement", "workspace", "series__workspace_id", plain="id series at value", exported=False,
    ),
    Table(
        "analytics.ReportLink", "workspace", "workspace_id",
        personal="name group", sealed="token_hash",
        plain="id workspace by channel tag days first last created_at ends_at used_at",
        goes_with="by_id",
    ),
    Table(
        "analytics.ReportMail", "workspace", "workspace_id",
        personal="group", plain="id workspace channel tag every hour created_at",
    ),
    Table(
        "analytics.ReportReader", "workspace", "report__workspace_id",
        plain="id report member next_at", goes_with="member__user_id",
    ),
    Table(
        "inbox.Listener", "workspace", "workspace_id",
        personal="trouble", plain="channel workspace wanted again_at heard_at called",
    ),
    Table(
        "inbox.Conversation", "workspace", "workspace_id",
        plain="id workspace channel delivery top kind last_at seen_at assigned done_at", exported=False,
    ),
    Table(  # others' words: theirs, and at the network
        "inbox.Message", "workspace", "conversation__workspace_id",
        personal="author name text receipt remote_id reply_to", plain="id conversation channel stars at ours heard_at",
        exported=False,
    ),
    Table(
        "inbox.Answer", "workspace", "conversation__workspace_id",
        points="by", plain="delivery conversation message at", exported=False,
    ),
    Table(
        "inbox.Note", "workspace", "conversation__workspace_id",
        personal="text", points="by", plain="id conversation at",
    ),
    Table("workspaces.Knock", "instance", "", sealed="key", plain="count since ends_at", exported=False),
    Table("deliveries.Allowance", "instance", "", plain="key tokens counted_at closed_until", exported=False),
    Table("deliveries.Node", "instance", "", plain="name started_at beat_at counts", exported=False),
    Table("contenttypes.ContentType", "instance", "", plain="id app_label model", exported=False),
    Table("auth.Permission", "instance", "", plain="id name content_type codename", exported=False),
    Table("auth.Group", "instance", "", plain="id name", exported=False),
    Table("auth.Group_permissions", "instance", "", plain="id group permission", exported=False),
)


def named(model: str) -> Table:
    """The entry of this table."""
    return next(table for table in TABLES if table.model == model)


def owned(owner: Owner) -> tuple[Table, ...]:
    """The tables whose rows belong to a user, or to a workspace, in the order of the list."""
    return tuple(table for table in TABLES if table.owner == owner)


def pointing_first(tables: Iterable[Table]) -> list[Table]:
    """These tables, each before those that its rows point to: in this order they can be emptied."""
    by_model = {table.rows: table for table in tables}
    order = TopologicalSorter({model: _points_to(model) - {model} for model in by_model}).static_order()
    return [by_model[model] for model in reversed(list(order)) if model in by_model]


def _points_to(model: type[models.Model]) -> set[type[models.Model]]:
    fields = model._meta.local_concrete_fields
    return {field.related_model for field in fields if isinstance(field, models.ForeignKey)}


def unknown() -> Iterator[str]:
    """What is in the database's tables and not in the list, or the other way round."""
    named = {table.model.lower(): table for table in TABLES}
    for model in apps.get_models(include_auto_created=True):
        table = named.pop(model._meta.label_lower, None)
        if table is None:
            yield f"{model._meta.label}: no entry"
            continue
        there = {field.name for field in model._meta.local_concrete_fields}
        yield from (f"{table.model}.{name}" for name in sorted(there ^ set(table.columns())))
    yield from (f"{table.model}: no such table" for table in named.values())
