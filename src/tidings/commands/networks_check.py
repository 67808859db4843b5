"""`tidings networks check`: what our requests make of the networks' own descriptions of their interfaces."""

from pathlib import Path

import click

from tidings import networks
from tidings.commands.specs import verdict
from tidings.commands.start import Stop

ROOT = Path(__file__).parents[3]  # of the project, when it runs from its source


def folder() -> Path:
    """Where the specs lie beside the project."""
    return ROOT.parent / "shared" / "specs"


def main(names: tuple[str, ...], specs: Path | None) -> None:
    """Rehearse and compare each network; exits with 1 when something deviates."""
    place = specs or folder()
    if not place.is_dir():
        raise Stop(f"There is no folder of specs at {place}; name one with --specs.")
    wrong = 0
    for name in names or tuple(networks.every()):
        wrong += _check(name, place)
    raise SystemExit(1 if wrong else 0)


def _check(name: str, place: Path) -> int:
    """Print one network's verdict; how much is wrong."""
    if name not in networks.every():
        raise Stop(f"There is no network called {name}.")
    try:
        found = verdict.judge(name, place)
    except FileNotFoundError as missing:
        click.echo(f"{name}: the spec is not there: {missing}.")
        return 1
    except ModuleNotFoundError as missing:
        raise Stop(f"Reading this spec needs {missing.name}, one of the test requirements.") from None
    for line in verdict.lines(found):
        click.echo(line)
    return len(found.wrong)
