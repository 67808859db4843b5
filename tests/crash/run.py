"""One run of the harness, in a process with a home of its own."""

import json
import logging
import os
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"

import django

django.setup()

from tests.crash import boundaries, story  # noqa: E402 -- needs Django to be set up
from tests.crash.scene import bad  # noqa: E402
from tests.crash.server import Server  # noqa: E402


def run(wish: dict[str, Any]) -> dict[str, Any]:
    """What was wished; gives the report."""
    if wish["boundaries"]:
        return boundaries.tell(wish["seed"], wish["thorough"])
    programs, folder, port = wish.get("server") or ("", "", 0)
    server = Server(Path(programs), Path(folder), port) if port else None
    return story.tell(wish["kills"], wish["workers"], wish["seed"], server)


def main(wish: dict[str, Any]) -> int:
    """Prints the report; gives the exit code."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # connections that were cut are no news here
    report = {**run(wish), **{name: wish[name] for name in ("seed", "database", "workers")}}
    print(json.dumps(report))
    return int(bad(report))
