"""`tidings new-network NAME`: everything a network is made of, complete and working, to be changed into a real one."""

import keyword
import re
from pathlib import Path
from string import Template

import click

from tidings.commands.start import Stop
from tidings.core import clock
from tidings.networks import NOT_NETWORKS

SCAFFOLD = Path(__file__).with_name("scaffold")
CHECKOUT = Path(__file__).parents[3]
FILES = {  # the template, and where it goes
    "network.py.txt": "src/tidings/networks/{name}.py",
    "simulator.py.txt": "src/tidings/simulators/{name}.py",
    "page.md.txt": "docs/networks/{name}.md",
    "icon.svg.txt": "src/tidings/web/static/networks/{name}.svg",
    "test.py.txt": "tests/networks/test_{name}.py",
}
LONGEST = 20  # letters of a name; the lines of the templates leave room for that many


def main(name: str) -> None:
    """Write the files into the checkout that the program runs from; raises Stop, and writes nothing, if it cannot."""
    _fits(name)
    places = {CHECKOUT / place.format(name=name): SCAFFOLD / template for template, place in FILES.items()}
    _free(list(places))
    words = _words(name)
    for place, template in places.items():
        with place.open("x", encoding="utf-8") as file:
            file.write(Template(template.read_text(encoding="utf-8")).substitute(words))
        click.echo(place.relative_to(CHECKOUT))
    click.echo(f"Now: .venv/bin/python -m pytest tests/contract tests/networks tests/analytics tests/house -k {name}")


def _fits(name: str) -> None:
    plain = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) and len(name) <= LONGEST
    if not plain or keyword.iskeyword(name) or name in NOT_NETWORKS:
        raise Stop(f"{name!r} cannot name a network: take up to {LONGEST} small letters, digits and _, as a module.")


def _free(places: list[Path]) -> None:
    if not all(place.parent.is_dir() for place in places):
        raise Stop(f"{CHECKOUT} is no checkout of the source: a network is added to one, not to what is installed.")
    there = [str(place.relative_to(CHECKOUT)) for place in places if place.exists()]
    if there:
        raise Stop(f"{', '.join(there)}: already there.")


def _words(name: str) -> dict[str, str]:
    label, today = name.replace("_", " ").title(), clock.now().date()
    return {
        "name": name, "label": label, "Class": label.replace(" ", ""),
        "today": f"{today.year}, {today.month}, {today.day}", "today_words": f"{today.day} {today:%B %Y}",
    }
