"""7 · What people can do: get, correct and delete what is held; object; and whom they ask."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import Resolver404, resolve

from tidings.channels.models import Channel
from tidings.commands.proofs.said import Proof, few, sample
from tidings.core import clock
from tidings.deliveries.models import Attempt
from tidings.privacy import datamap, export, freeze
from tidings.privacy.correct import EDITED_AT, OURS
from tidings.privacy.models import Export
from tidings.settings import settings
from tidings.workspaces.models import User

LATE = timedelta(hours=2)
GRACE = timedelta(minutes=5)  # what was being sent when somebody froze
SOME = UUID(int=0)
DELETING = {
    "a post": f"/w/any/posts/{SOME}/delete",
    "a picture or film": f"/w/any/media/{SOME}/delete",
    "a channel": f"/w/any/channels/{SOME}/disconnect",
    "a login": "/settings/privacy/erasure",
}
OBJECTING = {"what is kept and mailed": "/settings/privacy", "reading back": "/w/any/channels"}


def exports() -> Iterator[Proof]:
    """An export that has ended is no file any more, and there is no file that nobody asked for."""
    ended = Export.objects.filter(ends_at__lt=clock.now() - LATE)
    late = [f"{each.pk} ended {each.ends_at:%F}" for each in ended if export.file_of(each.pk).exists()]
    folder = settings().home / "exports"
    files = list(folder.glob("*.zip")) if folder.exists() else []
    known = {str(pk) for pk in Export.objects.values_list("pk", flat=True)}
    strays = [f"{path.name} is of nobody" for path in files if path.stem not in known]
    yield Proof("7.access", "exports that are kept, none past its end", len(files), few(late + strays))


def corrections() -> Iterator[Proof]:
    """Every column that a person gave us has a page to change it."""
    (table,) = [table for table in datamap.TABLES if table.rows is User]
    given = [column for column in table.personal.split() if column not in OURS]
    faults = [f"{column} cannot be changed" for column in given if column not in EDITED_AT]
    faults += _lacking(EDITED_AT)
    yield Proof("7.correct", "columns about a person, each with a page to change it", len(given), few(faults))


def ways() -> Iterator[Proof]:
    """There is a page for each thing that can be deleted, and for each use that can be objected to."""
    yield Proof("7.delete", "things with a way to delete them", len(DELETING), few(_lacking(DELETING)))
    yield Proof("7.object", "pages with switches", len(OBJECTING), few(_lacking(OBJECTING)))


def _lacking(pages: Mapping[str, str]) -> list[str]:
    return [f"{thing}: there is no page {path}" for thing, path in pages.items() if not _there(path)]


def _there(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def frozen() -> Iterator[Proof]:
    """Nothing was sent for who is frozen."""
    people = sample(User.objects.exclude(frozen_at=None))
    sent = [f"{user.pk} was sent for" for user in people if _sent(user)]
    live = [f"a channel of {user.pk} does not stand still" for user in people if _live(user)]
    yield Proof("7.object", "frozen people, nothing sent for them since", len(people), few(sent + live))


def _live(user: User) -> bool:
    return Channel.objects.filter(workspace__in=freeze.alone(user), paused="").exists()


def _sent(user: User) -> bool:
    since = user.frozen_at + GRACE if user.frozen_at else clock.now()
    return Attempt.objects.filter(delivery__workspace__in=freeze.alone(user), started_at__gt=since).exists()


def contact() -> Iterator[Proof]:
    """Somebody can be asked."""
    said = settings().contact
    try:
        validate_email(said)
        faults = []
    except ValidationError:
        faults = [f"TIDINGS_CONTACT is {said!r}, which is no e-mail address" if said else "TIDINGS_CONTACT is not set"]
    yield Proof("7.contact", "addresses to ask", bool(said), faults)
