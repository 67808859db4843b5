"""What Bluesky counts: its public view of all records, which anybody may ask without an account (app.bsky.*).

The account's own server keeps records and counts nothing. It could hand the question on, but only for a sign-in with
one more scope. https://docs.bsky.app/docs/api/app-bsky-feed-get-posts
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import http
from tidings.networks._atrepo import Repository
from tidings.networks.base import ask
from tidings.networks.declare import Rate
from tidings.networks.errors import Unsure
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt

METRICS = (
    Metric("likeCount", "likes", "Profiles that like the post."),
    Metric("replyCount", "comments", "Posts that answer it directly."),
    Metric("repostCount", "shares", "Profiles that reposted the post."),
    Metric("quoteCount", "shares", "Posts that quote it."),
    Metric("bookmarkCount", "saves", "Profiles that saved the post for themselves."),
)


class BlueskyNumbers(Repository):
    """What is counted of posts and profiles. `hosts` has `view`."""

    metrics = METRICS
    crowd = (Metric("followersCount", "followers", "Profiles that follow this one."),)
    counting = Counting(
        batch=25, reads=(Rate(3000, timedelta(minutes=5), "network"),),
        partial="Bluesky does not count how often a post is seen. Its own view counts, not that of other apps.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Posts that this view does not list may be hidden by moderation: only the account's own server says gone."""
        posts = self._viewed("feed.getPosts", [("uris", receipt.id) for receipt in receipts]).get("posts")
        if not isinstance(posts, list):
            raise Unsure("Something answered in place of Bluesky.")
        return {str(post["uri"]): numbers(post) for post in posts}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands."""
        profile = self._viewed("actor.getProfile", [("actor", self.did)])
        return [Reading("followersCount", int(profile["followersCount"]))]

    def _viewed(self, method: str, query: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Asked as anybody: no access leaves for a server that is not the account's own."""
        url = f"{self.hosts['view']}/xrpc/app.bsky.{method}?{urlencode(query)}"
        answer = ask(self.plain, http.Request("GET", url, self.purpose))
        self.judge(answer)
        body = answer.json()
        if not isinstance(body, dict):
            raise Unsure("Something answered in place of Bluesky.")
        return body


def numbers(post: Mapping[str, Any]) -> Numbers:
    """What a post says of itself; a count that is absent is not known."""
    return {one.theirs: int(post[one.theirs]) for one in METRICS if post.get(one.theirs) is not None}
