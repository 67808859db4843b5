"""Sessions in the database, sealed: what a session holds for a while (a half-made sign-in, a new
second factor's secret, a sign-in at a network) is not readable from the database's bytes."""

import json
from typing import Any

from django.contrib.sessions.backends import db

from tidings.core import secrets

PLACE = "django_session:{pk}:session_data"


class SessionStore(db.SessionStore):
    """Django's database sessions, each under a data key of its own, made anew with every save, and bound to its row:
    whoever writes to the database cannot put somebody's sign-in into a session of their own."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What the row of this session keeps."""
        place = PLACE.format(pk=self.session_key)
        wrapped = secrets.ring().new_data_key(place)
        sealed = secrets.ring().unwrap(wrapped, place).seal(json.dumps(session_dict), place)
        return f"{wrapped}~{sealed}"

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What `encode` was given; an empty session when it cannot be opened."""
        place = PLACE.format(pk=self.session_key)
        text = session_data.decode() if isinstance(session_data, bytes) else session_data
        wrapped, _, sealed = text.partition("~")
        try:
            opened: dict[str, Any] = json.loads(secrets.ring().unwrap(wrapped, place).open(sealed, place))
        except secrets.CannotOpen:
            return {}
        return opened
