"""Somebody writes under the newest post of the running demo on a network, and the demo hears of it:
`python -m tests.browser.remark network words` prints the id that it has there; `… network --to id`: how many answers
of ours hang below it there.

Run with the home and settings of the running demo.
"""

import os
import sys
import urllib.request
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
django.setup()

from tidings import outside  # noqa: E402 -- models want Django awake
from tidings.channels.connect import network_of  # noqa: E402
from tidings.core import clock  # noqa: E402
from tidings.core.http import Door  # noqa: E402
from tidings.deliveries.models import Delivery  # noqa: E402
from tidings.inbox.gather import gather_due, listen  # noqa: E402
from tidings.inbox.models import Listener  # noqa: E402
from tidings.networks.base import Receipt  # noqa: E402
from tidings.settings import settings  # noqa: E402

DAY = timedelta(days=1)


def main(network: str, words: str, to: str = "") -> None:
    """Do what is asked for."""
    outside.use(Door(["127.0.0.1", urlsplit(settings().url).netloc], agent="Tidings test"))
    out = Delivery.objects.filter(channel__network=network, state="delivered", answers__isnull=True, gone_at=None)
    post = out.exclude(receipt__id="1").select_related("channel__workspace", "channel__app").latest("delivered_at")
    if to:
        said = network_of(post.channel, "inbox").inbox(clock.now() - DAY, [Receipt(**(post.receipt or {}))])
        sys.stdout.write(str(len([one for one in said if one.ours and one.reply_to == to])))
    else:
        write(network, words, post)


def write(network: str, words: str, post: Delivery) -> None:
    """Write it there, and gather it here."""
    there = f"{settings().url}/simulators/_remark/{network}"
    told = urlencode({"text": words, "on": (post.receipt or {})["id"], "author": "nora"}).encode()
    with urllib.request.urlopen(there, told) as answer:
        sys.stdout.write(answer.read().decode())
    listen(clock.now())
    ours = Listener.objects.filter(channel=post.channel_id)
    ours.update(wanted=True, heard_at=None, again_at=clock.now())
    gather_due(clock.now())
    ours.update(wanted=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
