"""`./run` and `./test` on machines that lack something: one clear sentence, and a non-zero exit."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

TOOLS = ("bash", "cat", "dirname", "env", "sha256sum", "id")
OLD = "#!/bin/sh\nexit 1\n"  # a Python that is asked for its version and is too old
NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout's scripts, and a `bin` with hardly anything in it."""
    for name in ("run", "test", "hatch_build.py", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def _call(checkout: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": str(checkout / "bin"), "HOME": str(checkout)}
    return subprocess.run([checkout / words[0], *words[1:]], env=env, capture_output=True, text=True, timeout=60)


def _python(checkout: Path, name: str, script: str) -> None:
    path = checkout / "bin" / name
    path.write_text(script)
    path.chmod(0o755)


def test_a_machine_without_python_is_told_so(checkout: Path) -> None:
    done = _call(checkout, "run")
    assert done.returncode == 1
    assert done.stderr.strip() == "Tidings needs Python 3.11 or newer, and this machine has none on its PATH."


def test_a_machine_with_an_old_python_only_is_told_so(checkout: Path) -> None:
    _python(checkout, "python3", OLD)
    done = _call(checkout, "run", "demo")
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_a_python_without_venv_is_told_what_to_install(checkout: Path) -> None:
    _python(checkout, "python3.12", NO_VENV)
    done = _call(checkout, "run")
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("script", ["run", "test"])
def test_help_needs_nothing(checkout: Path, script: str) -> None:
    done = _call(checkout, script, "--help")
    assert done.returncode == 0
    assert f"./{script}" in done.stdout


@pytest.mark.parametrize("script", ["run", "test"])
def test_an_unknown_word_is_refused(checkout: Path, script: str) -> None:
    done = _call(checkout, script, "nonsense")
    assert done.returncode == 1
    assert "nonsense" in done.stderr


def test_the_scripts_can_be_executed() -> None:
    assert all(os.access(ROOT / name, os.X_OK) for name in ("run", "test", ".ci/run"))
