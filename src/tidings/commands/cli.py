"""The command line. Every command is declared here; what it does is `main` in the module of its name.

A module is loaded only when its command runs, after the options have reached the settings and Django has
started: `--help` needs neither a data folder nor a database.
"""

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import tidings
from tidings.commands import start
from tidings.commands.listen import listen

A_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def listening(command: Callable[..., None]) -> Callable[..., None]:
    """Where to listen; the options win over the settings of the same name."""
    command = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")(command)
    return click.option("--host", help="Address to listen on.")(command)


def reporting(command: Callable[..., None]) -> Callable[..., None]:
    """The same report for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Report as JSON.")(command)


def _settle(**options: Any) -> None:
    """Let options be settings; before anything reads them."""
    for name, value in options.items():
        if value is not None:
            os.environ[f"TIDINGS_{name.upper()}"] = str(value)


def _body(name: str) -> Any:
    start.awake()
    return importlib.import_module(f"tidings.commands.{name}")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(tidings.__version__, prog_name="tidings")
def main() -> None:
    """Publish to your social networks from your own server. Settings: see docs/running.md."""


@main.command()
@listening
@click.option("--no-work", is_flag=True, help="Pages and API only; `tidings work` sends.")
@click.option("--tls-cert", type=A_FILE, help="Certificate chain (PEM): serve HTTPS without a proxy.")
@click.option("--tls-key", type=A_FILE, help="The certificate's private key (PEM).")
def serve(
    host: str | None, port: int | None, no_work: bool, tls_cert: Path | None, tls_key: Path | None
) -> None:
    """Serve pages, API and worker in one process; migrates the database first."""
    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert and --tls-key go together.")
    _settle(host=host, port=port, tls_cert=tls_cert, tls_key=tls_key)
    plug = listen()
    _body("serve").main(plug, not no_work)


@main.command()
@listening
@click.option("--small", is_flag=True, help="Three channels and four posts only.")
def demo(host: str | None, port: int | None, small: bool) -> None:
    """Serve a demo workspace whose channels live on simulated networks inside this process."""
    home = start.demo_home()
    ours = dict.fromkeys(("database", "keys", "mail", "media", "tls_cert", "tls_key"), "")
    _settle(host=host, port=port, demo=True, home=home, **ours)
    plug = listen()
    start.clear_demo(home)
    _body("demo").main(plug, small)


@main.command()
def work() -> None:
    """Send what is due, without pages: for more than one process, or machine, on PostgreSQL."""
    _body("work").main()


@main.command()
def migrate() -> None:
    """Bring the database to this version of the program."""
    _body("migrate").main()


@main.command("move-database")
@click.argument("source")
@click.argument("target")
@click.option("--copy", is_flag=True, help="Leave the source in use: for a rehearsal.")
@reporting
def move_database(source: str, target: str, copy: bool, as_json: bool) -> None:
    """Carry everything from one database to an empty one; each a path (SQLite) or postgresql://… Stop Tidings first."""
    _body("move_database").main(source, target, copy, as_json)


@main.command("move-media")
@click.argument("source")
@click.argument("target")
@reporting
def move_media(source: str, target: str, as_json: bool) -> None:
    """Carry pictures and films; each a folder, s3://…, `home` (the data folder's) or `setting` (of TIDINGS_MEDIA)."""
    _body("move_media").main(source, target, as_json)


@main.command("import-archive")
@click.argument("file", type=A_FILE)
@click.option("--as", "email", default="", metavar="EMAIL", help="The person's address here, if it is to be another.")
@click.option("--join", is_flag=True, help="Let the person into workspaces that are here already.")
@reporting
def import_archive(file: Path, email: str, join: bool, as_json: bool) -> None:
    """Take a person with everything of an export into this instance, and print a link to set a password."""
    _body("import_archive").main(file, email, join, as_json)


@main.command()
@reporting
def doctor(as_json: bool) -> None:
    """Look for what is wrong or will be; exit code 1 when something must be mended."""
    try:
        body = _body("doctor")
    except start.Stop as stop:
        start.report_stop(stop, as_json)
    else:
        body.main(as_json)


