"""The numbers of posts and profiles: how each grew (series, measurements), how a post stands (standing), and when a
channel is asked (meter). docs/decisions/0017 says why they are kept in this shape.

What a report is taken along by: a link for who has no login, and mails. Each is about a channel, a group, a tag, or
all; without that channel or tag it is gone too, for it would tell of everything then.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.posts.models import Post
from tidings.workspaces.models import Member, Tag, User, Workspace

WAITING = Q(next_at__isnull=False)
COVERED = ("workspace", "out_at", "channel", "shape", "engaged", "delivery")


class Meter(models.Model):
    """A channel's place in collecting. `budget`: posts read in a month at most, where reading costs; null: no limit."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="meter")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="meters")
    wanted = models.BooleanField(default=True)  # somebody who objects switches it off
    taken_up_at = models.DateTimeField(null=True, blank=True)  # until when what went out has been taken up
    again_at = models.DateTimeField(default=clock.now)  # not asked before; also the lease of who asks
    audience_at = models.DateTimeField(default=clock.now)  # when the profile's own numbers are read next
    read_at = models.DateTimeField(null=True, blank=True)  # when the network last gave numbers
    trouble = models.CharField(max_length=300, blank=True)  # why it did not, the last time it was asked
    budget = models.PositiveIntegerField(null=True, blank=True)
    spent = models.PositiveIntegerField(default=0)  # in the month that `spent_in` says
    spent_in = models.CharField(max_length=7, blank=True)  # 2026-11

    class Meta:
        indexes = (models.Index(fields=("workspace",), name="meter_workspace"),)

    def __str__(self) -> str:
        return f"meter of {self.channel}"


class Standing(models.Model):
    """How a post stands that went out through a channel: our numbers as last read, and when they are read next."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="standing")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="standings")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="standings")
    post = models.ForeignKey(Post, models.CASCADE, related_name="standings")
    out_at = models.DateTimeField()
    shape = models.CharField(max_length=9)  # words, picture, pictures, animation, film …: what it is made of
    next_at = models.DateTimeField(null=True, blank=True)  # null: it is read no more
    read_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)  # the network said that it is gone
    impressions = models.BigIntegerField(null=True, blank=True)
    reach = models.BigIntegerField(null=True, blank=True)
    views = models.BigIntegerField(null=True, blank=True)
    likes = models.BigIntegerField(null=True, blank=True)
    comments = models.BigIntegerField(null=True, blank=True)
    shares = models.BigIntegerField(null=True, blank=True)
    saves = models.BigIntegerField(null=True, blank=True)
    clicks = models.BigIntegerField(null=True, blank=True)
    watched = models.BigIntegerField(null=True, blank=True)  # seconds
    engaged = models.BigIntegerField(null=True, blank=True)  # what people did: ENGAGING together

    class Meta:
        indexes = (
            models.Index(fields=("next_at",), name="standing_next", condition=WAITING),
            models.Index(fields=("channel", "out_at"), name="standing_channel"),
            # All that most parts of a report ask for: it is read without the rows.
            models.Index(fields=COVERED, name="standing_workspace"),
        )

    def __str__(self) -> str:
        return f"standing of {self.delivery_id}"


class Series(models.Model):
    """One number of a post, or of a profile (no delivery), under the network's name and ours, as declared when read."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="series")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="series")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, blank=True, related_name="series")
    theirs = models.CharField(max_length=80)
    ours = models.CharField(max_length=12, blank=True)
    daily = models.BooleanField(default=False)  # what came in on a day, not the count so far

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "delivery", "theirs"), name="series_once", nulls_distinct=False,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.theirs} of {self.delivery_id or self.channel_id}"


class Measurement(models.Model):
    """A number read at a time. A day's number stands at the midnight, UTC, that its date names, and is corrected in
    place; a total is never changed."""

    series = models.ForeignKey(Series, models.CASCADE, db_index=False, related_name="measurements")
    at = models.DateTimeField()
    value = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("series", "at"), name="measurement_once"),)

    def __str__(self) -> str:
        return f"{self.value} at {self.at:%F %T}"


class ReportLink(models.Model):
    """An address at which somebody without a login reads a report, until it ends; kept as a hash. `days`: so many until
    today; null: those from `first` to `last`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="report_links")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)  # for whom it is
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=60, blank=True)
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class ReportMail(models.Model):
    """A report that members are mailed, on Mondays or on the first of the month, when the workspace's clocks show this
    hour."""

    EVERY = (("week", _("Every Monday")), ("month", _("On the first of the month")))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="report_mails")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=60, blank=True)
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+")
    every = models.CharField(max_length=5, choices=EVERY)
    hour = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.every} at {self.hour}"


class ReportReader(models.Model):
    """A member who is mailed a report. `next_at`: when the next is due; a node sends that only if it alone moves it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(ReportMail, models.CASCADE, related_name="readers")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    next_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "member"), name="report_reader_once"),)
        indexes = (models.Index(fields=("next_at",), name="report_reader_next"),)

    def __str__(self) -> str:
        return str(self.member)
