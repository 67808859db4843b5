"""`tidings new-network`: what it writes works as it is, and when it cannot write everything it writes nothing."""

import re
import shutil
from pathlib import Path

import pytest

from tests.checkout import Checkout
from tests.house.source import ROOT
from tidings.commands import new_network
from tidings.commands.start import Stop

PIECES = {
    "src/tidings/networks/quayside.py", "src/tidings/simulators/quayside.py", "docs/networks/quayside.md",
    "src/tidings/web/static/networks/quayside.svg", "tests/networks/test_quayside.py",
}


@pytest.fixture(scope="module")
def quayside(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout to which a network has been added, and what mypy knows of it already."""
    made = Checkout.made(tmp_path_factory.mktemp("quayside"))
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", made.root / ".mypy_cache")
    done = made.tidings("new-network", "quayside")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bare folders of a checkout, in which the command believes to be."""
    for place in new_network.FILES.values():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(new_network, "CHECKOUT", tmp_path)
    return tmp_path


def says(root: Path, name: str) -> str:
    """The sentence with which it ends; nothing has been written."""
    before = {path: path.read_text() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(Stop) as stop:
        new_network.main(name)
    assert {path: path.read_text() for path in root.rglob("*") if path.is_file()} == before
    return str(stop.value.message)


WRONG = ["", "Harbour", "my-net", "9gag", "_family", "net__two", "class", "base", "a" * 21, "../x", "naïve", "x\n"]


@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_no_module_could_have_is_refused(root: Path, name: str) -> None:
    assert "cannot name a network" in says(root, name)


@pytest.mark.parametrize("place", new_network.FILES.values())
def test_where_one_file_is_in_the_way_nothing_is_written(root: Path, place: str) -> None:
    there = place.format(name="quay")
    (root / there).write_text("somebody's")
    assert says(root, "quay") == f"{there}: already there."


def test_what_is_installed_without_its_source_gets_no_network(root: Path) -> None:
    shutil.rmtree(root / "docs")
    assert "no checkout of the source" in says(root, "quay")


def test_a_name_of_two_words_is_written_as_classes_and_people_do(root: Path) -> None:
    new_network.main("north_quay")
    written = (root / "src/tidings/networks/north_quay.py").read_text()
    assert "class NorthQuay(" in written
    assert '"north_quay", "North Quay"' in written


def test_it_writes_all_that_a_network_is_made_of(quayside: Checkout) -> None:
    assert {path for path in quayside.files() if "quayside" in path} == PIECES


@pytest.mark.parametrize("tool", [("ruff", "check"), ("mypy",)], ids=" ".join)
def test_what_it_writes_is_clean(quayside: Checkout, tool: tuple[str, ...]) -> None:
    done = quayside.python("-m", *tool, *sorted(path for path in PIECES if path.endswith(".py")))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_writes_is_short(quayside: Checkout) -> None:
    lines = {path: len((quayside.root / path).read_text().splitlines()) for path in PIECES}
    assert lines["src/tidings/networks/quayside.py"] <= 150
    assert max(lines.values()) <= 200


def test_what_it_writes_passes_the_tests_of_networks_as_it_is(quayside: Checkout) -> None:
    house = ("tests/house/test_networks.py", "tests/house/test_words.py")
    suites = ("tests/contract", "tests/networks", "tests/analytics/test_curve.py", *house)
    done = quayside.python("-m", "pytest", "-p", "no:cacheprovider", *suites, "-k", "quayside or named or identifier")
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.findall(r"(\d+) passed", done.stdout)[-1]) > 80
