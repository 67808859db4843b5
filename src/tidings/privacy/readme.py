"""What an archive says about itself: README.txt for people, manifest.json for programs."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as say

from tidings.privacy import archive, lines
from tidings.privacy.datamap import TABLES
from tidings.settings import settings

MEANS = {
    "workspaces.User": say("You: your address, your name, and how the program addresses you."),
    "account.EmailAddress": say("Your e-mail addresses."),
    "mfa.Authenticator": say("Your second factors and passkeys: that you have them, not their secrets."),
    "usersessions.UserSession": say("Where you are signed in: address and browser."),
    "workspaces.SecurityEvent": say("The security log about you: sign-ins, changes, and where they came from."),
    "workspaces.UserPortrait": say("Whether you have a picture; it is in the folder portraits."),
    "workspaces.Workspace": say("The workspaces you are in."),
    "workspaces.WorkspaceLogo": say("Which workspaces have a logo; the logos are in the folder portraits."),
    "workspaces.Member": say("Who belongs to your workspaces, and in which role."),
    "workspaces.Invitation": say("Invitations that you have sent."),
    "workspaces.AuditEntry": say("What you did in workspaces. Others stand there as numbers."),
    "workspaces.ApiKey": say("Your API keys: what they are called and may do, not the keys."),
    "workspaces.Tag": say("The tags of your workspaces."),
    "workspaces.View": say("Calendars as you like to look at them."),
    "notifications.Notification": say("What you were told, when, and whether you have seen it."),
    "notifications.Preference": say("How you wish to be told of what happens."),
    "channels.Slot": say("The times of the week at which your channels publish."),
    "channels.ConnectLink": say("Links by which you let somebody connect a channel, not their secrets."),
    "channels.AppCredential": say("The apps by which networks know your workspaces, without their secrets."),
    "channels.Channel": say("Your channels at networks, without the access to them."),
    "channels.Portrait": say("Which channels have a picture; the pictures are in the folder portraits."),
    "channels.Revocation": say("Channels that were disconnected, and whether the network was told."),
    "media.Media": say("Your pictures and films: names, descriptions, sizes. The files are in the folder media."),
    "media.Folder": say("The folders of your library."),
    "media.Media_tags": say("Which tags your pictures and films have."),
    "posts.Post_tags": say("Which tags your posts have."),
    "posts.Version": say("What your posts said before you changed them."),
    "posts.Repeat": say("Which of your posts go out again, and when."),
    "posts.Snippet": say("Your templates, signatures and hashtags."),
    "posts.Post": say("Your posts, with notes and times."),
    "posts.Post_channels": say("Which post is meant for which channel."),
    "posts.Item": say("The text of your posts, part by part."),
    "posts.Variant": say("What you say differently on one channel."),
    "deliveries.Delivery": say("What was sent where and when, and the receipt of the network."),
    "deliveries.Attempt": say("Each try to send something, and what came of it."),
    "analytics.Meter": say("Whether the numbers of a channel are read."),
    "analytics.Standing": say("The numbers of what went out, as the networks last gave them."),
    "analytics.ReportLink": say("Links by which you let somebody read a report, not their secrets."),
    "analytics.ReportMail": say("Reports that you are mailed."),
    "inbox.Listener": say("Whether what others write to a channel is read."),
    "inbox.Note": say("What you noted about what somebody wrote."),
    "analytics.ReportReader": say("When you are mailed a report next."),
}
SECRET = say("It is encrypted or hashed: whoever has it could act as you, so it leaves this server never.")
OTHERS = ("inbox.Conversation", "inbox.Message", "inbox.Answer")
OF_OTHERS = say("Others wrote it, and it is at the network; what you answered is among your posts.")
NOT_KEPT = say("It is needed for a moment only, or is made anew from the rest.")


def text(rows: Mapping[str, int], language: str) -> str:
    """The README, in a person's language."""
    with translation.override(language):
        return "\n".join(_text(rows)) + "\n"


def _text(rows: Mapping[str, int]) -> Iterator[str]:
    yield _("Everything that %(instance)s holds about you") % {"instance": settings().name}
    yield ""
    yield _(
        "This archive is yours. Files that end in .jsonl hold one row per line, as JSON, and open in any text editor."
        " What is in data/ can be brought to another Tidings with `tidings import-archive`; what is in here/ holds for"
        " this one only. Of other people there is only the name, where a row of yours mentions them."
    )
    yield ""
    for name in sorted(rows):
        model = name.partition("/")[2].removesuffix(".jsonl")
        means = _(MEANS[model]) if model in MEANS else _("The names of other people whom your rows mention.")
        yield f"{name} ({rows[name]:,})\n    {means}"
    yield "media/\n    " + _("Your pictures and films themselves.")
    yield "portraits/\n    " + _("The pictures of you and of your channels, and the logos of your workspaces.")
    yield f"{archive.MANIFEST}\n    " + _("When this was made, and what is held but not in here, and why.")


def manifest(user: UUID, at: datetime, rows: Mapping[str, int], missing: list[str]) -> str:
    """What a program must know before it reads the rest."""
    said = {
        "format": archive.FORMAT,
        "version": archive.VERSION,
        "instance": settings().url,
        "made_at": at.isoformat(),
        "person": str(user),
        "rows": dict(rows),
        "missing_files": missing,
        "held_but_not_in_here": list(_held_back()),
    }
    return json.dumps(said, indent=1)


def _held_back() -> Iterator[dict[str, object]]:
    for table in TABLES:
        if table.owner == "instance":
            continue
        if not table.exported:
            yield {"table": table.model, "why": OF_OTHERS if table.model in OTHERS else NOT_KEPT}
            continue
        if table.sealed:
            yield {"table": table.model, "columns": table.sealed.split(), "why": SECRET}
        if table.model in lines.LEFT_OUT:
            columns, why = lines.LEFT_OUT[table.model]
            yield {"table": table.model, "columns": columns.split(), "why": why}
