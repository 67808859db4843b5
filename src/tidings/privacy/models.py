"""Requests of people about their data: to erase it, and to have it."""

from django.db import models

from tidings.core import clock
from tidings.core.ids import new_id
from tidings.workspaces.models import User


class Erasure(models.Model):
    """Somebody asked for something to be erased. Holds ids only, and outlives what it erased."""

    KINDS = (("user", "A person"), ("workspace", "A workspace"), ("network", "What a network gave us about a person"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=9, choices=KINDS)
    subject = models.UUIDField()  # of the user, the workspace, or the sign-in at a network
    code = models.CharField(max_length=40, unique=True)  # opens the public page that says how far it is
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)  # the person thought better of it
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)  # rows by table, files

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject"),
                name="erasure_once",
                condition=models.Q(stopped_at__isnull=True, done_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"erasure of {self.kind} {self.subject}"


class Export(models.Model):
    """An archive of everything held about a person; its file goes when it ends."""

    STATES = (("waiting", "Waiting"), ("writing", "Writing"), ("ready", "Ready"), ("failed", "Failed"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    state = models.CharField(max_length=7, choices=STATES, default="waiting")
    done = models.PositiveIntegerField(default=0)  # of `parts`
    parts = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)  # bytes
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"export for {self.user}, {self.state}"
