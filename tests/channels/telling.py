"""A workspace whose channels were connected by one sign-in at a network, and the network that tells us of it."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests import people
from tests.channels.signed import connected
from tests.conftest import Town
from tidings import networks
from tidings.channels.models import Channel
from tidings.workspaces.models import Member

PEOPLE = {  # who signs in, as each network that tells us something names them
    "facebook": "demo", "instagram": "demo", "instagram_standalone": "signed-in-demo", "threads": "demo",
    "tiktok": "demo", "slack": "T0DEMO", "discord": "demo", "twitch": "demo",
}  # fmt: skip


@dataclass
class Scene:
    """Tells as the network does, over HTTP."""

    name: str
    town: Town
    member: Member

    def tell(self, wish: str = "ended", person: str = "", **how: Any) -> Any:
        headers, body = self.town[self.name].notice(person or PEOPLE[self.name], **how)
        return self.send(headers, body, wish)

    def send(self, headers: dict[str, str], body: bytes, wish: str = "ended") -> Any:
        kind = headers["Content-Type"]
        more = {name: value for name, value in headers.items() if name != "Content-Type"}
        client = Client(enforce_csrf_checks=True)
        return client.post(f"/connect/{self.name}/{wish}", body, content_type=kind, headers=more)

    def live(self) -> int:
        return Channel.objects.filter(network=self.name, paused="").exclude(sealed="").count()

    @property
    def taken(self) -> int:
        return networks.get(self.name).answers.taken

    @property
    def unproven(self) -> int:
        return networks.get(self.name).answers.unproven


def scene(town: Town, name: str, everywhere: bool = False) -> Scene:
    member = people.owner(is_operator=everywhere)
    connected(town, member, name, everywhere)
    return Scene(name, town, member)
