"""Compose: keep what somebody wrote. Every save is a new revision; what is out already cannot be changed."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.media.models import Media
from tidings.posts.draft import Draft, Invalid, ItemDraft, MediaUse, VariantDraft, tidy
from tidings.posts.models import Item, Post, Variant
from tidings.posts.outgoing import said_by, said_in
from tidings.posts.versions import begin, keep
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require
from tidings.workspaces.tags import set_tags

__all__ = [
    "Busy",
    "Conflict",
    "Draft",
    "Invalid",
    "ItemDraft",
    "MediaUse",
    "VariantDraft",
    "compose",
    "discard",
]

OUT = Q(state__in=("delivered", "unsure")) | Q(state="failed", journal__has_key="commit")  # it is out, or may be


class Conflict(Exception):
    """Somebody saved since; `revision` is the one that is kept."""

    def __init__(self, revision: int) -> None:
        super().__init__(_("Somebody else has saved this post since you opened it."))
        self.revision = revision


class Busy(Exception):
    """It is being sent just now."""

    def __init__(self) -> None:
        super().__init__(_("This post is being published just now. Try again in a moment."))


@transaction.atomic
def compose(
    member: Member, draft: Draft, post: Post | None = None, revision: int | None = None, apart: bool = False
) -> Post:
    """Keep the draft as a post, new or changed; raises Invalid, Conflict, Busy, or policy.Forbidden. `apart`: as a
    version of its own, however young the last one is."""
    require(member, "write")
    draft = tidy(draft)
    channels = _belonging(member, draft)
    if post is None:
        post = Post.objects.create(
            workspace=member.workspace, author=member.user, wish_at=draft.wish_at, note=draft.note
        )
        _write(post, draft, channels)
        keep(member, post)
        record(member, member.workspace_id, "created", "post", post.pk)
        return post
    return _change(member, draft, channels, post, revision, apart)


@transaction.atomic
def discard(member: Member, post: Post) -> None:
    """Delete a post of which nothing is out, or may be; raises Busy or Invalid."""
    require(member, "write")
    post = locked(post)
    if post.stage == "approved":
        require(member, "publish")
    if post.deliveries.filter(OUT).exists():
        raise Invalid({"post": _("Some of this post is out. What the networks have is not deleted from here.")})
    id = post.pk
    post.delete()
    record(member, member.workspace_id, "deleted", "post", id)


def _change(
    member: Member, draft: Draft, channels: dict[UUID, Channel], post: Post, revision: int | None, apart: bool
) -> Post:
    post = locked(post)
    if revision is not None and revision != post.revision:
        raise Conflict(post.revision)
    if post.stage == "approved":
        require(member, "publish")
    _keep_what_is_out(post, draft, channels)
    begin(post)
    post.revision += 1
    post.wish_at, post.note, post.changed_at = draft.wish_at, draft.note, clock.now()
    post.save(update_fields=("revision", "wish_at", "note", "changed_at"))
    _write(post, draft, channels)
    keep(member, post, apart)
    _forget_old_work(post, channels)
    return post


def locked(post: Post) -> Post:
    """The post and its deliveries, held until the transaction ends; raises Busy when one is on its way."""
    found = Post.objects.select_for_update().filter(pk=post.pk).first()
    if found is None:
        raise Invalid({"post": _("This post is not there any more.")})
    under_way = found.deliveries.select_for_update().exclude(state__in=("delivered", "cancelled")).order_by("id")
    if any(delivery.on_its_way for delivery in under_way):
        raise Busy
    return found


def _belonging(member: Member, draft: Draft) -> dict[UUID, Channel]:
    """The draft's channels in its order; raises Invalid for things of other workspaces."""
    found = {c.id: c for c in Channel.objects.filter(workspace=member.workspace, id__in=draft.channels)}
    if len(found) != len(draft.channels):
        raise Invalid({"channels": _("One of these channels is not in this workspace.")})
    wanted = draft.media_ids()
    if Media.objects.filter(workspace=member.workspace, id__in=wanted).count() != len(wanted):
        raise Invalid({"media": _("One of these pictures or films is not in the library any more.")})
    return {id: found[id] for id in draft.channels}


def _write(post: Post, draft: Draft, channels: dict[UUID, Channel]) -> None:
    """What is said, where, and under which tags; raises Invalid for tags that cannot be."""
    _write_items(post, draft)
    post.channels.set(channels.values())
    try:
        if draft.tags is not None:
            set_tags(post, draft.tags)
    except Refused as refused:
        raise Invalid({"tags": str(refused)}) from refused


def _write_items(post: Post, draft: Draft) -> None:
    """Rows are kept by position, so that deliveries keep theirs."""
    named = {v.channel for item in draft.items for v in item.variants}
    known = set(Channel.objects.filter(workspace=post.workspace_id, id__in=named).values_list("id", flat=True))
    post.items.filter(position__gte=len(draft.items)).delete()
    for position, said in enumerate(draft.items):
        item, _made = Item.objects.update_or_create(
            post=post,
            position=position,
            defaults={"text": said.text, "media": [use.row() for use in said.media], "delay": said.delay},
        )
        item.variants.all().delete()
        Variant.objects.bulk_create(_variants(item, said, known))


def _variants(item: Item, said: ItemDraft, known: set[UUID]) -> Iterable[Variant]:
    """Also of channels not chosen just now: unticking a channel must not lose its text."""
    for variant in said.variants:
        differs = variant.text is not None or variant.media is not None or variant.options
        if differs and variant.channel in known:
            media = None if variant.media is None else [use.row() for use in variant.media]
            yield Variant(
                item=item,
                channel_id=variant.channel,
                text=variant.text,
                media=media,
                options=dict(variant.options),
            )


def _keep_what_is_out(post: Post, draft: Draft, channels: dict[UUID, Channel]) -> None:
    """Raises Invalid when the draft says something else than what a network already has, or may have."""
    fixed = post.deliveries.filter(OUT).select_related("item", "channel")
    for delivery in fixed.prefetch_related("item__variants"):
        item, channel = delivery.item, delivery.channel
        place = f"items.{item.position}"
        if channel.id not in channels or item.position >= len(draft.items):
            raise Invalid({place: _("This is out on %(channel)s and stays in the post.") % {"channel": channel}})
        if said_by(item, channel) != said_in(draft.items[item.position], channel):
            raise Invalid({place: _("This is out on %(channel)s and can no longer be changed.") % {"channel": channel}})


def _forget_old_work(post: Post, channels: dict[UUID, Channel]) -> None:
    """What was uploaded for the old revision does not count; channels that were taken away get nothing."""
    open_ones = post.deliveries.filter(state__in=("waiting", "held", "failed")).exclude(journal__has_key="commit")
    open_ones.exclude(channel__in=channels.values()).update(state="cancelled", journal={}, reason="")
    open_ones.update(journal={})
