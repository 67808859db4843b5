"""`tidings users …`: the people of this instance, who runs it, a way in for one who has lost theirs, and a way out."""

import json

import click
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tidings.commands import migrate
from tidings.commands.start import Stop
from tidings.instance.operate import end_sessions
from tidings.instance.reset import link_for
from tidings.workspaces.models import User
from tidings.workspaces.security import note


def main(as_json: bool) -> None:
    """Everybody who can sign in."""
    migrate.look()
    rows = [
        {
            "email": user.email, "name": user.name, "operator": user.is_operator,
            "joined": user.joined_at.isoformat(),
        }
        for user in User.objects.order_by("joined_at")
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['email']:40} {'operator' if row['operator'] else '':10} {row['name']}")


def reset_link(email: str, as_json: bool) -> None:
    """A link that lets this person set a new password, once."""
    migrate.look()
    user = _named(email)
    link = link_for(user)
    click.echo(json.dumps({"email": user.email, "link": link}, indent=2) if as_json else link)


def make_operator(email: str, as_json: bool) -> None:
    """Let this person run the instance; where nobody is left, begin anew with them and a link to set a password."""
    migrate.look()
    began = not User.objects.filter(is_active=True).exists()
    user = _begun(email) if began else _named(email)
    User.objects.filter(pk=user.pk).update(is_operator=True)
    note("operator", user=user)
    link = link_for(user) if began else ""
    if as_json:
        click.echo(json.dumps({"email": user.email, "link": link}, indent=2))
        return
    click.echo(f"{user.email} is an operator.")
    if link:
        click.echo(f"With this link a password is set: {link}")


def _begun(email: str) -> User:
    try:
        validate_email(email)
    except ValidationError:
        raise Stop(f"{email} is no e-mail address.") from None
    with transaction.atomic():
        user = User.objects.create_user(email, None)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_out(email: str, everybody: bool, as_json: bool) -> None:
    """End every session of this person, or of all."""
    migrate.look()
    if everybody == bool(email):
        raise Stop("Say whom: an e-mail address, or --everybody.")
    people = User.objects.filter(is_active=True) if everybody else [_named(email)]
    for user in people:
        sign_out_of_all(user)
    said = {"people": len(people)}
    click.echo(json.dumps(said, indent=2) if as_json else f"Signed out: {len(people):,}.")


def sign_out_of_all(user: User) -> None:
    """Whatever browser they are in; programs with an API key go on."""
    end_sessions(user)
    note("signed_out_everywhere", user=user)


def _named(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Stop(f"Nobody here has the address {email}.")
    return user
