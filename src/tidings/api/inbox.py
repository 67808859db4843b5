"""The inbox as JSON: conversations with what others wrote, answers, notes, whose it is, and whether it is done."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import Plain
from tidings.channels.models import Channel
from tidings.deliveries.schedule import Refused
from tidings.inbox import handle
from tidings.inbox.answer import answer
from tidings.inbox.find import Wanted, Whose, conversations, to_answer
from tidings.inbox.models import Answer, Conversation, Listener, Message, Note
from tidings.inbox.switch import forget_inbox, hear
from tidings.speech import translated
from tidings.workspaces.models import Member

router = Router(tags=["inbox"])
MOST = 100  # conversations in one answer


class ConversationOut(Schema):
    """What somebody began. `post`: ours that it is under, with its delivery; `new`: something in it nobody has read."""

    id: UUID
    channel: UUID
    kind: str
    post: UUID | None
    delivery: UUID | None
    author: str
    newest: str
    last_at: datetime
    new: bool
    assigned: UUID | None
    done_at: datetime | None


class MessageOut(Schema):
    """One thing that was written. `answers`: the message above it; null where it hangs on our post, or is the first.
    `ours`: the profile wrote it itself, over there; `stars`: of a review, else 0."""

    id: UUID
    author: str
    name: str
    text: str
    stars: int
    at: datetime
    url: str
    answers: UUID | None
    ours: bool


class AnswerOut(Schema):
    """What a member answered, and how far it has come: its delivery's state, and why it is in it."""

    delivery: UUID
    message: UUID | None
    by: UUID | None
    text: str
    at: datetime
    state: str
    reason: str
    url: str


class NoteOut(Schema):
    """What a member noted."""

    id: UUID
    by: UUID | None
    text: str
    at: datetime


class WholeOut(ConversationOut):
    """A conversation with all that is in it. `answerable`: whether its network takes answers from programs."""

    answerable: bool
    messages: list[MessageOut]
    answers: list[AnswerOut]
    notes: list[NoteOut]


class HandledIn(Schema):
    """What is to be changed; absent: as it is. `assigned`: a member's id, `me`, or null for nobody."""

    assigned: UUID | Literal["me"] | None = None
    done: bool | None = None


class AnswerIn(Schema):
    """An answer, to this message of the conversation; absent: to the newest that others wrote."""

    text: Plain = Field(max_length=10_000)
    message: UUID | None = None


class NoteIn(Schema):
    """A note for the other members."""

    text: Plain


class HeardIn(Schema):
    """Whether what others write is read; `forget`: drop what was."""

    heard: bool | None = None
    forget: bool = False


class ListenerOut(Schema):
    """A channel's place in reading what others write; `trouble`: why it could not be read the last time."""

    channel: UUID
    heard: bool
    heard_at: datetime | None
    trouble: str


