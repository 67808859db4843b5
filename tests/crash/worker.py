"""The real `tidings work`, with networks of fixed hosts led to the simulators: `python -m tests.crash.worker HOSTS`."""

import json
import sys

from tidings import networks
from tidings.commands.cli import main

if __name__ == "__main__":
    for name, hosts in json.loads(sys.argv[1]).items():
        networks.lead(name, hosts)
    main(["work"])
