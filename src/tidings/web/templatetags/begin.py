"""The first steps in a workspace, for the calendar."""

from typing import Any

from django import template

from tidings.web.begin import Step, steps

register = template.Library()


@register.simple_tag(takes_context=True)
def first_steps(context: dict[str, Any]) -> list[Step]:
    """What is still to be done, and what is done."""
    return steps(context["request"], context["member"])
