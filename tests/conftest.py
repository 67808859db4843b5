"""What every test may ask for: simulators served on loopback, a door that leads to them, a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tidings import networks, simulators
from tidings.core.http import Door
from tidings.simulators.base import Simulator

SHARED = Path(__file__).parents[2] / "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a database, in whatever way, so that `./test postgres` finds it."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"db", "transactional_db"} or item.get_closest_marker("django_db"):
            item.add_marker("database")


class Town(dict[str, Simulator]):
    """The simulators by network name, each fresh for the test, and where they are served."""

    url: str


@pytest.fixture
def town() -> Iterator[Town]:
    """Fresh simulators of every network, served on loopback over real HTTP."""
    port = simulators.free_port()
    made = Town(simulators.every(f"http://127.0.0.1:{port}"))
    made.url = f"http://127.0.0.1:{port}"
    real = {name: one.hosts for name, one in networks.every().items()}
    for name, one in made.items():
        networks.lead(name, one.hosts())
    with simulators.serving(made, port):
        yield made
    for name, hosts in real.items():
        networks.lead(name, hosts)


@pytest.fixture
def door(town: Town) -> Door:
    """A door that may reach the simulators."""
    return Door(private=[town.url.removeprefix("http://")])
