"""Take out of deliveries what a network told of a profile: addresses that name it, and its own words.

What stays says that something is out, or may be, so that nothing goes out twice: ids, states, the mark of the
commit.
"""

from typing import Any
from uuid import UUID

from tidings.deliveries.models import Attempt, Delivery

MANY = 200  # rows written at once


def unsay(channel: UUID) -> int:
    """Of all deliveries of this channel; of how many. Harmless to repeat."""
    rows = list(Delivery.objects.filter(channel=channel).only("receipt", "answers", "journal", "reason", "state"))
    for row in rows:
        row.receipt, row.journal = _receipt(row.receipt), _journal(row.journal)
        row.answers = {name: _receipt(told) for name, told in row.answers.items()} if row.answers else None
        row.reason = row.reason if row.state == "held" else ""  # that one is our own sentence
    Delivery.objects.bulk_update(rows, ("receipt", "answers", "journal", "reason"), MANY)
    Attempt.objects.filter(delivery__channel=channel).update(reason="")
    return len(rows)


def _receipt(told: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"id": told["id"], "url": "", "extra": {}, "note": ""} if told else None


def _journal(told: dict[str, Any]) -> dict[str, Any]:
    kept = {name: told[name] for name in ("first_try", "commit") if name in told}
    mark = kept.get("commit")
    return kept | ({"commit": {name: mark[name] for name in mark if name != "result"}} if mark else {})
