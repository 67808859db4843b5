"""Our words for what networks count, and what each means; the networks' own definitions stand beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidings.networks.base import Network
from tidings.speech import translated

LABELS = {
    "impressions": _("Impressions"), "reach": _("Reach"), "views": pgettext_lazy("numbers", "Views"),
    "likes": _("Likes"), "comments": _("Comments"), "shares": _("Shares"), "saves": _("Saves"),
    "clicks": _("Clicks"), "watched": _("Seconds watched"), "followers": _("Followers"),
    "visits": _("Profile visits"), "engaged": _("Interactions"), "posts": _("Posts"),
}  # fmt: skip
MEANS = {
    "impressions": _("How often posts were shown."),
    "reach": _("How many people saw posts."),
    "views": _("How often posts or films were looked at."),
    "likes": _("Likes, favourites and other reactions."),
    "comments": _("Comments and answers."),
    "shares": _("Shares, reposts and quotes."),
    "saves": _("How often posts were saved for later."),
    "clicks": _("Clicks on links in posts."),
    "watched": _("How long films were watched, in seconds."),
    "followers": _("Profiles that follow."),
    "visits": _("How often the profile was opened."),
    "engaged": _("Likes, comments, shares and saves together, as far as a network tells them."),
    "posts": _("What went out in these days: each part of a thread, on each channel."),
}
SHAPES = {
    "words": _("Words alone"), "picture": _("One picture"), "pictures": _("Several pictures"), "film": _("Film"),
    "animation": _("Animation"), "sound": _("Sound"), "document": _("Document"),
}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """What one network means by a number."""

    network: str
    theirs: str
    means: str


def definitions(word: str, networks: Iterable[type[Network]]) -> list[Definition]:
    """What each of these networks means by one of our words, in the reader's language."""
    found = {network.name: network for network in networks}.values()
    return [
        Definition(network.label, metric.theirs, translated(metric.means))
        for network in found for metric in (*network.metrics, *network.crowd) if metric.ours == word
    ]  # fmt: skip


def told(value: float, signed: bool = False) -> str:
    """A number as people of this language write it."""
    text = number_format(abs(value), use_l10n=True, force_grouping=True)
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{text}"
