"""`tidings users …`: the people of this instance, and a way in for one who has lost theirs."""

import json

import click
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from tidings.commands import migrate
from tidings.commands.start import Stop
from tidings.settings import settings
from tidings.workspaces.models import User


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
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise Stop(f"Nobody here has the address {email}.")
    link = link_for(user)
    click.echo(json.dumps({"email": user.email, "link": link}, indent=2) if as_json else link)


def link_for(user: User) -> str:
    """The address of the page on which this person sets a new password."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings().url + path
