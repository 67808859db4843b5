"""One picture or film of the library: its description, the posts it is in, and its end."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.deliveries.calendar import first_words
from tidings.media.models import Media
from tidings.media.take import clean_name
from tidings.posts.draft import plain
from tidings.posts.uses import InUse, let_go, uses
from tidings.web.access import member_page
from tidings.web.library import spoken_length
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may, require


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
        "length": spoken_length(media.seconds),
        "posts": [(post.id, first_words([item.text for item in post.items.all()], 1)) for post in found],
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/media_piece.html", context)


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
