"""What a worker does beside sending: what deliveries need, and what the promise needs."""

from datetime import timedelta

from tidings.analytics import chores
from tidings.channels import revoke
from tidings.channels.forget import expire_due
from tidings.channels.verify import verify_due
from tidings.deliveries.chores import Paces
from tidings.inbox import chores as inbox
from tidings.privacy import export, named, traces
from tidings.privacy.erase import purge_due
from tidings.privacy.retain import retain

PACES: Paces = (
    *chores.PACES,
    *inbox.PACES,
    (purge_due, timedelta(seconds=20)),
    (export.begin_due, timedelta(seconds=2)),
    (export.end_due, timedelta(minutes=10)),
    (named.forget_due, timedelta(hours=1)),
    (retain, timedelta(minutes=10)),
    (traces.drop_unpicked, timedelta(minutes=30)),
    (revoke.tidy, timedelta(minutes=5)),
    (verify_due, timedelta(minutes=15)),
    (expire_due, timedelta(hours=1)),
)
