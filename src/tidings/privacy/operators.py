"""Whoever runs the instance goes only when somebody else does so, or nobody is left to need it.

And an instance that its people have left stays closed until whoever has the machine opens it: the next visitor does not
become its operator (`tidings users make-operator`).
"""

from django.db.models import QuerySet

from tidings.privacy.models import Erasure
from tidings.workspaces.accounts import nobody_yet
from tidings.workspaces.models import User


def indispensable(user: User) -> bool:
    """Whether this is an operator, others stay, and none of them is one."""
    others = _staying().exclude(pk=user.pk)
    return user.is_operator and others.exists() and not others.filter(is_operator=True).exists()


def another(user: User) -> bool:
    """Whether somebody else who stays is an operator."""
    return _staying().exclude(pk=user.pk).filter(is_operator=True).exists()


def hold() -> None:
    """Until the transaction ends no two operators can rely on each other to stay."""
    list(User.objects.select_for_update().filter(is_operator=True).order_by("pk"))


def waits_for_the_first() -> bool:
    """Whether whoever comes first may set the instance up."""
    return nobody_yet() and not deserted()


def deserted() -> bool:
    """Whether people were here, and the last of them was erased."""
    return nobody_yet() and Erasure.objects.filter(kind="user").exclude(done_at=None).exists()


def _staying() -> QuerySet[User]:
    """Those who can sign in and have not asked to be erased."""
    going = Erasure.objects.filter(kind="user", stopped_at=None, done_at=None)
    return User.objects.filter(is_active=True).exclude(pk__in=going.values("subject"))
