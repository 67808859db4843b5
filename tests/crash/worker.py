"""The real `tidings work`, with networks of fixed hosts led to the simulators: `python -m tests.crash.worker HOSTS`.

The simulators answer within a tenth of a second, so a lost commit is looked into sooner than in real life.
"""

import json
import sys
from datetime import timedelta

from tidings import networks
from tidings.commands.cli import main

if __name__ == "__main__":
    for name, hosts in json.loads(sys.argv[1]).items():
        networks.lead(name, hosts)
        networks.get(name).settle = timedelta(seconds=3)
    main(["work"])
