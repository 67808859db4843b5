"""No sentence of the privacy policy without a test that proves it, and no proof that is not there."""

import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import ROOT, modules
from tests.policy.proofs import PROOFS
from tidings.commands.proofs.sealed import WAYS
from tidings.privacy.datamap import TABLES
from tidings.privacy.policy import IDS, SECTIONS, policy
from tidings.web.privacy import document


@cache
def written() -> dict[str, set[str]]:
    """The functions of every module of tests, by its path."""
    return {module.path: {function.name for function in module.functions()} for module in modules("tests")}


def of_policy() -> list[str]:
    return sorted(name for path, names in written().items() if path.startswith("tests/policy/test_") for name in names)


def _named_by(id: str) -> list[str]:
    return [name for name in of_policy() if name.startswith(f"test_{id.replace('.', '_')}_")]


@pytest.mark.parametrize("id", IDS)
def test_every_sentence_of_the_policy_has_a_test_named_by_it(id: str) -> None:
    assert _named_by(id)


def test_no_test_is_named_by_a_sentence_that_is_not_there() -> None:
    named = {found[1] for name in of_policy() if (found := re.match(r"test_(\d_[a-z]+)_", name))}
    assert named == {id.replace(".", "_") for id in IDS}


@pytest.mark.parametrize("proof", sorted({proof for proofs in PROOFS.values() for proof in proofs}))
def test_every_proof_exists(proof: str) -> None:
    path, _, wanted = proof.partition("::")
    assert [name for name in written().get(path, ()) if name.startswith("test_") and fnmatch(name, wanted)], proof


def test_the_table_of_proofs_has_every_sentence_and_no_other() -> None:
    assert list(PROOFS) == list(IDS)
    assert len(IDS) == len(set(IDS)) == sum(map(len, SECTIONS.values()))


def test_prove_looks_at_every_sealed_column_of_the_data_map() -> None:
    sealed = {f"{table.model}.{column}" for table in TABLES for column in table.sealed.split()}
    assert set(WAYS) == sealed


def test_every_sentence_is_looked_at_by_prove() -> None:
    folder = Path(ROOT, "src/tidings/commands/proofs")
    said = "\n".join(path.read_text() for path in folder.glob("*.py"))
    assert [id for id in IDS if f'Proof("{id}"' not in said and f'"{id}"' not in said] == []


def test_every_field_of_the_policy_for_programs_is_explained(db: None) -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    said = document(policy("en"))
    inner = [said["sentences"][0], said["facts"], *said["facts"]["cookies"][:1], *said["facts"]["networks"][:1]]
    fields = {name for fields in (said, *inner) for name in fields}
    assert [name for name in sorted(fields) if f"`{name}`" not in page] == []
