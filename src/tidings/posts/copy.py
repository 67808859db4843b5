"""Copy a post: everything it says, for a draft of its own. What is gone since it was written is left out."""

from dataclasses import replace
from datetime import datetime

from tidings.posts.compose import compose
from tidings.posts.content import draft_of, fitting
from tidings.posts.models import Post
from tidings.workspaces.models import Member


def duplicate(member: Member, post: Post) -> Post:
    """A new draft that says the same: variants, media, tags, note; meant for no time, and nothing of it is due."""
    return compose(member, replace(fitting(member.workspace, draft_of(post)), wish_at=None))


def again(member: Member, post: Post, at: datetime) -> Post:
    """The same for another time, as a copy that knows of what it is one."""
    made = compose(member, replace(fitting(member.workspace, draft_of(post)), wish_at=at))
    made.copy_of = post
    made.save(update_fields=["copy_of"])
    return made
