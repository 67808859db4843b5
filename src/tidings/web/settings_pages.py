"""A person's own settings: profile, security, where they are signed in."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.web.forms import ZoneField
from tidings.web.look import languages
from tidings.workspaces.models import Member, User
from tidings.workspaces.security import note

DAYS = (
    (0, gettext_lazy("Monday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
)
THEMES = (
    ("system", gettext_lazy("As the system")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
)
CLOCKS = ((True, gettext_lazy("24 hours (18:30)")), (False, gettext_lazy("12 hours (6:30 p.m.)")))


def _to_bool(value: object) -> bool:
    return str(value) == "True"


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the program addresses a person and tells them the time."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages)
    zone = ZoneField()
    clock24 = forms.TypedChoiceField(label=gettext_lazy("Clock"), choices=CLOCKS, coerce=_to_bool)
    week_starts = forms.TypedChoiceField(label=gettext_lazy("Week starts on"), choices=DAYS, coerce=int)
    theme = forms.ChoiceField(label=gettext_lazy("Colours"), choices=THEMES)
    single_keys = forms.BooleanField(
        label=gettext_lazy("Keys of one letter lead to pages (press ? to see them)"), required=False
    )

    class Meta:
        model = User
        fields = ("name", "language", "zone", "clock24", "week_starts", "theme", "single_keys")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """The page."""
    person = get_object_or_404(
        User, pk=request.user.pk
    )  # not request.user, which a refused form would colour
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        return redirect("profile")
    mine = Member.objects.filter(user=person).select_related("workspace").order_by("workspace__name")
    return render(request, "tidings/settings/profile.html", {"form": form, "memberships": mine})


@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, passkeys, sessions and address, each with its state and its page."""
    kinds = list(Authenticator.objects.filter(user=request.user.pk).values_list("type", flat=True))
    sessions = UserSession.objects.purge_and_list(request.user)
    context = {
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "session_count": len(sessions),
    }
    return render(request, "tidings/settings/security.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """Sign one of the person's browsers out."""
    found = get_object_or_404(UserSession, pk=session, user=request.user.pk)
    if found.is_current():
        return redirect("account_logout")
    found.end()
    note("session_ended", request)
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")
