"""What is secret does not show by accident: not in a `repr`, not in a log line."""

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator

import tidings
from tidings.commands.start import HIDDEN, scrub
from tidings.settings import Settings

SECRET = re.compile(r"secret|token$|password|^key$|^keys$|private_key")
# class.field -> why it may show
SHOWN = {
    "Sending.key": "an idempotency key, sent in clear and worth nothing to anybody else",
    "Endpoints.token": "an address",
    "Field.secret": "whether what is typed there is a secret",
    "Console.secret": "what the network calls the secret of an app, not the secret",
    "Journal.key": "an idempotency key",
}


def _dataclasses() -> Iterator[type]:
    for entry in pkgutil.walk_packages(tidings.__path__, "tidings."):
        if ".migrations" in entry.name or entry.name.endswith("__main__"):
            continue
        module = importlib.import_module(entry.name)
        for value in vars(module).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == entry.name:
                yield value


def test_no_dataclass_shows_a_secret() -> None:
    showing = {
        f"{made.__name__}.{field.name}"
        for made in _dataclasses()
        if ".simulators." not in made.__module__
        for field in dataclasses.fields(made)
        if SECRET.search(field.name) and field.repr
    }
    assert showing - set(SHOWN) == set()


def test_settings_do_not_show_what_may_hold_a_password() -> None:
    shown = repr(Settings(secret_key="s3cret", keys="k3ys", mail="smtp://u:p4ss@h", database="postgresql://u:w0rd@h/d"))
    assert not any(secret in shown for secret in ("s3cret", "k3ys", "p4ss", "w0rd"))


def test_a_log_line_hides_what_its_name_says_is_secret() -> None:
    event = {"event": "signed in", "access_token": "a", "client_secret": "b", "Password": "c", "network": "d"}
    said = scrub(None, "info", event)
    hidden = {"access_token": HIDDEN, "client_secret": HIDDEN, "Password": HIDDEN}
    assert said == {"event": "signed in", "network": "d", **hidden}
