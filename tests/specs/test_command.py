"""`tidings networks check`: what it prints, and when it fails."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tidings.commands import networks_check
from tidings.commands.cli import main
from tidings.commands.specs import known
from tidings.commands.specs.known import Known

TINY = {
    "info": {"version": "0.1"},
    "paths": {"/api/v1/statuses": {"post": {"requestBody": {"content": {"application/json": {"schema": {
        "type": "object", "properties": {"status": {"type": "string"}},
    }}}}}}},
}


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a description of one network that knows next to nothing."""
    (tmp_path / "tiny.json").write_text(json.dumps(TINY))
    row = Known("openapi", ("tiny.json",), ("https://{server}",))
    monkeypatch.setattr(known, "table", lambda: {"mastodon": row, "x": Known(none="it is prose")})
    return tmp_path


def test_the_command_tells_what_deviates_and_exits_with_1(specs: Path) -> None:
    done = CliRunner().invoke(main, ["networks", "check", "--specs", str(specs), "mastodon", "x"])
    assert done.exit_code == 1, done.output
    assert "tiny.json (0.1)" in done.output
    assert "mastodon: POST /api/v1/statuses: the field visibility is not known there (unknown field)." in done.output
    assert "x: no machine-readable spec (it is prose)." in done.output


def test_a_network_without_a_description_is_no_fault(specs: Path) -> None:
    assert CliRunner().invoke(main, ["networks", "check", "--specs", str(specs), "x"]).exit_code == 0


def test_a_folder_or_a_network_that_is_not_there_is_said(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = CliRunner().invoke(main, ["networks", "check", "--specs", str(specs), "nowhere"])
    assert "There is no network called nowhere." in unknown.output
    monkeypatch.setattr(networks_check, "folder", lambda: specs / "away")
    absent = CliRunner().invoke(main, ["networks", "check", "x"])
    assert (absent.exit_code, "There is no folder of specs" in absent.output) == (1, True)
    (specs / "tiny.json").unlink()
    gone = CliRunner().invoke(main, ["networks", "check", "--specs", str(specs), "mastodon"])
    assert "mastodon: the spec is not there: tiny.json." in gone.output


def test_without_the_test_requirements_it_says_what_is_missing(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.delitem(sys.modules, "tidings.commands.specs.openapi", raising=False)
    done = CliRunner().invoke(main, ["networks", "check", "--specs", str(specs), "mastodon"])
    assert done.exit_code == 1
    assert "Reading this spec needs yaml, one of the test requirements." in done.output
