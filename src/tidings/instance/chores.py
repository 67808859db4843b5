"""What a worker does beside sending: all that deliveries and the promise need, and that operators want to hear."""

from datetime import timedelta

from tidings.deliveries import chores
from tidings.instance.notices import send_notices
from tidings.instance.red import tell_old_backup, tell_red
from tidings.privacy.chores import PACES as PROMISED

PACES: chores.Paces = (
    *PROMISED,
    (send_notices, timedelta(seconds=30)),
    (tell_old_backup, timedelta(hours=1)),
    (tell_red, timedelta(minutes=5)),  # last: it may take seconds
)
