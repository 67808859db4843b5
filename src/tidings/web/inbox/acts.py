"""What members do in a conversation: answer, give it to somebody, call it done, note something."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.deliveries.schedule import Refused
from tidings.inbox import handle
from tidings.inbox.answer import answer, length
from tidings.inbox.find import to_answer
from tidings.inbox.models import Conversation, Message
from tidings.posts.models import Snippet
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.inbox.conversation import Typed, conversation_of, shown, wrong_with
from tidings.web.told import told
from tidings.workspaces.models import Member


@require_POST
@member_page("publish")
def answer_conversation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Send it, and call the conversation done where that is wished; or put a saved reply into the form."""
    found = conversation_of(member, id)
    text, to = request.POST.get("text", ""), request.POST.get("message", "")
    if "insert" in request.POST:
        return shown(request, member, found, Typed(to, _with(member, request.POST["insert"], text)))
    if wrong := _answered(member, _message(found, to), text):
        return shown(request, member, found, Typed(to, text, wrong))
    if "done" in request.POST:
        handle.done(member, found, True)
        messages.success(request, _("It is on its way, and the conversation is done."))
        return redirect("inbox", slug=member.workspace.slug)
    return _back(found, member)


def _answered(member: Member, message: Message | None, text: str) -> list[str]:
    """What is in the way of it; nothing, if it is on its way."""
    if message is None:
        return [_("What this answers is not there any more. Choose another message.")]
    try:
        answer(member, message, text)
    except Refused as refused:
        return (wrong_with(message, text) if text.strip() else []) or [translated(str(refused))]
    return []


def _with(member: Member, reply: str, text: str) -> str:
    """The words with a saved reply behind them."""
    with suppress(ValueError):
        chosen = Snippet.objects.filter(workspace=member.workspace, kind="reply", pk=UUID(reply)).first()
        return "\n".join(filter(None, (text.rstrip(), chosen.text if chosen else "")))
    return text


@require_POST
@member_page("publish")
def weigh_answer(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """How long the words are, as the network counts, and what it would refuse; htmx asks while somebody types."""
    message, text = _message(conversation_of(member, id), request.POST.get("message", "")), request.POST.get("text", "")
    if message is None:
        raise Http404
    context = {"length": length(message, text), "wrong": wrong_with(message, text) if text.strip() else []}
    return render(request, "tidings/inbox/length.html", context)


def _message(found: Conversation, id: str) -> Message | None:
    """The one of this id; where none is named, the newest of somebody else."""
    with suppress(ValueError):
        return to_answer(found, UUID(id) if id else None)
    return None


@require_POST
@member_page("write")
def assign_conversation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Somebody looks after it, or nobody."""
    found, to = conversation_of(member, id), request.POST.get("to", "")
    chosen = next((one for one in Member.objects.filter(workspace=member.workspace) if str(one.pk) == to), None)
    told(request, lambda: handle.assign(member, found, chosen), "")
    return _back(found, member)


@require_POST
@member_page("write")
def finish_conversation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Nothing is left to do here; or there is, after all."""
    found, finished = conversation_of(member, id), request.POST.get("done") == "yes"
    handle.done(member, found, finished)
    if not finished:
        return _back(found, member)
    messages.success(request, _("Done. It comes back when somebody writes again."))
    return redirect("inbox", slug=member.workspace.slug)


@require_POST
@member_page("write")
def note_conversation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Tell the other members something."""
    found = conversation_of(member, id)
    told(request, lambda: handle.note(member, found, request.POST.get("text", "")), "")
    return _back(found, member)


def _back(found: Conversation, member: Member) -> HttpResponse:
    return redirect("conversation", slug=member.workspace.slug, id=found.pk)
