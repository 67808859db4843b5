"""What is different about a row in the instance that it came to: fresh keys, no access, nothing that goes out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import models
from django.utils.translation import gettext_noop as say

from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import AppCredential, Channel, Portrait
from tidings.core import clock, secrets
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.privacy.archive import Archive, Refused, said_well
from tidings.privacy.datamap import Table
from tidings.privacy.survey import Survey
from tidings.workspaces.models import User, UserPortrait, Workspace, WorkspaceLogo

LARGEST_PORTRAIT = 1_000_000  # bytes
PASSED = say("Imported after its time. It may have gone out from where it came; look before you send it.")
JOINED = say("It came with an import into a workspace that was here. Look before you send it.")
ON_ITS_WAY = say("It was on its way when the export was made. Look whether it went out from where it came.")

Values = dict[str, Any]
Rows = Iterator[models.Model]


@dataclass
class Admission:
    """An archive on its way in. `media`: what looking inside the files found, by their row."""

    survey: Survey
    email: str
    first: bool  # nobody is here yet
    now: datetime = field(default_factory=clock.now)
    media: dict[UUID, Values] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    stayed: Counter[str] = field(default_factory=Counter)  # rows that are otherwise here, and stay as they are here

    @property
    def archive(self) -> Archive:
        """What is read."""
        return self.survey.archive

    @property
    def moves(self) -> bool:
        """Whether the person has another address here."""
        return self.email.lower() != str(self.survey.person["email"]).lower()


def arrived(admission: Admission, table: Table, values: Values) -> Rows:
    """The rows that this row becomes here: mostly one, like it."""
    change = CHANGES.get(table.model)
    return change(admission, values) if change else iter((table.rows(**values),))


def _user(admission: Admission, values: Values) -> Rows:
    """Nobody runs an instance because a file says so; its first person does."""
    user = User(**values | {"email": admission.email.lower(), "is_operator": admission.first})
    user.set_unusable_password()
    user.data_key = secrets.ring().new_data_key(f"user:{user.id}:data_key")
    if User.objects.filter(pk=user.pk).exists():  # who was only named here until now
        user.save(force_update=True)
    yield user


def _address(admission: Admission, values: Values) -> Rows:
    """Where others are, an address is proven anew; and one that was another's there is not theirs here."""
    if not admission.moves:
        yield EmailAddress(**values | {"verified": values["verified"] and admission.first})
    elif values["primary"]:
        yield EmailAddress(**values | {"email": admission.email.lower(), "verified": False})


def _workspace(_admission: Admission, values: Values) -> Rows:
    workspace = Workspace(**values)
    if Workspace.objects.filter(slug=workspace.slug).exists():
        workspace.slug = f"{workspace.slug[:30]}-{token_hex(4)}"
    workspace.data_key = secrets.ring().new_data_key(f"workspace:{workspace.id}:data_key")
    yield workspace


def _app(_admission: Admission, values: Values) -> Rows:
    app = AppCredential(**values)
    app.keep_secret("")
    yield app


def _channel(admission: Admission, values: Values) -> Rows:
    yield Channel(**values, paused=DISCONNECTED, paused_at=admission.now)


def _user_portrait(admission: Admission, values: Values) -> Rows:
    yield UserPortrait(**values | {"picture": _picture(admission, values["picture"])})


def _logo(admission: Admission, values: Values) -> Rows:
    yield WorkspaceLogo(**values | {"picture": _picture(admission, values["picture"])})


def _portrait(admission: Admission, values: Values) -> Rows:
    yield Portrait(**values | {"picture": _picture(admission, values["picture"])})


def _picture(admission: Admission, name: str) -> bytes:
    if name not in admission.archive.entries:
        raise Refused(f"The picture {name} is not in the archive.")
    with said_well(name), admission.archive.file(name) as file:
        picture = file.read(LARGEST_PORTRAIT + 1)
    if picture and (len(picture) > LARGEST_PORTRAIT or picture[:4] + picture[8:12] != b"RIFFWEBP"):
        raise Refused(f"{name} is not a small WEBP picture.")
    return picture


def _media(admission: Admission, values: Values) -> Rows:
    yield Media(**values | admission.media.get(values["id"], {"key": ""}))


def _delivery(admission: Admission, values: Values) -> Rows:
    """What may have gone out meanwhile never goes out from here by itself."""
    state, journal = values["state"], values["journal"]
    if state in ("sending", "settling") or (state == "waiting" and journal.get("commit")):
        values |= {"state": "unsure", "reason": ON_ITS_WAY}
    elif state == "waiting" and values["due_at"] <= admission.now:
        values |= {"state": "held", "reason": PASSED}
    elif state == "waiting" and values["workspace_id"] in admission.survey.joins:
        values |= {"state": "held", "reason": JOINED}
    yield Delivery(**values)


CHANGES: dict[str, Callable[[Admission, Values], Rows]] = {
    "workspaces.User": _user,
    "workspaces.UserPortrait": _user_portrait,
    "account.EmailAddress": _address,
    "workspaces.Workspace": _workspace,
    "workspaces.WorkspaceLogo": _logo,
    "channels.AppCredential": _app,
    "channels.Channel": _channel,
    "channels.Portrait": _portrait,
    "media.Media": _media,
    "deliveries.Delivery": _delivery,
}
