"""What a person decides about their data: what is held, what is not wanted, to freeze everything and to go on."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.privacy import freeze as verbs
from tidings.privacy.held import held
from tidings.settings import settings
from tidings.workspaces import security
from tidings.workspaces.models import Member, User

WORDS: dict[str, str | Promise] = {
    "workspaces.User": gettext_lazy("Your profile"),
    "workspaces.UserPortrait": gettext_lazy("Your picture"),
    "account.EmailAddress": gettext_lazy("E-mail addresses"),
    "account.EmailConfirmation": gettext_lazy("Addresses that wait to be confirmed"),
    "mfa.Authenticator": gettext_lazy("Second factors and passkeys"),
    "usersessions.UserSession": gettext_lazy("Browsers you are signed in with"),
    "workspaces.SecurityEvent": gettext_lazy("Entries of the security log"),
    "privacy.Export": gettext_lazy("Exports of your data"),
    "workspaces.Workspace": gettext_lazy("Workspaces of yours alone"),
    "workspaces.WorkspaceLogo": gettext_lazy("Logos of workspaces"),
    "workspaces.Member": gettext_lazy("Memberships"),
    "workspaces.Invitation": gettext_lazy("Invitations you made"),
    "workspaces.AuditEntry": gettext_lazy("Entries of workspaces' logs"),
    "workspaces.ApiKey": gettext_lazy("API keys"),
    "workspaces.Tag": gettext_lazy("Tags"),
    "workspaces.View": gettext_lazy("Saved views of calendars"),
    "workspaces.CalendarLink": gettext_lazy("Addresses for calendar programs"),
    "notifications.Notification": gettext_lazy("Notifications"),
    "notifications.Preference": gettext_lazy("How you wish to be told"),
    "channels.AppCredential": gettext_lazy("App credentials of networks"),
    "channels.Channel": gettext_lazy("Channels"),
    "channels.Slot": gettext_lazy("Times at which channels publish"),
    "channels.ConnectLink": gettext_lazy("Links that let others connect a channel"),
    "channels.Portrait": gettext_lazy("Pictures of channels"),
    "channels.Revocation": gettext_lazy("Ended accesses"),
    "media.Media": gettext_lazy("Pictures and films"),
    "media.Folder": gettext_lazy("Folders of the library"),
    "media.Media_tags": gettext_lazy("Tags of pictures and films"),
    "media.Rendition": gettext_lazy("Their copies for networks"),
    "media.Upload": gettext_lazy("Uploads"),
    "posts.Post": gettext_lazy("Posts"),
    "posts.Post_channels": gettext_lazy("Choices of channels for posts"),
    "posts.Post_tags": gettext_lazy("Tags of posts"),
    "posts.Version": gettext_lazy("Earlier versions of posts"),
    "posts.Repeat": gettext_lazy("Posts that go out again"),
    "posts.Snippet": gettext_lazy("Templates, signatures and hashtags"),
    "posts.Item": gettext_lazy("Texts of posts"),
    "posts.Variant": gettext_lazy("Texts for single channels"),
    "deliveries.Delivery": gettext_lazy("Deliveries and their receipts"),
    "deliveries.Lane": gettext_lazy("Places in the queue"),
    "deliveries.Attempt": gettext_lazy("Tries to deliver"),
    "analytics.Meter": gettext_lazy("Channels whose numbers are read"),
    "analytics.Standing": gettext_lazy("Posts with their numbers"),
    "analytics.Series": gettext_lazy("Numbers of posts and profiles"),
    "analytics.Measurement": gettext_lazy("Readings of those numbers"),
    "analytics.ReportLink": gettext_lazy("Links that let others read a report"),
    "analytics.ReportMail": gettext_lazy("Reports by mail"),
    "analytics.ReportReader": gettext_lazy("Readers of reports by mail"),
    "inbox.Listener": gettext_lazy("Channels whose messages are read"),
    "inbox.Conversation": gettext_lazy("Conversations in the inbox"),
    "inbox.Message": gettext_lazy("Messages of others"),
    "inbox.Answer": gettext_lazy("Answers to them"),
    "inbox.Note": gettext_lazy("Notes about conversations"),
}


@dataclass(frozen=True)
class Line:
    """One kind of thing that is held."""

    word: str | Promise
    count: int


class SwitchesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may object to."""

    mailed = forms.BooleanField(
        label=gettext_lazy("Send me mails about my posts"),
        required=False,
        help_text=gettext_lazy("Off: only mails that keep your login safe, such as a link to a new password."),
    )
    watched = forms.BooleanField(
        label=gettext_lazy("Keep the address and browser of my sign-ins"),
        required=False,
        help_text=gettext_lazy(
            "They let you see a stranger. Off: kept of failed sign-ins only, and of a browser while it is signed in."
        ),
    )

    class Meta:
        model = User
        fields = ("mailed", "watched")


@login_required
def privacy_settings(request: HttpRequest) -> HttpResponse:
    """The page; its form holds the switches."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = SwitchesForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("privacy_settings")
    context = {
        "form": form,
        "lines": [Line(WORDS.get(table.model, table.model), count) for table, count in held(person)],
        "owned": Member.objects.filter(user=person, role="owner").select_related("workspace"),
        "days": settings().erase_days,
    }
    return render(request, "tidings/settings/privacy.html", context)


@require_POST
@login_required
def freeze(request: HttpRequest) -> HttpResponse:
    """Keep everything, process nothing."""
    verbs.freeze(_person(request))
    security.note("frozen", request)
    messages.success(request, _("Your data is frozen. Nothing is sent, asked or mailed until you go on."))
    return redirect("privacy_settings")


@require_POST
@login_required
def thaw(request: HttpRequest) -> HttpResponse:
    """Go on."""
    verbs.thaw(_person(request))
    security.note("thawed", request)
    messages.success(request, _("Everything goes on. What should have gone out meanwhile waits for your decision."))
    return redirect("privacy_settings")


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
