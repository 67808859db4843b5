"""A workspace's settings: its name and zone, and what happens to late posts."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidings.web.access import member_page
from tidings.web.forms import ZoneField
from tidings.workspaces.members import adjust
from tidings.workspaces.models import Member, Workspace, WorkspaceLogo

LATE = (
    ("send", gettext_lazy("Publish it all the same")),
    ("hold", gettext_lazy("Hold it back until somebody decides")),
    ("ask", gettext_lazy("Hold it back, and ask by mail")),
)


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, zone and late policy."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    zone = ZoneField(help_text=gettext_lazy("Where it is at home. People see times in the zone of their own profile."))
    late_policy = forms.ChoiceField(label=gettext_lazy("When a post is late"), choices=LATE)
    late_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes after which it is late"),
        min_value=5,
        max_value=10_080,
        help_text=gettext_lazy("A server that was off for a while finds posts whose time has passed. "
                               "Mails go to those who may publish, at most one every quarter of an hour."),
    )

    class Meta:
        model = Workspace
        fields = ("name", "zone", "late_policy", "late_minutes")


@member_page("manage")
def workspace(request: HttpRequest, member: Member) -> HttpResponse:
    """Name, zone, late policy."""
    row = Workspace.objects.get(pk=member.workspace_id)
    form = WorkspaceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        adjust(member, form.instance, form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("workspace_settings", slug=row.slug)
    has_logo = WorkspaceLogo.objects.filter(pk=row.pk).exists()
    return render(request, "tidings/settings/workspace.html", {"form": form, "has_logo": has_logo})
