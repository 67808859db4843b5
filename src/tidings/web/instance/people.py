"""The people of the instance, one of them, and what an operator does with a login."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from tidings.instance import operate
from tidings.instance.operate import Operator
from tidings.instance.people import Person, people, person
from tidings.privacy.operators import another
from tidings.settings import settings
from tidings.web.access import operator_page
from tidings.web.instance.shown import figure, maybe, number, size
from tidings.web.times import when
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, User

GIGABYTE = 10**9


class RoomForm(forms.Form):
    """How much one person's pictures and films may take."""

    room = forms.DecimalField(
        label=gettext_lazy("Limit in GB"), required=False, min_value=0, max_value=1_000_000, decimal_places=3,
        help_text=gettext_lazy("Empty: as the instance says. 0: nothing more can be brought."),
    )  # fmt: skip

    def clean_room(self) -> int | None:
        """In bytes."""
        said = self.cleaned_data["room"]
        return None if said is None else int(said * GIGABYTE)


@operator_page
def users(request: HttpRequest, user: User) -> HttpResponse:
    """Everybody, or those whom a search finds."""
    search, page = request.GET.get("q", "")[:200], request.GET.get("page", "")
    found = people(search, int(page) if page.isdecimal() else 1)
    context = {
        "found": found, "count": number(found.count), "search": search, "registration": settings().registration,
        "rows": [_shown(one, user) for one in found.rows],
    }  # fmt: skip
    return render(request, "tidings/instance/users.html", context)


def _shown(one: Person, user: User) -> dict[str, Any]:
    room = size(one.kept) if one.most is None else _("%(n)s of %(all)s") % {"n": size(one.kept), "all": size(one.most)}
    return {
        "id": one.id, "name": one.name or one.email, "email": one.email, "joined": when(user, one.joined_at),
        "seen": spelled(one.seen, pgettext("date format", "j M Y")) if one.seen else "–",
        "workspaces": figure(one.workspaces), "room": room,
        "full": one.full, "nearly_full": one.nearly_full, "operator": one.operator,
        "active": one.active, "frozen": one.frozen,
        "leaving": maybe(user, one.leaving_at), "own_most": one.own_most,
    }  # fmt: skip


@operator_page
def user_page(request: HttpRequest, user: User, id: UUID) -> HttpResponse:
    """One person, and what can be done."""
    one = person(id)
    if one is None:
        raise Http404
    whole = User.objects.get(pk=id)
    most = "" if whole.storage is None else f"{whole.storage / GIGABYTE:.3f}".rstrip("0").rstrip(".")
    spaces = Member.objects.filter(user=id).select_related("workspace").order_by("workspace__name")
    context = {
        "one": _shown(one, user), "form": RoomForm(initial={"room": most}), "myself": one.id == user.pk,
        "last_operator": one.operator and not another(whole), "days": settings().erase_days, "mail": settings().mail,
        "memberships": [(member.workspace.name, member.get_role_display()) for member in spaces],
        "everybody": size(settings().storage) if settings().storage else "",
    }  # fmt: skip
    return render(request, "tidings/instance/user.html", context)


@require_POST
@operator_page
def act(request: HttpRequest, user: User, id: UUID, act: str) -> HttpResponse:
    """Do one of operate.ACTS."""
    if act not in operate.ACTS:
        raise Http404
    return _done(request, id, lambda other: operate.ACTS[act](Operator(user, request), other), _(operate.DONE[act]))


@require_POST
@operator_page
def set_room(request: HttpRequest, user: User, id: UUID) -> HttpResponse:
    """Set how much room this person has."""
    form = RoomForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["room"][0]))
        return redirect("instance_user", id=id)
    most = form.cleaned_data["room"]
    return _done(request, id, lambda other: operate.set_room(Operator(user, request), other, most), _("Saved."))


@require_POST
@operator_page
def erase(request: HttpRequest, user: User, id: UUID) -> HttpResponse:
    """Begin the same erasure as they could ask for."""
    typed = request.POST.get("typed", "")[:254]
    done = _("Everything of theirs stands still and goes after the days of grace. They are told, and can take it back.")
    return _done(request, id, lambda other: operate.erase(Operator(user, request), other, typed), done)


def _done(request: HttpRequest, id: UUID, do: Any, said: str) -> HttpResponse:
    other = get_object_or_404(User, pk=id)
    if person(id) is None:
        raise Http404
    try:
        do(other)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("instance_user", id=id)
