"""Whether a person has the second factor, or the passkey, that the operator may ask of everybody."""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from tidings.settings import settings
from tidings.workspaces.models import User


def factors(user: User) -> QuerySet[Authenticator]:
    """An authenticator app, passkeys; recovery codes are only for the day when these are lost."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)


def required() -> bool:
    """Whether everybody must have one."""
    return settings().second_factor == "required"


def lacking(user: User) -> bool:
    """Whether this person must set one up before anything else."""
    return required() and not factors(user).exists()


def only_one(user: User) -> bool:
    """Whether a person may not remove what they have, for it is the last."""
    return required() and factors(user).count() == 1