@main.command()
@reporting
def prove(as_json: bool) -> None:
    """Prove sentence by sentence that this instance keeps its privacy policy; exit code 1 when it does not."""
    _body("prove").main(as_json)


@main.group()
def networks() -> None:
    """What the program can publish to."""


@networks.command("list")
@reporting
def networks_list(as_json: bool) -> None:
    """Every network: what it has here, what it needs, how long its file is."""
    _body("networks").main(as_json)


@networks.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--specs", type=A_FOLDER, help="Folder of the networks' published specs.")
def networks_check(names: tuple[str, ...], specs: Path | None) -> None:
    """Compare the requests that networks make with what the networks publish about their interfaces."""
    _body("networks_check").main(names, specs)


@main.command("new-network")
@click.argument("name")
def new_network(name: str) -> None:
    """Write the files of a new network into this checkout of the source: complete, to be changed into a real one."""
    importlib.import_module("tidings.commands.new_network").main(name)


@main.group()
def users() -> None:
    """The people of this instance."""


@users.command("list")
@reporting
def users_list(as_json: bool) -> None:
    """Everybody who can sign in."""
    _body("users").main(as_json)


@users.command("reset-link")
@click.argument("email")
@reporting
def users_reset_link(email: str, as_json: bool) -> None:
    """Print a link with which a person sets a new password, for when mail does not work."""
    _body("users").reset_link(email, as_json)


@users.command("make-operator")
@click.argument("email")
@reporting
def users_make_operator(email: str, as_json: bool) -> None:
    """Let a person run the instance as well; where nobody is left, begin anew with this one."""
    _body("users").make_operator(email, as_json)


@users.command("sign-out")
@click.argument("email", default="")
@click.option("--everybody", is_flag=True, help="Not one person, but all.")
@reporting
def users_sign_out(email: str, everybody: bool, as_json: bool) -> None:
    """End every session of a person, in whatever browser; API keys go on."""
    _body("users").sign_out(email, everybody, as_json)


@main.command()
@click.argument("to", required=False, metavar="[FOLDER|FILE]", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Delete all but this many of the backups in the folder.")
@click.option("--check", type=A_FILE, help="Make none: read this one as a restore would, and say what is in it.")
@click.option("--keys", type=A_FILE, help="The file of keys for --check; else keys.backup.json of the data folder.")
@reporting
def backup(to: Path | None, keep: int | None, check: Path | None, keys: Path | None, as_json: bool) -> None:
    """Write everything into one encrypted file, while everything runs; else into backups/ of the data folder."""
    body = _body("backup")
    body.check(check, keys, as_json) if check else body.main(to, keep, as_json)


@main.command()
@click.argument("file", type=A_FILE)
@click.option("--keys", type=A_FILE, help="The file of keys; else keys.backup.json of the data folder.")
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds now.")
@click.option("--hold-all", is_flag=True, help="Hold back everything that waits, not only what was due since.")
@reporting
def restore(file: Path, keys: Path | None, replace: bool, hold_all: bool, as_json: bool) -> None:
    """Put a backup back, everything or nothing, and nobody who was erased since. Stop Tidings first."""
    _body("restore").main(file, keys, replace, hold_all, as_json)


@main.group()
def keys() -> None:
    """The key ring: what encrypts what encrypts."""


@keys.command("list")
@reporting
def keys_list(as_json: bool) -> None:
    """Every key of the ring, and how much it wraps."""
    _body("keys").main(as_json)


@keys.command("rotate")
@click.option("--values", is_flag=True, help="Fresh data keys, too, and everything sealed anew.")
@click.option(
    "--grace", type=click.IntRange(2), default=10, help="Seconds that running processes get to know fresh keys (10)."
)
def keys_rotate(values: bool, grace: int) -> None:
    """Exchange the key of the ring for a fresh one, while everything runs; run it again if it was interrupted."""
    _body("keys").rotate(values, grace)
