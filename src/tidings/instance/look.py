"""Look at the instance as `tidings doctor` does, and remember what was found until the next look."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.utils import translation

from tidings import outside
from tidings.core import clock
from tidings.core.replace import replace
from tidings.instance import checks
from tidings.instance.finding import Finding, public
from tidings.media import reach
from tidings.settings import settings


@dataclass(frozen=True)
class Looked:
    """What was found, and when; `reached`: whether our own public address answered, None: there is none to ask."""

    at: datetime
    findings: list[Finding]
    reached: bool | None = None

    @property
    def errors(self) -> int:
        """How many must be mended."""
        return sum(finding.level == "error" for finding in self.findings)


def look(reachable: Callable[[], bool | None] | None = None) -> Looked:
    """Take a look now. It asks the database, the bucket and our own public address, so it may take seconds."""
    with translation.override("en"):  # as the command says it: these sentences name settings and commands
        found = sorted(checks.found(), key=lambda finding: finding.level)
    taken = Looked(clock.now(), found, (reachable or _reachable)())
    replace(_file(), json.dumps({**asdict(taken), "at": taken.at.isoformat()}))
    return taken


def last() -> Looked | None:
    """The last one; None: nobody has looked yet."""
    try:
        said = json.loads(_file().read_text())
        findings = [Finding(**finding) for finding in said["findings"]]
        return Looked(clock.from_iso(said["at"]), findings, said["reached"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file() -> Path:
    return settings().home / "look.json"


def _reachable() -> bool | None:
    return not reach.look(outside.door()).findings if public() else None
