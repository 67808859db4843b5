"""The audit log of a workspace: to read, to filter, and to take along as CSV or JSON."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidings import networks
from tidings.channels.models import Channel
from tidings.posts.models import Post
from tidings.web.access import member_page
from tidings.web.times import When, when, zone_of
from tidings.workspaces.audit import ACTS, last, said, verify
from tidings.workspaces.models import AuditEntry, Member, User

PAGE = 50
LOOKED_AT = 1000  # entries whose chain a page goes through; `tidings doctor` goes through all
NOBODY = "program"
ROLES = dict(Member.ROLES)


class Filter(forms.Form):
    """Which entries."""

    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    act = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Q(memberships__workspace=member.workspace_id)
        once = Q(pk__in=AuditEntry.objects.filter(workspace=member.workspace_id).order_by().values("who"))
        people = User.objects.filter(here | once).distinct().order_by("name", "email")
        named = [(str(user.pk), str(user)) for user in people]
        self.fields["who"].choices = [("", _("Everybody")), *named, (NOBODY, _("The program"))]  # type: ignore[attr-defined]
        acts = [(f"{thing}.{verb}", words) for (thing, verb), words in ACTS.items()]
        self.fields["act"].choices = [("", _("Everything")), *acts]  # type: ignore[attr-defined]

    def entries(self, member: Member) -> QuerySet[AuditEntry]:
        """Those, the newest first; all of them when the filter makes no sense."""
        found = AuditEntry.objects.filter(workspace=member.workspace_id)
        return found.filter(**self._asked(member.user)) if self.is_valid() else found

    def _asked(self, user: User) -> dict[str, Any]:
        asked, told = {}, self.cleaned_data
        if told["who"]:
            asked["who"] = None if told["who"] == NOBODY else told["who"]
        if told["act"]:
            asked["thing"], asked["verb"] = told["act"].split(".")
        if told["since"]:
            asked["at__gte"] = datetime.combine(told["since"], time(), zone_of(user))
        if told["until"]:
            asked["at__lt"] = datetime.combine(told["until"] + timedelta(days=1), time(), zone_of(user))
        return asked


@dataclass(frozen=True)
class Row:
    """One entry as the page shows it."""

    number: int
    words: str
    who: str
    at: When
    about: str
    url: str
    details: str


@dataclass(frozen=True)
class Chain:
    """What a look at the newest entries found."""

    first: int
    last: int
    broken: int | None
    hash: str


@member_page("manage")
def audit(request: HttpRequest, member: Member) -> HttpResponse:
    """The newest first; `as`: all that the filter lets through, in that form."""
    form = Filter(request.GET or None, member=member)
    entries = form.entries(member)
    if request.GET.get("as") in FORMS:
        return _carried(request.GET["as"], member, entries)
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": _rows(list(page), member),
        "chain": _chain(member),
        "query": urlencode([(name, value) for name, value in request.GET.items() if name not in ("page", "as")]),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "tidings/settings/audit.html", context)


def _chain(member: Member) -> Chain | None:
    newest = last(member.workspace_id)
    if newest is None:
        return None
    after = max(newest.number - LOOKED_AT, 0)
    return Chain(after + 1, newest.number, verify(member.workspace_id, after), newest.hash)


def _rows(entries: list[AuditEntry], member: Member) -> list[Row]:
    names = _names(entries, member)
    here = Post.objects.filter(workspace=member.workspace_id, pk__in=_ids(map(_post, entries)))
    posts = {str(pk) for pk in here.values_list("pk", flat=True)}
    return [_row(entry, member, names, posts) for entry in entries]


def _names(entries: list[AuditEntry], member: Member) -> dict[str, str]:
    """What people and channels are called that are still here, by their ids."""
    ids = {str(entry.who) for entry in entries} | {entry.thing_id for entry in entries if entry.thing == "member"}
    channels = {entry.thing_id for entry in entries if entry.thing == "channel"}
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=_ids(ids))}
    here = Channel.objects.filter(workspace=member.workspace_id, pk__in=_ids(channels))
    return people | {str(channel.pk): channel.handle for channel in here}


def _ids(said: Iterable[str]) -> set[UUID]:
    """Those that are ids: whoever tampers with a log does not break its page."""
    found = set()
    for text in said:
        with suppress(ValueError):
            found.add(UUID(text))
    return found


def _post(entry: AuditEntry) -> str:
    return entry.thing_id if entry.thing == "post" else str(entry.details.get("post", ""))


def _row(entry: AuditEntry, member: Member, names: dict[str, str], posts: set[str]) -> Row:
    who = names.get(str(entry.who), _("A former member")) if entry.who else _("The program")
    post = _post(entry)
    return Row(
        number=entry.number,
        words=str(ACTS.get((entry.thing, entry.verb), f"{entry.thing}.{entry.verb}")),
        who=who,
        at=when(member.user, entry.at),
        about=_about(entry, names),
        url=reverse("post", args=(member.workspace.slug, post)) if post in posts else "",
        details=" · ".join(_details(entry)),
    )


def _about(entry: AuditEntry, names: dict[str, str]) -> str:
    if entry.thing == "member" and str(entry.who) != entry.thing_id:
        return names.get(entry.thing_id, _("a former member"))
    speaks = networks.every().get(str(entry.details.get("network", "")))
    return names.get(entry.thing_id) or (speaks.label if speaks else "") if entry.thing in ("channel", "app") else ""


def _details(entry: AuditEntry) -> Iterator[str]:
    told = entry.details
    if "before" in told:
        yield f"{ROLES.get(told['before'], told['before'])} → {ROLES.get(told['role'], told['role'])}"
    elif "role" in told:
        yield str(ROLES.get(told["role"], told["role"]))
    if told.get("everywhere"):
        yield _("for the whole instance")
    if "key" in told:
        yield _("by an API key")


def _carried(form: str, member: Member, entries: QuerySet[AuditEntry]) -> HttpResponse:
    """The oldest first, each with its hash: enough to go through the chain elsewhere."""
    lines, kind = FORMS[form]
    rows = (said(entry) | {"hash": entry.hash} for entry in entries.order_by("number").iterator(2000))
    answer = StreamingHttpResponse(lines(rows), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="audit-{member.workspace.slug}.{form}"'
    return answer  # type: ignore[return-value]


def _json(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{json.dumps(row, sort_keys=True)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


class _Line:
    """What csv writes into, to have each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    line = csv.writer(_Line())
    yield str(line.writerow(COLUMNS))
    for row in rows:
        yield str(line.writerow([json.dumps(row[name]) if name == "details" else row[name] for name in COLUMNS]))


COLUMNS = ("number", "at", "who", "verb", "thing", "thing_id", "details", "workspace", "before", "hash")
FORMS = {"json": (_json, "application/json"), "csv": (_csv, "text/csv; charset=utf-8")}
