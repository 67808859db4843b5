"""`tidings keys …`: the key ring, and keys exchanged for fresh ones while everything runs.

Every step leaves everything readable, so a rotation that was interrupted is run again.
"""

import json
import time
from pathlib import Path

import click

from tidings.commands import migrate
from tidings.commands.start import Stop
from tidings.core import secrets
from tidings.core.replace import Busy, held
from tidings.privacy import reseal, rewrap
from tidings.settings import settings

AFTER = "Keep copies of keys.json and keys.backup.json elsewhere anew: the old ones do not open what is made now."


def main(as_json: bool) -> None:
    """Every key of the ring, and how many data keys it wraps."""
    migrate.look()
    counts, ring = rewrap.counted(), secrets.ring()
    rows = [{"key": name, "wraps": counts.get(name, 0), "newest": name == ring.last} for name in ring.keys]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['key']}  wraps {row['wraps']:,} data keys{', and those to come' if row['newest'] else ''}")


def rotate(values: bool, grace: int) -> None:
    """A fresh key-encryption key; with `values`, fresh data keys as well, and everything sealed anew."""
    migrate.look()
    try:
        with held(_file(), wait=False):
            if settings().keys:
                _rotate_given(values, grace)
            else:
                _rotate_file(values, grace)
    except Busy:
        raise Stop("Keys are being rotated already.") from None
    except secrets.CannotOpen as error:
        raise Stop(f"The rotation stopped, and everything is readable as before: {error}.") from None


def _file() -> Path:
    return settings().home / "keys.json"


def _rotate_file(values: bool, grace: int) -> None:
    """With more than one key in the ring, an earlier rotation was interrupted: it is gone on with."""
    ring = secrets.Ring.at(_file())
    if len(ring.keys) == 1:
        secrets.keep(ring.grown(), _file())
    changed = _in_passes(values, grace)
    secrets.keep(secrets.ring().only_last(), _file())
    click.echo(f"{changed:,} data keys are wrapped by key {secrets.ring().last}; the old one is gone. {AFTER}")


def _rotate_given(values: bool, grace: int) -> None:
    """The operator changes TIDINGS_KEYS, in two steps, with a restart after each."""
    ring = secrets.ring()
    if len(ring.keys) == 1:
        click.echo(ring.grown().text())
        step = "Set TIDINGS_KEYS to this for every process, restart, and run the command once more."
    else:
        changed = _in_passes(values, grace)
        click.echo(ring.only_last().text())
        step = f"{changed:,} data keys are wrapped by key {ring.last}. Set TIDINGS_KEYS to this and restart. {AFTER}"
    click.echo(step, err=True)


def _in_passes(values: bool, grace: int) -> int:
    """A moment before each pass: nobody goes on with a ring, or a row, that was read before the last one."""
    if values:
        reseal.begin()
    _wait(grace, "until every process knows the fresh keys")
    if values:
        reseal.turn()
    changed = _rewrap()
    _wait(grace, "until nobody holds what was read before")
    if values:
        reseal.finish()
        reseal.credentials()
    return changed + _rewrap()


def _rewrap() -> int:
    """Passes until one finds nothing."""
    changed = 0
    while found := rewrap.rewrap():
        changed += found
    return changed


def _wait(seconds: int, why: str) -> None:
    click.echo(f"Waiting {seconds} seconds, {why} …", err=True)
    time.sleep(seconds)
