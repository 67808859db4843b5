"""`tidings networks list`: every network with what it has, what it needs, and how long its file is."""

import json
from pathlib import Path

import pytest

from tests.house.source import SRC
from tidings import networks
from tidings.commands import networks as listed

ROWS = {row["name"]: row for row in listed.rows()}


def lines(name: str) -> int:
    return len((SRC / "networks" / f"{name}.py").read_text().splitlines())


def test_every_network_is_there_in_the_order_of_labels() -> None:
    assert list(ROWS) == list(networks.every())


def test_what_a_network_has_is_what_it_does_more_than_the_bare_contract() -> None:
    for name, row in ROWS.items():
        speaks = networks.get(name)
        assert {"publish", *(f for f in ("find", "recent", "delete", "edit") if speaks.has(f))} <= set(row["has"])
        assert ("present" in row["has"]) == speaks.reads_free


def test_a_file_and_the_family_it_stands_on_are_counted_apart() -> None:
    row = ROWS["bluesky"]
    assert row["lines"] == lines("bluesky")
    assert {"_atclient", "_atproto", "_atrepo"} <= set(row["family"])
    assert row["family_lines"] == sum(map(lines, row["family"]))


def test_what_an_operator_must_see_to_is_told() -> None:
    assert (ROWS["x"]["needs"], ROWS["mastodon"]["needs"]) == (["app"], [])


def test_the_table_has_a_line_for_each_and_ends_with_median_and_largest(capsys: pytest.CaptureFixture[str]) -> None:
    listed.main(as_json=False)
    head, *rows, last = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["network", "lines"]
    assert [row.split()[0] for row in rows] == list(ROWS)
    longest = max(ROWS, key=lambda name: lines(name))
    assert last.startswith(f"{len(ROWS)} networks; median ")
    assert last.endswith(f"largest {lines(longest)} ({longest}).")


def test_programs_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    listed.main(as_json=True)
    assert json.loads(capsys.readouterr().out) == list(ROWS.values())


def test_a_family_is_followed_to_its_end_and_ends_where_it_began(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from tidings.networks import _a\nfrom tidings.networks.base import Network\n")
    (tmp_path / "_a.py").write_text("from tidings.networks._b import that\n")
    (tmp_path / "_b.py").write_text("from tidings.networks import _a\n")
    assert {path.stem for path in listed._family(tmp_path / "one.py")} == {"_a", "_b"}
