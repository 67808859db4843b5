"""Posts, their items, and variants. Absent in a variant means: as the item says."""

from django.db import models
from django.db.models.functions import Lower

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.workspaces.models import Tag, User, Workspace


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
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True)
    answer = models.BooleanField(default=False)  # to what somebody wrote; it stands in the inbox, not on the calendar
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")  # that repeats
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (
            models.Index(fields=("workspace", "wish_at"), name="post_calendar"),
            # Each second that a calendar is listened to asks what was written last; sending writes nothing here.
            models.Index(fields=("workspace", "changed_at"), name="post_changed"),
        )

    def __str__(self) -> str:
        return str(self.id)


def written() -> models.QuerySet[Post]:
    """Posts for the calendar; answers stand in the inbox."""
    return Post.objects.filter(answer=False)


class Item(models.Model):
    """One part of a thread; `media` is a list of {"id", "alt"} in order, some with "crop"."""

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


class Version(models.Model):
    """A post as one of its revisions said it: `draft` is what the composer and the API show of a post."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    draft = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("post", "revision"), name="version_once"),)
        ordering = ("-revision",)

    def __str__(self) -> str:
        return f"revision {self.revision}"


class Repeat(models.Model):
    """When a post goes out again, each time as a copy. `every`: so many units apart, by its zone's clocks;
    evergreen: into a free slot, when nothing else waits for it and its rest is over."""

    KINDS = (("every", "At an interval"), ("evergreen", "When a slot is free"))
    UNITS = (("day", "Days"), ("week", "Weeks"), ("month", "Months"))

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="repeat")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="repeats")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # in whose name the copies are scheduled
    kind = models.CharField(max_length=9, choices=KINDS)
    every = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=5, choices=UNITS, default="week")
    zone = models.CharField(max_length=64, default="UTC")
    rest_days = models.PositiveSmallIntegerField(default=30)  # an evergreen post is not repeated sooner
    until = models.DateTimeField(null=True, blank=True)
    times = models.PositiveSmallIntegerField(null=True, blank=True)  # copies at most; null: no end
    made = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)  # for when the last copy was meant
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when to look next; null: it has ended
    reason = models.CharField(max_length=300, blank=True)  # why it stopped, or why the last copy was not scheduled

    def __str__(self) -> str:
        return f"{self.kind} of {self.post}"


class Snippet(models.Model):
    """Words that are written often. A template is a whole draft with places to fill; a signature ends a post; hashtags
    go where the author wants them; a saved reply answers what many ask."""

    KINDS = (("template", "Template"), ("signature", "Signature"), ("hashtags", "Hashtags"),
             ("reply", "Saved reply"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="snippets")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=9, choices=KINDS)
    name = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    draft = models.JSONField(null=True, blank=True)  # of a template
    always = models.BooleanField(default=False)  # a signature that stands under every new post
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint("workspace", "kind", Lower("name"), name="snippet_once"),)
        ordering = ("kind", Lower("name"))

    def __str__(self) -> str:
        return self.name
