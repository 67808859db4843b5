"""What takes room, and whose libraries are the largest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tidings.core import clock
from tidings.instance.keeping import keeping
from tidings.instance.room import Library, storage
from tidings.settings import settings
from tidings.web.access import operator_page
from tidings.web.instance.shown import figure, maybe, size
from tidings.workspaces.models import User

PLACES = {
    "originals": _("Pictures and films"), "copies": _("Copies fitted to networks"), "uploads": _("Uploads under way"),
    "exports": _("Exports"), "backups": _("Backups on this disk"), "database": _("Database"),
    "mails": _("Mails written to files"), "at hand": _("Put aside while working"),
}  # fmt: skip


@operator_page
def storage_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page."""
    seen = storage()
    (sweep,) = (chore for chore in keeping(clock.now()).chores if chore.name == "sweep")
    context = {
        "seen": seen, "free": size(seen.free), "disk": size(seen.total), "taken": size(seen.taken),
        "used": round(100 * (seen.total - seen.free) / (seen.total or 1)),
        "places": [(PLACES[one.name], one.where, size(one.size)) for one in seen.places],
        "libraries": [_library(one, seen.libraries[0].kept or 1) for one in seen.libraries],
        "libraries_in": seen.workspaces, "swept": maybe(user, sweep.at), "sweep": sweep,
        "most": size(settings().storage) if settings().storage else "",
    }  # fmt: skip
    return render(request, "tidings/instance/storage.html", context)


def _library(one: Library, largest: int) -> dict[str, object]:
    return {"name": one.name, "files": figure(one.files), "originals": size(one.originals + one.thumbnails),
            "copies": size(one.copies), "coming": size(one.coming) if one.coming else "–", "kept": size(one.kept),
            "part": round(100 * one.kept / largest)}
