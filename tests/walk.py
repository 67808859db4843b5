"""Walk through connecting as a person does: the form here, the consent page there, and back."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests import people
from tidings.core.http import Door, Request
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def leave(client: Client, member: Member, one: Simulator, way: int = 0, **typed: str) -> Any:
    """Press "Connect" on the network's page."""
    page = f"{people.home(member)}/channels/connect/{one.name}"
    return client.post(page, {"way": str(way), **one.typed(), **typed}, follow=True)


def consent_url(answer: Any) -> str:
    """Where the page that says goodbye leads."""
    found = re.search(r'http-equiv="refresh" content="\d;url=([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    return unescape(found[1])


def consent(door: Door, url: str, answer: str = "allow", account: str = "demo") -> str:
    """Answer the consent page; the path and query it sends the person back to."""
    body = f"answer={answer}&account={account}".encode()
    said = door(Request("POST", url, "connect", FORM, body))
    assert said.status == 303, said.text()
    back = urlsplit(said.headers["location"])
    return f"{back.path}?{back.query}"


def connect(client: Client, member: Member, door: Door, one: Simulator, account: str = "demo") -> Any:
    """The whole way; the page at its end."""
    url = consent_url(leave(client, member, one))
    return client.get(consent(door, url, account=account), follow=True)
