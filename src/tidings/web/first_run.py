"""The first person sets the instance up: their login, a workspace, a time zone. Open until somebody has."""

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tidings.privacy.operators import waits_for_the_first
from tidings.settings import settings
from tidings.web.forms import ZoneField
from tidings.workspaces.accounts import NotFirst, settle
from tidings.workspaces.models import User
from tidings.workspaces.security import arrived, note

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class FirstRunForm(forms.Form):
    """Who runs this instance, and the first workspace."""

    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, and none of the common ones."),
    )
    workspace = forms.CharField(
        label=_("Name of your workspace"),
        max_length=100,
        help_text=_("Your own name, your team's or your client's. You can change it later and add others."),
    )
    zone = ZoneField(help_text=_("The calendar tells the time of this zone."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["zone"].widget.attrs["data-browser-zone"] = ""

    def clean(self) -> dict[str, str]:
        """The password is judged beside the name and address it must not resemble."""
        kept = self.cleaned_data
        if "password" in kept:
            person = User(email=kept.get("email", ""), name=kept.get("name", ""))
            try:
                validate_password(kept["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return kept


def first_run(request: HttpRequest) -> HttpResponse:
    """The page; once somebody has registered it leads home, also when everybody has left since."""
    if not waits_for_the_first():
        return redirect("home")
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        try:
            user, workspace = settle(
                kept["email"], kept["password"], kept["name"], kept["workspace"], kept["zone"]
            )
        except NotFirst:
            return redirect("home")
        login(request, user, backend=BACKEND)
        record_authentication(request, user, "password", reauthenticated=True)
        note("signed_up", request, user)
        arrived(request, user)
        return redirect(f"/w/{workspace.slug}/calendar")
    return render(request, "tidings/first_run.html", {"form": form, "contact": settings().contact})
