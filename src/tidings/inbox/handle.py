"""What members do with a conversation beside answering: give it to somebody, call it done, note something, see it."""

from django.db import transaction
from django.utils.translation import gettext as _

from tidings.core import clock
from tidings.deliveries.schedule import Refused
from tidings.inbox.models import NEW, Conversation, Note
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may, require

LONGEST = 2000  # characters of a note


@transaction.atomic
def assign(member: Member, conversation: Conversation, to: Member | None) -> None:
    """Somebody of the workspace looks after it, or nobody; raises Refused for whoever may not."""
    require(member, "write")
    if to and (to.workspace_id != conversation.workspace_id or not may(to, "write")):
        raise Refused(_("This member cannot look after it."))
    Conversation.objects.filter(pk=conversation.pk).update(assigned=to)
    record(member, member.workspace_id, "assigned", "conversation", conversation.pk, to=str(to.pk) if to else "")


@transaction.atomic
def done(member: Member, conversation: Conversation, yes: bool) -> None:
    """Nothing is left to do here, until somebody writes again; or there is, after all."""
    require(member, "write")
    Conversation.objects.filter(pk=conversation.pk).update(done_at=clock.now() if yes else None)
    record(member, member.workspace_id, "done" if yes else "reopened", "conversation", conversation.pk)


@transaction.atomic
def note(member: Member, conversation: Conversation, text: str) -> Note:
    """Tell the other members something about it."""
    require(member, "write")
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused(_("A note has between 1 and %(n)d characters.") % {"n": LONGEST})
    made = Note.objects.create(conversation=conversation, by=member.user, text=text)
    record(member, member.workspace_id, "noted", "conversation", conversation.pk)
    return made


def see(conversation: Conversation) -> None:
    """A member has it before their eyes: nothing in it is new any more."""
    Conversation.objects.filter(NEW, pk=conversation.pk).update(seen_at=clock.now())
