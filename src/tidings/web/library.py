"""The media library: a grid of everything that can be put into a post, and a page for each piece."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tidings.deliveries.calendar import first_words
from tidings.media import upload as tus
from tidings.media.models import Media
from tidings.media.remove import remove
from tidings.media.take import clean_name
from tidings.posts.draft import plain
from tidings.posts.uses import uses
from tidings.web.access import member_page
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may, require

PAGE = 60
KINDS = (
    ("", gettext_lazy("Everything")),
    ("picture", gettext_lazy("Pictures")),
    ("film", gettext_lazy("Films")),
    ("animation", gettext_lazy("Animations")),
)


class DescribeForm(forms.Form):
    """What people call it, and what it shows."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    alt = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("What somebody who cannot see it should know. New posts bring it along."),
    )


@dataclass(frozen=True)
class Shot:
    """One piece of media in the grid."""

    media: Media
    length: str


@member_page("read")
def library(request: HttpRequest, member: Member) -> HttpResponse:
    """The grid; `q` searches names and descriptions, `kind` narrows."""
    search, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    found = Media.objects.filter(workspace=member.workspace)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(alt__icontains=search))
    if kind:
        found = found.filter(kind=kind)
    if request.GET.get("alt") == "none":
        found = found.filter(alt="")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shots": [Shot(media, _length(media.seconds)) for media in page],
        "search": search,
        "kind": kind,
        "kinds": KINDS,
        "filtered": bool(search or kind or request.GET.get("alt")),
        "without_alt": Media.objects.filter(workspace=member.workspace, alt="").count(),
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/library.html", context)


def _length(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""


@require_POST
@member_page("write")
def upload(request: HttpRequest, member: Member) -> HttpResponse:
    """Files from a plain form; the page's script sends large ones piece by piece instead."""
    kept = sum(_taken(request, member, file) for file in request.FILES.getlist("file"))
    if kept:
        text = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", kept) % {"n": kept}
        messages.success(request, text)
    return redirect("media", slug=member.workspace.slug)


def _taken(request: HttpRequest, member: Member, file: "UploadedFile[bytes]") -> bool:
    """Whether the file could be kept; the reason why not is told."""
    name = file.name or "file"
    try:
        begun = tus.begin(member, name, file.size or 0)
        tus.append(begun, 0, file.chunks())
    except (tus.TooLarge, tus.Full):
        messages.error(request, _("%(name)s: there is no room for a file of this size.") % {"name": name})
        return False
    done = tus.finish(begun)
    if done.problem:
        messages.error(request, f"{name}: {_(done.problem)}")
    return done.media is not None


@member_page("read")
def piece(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """One piece: its description, and the posts it is in."""
    media = get_object_or_404(Media, pk=id, workspace=member.workspace)
    form = DescribeForm(request.POST or None, initial={"name": media.name, "alt": media.alt})
    if request.method == "POST":
        require(member, "write")
        if form.is_valid():
            media.name, media.alt = clean_name(form.cleaned_data["name"]), plain(form.cleaned_data["alt"])
            media.save(update_fields=("name", "alt"))
            messages.success(request, _("Saved."))
            return redirect("media_piece", slug=member.workspace.slug, id=id)
    found = uses(media).prefetch_related("items")[:20]
    context = {
        "media": media,
        "form": form,
        "length": _length(media.seconds),
        "posts": [(post.id, first_words([item.text for item in post.items.all()], 1)) for post in found],
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/media_piece.html", context)


@require_POST
@member_page("write")
def delete_piece(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Delete it and every copy, unless a post uses it."""
    media = get_object_or_404(Media, pk=id, workspace=member.workspace)
    if uses(media).exists():
        messages.error(request, _("A post uses this; take it out there first."))
        return redirect("media_piece", slug=member.workspace.slug, id=id)
    remove(media)
    messages.success(request, _("%(name)s is deleted.") % {"name": media.name})
    return redirect("media", slug=member.workspace.slug)
