"""Every network that has a machine-readable description, against it."""

from pathlib import Path

import pytest

from tests.conftest import SHARED
from tidings import networks
from tidings.commands.specs import known, verdict

SPECS = SHARED / "specs"
DESCRIBED = [name for name, row in known.table().items() if row.format and name in networks.every()]


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_a_network_sends_is_what_it_publishes_about_itself(name: str) -> None:
    if not SPECS.is_dir():
        pytest.skip("the networks' published specs are not beside this checkout")
    found = verdict.judge(name, SPECS)
    assert found.wrong == ()
    assert found.compared


@pytest.mark.parametrize("name", known.table())
def test_the_table_says_how_a_description_is_read_or_why_there_is_none(name: str) -> None:
    row = known.table()[name]
    assert bool(row.format and row.files) != bool(row.none)
    assert not row.format or (Path(known.__file__).parent / f"{row.format}.py").exists()


@pytest.mark.parametrize("name", known.table())
def test_every_excuse_has_a_reason_and_a_source(name: str) -> None:
    for excuse in known.table()[name].excuses:
        assert len(excuse.reason) > 20
        assert excuse.source.startswith("https://")
