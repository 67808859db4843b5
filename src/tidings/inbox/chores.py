"""What a worker does for the inbox, beside what deliveries and numbers need."""

from datetime import timedelta

from tidings.deliveries.chores import Paces
from tidings.inbox.gather import gather_due
from tidings.inbox.retain import let_go

PACES: Paces = (
    (gather_due, timedelta(seconds=30)),
    (let_go, timedelta(hours=1)),
)
