"""Templates, signatures and hashtags of a workspace, in the settings; open to whoever writes."""

from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings.posts import snippets as verbs
from tidings.posts.compose import Invalid
from tidings.posts.draft import ITEMS, Draft
from tidings.posts.models import Snippet
from tidings.web.access import member_page
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member

KINDS = (
    ("template", gettext_lazy("Template")), ("signature", gettext_lazy("Signature")),
    ("hashtags", gettext_lazy("Hashtags")), ("reply", gettext_lazy("Saved reply")),
)  # fmt: skip
HEADINGS = (
    ("template", gettext_lazy("Templates")), ("signature", gettext_lazy("Signatures")),
    ("hashtags", gettext_lazy("Hashtags")), ("reply", gettext_lazy("Saved replies")),
)  # fmt: skip


class SnippetForm(forms.Form):
    """What it is called, and its words."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS, initial="template")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=verbs.NAME)
    text = forms.CharField(
        label=gettext_lazy("Words"), max_length=verbs.TEXT, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("In a template, {{date}}, {{weekday}}, {{time}} and {{workspace}} fill themselves; any "
                               "other {{place}} is asked for when it is used."),
    )  # fmt: skip
    always = forms.BooleanField(label=gettext_lazy("Below every new post (a signature)"), required=False)

    @property
    def said(self) -> verbs.Said:
        """As the verbs take it."""
        return verbs.Said(**self.cleaned_data)


@dataclass(frozen=True)
class Row:
    """One on the page, with the form that changes it."""

    snippet: Snippet
    form: SnippetForm
    parts: list[str]


@member_page("write")
def snippets(request: HttpRequest, member: Member) -> HttpResponse:
    """All of them, and a form for a new one."""
    form = SnippetForm(request.POST or None, initial={"kind": request.GET.get("kind", "template")})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.make(member, form.said)
        except (Refused, Invalid) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is kept."))
            return redirect("snippets", slug=member.workspace.slug)
    return render(request, "tidings/settings/snippets.html", {"form": form, "groups": _groups(member)})


def _groups(member: Member) -> list[tuple[str, str, list[Row]]]:
    rows = [_row(snippet) for snippet in Snippet.objects.filter(workspace=member.workspace)]
    return [(kind, str(label), [row for row in rows if row.snippet.kind == kind]) for kind, label in HEADINGS]


def _row(snippet: Snippet) -> Row:
    now = {"kind": snippet.kind, "name": snippet.name, "text": snippet.text, "always": snippet.always}
    form = SnippetForm(initial=now, auto_id=f"id_{snippet.pk}_%s")
    form.fields["kind"].widget = forms.HiddenInput()
    return Row(snippet, form, [item["text"] for item in snippet.draft["items"]] if snippet.draft else [snippet.text])


@require_POST
@member_page("write")
def change_snippet(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Other words, another name; of a template all its parts."""
    found, form = _snippet(member, id), SnippetForm(_first_as_text(request.POST))
    try:
        if form.is_valid():
            verbs.change(member, found, replace(form.said, draft=_rearranged(found, request.POST)))
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("It needs a name and words."))
    except (Refused, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("snippets", slug=member.workspace.slug)


def _first_as_text(posted: QueryDict) -> QueryDict:
    """A template's first words stand for it in lists."""
    known = posted.copy()
    known.setdefault("text", next((text for text in posted.getlist("part") if text.strip()), ""))
    return known


def _rearranged(snippet: Snippet, posted: QueryDict) -> Draft | None:
    """The parts of a template as they were sent: words, and the place each had before; a new one has none."""
    if snippet.kind != "template" or "part" not in posted:
        return None
    places = [int(place) if place in map(str, range(ITEMS)) else None for place in posted.getlist("was")]
    texts = posted.getlist("part")
    return verbs.rearranged(snippet, zip([*places, *[None] * len(texts)], texts, strict=False))


@require_POST
@member_page("write")
def delete_snippet(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Delete it."""
    verbs.remove(member, _snippet(member, id))
    messages.success(request, _("It is deleted. Posts keep their words."))
    return redirect("snippets", slug=member.workspace.slug)


def _snippet(member: Member, id: UUID) -> Snippet:
    return get_object_or_404(Snippet, pk=id, workspace=member.workspace)
