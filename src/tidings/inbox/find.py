"""Which conversations a workspace has, narrowed as a member wants to see them; the newest first."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from tidings.inbox.models import NEW, OPEN, Conversation, Message
from tidings.workspaces.models import Member, Workspace

Whose = Literal["open", "mine", "nobody", "done", "every"]
WHOSE: tuple[Whose, ...] = ("open", "mine", "nobody", "done", "every")
CALLED = Coalesce(NullIf("name", Value("")), "author")


@dataclass(frozen=True)
class Wanted:
    """`whose`: open ones, those of mine, those of nobody, done ones, or all. Empty: any channel, any kind."""

    whose: Whose = "open"
    channel: UUID | None = None
    kind: str = ""
    words: str = ""


def conversations(member: Member, wanted: Wanted) -> QuerySet[Conversation]:
    """Those of the member's workspace; with who wrote first (`first`), and what was written last by whom (`newest`,
    `newest_by`), of others."""
    found = Conversation.objects.filter(_whose(member, wanted.whose), workspace=member.workspace_id)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    for word in wanted.words.split()[:6]:
        said = Message.objects.filter(Q(text__icontains=word) | Q(author__icontains=word) | Q(name__icontains=word))
        found = found.filter(pk__in=said.values("conversation"))
    theirs = Message.objects.filter(conversation=OuterRef("pk"), ours=False)
    found = found.annotate(
        first=Subquery(theirs.order_by("at").values("author")[:1]),
        newest=Subquery(theirs.order_by("-at").values("text")[:1]),
        newest_by=Subquery(theirs.order_by("-at").values(who=CALLED)[:1]),
    )
    return found.select_related("channel", "assigned__user", "delivery__item").order_by("-last_at", "-pk")


def to_answer(conversation: Conversation, id: UUID | None = None) -> Message | None:
    """What others wrote there: the message of this id, or the newest; with all that answering it needs."""
    theirs = conversation.messages.filter(ours=False).select_related("channel__workspace", "conversation__delivery")
    return (theirs.filter(pk=id) if id else theirs.order_by("-at", "-id")).first()


def _whose(member: Member, whose: Whose) -> Q:
    if whose == "mine":
        return OPEN & Q(assigned=member.pk)
    if whose == "nobody":
        return OPEN & Q(assigned=None)
    return {"open": OPEN, "done": ~OPEN, "every": Q()}[whose]


def unseen(workspace: Workspace) -> int:
    """How many open conversations have something that nobody has read."""
    return Conversation.objects.filter(OPEN, NEW, workspace=workspace).count()
