"""How every command begins: settings, a writable data folder, logging, Django. Problems are sentences."""

import io
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

import click
import django
import structlog
from pydantic import ValidationError

from tidings.core.scrub import clean
from tidings.core.secrets import CannotOpen
from tidings.settings import Settings, settings

SECRET_WORDS = ("token", "secret", "password", "authorization", "cookie", "verifier", "key")
HIDDEN = "(hidden)"
LOOKED_AT = 12  # characters; in less nothing hides
DEMO_MARK = "demo"  # a file that says: this folder is thrown away when the next demo begins


class Stop(click.ClickException):
    """Why the program cannot go on, as one sentence; exit code 1, no traceback."""


def awake() -> None:
    """Start Django with our settings; raises Stop when something on this machine is in the way."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
    _writable(read_settings().home)
    _logging()
    try:
        django.setup()
    except CannotOpen as error:
        raise Stop(f"The key ring cannot be used: {error}. It is {_where_keys()}.") from None


def read_settings() -> Settings:
    """The settings; raises Stop when one of them makes no sense."""
    try:
        return settings()
    except ValidationError as error:
        raise Stop(" ".join(_setting(problem) for problem in error.errors())) from None


def _setting(problem: Any) -> str:
    return f"The setting TIDINGS_{str(problem['loc'][0]).upper()} is wrong: {problem['msg']}."


def _writable(home: Path) -> None:
    try:
        home.mkdir(0o700, parents=True, exist_ok=True)  # what is in it is nobody else's
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise Stop(
            f"The data folder {home} cannot be written ({error.strerror}); name another with TIDINGS_HOME."
        ) from None


def _where_keys() -> str:
    return "the setting TIDINGS_KEYS" if settings().keys else f"the file {settings().home / 'keys.json'}"


def demo_home() -> Path:
    """The demo keeps its data apart, inside the data folder."""
    return Path(os.environ.get("TIDINGS_HOME", "data")).absolute() / "demo"


def clear_demo(home: Path) -> None:
    """Throw away what the last demo left; raises Stop when the folder is not a demo's."""
    mark = home / DEMO_MARK
    if home.exists() and not mark.exists() and any(home.iterdir()):
        raise Stop(f"The demo wants the folder {home} for itself, and something else is in it.")
    shutil.rmtree(home, ignore_errors=True)
    _writable(home)
    mark.touch()


def report_stop(stop: Stop, as_json: bool) -> None:
    """A problem that ends a report before it begins, in the report's own form; exits with 1."""
    if not as_json:
        raise stop
    finding = {"name": "start", "level": "error", "sentence": stop.message}
    click.echo(json.dumps({"healthy": False, "findings": [finding]}, indent=2))
    raise SystemExit(1)


def scrub(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Hide what is secret by its name or its looks; a log line is no place for it."""
    for name, value in event.items():
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
        elif isinstance(value, str) and len(value) >= LOOKED_AT:
            event[name] = clean(value)
    return event


def traceback(to: TextIO, error: Any) -> None:
    """What led to an error, without local variables, and with what its sentence repeats hidden."""
    written = io.StringIO()
    structlog.dev.plain_traceback(written, error)  # the rich ones show local variables, and secrets live in them
    to.write(clean(written.getvalue()))


def _logging() -> None:
    """One line per event on standard error: ours through structlog, everybody else's in the same form."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        scrub,
    ]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=traceback)
    structlog.configure(  # straight to standard error: by way of logging a line costs twice as much
        processors=[*shared, plain],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, plain]
    hand = logging.StreamHandler()
    hand.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    logging.basicConfig(handlers=[hand], level=logging.INFO, force=True)
    for name in ("uvicorn", "django.request", "psycopg.pool"):  # a pool tells of each try; what comes of it we say
        logging.getLogger(name).setLevel(logging.ERROR)
    # of requests that are refused, with a traceback each: anybody could fill the log
    logging.getLogger("django.security").setLevel(logging.CRITICAL)
