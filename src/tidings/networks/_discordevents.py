"""What Discord tells an app unasked, signed with a key of the app's: https://docs.discord.com/developers/events/webhook-events

It names the person who took back what they had allowed. A bot that is thrown out of a server is not told of here, and a
channel's webhook belongs to nobody that Discord names: it lives on.
"""

from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tidings.networks import _signed
from tidings.networks.declare import Field
from tidings.networks.seam import App, Heard, Notice

LIVES = timedelta(minutes=10)  # for as long it tries again
KEY = Field(
    "public_key", "Public key",
    "From General Information. It proves that Discord says so when a person ends the access.", optional=True,
)  # fmt: skip


def heard(notice: Notice, app: App) -> Heard | None:
    """What it says, when it is proven. Its question whether we are there is taken as any other event."""
    stamp = notice.headers.get("x-signature-timestamp", "")
    signature = notice.headers.get("x-signature-ed25519", "")
    at, said = _signed.instant(stamp), _signed.mapping(notice.body)
    if not _proven(app.more.get(KEY.name, ""), stamp.encode() + notice.body, signature):
        return None
    if not _signed.fresh(at, LIVES) or str(said.get("application_id")) != app.client_id:
        return None
    event = _signed.inside(said, "event")
    person = _signed.inside(event, "data", "user").get("id")
    over = said.get("type") == 1 and event.get("type") == "APPLICATION_DEAUTHORIZED" and person
    return Heard((str(person),) if over else (), _signed.moment(event.get("timestamp")) if over else at)


def _proven(key: str, signed: bytes, signature: str) -> bool:
    """Whether it is the Ed25519 signature of this; with a key that is none, nothing is."""
    try:
        Ed25519PublicKey.from_public_bytes(_signed.unhexed(key)).verify(_signed.unhexed(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True
