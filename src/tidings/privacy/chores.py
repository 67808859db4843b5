"""What a worker does beside sending, all of it: what deliveries need, and what the promise needs."""

from datetime import timedelta

from tidings.deliveries import chores
from tidings.privacy.erase import purge_due

PACES: chores.Paces = (
    *chores.PACES,
    (purge_due, timedelta(seconds=20)),
)
