"""What must be well with an instance, one figure each: as it stands, and the next step when it is not."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.instance.kept import SOON, TOO_LITTLE
from tidings.instance.overview import Overview
from tidings.web.instance.shown import BAD, GOOD, LOOK, OPEN, Vital, number, size, spell, vital
from tidings.web.times import when
from tidings.workspaces.models import User

DAY = timedelta(days=1)


def vitals(seen: Overview, user: User) -> Iterator[Vital]:
    """All of them, what matters most first."""
    yield _sending(seen)
    yield _behind(seen)
    yield _failed(seen)
    yield _backups(seen, user)
    yield _room(seen)
    yield _address(seen)
    yield _certificate(seen, user)
    yield _mail(seen)


def _sending(seen: Overview) -> Vital:
    alive = sum(not node.silent for node in seen.nodes)
    text = _("Nothing goes out now. Start “tidings serve”, or “tidings work” beside it, and read its log.")
    if alive:
        text = _("Each says every five seconds that it is there.")
    said = ngettext("%(n)s node works", "%(n)s nodes work", alive) % {"n": number(alive)}
    return vital(_("Sending"), said if alive else _("Nobody sends"), GOOD if alive else BAD, text)


def _behind(seen: Overview) -> Vital:
    text = _("Everything went out within a quarter of an hour of its time.")
    if seen.behind:
        text = _("These should be out by now. The queue says for each what it waits for.")
    said = ngettext("%(n)s post is late", "%(n)s posts are late", seen.behind) % {"n": number(seen.behind)}
    return vital(_("Late"), said if seen.behind else _("Nothing is late"), LOOK if seen.behind else GOOD, text,
                 reverse("instance_queue"))  # fmt: skip


def _failed(seen: Overview) -> Vital:
    text = _("No network has refused anything since yesterday.")
    if seen.failed:
        text = _("Their authors know. Look for a reason that many share: that one is often yours to mend.")
    said = ngettext("%(n)s failed", "%(n)s failed", seen.failed) % {"n": number(seen.failed)}
    return vital(_("Failed since yesterday"), said if seen.failed else _("None"), LOOK if seen.failed else GOOD, text,
                 reverse("instance_failures"))  # fmt: skip


def _backups(seen: Overview, user: User) -> Vital:
    if seen.backups.at is None:
        text = _("Run “tidings backup” once a day, by a timer. Without one, a broken disk takes everything.")
        return vital(_("Last backup"), _("Never"), LOOK, text)
    text = _("It was read back when it was made. Keep a copy on another machine, and the keys apart from it.")
    if seen.backups.old:
        text = _("A daily one was missed. Look at the timer that runs “tidings backup”.")
    return vital(_("Last backup"), when(user, seen.backups.at).text, LOOK if seen.backups.old else GOOD, text)


def _room(seen: Overview) -> Vital:
    state = GOOD if seen.room_left else BAD if seen.free < TOO_LITTLE else LOOK
    text = _("On the disk with the data folder.")
    if state != GOOD:
        text = _("Make room before it is full: a full disk stops sending. The storage page says what takes it.")
    said = _("%(free)s of %(all)s free") % {"free": size(seen.free), "all": size(seen.disk)}
    return vital(_("Disk"), said, state, text, reverse("instance_storage"))


def _address(seen: Overview) -> Vital:
    reached = seen.look.reached if seen.look else None
    text = _("Known on this machine and its own network only. Networks that fetch pictures need a public address.")
    state = OPEN
    if reached:
        text, state = _("A picture could be fetched from it, as networks do."), GOOD
    elif seen.look is None and seen.secure:
        text = _("Take a look to see whether networks reach it.")
    elif reached is False:
        text, state = _("At the last look no picture could be fetched from it. The findings below say why."), BAD
    return vital(_("Address"), seen.url.partition("://")[2], state, text)


def _certificate(seen: Overview, user: User) -> Vital:
    if seen.certificate_ends is None and seen.secure:
        text = _("Your proxy has the certificate and renews it. A failed look at the address would show its end.")
        return vital(_("Certificate"), _("At the proxy"), GOOD, text)
    if seen.certificate_ends is None:
        text = _("Plain HTTP is for this machine and its own network. On the internet set a name and https.")
        return vital(_("Certificate"), _("None"), OPEN, text)
    left = seen.certificate_ends - seen.at
    state = BAD if left < timedelta(0) else LOOK if left < SOON else GOOD
    text = _("New files are noticed without a restart.")
    if state != GOOD:
        text = _("Renew it now; the new files are noticed without a restart.")
    return vital(_("Certificate"), _("Ends %(when)s") % {"when": when(user, seen.certificate_ends).text}, state, text)


def _mail(seen: Overview) -> Vital:
    if seen.mail:
        return vital(_("Mail"), _("Sent by your server"), GOOD, _("Send yourself a test mail to be sure."))
    text = _("Invitations and new passwords reach nobody. Set TIDINGS_MAIL to the address of a mail server.")
    return vital(_("Mail"), _("Only written to files"), LOOK, text)


def age(seen: Overview) -> str:
    """How long this process has run."""
    return spell(seen.at - seen.started_at)
