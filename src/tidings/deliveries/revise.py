"""Revise: change a post and keep its schedule true. What is scheduled must stay fit to be sent."""

from django.db import transaction

from tidings.core import clock
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member


@transaction.atomic
def revise(member: Member, draft: Draft, post: Post, revision: int | None) -> Post:
    """Compose, then give new channels and parts their deliveries; raises what compose and schedule raise."""
    kept = compose(member, draft, post, revision)
    waiting = kept.deliveries.filter(state="waiting", post__stage="approved").order_by("item__position", "due_at")
    first = waiting.first()
    if first and kept.channels.exists():
        schedule(member, kept, max(first.due_at, clock.now()))
        kept.refresh_from_db()
    return kept
