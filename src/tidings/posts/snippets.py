"""Snippets: words that are written often. A template is a whole draft with places to fill, written {{like this}}; some
fill themselves, the others are asked for when it is used."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tidings.posts.content import as_json, fitting, from_json
from tidings.posts.draft import Draft, ItemDraft, plain, tidy
from tidings.posts.models import Snippet
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

MOST = 200  # of a workspace
NAME, TEXT = 60, 5_000  # characters
PLACE = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
THEMSELVES = ("date", "weekday", "time", "workspace")  # places that fill themselves
KINDS = tuple(kind for kind, _label in Snippet.KINDS)


@dataclass(frozen=True)
class Said:
    """What a snippet is to be. `draft` of a template; without one its text becomes the only part of one."""

    kind: str
    name: str
    text: str = ""
    always: bool = False
    draft: Draft | None = None


@transaction.atomic
def make(member: Member, said: Said) -> Snippet:
    """Keep a new one; raises Refused, Invalid of the draft, Forbidden."""
    require(member, "write")
    if Snippet.objects.filter(workspace=member.workspace).count() >= MOST:
        raise Refused(_("A workspace keeps at most %(most)d of these. Delete some first.") % {"most": MOST})
    snippet = Snippet(workspace=member.workspace, by=member.user)
    _write(snippet, said)
    record(member, member.workspace_id, "made", "snippet", snippet.pk, kind=snippet.kind)
    return snippet


@transaction.atomic
def change(member: Member, snippet: Snippet, said: Said) -> Snippet:
    """Other words, another name; its kind stays. Raises what `make` raises."""
    require(member, "write")
    _write(snippet, replace(said, kind=snippet.kind))
    record(member, member.workspace_id, "changed", "snippet", snippet.pk, kind=snippet.kind)
    return snippet


@transaction.atomic
def remove(member: Member, snippet: Snippet) -> None:
    """Delete it; posts that it is in keep their words."""
    require(member, "write")
    gone, kind = snippet.pk, snippet.kind
    snippet.delete()
    record(member, member.workspace_id, "deleted", "snippet", gone, kind=kind)


def _write(snippet: Snippet, said: Said) -> None:
    name, text = " ".join(plain(said.name).split()), plain(said.text).strip("\n")
    if said.kind not in KINDS:
        raise Refused(_("Choose a template, a signature or hashtags."))
    if not 0 < len(name) <= NAME:
        raise Refused(_("It needs a name of at most %(most)d characters.") % {"most": NAME})
    if len(text) > TEXT or not (text.strip() or said.draft):
        raise Refused(_("It needs words, at most %(most)d characters.") % {"most": TEXT})
    snippet.kind, snippet.name, snippet.text, snippet.draft = said.kind, name, text, None
    snippet.always = said.always and said.kind == "signature"
    if said.kind == "template":
        snippet.draft = as_json(tidy(said.draft or _reworded(snippet, text)))
        snippet.text = snippet.draft["items"][0]["text"]
    if snippet.always:  # one is enough below every post
        Snippet.objects.filter(workspace=snippet.workspace_id, always=True).exclude(pk=snippet.pk).update(always=False)
    try:
        with transaction.atomic():
            snippet.save()
    except IntegrityError as taken:
        raise Refused(_("There is one called “%(name)s” already.") % {"name": name}) from taken


def rearranged(snippet: Snippet, parts: Iterable[tuple[int | None, str]]) -> Draft:
    """A template's draft with these parts: each with the words it has now, and the place it had, if it is not new. Its
    media, delay and variants come along; a part without words or media is none. Raises Refused."""
    before = from_json(snippet.draft) if snippet.draft else Draft(items=(ItemDraft(snippet.text),))
    said = (_part(before, place, text) for place, text in parts)
    items = tuple(item for item in said if item.text.strip() or item.media)
    if not items or any(len(item.text) > TEXT for item in items):
        raise Refused(_("It needs words, at most %(most)d characters.") % {"most": TEXT})
    return replace(before, items=items)


def _part(before: Draft, place: int | None, text: str) -> ItemDraft:
    known = before.items[place] if place is not None and place < len(before.items) else ItemDraft()
    return replace(known, text=plain(text).strip("\n"))


def _reworded(snippet: Snippet, text: str) -> Draft:
    """A template's draft with other words in its first part, new or as it was kept."""
    kept = Snippet.objects.filter(pk=snippet.pk).values_list("draft", flat=True).first()
    before = from_json(kept) if kept else Draft()
    return replace(before, items=(replace(before.items[0], text=text), *before.items[1:]))


def places(snippet: Snippet) -> list[str]:
    """The places of a template that somebody has to fill, each once, in their order."""
    draft = from_json(snippet.draft) if snippet.draft else Draft(items=(ItemDraft(snippet.text),))
    named = [name for text in _texts(draft) for name in PLACE.findall(text)]
    return [name for name in dict.fromkeys(named) if name.casefold() not in THEMSELVES]


def _texts(draft: Draft) -> Iterator[str]:
    for item in draft.items:
        yield item.text
        yield from (variant.text for variant in item.variants if variant.text is not None)


def used(member: Member, snippet: Snippet, values: Mapping[str, str]) -> Draft:
    """The template as a draft with its places filled; one that nobody filled stays to be seen."""
    require(member, "write")
    draft = from_json(snippet.draft) if snippet.draft else Draft(items=(ItemDraft(snippet.text),))
    draft = fitting(member.workspace, draft)
    return replace(draft, items=tuple(_filled_item(item, values) for item in draft.items))


def _filled_item(item: ItemDraft, values: Mapping[str, str]) -> ItemDraft:
    variants = tuple(
        replace(v, text=None if v.text is None else filled(v.text, values)) for v in item.variants
    )  # fmt: skip
    return replace(item, text=filled(item.text, values), variants=variants)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each {{place}} that has a value replaced by it."""
    return PLACE.sub(lambda found: values.get(found[1]) or values.get(found[1].casefold()) or found[0], text)
