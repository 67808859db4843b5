"""What others wrote: conversations, their messages, our answers and notes; and when a channel is listened to next.

Others' words are theirs: they are kept for a short time, shorter where a network's terms say so, and go when they are
deleted over there. docs/decisions/0018 says why an answer is a delivery.
"""

from django.db import models
from django.db.models import F, Q

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.workspaces.models import Member, User, Workspace

OPEN = Q(done_at__isnull=True)
NEW = Q(seen_at=None) | Q(seen_at__lt=F("last_at"))  # the same as `is_new`


class Listener(models.Model):
    """A channel's place in gathering: whether it is wanted, when it was, and when it is its turn again."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="listener")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="listeners")
    wanted = models.BooleanField(default=True)  # somebody who objects switches it off
    again_at = models.DateTimeField(default=clock.now)  # not asked before; also the lease of who asks
    heard_at = models.DateTimeField(null=True, blank=True)  # when the network last told
    trouble = models.CharField(max_length=300, blank=True)  # why it did not, the last time it was asked
    called = models.JSONField(default=list)  # ids over there of posts under which, it says, somebody has written

    class Meta:
        indexes = (models.Index(fields=("again_at",), name="listener_again"),)

    def __str__(self) -> str:
        return f"listener of {self.channel}"


class Conversation(models.Model):
    """What somebody began under a post of ours, or by naming us, and all that hangs below it."""

    KINDS = (("comment", "Comment"), ("mention", "Mention"), ("review", "Review"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="conversations")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="conversations")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True, related_name="conversations")
    top = models.CharField(max_length=500)  # the network's id of its first message
    kind = models.CharField(max_length=7, choices=KINDS)
    last_at = models.DateTimeField()  # of its newest message
    seen_at = models.DateTimeField(null=True, blank=True)  # up to where a member has read it
    assigned = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="conversations")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("channel", "top"), name="conversation_once"),)
        indexes = (
            models.Index(fields=("workspace", "-last_at"), name="conversation_newest"),
            models.Index(fields=("workspace",), name="conversation_open", condition=OPEN),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.channel}"

    @property
    def is_new(self) -> bool:
        """Whether something in it was read by nobody yet."""
        return self.seen_at is None or self.seen_at < self.last_at


class Message(models.Model):
    """One thing that was written. `receipt`: its id and address there, and what an answer to it needs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="messages")
    remote_id = models.CharField(max_length=500)
    reply_to = models.CharField(max_length=500, blank=True)
    author = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    stars = models.PositiveSmallIntegerField(default=0)  # of a review
    at = models.DateTimeField()
    ours = models.BooleanField(default=False)  # the profile wrote it itself, over there
    receipt = models.JSONField()
    heard_at = models.DateTimeField(default=clock.now)  # when it was last listed

    class Meta:
        constraints = (models.UniqueConstraint(fields=("channel", "remote_id"), name="message_once"),)
        indexes = (models.Index(fields=("channel", "at"), name="message_age"),)
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:50]


class Answer(models.Model):
    """What a member answered to a message; its delivery tells how far it has come."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="answer")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="answers")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="answers")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"answer in {self.conversation}"


class Note(models.Model):
    """What members tell one another about a conversation; no network ever gets it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notes")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.text[:50]
