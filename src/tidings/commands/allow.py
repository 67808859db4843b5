"""Connect channels of simulated networks as a person would, the click on "Allow" included."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import resolve

from tidings import networks, outside
from tidings.channels import carry, connect, credentials
from tidings.channels.models import Channel
from tidings.core import http
from tidings.networks.base import OAuth2, Password
from tidings.networks.errors import Rejected
from tidings.simulators.base import Simulator
from tidings.web.connect_forms import Example, examples
from tidings.workspaces.models import Member

FORM = "application/x-www-form-urlencoded"


def introduce(member: Member, one: Simulator) -> None:
    """Enter the app credentials its simulator knows, and fill in what it takes, so that anybody can connect it."""
    network, app = networks.get(one.name), one.access().app
    if credentials.needs_app(network) and app:
        credentials.enter(member, network, app, everywhere=True)
    examples[one.name] = Example(one.typed(), one.carried_to and one.url + one.carried_to)


def connected(member: Member, one: Simulator, who: str = "demo", chosen: Collection[str] = ()) -> list[Channel]:
    """Its channels, through the very flow a person goes through; of what there is, those with the `chosen` ids."""
    found = _found(member, one, who)
    return connect.keep(member, found, [profile.id for profile in found.profiles if profile.id in chosen or not chosen])


def _found(member: Member, one: Simulator, who: str) -> carry.Found:
    if isinstance(networks.get(one.name).connect[0], Password):
        return connect.sign_in(member, one.name, 0, one.typed())
    page, state = connect.begin(member, one.name, _way(one.name), one.typed())
    back = urlsplit(leads_back(page, who))
    query, named = dict(parse_qsl(back.query)), resolve(back.path).kwargs
    return connect.finish(member, carry.opened(member.user, state), query, **named)


def _way(network: str) -> int:
    """The first way; where another asks for all of that and for more, such as the numbers, that one."""
    first, *others = networks.get(network).connect
    asks = set(first.scopes) if isinstance(first, OAuth2) else None
    more = [n for n, how in enumerate(others, 1) if isinstance(how, OAuth2) and asks and asks <= set(how.scopes)]
    return more[-1] if more else 0


def leads_back(page: str, who: str) -> str:
    """Where the consent page sends a person who allows us in."""
    said = urlencode({"answer": "allow", "account": who}).encode()
    answer = outside.door()(http.Request("POST", page, "connect", {"Content-Type": FORM}, said))
    if answer.status != 303:
        raise Rejected(f"The simulator's consent page answered {answer.status}.")
    return answer.headers["location"]
