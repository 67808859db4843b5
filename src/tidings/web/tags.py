"""The tags of a workspace: rename, recolour, merge, delete; in the settings, open to whoever writes."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.web.access import member_page
from tidings.workspaces import tags as verbs
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, Tag

COLOURS = (
    ("grey", gettext_lazy("Grey")), ("red", gettext_lazy("Red")), ("orange", gettext_lazy("Orange")),
    ("yellow", gettext_lazy("Yellow")), ("green", gettext_lazy("Green")), ("teal", gettext_lazy("Teal")),
    ("blue", gettext_lazy("Blue")), ("violet", gettext_lazy("Violet")), ("pink", gettext_lazy("Pink")),
)  # fmt: skip


class TagForm(forms.Form):
    """What a tag is called, and its colour."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=verbs.LONGEST)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=COLOURS)


@dataclass(frozen=True)
class Row:
    """A tag on the page, with the form that changes it and the others it may be merged into."""

    tag: Tag
    posts: int
    media: int
    form: TagForm
    others: list[Tag]


@member_page("write")
def tags(request: HttpRequest, member: Member) -> HttpResponse:
    """All of them, and a form for a new one."""
    form = TagForm(request.POST or None, initial={"colour": "blue"})
    if request.method == "POST" and form.is_valid():
        return _done(request, member, lambda: verbs.make(member, **form.cleaned_data), _("The tag is there."))
    return render(request, "tidings/settings/tags.html", {"form": form, "rows": _rows(member), "most": verbs.MOST})


def _rows(member: Member) -> list[Row]:
    counted = Tag.objects.annotate(n_posts=Count("posts", distinct=True), n_media=Count("media", distinct=True))
    found = list(counted.filter(workspace=member.workspace))
    return [
        Row(
            tag, tag.n_posts, tag.n_media,
            TagForm(initial={"name": tag.name, "colour": tag.colour}, auto_id=f"id_{tag.pk}_%s"),
            [other for other in found if other != tag],
        )
        for tag in found
    ]  # fmt: skip


@require_POST
@member_page("write")
def change_tag(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Another name or colour."""
    tag, form = _tag(member, id), TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A tag needs a name of at most 40 characters, and a colour."))
        return redirect("tags", slug=member.workspace.slug)
    return _done(request, member, lambda: verbs.change(member, tag, **form.cleaned_data), _("Saved."))


@require_POST
@member_page("write")
def merge_tag(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Into the other one."""
    tag = _tag(member, id)
    into = Tag.objects.filter(workspace=member.workspace, pk__in=_uuid(request.POST.get("into", ""))).first()
    said = _("“%(one)s” is now part of “%(other)s”.") % {"one": tag.name, "other": into}
    return _done(request, member, lambda: verbs.merge(member, tag, into or tag), said)


@require_POST
@member_page("write")
def delete_tag(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Off everything."""
    tag = _tag(member, id)
    return _done(request, member, lambda: verbs.remove(member, tag), _("The tag is deleted."))


def _tag(member: Member, id: UUID) -> Tag:
    return get_object_or_404(Tag, pk=id, workspace=member.workspace)


def _uuid(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _done(request: HttpRequest, member: Member, act: Callable[[], object], said: str) -> HttpResponse:
    """Back to the list, which says that it was done, or why not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("tags", slug=member.workspace.slug)
