"""What pages say about networks that fetch pictures and films from here."""

from collections.abc import Iterable

from django import template

from tidings import networks
from tidings.media.reach import obstacle as plain
from tidings.settings import settings
from tidings.web.health_words import Shown

register = template.Library()


@register.filter
def fetches(name: str) -> bool:
    """Whether the network of this name fetches media from an address of ours."""
    speaks = networks.every().get(name)
    return speaks is not None and speaks.fetches


@register.filter
def any_fetches(rows: Iterable[Shown]) -> bool:
    """Whether one of these channels is connected to such a network."""
    return any(fetches(row.channel.network) for row in rows if row.condition != "disconnected")


@register.simple_tag
def obstacle() -> str:
    """Why nothing can be fetched from here, as far as that is plain; empty: it is not."""
    return plain()


@register.simple_tag
def our_address() -> str:
    """The address that networks fetch from."""
    return settings().url
