"""Tell whoever runs the instance what must be mended: a check that has turned red, a backup that is missing.

Of each they are told once, until it was well again; `red.json` of the home folder says since when it is not.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from tidings.core import clock
from tidings.core.replace import replace
from tidings.instance.backups import OLD, backups
from tidings.instance.look import Looked, last, look
from tidings.notifications.tell import Occasion, tell_operators
from tidings.settings import settings
from tidings.workspaces.models import User

STARTED = clock.now()
SETTLED = timedelta(minutes=2)  # before, our own address may not answer yet
EVERY = timedelta(hours=1)  # a look asks the bucket and our own address, too


def tell_red(now: datetime) -> int:
    """A chore: how many checks have turned red since the last look."""
    if now - STARTED < SETTLED:
        return 0
    seen, before = _look(now), _since()
    red = {finding.name for finding in seen.findings if finding.level == "error"}
    since = {name: before.get(name, seen.at) for name in sorted(red)}
    new = red - before.keys()
    tell_operators("doctor", [Occasion(name, None, f"{name}:{since[name]:%Y%m%dT%H}") for name in sorted(new)])
    if since != before:
        replace(_file(), json.dumps({name: at.isoformat() for name, at in since.items()}))
    return len(new)


def _look(now: datetime) -> Looked:
    """The last one, also that an operator asked for, unless it is too long ago."""
    seen = last()
    return look() if seen is None or abs(now - seen.at) >= EVERY else seen


def _since() -> dict[str, datetime]:
    """Since when each check is red of which they were told."""
    try:
        return {name: clock.from_iso(at) for name, at in json.loads(_file().read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _file() -> Path:
    return settings().home / "red.json"


def tell_old_backup(now: datetime) -> int:
    """A chore: 1 when none was made lately. A new instance has two days for its first one; a demo needs none."""
    seen = backups()
    young = not User.objects.filter(joined_at__lte=now - OLD).exists()
    if young or not seen.old or settings().demo:
        return 0
    mark = f"{seen.at:%Y%m%dT%H%M%S}" if seen.at else "never"
    tell_operators("backup", [Occasion("old", None, f"old:{mark}")])
    return 1


def tell_failed_backup(now: datetime) -> None:
    """It was tried just now, and there is none. Told once a day: it may be tried every few minutes."""
    tell_operators("backup", [Occasion("failed", None, f"failed:{now:%Y%m%d}")])
