"""What people can be told of: who is asked, and how they are told unless they wish otherwise."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATE = "operate"  # no verb of a workspace


@dataclass(frozen=True)
class Kind:
    """`verb`: who may do this is told; OPERATE: whoever runs the instance. `mail`: one of Preference.MAILS.
    `told_apart`: its mail at once is sent by who knows more of it (deliveries.ask, privacy.export)."""

    name: str
    label: str | Promise
    verb: str
    mail: str = "at_once"
    told_apart: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("failed", _("A post failed"), "publish"),
        Kind("unsure", _("A post may or may not be out"), "publish"),
        Kind("overdue", _("A post is late and not out yet"), "publish"),
        Kind("held", _("A post was too late and was held back"), "publish", told_apart=True),
        Kind("paused", _("A channel lost its access"), "connect"),
        Kind("ending", _("A channel's access ends before posts that are scheduled"), "connect"),
        Kind("connected", _("Somebody connected a channel by your link"), "connect"),
        Kind("repeat", _("A post could not be repeated"), "publish", mail="digest"),
        Kind("export", _("Your archive is ready"), "read", told_apart=True),
        Kind("backup", _("A backup failed, or the last one is too old"), OPERATE),
        Kind("doctor", _("Something about the instance must be mended"), OPERATE),
    )
}


def kinds_of(operator: bool) -> dict[str, Kind]:
    """Those that somebody can be told of."""
    return {name: kind for name, kind in KINDS.items() if operator or kind.verb != OPERATE}
