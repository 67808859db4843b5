"""The tables of the documentation made from the code: `python -m tests.house.docs --write` renews them."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from urllib.parse import urlsplit

import click
import django

import tests.home  # noqa: F401 -- Django is woken below, and wants a home
from tests.house import asvs
from tests.house.source import ROOT
from tidings import networks
from tidings.commands import networks as listed
from tidings.commands.cli import main as cli
from tidings.networks.base import Limits, Network
from tidings.settings import Settings


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def settings_table() -> str:
    """Every setting of an operator."""
    rows = (
        (f"`TIDINGS_{name.upper()}`", _code(str(field.default)), str(field.description))
        for name, field in Settings.model_fields.items()
    )
    return _table(("setting", "default", "what it does"), rows)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def commands_table() -> str:
    """Every command with its options."""
    return _table(("command", "what it does"), _commands("tidings", cli))


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands(f"{path} {name}", command.commands[name])
        return
    parts = [_usage(parameter) for parameter in command.params]
    yield f"`{' '.join([path, *filter(None, parts)])}`", (command.help or "").replace("\n", " ").strip()


def _usage(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        value = "" if parameter.is_flag else " " + (parameter.metavar or str(parameter.name).upper())
        return f"[{parameter.opts[0]}{value}]"
    word = parameter.metavar or str(parameter.name).upper()
    return word if parameter.required or word.startswith("[") else f"[{word}]"


def checks_table() -> str:
    """What `tidings doctor` looks at."""
    names = ("checks", "exposed", "kept", "media")
    checks, *more = (import_module(f"tidings.instance.{name}") for name in names)
    serving = {checks.database, checks.keys}.union(*(one.BEFORE_SERVING for one in more))  # the first two: migrate
    rows = (
        (f"`{check.__name__.replace('_', '-')}`", _first(check.__doc__), "yes" if check in serving else "")
        for check in checks.EVERY
    )
    return _table(("finding", "what should be so", "`serve` refuses"), rows)


def _first(doc: str | None) -> str:
    return (doc or "").strip().splitlines()[0]


def networks_table() -> str:
    """Every network, and what it takes."""
    rows = (_network(network) for network in networks.every().values())
    return _table(("network", "connect by", "text", "pictures and films", "checked"), rows)


def _network(network: type[Network]) -> tuple[str, ...]:
    limits = network.limits
    label = f"[{network.label}](docs/networks/{network.name}.md)"
    ways = ", ".join(way.label.lower() for way in network.connect)
    return label, ways, f"{limits.text} {limits.unit}", _takes(limits), network.checked.isoformat()


def _takes(limits: Limits) -> str:
    kinds = {"picture": limits.pictures, "animation": limits.animations, "film": limits.films}
    said = [f"{most} {kind}{'s' if most > 1 else ''}" for kind, most in kinds.items() if most]
    return (", " if limits.mixed else " or ").join(said)


def features_table() -> str:
    """What `tidings networks list` shows."""
    rows = ((f"[{row['label']}]({row['name']}.md)", *listed.cells(row)[1:]) for row in listed.rows())
    return f"{_table(listed.HEAD, rows)}\n\n{listed.summary()}"


PLACES = {"server", "url", "status", "numbers", "relays", "media", "webhook"}  # fields that name a place that is asked


def hosts_table() -> str:
    """Whom each network's file speaks to."""
    rows = (_hosts(network) for network in networks.every().values())
    return _table(("network", "hosts", "beside them"), rows)


def _hosts(network: type[Network]) -> tuple[str, str, str]:
    own = sorted({f"`{urlsplit(host).hostname}`" for host in network.hosts.values()})
    fields = (field for way in network.connect for field in way.fields if field.name in PLACES and not field.choices)
    named = dict.fromkeys(f"what is typed as “{field.label}”" for field in fields)
    return f"[{network.label}]({network.name}.md)", ", ".join(own), ", ".join(named)


TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("README.md", "networks"): networks_table,
    ("docs/networks/README.md", "features"): features_table,
    ("docs/networks/hosts.md", "hosts"): hosts_table,
    ("docs/running.md", "settings"): settings_table,
    ("docs/running.md", "commands"): commands_table,
    ("docs/running.md", "checks"): checks_table,
    ("docs/security.md", "asvs"): asvs.table,
}


def current(file: str, name: str) -> tuple[str, str]:
    """The file as it is, and as it would be with this table made anew."""
    text = (ROOT / file).read_text()
    begin, end = f"<!-- {name}: made by python -m tests.house.docs --write -->\n", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    return text, before + begin + TABLES[file, name]() + "\n" + end + rest.split(end)[1]


def write() -> None:
    """Renew every table."""
    for file, name in TABLES:
        (ROOT / file).write_text(current(file, name)[1])


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
    django.setup()
    write()
