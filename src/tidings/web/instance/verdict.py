"""Whether all is well with the instance, in one sentence, and what to do first when it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidings.instance.look import Looked
from tidings.speech import translated
from tidings.web.instance.shown import BAD, LOOK, Vital


@dataclass(frozen=True)
class Verdict:
    """The sentence, in the colour of its kind, and the first step; empty: there is none to take."""

    kind: str
    said: str
    step: str = ""


def verdict(vitals: Sequence[Vital], looked: Looked | None) -> Verdict:
    """The worst of what stands on the page: first the figures, which are of now, then what the last look found."""
    for kind, state, level, said in (
        ("error", BAD, "error", _("Something must be mended.")),
        ("warning", LOOK, "warning", _("Posts go out. Something deserves a look.")),
    ):
        steps = [f"{one.title}: {one.text}" for one in vitals if one.state == state]
        steps += [translated(one.sentence) for one in looked.findings if one.level == level] if looked else []
        if steps:
            return Verdict(kind, said, steps[0])
    return Verdict("success", _("All is well."), _("Posts go out, and nothing must be mended."))
