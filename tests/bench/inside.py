"""One measurement in a process, home and database of its own: `python -m tests.bench.inside NAME WISH`.

NAME is a module of this package with `measure(**wish)`, WISH its arguments as JSON; prints what it gives as JSON.
"""

import importlib
import json
import os
import sys

import django
import structlog
from django.core.management import call_command

from tidings import networks

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
    django.setup()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    call_command("migrate", verbosity=0)
    networks.every()
    measure = importlib.import_module(f"tests.bench.{sys.argv[1]}").measure
    print(json.dumps(measure(**json.loads(sys.argv[2]))))
