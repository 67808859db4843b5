"""API keys of a workspace: members make their own, for what they may do; whoever manages it sees and revokes all."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.core import clock
from tidings.settings import settings
from tidings.web.access import member_page, sure
from tidings.web.times import When, when
from tidings.workspaces import api_keys as verbs
from tidings.workspaces.members import Refused
from tidings.workspaces.models import ApiKey, Member
from tidings.workspaces.policy import may
from tidings.workspaces.security import note

NEW_KEY = "new_api_key"  # session: a key, shown once
SCOPE_WORDS = {
    "read": gettext_lazy("Look at channels, posts, media and the calendar"),
    "write": gettext_lazy("Write drafts, add and delete media"),
    "publish": gettext_lazy("Schedule, publish, take back"),
}
DAYS = (
    ("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("a year")),
    ("0", gettext_lazy("until somebody revokes it")),
)  # fmt: skip


class KeyForm(forms.Form):
    """What a key is called, may do, and how long: one box for each thing the member may."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What program it is for.")
    )
    days = forms.ChoiceField(label=gettext_lazy("Valid for"), choices=DAYS, initial="90")

    def __init__(self, *args: object, member: Member, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for verb in verbs.SCOPES:
            if may(member, verb):
                self.fields[verb] = forms.BooleanField(
                    label=SCOPE_WORDS[verb], required=False, initial=verb == "read"
                )
        self.order_fields(("name", *verbs.SCOPES, "days"))

    @property
    def scopes(self) -> list[str]:
        """The boxes that are ticked."""
        return [verb for verb in verbs.SCOPES if self.cleaned_data.get(verb)]

    def clean(self) -> None:
        """A key that may nothing is of no use."""
        if not self.scopes:
            self.add_error(None, _("Choose what it may do."))


@dataclass(frozen=True)
class Row:
    """A key as the page shows it."""

    made: ApiKey
    scopes: list[str]
    own: bool
    used: When | None
    ends: When | None
    ended: bool


@member_page("read")
@sure
def api_keys(request: HttpRequest, member: Member) -> HttpResponse:
    """The keys, and the form that makes one, which is shown once."""
    form = KeyForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid() and _made(request, member, form):
        return redirect("api_keys", slug=member.workspace.slug)
    context = {
        "form": form,
        "rows": [_row(key, member) for key in verbs.visible(member)],
        "token": request.session.pop(NEW_KEY, ""),
        "address": f"{settings().url}/api/v1/workspaces/{member.workspace.slug}/posts",
    }
    return render(request, "tidings/settings/keys.html", context)


def _made(request: HttpRequest, member: Member, form: KeyForm) -> bool:
    days = int(form.cleaned_data["days"])
    ends_at = clock.now() + timedelta(days=days) if days else None
    try:
        key, request.session[NEW_KEY] = verbs.make(member, form.cleaned_data["name"], form.scopes, ends_at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    note("key_made", request, about=key.name)
    return True


def _row(key: ApiKey, member: Member) -> Row:
    used, ends = (when(member.user, at) if at else None for at in (key.used_at, key.ends_at))
    words = [str(SCOPE_WORDS.get(verb, verb)) for verb in key.scopes]
    ended = key.ends_at is not None and key.ends_at <= clock.now()
    return Row(key, words, key.user_id == member.user_id, used, ends, ended)


@require_POST
@member_page("read")
def revoke_key(request: HttpRequest, member: Member, api_key: UUID) -> HttpResponse:
    """From here on it opens nothing. Whose it was finds it in their log."""
    row = get_object_or_404(ApiKey.objects.select_related("user"), pk=api_key, workspace=member.workspace_id)
    name, own, owner = row.name, row.user_id == member.user_id, row.user
    verbs.revoke(member, row)
    note("key_revoked", request if own else None, owner, about=name)
    messages.success(request, _("The key is revoked."))
    return redirect("api_keys", slug=member.workspace.slug)
