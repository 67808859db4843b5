"""Refuse to begin over what a check found."""

from tidings.commands.start import Stop
from tidings.instance.finding import Check, Finding


def refuse(check: Check, warnings: bool = False) -> list[Finding]:
    """Raise Stop with the check's first error, or first warning when those are too much as well; else what it found."""
    found = list(check())
    for finding in found:
        if warnings or finding.level == "error":
            raise Stop(finding.sentence)
    return found
