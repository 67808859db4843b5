"""How pages say who, when and how much: a browser by its name, a moment by the person's own clock, bytes in units."""

from datetime import datetime
from typing import Any

from django import template

from tidings.web.instance.shown import weight
from tidings.web.times import when
from tidings.workspaces.browsers import browser_name

register = template.Library()
register.filter(browser_name)
register.filter(weight)


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime) -> str:
    """A moment in the person's zone and clock."""
    return when(context["user"], at).text
