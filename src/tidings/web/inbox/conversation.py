"""One conversation: what was said, what members know of it, and the form that answers."""

from dataclasses import dataclass, field
from operator import attrgetter
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tidings.inbox.answer import length, problems
from tidings.inbox.handle import see
from tidings.inbox.models import Conversation, Message
from tidings.posts.models import Snippet
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.inbox.thread import Said, Thread, thread
from tidings.web.times import when
from tidings.workspaces.models import Member
from tidings.workspaces.policy import VERBS, may


@dataclass(frozen=True)
class Typed:
    """What stands in the form: words, whom they answer, and what is wrong with them."""

    to: str = ""
    text: str = ""
    wrong: list[str] = field(default_factory=list)


def conversation_of(member: Member, id: UUID) -> Conversation:
    """The workspace's conversation of this id; raises Http404."""
    whole = Conversation.objects.select_related("channel", "assigned__user", "delivery__item")
    return get_object_or_404(whole, pk=id, workspace=member.workspace)


@member_page("read")
def conversation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The whole of it; who may do something about it has seen it then."""
    found = conversation_of(member, id)
    answer = shown(request, member, found, Typed(request.GET.get("to", "")))
    if may(member, "write"):
        see(found)
    return answer


@member_page("read")
def progress(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Only what was said; asked for again by htmx until nothing moves."""
    found = conversation_of(member, id)
    return render(request, "tidings/inbox/thread.html", _told(member, found, thread(found, member)))


def shown(request: HttpRequest, member: Member, found: Conversation, typed: Typed) -> HttpResponse:
    """The page, with this in its form."""
    said = thread(found, member)
    to = _to(said, typed.to)
    context = _told(member, found, said) | {
        "to": to, "typed": typed, "length": length(to.message, typed.text) if to and to.message else None,
        "notes": [(one, when(member.user, one.at)) for one in found.notes.select_related("by")],
        "replies": list(Snippet.objects.filter(workspace=member.workspace, kind="reply")),
        "members": _members(member),
    }  # fmt: skip
    return render(request, "tidings/inbox/conversation.html", context)


def wrong_with(message: Message, text: str) -> list[str]:
    """What the network would refuse, in sentences."""
    return [translated(one.message) for one in problems(message, text) if one.level == "error"]


def _told(member: Member, found: Conversation, said: Thread) -> dict[str, object]:
    first = next(iter(said.theirs), None)
    return {
        "conversation": found, "channel": found.channel, "thread": said, "first": first,
        "answerable": found.channel.speaks.answerable, "may_answer": may(member, "publish"),
        "url": ((found.delivery.receipt or {}) if found.delivery else {}).get("url", ""),
    }  # fmt: skip


def _to(said: Thread, id: str) -> Said | None:
    """The message that is answered: the chosen one, else the newest of somebody else."""
    chosen = next((one for one in said.theirs if one.id == id), None)
    return chosen or max(said.theirs, key=attrgetter("at.iso"), default=None)


def _members(member: Member) -> list[Member]:
    """Who may look after it."""
    found = Member.objects.filter(workspace=member.workspace, role__in=VERBS["write"]).select_related("user")
    return list(found.order_by("user__name", "user__email"))
