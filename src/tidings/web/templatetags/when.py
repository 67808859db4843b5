"""What a page is told of the person's zone, so that its scripts reckon as the server does."""

from django import template

from tidings.core import zones

register = template.Library()


@register.filter
def changes(zone: str) -> str:
    """When this zone's clocks change; frontend/src/composer/when.ts reads it."""
    return zones.told(zones.zone(zone))
