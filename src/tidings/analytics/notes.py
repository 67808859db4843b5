"""What has to be known of a report's numbers before they are compared: page, PDF and mail say the same."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.analytics.report import Report


def notes(found: Report) -> list[str]:
    """What has to be known of the whole."""
    said = []
    if found.young:
        text = ngettext(
            "%(n)d post is younger than a week: its numbers still grow.",
            "%(n)d posts are younger than a week: their numbers still grow.", found.young,
        )  # fmt: skip
        said.append(text % {"n": found.young})
    if found.gone:
        text = ngettext(
            "%(n)d post was deleted at its network; it counts as it last stood.",
            "%(n)d posts were deleted at their networks; they count as they last stood.", found.gone,
        )  # fmt: skip
        said.append(text % {"n": found.gone})
    if found.scope.tag:
        said.append(_("Followers are those of whole channels, whatever their posts are tagged with."))
    return said
