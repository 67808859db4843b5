"""`tidings networks list`: what the program can publish to."""

import json

import click

from tidings import networks


def main(as_json: bool) -> None:
    """Every network with its documentation, its policy and when we last looked."""
    rows = [
        {
            "name": network.name, "label": network.label, "docs": network.docs, "policy": network.policy,
            "checked": network.checked.isoformat(), "connect": [way.label for way in network.connect],
        }
        for network in networks.every().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        ways = ", ".join(row["connect"])
        click.echo(f"{row['name']:12} {row['label']:12} checked {row['checked']}  {ways}")
