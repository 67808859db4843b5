"""All that was held back, decided about at once: after a restore or a long sleep it may be many."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tidings.core import clock, zones
from tidings.deliveries.models import Delivery
from tidings.deliveries.release import Released, leave_all, put_off, send_all
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.times import when, zone_of
from tidings.workspaces.models import Member

MOST = 200  # at once
CHOICES = (
    ("", gettext_lazy("Choose…")),
    ("send", gettext_lazy("Send them now, one after the other")),
    ("later", gettext_lazy("Put them off")),
    ("leave", gettext_lazy("Do not send any of them")),
)


class HeldForm(forms.Form):
    """What becomes of those that were shown: others may have come since."""

    ids = forms.CharField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=gettext_lazy("What becomes of them"), choices=CHOICES)
    at = forms.DateTimeField(
        label=gettext_lazy("New time of the first, when you put them off"),
        required=False,
        help_text=gettext_lazy("The others follow as far apart as they were to be."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )

    def __init__(self, zone: ZoneInfo, *args: Any, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    def clean_ids(self) -> list[UUID]:
        """Ids of deliveries; whose they are is asked later."""
        try:
            return [UUID(id) for id in self.cleaned_data["ids"].split(",")[:MOST]]
        except ValueError:
            self.add_error(None, _("Open this page anew."))
            return []

    def clean_at(self) -> datetime | None:
        """As the person's clock will show it."""
        at = self.cleaned_data["at"]
        return zones.instant(at.replace(tzinfo=None), self.zone) if at else None

    def clean(self) -> None:
        """Putting off takes a time to come."""
        at = self.cleaned_data.get("at")
        if self.cleaned_data.get("what") == "later" and (at is None or at <= clock.now()):
            self.add_error("at", _("Choose a time that is still to come."))


@member_page("publish")
def held(request: HttpRequest, member: Member) -> HttpResponse:
    """Shows them, and does what was chosen."""
    rows = list(_rows(member)[:MOST])
    zone = zone_of(member.user)
    form = HeldForm(zone, request.POST or None, initial={"ids": ",".join(str(row.pk) for row in rows)})
    if request.method == "POST" and form.is_valid():
        _tell(request, _done(member, form.cleaned_data))
        return redirect("attention", slug=member.workspace.slug)
    if not rows:
        return redirect("attention", slug=member.workspace.slug)
    shown = [(row, " ".join(row.item.text.split())[:120], when(member.user, row.due_at), translated(row.reason))
             for row in rows]
    context = {"form": form, "rows": shown, "zone": zone.key, "more": count(member) > len(rows)}
    return render(request, "tidings/held.html", context)


def count(member: Member) -> int:
    """How many there are; the list of what needs attention leads here from two on."""
    return _rows(member).count()


def _rows(member: Member) -> QuerySet[Delivery]:
    held = Delivery.objects.filter(workspace=member.workspace, state="held").select_related("channel", "item")
    return held.order_by("due_at", "item__position", "pk")


def _done(member: Member, chosen: dict[str, Any]) -> Released:
    if chosen["what"] == "later":
        return put_off(member, chosen["ids"], chosen["at"])
    return send_all(member, chosen["ids"]) if chosen["what"] == "send" else leave_all(member, chosen["ids"])


def _tell(request: HttpRequest, done: Released) -> None:
    if done.refused:
        left = ngettext("%(n)d was left as it was: %(why)s", "%(n)d were left as they were: %(why)s", len(done.refused))
        messages.error(request, left % {"n": len(done.refused), "why": done.refused[0]})
    if done.count or not done.refused:
        messages.success(request, ngettext("Done, for %(n)d.", "Done, for %(n)d.", done.count) % {"n": done.count})
