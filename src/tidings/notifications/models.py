"""Notifications, and how each person wishes to be told."""

from django.db import models

from tidings.core import clock
from tidings.core.ids import new_id
from tidings.workspaces.models import User, Workspace


class Notification(models.Model):
    """One thing one person is told. Names what it is about by ids only: the words are made when it is read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="notifications")
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20)
    thing = models.CharField(max_length=20)  # delivery, channel, post …
    thing_id = models.UUIDField(null=True, blank=True)
    mark = models.CharField(max_length=80)  # the occasion: nobody is told twice of one
    at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)  # when to mail it; null: not, or done

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kind", "mark"), name="notification_once"),)
        indexes = (
            models.Index(fields=("user", "-at"), name="notification_of_user"),
            models.Index(fields=("mail_at",), name="notification_mail", condition=models.Q(mail_at__isnull=False)),
            models.Index(fields=("at",), name="notification_age"),
        )
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%F %T}"


class Preference(models.Model):
    """How a person wishes to be told of one kind; without a row: as the kind's default says."""

    MAILS = (("at_once", "At once"), ("digest", "Once a day"), ("off", "Never"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20)
    page = models.BooleanField(default=True)
    mail = models.CharField(max_length=7, choices=MAILS, default="at_once")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"
