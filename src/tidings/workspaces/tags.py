"""Tags: words by which members sort posts and media. A name that nobody has used makes a new one, so that sorting never
waits for somebody to set it up; names are told apart whatever their case."""

import unicodedata
from collections.abc import Iterable
from typing import Any, NoReturn, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, Tag, Workspace
from tidings.workspaces.policy import require

MOST, MOST_OF_ONE = 200, 20  # tags of a workspace, and of one post or picture
LONGEST = 40  # characters


class Tagged(Protocol):
    """A post or a medium."""

    workspace: Any
    tags: Any


def tidy(names: Iterable[str]) -> tuple[str, ...]:
    """The names in one form, without their sign, each once and in their order; raises Refused."""
    clean = [_clean(name) for name in names]
    found = {same(name): name for name in reversed(clean) if name}
    kept = tuple(name for name in dict.fromkeys(found[same(name)] for name in clean if name))
    if len(kept) > MOST_OF_ONE:
        raise Refused(_("At most %(most)d tags at once.") % {"most": MOST_OF_ONE})
    if any(len(name) > LONGEST for name in kept):
        raise Refused(_("A tag has at most %(most)d characters.") % {"most": LONGEST})
    return kept


def same(name: str) -> str:
    """What two names have in common that are one tag."""
    return unicodedata.normalize("NFC", name.casefold())


def _clean(name: str) -> str:
    text = unicodedata.normalize("NFC", name.replace("\0", "").replace(",", " ").encode("utf-8", "ignore").decode())
    return " ".join(text.split()).removeprefix("#").strip()


@transaction.atomic
def named(workspace: Workspace, names: Iterable[str]) -> list[Tag]:
    """The tags of these names in their order; new ones are made. Raises Refused when there would be too many."""
    wanted = tidy(names)
    known = _known(workspace)
    fresh = [name for name in wanted if same(name) not in known]
    if fresh:
        if len(known) + len(fresh) > MOST:
            raise Refused(_("A workspace has at most %(most)d tags. Merge or delete some first.") % {"most": MOST})
        rows = [Tag(workspace=workspace, name=name, colour=_colour(len(known) + n)) for n, name in enumerate(fresh)]
        Tag.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may make the same one at this moment
        known = _known(workspace)
    return [known[same(name)] for name in wanted]


def set_tags(thing: Tagged, names: Iterable[str]) -> None:
    """These tags and no others; raises Refused."""
    thing.tags.set(named(thing.workspace, names))


def _known(workspace: Workspace) -> dict[str, Tag]:
    return {same(tag.name): tag for tag in Tag.objects.filter(workspace=workspace)}


def _colour(number: int) -> str:
    """A new tag's colour: each in turn, so that neighbours differ; grey is for whoever chooses it."""
    colours = Tag.COLOURS[1:]
    return colours[number % len(colours)]


@transaction.atomic
def make(member: Member, name: str, colour: str = "") -> Tag:
    """A tag that nothing has yet; the one of this name when there is one. Raises Refused, Forbidden."""
    require(member, "write")
    (tag,) = named(member.workspace, [name]) or _nameless()
    if colour in Tag.COLOURS and colour != tag.colour:
        tag.colour = colour
        tag.save(update_fields=["colour"])
    record(member, member.workspace_id, "made", "tag", tag.pk)
    return tag


@transaction.atomic
def change(member: Member, tag: Tag, name: str, colour: str) -> Tag:
    """Another name or colour, wherever it stands; raises Refused when another tag is called so."""
    require(member, "write")
    (clean,) = tidy([name]) or _nameless()
    if _known(member.workspace).get(same(clean), tag) != tag:
        raise Refused(_("There is a tag “%(name)s” already. Merge the two instead.") % {"name": clean})
    tag.name, tag.colour = clean, colour if colour in Tag.COLOURS else tag.colour
    try:
        with transaction.atomic():
            tag.save(update_fields=["name", "colour"])
    except IntegrityError as taken:
        raise Refused(_("There is a tag “%(name)s” already. Merge the two instead.") % {"name": clean}) from taken
    record(member, member.workspace_id, "changed", "tag", tag.pk)
    return tag


@transaction.atomic
def merge(member: Member, tag: Tag, into: Tag) -> Tag:
    """Whatever has the one has the other from now on, and the one is gone; raises Refused for one and the same."""
    require(member, "write")
    if tag.pk == into.pk or tag.workspace_id != into.workspace_id:
        raise Refused(_("Choose another tag to merge it into."))
    for things in (tag.posts, tag.media):
        for thing in things.exclude(tags=into):
            thing.tags.add(into)
    gone = tag.pk
    tag.delete()
    record(member, member.workspace_id, "merged", "tag", gone, into=str(into.pk))
    return into


@transaction.atomic
def remove(member: Member, tag: Tag) -> None:
    """Take it off everything; posts and media stay."""
    require(member, "write")
    gone = tag.pk
    tag.delete()
    record(member, member.workspace_id, "deleted", "tag", gone)


def _nameless() -> NoReturn:
    raise Refused(_("A tag needs a name."))