@router.get("/workspaces/{slug}/inbox", response=list[ConversationOut], operation_id="list_conversations")
def list_conversations(
    request: HttpRequest, slug: str, whose: Whose = "open", channel: UUID | None = None,
    kind: Literal["", "comment", "mention", "review"] = "", text: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50, offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Any:
    """Those that are open, mine, nobody's, done, or all; the newest first."""
    member = entered(request, slug, "read")
    found = conversations(member, Wanted(whose, channel, kind, text))
    return [_line(one) for one in found[offset : offset + limit]]


@router.get("/workspaces/{slug}/inbox/{id}", response=WholeOut, operation_id="get_conversation")
def get_conversation(request: HttpRequest, slug: str, id: UUID) -> Any:
    """One, with its messages in the order in which they were written."""
    return _whole(entered(request, slug, "read"), id)


@router.patch("/workspaces/{slug}/inbox/{id}", response=WholeOut, operation_id="handle_conversation")
def handle_conversation(request: HttpRequest, slug: str, id: UUID, body: HandledIn) -> Any:
    """Give it to somebody, or call it done."""
    member = entered(request, slug, "write")
    conversation = of_workspace(Conversation.objects.all(), member, id)
    if "assigned" in body.model_fields_set:
        handle.assign(member, conversation, _member(member, body.assigned) if body.assigned else None)
    if body.done is not None:
        handle.done(member, conversation, body.done)
    return _whole(member, id)


@router.post("/workspaces/{slug}/inbox/{id}/answers", response={201: AnswerOut}, operation_id="answer_message")
def answer_message(request: HttpRequest, slug: str, id: UUID, body: AnswerIn) -> Any:
    """Send it at once, and once: the same words to the same message are refused while the first are on their way, or
    out."""
    member = entered(request, slug, "publish")
    conversation = of_workspace(Conversation.objects.all(), member, id)
    message = to_answer(conversation, body.message)
    if message is None:
        raise Http404
    return Status(201, _answer(answer(member, message, body.text)))


@router.post("/workspaces/{slug}/inbox/{id}/notes", response={201: NoteOut}, operation_id="note_conversation")
def note_conversation(request: HttpRequest, slug: str, id: UUID, body: NoteIn) -> Any:
    """Tell the other members something about it."""
    member = entered(request, slug, "write")
    return Status(201, _note(handle.note(member, of_workspace(Conversation.objects.all(), member, id), body.text)))


@router.post("/workspaces/{slug}/channels/{id}/hear", response=ListenerOut, operation_id="hear_channel")
def hear_channel(request: HttpRequest, slug: str, id: UUID, body: HeardIn) -> Any:
    """Read what others write to it from now on, or no more."""
    member = entered(request, slug, "connect")
    channel = of_workspace(Channel.objects.all(), member, id)
    if not channel.speaks.has("inbox"):
        raise Refused(translated(channel.speaks.unheard))
    if body.heard is not None:
        hear(member, channel, body.heard)
    if body.forget:
        forget_inbox(member, channel)
    wish = {"workspace_id": channel.workspace_id}
    listener, _new = Listener.objects.get_or_create(channel=channel, defaults=wish)
    return ListenerOut(
        channel=channel.pk, heard=listener.wanted, heard_at=listener.heard_at, trouble=translated(listener.trouble)
    )


def _member(member: Member, id: UUID | str) -> Member:
    if id == "me":
        return member
    found = Member.objects.filter(workspace=member.workspace_id, pk=id).select_related("user").first()
    if found is None:
        raise Http404
    return found


def _line(one: Any) -> dict[str, Any]:
    """`one`: as `find.conversations` gives it."""
    return {
        "id": one.pk, "channel": one.channel_id, "kind": one.kind, "delivery": one.delivery_id,
        "post": one.delivery.post_id if one.delivery else None, "author": one.first or "", "newest": one.newest or "",
        "last_at": one.last_at, "new": one.is_new, "assigned": one.assigned_id, "done_at": one.done_at,
    }  # fmt: skip


def _whole(member: Member, id: UUID) -> WholeOut:
    messages = Prefetch("messages", Message.objects.order_by("at", "id"))
    answers = Prefetch("answers", Answer.objects.select_related("delivery__item"))
    every = conversations(member, Wanted("every")).prefetch_related(messages, answers, "notes")
    one = of_workspace(every, member, id)
    known = {message.remote_id: message.pk for message in one.messages.all()}
    return WholeOut(
        **_line(one), answerable=one.channel.speaks.answerable,
        messages=[_message(message, known) for message in one.messages.all()],
        answers=[_answer(given) for given in one.answers.all()], notes=[_note(note) for note in one.notes.all()],
    )  # fmt: skip


def _message(one: Message, known: dict[str, UUID]) -> MessageOut:
    return MessageOut(
        id=one.pk, author=one.author, name=one.name, text=one.text, stars=one.stars, at=one.at, ours=one.ours,
        url=one.receipt.get("url", ""), answers=known.get(one.reply_to),
    )  # fmt: skip


def _answer(one: Answer) -> AnswerOut:
    delivery = one.delivery
    return AnswerOut(
        delivery=delivery.pk, message=one.message_id, by=one.by_id, text=delivery.item.text, at=one.at,
        state=delivery.state, reason=translated(delivery.reason), url=(delivery.receipt or {}).get("url", ""),
    )  # fmt: skip


def _note(one: Note) -> NoteOut:
    return NoteOut(id=one.pk, by=one.by_id, text=one.text, at=one.at)
