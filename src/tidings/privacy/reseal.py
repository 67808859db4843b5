"""Give every owner a fresh data key and seal all values with it anew, while everything runs.

In three passes, a moment between them, so that no process is left behind with keys it read before: `begin` adds the
fresh key (it opens, and seals nothing yet), `turn` lets it seal and seals everything anew, `finish` does so to what was
written meanwhile with the old one and drops that. After each step of each owner everything can be opened.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from tidings.channels.models import AppCredential, Channel
from tidings.core import secrets
from tidings.workspaces.models import User, Workspace

OWNERS: tuple[type[models.Model], ...] = (User, Workspace)
FACTORS = ("secret", "seed", "migrated_codes")  # of a second factor's data, what is sealed


def begin() -> int:
    """Every owner with a single data key gets a second one."""
    return _each(_begin)


def turn() -> int:
    """The fresh key becomes the one that seals."""
    return _each(_turn)


def finish() -> int:
    """What was sealed before is sealed by nothing any more; how many owners have one key again."""
    return _each(_finish)


def credentials() -> int:
    """App credentials have a data key of their own, in the same row: that takes no passes."""
    found = AppCredential.objects.exclude(sealed_secret="").values_list("pk", flat=True)
    return sum(_credential(pk) for pk in list(found))


def _each(step: Callable[[Any, str], bool]) -> int:
    owners = [(model, pk) for model in OWNERS for pk in model._base_manager.values_list("pk", flat=True)]
    return sum(_one(step, model, pk) for model, pk in owners)


@transaction.atomic
def _one(step: Callable[[Any, str], bool], model: type[models.Model], pk: Any) -> bool:
    owner = model._base_manager.select_for_update().filter(pk=pk).first()
    return owner is not None and step(owner, f"{model._meta.model_name}:{pk}:data_key")


def _begin(owner: Any, place: str) -> bool:
    if " " in owner.data_key:  # a rotation that was interrupted
        return False
    return _keep(owner, f"{owner.data_key} +{secrets.ring().new_data_key(place)}")


def _turn(owner: Any, place: str) -> bool:
    old, _, fresh = owner.data_key.partition(" +")
    if not fresh:
        return False
    _seal_anew(owner, secrets.ring().unwrap(f"{fresh} {old}", place))
    return _keep(owner, f"{fresh} {old}")


def _finish(owner: Any, place: str) -> bool:
    if " " not in owner.data_key or "+" in owner.data_key:
        return False
    _seal_anew(owner, secrets.ring().unwrap(owner.data_key, place))
    return _keep(owner, owner.data_key.partition(" ")[0])


def _keep(owner: Any, data_key: str) -> bool:
    return bool(type(owner)._base_manager.filter(pk=owner.pk).update(data_key=data_key))


def _seal_anew(owner: Any, key: secrets.DataKey) -> None:
    if isinstance(owner, User):
        place = f"mfa_authenticator:{owner.pk}:secret"
        for factor in Authenticator.objects.select_for_update().filter(user=owner):
            data = {name: _anew(value, key, place) if name in FACTORS else value for name, value in factor.data.items()}
            Authenticator.objects.filter(pk=factor.pk).update(data=data)
        return
    for channel in Channel.objects.select_for_update().filter(workspace=owner).exclude(sealed=""):
        sealed = _anew(channel.sealed, key, f"channel:{channel.pk}:sealed")
        Channel.objects.filter(pk=channel.pk).update(sealed=sealed)


def _anew(value: Any, key: secrets.DataKey, place: str) -> Any:
    """What nothing can open stays as it is."""
    if isinstance(value, list):
        return [_anew(each, key, place) for each in value]
    if not isinstance(value, str) or not value or value.startswith(f"2.{key.id}."):
        return value
    try:
        return key.seal(key.open(value, place), place)
    except secrets.CannotOpen:
        return value


@transaction.atomic
def _credential(pk: Any) -> bool:
    row = AppCredential.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    app = row.app()
    row.keep_secret(app.client_secret, app.more)
    row.save(update_fields=("data_key", "sealed_secret", "sealed_more"))
    return True
