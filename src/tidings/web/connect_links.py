"""Connect links as the members see them: make one, look how each stands, end it."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings import networks
from tidings.channels.credentials import entered
from tidings.channels.groups import groups
from tidings.channels.invite import LONGEST, SHORTEST, USUAL, NoLink, end_link, make_link, maker
from tidings.channels.models import ConnectLink
from tidings.core import clock
from tidings.settings import settings
from tidings.web.access import member_page
from tidings.web.networks import is_open
from tidings.web.times import When, when
from tidings.workspaces.models import Member, Workspace

SHOWN = 100


class LinkForm(forms.Form):
    """For whom, for which network, into which group, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("For whom"), max_length=100,
        help_text=gettext_lazy("So that you know it again. They do not see it."),
    )  # fmt: skip
    network = forms.ChoiceField(label=gettext_lazy("Network"), required=False)
    group = forms.CharField(
        label=gettext_lazy("Group"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
        help_text=gettext_lazy("The channel is put into it."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"), min_value=SHORTEST, max_value=LONGEST, initial=USUAL
    )

    def __init__(self, workspace: Workspace, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        kept = set(entered(workspace))
        named = [(one.name, one.label) for one in networks.every().values() if is_open(one, kept)]
        self.fields["network"].choices = [("", _("Whichever they choose")), *named]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """A link as the page shows it."""

    link: ConnectLink
    network: str
    word: str
    mark: str
    when: When
    open: bool


@member_page("connect")
def connect_links(request: HttpRequest, member: Member) -> HttpResponse:
    """Every link, and the form that makes one; its address is shown this once."""
    form, address = LinkForm(member.workspace, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, token = make_link(member, **form.cleaned_data)
        except NoLink as none:
            form.add_error(None, str(none))
        else:
            address = settings().url + reverse("connect_with", kwargs={"token": token})
            form = LinkForm(member.workspace)
    links = ConnectLink.objects.filter(workspace=member.workspace).select_related("by")[:SHOWN]
    rows, known = [_row(one, member) for one in links], groups(member.workspace)
    context = {"form": form, "address": address, "groups": known, "rows": rows}
    return render(request, "tidings/channels/links.html", context)


def _row(link: ConnectLink, member: Member) -> Row:
    speaks = networks.every().get(link.network)
    label, user = speaks.label if speaks else _("Any network"), member.user
    if link.used_at:
        return Row(link, label, _("Used"), "published", when(user, link.used_at), open=False)
    if link.ends_at <= clock.now():
        return Row(link, label, _("Ended"), "cancelled", when(user, link.ends_at), open=False)
    word, mark = (_("Open"), "scheduled") if maker(link) else (_("Its maker may not connect"), "held")
    return Row(link, label, word, mark, when(user, link.ends_at), open=True)


@require_POST
@member_page("connect")
def end_connect_link(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """It leads nowhere from now on."""
    end_link(member, get_object_or_404(ConnectLink, pk=id, workspace=member.workspace))
    messages.success(request, _("The link does not work any more."))
    return redirect("connect_links", slug=member.workspace.slug)
