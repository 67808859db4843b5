"""Break the promise in every way of the list, each in a copy of the source, and see that a test turns red.

`python -m tests.policy.mutate [-j N] [WORD]…`: all, or those whose names hold one of the words, N at once; ends with 1
when one survives.
"""

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.house.source import ROOT, SRC
from tests.policy.mutation import Mutation
from tests.policy.mutations import MUTATIONS

ONCE = ("-x", "-q", "-p", "no:cacheprovider", "--reuse-db")  # the first red is enough; tables are made once
RED = 1  # pytest's exit code when tests failed, and nothing else went wrong


def broken(one: Mutation, text: str) -> str:
    """The file's text with the breakage in it."""
    if text.count(one.old) != one.times:
        raise ValueError(f"{one.name}: {one.file} has it {text.count(one.old)} times")
    return text.replace(one.old, one.new)


def where(test: str) -> tuple[Path, str]:
    """The file of a test, and how its name begins."""
    path, _, start = test.partition("::")
    return (ROOT / "tests" / "policy" / f"{path}.py").resolve(), start


def run(one: Mutation, copy: Path) -> bool:
    """Whether one of its tests turned red."""
    file = copy / "tidings" / one.file
    whole = file.read_text()
    file.write_text(broken(one, whole))
    try:
        return any(_red(*where(test), copy) for test in one.tests)
    finally:
        file.write_text(whole)


def _red(path: Path, start: str, copy: Path) -> bool:
    words = [sys.executable, "-m", "pytest", *ONCE, str(path), "-k", start or path.stem]
    ours = {"PYTHONPATH": str(copy), "TIDINGS_HOME": str(copy / "home")}
    done = subprocess.run(words, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False)
    if done.returncode > RED:
        raise RuntimeError(f"{path.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == RED


def main(words: list[str], at_once: int) -> int:
    """Every mutation asked for; how many got past the tests."""
    chosen = [one for one in MUTATIONS if not words or any(word in one.name for word in words)]
    waiting, copies = queue.SimpleQueue[Path](), [tempfile.TemporaryDirectory() for _ in range(at_once)]
    for copy in copies:
        shutil.copytree(SRC, Path(copy.name, "tidings"), ignore=shutil.ignore_patterns("__pycache__"))
        waiting.put(Path(copy.name))
    with ThreadPoolExecutor(at_once) as pool:
        red = sum(pool.map(lambda one: _told(one, waiting), chosen))
    for copy in copies:
        copy.cleanup()
    print(f"{red} of {len(chosen)} breakages turned a test red")
    return len(chosen) - red


def _told(one: Mutation, copies: "queue.SimpleQueue[Path]") -> bool:
    began, copy = time.monotonic(), copies.get()
    try:
        red = run(one, copy)
    finally:
        copies.put(copy)
    print(f"{'red' if red else 'SURVIVED':9} {time.monotonic() - began:5.1f} s  {one.name}", flush=True)
    return red


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("words", nargs="*")
    asked.add_argument("-j", type=int, default=1)
    given = asked.parse_args()
    raise SystemExit(min(main(given.words, given.j), 1))
