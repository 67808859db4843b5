"""What two drafts say differently: the words of each part and channel, pictures, options, channels, tags. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from django.utils.translation import gettext as _

from tidings.posts.draft import Draft, ItemDraft, MediaUse, VariantDraft

WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|[^\w\s]")  # CJK by character
MOST = 4000  # words that are compared one by one; longer texts line by line
Names = Mapping[UUID, str] | None  # None: nobody reads them


@dataclass(frozen=True)
class Piece:
    """Words that both say (same), only the older one (gone), or only the newer one (new)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One thing that differs: of which kind, where, and how. `pieces` of a text, else `gone` and `new`."""

    kind: str
    where: str
    pieces: tuple[Piece, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How people call what changed."""
        return words_of(self.kind)


KINDS = ("text", "media", "options", "channels", "tags", "note", "parts", "delay")


def words_of(kind: str) -> str:
    """How people call a kind of change."""
    return {
        "text": _("Text"), "media": _("Pictures and films"), "options": _("Options"), "channels": _("Channels"),
        "tags": _("Tags"), "note": _("Note"), "parts": _("Parts"), "delay": _("Delay"),
    }[kind]  # fmt: skip


def kinds(older: Draft, newer: Draft) -> list[str]:
    """In short what differs, without reading every word."""
    found = {change.kind for change in _changes(older, newer, None, None, exact=False)}
    return [kind for kind in KINDS if kind in found]


def compare(older: Draft, newer: Draft, channels: Names, media: Names) -> list[Change]:
    """Everything that differs; channels and media by the names people know them by."""
    return list(_changes(older, newer, channels, media, exact=True))


def _changes(older: Draft, newer: Draft, channels: Names, media: Names, exact: bool) -> Iterator[Change]:
    for place in range(max(len(older.items), len(newer.items))):
        one = older.items[place] if place < len(older.items) else ItemDraft()
        other = newer.items[place] if place < len(newer.items) else ItemDraft()
        where = _("Part %(n)d") % {"n": place + 1} if max(len(older.items), len(newer.items)) > 1 else ""
        yield from _of_item(one, other, where, channels, media, exact)
    if len(older.items) != len(newer.items):
        yield Change("parts", "", gone=(str(len(older.items)),), new=(str(len(newer.items)),))
    named = [tuple(_name(id, channels) for id in draft.channels) for draft in (older, newer)]
    yield from _lists("channels", "", named[0], named[1])
    yield from _lists("tags", "", older.tags or (), newer.tags or ())
    if older.note != newer.note:
        yield Change("note", "", pieces=spell(older.note, newer.note) if exact else ())


def _of_item(
    one: ItemDraft, other: ItemDraft, where: str, channels: Names, media: Names, exact: bool
) -> Iterator[Change]:
    yield from _of_text(one.text, other.text, where, exact)
    yield from _of_media(one.media, other.media, where, media)
    if one.delay != other.delay:
        yield Change("delay", where, gone=(_minutes(one.delay),), new=(_minutes(other.delay),))
    for id in dict.fromkeys(variant.channel for item in (one, other) for variant in item.variants):
        before, after = (item.variant(id) or VariantDraft(id) for item in (one, other))
        there = " · ".join(filter(None, (where, _name(id, channels))))
        if before.text != after.text:
            said, says = (item.text if v.text is None else v.text for item, v in ((one, before), (other, after)))
            yield from _of_text(said, says, there, exact)
        if before.media != after.media:
            had, has = (item.media if v.media is None else v.media for item, v in ((one, before), (other, after)))
            yield from _of_media(had, has, there, media)
        if dict(before.options) != dict(after.options):
            yield from _lists("options", there, _options(before), _options(after))


def _of_text(one: str, other: str, where: str, exact: bool) -> Iterator[Change]:
    if one != other:
        yield Change("text", where, pieces=spell(one, other) if exact else ())


def _of_media(one: Sequence[MediaUse], other: Sequence[MediaUse], where: str, media: Names) -> Iterator[Change]:
    yield from _lists("media", where, _uses(one, media), _uses(other, media))


def _uses(uses: Sequence[MediaUse], media: Names) -> tuple[str, ...]:
    """Each with its description: another description is a change, too."""
    return tuple(f"{name} – {use.alt}" if use.alt else name for use in uses for name in (_name(use.id, media),))


def _lists(kind: str, where: str, one: Sequence[str], other: Sequence[str]) -> Iterator[Change]:
    gone, new = (tuple(name for name in a if name not in b) for a, b in ((one, other), (other, one)))
    if gone or new or (kind == "media" and tuple(one) != tuple(other)):
        yield Change(kind, where, gone=gone, new=new)


def _options(variant: VariantDraft) -> tuple[str, ...]:
    return tuple(f"{name.replace('_', ' ')}: {value}" for name, value in sorted(variant.options.items()))


def _minutes(seconds: int) -> str:
    return _("%(n)d min") % {"n": seconds // 60}


def _name(id: UUID, names: Names) -> str:
    return str(id) if names is None else names.get(id) or _("one that is gone")


def spell(one: str, other: str) -> tuple[Piece, ...]:
    """The words of two texts: what stayed, what went, what came."""
    parts = [WORDS.findall(text) for text in (one, other)]
    if sum(map(len, parts)) > MOST:
        parts = [text.splitlines(keepends=True) for text in (one, other)]
    a, b = parts
    found: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > MOST).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(a[i:j])))
            continue
        found += [Piece(how, text) for how, text in (("gone", "".join(a[i:j])), ("new", "".join(b[k:m]))) if text]
    return tuple(found)
