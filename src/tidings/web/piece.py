"""One picture or film of the library: what it shows, where it is used, what each network gets of it, and its end."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.media import poster
from tidings.media.folders import trail, tree
from tidings.media.models import Folder, Media
from tidings.media.refuse import Refused as NoFrame
from tidings.media.take import clean_name
from tidings.posts.draft import plain
from tidings.posts.uses import InUse, let_go
from tidings.web.access import member_page
from tidings.web.piece_facts import about
from tidings.web.shots import asked, found
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, Tag
from tidings.workspaces.policy import may, require
from tidings.workspaces.tags import set_tags


class DescribeForm(forms.Form):
    """What people call it, what it shows, and where it is."""

    alt = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("What somebody who cannot see it should know. New posts bring it along."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=900, required=False,
        widget=forms.TextInput({"list": "tag-names", "autocomplete": "off"}),
        help_text=gettext_lazy("With commas between; a new word makes a new tag."),
    )
    folder = forms.ModelChoiceField(
        Folder.objects.none(), label=gettext_lazy("Folder"), required=False,
        empty_label=gettext_lazy("Media (in no folder)"),
    )

    def __init__(self, member: Member, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["folder"]
        field.queryset = Folder.objects.filter(workspace=member.workspace)  # type: ignore[attr-defined]
        field.choices = [("", field.empty_label)] + [  # type: ignore[attr-defined]
            (one.pk, f"{'– ' * depth}{one.name}") for depth, one in tree(member.workspace)
        ]


@member_page("read")
def piece(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Everything about one piece; its description, name, tags and folder can be changed."""
    media = get_object_or_404(Media, pk=id, workspace=member.workspace)
    form = DescribeForm(member, request.POST or None, initial={
        "name": media.name, "alt": media.alt, "folder": media.folder_id,
        "tags": ", ".join(tag.name for tag in media.tags.all()),
    })  # fmt: skip
    if request.method == "POST":
        require(member, "write")
        if form.is_valid() and _kept(request, media, form.cleaned_data):
            return redirect(request.get_full_path())
    what = asked(request, member)
    before, after = _beside(found(member, what), id)
    context = {
        "media": media, "form": form, "about": about(member, media), "asked": what, "before": before, "after": after,
        "trail": trail(media.folder), "may_write": may(member, "write"), "frames": poster.possible(),
        "tags": Tag.objects.filter(workspace=member.workspace),
    }  # fmt: skip
    return render(request, "tidings/library/piece.html", context)


def _kept(request: HttpRequest, media: Media, said: dict[str, Any]) -> bool:
    try:
        set_tags(media, said["tags"].split(","))
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    media.name, media.alt, media.folder = clean_name(said["name"]), plain(said["alt"]), said["folder"]
    media.save(update_fields=("name", "alt", "folder"))
    messages.success(request, _("Saved."))
    return True


def _beside(rows: QuerySet[Media], id: UUID) -> tuple[UUID | None, UUID | None]:
    """The pieces before and after it, as the library shows them just now."""
    ids = list(rows.values_list("pk", flat=True))
    if id not in ids:
        return None, None
    at = ids.index(id)
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


@require_POST
@member_page("write")
def frame(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Choose the frame, or the picture that the form brings, which stands for a film."""
    media = get_object_or_404(Media, pk=id, workspace=member.workspace)
    try:
        if file := request.FILES.get("picture"):
            poster.bring(member, media, file)
            messages.success(request, _("This picture stands for the film now."))
        else:
            poster.choose(member, media, float(request.POST.get("at", "")))
            messages.success(request, _("This frame stands for the film now."))
    except ValueError:
        messages.error(request, _("Say which frame, in seconds."))
    except NoFrame as refused:
        messages.error(request, _(refused.reason))
    return redirect("media_piece", slug=member.workspace.slug, id=id)


@require_POST
@member_page("write")
def delete_piece(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Delete it and every copy, unless a post uses it."""
    media = get_object_or_404(Media, pk=id, workspace=member.workspace)
    try:
        let_go(member, media)
    except InUse:
        messages.error(request, _("A post uses this; take it out there first."))
        return redirect("media_piece", slug=member.workspace.slug, id=id)
    messages.success(request, _("%(name)s is deleted.") % {"name": media.name})
    return redirect("media", slug=member.workspace.slug)
