"""A network is complete: code, simulator, page of documentation, icon, policy, and the day we last looked."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.house.source import ROOT, SRC
from tidings import networks, simulators

NAMES = sorted(networks.every())
LEAST = 34  # how many there are; only raised


def test_there_are_networks() -> None:
    assert len(NAMES) >= LEAST


@pytest.mark.parametrize("name", NAMES)
def test_a_network_has_a_simulator(name: str) -> None:
    assert simulators.every("http://127.0.0.1")[name].name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_network_has_a_page_of_documentation(name: str) -> None:
    page = (ROOT / "docs" / "networks" / f"{name}.md").read_text()
    assert networks.get(name).label in page.splitlines()[0]
    assert networks.get(name).policy in page


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_network_says_when_its_documentation_was_last_looked_at(name: str) -> None:
    page = " ".join((ROOT / "docs" / "networks" / f"{name}.md").read_text().split())
    day = networks.get(name).checked
    assert f"{day.day} {day:%B %Y}" in page or day.isoformat() in page


@pytest.mark.parametrize("name", NAMES)
def test_what_is_peculiar_to_a_network_is_tested_beside_its_name(name: str) -> None:
    assert "def test_" in (ROOT / "tests" / "networks" / f"test_{name}.py").read_text()


def test_the_folders_of_networks_hold_nothing_that_belongs_to_none() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "networks").glob("*.md")} - {"README", "hosts"}
    icons = {path.stem for path in (SRC / "web" / "static" / "networks").glob("*.svg")} - {"default"}
    assert (pages, icons) == (set(NAMES), set(NAMES))
    assert set(simulators.every("")) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_network_has_a_small_icon_that_loads_nothing(name: str) -> None:
    icon = (SRC / "web" / "static" / "networks" / f"{name}.svg").read_text()
    assert icon.startswith("<svg")
    assert len(icon) < 2000
    assert not any(word in icon for word in ("<script", "<style", "style=", "href", "<image"))


@pytest.mark.parametrize("name", NAMES)
def test_a_network_links_to_its_documentation_and_policy_over_https(name: str) -> None:
    network = networks.get(name)
    for link in (network.docs, network.policy):
        assert urlsplit(link).scheme == "https"
        assert urlsplit(link).hostname


@pytest.mark.parametrize("name", NAMES)
def test_a_network_says_when_its_documentation_was_last_looked_at(name: str) -> None:
    assert date(2026, 1, 1) <= networks.get(name).checked


@pytest.mark.parametrize("name", NAMES)
def test_a_network_is_named_as_its_file(name: str) -> None:
    assert networks.get(name).__module__ == f"tidings.networks.{name}"
