"""The people of this instance, as a list: who they are, when they were last here, how much room they take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Count, Max, Q, QuerySet

from tidings.instance.room import by_payer, most_of
from tidings.privacy.models import Erasure
from tidings.privacy.named import named
from tidings.workspaces.models import Member, User

PAGE = 50


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `seen`: the day, as what is more exact is nobody's business. Bytes; `most` None: no limit,
    `own_most`: the limit is theirs and not the instance's."""

    id: UUID
    email: str
    name: str
    joined_at: datetime
    seen: date | None
    workspaces: int
    kept: int
    most: int | None
    own_most: bool
    operator: bool
    active: bool
    frozen: bool
    leaving_at: datetime | None

    @property
    def full(self) -> bool:
        """Whether all of their room is taken."""
        return self.most is not None and self.kept >= self.most

    @property
    def nearly_full(self) -> bool:
        """Whether they use nine tenths of it."""
        return self.most is not None and self.kept * 10 >= self.most * 9


@dataclass(frozen=True)
class People:
    """A page of them, and how many there are."""

    rows: list[Person]
    count: int
    page: int
    pages: int


def people(search: str = "", page: int = 1) -> People:
    """Who is found by these letters of their address or name, the newest first."""
    found = _everybody()
    if search := search.strip():
        found = found.filter(Q(email__icontains=search) | Q(name__icontains=search))
    count = found.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    return People(described(found.order_by("-joined_at", "pk")[(page - 1) * PAGE : page * PAGE]), count, page, pages)


def person(id: UUID) -> Person | None:
    """One of them; None: there is nobody."""
    return next(iter(described(_everybody().filter(pk=id))), None)


def _everybody() -> QuerySet[User]:
    """Those whom an imported archive only names never sign in."""
    return User.objects.exclude(pk__in=named().values("pk"))


def described(users: Iterable[User]) -> list[Person]:
    """As the page shows them; what is counted is asked for all of them at once."""
    rows = list(users)
    ids = [user.pk for user in rows]
    seen = dict(UserSession.objects.filter(user__in=ids).values_list("user").annotate(Max("last_seen_at")).order_by())
    many = dict(Member.objects.filter(user__in=ids).values_list("user").annotate(Count("pk")).order_by())
    leaving = Erasure.objects.filter(kind="user", subject__in=ids, stopped_at=None, done_at=None)
    due, kept = dict(leaving.values_list("subject", "due_at")), by_payer(ids)
    return [
        Person(
            user.pk, user.email, user.name, user.joined_at, _day(seen.get(user.pk), user.last_login),
            many.get(user.pk, 0), kept.get(user.pk, 0), most_of(user), user.storage is not None, user.is_operator,
            user.is_active, user.frozen_at is not None, due.get(user.pk),
        )
        for user in rows
    ]  # fmt: skip


def _day(*moments: datetime | None) -> date | None:
    return max((moment.date() for moment in moments if moment), default=None)
