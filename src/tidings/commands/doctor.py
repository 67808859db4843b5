"""`tidings doctor`: what is wrong with this instance, or will be."""

import json
from dataclasses import asdict

import click

from tidings.instance import checks


def main(as_json: bool) -> None:
    """Report every finding; exits with 1 when one of them is an error."""
    found = checks.found()
    healthy = all(finding.level != "error" for finding in found)
    if as_json:
        click.echo(json.dumps({"healthy": healthy, "findings": [asdict(f) for f in found]}, indent=2))
    else:
        for finding in found:
            click.echo(f"{finding.level:8} {finding.name:13} {finding.sentence}")
        click.echo("Nothing must be mended." if healthy else "What says error must be mended.")
    raise SystemExit(0 if healthy else 1)
