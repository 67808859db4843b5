"""The cookies that we set, all of them: the framework's settings, the privacy policy and the tests read this one list.

Over HTTPS a name begins with `__Host-`: a browser then takes the cookie only from this very host, for all of its paths
and over HTTPS, so neither a neighbouring subdomain nor a plain connection can put one in its place.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tidings.settings import settings

PREFIX = "__Host-"


@dataclass(frozen=True)
class Cookie:
    """One cookie. `unseen`: no script may read it."""

    plain: str
    purpose: str | Promise
    lifetime: timedelta
    unseen: bool
    same_site: Literal["Lax", "Strict"] = "Lax"
    path: str = "/"

    @property
    def secure(self) -> bool:
        """Whether it travels over HTTPS only."""
        return settings().secure

    @property
    def name(self) -> str:
        """Its name as the browser keeps it."""
        return f"{PREFIX}{self.plain}" if self.secure else self.plain

    @property
    def seconds(self) -> int:
        """How long a browser keeps it."""
        return round(self.lifetime.total_seconds())

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is said to the browser beside its lifetime."""
        flags = (("Secure", self.secure), ("HttpOnly", self.unseen))
        return (f"Path={self.path}", f"SameSite={self.same_site}", *(word for word, said in flags if said))


SESSION = Cookie(
    "session", gettext_lazy("keeps you signed in, and what you are in the middle of"), timedelta(days=14), unseen=True
)
CSRF = Cookie("csrf", gettext_lazy("proves that a form was sent from our own pages"), timedelta(days=14), unseen=False)
EVERY = (SESSION, CSRF)
