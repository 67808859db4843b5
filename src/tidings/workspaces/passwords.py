"""How passwords are hashed: Argon2id with 32 MiB, three rounds, one lane; and that none is the name of the place.

More than OWASP's minimum (19 MiB, two rounds), and a third of Django's 100 MiB: a few people signing in at once must
not double what the process holds. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

import re

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tidings.settings import settings

OURS = "tidings publishing"  # what everybody thinks of here, whatever an instance calls itself
ENOUGH = 8  # characters that a password must have beside such words


class Hasher(Argon2PasswordHasher):
    """Old hashes are made anew with these costs at the next sign-in."""

    time_cost = 3
    memory_cost = 32 * 1024  # KiB
    parallelism = 1


class NotOurName:
    """Refuses a password that is little more than our name, or the name or host of this instance."""

    def validate(self, password: str, user: object = None) -> None:
        """Django's hook; raises ValidationError."""
        if len(_beside(password)) < ENOUGH:
            raise ValidationError(_("This password is little more than the name of this server."), "our_name")

    def get_help_text(self) -> str:
        """Django's hook: the rule in words."""
        return _("Your password can’t be the name of this server.")


def _beside(password: str) -> str:
    """What is left of a password without the words of those names; shorter words say nothing."""
    words = re.findall(r"\w{3,}", f"{OURS} {settings().name} {settings().hostname}".casefold())
    return re.sub("|".join(sorted(words, key=len, reverse=True)), "", password.casefold())
