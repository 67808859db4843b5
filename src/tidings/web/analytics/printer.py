"""`python -m tidings.web.analytics.printer`: a sheet on standard input, its PDF on standard output.

A process of its own, that lets everything else go first: the letters of a report take memory, and drawing takes a
while of one core, neither of which the process that publishes is to spend. No Django in here.
"""

import os
import sys

from tidings.web.analytics.drawn import drawn
from tidings.web.analytics.sheet import unpacked

PATIENCE = 10  # of 19: how much others go first


def main() -> None:
    """Print."""
    os.nice(PATIENCE)
    sys.stdout.buffer.write(drawn(unpacked(sys.stdin.read())))


if __name__ == "__main__":
    main()
