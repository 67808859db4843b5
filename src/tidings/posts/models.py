"""Posts, their items, and variants. Absent in a variant means: as the item says."""

from django.db import models

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.workspaces.models import User, Workspace


class Post(models.Model):
    """What someone wrote. `revision` grows with every change; a delivery sends the one it claimed."""

    STAGES = (("draft", "Draft"), ("review", "In review"), ("approved", "Approved"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="posts")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    channels = models.ManyToManyField(Channel, related_name="posts", blank=True)
    stage = models.CharField(max_length=8, choices=STAGES, default="draft")
    revision = models.PositiveIntegerField(default=1)
    wish_at = models.DateTimeField(null=True, blank=True)  # the time a draft is meant for
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=("workspace", "wish_at"), name="post_calendar"),)

    def __str__(self) -> str:
        return str(self.id)


class Item(models.Model):
    """One part of a thread; `media` is a list of {"id", "alt"} in order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    media = models.JSONField(default=list)
    delay = models.PositiveIntegerField(default=0)  # seconds after the item before

    class Meta:
        constraints = (models.UniqueConstraint(fields=("post", "position"), name="item_position_once"),)
        ordering = ("position",)

    def __str__(self) -> str:
        return self.text[:50]


class Variant(models.Model):
    """How one channel says an item: its own text and media where they differ, and its options."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="variants")
    text = models.TextField(null=True, blank=True)  # None: as the item says; "": no text
    media = models.JSONField(null=True, blank=True)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "channel"), name="variant_once"),)

    def __str__(self) -> str:
        return f"{self.item} for {self.channel}"
