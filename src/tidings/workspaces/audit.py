"""The audit log: who did what in a workspace. Each entry holds the hash of the one before, so none can be changed,
taken out or put in without it being seen; the database refuses that anyway (append_only).

Details are ids, roles, networks, counts and times: nothing that somebody wrote or is called. Entries outlive people.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tidings.workspaces.models import AuditEntry, Member, Workspace

FIRST = "0" * 64  # what stands before the first entry
ACTS = {  # (thing, verb) -> what people read
    ("workspace", "founded"): _("Workspace founded"),
    ("workspace", "changed"): _("Settings of the workspace changed"),
    ("workspace", "erasure_asked"): _("Erasure of the workspace asked for"),
    ("workspace", "erasure_undone"): _("Erasure of the workspace taken back"),
    ("invitation", "made"): _("Invitation made"),
    ("invitation", "revoked"): _("Invitation withdrawn"),
    ("member", "joined"): _("Joined"),
    ("member", "role_changed"): _("Role changed"),
    ("member", "removed"): _("Member removed"),
    ("member", "left"): _("Left"),
    ("member", "erased"): _("Member erased, as they wished"),
    ("key", "made"): _("API key made"),
    ("key", "revoked"): _("API key revoked"),
    ("calendar_link", "made"): _("Private calendar address made"),
    ("calendar_link", "ended"): _("Private calendar address ended"),
    ("app", "entered"): _("App credentials entered"),
    ("app", "removed"): _("App credentials removed"),
    ("channel", "connected"): _("Channel connected"),
    ("channel", "disconnected"): _("Channel disconnected"),
    ("channel", "deleted"): _("Channel deleted with its history"),
    ("channel", "observed"): _("Reading back switched"),
    ("channel", "measured"): _("Reading numbers switched"),
    ("channel", "forgot_numbers"): _("Numbers of a channel forgotten"),
    ("channel", "heard"): _("Reading messages switched"),
    ("channel", "forgot_inbox"): _("Messages of a channel forgotten"),
    ("conversation", "answered"): _("Message answered"),
    ("conversation", "assigned"): _("Conversation assigned"),
    ("conversation", "done"): _("Conversation done"),
    ("conversation", "reopened"): _("Conversation reopened"),
    ("conversation", "noted"): _("Note written to a conversation"),
    ("channel", "paused"): _("Channel paused"),
    ("channel", "resumed"): _("Channel resumed"),
    ("channel", "grouped"): _("Channels put into a group"),
    ("channel", "slots"): _("Times of a channel set"),
    ("channel", "zone"): _("Time zone of a channel set"),
    ("channel", "ended"): _("Access ended at the network"),
    ("channel", "forgotten"): _("Channel forgotten, as its network asked"),
    ("connect_link", "made"): _("Link to connect by made"),
    ("connect_link", "ended"): _("Link to connect by ended"),
    ("connect_link", "used"): _("Link to connect by used"),
    ("report_link", "made"): _("Link to a report made"),
    ("report_link", "ended"): _("Link to a report ended"),
    ("report_mail", "made"): _("Report by mail set up"),
    ("report_mail", "ended"): _("Report by mail ended"),
    ("post", "created"): _("Post written"),
    ("post", "revised"): _("Post under way changed"),
    ("post", "moved"): _("Post moved"),
    ("post", "scheduled"): _("Post scheduled"),
    ("post", "cancelled"): _("Post taken back"),
    ("post", "tagged"): _("Tags of a post changed"),
    ("post", "repeated"): _("Post set to repeat"),
    ("post", "unrepeated"): _("Post no longer repeats"),
    ("post", "deleted"): _("Post deleted"),
    ("delivery", "retried"): _("Sent again"),
    ("delivery", "cancelled"): _("Delivery cancelled"),
    ("delivery", "resolved"): _("Said what became of a delivery"),
    ("delivery", "known"): _("Noted that a post is gone"),
    ("media", "deleted"): _("Picture or film deleted"),
    ("folder", "made"): _("Folder made"),
    ("folder", "changed"): _("Folder renamed or moved"),
    ("folder", "deleted"): _("Folder deleted, what was in it kept"),
    ("snippet", "made"): _("Template, signature or hashtags made"),
    ("snippet", "changed"): _("Template, signature or hashtags changed"),
    ("snippet", "deleted"): _("Template, signature or hashtags deleted"),
    ("tag", "made"): _("Tag made"),
    ("tag", "changed"): _("Tag changed"),
    ("tag", "merged"): _("Tag merged into another"),
    ("tag", "deleted"): _("Tag deleted"),
}

Detail = str | int | bool | list[str]


@transaction.atomic
def record(
    member: Member | None, workspace: UUID, verb: str, thing: str, thing_id: object = "", **details: Detail
) -> None:
    """Write down what a verb did, in the verb's own transaction and as the last thing there: until that ends, nobody
    else writes to this log. None: the program did it. Of a workspace that is gone there is no log."""
    assert (thing, verb) in ACTS, f"nobody could read {thing}.{verb}"  # noqa: S101 -- a mistake of ours
    if not list(Workspace.objects.select_for_update(no_key=True).filter(pk=workspace).values_list("pk")):
        return
    number, before = AuditEntry.objects.filter(workspace=workspace).values_list("number", "hash").first() or (0, FIRST)
    if member and member.key:
        details["key"] = str(member.key.pk)
    who = member.user_id if member else None
    entry = AuditEntry(
        workspace_id=workspace, number=number + 1, who=who, verb=verb, thing=thing, thing_id=str(thing_id),
        details=details, before=before,
    )  # fmt: skip
    entry.hash = digest(entry)
    entry.save(force_insert=True)


def said(entry: AuditEntry) -> dict[str, object]:
    """An entry as its hash was taken of it."""
    return {
        "workspace": str(entry.workspace_id), "number": entry.number, "who": entry.who and str(entry.who),
        "verb": entry.verb, "thing": entry.thing, "thing_id": entry.thing_id, "details": entry.details,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"), "before": entry.before,
    }  # fmt: skip


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the entry as JSON: keys sorted, no blanks, ASCII only."""
    return hashlib.sha256(json.dumps(said(entry), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify(workspace: UUID, after: int = 0) -> int | None:
    """The number of the first entry that does not follow from the one before it, looking behind entry `after` only;
    None: they all do."""
    entries = AuditEntry.objects.filter(workspace=workspace)
    number, before = after, FIRST
    if after:
        before = entries.filter(number=after).values_list("hash", flat=True).first() or ""
    for entry in entries.filter(number__gt=after).order_by("number").iterator(2000):
        number += 1
        if (entry.number, entry.before, entry.hash) != (number, before, digest(entry)):
            return number
        before = entry.hash
    return None


def broken() -> Iterator[tuple[UUID, int]]:
    """Of every workspace whose log does not hold: where that begins."""
    for workspace in Workspace.objects.values_list("pk", flat=True):
        if number := verify(workspace):
            yield workspace, number


def last(workspace: UUID) -> AuditEntry | None:
    """The newest entry: whoever keeps its number and hash elsewhere can tell a log that was written anew."""
    return AuditEntry.objects.filter(workspace=workspace).first()
