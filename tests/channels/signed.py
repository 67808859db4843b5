"""Connect as a person does, by the network's own consent page, with app credentials that somebody entered."""

from urllib.parse import parse_qsl, urlsplit

from tests.conftest import Town
from tidings import networks
from tidings.channels import carry, connect, credentials
from tidings.channels.models import Channel
from tidings.commands.allow import leads_back
from tidings.workspaces.models import Member


def connected(town: Town, member: Member, name: str, everywhere: bool = False) -> list[Channel]:
    """Every profile that one sign-in gives."""
    one, speaks = town[name], networks.get(name)
    app = one.access().app
    assert app
    credentials.enter(member, speaks, app, everywhere=everywhere)
    url, state = connect.begin(member, name, 0, one.typed())
    query = dict(parse_qsl(urlsplit(leads_back(url, "demo")).query))
    found = connect.finish(member, carry.opened(member.user, state), query)
    return connect.keep(member, found, [profile.id for profile in found.profiles])
