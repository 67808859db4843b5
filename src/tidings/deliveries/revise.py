"""Revise: change a post and keep its schedule true. What is scheduled must stay fit to be sent."""

from django.db import transaction

from tidings.deliveries.schedule import keep_schedule
from tidings.posts.compose import Draft, compose
from tidings.posts.models import Post
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member


@transaction.atomic
def revise(member: Member, draft: Draft, post: Post, revision: int | None) -> Post:
    """Compose, then give new channels and parts their deliveries; raises what compose and schedule raise."""
    before = set(post.channels.values_list("id", flat=True))
    kept = compose(member, draft, post, revision)
    if kept.stage == "approved":
        keep_schedule(member, kept, set(draft.channels) - before)
        kept.refresh_from_db()
        record(member, member.workspace_id, "revised", "post", kept.pk, revision=kept.revision)
    return kept
