"""What somebody wants to see of the inbox, as the address says it; what it does not know means everything."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidings.inbox.find import WHOSE, Wanted, Whose
from tidings.inbox.models import Conversation

LABELS: dict[Whose, object] = {
    "open": pgettext_lazy("conversation", "Open"), "mine": pgettext_lazy("conversation", "Mine"),
    "nobody": pgettext_lazy("conversation", "Nobody's"), "done": pgettext_lazy("conversation", "Done"),
    "every": pgettext_lazy("conversation", "All"),
}  # fmt: skip
KINDS = {"comment": _("Comments"), "mention": _("Mentions"), "review": _("Reviews")}
LONGEST = 200  # characters that are looked for


@dataclass(frozen=True)
class Asked:
    """The question, and the addresses of those beside it."""

    wanted: Wanted

    @property
    def narrowed(self) -> bool:
        """Whether a channel, a kind or words are asked for."""
        return bool(self.wanted.channel or self.wanted.kind or self.wanted.words)

    @property
    def query(self) -> str:
        """The question as it stands in an address."""
        return self._at(self.wanted.whose)

    @property
    def tabs(self) -> list[tuple[object, str, bool]]:
        """Whose conversations can be asked for: what that is called, where it is, and whether it is asked for now."""
        return [(label, self._at(whose), whose == self.wanted.whose) for whose, label in LABELS.items()]

    def _at(self, whose: Whose) -> str:
        asks = {"whose": whose, "channel": self.wanted.channel or "", "kind": self.wanted.kind, "q": self.wanted.words}
        return urlencode({name: value for name, value in asks.items() if value})


def asked(query: QueryDict) -> Asked:
    """The question of this address."""
    channel, kind = None, query.get("kind", "")
    with suppress(ValueError):
        channel = UUID(query.get("channel", ""))
    whose = next((one for one in WHOSE if one == query.get("whose")), WHOSE[0])
    known = dict(Conversation.KINDS)
    return Asked(Wanted(whose, channel, kind if kind in known else "", query.get("q", "").strip()[:LONGEST]))
