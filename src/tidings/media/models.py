"""The library: media, the copies fitted to networks, and uploads under way."""

from django.db import models
from django.db.models.functions import Lower

from tidings.core import clock
from tidings.core.ids import new_id
from tidings.workspaces.models import Tag, User, Workspace


class Folder(models.Model):
    """A place in the library. What is in no folder is at the top."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="folders")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="folders")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "workspace", "parent", Lower("name"), name="folder_once", nulls_distinct=False,
            ),
        )
        ordering = (Lower("name"),)

    def __str__(self) -> str:
        return self.name


class Media(models.Model):
    """A picture or film. Kind by content: picture, animation, film. Sizes in bytes, pixels, seconds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="media")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    codecs = models.CharField(max_length=100, blank=True)  # of a film: picture, then sound
    alpha = models.BooleanField(default=False)  # something shows through
    alt = models.TextField(blank=True)
    folder = models.ForeignKey(Folder, models.SET_NULL, null=True, blank=True, related_name="media")
    tags = models.ManyToManyField(Tag, related_name="media", blank=True)
    focus_x = models.FloatField(null=True, blank=True)  # what must stay in sight when it is cut: 0 left … 1 right
    focus_y = models.FloatField(null=True, blank=True)  # 0 top … 1 bottom
    poster_at = models.FloatField(null=True, blank=True)  # seconds into a film: the frame that stands for it
    key = models.CharField(max_length=255)  # where storage keeps its bytes
    thumbnail = models.CharField(max_length=255, blank=True)  # storage key
    thumbnail_size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class Rendition(models.Model):
    """A copy fitted to limits; `fits` names them, so networks with equal limits share one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    media = models.ForeignKey(Media, models.CASCADE, related_name="renditions")
    fits = models.CharField(max_length=64)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("media", "fits"), name="rendition_once"),)

    def __str__(self) -> str:
        return f"{self.media} for {self.fits}"


class Upload(models.Model):
    """A file under way into the library, by tus 1.0 or from an address; its bytes are in a file named by the id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="uploads")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()  # 0: its server does not say
    offset = models.BigIntegerField(default=0)
    source = models.CharField(max_length=253, blank=True)  # the host that it is fetched from; empty: somebody brings it
    folder = models.ForeignKey(Folder, models.SET_NULL, null=True, blank=True, related_name="+")  # where it will be
    media = models.ForeignKey(Media, models.SET_NULL, null=True, blank=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name
