"""Which posts over there some delivery is known to have become: nobody takes them for another's."""

from collections.abc import Iterable

from tidings.channels.models import Channel
from tidings.deliveries.models import Delivery


def known(channel: Channel, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are a receipt already, of this profile's deliveries in any workspace."""
    same = Channel.objects.filter(network=channel.network, server_url=channel.server_url, remote_id=channel.remote_id)
    out = Delivery.objects.filter(channel__in=same, state="delivered", receipt__id__in=list(ids))
    return {receipt["id"] for receipt in out.values_list("receipt", flat=True) if receipt}
