"""Threads that keep to one core; needs a machine with two, and Linux."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tidings.core.cores import ALL, Core, anywhere, spread

CHILD = "import os; print(len(os.sched_getaffinity(0)))"
pytestmark = pytest.mark.skipif(len(ALL) < 2, reason="one core, or not Linux")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a test does to its own thread ends with it."""
    before = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, before)


def test_threads_that_have_joined_and_those_that_join_later_run_where_the_caller_runs() -> None:
    core = Core()
    with ThreadPoolExecutor(4, initializer=core.join) as pool:
        meet = threading.Barrier(4)
        before = [pool.submit(lambda: (meet.wait(5), os.sched_getaffinity(0))[1]) for _ in range(4)]
        assert all(len(one.result()) > 1 for one in before)
        core.settle()
        mine = os.sched_getaffinity(0)
        after = [pool.submit(lambda: (meet.wait(5), os.sched_getaffinity(0))[1]) for _ in range(4)]
        assert [one.result() for one in after] == [mine] * 4
    assert len(mine) == 1
    with ThreadPoolExecutor(1, initializer=core.join) as later:
        assert later.submit(os.sched_getaffinity, 0).result() == mine


def test_a_thread_that_has_ended_is_no_trouble() -> None:
    core = Core()
    thread = threading.Thread(target=core.join)
    thread.start()
    thread.join()
    core.settle()
    assert len(os.sched_getaffinity(0)) == 1


def test_what_a_settled_thread_starts_elsewhere_may_run_anywhere_and_itself_again_once_it_is_spread() -> None:
    Core().settle()
    with anywhere():
        said = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True)
    assert int(said.stdout) == len(ALL)
    assert len(os.sched_getaffinity(0)) == 1
    spread()
    assert os.sched_getaffinity(0) == ALL
