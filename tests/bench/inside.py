"""One measurement in a process, home and database of its own: `python -m tests.bench.inside NAME WISH`.

NAME is a module of this package with `measure(**wish)`, WISH its arguments as JSON; prints what it gives as JSON.
"""

import importlib
import json
import os
import sys
from pathlib import Path

import django
import structlog
from django.core.management import call_command

from tidings import networks

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
    django.setup()
    call_command("migrate", verbosity=0)
    networks.every()
    measure = importlib.import_module(f"tests.bench.{sys.argv[1]}").measure
    with Path(os.devnull).open("w") as nowhere:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(nowhere))
        figures = measure(**json.loads(sys.argv[2]))
    print(json.dumps(figures))
