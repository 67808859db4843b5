"""Steps at a network, so that what must be typed or ticked there stands out of the sentence."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
LITERAL = re.compile(r"https?://[^\s<&]*[^\s<&.,;]|\b[a-z]+(?:[_:.][a-z]+)*_[a-z_]+\b")


@register.filter
def marked(step: str) -> SafeString:
    """The step with addresses and names of rights set as code."""
    safe = LITERAL.sub(lambda found: f'<code class="code">{found[0]}</code>', conditional_escape(step))
    return mark_safe(safe)  # noqa: S308 - escaped above
