"""What is backed up and restored in tests, and what becomes of it meanwhile.

Called in a process of its own, with the settings of the instance it happens to.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from tests import people
from tests.commands.fill import fill
from tidings.commands import cli, restore
from tidings.commands.backups import owners
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.media.store import store
from tidings.posts.models import Item, Post
from tidings.privacy import erase, ledger
from tidings.workspaces.models import Invitation, Member, User

ERASED, STAYS = "canary of whom was erased", "canary of who stays"


def make() -> None:
    """A row of every kind, two people with all that is theirs, the one invited by the other; and a backup, in which
    invitations are as well, as in those of earlier versions."""
    cli.main(["migrate"], standalone_mode=False)
    fill()
    gone, stays = (_person(words) for words in (ERASED, STAYS))
    User.objects.filter(pk=gone.user_id).update(email=f"{ERASED}@example.org")
    Invitation.objects.create(
        workspace=stays.workspace, by=stays.user, email=f"{ERASED}@example.org", token_hash="of one who is gone",
        ends_at=clock.now() + timedelta(days=7),
    )  # fmt: skip
    vars(owners)["LEFT_OUT"].pop("workspaces.Invitation")
    cli.main(["backup"], standalone_mode=False)


def _person(words: str) -> Member:
    one = people.owner(name=words)
    channel, post = people.channel(one, name=words), Post.objects.create(workspace=one.workspace, note=words)
    item = Item.objects.create(post=post, position=0, text=words)
    due = clock.now() + timedelta(days=9)
    Delivery.objects.create(workspace=one.workspace, post=post, item=item, channel=channel, due_at=due, again_at=due)
    key, common = store().put(BytesIO(words.encode() * 9999), "mp4"), {"workspace": one.workspace, "by": one.user}
    Media.objects.create(**common, name=words, kind="film", mime="video/mp4", size=1, key=key)
    return one


def purge() -> None:
    """Erase the one, as the worker does."""
    user = User.objects.get(name=ERASED)
    for workspace in user.memberships.values_list("workspace", flat=True):
        ledger.put("workspace", workspace)
    ledger.put("user", user.pk)
    erase.purge("user", user.pk)


def fail(archive: str) -> None:
    """Restore, and fail when all is written and nothing is kept yet."""

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    vars(restore)["decide"] = full
    restore.main(Path(archive), None, False, False, False)
