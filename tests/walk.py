"""Walk through connecting as a person does: the form here, the consent page there, and back."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

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


class Form(HTMLParser):
    """The form of a page, as it is sent by who changes nothing and presses its first button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A field, a choice or a button."""
        said = {name: value or "" for name, value in attrs}
        name = self._select if tag == "option" else said.get("name", "")
        self._select = name if tag in ("select", "option") else ""
        if name and tag in ("input", "option", "button"):
            self.fields.setdefault(name, said.get("value", ""))


def submitted(door: Door, url: str, words: str = "") -> str:
    """Open a page over there, type words into what is empty in its form, and send it; where that leads."""
    page = door(Request("GET", url, "connect"))
    assert page.status == 200, page.text()
    fields = {name: value or words for name, value in Form(page.text()).fields.items()}
    said = door(Request("POST", url, "connect", FORM, urlencode(fields).encode()))
    assert said.status == 303, said.text()
    return said.headers["location"]


def connect(client: Client, member: Member, door: Door, one: Simulator, account: str = "demo") -> Any:
    """The whole way; the page at its end."""
    url = consent_url(leave(client, member, one))
    return client.get(consent(door, url, account=account), follow=True)
