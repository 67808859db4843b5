"""Which posts over there some delivery is known to have become: nobody takes them for another's."""

from collections.abc import Iterable
from datetime import datetime

from tidings.channels.models import Channel
from tidings.deliveries.models import Delivery


def known(channel: Channel, ids: Iterable[str], since: datetime) -> set[str]:
    """Those of these ids that are a receipt already, of what this profile put out since then from any workspace."""
    same = Channel.objects.filter(network=channel.network, server_url=channel.server_url, remote_id=channel.remote_id)
    out = Delivery.objects.filter(channel__in=same, state="delivered", delivered_at__gte=since)
    taken = {receipt["id"] for receipt in out.values_list("receipt", flat=True) if receipt}
    return taken & set(ids)
