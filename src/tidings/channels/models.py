"""Channels and the app credentials they are connected with. Secrets leave a row by one function only."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import models

from tidings import networks
from tidings.core import clock, secrets
from tidings.core.ids import new_id
from tidings.networks.base import Access, App, Network, Profile
from tidings.workspaces.models import User, Workspace


class AppCredential(models.Model):
    """What a network (or one server of it) knows us as. A workspace's own beats the instance's (null)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="apps")
    network = models.CharField(max_length=40)
    server = models.CharField(max_length=255, blank=True)
    client_id = models.CharField(max_length=500)
    data_key = models.TextField()
    sealed_secret = models.TextField(blank=True)
    sealed_more = models.TextField(blank=True)  # what else the network's console gave, as JSON
    created_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True)  # when it was last tried out
    findings = models.JSONField(default=list, blank=True)  # what was wrong then, in sentences; nothing secret

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "network", "server"), name="app_once", nulls_distinct=False),
        )

    def __str__(self) -> str:
        return f"{self.network} {self.server}".strip()

    def keep_secret(self, secret: str, more: Mapping[str, str] | None = None) -> None:
        """Seal the client secret, and what else the console gave, into the row; the caller saves."""
        self.data_key = secrets.ring().new_data_key(f"{self._place}:data_key")
        self.sealed_secret = self.key().seal(secret, f"{self._place}:secret")
        self.sealed_more = self.key().seal(json.dumps(dict(more)), f"{self._place}:more") if more else ""

    def app(self) -> App:
        """The credential in clear, for a network's own calls."""
        key = self.key()
        more = json.loads(key.open(self.sealed_more, f"{self._place}:more")) if self.sealed_more else {}
        return App(self.client_id, key.open(self.sealed_secret, f"{self._place}:secret"), more)

    @property
    def _place(self) -> str:
        return f"app_credential:{self.id}"

    def key(self) -> secrets.DataKey:
        """What seals this credential's secrets."""
        return secrets.ring().unwrap(self.data_key, f"{self._place}:data_key")


class Channel(models.Model):
    """One profile on a network. Paused: nothing is sent until somebody connects it again or resumes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="channels")
    network = models.CharField(max_length=40)
    server_url = models.CharField(max_length=255, blank=True)  # ids are unique on one server only
    remote_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    avatar = models.URLField(max_length=1000, blank=True)
    portrait = models.CharField(max_length=16, blank=True)  # of its bytes, so that browsers may keep them; empty: none
    portrait_of = models.URLField(max_length=1000, blank=True)  # the avatar that was fetched
    url = models.URLField(max_length=1000, blank=True)
    server = models.JSONField(default=dict)  # what its server announced; nothing secret
    app = models.ForeignKey(AppCredential, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.TextField(blank=True)
    sign_in = models.UUIDField(default=new_id, editable=False, db_index=True)  # channels of one share its tokens
    token_ends_at = models.DateTimeField(null=True, blank=True)
    refresh_again_at = models.DateTimeField(null=True, blank=True)
    refresh_lease = models.DateTimeField(null=True, blank=True)
    paused = models.CharField(max_length=300, blank=True)  # the reason; empty: live
    paused_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(default=clock.now)
    person_id = models.CharField(max_length=255, blank=True)  # who signed in, in the network's own words
    verified_at = models.DateTimeField(default=clock.now)  # when the network last said that our access stands
    observed = models.BooleanField(default=True)  # what became of its posts is looked at after they went out
    group = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=64, blank=True)  # IANA; empty: the workspace's

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "network", "server_url", "remote_id"), name="channel_once"),
        )
        ordering = ("network", "handle")

    def __str__(self) -> str:
        return self.handle

    @property
    def speaks(self) -> type[Network]:
        """The network's class."""
        return networks.get(self.network)

    @property
    def label(self) -> str:
        """What people call the network (templates cannot ask a class: they would call it)."""
        return self.speaks.label

    @property
    def face(self) -> str:
        """Where its portrait is served; the address changes with the picture. Empty: there is none."""
        return f"/portraits/{self.id}/{self.portrait}.webp" if self.portrait else ""

    def siblings(self) -> models.QuerySet["Channel"]:
        """Every channel that was connected by the same sign-in and still is, this one among them."""
        return Channel.objects.filter(workspace=self.workspace, sign_in=self.sign_in).exclude(sealed="").order_by("pk")

    def keep_secrets(self, values: Mapping[str, str]) -> None:
        """Seal what lets us speak for this channel into the row; the caller saves."""
        self.sealed = self.workspace.key().seal(json.dumps(dict(values)), f"channel:{self.id}:sealed")

    def access(self) -> Access:
        """Everything a network needs to speak for this channel; the only way out for its secrets."""
        plain: dict[str, str] = {}
        if self.sealed:
            plain = json.loads(self.workspace.key().open(self.sealed, f"channel:{self.id}:sealed"))
        server: Mapping[str, Any] = self.server
        return Access(self.profile(), plain, server, self.app.app() if self.app else None)

    def profile(self) -> Profile:
        """Who this is, as the network said when it was connected."""
        return Profile(self.remote_id, self.handle, self.name, self.avatar, self.url, person=self.person_id)


class Slot(models.Model):
    """A time of the week at which a channel likes to publish, as its zone's clocks show it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()  # 0 Monday … 6 Sunday
    at = models.TimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("channel", "weekday", "at"), name="slot_once"),)
        ordering = ("weekday", "at")

    def __str__(self) -> str:
        return f"{self.weekday} {self.at:%H:%M}"


class ConnectLink(models.Model):
    """An address at which somebody without a login connects a channel of theirs, once; kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="connect_links")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)  # for whom it is
    network = models.CharField(max_length=40, blank=True)  # empty: whichever they choose
    group = models.CharField(max_length=60, blank=True)  # the channel's, once it is connected
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class Portrait(models.Model):
    """A channel's picture: a small WEBP, served by ourselves."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="kept_portrait")
    picture = models.BinaryField()

    def __str__(self) -> str:
        return str(self.channel)


class Revocation(models.Model):
    """Access that is ended at a network after a channel went. Holds no token: a retry has it in memory only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="revocations")
    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=255)
    asked_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.handle} at {self.network}"
