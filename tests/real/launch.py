"""The real `tidings`, with fixed hosts led to servers on this machine: `python -m tests.real.launch HOSTS serve`."""

import json
import sys

from tidings import networks
from tidings.commands.cli import main

if __name__ == "__main__":
    for name, hosts in json.loads(sys.argv[1]).items():
        networks.lead(name, hosts)
    main(sys.argv[2:])
