"""Carry an erasure out: everything that the data map says is somebody's, and what it leaves behind elsewhere.

Whatever it was interrupted by, it can be done again: a person's own row goes last, after all that is found by it.
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from tidings.analytics.switch import drop_numbers
from tidings.channels.models import Channel, Portrait, Revocation
from tidings.inbox.models import Conversation, Listener
from tidings.inbox.retain import forget
from tidings.privacy import datamap, freeze, keyfile, rows, traces
from tidings.privacy.models import Export
from tidings.privacy.unsay import unsay
from tidings.workspaces.audit import record
from tidings.workspaces.models import Invitation, Member, SecurityEvent, User, Workspace
from tidings.workspaces.security import whom

HEIRS = ("owner", "admin", "editor", "contributor", "client")
FORGOTTEN = "Forgotten, as its network asked."


def person(id: UUID) -> Counter[str]:
    """A person: their rows, the workspaces that are theirs alone, and every place that names them."""
    user = User.objects.filter(pk=id).first()
    if user is None:
        return Counter()
    counts: Counter[str] = Counter()
    for own in list(freeze.alone(user)):
        counts += workspace(own.pk)
    counts += _exports_beside(id)
    for member in list(Member.objects.filter(user=user)):
        _leave(member)
        counts["workspaces.Member"] += 1
    counts += rows.erase_beside(id)
    rows.unname(id)
    counts += _about(user)
    keyfile.forget("user", id)
    return counts + rows.erase_owner("user", id)


def workspace(id: UUID) -> Counter[str]:
    """A workspace with all that is in it."""
    own = Workspace.objects.filter(pk=id).first()
    if own is None:
        return Counter()
    traces.drop_from_sessions({str(id), own.slug})
    mails = traces.drop_mails({own.name, f"w/{own.slug}"})
    keyfile.forget("workspace", id)
    Workspace.objects.filter(pk=id).update(data_key="")  # what is sealed opens no more, and its audit log may go
    return Counter({"mails": mails}) + rows.erase_owner("workspace", id)


def network(id: UUID) -> Counter[str]:
    """What a network gave us when somebody signed in there; what the workspace wrote stays."""
    channels = list(Channel.objects.filter(sign_in=id).values_list("pk", flat=True))
    return sum((channel(each) for each in channels), Counter())


def channel(id: UUID) -> Counter[str]:
    """The same of one profile. Whoever connects it again later gets another channel."""
    row = Channel.objects.filter(pk=id).first()
    if row is None:
        return Counter()
    pictures = Portrait.objects.filter(channel=id).delete()[0]
    named = Revocation.objects.filter(workspace=row.workspace_id, network=row.network, handle=row.handle).delete()[0]
    Channel.objects.filter(pk=id).update(
        remote_id=f"erased:{id}", handle="", name="", avatar="", portrait="", portrait_of="", url="",
        person_id="", server={}, sealed="", app=None, token_ends_at=None, refresh_again_at=None,
        paused=FORGOTTEN,
    )
    told = unsay(id)
    numbers, talks = drop_numbers(id), forget(Conversation.objects.filter(channel=id))
    Listener.objects.filter(channel=id).update(trouble="", called=[])
    record(None, row.workspace_id, "forgotten", "channel", id, network=row.network)
    return Counter({
        "channels.Channel": 1, "channels.Portrait": pictures, "channels.Revocation": named,
        "deliveries.Delivery": told, "deliveries.Attempt": told,
        "analytics.Series": numbers, "inbox.Conversation": talks,
    })


@transaction.atomic
def _leave(member: Member) -> None:
    """Out of a workspace of others, which keeps an owner: whoever may most, and is there longest."""
    others = freeze.others(member.user).filter(workspace=member.workspace_id) if member.role == "owner" else ()
    for heir in sorted(others, key=lambda one: (HEIRS.index(one.role), one.joined_at))[:1]:
        _inherit(heir)
    Revocation.objects.filter(workspace=member.workspace_id).update(handle="")  # any of them may be theirs
    member.delete()
    record(None, member.workspace_id, "erased", "member", member.user_id, role=member.role)


def _inherit(heir: Member) -> None:
    if heir.role != "owner":
        Member.objects.filter(pk=heir.pk).update(role="owner")
        record(None, heir.workspace_id, "role_changed", "member", heir.user_id, before=heir.role, role="owner")


def _about(user: User) -> Counter[str]:
    """What names them and hangs on no row of theirs."""
    addresses = {user.email.lower(), *_lower(EmailAddress.objects.filter(user=user).values_list("email", flat=True))}
    invited = [each.pk for each in Invitation.objects.all() if each.email.lower() in addresses]
    hashes = [whom(address) for address in addresses]
    return Counter({
        "sessions.Session": traces.sign_out({*addresses, str(user.pk), user.pk.hex}),
        "mails": traces.drop_mails({*addresses, user.name}),
        "workspaces.Invitation": Invitation.objects.filter(pk__in=invited).delete()[0],
        "workspaces.SecurityEvent": SecurityEvent.objects.filter(whom__in=hashes).delete()[0],
    })


def _exports_beside(user: UUID) -> Counter[str]:
    """Archives of whom they share a workspace with: these name them too, and are made anew without them."""
    shared = Member.objects.filter(user=user).values("workspace")
    fellows = Member.objects.filter(workspace__in=shared).exclude(user=user).values("user")
    return rows.erase(datamap.named("privacy.Export"), Export.objects.filter(user__in=fellows))


def _lower(addresses: Iterable[str]) -> list[str]:
    return [address.lower() for address in addresses]
