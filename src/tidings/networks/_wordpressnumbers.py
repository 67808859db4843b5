"""What a WordPress site counts of an article: its comments. Views are a matter of plugins, each with an API."""

from collections.abc import Mapping, Sequence

from tidings.networks._wordpressapi import Gone, NoRoute, WordPressApi
from tidings.networks.errors import Rejected
from tidings.networks.metrics import Counting, Metric, Numbers
from tidings.networks.seam import Receipt


class WordPressNumbers(WordPressApi):
    """A site has no limit of its own for requests; hosts have, and none says which."""

    metrics = (Metric("comments", "comments", "Comments on the article that the site has approved."),)
    counting = Counting(
        calls=2, partial="WordPress counts comments only; it does not know how often an article was read.",
    )

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """The article first: of one that is not there, a site says that it has no comments."""
        (receipt,) = receipts
        place = receipt.extra.get("place", "/wp/v2/posts")
        try:
            article = self.at(f"{place}/{receipt.id}", context="edit", _fields="id,status")
            if self.call("GET", article).json()["status"] == "trash":
                return {receipt.id: None}
        except Gone:
            return {receipt.id: None}
        total = self._comments(receipt.id)
        return {receipt.id: {"comments": int(total)}} if total.isdigit() else {}

    def _comments(self, article: str) -> str:
        """How many there are stands in a header, beside the first of them."""
        asked = self.at("/wp/v2/comments", post=article, per_page="1", _fields="id")
        try:
            return self.call("GET", asked).headers.get("x-wp-total", "")
        except NoRoute:
            raise Rejected("This site shows programs no comments, so there is nothing to count.") from None
