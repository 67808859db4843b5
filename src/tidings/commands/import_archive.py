"""`tidings import-archive`: a person with everything of an export, taken into this instance."""

import json
from pathlib import Path

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tidings.commands import migrate
from tidings.commands.progress import Progress
from tidings.commands.start import Stop
from tidings.instance.reset import link_for
from tidings.media.storage import Away
from tidings.privacy.admit import Admitted, admit
from tidings.privacy.archive import Refused
from tidings.workspaces.models import User


def main(file: Path, email: str, join: bool, as_json: bool) -> None:
    """Take it in and report; raises Stop when it cannot be, with nothing kept."""
    migrate.prepare()
    try:
        if email:
            validate_email(email)
        done = admit(file, email, join, Progress().tell)
    except ValidationError:
        raise Stop(f"{email} is no e-mail address.") from None
    except Refused as refusal:
        raise Stop(f"{refusal} Nothing was imported.") from None
    except Away as away:
        raise Stop(f"Nothing was imported: {away}.") from None
    _report(done, as_json)


def _report(done: Admitted, as_json: bool) -> None:
    link = link_for(User.objects.get(email=done.email)) if done.counts else ""  # who is here has a way in already
    if as_json:
        said = {"email": done.email, "rows": done.counts, "already_here": not done.counts, "link": link}
        click.echo(json.dumps(said | {"stayed_as_here": done.stayed}, indent=2))
        return
    if not done.counts:
        click.echo(f"Everything in it is here already, as {done.email}. Nothing was changed.")
        return
    rows = sum(done.counts.values())
    click.echo(f"{rows:,} rows are here, as {done.email}. Channels wait to be connected; nothing goes out before.")
    if unlike := ", ".join(f"{model} {n:,}" for model, n in done.stayed.items() if n):
        click.echo(f"What is otherwise here than in the archive stays as it is here: {unlike}.")
    click.echo(f"With this link a password is set: {link}")
