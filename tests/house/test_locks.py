"""What is installed is pinned by its hash, and no lock file says from which registry it comes."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))
REGISTRY = re.compile(r"https?://(?:[\w.-]*\.)?(?:pypi|pythonhosted|npmjs|yarnpkg|jsdelivr|unpkg)|--(?:extra-)?index-url")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_every_package_is_pinned_by_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+", entry)
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "frontend" / "package-lock.json"], ids=lambda p: p.name)
def test_no_lock_names_a_registry(lock: Path) -> None:
    assert not REGISTRY.search(lock.read_text())


def test_npm_packages_are_pinned_by_hash_and_without_an_address() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    installed = {name: entry for name, entry in packages.items() if name and not entry.get("inBundle")}
    assert installed
    loose = [name for name, entry in installed.items() if "resolved" in entry or not entry.get("integrity")]
    assert loose == []


def test_there_is_no_lock_that_records_addresses() -> None:
    assert not (ROOT / "uv.lock").exists()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    wanted = {re.split(r"[^a-z0-9-]", line.lower())[0] for line in asked}
    locked = set(re.findall(r"^([a-z0-9-]+)==", "\n".join(lock.read_text() for lock in LOCKS), re.M))
    assert wanted - locked == set()
