"""The list: every conversation that somebody asks for, the newest first."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator

from tidings.channels.models import Channel
from tidings.inbox.find import conversations
from tidings.inbox.gather import heard
from tidings.inbox.models import Conversation, Listener, Message
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.inbox.asked import KINDS, Asked, asked
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User

PAGE = 30
WORDS = 90  # characters of the post that they are under
STARS = 5


@dataclass(frozen=True)
class Stars:
    """What a review gives: how many, and each of the five as given or not."""

    given: int
    each: list[bool]


@dataclass(frozen=True)
class Row:
    """One conversation of the list."""

    id: UUID
    channel: Channel
    kind: str
    who: str
    newest_by: str  # where that is somebody else
    words: str
    post: str
    at: When
    new: bool
    done: bool
    assigned: User | None
    stars: Stars | None


@dataclass(frozen=True)
class Heard:
    """How reading goes: when a network last told, and the channels of which one does not."""

    last: When | None
    troubles: list[tuple[Channel, str]]
    channels: list[Channel]
    wanted: bool


@member_page("read")
def inbox(request: HttpRequest, member: Member) -> HttpResponse:
    """The list."""
    question, reading = asked(request.GET), _reading(member)
    pages = Paginator(conversations(member, question.wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": question, "pages": pages, "rows": _rows(pages, member.user), "heard": reading, "kinds": KINDS,
        "empty": "" if pages.paginator.count else _empty(question, reading, member),
    }  # fmt: skip
    return render(request, "tidings/inbox/page.html", context)


def _empty(question: Asked, reading: Heard, member: Member) -> str:
    """Why there is nothing to show."""
    if question.narrowed:
        return "unfit"
    if Conversation.objects.filter(workspace=member.workspace).exists():
        return "done" if question.wanted.whose in ("open", "nobody") else question.wanted.whose
    if not reading.channels:
        return "unheard"
    return "none" if reading.wanted else "off"


def _reading(member: Member) -> Heard:
    channels = list(Channel.objects.filter(workspace=member.workspace, network__in=heard()))
    known = Listener.objects.filter(workspace=member.workspace, channel__in=channels).select_related("channel")
    listeners = list(known)
    last = max((one.heard_at for one in listeners if one.heard_at), default=None)
    return Heard(
        when(member.user, last) if last else None,
        [(one.channel, translated(one.trouble)) for one in listeners if one.wanted and one.trouble],
        channels, len([one for one in listeners if not one.wanted]) < len(channels),
    )  # fmt: skip


def _rows(page: Page[Conversation], user: User) -> list[Row]:
    begun = Message.objects.filter(conversation__in=list(page), remote_id=F("conversation__top"))
    tops = {one.conversation_id: one for one in begun}
    return [_row(one, tops.get(one.pk), user) for one in page]


def _row(found: Conversation, top: Message | None, user: User) -> Row:
    post = found.delivery.item.text if found.delivery else ""
    newest, by = found.newest or "", found.newest_by or ""  # type: ignore[attr-defined]  # annotated
    who = (top.name or top.author) if top else by
    return Row(
        found.pk, found.channel, found.kind, who, by if by != who else "", newest,
        Truncator(" ".join(post.split())).chars(WORDS), when(user, found.last_at), found.is_new,
        bool(found.done_at), found.assigned.user if found.assigned else None, stars_of(top),
    )  # fmt: skip


def stars_of(message: Message | None) -> Stars | None:
    """None where nobody gives stars."""
    return Stars(message.stars, [n < message.stars for n in range(STARS)]) if message and message.stars else None
