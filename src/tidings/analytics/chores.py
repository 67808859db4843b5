"""What a worker does for numbers, beside what deliveries need."""

from datetime import timedelta

from tidings.analytics.collect import collect_due
from tidings.analytics.mailing import mail_reports
from tidings.analytics.thin import thin
from tidings.deliveries import chores

PACES: chores.Paces = (
    *chores.PACES,
    (collect_due, timedelta(seconds=30)),
    (thin, timedelta(hours=1)),
    (mail_reports, timedelta(minutes=1)),
)
