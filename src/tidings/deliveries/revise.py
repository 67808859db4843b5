"""Revise: change a post and keep its schedule true. What is scheduled must stay fit to be sent."""

from dataclasses import replace

from django.db import transaction

from tidings.deliveries.schedule import keep_schedule
from tidings.posts.compose import Draft, compose
from tidings.posts.content import fitting, from_json
from tidings.posts.models import Post, Version
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member


@transaction.atomic
def revise(member: Member, draft: Draft, post: Post, revision: int | None, apart: bool = False) -> Post:
    """Compose, then give new channels and parts their deliveries; raises what compose and schedule raise."""
    before = set(post.channels.values_list("id", flat=True))
    kept = compose(member, draft, post, revision, apart)
    if kept.stage == "approved":
        keep_schedule(member, kept, set(draft.channels) - before)
        kept.refresh_from_db()
        record(member, member.workspace_id, "revised", "post", kept.pk, revision=kept.revision)
    return kept


@transaction.atomic
def restore(member: Member, post: Post, version: Version) -> Post:
    """Let the post say again what this version says, as a new revision; its time and its schedule stay. What is gone
    since then is left out. Raises what revise raises."""
    draft = replace(fitting(member.workspace, from_json(version.draft)), wish_at=post.wish_at)
    return revise(member, draft, post, None, apart=True)
