"""Deliveries, their attempts, and who works. The delivery row is the queue; its states and moves are declared here."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Func, Q

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.posts.models import Item, Post, Variant
from tidings.workspaces.models import Workspace

MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"sending", "held", "cancelled", "failed"}),
    "sending": frozenset({"sending", "delivered", "settling", "waiting", "failed", "unsure"}),
    "settling": frozenset({"sending"}),
    "held": frozenset({"waiting", "cancelled"}),
    "failed": frozenset({"waiting", "cancelled"}),
    "unsure": frozenset({"waiting", "delivered", "cancelled"}),
    "cancelled": frozenset({"waiting"}),
    "delivered": frozenset(),
}
CLAIMABLE = ("waiting", "settling")
UNDER_WAY = ("waiting", "sending", "settling")
# The same in words by which SQLite takes the index `delivery_order`: the states as text, for a list of parameters might
# be anything; and any time at all, for then more of that index fits than of the one that has all that ever went out.
IS_UNDER_WAY = Q(
    state__in=[Func(template=f"'{one}'", output_field=models.CharField()) for one in UNDER_WAY],
    due_at__gt=datetime(1970, 1, 1, tzinfo=UTC),
)
NEEDS_A_PERSON = ("unsure", "failed", "held")
WITHOUT_END = ~Q(state="delivered") & ~Q(state="cancelled")  # in these words SQLite sees that the index below fits
LOOKED_FOR = Q(state="delivered", look_at__isnull=False)  # it is out, and is to be read back
GONE = Q(gone_at__isnull=False, look_at__isnull=True, gone_known=False)  # at the network; nobody knows of it yet


class Delivery(models.Model):
    """One item to one channel. `journal` is what its tries have done; `fence` grows with every claim."""

    STATES = tuple((name, name.capitalize()) for name in MOVES)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="deliveries")
    post = models.ForeignKey(Post, models.CASCADE, related_name="deliveries")
    item = models.ForeignKey(Item, models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    after = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="followers")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=STATES, default="waiting")
    again_at = models.DateTimeField()  # not before this instant
    lease_owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    journal = models.JSONField(default=dict)
    receipt = models.JSONField(null=True, blank=True)  # {"id", "url", "extra", "note"}
    answers = models.JSONField(null=True, blank=True)  # of an answer: the receipts of what it answers ("to", "root")
    tries = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True)  # once it is out: when to look whether it is still there
    seen_at = models.DateTimeField(null=True, blank=True)  # when the network last showed it
    gone_at = models.DateTimeField(null=True, blank=True)  # since when it does not; not certain while `look_at` is set
    gone_known = models.BooleanField(default=False)  # a person has been told
    created_at = models.DateTimeField(default=clock.now)

    variant: Variant | None = None  # how the channel says the item; read along by `claim`

    class Meta:
        indexes = (
            models.Index(fields=("channel", "due_at", "id"), name="delivery_order", condition=Q(state__in=UNDER_WAY)),
            models.Index(fields=("workspace", "due_at"), name="delivery_calendar"),
            models.Index(fields=("channel", "delivered_at"), name="delivery_out", condition=Q(state="delivered")),
            models.Index(fields=("state", "due_at"), name="delivery_without_end", condition=WITHOUT_END),
            models.Index(fields=("look_at",), name="delivery_look", condition=LOOKED_FOR),
            models.Index(fields=("workspace",), name="delivery_gone", condition=GONE),
        )
        constraints = (
            models.UniqueConstraint(fields=("item", "channel"), name="delivery_once", condition=~Q(state="cancelled")),
            models.UniqueConstraint(fields=("channel",), name="one_in_flight", condition=Q(state="sending")),
        )

    def __str__(self) -> str:
        return f"{self.item} to {self.channel}"

    @property
    def on_its_way(self) -> bool:
        """Whether a network may be told of it this very moment: nothing about it can be changed then."""
        return self.state in ("sending", "settling") or (self.state == "waiting" and bool(self.journal.get("commit")))

    @property
    def is_gone(self) -> bool:
        """Whether the network surely has it no more."""
        return self.gone_at is not None and self.look_at is None


class Lane(models.Model):
    """A channel's place in the queue: when a worker is to look at it next; null: when somebody wakes it.

    Woken too early costs a look; so whoever changes a delivery wakes its lane and need not know what comes of it.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="lane")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    wake_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("wake_at",), name="lane_wake"),)

    def __str__(self) -> str:
        return f"lane of {self.channel}"


class Allowance(models.Model):
    """How much may still be asked of a network, shared by all nodes. `key`: network, scope, whose, and span."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField(default=0)
    counted_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True, blank=True)  # what the network itself said

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """One try of a delivery; written once, never changed. `said` is the network's own words, cut and scrubbed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=9)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("started_at",)

    def __str__(self) -> str:
        return f"{self.outcome} at {self.ended_at:%F %T}"


class Node(models.Model):
    """A process that works, and when it last said so. `counts`: what its tries came to since it began."""

    name = models.CharField(max_length=60, primary_key=True)  # host:pid
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
